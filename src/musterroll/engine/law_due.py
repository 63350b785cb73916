"""On which day time alone makes a date reach the day of evaluation, for everybody at once (law-engine 6.4, 6.6).

A *due* is a column of uint32: days after the day of evaluation, less one, of the next day on which a condition can
change. Sums wrap around, so that a day that is past becomes a number far beyond `limit`, as `never` does: both mean
that nothing is in sight, and no column of choices is needed to say so.

1. Whole days are added. Whole years have a closed form: in four years there are 1,461 days, and the year 2100, which
   is no leap year, is stepped over. Everything else is looked up in a table made with the pack's own calendar.
2. Where the calendar leaves a day open, a comparison that is false is due on the first day it can be, one that is
   unknown on the last.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import polars as pl

from musterroll.engine.law_bits import Column
from musterroll.law.calendar import YEAR, Calendar, Overflow, Shift, civil, day_number

NOTHING = 2**32 - 1
"""The due of what never changes. Every number of at least `limit` means the same."""

_WRAP = 2**32
_CYCLE = 1_461
_CYCLE_BEGINS = day_number(1900, 3, 1)
_STEP = day_number(2100, 3, 1) - _CYCLE_BEGINS
_FEW = 24
_AHEAD, _SAFE = 12, 28  # a sum of months does not overflow from the first 28 days of a month
_NEW_YEARS = (306, 671, 1_036, 1_401)
_LEAP_BEGINS = {1: 1_095, 2: 730, 3: 365}


def days(value: int) -> pl.Expr:
    """A constant due; negative ones wrap around."""
    return pl.lit(value % _WRAP, dtype=pl.UInt32)


NEVER_DUE = days(NOTHING)


@dataclass(frozen=True, slots=True)
class Due:
    """When a condition can change. `if_true`: it may change once it is true; `if_false`: once it is false."""

    days: Column
    if_true: bool
    if_false: bool

    @property
    def negated(self) -> "Due":
        """Of the condition's negation."""
        return Due(self.days, self.if_false, self.if_true)


@dataclass(frozen=True, slots=True)
class Clock:
    """The day of evaluation, the first day after it that is out of sight, and how years are added."""

    on: int
    end: int
    calendar: Calendar

    @property
    def limit(self) -> int:
        """Dues from here on mean that nothing is in sight."""
        return self.end - self.on - 1

    def due(self, lo: pl.Expr, hi: pl.Expr, false: Column, shift: Shift) -> pl.Expr:
        """When a date between `lo` and `hi` (uint32, wrapped) plus `shift` reaches the day. `false`: it surely has not.

        Only what is not true has a due in sight; a date that is not held is `hi` = never.
        """
        day = pl.when(false.expr).then(lo).otherwise(hi)
        if shift == Shift(days=shift.days):
            return day + days(shift.days - self.on - 1)
        if self._closed(shift):
            return self._years(day, false.expr, shift)
        early, late = (_table(self, shift, late=late) for late in (False, True))
        if early == late:
            return _looked_up(day, *late)
        return pl.when(false.expr).then(_looked_up(lo, *early)).otherwise(_looked_up(hi, *late))

    def _closed(self, shift: Shift) -> bool:
        """Whether it is whole years and days, and whoever was born before March 1900 has reached them."""
        if shift.in_months % 12 or shift not in (_plain(shift), Shift(shift.years, shift.months, roll=YEAR)):
            return False
        return self.on - shift.days - shift.in_months // 12 * 366 - 10 >= _CYCLE_BEGINS

    def _years(self, day: pl.Expr, false: pl.Expr, shift: Shift) -> pl.Expr:
        years, leap = shift.in_months // 12, self.calendar.leap_day
        stepped = self.end > _CYCLE_BEGINS + _STEP
        since = day - days(_CYCLE_BEGINS)
        if stepped:
            since = pl.when(since >= days(_STEP)).then(since + days(1)).otherwise(since)
        added = 365 * years + years // 4
        if years % 4 == 0:
            total = since + days(added)
        else:
            place = since - since // days(_CYCLE) * days(_CYCLE)
            more = place >= days(_LEAP_BEGINS[years % 4])
            if leap is not Overflow.NEXT:
                is_leap = place == days(_CYCLE - 1)
                more = more > (is_leap if leap is Overflow.LAST else is_leap & false)
            total = since + pl.when(more).then(days(added + 1)).otherwise(days(added))
        if shift.roll == YEAR:
            total = _year_begins(total)
        if stepped:
            past = total >= days(_STEP) if leap is Overflow.LAST else total > days(_STEP)
            if leap is Overflow.EITHER:
                past = past | ((total == days(_STEP)) & false)
            total = pl.when(past).then(total - days(1)).otherwise(total)
        return total + days(_CYCLE_BEGINS + shift.days - self.on - 1)


def _plain(shift: Shift) -> Shift:
    """Its years, months and days alone."""
    return Shift(shift.years, shift.months, shift.days)


def _year_begins(since: pl.Expr) -> pl.Expr:
    """1 January of the year of a day, both counted from the beginning of the cycles, on 1 March of a leap year."""
    cycle = since // days(_CYCLE) * days(_CYCLE)
    begins = pl.lit(_NEW_YEARS[-1], dtype=pl.UInt32)
    for before, until in reversed(list(pairwise((-60, *_NEW_YEARS)))):
        begins = pl.when(since - cycle < days(until)).then(days(before)).otherwise(begins)
    return cycle + begins


@lru_cache(maxsize=256)
def _table(clock: Clock, shift: Shift, *, late: bool) -> tuple[int, tuple[int, ...]]:
    """The first day that has not surely reached the day of evaluation, and the due of each from it on."""
    add = clock.calendar.latest if late else clock.calendar.earliest
    first = clock.calendar.last_certain(clock.on, shift) + 1
    plain = shift == _plain(shift)
    sums: list[int] = []
    while (sum_ := add(day := first + len(sums), shift)) < clock.end:
        if plain and civil(day)[2] + _AHEAD <= _SAFE:
            sums.extend(range(sum_, sum_ + _AHEAD))
        elif not plain and add(day + _AHEAD, shift) == sum_:
            sums.extend([sum_] * _AHEAD)
        else:
            sums.append(sum_)
    return first, tuple(max(0, sum_ - clock.on - 1) for sum_ in sums)


def _looked_up(day: pl.Expr, first: int, dues: tuple[int, ...]) -> pl.Expr:
    """The due of each day in a table. A table with few steps in it is added up: far cheaper than to look into it."""
    place, last = day - days(first), len(dues)
    for slope in (1, 0):
        level = [due - slope * at for at, due in enumerate(dues)]
        steps = [(at, level[at] - level[at - 1]) for at in range(1, last) if level[at] != level[at - 1]]
        if len(steps) <= _FEW:
            rises = [pl.when(place >= days(at)).then(days(rise)).otherwise(days(0)) for at, rise in steps]
            start = place + days(level[0]) if slope and dues else days(level[0] if dues else NOTHING)
            return pl.when(place < days(last)).then(sum(rises, start)).otherwise(days(NOTHING))
    table = np.array([*dues, NOTHING], dtype=np.uint32)

    def look(places: pl.Series) -> pl.Series:  # inside a choice, null where it is not the one chosen
        return pl.Series(table[np.minimum(places.fill_null(last).to_numpy(), last)])

    return place.map_batches(look, return_dtype=pl.UInt32, is_elementwise=True)
