"""How a time limit or a wait is written: `15 days from refused_told`, `until order_report_on` (proceeding.md).

1. A length is an amount or a parameter, in days, weeks, months, years or working days of a declared calendar.
2. What is counted `from` a day says how: `counts: day after` (the next day is the first) or `counts: day of`.
3. `last day: next working NAME` or `previous working NAME`; without it the day is as it falls.
4. Only what is counted in days from an event can pause.
"""

import re
from collections.abc import Collection

from musterroll.law.calendar import Shift
from musterroll.law.proceeding import Length, Pause, Point, Span
from musterroll.law.proceeding_lines import Line

_LENGTH = (
    r"(?:(?P<amount>\d{1,6})|parameter (?P<parameter>\w+))"
    r"(?: (?P<unit>day|week|month|year|working day)s?(?: (?P<working>\w+))?)?"
)
_FROM = re.compile(rf"{_LENGTH} (?P<form>from|before) (?P<points>.+)")
_UNTIL = re.compile(r"until (?P<points>.+)")
_POINT = re.compile(r"(?P<name>\w+)(?P<more>(?: [+-] (?:days|months|years)\(\d{1,4}\))*)")
_PART = re.compile(r" (?P<sign>[+-]) (?P<unit>days|months|years)\((?P<amount>\d+)\)")
_ROLL = re.compile(r"(?P<roll>next|previous) working (?P<working>\w+)")
_AS_IT_FALLS = "as it falls"
_COUNTS = {"from": ("day after", "day of"), "before": ("", "clear"), "until": ("", "day before")}


def span(line: Line, calendars: Collection[str], parameters: Collection[str]) -> Span:
    """The limit or wait that a line declares. Raises `law.proceeding`."""
    line.only("counts", "last day", "first day", "pauses")
    made = length_and_points(line, line.value)
    roll = line.more.get("last day", line.more.get("first day", _AS_IT_FALLS))
    rolled = _ROLL.fullmatch(roll)
    if roll != _AS_IT_FALLS and not rolled:
        raise line.wrong(f"`{roll}` says nothing of a day.", "Write `last day: next working NAME`.")
    counts = line.more.get("counts", "")
    if counts not in _COUNTS[made.form]:
        known = " or ".join(f"`counts: {one}`" for one in _COUNTS[made.form] if one)
        raise line.wrong(f"it does not say how it is counted, or not so: `{counts}`.", f"Write {known}.")
    span = Span(
        line.name,
        made.form,
        made.length,
        made.points,
        made.earlier,
        counts,
        rolled["roll"] if rolled else "",
        rolled["working"] if rolled else "",
        _pauses(line),
        line.cite,
        line.where,
    )
    for calendar in {span.working, span.length.working if span.length else ""} - {""}:
        if calendar not in calendars:
            raise line.wrong(f"no holidays `{calendar}` are declared.", "Declare ```holidays NAME.")
    if span.length and span.length.parameter and span.length.parameter not in parameters:
        raise line.wrong(f"there is no parameter `{span.length.parameter}`.", "Declare ```parameter NAME.")
    if span.pauses and span.form != "from":
        raise line.wrong("only what is counted from a day can pause.", "Take out `pauses`.")
    return span


def length_and_points(line: Line, text: str) -> Span:
    """The bare span of a text, without conventions. Raises `law.proceeding`."""
    counted, until = _FROM.fullmatch(text), _UNTIL.fullmatch(text)
    found = counted or until
    if not found:
        raise line.wrong(
            f"`{text}` is no time.", "Write `15 days from EVENT`, `30 days before DATE` or `until DATE`, for example."
        )
    length = None
    if counted:
        unit, amount = counted["unit"] or "day", int(counted["amount"] or 0)
        working = counted["working"] or ""
        if (unit == "working day") != bool(working) or (not counted["unit"] and not counted["parameter"]):
            raise line.wrong(
                f"`{text}` does not say of what it is that long.",
                "Write `5 days`, `2 months`, `5 working days NAME` or `parameter NAME`.",
            )
        if unit == "week":
            unit, amount = "day", amount * 7
        if counted["form"] == "before" and unit != "day":
            raise line.wrong("only days are counted before a date.", "Write it in days, or count from another event.")
        length = Length(amount, f"{unit}s", counted["parameter"] or "", working)
    named = found["points"]
    earlier = named.startswith("the earlier of ")
    several = earlier or named.startswith("the later of ")
    texts = named.split(" of ", 1)[1].split(",") if several else [named]
    form = counted["form"] if counted else "until"
    points = tuple(_point(line, one.strip()) for one in texts)
    return Span("", form, length, points, earlier, "", "", "", (), line.cite, line.where)


def _point(line: Line, text: str) -> Point:
    found = _POINT.fullmatch(text)
    if not found:
        raise line.wrong(f"`{text}` is no day.", "Write a name, or `born + years(20)`.")
    years = months = days = 0
    for part in _PART.finditer(found["more"]):
        amount = int(part["amount"])
        if part["unit"] == "days":
            days += amount if part["sign"] == "+" else -amount
        elif part["sign"] == "-":
            raise line.wrong("months and years are added, never taken away.", "Count from another day.")
        elif part["unit"] == "months":
            months += amount
        else:
            years += amount
    return Point(found["name"], Shift(years, months, days))


def _pauses(line: Line) -> tuple[Pause, ...]:
    """Each `STATE` or `PROCEEDING_STATE` after `while`; which of them it is, is found when all names are known."""
    text = line.more.get("pauses", "")
    if not text:
        return ()
    if not text.startswith("while "):
        raise line.wrong(f"`pauses: {text}` is not understood.", "Write `pauses: while STATE or STATE`.")
    return tuple(Pause(name.strip(), "", "") for name in text.removeprefix("while ").split(" or "))
