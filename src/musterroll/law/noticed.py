"""Which errors the cases of a pack notice (law-engine 6.8).

1. A line of a case notices an error when the law with the error no longer answers as the line says: the class, and
   what is needed, possible or next where the line states it. A reason stated is one of the law's own rules that still
   gives the class; an error that only loses a citation is not noticed by it.
2. A line that the law itself does not answer as written notices nothing. Lines under another reading are left out.
3. Only lines that the error can touch are asked again: those in which the changed piece has another truth.
"""

from collections.abc import Sequence

from musterroll.errors import MusterRollError
from musterroll.law import cases
from musterroll.law.cases import CaseLine
from musterroll.law.evaluate import View, decide
from musterroll.law.mutant import Mutant
from musterroll.law.pack import Pack


def noticed(pack: Pack, mutants: Sequence[Mutant]) -> tuple[CaseLine | None, ...]:
    """For each mutant the first line that notices it, lines beside its own article tried first; None if none does."""
    asked = [_Asked(pack, line) for line in cases.lines(pack)]
    asked = [one for one in asked if one.usable]
    of_period: dict[int, list[_Asked]] = {}
    for one in asked:
        of_period.setdefault(one.period, []).append(one)
    return tuple(_noticing(pack, mutant, asked, of_period) for mutant in mutants)


class _Asked:
    """One line of a case, the number of its period (-1: not covered), and how conditions stand in it under the law."""

    def __init__(self, pack: Pack, line: CaseLine) -> None:
        self.line = line
        self.usable = not line.readings and not cases.differs(pack, line)
        covering = (n for n, period in enumerate(pack.law.periods) if period.first <= line.on < period.end)
        self.period = next(covering, -1)
        self.view = View(pack, line.held, line.on) if self.period >= 0 else None


def _noticing(pack: Pack, mutant: Mutant, asked: list[_Asked], of_period: dict[int, list[_Asked]]) -> CaseLine | None:
    changed = mutant.applied(pack)
    for one in sorted(_touched(mutant, asked, of_period), key=lambda one: one.line.article not in mutant.cite):
        if _answers_otherwise(pack, changed, one.line):
            return one.line
    return None


def _touched(mutant: Mutant, asked: list[_Asked], of_period: dict[int, list[_Asked]]) -> list[_Asked]:
    if not mutant.swaps:
        return asked if not mutant.rule else [one for one in asked if one.line.question == mutant.question]
    return [
        one
        for number, node, instead in mutant.swaps
        for one in of_period.get(number, ())
        if one.line.expected.next_change is not None or (one.view and one.view.truth(node) != one.view.truth(instead))
    ]


def _answers_otherwise(pack: Pack, changed: Pack, line: CaseLine) -> bool:
    try:
        standing = decide(changed, line.question, line.held, line.on)
    except MusterRollError:
        return line.expected.answer != "not covered"
    if line.expected.answer == "not covered":
        return True
    return bool(cases.differences(pack, standing, line.expected, line.on))
