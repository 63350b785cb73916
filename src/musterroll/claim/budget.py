"""Time limits as budgets: a length, a start, a convention of counting, and pauses in which nothing is used up.

1. A limit gives a last day, a wait a first day; both are counted alike. `day after`: the day after the start is the
   first, so `15 days` end on the fifteenth day after it. `day of`: the start itself is the first, so a month that
   begins on the first ends with its last day, and one that begins on another day with the day before that number.
2. A day that may be one of several (a date known between two, a calendar that is silent, working days beyond what is
   declared) gives a span `lo .. hi`. For the person a limit has run out only after `hi`; for an office it is open
   only to `lo`.
3. What has not begun never runs out (`begun` is false), nor does what begins on a day that nobody knows.
4. Paused days are not counted. While a pause lasts there is no last day; `left` says how many days remain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.law.calendar import Calendar, Shift, civil
from musterroll.law.proceeding import Length, Span

UNKNOWN_DAY = (FIRST_DAY + 1, NEVER - 1)
"""The first and last day of a day of which nothing is known."""

type Between = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A span counted: the day it comes to lies in `lo .. hi`; `why` says why no day can be named, empty where it can.

    `told` is false where the person has no word of the office's act that it begins with: then it never runs out.
    """

    lo: int
    hi: int
    why: str = ""
    begun: bool = True
    told: bool = True
    left: int | None = None

    @property
    def day(self) -> int | None:
        """The last day (of a limit) or the first (of a wait), if it can be named: the later one where two may be."""
        named = self.begun and self.left is None and self.hi < NEVER - 1
        return self.hi if named else None


NOT_BEGUN = Reckoned(NEVER, NEVER, "it has not begun", begun=False)


def reckon(
    span: Span,
    length: Length | None,
    starts: Sequence[Between],
    calendar: Calendar,
    pauses: Sequence[tuple[int, int | None]] = (),
) -> Reckoned:
    """The span counted from (or before, or to) `starts`, one for each of its points.

    `pauses` are stretches `first .. end` (end excluded, None while it lasts), in order and apart.
    """
    pick = min if span.earlier else max
    first, last = pick(one[0] for one in starts), pick(one[1] for one in starts)
    if first == NEVER:
        return NOT_BEGUN
    if last == NEVER:
        last = NEVER - 1
    lo, hi = (_ended(span, length, day, calendar, pauses, late=late) for day, late in ((first, False), (last, True)))
    running = next((begin for begin, end in pauses if end is None), NEVER)
    if running <= hi < NEVER - 1:
        return Reckoned(lo, NEVER - 1, "it pauses", left=_left(span, length, running, last, hi, calendar))
    lo, hi = (_rolled(span, day, calendar, late=late) for day, late in ((lo, False), (hi, True)))
    if hi >= NEVER - 1:
        return Reckoned(lo, NEVER - 1, "it turns on a day that is not known")
    return Reckoned(lo, hi)


def _ended(
    span: Span,
    length: Length | None,
    day: int,
    calendar: Calendar,
    pauses: Sequence[tuple[int, int | None]],
    *,
    late: bool,
) -> int:
    """The day a span comes to, days of `pauses` that are over not counted."""
    if day <= FIRST_DAY + 1 or day >= NEVER - 1:
        return day
    if length is None:
        return day - (span.counts == "day before")
    if span.form == "before":
        return day - length.amount - (span.counts == "clear")
    begins = day + (span.counts == "day after")
    by_month = length.unit in ("months", "years")
    if by_month and span.counts == "day of" and civil(day)[2] == 1:
        ends = _added(day, length, calendar, late=late) - 1
    else:
        ends = _added(begins - 1, length, calendar, late=late)
    for first, end in pauses:
        if end is None or first > ends or end <= begins:
            continue
        lost = range(max(first, begins), end)
        if length.unit != "working days":
            ends += len(lost)
            continue
        for one in lost:
            if calendar.earliest(one, Shift(roll=length.working)) == one:
                ends = _added(ends, Length(1, length.unit, "", length.working), calendar, late=late)
    return ends


def _added(day: int, length: Length, calendar: Calendar, *, late: bool) -> int:
    """The last of so many days, months, years or working days that follow a day."""
    add = calendar.latest if late else calendar.earliest
    match length.unit:
        case "days":
            return day + length.amount
        case "months":
            return add(day, Shift(months=length.amount))
        case "years":
            return add(day, Shift(years=length.amount))
        case _:
            return add(day, Shift(roll=length.working, working=length.amount))


def _left(span: Span, length: Length | None, running: int, start: int, last: int, calendar: Calendar) -> int:
    """How many days remain when the pause is over."""
    begins = max(running, start + (span.counts == "day after"))
    if length is None or length.unit != "working days":
        return last - begins + 1
    return sum(calendar.earliest(day, Shift(roll=length.working)) == day for day in range(begins, last + 1))


def _rolled(span: Span, day: int, calendar: Calendar, *, late: bool) -> int:
    """The day, moved to a working day where the span says so."""
    if not span.roll or day <= FIRST_DAY + 1 or day >= NEVER - 1:
        return day
    if span.roll == "next":
        return (calendar.latest if late else calendar.earliest)(day, Shift(roll=span.working))
    return (calendar.last_possible if late else calendar.last_certain)(day, Shift(roll=span.working))
