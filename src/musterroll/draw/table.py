"""A draw by table: drums give each date a number, the seed orders people of one date (docs/spec/draw.md, 9).

1. Dates are numbered as in a leap year: 02-29 is 60 and 03-01 is 61 also where the table has 365 days.
2. The table is a permutation; what is missing, printed twice or out of range is named cell by cell. Two tables of the
   United States were published with such errors.
3. `K = u16 number(day) || first 30 bytes of SHA-256(T(key) || seed || C)`.
4. The drums are loaded in two orders that follow from the seed and do not depend on one another: the remedy of 1970.
5. The birth date that counts is that on record the day before the drawing (32 CFR 1624.1(b)).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from musterroll import canonical, dates
from musterroll.draw.member import Members
from musterroll.errors import MusterRollError

LEAP = 366
HEAD = "date,number"
LEAP_DAY = 60
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LINE = re.compile(r"([0-9]{2}-[0-9]{2}),([1-9][0-9]{0,2})?")
_TAG_KEY = canonical.tag("key")
_TAG_DATES = canonical.tag("load-dates")
_TAG_NUMBERS = canonical.tag("load-numbers")


@dataclass(frozen=True, slots=True)
class TableTerms:
    """How many days the table has, 365 or 366, and on what day it is drawn."""

    days: int
    held_on: str

    def __post_init__(self) -> None:
        if self.days not in {LEAP - 1, LEAP}:
            raise ValueError("a table has 365 or 366 days")
        dates.parse_day(self.held_on, where="held_on of the table")

    @property
    def frozen_on(self) -> str:
        """The day as of which birth dates count: the one before the drawing."""
        return dates.format_day(dates.parse_day(self.held_on) - 1)

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {"days": self.days, "held_on": self.held_on}

    @classmethod
    def read(cls, members: Members) -> "TableTerms":
        """The table that `members` state."""
        return members.make(cls, days=members.number("days"), held_on=members.text("held_on"))


def days_of(days: int) -> tuple[int, ...]:
    """The dates of a table of 365 or 366 days, as numbers of a leap year."""
    return tuple(day for day in range(1, LEAP + 1) if days == LEAP or day != LEAP_DAY)


def day_number(month_and_day: str) -> int:
    """The number of `MM-DD` in a leap year. Raises ValueError for no date."""
    month, day = int(month_and_day[:2]), int(month_and_day[3:])
    if not (1 <= month <= len(_LENGTHS) and 1 <= day <= _LENGTHS[month - 1]):
        raise ValueError(f"`{month_and_day}` is no date")
    return sum(_LENGTHS[: month - 1]) + day


def date_text(day: int) -> str:
    """`MM-DD` of a number of a leap year. Inverse of `day_number`."""
    month = 1
    while day > _LENGTHS[month - 1]:
        day -= _LENGTHS[month - 1]
        month += 1
    return f"{month:02}-{day:02}"


@dataclass(frozen=True, slots=True)
class Table:
    """The number of each date: `numbers[i]` belongs to the i-th day of `days_of(len(numbers))`."""

    numbers: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.numbers) not in {LEAP - 1, LEAP} or sorted(self.numbers) != list(range(1, len(self.numbers) + 1)):
            raise ValueError("a table gives each of 365 or 366 dates another number from 1 on")

    def number(self, day: int) -> int:
        """The number of a date, given as its number in a leap year. Raises KeyError for a date the table lacks."""
        return dict(zip(days_of(len(self.numbers)), self.numbers, strict=True))[day]

    def encode(self) -> bytes:
        """The bytes of `table.csv`. Inverse of `decode`."""
        rows = zip(days_of(len(self.numbers)), self.numbers, strict=True)
        return "".join([f"{HEAD}\n", *(f"{date_text(day)},{number}\n" for day, number in rows)]).encode("ascii")


def decode(data: bytes, days: int) -> Table:
    """The table in the bytes of `table.csv`. Raises MusterRollError `table.malformed`; `table.cells`, naming cells."""
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError:
        lines = []
    if len(lines) < 2 or lines[0] != HEAD or lines[-1]:
        raise _refused("table.malformed", f"it does not begin with `{HEAD}`, or its last line does not end")
    found: dict[int, int | None] = {}
    for i, line in enumerate(lines[1:-1], start=2):
        cells = _LINE.fullmatch(line)
        try:
            day = day_number(cells[1]) if cells else 0
        except ValueError:
            day = 0
        if cells is None or day == 0 or (found and day <= max(found)):
            raise _refused("table.malformed", f"line {i} is not the next date with its number")
        found[day] = int(cells[2]) if cells[2] else None
    return of(found, days)


def of(numbers: dict[int, int | None], days: int) -> Table:
    """The table with these numbers by date (as a number of a leap year; None for a blank cell).

    Raises MusterRollError `table.cells` that names every cell which keeps it from being a permutation.
    """
    wanted = days_of(days)
    holders: dict[int, list[int]] = {}
    for day, number in sorted(numbers.items()):
        if number is not None:
            holders.setdefault(number, []).append(day)
    wrong = [f"{date_text(day)} is no date of this table" for day in sorted(set(numbers) - set(wanted))]
    wrong += [f"{date_text(day)} has no number" for day in wanted if numbers.get(day) is None]
    for number, on in sorted(holders.items()):
        if len(on) > 1:
            wrong.append(f"{number} stands at {' and at '.join(date_text(day) for day in on)}")
        if not 1 <= number <= days:
            wrong.append(f"{number} at {date_text(on[0])} is not between 1 and {days}")
    missing = [number for number in range(1, days + 1) if number not in holders]
    if missing:
        wrong.append(f"no date has {', '.join(map(str, missing[:5]))}{' and others' if len(missing) > 5 else ''}")
    if wrong:
        raise _refused("table.cells", "; ".join(wrong))
    return Table(tuple(numbers[day] or 0 for day in wanted))


def key(seed: bytes, commitment: bytes, number: int) -> bytes:
    """K of an entry whose date has `number`."""
    return number.to_bytes(2, "big") + hashlib.sha256(_TAG_KEY + seed + commitment).digest()[:30]


def loading(seed: bytes, days: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """In what order dates and numbers are put into their drums: two permutations, separately seeded."""
    return _shuffled(_TAG_DATES, seed, days_of(days)), _shuffled(_TAG_NUMBERS, seed, range(1, days + 1))


def loading_json(manifest_digest: str, seed: bytes, days: int) -> bytes:
    """The bytes of `loading.json`."""
    order = loading(seed, days)
    return canonical.encode(
        {"v": 1, "manifest_sha256": manifest_digest, "dates": list(order[0]), "numbers": list(order[1])}
    )


def _shuffled(tag: bytes, seed: bytes, items: Sequence[int]) -> tuple[int, ...]:
    own = canonical.sha256(tag + seed)
    return tuple(sorted(items, key=lambda item: (canonical.sha256(own + item.to_bytes(2, "big")), item)))


def _refused(code: str, why: str) -> MusterRollError:
    return MusterRollError(
        code,
        f"This is no table of a draw: {why}.",
        where="table.csv",
        remedy="Compare with the drawing's minutes, cell by cell. A table is never completed or corrected by guessing.",
    )
