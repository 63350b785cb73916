"""What `muster pack check` and `cases` tell of one folder, without a terminal.

1. A pack that does not load gives one finding with its file, line and remedy.
2. Otherwise `check` tells what `law.lint` finds, what the proofs find, whether the lock is stale, and each case that
   the law does not answer as written. What the cases do not show is told by `law.prove.report`, with the missing cases.
3. The pack may be published when no finding forbids it. A report's figures are whole numbers that can be added, so that
   several packs have one last line.
4. The proofs are handed in: this module works where no solver is installed.
"""

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musterroll.dates import format_day
from musterroll.errors import MusterRollError
from musterroll.law import cases, lint, lock
from musterroll.law.lint import Finding
from musterroll.law.pack import Pack, load

FORMAT = "muster-pack-report/1"


@dataclass(frozen=True, slots=True)
class Report:
    """What one command has to say of one pack.

    `lines` are for a reader; `data` is the same for a program. `exit_code` is 0 when all is well, 1 when something
    forbids, differs or is missing, 2 when there was no pack to look at.
    """

    pack: str
    figures: tuple[tuple[str, int], ...]
    exit_code: int
    findings: tuple[Finding, ...] = ()
    lines: tuple[str, ...] = ()
    data: dict[str, Any] = dataclasses.field(default_factory=dict)
    digest: str = ""

    def as_data(self) -> dict[str, Any]:
        """The report as members of JSON."""
        return {
            "pack": self.pack,
            "digest": self.digest,
            "exit_code": self.exit_code,
            "figures": dict(self.figures),
            "findings": [_finding(one) for one in self.findings],
            **self.data,
        }


type Proves = Callable[[Pack], Iterable[Finding]]
type Runs = Callable[[Pack], Iterable[cases.Outcome]]


def check(folder: Path, prove: Proves | None = None, courses: Runs | None = None) -> Report:
    """Everything wrong with the pack in a folder, and what was looked at. `courses` runs its worked proceedings."""

    def told(pack: Pack) -> Report:
        outcomes = (*cases.run(pack), *(courses(pack) if courses else ()))
        found = [*lint.check(pack), *(prove(pack) if prove else ()), *lock.findings(pack, lock.beside(folder))]
        found += [_differs(one) for one in outcomes if not one.agrees]
        return Report(
            pack.name,
            (
                ("articles", sum(bool(one.text) for one in pack.articles.values())),
                ("attributes", len(pack.attributes)),
                ("rules", sum(len(question.rules) for question in pack.questions.values())),
                ("case lines", len(outcomes)),
                ("findings that forbid publication", sum(one.forbids for one in found)),
                ("to look at", sum(not one.forbids for one in found)),
            ),
            int(any(one.forbids for one in found)),
            tuple(sorted(found, key=lambda one: not one.forbids)),
            (*(f"not included  {one.name}: {one.why}" for one in pack.omitted), f"digest  {pack.digest}"),
            {
                "title": pack.title,
                "version": pack.version,
                "not_included": [{"name": one.name, "why": one.why} for one in pack.omitted],
            },
            pack.digest,
        )

    return looked_at(folder, told)


def case_lines(folder: Path, courses: Runs | None = None) -> Report:
    """Every line of every case and course of the pack in a folder, and whether the law answers so."""

    def told(pack: Pack) -> Report:
        outcomes = (*cases.run(pack), *(courses(pack) if courses else ()))
        return Report(
            pack.name,
            (("lines", len(outcomes)), ("differ", sum(not one.agrees for one in outcomes))),
            int(any(not one.agrees for one in outcomes)),
            lines=tuple(
                f"{'agrees' if one.agrees else 'DIFFERS'}  {one.where}  {one.case}"
                + f": {one.differs}" * (not one.agrees)
                for one in outcomes
            ),
            data={
                "cases": [
                    {name: getattr(one, name) for name in ("case", "article", "where", "expected", "found", "differs")}
                    for one in outcomes
                ]
            },
            digest=pack.digest,
        )

    return looked_at(folder, told)


def looked_at(folder: Path, tell: Callable[[Pack], Report]) -> Report:
    """What `tell` says of the pack in a folder; one finding where the pack or its cases cannot be read."""
    try:
        return tell(load(folder))
    except MusterRollError as problem:
        finding = Finding(problem.code, problem.what, problem.where, problem.remedy, forbids=True)
        return Report(folder.name, (("not loaded", 1),), problem.exit_code, (finding,))


def together(command: str, reports: Iterable[Report]) -> Report:
    """Several packs' reports as one: the figures added, the worst exit code, the packs' reports as its data."""
    many = tuple(reports)
    figures: dict[str, int] = {}
    for report in many:
        for name, number in report.figures:
            figures[name] = figures.get(name, 0) + number
    code = max((report.exit_code for report in many), default=0)
    return Report(
        f"{len(many)} packs" if len(many) != 1 else many[0].pack,
        tuple(figures.items()),
        code,
        data={
            "format": FORMAT,
            "command": command,
            "exit_code": code,
            "figures": figures,
            "packs": [report.as_data() for report in many],
        },
    )


def figure(report: Report) -> str:
    """The last line: how many of what."""
    return f"{report.pack}: {', '.join(f'{number} {name}' for name, number in report.figures)}"


def _finding(one: Finding) -> dict[str, Any]:
    """A finding as members of JSON; the day as packs write days."""
    return {**dataclasses.asdict(one), "on": None if one.on is None else format_day(one.on)}


def _differs(outcome: cases.Outcome) -> Finding:
    return Finding(
        "case", f"{outcome.case}: {outcome.differs}.", outcome.where, "Correct the rule or the case.", forbids=True
    )
