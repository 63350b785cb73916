"""What `muster pack prove`, `coverage`, `mutate` and `diff` tell of a folder, without a terminal; `check` with proofs.

1. Every small error that the cases do not notice, and everything that they do not show, is told with its place; for all
   of them together the missing cases, ready to be read by a lawyer and put in.
2. What nobody can show, and an error that changes nothing, is not counted, and said.
3. A share is rounded down: 99.9 % is not 100 %.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from musterroll.dates import format_day
from musterroll.law import report
from musterroll.law.coverage import Demand
from musterroll.law.mutant import Mutant
from musterroll.law.pack import Pack, load
from musterroll.law.prove import checking, equivalent, showable
from musterroll.law.prove.amendment import compared
from musterroll.law.prove.proposal import Proposal
from musterroll.law.report import Report, figure, looked_at


def mutants(folder: Path) -> Report:
    """Which small errors in the pack's rules its cases would not notice."""

    def told(pack: Pack) -> Report:
        found = equivalent.survey(pack)
        survivors = [one.mutant for one in found.survivors]
        lines = [f"SURVIVES  {one.where}  {one.cite}: {one.what}" for one in survivors]
        lines += _cases(found.proposed)
        unproved = sum(one.witness is None for one in found.survivors)
        return Report(
            pack.name,
            (
                ("mutants", len(found.mutants)),
                ("equivalent to the law", len(found.equivalent)),
                ("counted", found.counted),
                ("killed", len(found.killed)),
                ("survive", len(survivors)),
                ("of them not proved", unproved),
            ),
            int(not found.complete),
            lines=tuple(lines),
            data={
                "survivors": [_member(one) for one in survivors],
                "proposed": [_proposed(one) for one in found.proposed],
            },
            digest=pack.digest,
        )

    return looked_at(folder, told)


def coverage(folder: Path) -> Report:
    """What the pack's cases show of its rules, and what they do not."""

    def told(pack: Pack) -> Report:
        found = showable.showable(pack)
        missing, impossible = found.coverage.missing, found.coverage.impossible
        lines = [f"NOT SHOWN  {one.where}  {one.cite}: {one.what}" for one in missing]
        lines += [f"cannot be shown  {one.where}  {one.cite}: {one.what}: {why}" for one, why in impossible.items()]
        return Report(
            pack.name,
            (
                ("to show", found.coverage.showable),
                ("shown", found.coverage.showable - len(missing)),
                ("missing", len(missing)),
                ("cannot be shown", len(impossible)),
            ),
            int(not found.complete),
            lines=(*lines, *_cases(found.proposed)),
            data={
                "missing": [_demanded(one) for one in missing],
                "cannot_be_shown": [{**_demanded(one), "why": why} for one, why in impossible.items()],
                "proposed": [_proposed(one) for one in found.proposed],
            },
            digest=pack.digest,
        )

    return looked_at(folder, told)


def share(report: Report) -> str:
    """The last line of `muster pack coverage`."""
    figures = dict(report.figures)
    if "to show" not in figures:
        return figure(report)
    return (
        f"{report.pack}: coverage {percent(figures['shown'], figures['to show'])}: {figures['shown']} of "
        f"{figures['to show']} shown, {figures['missing']} missing; {figures['cannot be shown']} that nobody can show "
        "are not counted"
    )


def score(report: Report) -> str:
    """The last line of `muster pack mutate`."""
    figures = dict(report.figures)
    if "counted" not in figures:
        return figure(report)
    return (
        f"{report.pack}: mutation score {percent(figures['killed'], figures['counted'])}: {figures['killed']} of "
        f"{figures['counted']} killed, {figures['survive']} survive ({figures['of them not proved']} not proved); "
        f"{figures['equivalent to the law']} equivalent to the law are not counted"
    )


def percent(part: int, whole: int) -> str:
    """A share in per cent, rounded down: 100 % means all of it."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def _cases(proposed: Iterable[Proposal]) -> Iterator[str]:
    for one in proposed:
        yield from ("", f"missing case, beside {one.where}, {one.cite}:", *one.text.splitlines())


def _proposed(one: Proposal) -> dict[str, Any]:
    return {"where": one.where, "cite": one.cite, "case": one.text, "shows": list(one.shows)}


def _demanded(one: Demand) -> dict[str, str]:
    return {name: getattr(one, name) for name in ("question", "rule", "where", "cite", "what")}


def _member(mutant: Mutant) -> dict[str, str]:
    return {name: getattr(mutant, name) for name in ("kind", "question", "rule", "where", "cite", "what")}


def check(folder: Path, courses: report.Runs | None = None) -> Report:
    """Everything wrong with the pack in a folder, the proofs among it; `courses` runs its worked proceedings."""
    return report.check(folder, lambda pack: checking.check(pack).findings, courses)


def proofs(folder: Path) -> Report:
    """What is proved of the pack in a folder, what is not, and what is found."""

    def told(pack: Pack) -> Report:
        made = checking.check(pack)
        forbid = sum(one.forbids for one in made.findings)
        lines = [f"proved  {one.question}  {one.code}: {one.what}  [{one.steps} steps]" for one in made.proved]
        lines += [f"accepted  {one.code}  {one.where}: {why.because} ({why.by})" for one, why in made.accepted]
        return Report(
            pack.name,
            (
                ("proved", len(made.proved)),
                ("not proved", sum(one.code == "not-proved" for one in made.findings)),
                ("findings that forbid publication", forbid),
                ("to look at", len(made.findings) - forbid),
                ("accepted with a reason", len(made.accepted)),
            ),
            int(bool(forbid)),
            made.findings,
            tuple(lines),
            {
                "proved": [
                    {name: getattr(one, name) for name in ("code", "question", "what", "steps")} for one in made.proved
                ],
                "accepted": [
                    {"code": one.code, "what": one.what, "where": one.where, "because": why.because, "by": why.by}
                    for one, why in made.accepted
                ],
            },
            pack.digest,
        )

    return looked_at(folder, told)


def amendment(before: Path, after: Path) -> Report:
    """Who would move, and between which classes, if the law in one folder became the law in another."""

    def told(pack: Pack) -> Report:
        both = compared(load(before), pack)
        found = both.moves
        return Report(
            f"{before.name} -> {pack.name}",
            (("moves", len(found)), ("of them worse", sum(one.worse for one in found))),
            int(bool(found)),
            lines=(*(one.told for one in found), *both.notes),
            data={
                "notes": list(both.notes),
                "moves": [
                    {
                        "question": one.question,
                        "was": one.was,
                        "becomes": one.becomes,
                        "now": one.now,
                        "worse": one.worse,
                        "on": format_day(one.on),
                        "person": dict(one.differs),
                    }
                    for one in found
                ],
            },
            digest=pack.digest,
        )

    return looked_at(after, told)
