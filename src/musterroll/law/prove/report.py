"""What `muster pack mutate` tells of one folder, without a terminal; the reports of `law.report` that need the solver.

1. Every small error that the cases do not notice is told with its place; for all of them together, the missing cases,
   ready to be read by a lawyer and put in.
2. The score is killed of all that change anything, and it is whole or it is not: 99.9 % is not 100 %.
"""

from pathlib import Path

from musterroll.law.mutant import Mutant
from musterroll.law.pack import Pack
from musterroll.law.prove import equivalent
from musterroll.law.report import Report, looked_at


def mutants(folder: Path) -> Report:
    """Which small errors in the pack's rules its cases would not notice."""

    def told(pack: Pack) -> Report:
        found = equivalent.survey(pack)
        survivors = [one.mutant for one in found.survivors]
        lines = [f"SURVIVES  {one.where}  {one.cite}: {one.what}" for one in survivors]
        for proposal in found.proposed:
            lines += ["", f"missing case, beside {proposal.where}, {proposal.cite}:", *proposal.text.splitlines()]
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
                "proposed": [
                    {"where": one.where, "cite": one.cite, "case": one.text, "shows": list(one.shows)}
                    for one in found.proposed
                ],
            },
            digest=pack.digest,
        )

    return looked_at(folder, told)


def score(report: Report) -> str:
    """The last line of `muster pack mutate`."""
    figures = dict(report.figures)
    if "counted" not in figures:
        return f"{report.pack}: not loaded"
    return (
        f"{report.pack}: mutation score {percent(figures['killed'], figures['counted'])}: {figures['killed']} of "
        f"{figures['counted']} killed, {figures['survive']} survive ({figures['of them not proved']} not proved); "
        f"{figures['equivalent to the law']} equivalent to the law are not counted"
    )


def percent(part: int, whole: int) -> str:
    """A share in per cent, rounded down: 100 % means all of it."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def _member(mutant: Mutant) -> dict[str, str]:
    return {name: getattr(mutant, name) for name in ("kind", "question", "rule", "where", "cite", "what")}
