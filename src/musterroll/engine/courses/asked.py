"""The courses of a pack, step by step as the stage goes through them: what is looked at before and after each event.

1. A course is its person, its events and its expected lines; courses under another reading are left out, as cases are.
2. What is `seen` of a course are its days in order: each event just before it is made, and each expected day. Both are
   matters of the stage, made by the stage's own fold.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from musterroll.claim import course as folding
from musterroll.claim import worked
from musterroll.claim.happening import Event
from musterroll.claim.matter import Matter
from musterroll.claim.worked import CourseLine
from musterroll.fact.attribute import Held
from musterroll.law.pack import Pack


@dataclass(frozen=True)
class Course:
    """One course with its lines in order of their days."""

    name: str
    article: str
    of: str
    held: Mapping[str, Held]
    events: tuple[Event, ...]
    lines: tuple[CourseLine, ...]

    def involved(self, pack: Pack) -> frozenset[str]:
        """The proceedings whose lines can change what the course says."""
        named = {self.of, *(event.proceeding for event in self.events)}
        named |= {one.proceeding for line in self.lines for one in line.expected if one.proceeding in pack.proceedings}
        named |= {one.name for line in self.lines for one in line.expected if one.name in pack.proceedings}
        for name in list(named):
            while pack.proceedings[name].within:
                name = pack.proceedings[name].within
                named.add(name)
        return frozenset(named)


@dataclass(frozen=True)
class Seen:
    """A moment of a course: an event about to be made, or an expected line. `matter` is as it stands then."""

    matter: Matter
    event: Event | None
    line: CourseLine | None


def courses(pack: Pack) -> tuple[Course, ...]:
    """The courses of a pack in the order of its pages, without those under another reading."""
    found: list[Course] = []
    for line in worked.lines(pack):
        if line.readings:
            continue
        last = found[-1] if found else None
        if last and last.events is line.events and last.name == line.case:
            found[-1] = Course(last.name, last.article, last.of, last.held, last.events, (*last.lines, line))
        else:
            found.append(Course(line.case, line.article, line.of, line.held, line.events, (line,)))
    return tuple(found)


def seen(pack: Pack, one: Course) -> Iterator[Seen]:
    """The moments of a course in order; on one day events come before expected lines, as the stage reads them."""
    moments: list[tuple[int, int, Event | CourseLine]] = [(event.day, 0, event) for event in one.events]
    moments += [(line.on, 1, line) for line in one.lines]
    matter = folding.begin(pack, one.held)
    for day, _, moment in sorted(moments, key=lambda each: each[:2]):
        if isinstance(moment, CourseLine):
            yield Seen(folding.run(pack, one.held, one.events, day), None, moment)
        else:
            proceeding = pack.proceedings[moment.proceeding]
            yield Seen(folding.at(matter, max(matter.day, moment.counts_on(proceeding))), moment, None)
            matter = folding.then(matter, moment)
