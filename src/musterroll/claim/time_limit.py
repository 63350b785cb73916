"""Where the limits and waits of a proceeding stand on a day: how budgets meet what happened (docs/flow/proceeding.md).

1. What begins with an office's act never runs out against somebody who has no word of it (charter S6). The law's day
   stays the law's; who is told only after a limit's last day has the whole length again from the day he was told, and
   a wait that was over before he was told is over on that day.
2. A date that came with an event, a date of the person, the day of an event: each may be exact, between two, unknown,
   or `never`. Unknown never runs out.
3. A limit has run out on the day after its last day; a wait is over on its first day.
4. A notice (an event that stays in its state) is of the decision before it. Where that state has been entered anew the
   notice is still to come: nothing runs from the old one.
"""

from dataclasses import dataclass, replace

from musterroll.claim.budget import UNKNOWN_DAY, Between, Reckoned, reckon
from musterroll.claim.happening import Entry, Event, Instance
from musterroll.claim.matter import Matter, Seen
from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import UNKNOWN
from musterroll.law.proceeding import Length, Pause, Span
from musterroll.law.truth import Truth

_OF_NOTICES = ("event", "told", "posted")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A limit or a wait as it stands: the span as written, and what it was counted to."""

    span: Span
    counted: Reckoned

    def run_out(self, on: int) -> Truth:
        """Whether this limit has run out on a day: never against somebody who was not told, nor in a pause."""
        one = self.counted
        if not one.begun:
            return Truth.FALSE
        if on > one.hi and one.told and one.left is None:
            return Truth.TRUE
        return Truth.FALSE if on <= one.lo else Truth.UNKNOWN

    def over(self, on: int) -> Truth:
        """Whether this wait is over on a day."""
        one = self.counted
        if not one.begun or on < one.lo:
            return Truth.FALSE
        return Truth.TRUE if on >= one.hi and one.left is None else Truth.UNKNOWN


def stretch(matter: Matter, at: Instance, span: Span, on: int, event: Event | None = None) -> Stretch:
    """A limit or wait of `at` as it stands on a day; the facts of the event that is being made are seen already."""
    seen = Seen(matter, at, on, event)
    starts: list[Between] = []
    acts: list[Entry] = []
    calendar = matter.calendar(on)
    for point in span.points:
        held = seen.get(point.name, UNKNOWN)
        lo, hi = (held.lo, held.hi) if held.lo is not None and held.hi is not None else UNKNOWN_DAY
        act = seen.origin(point.name)
        named = seen.names.get(point.name)
        if named and named.proceeding == at.proceeding and named.what in _OF_NOTICES and at.outdated(named.item):
            lo, hi, act = NEVER, NEVER, None
        if act:
            acts.append(act)
        if FIRST_DAY < lo < NEVER:
            calendar = matter.calendar(lo)
        starts.append((_moved(lo, calendar.earliest(lo, point.shift)), _moved(hi, calendar.latest(hi, point.shift))))
    pauses = [one for pause in span.pauses for one in paused(matter, at, pause, on)]
    length = _in_force(matter, span, starts)
    counted = reckon(span, length, starts, calendar, _apart(pauses))
    told = max((act.told for act in acts), default=FIRST_DAY)
    if told > on and counted.begun:
        return Stretch(span, Reckoned(counted.lo, counted.hi, counted.why, told=False, left=counted.left))
    if counted.begun and told > counted.hi:
        if span.name in matter.proceeding(at).waits:
            counted = replace(counted, lo=told, hi=told)
        elif span.form != "from":
            return Stretch(span, Reckoned(counted.lo, counted.hi, told=False))
        else:
            counted = reckon(span, length, [(told, told)], calendar, _apart(pauses))
    return Stretch(span, counted)


def paused(matter: Matter, at: Instance, pause: Pause, on: int) -> list[tuple[int, int | None]]:
    """The stretches in which a proceeding was in a state, up to a day; the end is None while it is."""
    counted = matter.related(at, pause.proceeding).stretches(on)
    ends = [day for day, _ in counted[1:]]
    return [(day, end) for (day, entry), end in zip(counted, (*ends, None), strict=False) if entry.state == pause.state]


def _apart(pauses: list[tuple[int, int | None]]) -> list[tuple[int, int | None]]:
    """The same days in stretches in order that do not touch."""
    found: list[tuple[int, int | None]] = []
    for first, end in sorted(pauses, key=lambda one: (one[0], NEVER if one[1] is None else one[1])):
        if found and (found[-1][1] is None or first <= found[-1][1]):
            before, until = found.pop()
            found.append((before, None if until is None or end is None else max(until, end)))
        else:
            found.append((first, end))
    return found


def _moved(day: int, moved: int) -> int:
    """A day of which nothing is known stays so, whatever is added to it."""
    return day if day in UNKNOWN_DAY else moved


def _in_force(matter: Matter, span: Span, starts: list[Between]) -> Length | None:
    """The length, a parameter as in force on the day from which it is counted."""
    length = span.length
    if length is None or not length.parameter:
        return length
    return Length(matter.number(length.parameter, starts[0][0]), length.unit, "", length.working)
