"""Which errors the cases of a pack notice (law-engine 6.8).

1. A line of a case notices an error when the law with the error no longer answers as the line says: the class, and
   what is needed, possible or next where the line states it. A reason stated is one of the law's own rules that still
   gives the class; an error that only loses a citation is not noticed by it.
2. A line that the law itself does not answer as written notices nothing. Lines under another reading are left out.
3. Only lines that the error can touch are asked again: those in which the changed piece has another truth.
"""

from collections.abc import Iterator, Sequence

from musterroll.errors import MusterRollError
from musterroll.law import cases
from musterroll.law.answer import Beside, answer
from musterroll.law.cases import CaseLine
from musterroll.law.evaluate import View, decide
from musterroll.law.model import Period
from musterroll.law.mutant import Mutant
from musterroll.law.pack import Pack
from musterroll.law.truth import Truth

_OUTSIDE = -1
"""The number of no period: the pack does not cover the day."""


def noticed(pack: Pack, mutants: Sequence[Mutant]) -> tuple[CaseLine | None, ...]:
    """For each mutant the first line that notices it, lines beside its own article tried first; None if none does."""
    pack = pack.apart
    asked: dict[tuple[int, str], list[_Asked]] = {}
    for line in cases.lines(pack):
        if not line.readings and not cases.differs(pack, line):
            one = _Asked(pack, line)
            asked.setdefault((one.period, line.question), []).append(one)
    return tuple(_noticing(pack, mutant, asked) for mutant in mutants)


class _Asked:
    """One line of a case: its period, how conditions stand in it under the law, and the class it finds."""

    def __init__(self, pack: Pack, line: CaseLine) -> None:
        self.line = line
        covering = (n for n, period in enumerate(pack.law.periods) if period.first <= line.on < period.end)
        self.period = next(covering, _OUTSIDE)
        self.view = View(pack, line.held, line.on) if self.period != _OUTSIDE else None
        expected = line.expected
        self.more = not (expected.needs is None and expected.possible is None and expected.next_change is None)


def _noticing(pack: Pack, mutant: Mutant, asked: dict[tuple[int, str], list[_Asked]]) -> CaseLine | None:
    changed = mutant.applied(pack)
    for beside in (True, False):
        for (number, question), many in asked.items():
            for first, end, instead in _instead(pack, changed, number, question):
                for one in many:
                    if (one.line.article in mutant.cite) is not beside or not first <= one.line.on < end:
                        continue
                    if _touched(mutant, one) and _otherwise(pack, changed, instead, one):
                        return one.line
    return None


def _instead(pack: Pack, changed: Pack, number: int, question: str) -> Iterator[tuple[int, int, Period | None]]:
    """The law with the error, where it may differ on the days of a period: first day, end, and the period.

    None instead of a period: the day is covered by one of the laws only, or by neither.
    """
    after = changed.law.periods
    if number == _OUTSIDE:
        yield from ((one.first, one.end, None) for one in after)
        return
    mine = pack.law.periods[number]
    yield mine.first, after[0].first, None
    yield after[-1].end, mine.end, None
    for one in after:
        first, end = max(mine.first, one.first), min(mine.end, one.end)
        if first < end and reads(mine, one, question):
            yield first, end, one


def _touched(mutant: Mutant, one: _Asked) -> bool:
    """Whether the changed piece has another truth in the line; true of errors that are in no piece."""
    if not mutant.swaps or one.view is None or one.line.expected.next_change is not None:
        return True
    return any(
        one.view.truth(node) != one.view.truth(instead)
        for number, node, instead in mutant.swaps
        if number == one.period
    )


def reads(one: Period, other: Period, question: str) -> bool:
    """Whether two versions of the law of a period differ in what this question reads."""
    rules = zip(one.rules[question], other.rules[question], strict=True)
    return one.tried[question] != other.tried[question] or any(mine is not theirs for mine, theirs in rules)


def _otherwise(pack: Pack, changed: Pack, instead: Period | None, one: _Asked) -> bool:
    """Whether the line no longer holds: by its class and reasons alone, where it states nothing else."""
    expected, view = one.line.expected, one.view
    if view is None or instead is None or expected.answer.startswith("not "):
        return _full(pack, changed, one.line)
    beside = Beside(view)
    found = answer(beside, instead, pack.questions[one.line.question]) or "undetermined"
    if found != expected.answer:
        return True
    if one.more:
        return _full(pack, changed, one.line)
    rules = pack.law.periods[one.period].rules[one.line.question]
    true = sum(
        1 << bit
        for bit, rule in enumerate(instead.rules[one.line.question] if expected.because else ())
        if rule and rule.gives == found and beside.truth(rule.when) is Truth.TRUE
    )
    return not {*expected.because} <= cases.cited_by(rules, found, true)


def _full(pack: Pack, changed: Pack, line: CaseLine) -> bool:
    try:
        standing = decide(changed, line.question, line.held, line.on)
    except MusterRollError:
        return line.expected.answer != "not covered"
    if line.expected.answer == "not covered":
        return True
    return bool(cases.differences(pack, standing, line.expected, line.on))
