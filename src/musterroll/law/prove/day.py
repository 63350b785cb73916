"""The day of evaluation as a symbol, and periods of time counted back from it exactly.

A comparison `date + period <= on` is `date <= T(on)`, T being the last day that plus the period is at or before `on`
(law-engine 6.4). So the calendar is done once, on the day of evaluation, and facts are only compared.

1. Within 1901 to 2099 every fourth year is a leap year: how far T lies before `on` depends only on the place of `on` in
   a cycle of 1,461 days. It is read from the pack's own calendar for each day of one cycle and written as the few
   steps in which it changes: linear arithmetic and one remainder.
2. Where that does not hold (a period of months less many days, so that the sum passes the year 2100), and where days
   roll to working days, T is read from the calendar for each day that the proof speaks of.
3. Two T for one period: the last day that is surely, and that may be, at or before `on`; they differ only where the
   calendar leaves a day open.
"""

import z3

from musterroll.law.calendar import YEAR, Calendar, Shift, day_number
from musterroll.law.prove.person import EARLIEST, LATEST, number

CYCLE = 1461
_FIRST = day_number(1900, 3, 1)
_LAST = day_number(2100, 2, 28)

type Steps = tuple[tuple[int, int], ...]
"""From which place on, how far from `on`: the pieces of a function that is level within each."""


class Day:
    """The day of evaluation, anywhere from `first` to `last`. `domain` must be given to the solver."""

    def __init__(self, first: int, last: int, context: z3.Context, name: str = "on") -> None:
        self.first, self.last = max(first, EARLIEST), min(last, LATEST)
        self.context = context
        self.symbol = z3.Int(name, context)
        self.domain: list[z3.BoolRef] = [self.symbol >= self.first, self.symbol <= self.last]
        self._place = (self.symbol - _FIRST) % CYCLE
        self._made: dict[tuple[Calendar, Shift], tuple[z3.ArithRef, z3.ArithRef]] = {}

    @property
    def empty(self) -> bool:
        """There is no such day: the law of this time lies outside 1901 to 2099."""
        return self.first > self.last

    def on(self, model: z3.ModelRef) -> int:
        """The day in a model."""
        return number(model, self.symbol)

    def limits(self, calendar: Calendar, shift: Shift) -> tuple[z3.ArithRef, z3.ArithRef]:
        """The last dates that plus `shift` are surely, and may be, reached on the day; one term if they are the same."""
        key = (calendar, shift)
        if key not in self._made:
            self._made[key] = self._limits(calendar, shift)
        return self._made[key]

    def _limits(self, calendar: Calendar, shift: Shift) -> tuple[z3.ArithRef, z3.ArithRef]:
        if not shift.in_months and not shift.roll:
            term = self.symbol - shift.days
            return term, term
        start = _cycle_for(shift, LATEST if shift.roll else self.last)
        first, last = (self.first, self.last) if start is None else (start, start + CYCLE - 1)
        steps = [_steps(calendar, shift, certain, first, last) for certain in (True, False)]
        if start is not None:
            steps = [tuple((at - start, back) for at, back in one) for one in steps]
        place = self.symbol if start is None else self._place
        certain = self.symbol + self._level(steps[0], place)
        return certain, certain if steps[0] == steps[1] else self.symbol + self._level(steps[1], place)

    def _level(self, steps: Steps, place: z3.ArithRef) -> z3.ArithRef:
        if len(steps) == 1:
            return z3.IntVal(steps[0][1], self.context)
        half = len(steps) // 2
        return z3.If(place < steps[half][0], self._level(steps[:half], place), self._level(steps[half:], place))


def _cycle_for(shift: Shift, last: int) -> int | None:
    """The first day of a cycle that stands for all days up to `last`; None where none does."""
    if shift.roll not in ("", YEAR) or last - min(shift.days, 0) > _LAST:
        return None
    end = _LAST - max(-shift.days, 0) - (366 if shift.roll else 0)
    start = end + 1 - (end + 1 - _FIRST) % CYCLE - CYCLE
    return start if start - max(shift.days, 0) - shift.in_months * 31 >= _FIRST else None


def _steps(calendar: Calendar, shift: Shift, certain: bool, first: int, last: int) -> Steps:
    """How far the last date that plus `shift` is reached lies after each day from `first` to `last`; days in order."""
    add = calendar.latest if certain else calendar.earliest
    date = (calendar.last_certain if certain else calendar.last_possible)(first, shift)
    found: list[tuple[int, int]] = []
    for on in range(first, last + 1):
        while add(date + 1, shift) <= on:
            date += 1
        if not found or found[-1][1] != date - on:
            found.append((on, date - on))
    return tuple(found)
