"""All proceedings of one person as they stand: which belong together, and what a name means in one of them on a day.

1. At most one proceeding of a name is open within one outer proceeding, unless the pack says `many: yes`; a new one may
   begin when the former has ended.
2. In a condition a name of another proceeding means: the one above, else the last one within the same outer one.
3. A day on which the person was told is seen from that day on, not before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from musterroll.claim.happening import Entry, Event, Instance, Refusal
from musterroll.dates import NEVER
from musterroll.fact.attribute import UNKNOWN, Attribute, Held, State
from musterroll.law.calendar import Calendar
from musterroll.law.evaluate import View
from musterroll.law.model import Condition, Period
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME, Proceeding, StateKind
from musterroll.law.proceeding_names import Named


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What a worsening brings about in another proceeding on the day it takes effect."""

    day: int
    source: int
    entry: Entry
    target: str
    event: str


@dataclass(frozen=True)
class Matter:
    """The proceedings of one person after some events, on a day. Made by `course.begin` and moved by `course.then`."""

    pack: Pack
    held: Mapping[str, Held]
    day: int
    instances: tuple[Instance, ...] = ()
    refused: tuple[Refusal, ...] = ()
    events: tuple[Event, ...] = ()
    scheduled: tuple[Scheduled, ...] = field(default=())

    def proceeding(self, at: Instance) -> Proceeding:
        """What the pack says of an instance."""
        return self.pack.proceedings[at.proceeding]

    def ended(self, at: Instance) -> bool:
        """Whether it has formally ended."""
        return self.proceeding(at).kind(at.formal) is StateKind.ENDED

    def chain(self, at: Instance) -> Iterator[Instance]:
        """The proceeding and those it belongs to, from the inside out."""
        yield at
        while at.outer >= 0:
            at = self.instances[at.outer]
            yield at

    def of(self, proceeding: str, outer: int | None = None) -> list[Instance]:
        """The instances of a name, those of one outer proceeding where it is given, in the order they began."""
        return [one for one in self.instances if one.proceeding == proceeding and (outer is None or one.outer == outer)]

    def current(self, proceeding: str, number: int = 0) -> Instance:
        """The instance meant by a name and a number: the last one, or one that has not begun."""
        if number:
            found = [one for one in self.of(proceeding) if one.number == number]
            return found[0] if found else replace(self.fresh(proceeding), number=number)
        known = self.of(proceeding, self.outer_of(proceeding))
        for among in (known, self.of(proceeding)):
            running = [one for one in among if not self.ended(one)]
            if running:
                return running[-1]
        return known[-1] if known else self.fresh(proceeding)

    def fresh(self, proceeding: str) -> Instance:
        """One that has not begun, within the present outer one."""
        number = len(self.of(proceeding)) + 1
        return Instance(proceeding, number, self.outer_of(proceeding), self.pack.proceedings[proceeding].start)

    def outer_of(self, proceeding: str) -> int:
        """The place of the last open outer proceeding, to which a new one of this name would belong; -1 for none."""
        within = self.pack.proceedings[proceeding].within
        if not within:
            return -1
        return self.place(self.current(within))

    def place(self, at: Instance) -> int:
        """Where an instance stands among all; -1 for one that has not begun."""
        for place, one in enumerate(self.instances):
            if one.proceeding == at.proceeding and one.number == at.number:
                return place
        return -1

    def related(self, at: Instance, proceeding: str) -> Instance:
        """The instance that a name of another proceeding means, seen from `at`."""
        above = list(self.chain(at))
        for one in above:
            if one.proceeding == proceeding:
                return one
        within = self.pack.proceedings[proceeding].within
        known = self.of(proceeding)
        here = next((self.place(one) for one in above if one.proceeding == within), None)
        if here is not None:
            known = [one for one in known if here in [self.place(outer) for outer in self.chain(one)]]
        return known[-1] if known else self.fresh(proceeding)

    def period(self, on: int) -> Period:
        """The law in force on a day; before and after the pack's time, that of its first and last day."""
        periods = self.pack.law.periods
        return next((one for one in periods if on < one.end), periods[-1])

    def calendar(self, on: int) -> Calendar:
        """How time is counted from a day on."""
        return self.period(on).calendar

    def number(self, parameter: str, on: int) -> int:
        """A number of the law as in force on a day; before its first day and of no day, the first one."""
        said = self.pack.parameters[parameter]
        first = said.values[0][0]
        return said.at(on if first <= on < NEVER else first)

    def guard(self, at: Instance, number: int, on: int) -> Condition | None:
        """The condition of a move, as the law in force on a day has it."""
        return self.period(on).guards.get((at.proceeding, number))


