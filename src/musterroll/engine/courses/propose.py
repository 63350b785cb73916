"""For an error that no course notices: a course that would, or that nothing can (docs/flow/law-tests.md).

1. Tried are the pack's own courses under both laws: cut short, on other days, with an event of another course or a
   random one added. What is tried is made by chance with a fixed seed: the same pack is told the same.
2. The first on which the two laws differ is proposed, with what the law itself says of that day. Whether it should is
   the question to the lawyer.
3. An error is equivalent where the table of moves shows it: what it lets in cannot be reached; a limit beside which
   time moves on anyhow; a condition that holds and fails of the same people, of those of whom it is asked: by the facts
   told on every way there, by where the proceeding around can stand, and by the lines of the event that come before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from musterroll.claim import course as folding
from musterroll.claim.happening import Event
from musterroll.claim.holding import holdings
from musterroll.claim.matter import Matter
from musterroll.claim.next_step import may
from musterroll.claim.time_limit import stretch
from musterroll.dates import NEVER, format_day
from musterroll.engine.courses.alike import counted_alike, tried_before
from musterroll.engine.courses.asked import Course, courses
from musterroll.engine.courses.chance import Chance
from musterroll.engine.courses.coverage import overtaken
from musterroll.engine.courses.mutants import Error
from musterroll.engine.courses.text import course
from musterroll.engine.courses.walk import Ground, random_event
from musterroll.fact.attribute import UNKNOWN, Held
from musterroll.law.model import attributes_of
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, Move, Proceeding
from musterroll.law.prove.around import Around
from musterroll.law.prove.guards import Guards
from musterroll.law.prove.paths import Paths
from musterroll.law.prove.solver import EFFORT, GaveUp

MOST = 700
TRIES = 250
"""So many courses are tried for one error, and so many of them made by chance."""
_DAYS = 8
_HAPPEN = ("event", "told", "posted", "entered")
_FIRST = 10_000
"""What is as large as this is a day, not a number or a code."""


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
    try:
        return _says_the_same(pack, one, error, move, other)
    except GaveUp:
        return False


def _says_the_same(pack: Pack, one: Proceeding, error: Error, move: Move, other: Move) -> bool:
    around = _around(pack, one)
    reached = Paths(one).ways
    if other != move:
        if replace(other, counts_as=move.counts_as) == move:
            return counted_alike(one, error.change(pack).proceedings[one.name], move.event)
        added = set(other.states) - set(move.states)
        if replace(other, outer_ended=move.outer_ended) == move:
            return not Guards(pack, one, EFFORT).possible(move, around.given(one.start, ended=True))
        if replace(other, states=move.states) == move and added:
            return all(
                state not in reached
                or _never_begins(pack, one, move, state)
                or not Guards(pack, one, EFFORT).possible(move, around.untold(move.event, state))
                for state in added
            )
        lost = set(move.not_after) - set(other.not_after)
        unlimited = replace(other, not_after=move.not_after) == move and lost
        return bool(unlimited and all(overtaken(pack, one, move, limit) for limit in lost))
    if error.instead:
        return not any(
            Guards(pack, one, EFFORT).differ(
                move, dict(error.instead), around.given(state), tried_before(one, move, state)
            )
            for state in move.states
            if state in reached
        )
    return False


def _around(pack: Pack, one: Proceeding) -> Around:
    """What is known in the states of a proceeding, found once."""
    if one.name not in _known or _known[one.name].pack is not pack:
        _known[one.name] = Around(pack, one, EFFORT)
    return _known[one.name]


_known: dict[str, Around] = {}
"""By proceeding, of the pack last asked about."""


def _never_begins(pack: Pack, one: Proceeding, move: Move, state: str) -> bool:
    """Whether what a move by time waits for cannot have begun in a state: what it runs from is on no way there."""
    span = one.limits.get(move.after) or one.waits.get(move.after)
    if span is None or span.earlier:
        return False
    paths = Paths(one)
    for named in (pack.proceeding_names[one.name].get(point.name) for point in span.points):
        if named is None or named.proceeding != one.name:
            continue
        events = [named.item] if named.what in _HAPPEN else []
        if named.what == "fact":
            events = [each.event for each in one.moves if named.item in each.tells]
        if events and not any(paths.may_have_happened(state, event) for event in events):
            return True
    return False


def proposed(pack: Pack, error: Error) -> Proposal | None:
    """A course on which the law and the law with the error differ; None where none was found."""
    changed = error.change(pack)
    made = courses(pack)
    beside = [one for one in made if error.proceeding in one.involved(pack)]
    for events, of, held in islice(_tried(pack, error, beside, made), MOST):
        for day in _days(pack, changed, held, events):
            mine, theirs = (folding.run(law, held, events, day) for law in (pack, changed))
            says = _difference(pack, error, of, mine, theirs)
            if says:
                events = _fewer(pack, changed, error, held, of, events, day)
                mine, theirs = (folding.run(law, held, events, day) for law in (pack, changed))
                says = _difference(pack, error, of, mine, theirs)
                text = course(pack, f"{error.cite}: {error.what}", of, held, events, {day: says})
                return Proposal(error.where, error.cite, text, error.what)
    return None


def _fewer(
    pack: Pack, changed: Pack, error: Error, held: Mapping[str, Held], of: str, events: Sequence[Event], day: int
) -> tuple[Event, ...]:
    """The same without what makes no difference: events left out one by one."""
    left = tuple(event for event in events if event.day <= day)
    for event in left:
        fewer = tuple(one for one in left if one is not event)
        if _difference(pack, error, of, *(folding.run(law, held, fewer, day) for law in (pack, changed))):
            left = fewer
    return left


type _Tried = tuple[tuple[Event, ...], str, Mapping[str, Held]]


def _tried(pack: Pack, error: Error, beside: Sequence[Course], made: Sequence[Course]) -> Iterator[_Tried]:
    """Courses to try: the pack's own, cut short; then with an event of another course, or a random one, after that."""
    cut = [(one.events[:until], one.of, one.held) for one in beside for until in range(len(one.events), -1, -1)]
    yield from cut
    ending = [one for one in cut if one[0] and one[0][-1].name == error.part][:3]
    for person in _otherwise(pack, error, made):
        yield from ((events, of, {**held, **person}) for events, of, held in ending)
    mine = [event for one in made for event in one.events if event.proceeding == error.proceeding]
    mine.sort(key=lambda event: event.name != error.part)
    ground, chance = Ground.of(pack), Chance(1, error.move + 1)
    roles = (PERSON, *pack.proceedings[error.proceeding].roles)
    every = [each for each in ground.tried if each[0] == error.proceeding] or ground.tried
    for _ in range(TRIES if cut else 0):
        events, of, held = chance.one_of(cut)
        day = events[-1].day + chance.one_of((0, 0, 1, 3, 10, 30)) if events else chance.one_of(ground.days)
        if mine and chance.percent(75):
            event = chance.one_of([one for one in mine if one.name == error.part] or mine)
            event = _later(event, day - event.day)
            event = replace(event, by=chance.one_of(roles)) if chance.percent(30) else event
        else:
            event = random_event(pack, chance, day, *chance.one_of(every))
        yield (*events, event), of, held


