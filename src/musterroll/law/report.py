"""What `muster pack check` and `muster pack cases` print: one function for a folder, without a terminal.

1. A pack that does not load gives one finding with its file, line and remedy.
2. Otherwise: what `law.lint` finds, each case that the law does not answer as written, and each line that no case shows
   true, false or unknown.
3. The pack may be published when no finding forbids it.
"""

from dataclasses import dataclass
from pathlib import Path

from musterroll.errors import MusterRollError
from musterroll.law import cases, coverage, lint
from musterroll.law.lint import Finding
from musterroll.law.pack import Pack, load


@dataclass(frozen=True, slots=True)
class Summary:
    """What was looked at. `exit_code` is 0 when the pack may be published, 1 when not, 2 when there was no pack."""

    pack: str
    title: str
    digest: str
    counts: tuple[tuple[str, int], ...]
    not_included: tuple[tuple[str, str], ...]
    exit_code: int

    @property
    def line(self) -> str:
        """One line for a terminal."""
        counts = ", ".join(f"{number} {name}" for name, number in self.counts)
        return f"{self.pack}: {counts or 'not loaded'}" + (f"; digest {self.digest[:16]}" if self.digest else "")


def check(folder: Path) -> tuple[tuple[Finding, ...], Summary]:
    """Everything wrong with the pack in a folder, and what was looked at. Raises nothing but programming errors."""
    try:
        pack = load(folder)
        outcomes = cases.run(pack)
    except MusterRollError as problem:
        finding = Finding(problem.code, problem.what, problem.where, problem.remedy, forbids=True)
        return (finding,), Summary(folder.name, "", "", (), (), problem.exit_code)
    lines = coverage.shown(pack)
    found = [*lint.check(pack)]
    found += [
        Finding("case", f"{one.case}: {one.differs}.", one.where, "Correct the rule or the case.", forbids=True)
        for one in outcomes
        if not one.agrees
    ]
    found += [
        Finding(
            "not-shown",
            f"No case shows `{line.text}` {' or '.join(line.missing)}.",
            f"rule {line.rule}, {line.cite}",
            "Add a case.",
            forbids=False,
        )
        for line in lines
        if line.missing
    ]
    return tuple(found), _summary(pack, len(outcomes), lines, found)


def case_report(folder: Path) -> tuple[cases.Outcome, ...]:
    """Every line of every case, for `muster pack cases`. Raises MusterRollError where the pack does not load."""
    return cases.run(load(folder))


def _summary(pack: Pack, outcomes: int, lines: tuple[coverage.Shown, ...], found: list[Finding]) -> Summary:
    shown = coverage.summary(lines)
    counts = (
        ("articles", sum(bool(one.text) for one in pack.articles.values())),
        ("attributes", len(pack.attributes)),
        ("rules", sum(len(question.rules) for question in pack.questions.values())),
        ("case lines", outcomes),
        ("conditions", shown["lines"]),
        ("shown true", shown["true"]),
        ("shown false", shown["false"]),
        ("shown unknown", shown["unknown"]),
        ("findings", len(found)),
    )
    return Summary(
        pack.name,
        pack.title,
        pack.digest,
        counts,
        tuple((one.name, one.why) for one in pack.omitted),
        int(any(finding.forbids for finding in found)),
    )