class Seen(Mapping[str, Held]):
    """What is held under each name, seen from one proceeding on one day; the event that is being made is seen too."""

    def __init__(self, matter: Matter, at: Instance, on: int, event: Event | None = None) -> None:
        self.matter, self.at, self.on, self.event = matter, at, on, event
        self.names = matter.pack.proceeding_names[at.proceeding]

    def __getitem__(self, name: str) -> Held:
        if name not in self.names:
            return self.matter.held.get(name, UNKNOWN)
        named = self.names[name]
        at = self.matter.related(self.at, named.proceeding)
        if named.what == "fact":
            if self.event and self._comes(named):
                return self.event.facts[named.item]
            return at.facts[named.item][0] if named.item in at.facts else UNKNOWN
        if named.what == "standing":
            return _exactly(named.attribute.values.index(at.state(self.on)))
        if named.what == "entered":
            entered = at.entered(named.item, self.on)
            return _exactly(entered[0] if entered else NEVER)
        if named.what == "event":
            happened = at.last(named.item)
            return _exactly(happened.day if happened else NEVER)
        if named.what in ("told", "posted"):
            past = at.last(named.item)
            found = NEVER if past is None else past.told if named.what == "told" else past.posted
            return _exactly(found if found <= self.on else NEVER)
        if self.event and (self.event.proceeding, self.event.name) == (at.proceeding, named.item):
            return _counted(named.what, self.event.votes)
        last = at.last(named.item)
        return _counted(named.what, last.votes if last else None)

    def __iter__(self) -> Iterator[str]:
        return iter((*self.names, *self.matter.held))

    def __len__(self) -> int:
        return len(self.names) + len(self.matter.held)

    def _comes(self, named: Named) -> bool:
        """Whether a fact comes with the event that is being made."""
        event = self.event
        return event is not None and named.proceeding == event.proceeding and named.item in event.facts

    def origin(self, name: str) -> Entry | None:
        """The office's act that a name's day rests on; None for the person's own act, for time, for anything else."""
        named = self.names.get(name)
        if named is None or named.what in ("told", "standing"):
            return None
        at = self.matter.related(self.at, named.proceeding)
        entry: Entry | None = None
        if named.what == "fact" and named.item in at.facts and not self._comes(named):
            entry = at.history[at.facts[named.item][1]]
        elif named.what == "entered":
            entered = at.entered(named.item, self.on)
            entry = entered[1] if entered else None
        elif named.what != "fact":
            entry = at.last(named.item)
        return entry if entry and entry.by not in (PERSON, TIME) else None


def _exactly(value: int) -> Held:
    return Held(value, value, State.SINGLE)


def _counted(what: str, votes: object) -> Held:
    number = getattr(votes, {"for": "favour"}.get(what, what), None)
    return UNKNOWN if number is None else _exactly(int(number))


class Sight(View):
    """A view of the conditions of one proceeding."""

    def __init__(self, matter: Matter, at: Instance, on: int, event: Event | None = None) -> None:
        self._of(_Attributes(matter, at), matter.calendar(on), Seen(matter, at, on, event), on)


class _Attributes(Mapping[str, Attribute]):
    """Names of the proceeding, then the person's attributes."""

    def __init__(self, matter: Matter, at: Instance) -> None:
        self.names, self.attributes = matter.pack.proceeding_names[at.proceeding], matter.pack.attributes

    def __getitem__(self, name: str) -> Attribute:
        return self.names[name].attribute if name in self.names else self.attributes[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*self.names, *self.attributes))

    def __len__(self) -> int:
        return len(self.names) + len(self.attributes)
