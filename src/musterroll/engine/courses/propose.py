"""For an error that no course notices: a course that would, or that nothing can (docs/flow/law-tests.md).

1. Tried are the pack's own courses under both laws: on other days, with another event added, an act told later or not
   at all. What is tried is made by chance with a fixed seed: the same pack is told the same.
2. The first on which the two laws differ is proposed, with what the law itself says of that day. Whether it should is
   the question to the lawyer.
3. An error is equivalent where the table of moves shows it: what it lets in cannot be reached; a limit beside which
   time moves on anyhow; a condition that holds and fails of the same people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from musterroll.claim import course as folding
from musterroll.claim.happening import Event
from musterroll.claim.holding import holdings
from musterroll.claim.matter import Matter
from musterroll.claim.time_limit import stretch
from musterroll.dates import NEVER, format_day
from musterroll.engine.courses.asked import Course, courses
from musterroll.engine.courses.chance import Chance
from musterroll.engine.courses.coverage import overtaken
from musterroll.engine.courses.mutants import Error
from musterroll.engine.courses.text import course
from musterroll.engine.courses.walk import Ground, random_event
from musterroll.fact.attribute import Held
from musterroll.law.pack import Pack
from musterroll.law.prove.guards import Guards
from musterroll.law.prove.paths import Paths
from musterroll.law.prove.solver import EFFORT, GaveUp

TRIES = 150
_DAYS = 10


@dataclass(frozen=True)
class Proposal:
    """A course that notices an error, as text, and beside which line it belongs."""

    where: str
    cite: str
    text: str
    what: str


def equivalent(pack: Pack, error: Error) -> bool:
    """Whether the table of moves shows that the error changes nothing in any proceeding."""
    one = pack.proceedings[error.proceeding]
    changed = error.change(pack).proceedings[error.proceeding]
    move = next((each for each in one.moves if each.number == error.move), None)
    if move is None:
        return False
    other = next(each for each in changed.moves if each.number == error.move)
    reached = Paths(one).ways
    if {*move.states, *other.states}.isdisjoint(reached):
        return True
    if other != move:
        added = set(other.states) - set(move.states)
        let_in = replace(other, states=move.states) == move and added
        lost = set(move.not_after) - set(other.not_after)
        unlimited = replace(other, not_after=move.not_after) == move and lost
        return bool(let_in and added.isdisjoint(reached)) or bool(
            unlimited and all(overtaken(pack, one, move, limit) for limit in lost)
        )
    if error.instead and all(instead is not None for _, instead in error.instead):
        try:
            return not Guards(pack, one, EFFORT).differ(move, dict(error.instead))
        except GaveUp:
            return False
    return False


def proposed(pack: Pack, error: Error) -> Proposal | None:
    """A course on which the law and the law with the error differ; None where none was found."""
    changed = error.change(pack)
    beside = [one for one in courses(pack) if error.proceeding in one.involved(pack)]
    ground, chance = Ground.of(pack), Chance(1, error.move + 1)
    for events, of, held in _tried(beside, ground, chance, error):
        for day in _days(pack, changed, held, events):
            mine, theirs = (folding.run(law, held, events, day) for law in (pack, changed))
            says = _difference(pack, of, mine, theirs)
            if says:
                events = tuple(event for event in events if event.day <= day)
                text = course(pack, f"{error.cite}: {error.what}", of, held, events, {day: says})
                return Proposal(error.where, error.cite, text, error.what)
    return None


type _Tried = tuple[tuple[Event, ...], str, Mapping[str, Held]]


def _tried(beside: Sequence[Course], ground: Ground, chance: Chance, error: Error) -> Iterator[_Tried]:
    for one in beside:
        yield one.events, one.of, one.held
    if not beside:
        return
    for _ in range(TRIES):
        one = chance.one_of(beside)
        events = list(one.events[: chance.between(0, len(one.events))])
        day = events[-1].day if events else chance.one_of(ground.days)
        if events and chance.percent(30):
            at = chance.between(0, len(events) - 1)
            events[at] = replace(events[at], told=chance.one_of((NEVER, events[at].day, events[at].day + 3)))
        for _ in range(chance.between(1, 2)):
            day += chance.one_of((0, 0, 1, 3, 10, 30))
            mine = [each for each in ground.tried if each[0] == error.proceeding]
            tried = chance.one_of(mine if chance.percent(60) else ground.tried)
            events.append(random_event(ground.pack, chance, day, *tried))
        yield tuple(events), error.proceeding, one.held


def _days(pack: Pack, changed: Pack, held: Mapping[str, Held], events: Sequence[Event]) -> list[int]:
    """Days on which something may differ: the last event's, those on which something ends or counts, the next ones."""
    found: set[int] = set()
    last = max((event.day for event in events), default=0)
    for law in (pack, changed):
        matter = folding.run(law, held, events, last)
        for at in matter.instances:
            said = matter.proceeding(at)
            found.update(entry.effective for entry in at.history if entry.effective < NEVER)
            for span in (*said.limits.values(), *said.waits.values()):
                day = stretch(matter, at, span, last).counted.day
                found.update((day, day + 1) if day is not None and day >= last else ())
    later = sorted(day for day in found if last <= day < last + 4_000)
    return [last, *later[:_DAYS], last + 400]


def _difference(pack: Pack, of: str, mine: Matter, theirs: Matter) -> str:
    """What the law says of the day where the law with the error says something else; "" where they agree."""
    for name in sorted(pack.proceedings, key=lambda one: one != of):
        here, there = mine.current(name), theirs.current(name)
        said = f"{name} " if name != of else ""
        if here.state(mine.day) != there.state(theirs.day):
            return f"{said}{here.state(mine.day)}"
        if here.formal != there.formal:
            return f"formally {said}{here.formal}"
        if bool(holdings(mine, name, mine.day)) != bool(holdings(theirs, name, theirs.day)):
            return f"{'' if holdings(mine, name, mine.day) else 'not '}held {name}"
        proceeding = pack.proceedings[name]
        for which, spans in (("last", proceeding.limits), ("first", proceeding.waits)):
            for span in spans.values() if mine.of(name) else ():
                changed = theirs.pack.proceedings[name]
                other = (changed.limits if which == "last" else changed.waits)[span.name]
                day = stretch(mine, here, span, mine.day).counted.day
                if day != stretch(theirs, there, other, theirs.day).counted.day:
                    return f"{which} day of {said}{span.name} {format_day(day) if day is not None else 'none'}"
    if len(mine.refused) > len(theirs.refused) and mine.refused[-1].event.day == mine.day:
        event = mine.refused[-1].event
        return f"refused {f'{event.proceeding} ' if event.proceeding != of else ''}{event.name}"
    return ""
