"""Adding months and years to a day, as a pack declares it (law-engine 6.2: no default).

1. `leap_day` says on which day of a common year the anniversary of 29 February falls.
2. `month_end` says on which day a period of months ends when the last month has no such day.
3. `age_attained` says whether an age is reached on the anniversary or on the day before.
4. Where the law is silent a pack may declare `either`: the sum is then one of two days, and what depends on which
   one it is stays unknown.
5. Sums never go backwards: a later day plus the same period is never an earlier day. Folding rests on this.
6. A sum may be taken back to 1 January of its year: what the law says of a calendar year begins on that day. Or to
   another fixed day of it, such as 1 July; days may follow.
7. A sum may go on to a working day, or a number of them, of a declared calendar (`workday`).
8. `NEVER` and the open lower end `FIRST_DAY` survive every sum.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.law.workday import Workdays

_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Overflow(Enum):
    """Which day stands for a day that the month does not have."""

    LAST = "last"
    NEXT = "next"
    EITHER = "either"


LEAP_DAY = {"28 February": Overflow.LAST, "1 March": Overflow.NEXT, "either": Overflow.EITHER}
MONTH_END = {"last day": Overflow.LAST, "next day": Overflow.NEXT, "either": Overflow.EITHER}
AGE_ATTAINED = {"on anniversary": 0, "day before": -1}
YEAR = "year"
_FIXED = re.compile(r"(\d{2})-(\d{2})")


def fixed_day(roll: str) -> tuple[int, int] | None:
    """Month and day of the fixed day of a year to which a sum is taken; None where it is taken elsewhere."""
    found = _FIXED.fullmatch(roll)
    return (1, 1) if roll == YEAR else (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Shift:
    """A period added to a day: whole years and months together (0 or more), then days (any sign).

    `roll` says where the sum is taken afterwards: nowhere, with `YEAR` to 1 January of its year, with `07-01` to 1 July
    of its year, with the name of declared working days to the `working`-th of them after it (0: to itself, or the
    next). `then` days follow, but not after `YEAR`.
    """

    years: int = 0
    months: int = 0
    days: int = 0
    roll: str = ""
    working: int = 0
    then: int = 0

    def __post_init__(self) -> None:
        if self.years < 0 or self.months < 0 or self.working < 0:
            raise ValueError("years, months and working days are added, never taken away")
        if (self.working and (not self.roll or self.annual)) or (self.then and self.roll in ("", YEAR)):
            raise ValueError("working days are those of a declared calendar")

    @property
    def annual(self) -> bool:
        """Whether the sum is taken to a fixed day of its year."""
        return fixed_day(self.roll) is not None

    @property
    def in_months(self) -> int:
        """Years and months as months."""
        return self.years * 12 + self.months


@dataclass(frozen=True, slots=True)
class Calendar:
    """What one pack declares, each line with the paragraph it comes from."""

    leap_day: Overflow
    month_end: Overflow
    age_attained: int
    sources: tuple[tuple[str, str], ...]
    workdays: tuple[Workdays, ...] = ()

    def earliest(self, day: int, shift: Shift) -> int:
        """The first day that `day` plus `shift` can be."""
        return self._add(day, shift, late=False)

    def latest(self, day: int, shift: Shift) -> int:
        """The last day that `day` plus `shift` can be; differs from `earliest` only where the law is silent."""
        return self._add(day, shift, late=True)

    def last_certain(self, limit: int, shift: Shift) -> int:
        """The last day that plus `shift` is surely at or before `limit`. Inverse of `latest`."""
        return self._last(limit, shift, late=True)

    def last_possible(self, limit: int, shift: Shift) -> int:
        """The last day that plus `shift` may be at or before `limit`. Inverse of `earliest`."""
        return self._last(limit, shift, late=False)

    def _last(self, limit: int, shift: Shift, *, late: bool) -> int:
        if shift.roll not in ("", YEAR):  # to a fixed day of a year, or to working days
            every = range(FIRST_DAY + 1, NEVER)
            return FIRST_DAY + bisect_right(every, limit, key=lambda day: self._add(day, shift, late=late))
        about = limit - shift.in_months * 30 - shift.days
        days = range(about - shift.in_months - 70, about + (71 if shift.roll != YEAR else 71 + 366))
        return days[bisect_right(days, limit, key=lambda day: self._add(day, shift, late=late)) - 1]

    def _workdays(self, name: str) -> Workdays:
        for one in self.workdays:
            if one.name == name:
                return one
        raise KeyError(name)

    def _add(self, day: int, shift: Shift, *, late: bool) -> int:
        if day in (NEVER, FIRST_DAY):
            return day
        if shift.in_months:
            year, month, number = civil(day)
            at = year * 12 + month - 1 + shift.in_months
            year, month = at // 12, at % 12 + 1
            length = month_length(year, month)
            if number > length:
                overflow = self.leap_day if shift.in_months % 12 == 0 else self.month_end
                following = overflow is Overflow.NEXT or (overflow is Overflow.EITHER and late)
                number = length + 1 if following else length
            day = day_number(year, month, number)
        day += shift.days
        if annual := fixed_day(shift.roll):
            day = day_number(civil(day)[0], *annual) + shift.then
        elif shift.roll:
            open_days = self._workdays(shift.roll)
            day = (open_days.latest if late else open_days.earliest)(day, shift.working) + shift.then
        return max(FIRST_DAY + 1, min(NEVER - 1, day))


PLAIN = Calendar(Overflow.LAST, Overflow.LAST, 0, ())
"""For packs that add nothing but days, and so need to declare nothing."""


def month_length(year: int, month: int) -> int:
    """Days in a month of the Gregorian calendar (month 1 to 12)."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _MONTH_LENGTHS[month - 1]


def civil(day: int) -> tuple[int, int, int]:
    """Year, month, day of the month, in the Gregorian calendar without end. Inverse of `day_number`."""
    day += 719_468
    era, of_era = divmod(day, 146_097)
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    moved = (5 * of_year + 2) // 153
    month = moved + 3 if moved < 10 else moved - 9
    return year + era * 400 + (month <= 2), month, of_year - (153 * moved + 2) // 5 + 1


def day_number(year: int, month: int, number: int) -> int:
    """Days since 1970-01-01; `number` may run past the end of its month. Inverse of `civil`."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + number - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
