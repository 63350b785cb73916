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

from functools import lru_cache

import z3

from musterroll.law.calendar import YEAR, Calendar, Shift, day_number
from musterroll.law.prove.person import EARLIEST, LATEST, number

CYCLE = 1461
_FIRST = day_number(1900, 3, 1)
_LAST = day_number(2100, 2, 28)
_FEW = 12

type Steps = tuple[tuple[int, bool, int], ...]
"""From which day on; whether the date stays the same or moves along with `on`; the date, or how far it is from `on`."""


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
        """The last dates that plus `shift` are surely, and may be, reached that day; one term if both are the same."""
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
        certain = self._stepped(steps[0], start)
        return certain, certain if steps[0] == steps[1] else self._stepped(steps[1], start)

    def _stepped(self, steps: Steps, start: int | None) -> z3.ArithRef:
        """The steps as a term; those of a cycle, which began on `start`, as far into the cycle of the symbol."""
        if len(steps) == 1:
            _, fixed, date = steps[0]
            if not fixed:
                return self.symbol + date
            return z3.IntVal(date, self.context) if start is None else self.symbol - self._place + (date - start)
        half = len(steps) // 2
        place = self.symbol if start is None else self._place + start
        return z3.If(place < steps[half][0], self._stepped(steps[:half], start), self._stepped(steps[half:], start))


def _cycle_for(shift: Shift, last: int) -> int | None:
    """The first day of a cycle that stands for all days up to `last`; None where none does."""
    if not (shift.annual or not shift.roll) or last - min(shift.days, 0) > _LAST:
        return None
    end = _LAST - max(-shift.days, 0) - max(-shift.then, 0) - (366 if shift.roll else 0)
    start = end + 1 - (end + 1 - _FIRST) % CYCLE - CYCLE
    back = max(shift.days, 0) + max(shift.then, 0) + shift.in_months * 31 + (366 if shift.roll not in ("", YEAR) else 0)
    return start if start - back >= _FIRST else None


@lru_cache(maxsize=1024)
def _steps(calendar: Calendar, shift: Shift, certain: bool, first: int, last: int) -> Steps:
    """The last date that plus `shift` is reached, for each day from `first` to `last`."""
    add = calendar.latest if certain else calendar.earliest
    last_of = calendar.last_certain if certain else calendar.last_possible
    date = last_of(first, shift)
    found: list[tuple[int, bool, int]] = []
    apart: int | None = None
    level: int | None = None
    for on in range(first, last + 1):
        steps = 0
        while add(date + 1, shift) <= on:
            steps += 1
            date = date + 1 if steps < _FEW else last_of(on, shift)
        if apart == date - on:
            level = None
        elif level == date:
            found[-1], apart = (found[-1][0], True, date), None
        else:
            found.append((on, False, date - on))
            apart, level = date - on, date
    return tuple(found)