def _otherwise(pack: Pack, error: Error, made: Sequence[Course]) -> Iterator[Mapping[str, Held]]:
    """One fact that the condition of the error reads, as somebody in a course has it, or not known."""
    read = {name for _, condition in error.instead if condition for name in attributes_of(condition)}
    guards = (period.guards.get((error.proceeding, error.move)) for period in pack.law.periods)
    read |= {name for guard in guards if guard and error.instead for name in attributes_of(guard)}
    for name in (name for name in pack.attributes if name in read):
        held = {(fact.lo, fact.hi, fact.among): fact for one in made if (fact := one.held.get(name))}
        yield from ({name: fact} for fact in (UNKNOWN, *held.values()))


def _later(event: Event, by: int) -> Event:
    """The same event so many days later, with its days."""
    facts = {
        name: Held(fact.lo + by, fact.hi + by, fact.state)
        if fact.lo is not None and fact.hi is not None and _FIRST <= fact.lo <= fact.hi < NEVER - 4_000
        else fact
        for name, fact in event.facts.items()
    }
    told, posted = (day if day == NEVER else day + by for day in (event.told, event.posted))
    received, postmark = (day if day == NEVER else day + by for day in (event.received, event.postmark))
    return replace(
        event, day=event.day + by, facts=facts, told=told, posted=posted, received=received, postmark=postmark
    )


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


def _difference(pack: Pack, error: Error, of: str, mine: Matter, theirs: Matter) -> str:
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
    name = f"{error.proceeding} {error.part}" if error.proceeding != of else error.part
    for role in (PERSON, *pack.proceedings[error.proceeding].roles) if error.move >= 0 else ():
        able = may(mine, error.proceeding, error.part, role).may
        if able != may(theirs, error.proceeding, error.part, role).may:
            return f"may {'' if able else 'not '}{name} by {role}"
    if len(mine.refused) > len(theirs.refused) and mine.refused[-1].event.day == mine.day:
        event = mine.refused[-1].event
        return f"refused {f'{event.proceeding} ' if event.proceeding != of else ''}{event.name}"
    return ""
