"""How a pack declares its calendar: each line with its paragraph, and from when to when it holds (law-engine 6.2).

1. `leap_day`, `month_end`, `age_attained` are each one line `{is: 1 March, basis: (3)}`, or a list of such lines with
   `in force: FROM .. TO`, or of lines that rest on one reading of a doubtful place each.
2. On every day of the pack exactly one line of each holds; there is no default.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.dates import format_day
from musterroll.law import rules
from musterroll.law.article import Block
from musterroll.law.calendar import AGE_ATTAINED, LEAP_DAY, MONTH_END, Calendar
from musterroll.law.declare import Citations

_SETTINGS: Mapping[str, Mapping[str, object]] = {
    "leap_day": LEAP_DAY,
    "month_end": MONTH_END,
    "age_attained": AGE_ATTAINED,
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the calendar as written, with the days on which it is in force (end excluded)."""

    name: str
    choice: str
    cite: str
    first: int
    end: int


def settings(block: Block, citations: Citations, first: int, end: int) -> list[Setting]:
    """The lines that count. Raises `law.calendar` where on some day none or several hold, and `law.uncited`."""
    content = block.fields(tuple(_SETTINGS))
    found: list[Setting] = []
    for name, known in _SETTINGS.items():
        value = content[name]
        mine = []
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            path = (name, index) if isinstance(value, list) else (name,)
            line = Block("calendar line", name, block.article, item, block.place(*path))
            line.fields((), ("is", "basis", "in force"))
            if line.text("is") not in known:
                raise block.wrong("law.calendar", f"`{name}` is one of: {', '.join(known)}.", "Write `is: ...`.", *path)
            if not line.text("basis"):
                raise block.wrong("law.uncited", f"`{name}` names no paragraph.", "Write `basis: (N)`.", *path)
            cite = " ".join(citations.resolve(line.text("basis"), block, *path))
            if citations.counts(line.text("basis")):
                mine.append(Setting(name, line.text("is"), cite, *rules.in_force(line, first, end)))
        for day in sorted({first, *(one.first for one in mine), *(one.end for one in mine if one.end < end)}):
            holding = [one for one in mine if one.first <= day < one.end]
            if len(holding) != 1:
                raise block.wrong(
                    "law.calendar",
                    f"`{name}` has {len(holding)} lines in force on {format_day(day)}.",
                    "Let exactly one line hold on each day.",
                    name,
                )
        found += mine
    return found


def calendar_on(lines: list[Setting], day: int) -> Calendar:
    """The calendar in force on a day."""
    held = {one.name: one for one in lines if one.first <= day < one.end}
    return Calendar(
        LEAP_DAY[held["leap_day"].choice],
        MONTH_END[held["month_end"].choice],
        AGE_ATTAINED[held["age_attained"].choice],
        tuple((name, held[name].cite) for name in _SETTINGS),
    )
