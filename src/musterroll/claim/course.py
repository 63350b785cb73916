"""From what happened to where each proceeding stands on a day: a fold over events (docs/flow/proceeding.md, the rules).

1. Same events, same answer: no clock, no store; the order on one day is the order of the list. Folding some of the
   events first and the rest after gives what folding all of them gives.
2. Moves by time happen on their day without anybody: before what is done on that day, in the order of their days, then
   of the pack. A limit's move comes on the day after its last day, a wait's on its first day; one that binds, not
   while it is held.
3. A refused event changes nothing and is kept with its reason.
4. A worsening counts from the day it takes effect (`Entry.effective`); a move by time out of it counts no earlier, nor
   does one that stays in the same state. What it brings about in another proceeding comes on that day. Nobody is told
   of an act before it is done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from musterroll.claim import move as moving
from musterroll.claim.happening import Entry, Event, Instance, Refusal
from musterroll.claim.holding import holdings
from musterroll.claim.matter import Matter, Scheduled, Sight
from musterroll.claim.time_limit import stretch
from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import Held
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME, Move, Proceeding
from musterroll.law.truth import Truth

MOST_BY_TIME = 1_000
"""How many moves by time may follow one another; more is a circle, which `muster pack prove` finds."""


def begin(pack: Pack, held: Mapping[str, Held]) -> Matter:
    """Nothing has happened yet. `held` is what is held of the person."""
    return Matter(pack, held, FIRST_DAY)


def run(pack: Pack, held: Mapping[str, Held], events: Iterable[Event], on: int) -> Matter:
    """Where everything stands on the day `on`, after the events up to that day."""
    known = tuple(event for event in events if event.day <= on)
    return replace(at(_folded(begin(pack, held), known), on), events=known)


def then(matter: Matter, event: Event) -> Matter:
    """The same after one more event. An event that counts as of an earlier day is put in its place."""
    events = (*matter.events, event)
    if _day(matter.pack, event) < matter.day:
        day = max(matter.day, event.day)
        return run(matter.pack, matter.held, events, day)
    after = _applied(at(matter, _day(matter.pack, event)), event)
    return replace(at(after, after.day), events=events)  # a time that was over before the event has its move at once


def at(matter: Matter, on: int) -> Matter:
    """The same on a later day: time has made its moves. A day that is over stays as it was."""
    for _ in range(MOST_BY_TIME):
        due = _due(matter, on)
        if due is None:
            break
        day, _, source, made = due
        matter = replace(matter, day=max(day, matter.day))
        if isinstance(made, Scheduled):
            matter = _brought_about(matter, made)
        else:
            event = Event(matter.day, matter.instances[source].proceeding, made.event, TIME)
            matter = _moved(matter, matter.instances[source], made, event, TIME)
    return replace(matter, day=max(on, matter.day))


def _folded(matter: Matter, events: tuple[Event, ...]) -> Matter:
    for event in sorted(events, key=lambda one: _day(matter.pack, one)):
        matter = _applied(at(matter, _day(matter.pack, event)), event)
    return matter


def _day(pack: Pack, event: Event) -> int:
    proceeding = pack.proceedings.get(event.proceeding)
    return event.counts_on(proceeding) if proceeding else event.day


def _applied(matter: Matter, event: Event) -> Matter:
    """The event, on the matter's day: made, or refused."""
    here = moving_for(matter, event)
    refused = None
    for one in matter.pack.proceedings[event.proceeding].of(event.name):
        found = moving.refusal(moving.Asked(matter, here, one, event, matter.day))
        if found is None:
            return _moved(matter, here, one, event, event.by)
        if refused is None or moving.ORDER.index(found.code) > moving.ORDER.index(refused.code):
            refused = replace(found, cites=(*found.cites, *(refused.cites if refused else ())))
        else:
            refused = replace(refused, cites=(*refused.cites, *found.cites))
    if refused is None:
        refused = Refusal(event, "state", "The law has no such step here.", ())
    return replace(matter, refused=(*matter.refused, replace(refused, cites=tuple(dict.fromkeys(refused.cites)))))


def moving_for(matter: Matter, event: Event) -> Instance:
    """The instance that an event means: the one of its number, else the open one that it fits, else a new one."""
    proceeding = matter.pack.proceedings[event.proceeding]
    moves = proceeding.of(event.name)
    if event.number:
        return matter.current(event.proceeding, event.number)
    known = matter.of(event.proceeding, matter.outer_of(event.proceeding))
    running = [one for one in known if not matter.ended(one)]
    elsewhere = [one for one in matter.of(event.proceeding) if one not in known and not matter.ended(one)]
    for among in (running, elsewhere, known):
        fitting = [one for one in among if any(one.formal in move.states for move in moves)]
        if fitting:
            return fitting[-1]
    begins = any(proceeding.start in move.states for move in moves)
    if begins and (proceeding.many or not running):
        return matter.fresh(event.proceeding)
    return matter.current(event.proceeding)


def _moved(matter: Matter, here: Instance, move: Move, event: Event, by: str, cites: tuple[str, ...] = ()) -> Matter:
    """The matter after a move that may happen."""
    day = matter.day
    state = move.to or here.formal
    before = here.history[-1].effective if here.history else FIRST_DAY
    proceeding = matter.proceeding(here)
    after = proceeding.limits.get(move.after) or proceeding.waits.get(move.after)
    cites = tuple(dict.fromkeys((*cites, move.cite, *((after.cite,) if after else ()))))
    entry = Entry(
        move.event, by, day, state, _effective(matter, move, event, by, before, state == here.formal), move, cites,
        max(event.told, day), max(event.posted, day), event.votes,
    )  # fmt: skip
    place = matter.place(here)
    told = {name: (held, len(here.history)) for name, held in event.facts.items() if name in proceeding.facts}
    made = replace(here, history=(*here.history, entry), facts={**here.facts, **told})
    instances = list(matter.instances)
    if place < 0:
        place = len(instances)
        instances.append(made)
    else:
        instances[place] = made
    matter = replace(matter, instances=tuple(instances))
    for target, name in move.ends:
        if entry.effective <= day:
            matter = _ended(matter, made, entry, target, name)
        elif entry.effective < NEVER:
            scheduled = Scheduled(entry.effective, place, entry, target, name)
            matter = replace(matter, scheduled=(*matter.scheduled, scheduled))
    return matter


def _effective(matter: Matter, move: Move, event: Event, by: str, before: int, stays: bool) -> int:
    """The day from which a move counts."""
    day = matter.day
    if move.worsens and by != PERSON:
        if event.told == NEVER:
            return NEVER
        days = move.worsens.days
        if move.worsens.parameter:
            days = matter.number(move.worsens.parameter, day)
        return max(day, event.told) + days
    return max(day, before) if by == TIME or stays else day


def _brought_about(matter: Matter, made: Scheduled) -> Matter:
    """What a worsening brings about when it takes effect; nothing if another move has overtaken it."""
    matter = replace(matter, scheduled=tuple(one for one in matter.scheduled if one is not made))
    source = matter.instances[made.source]
    since = source.history[source.history.index(made.entry) + 1 :]
    if any(one.by != TIME and one.state != made.entry.state for one in since):
        return matter
    return _ended(matter, source, made.entry, made.target, made.event)


def _ended(matter: Matter, source: Instance, entry: Entry, target: str, name: str) -> Matter:
    """The event of another proceeding that a move brings about, in each instance where it fits; else nothing."""
    here = matter.place(source)
    inside = [one for one in matter.of(target) if here in [matter.place(outer) for outer in matter.chain(one)]]
    for one in inside or [matter.related(source, target)]:
        for move in matter.pack.proceedings[target].of(name):
            now = matter.instances[matter.place(one)] if matter.place(one) >= 0 else one
            if now.formal in move.states:
                event = Event(matter.day, target, name, entry.by, {}, entry.told, entry.posted)
                matter = _moved(matter, now, move, event, entry.by, entry.cites)
                break
    return matter


type _Due = tuple[int, tuple[int, int], int, Move | Scheduled]


def _due(matter: Matter, on: int) -> _Due | None:
    """The next thing that time does up to a day, if any."""
    found: list[_Due] = [
        (one.day, (-1, number), one.source, one) for number, one in enumerate(matter.scheduled) if one.day <= on
    ]
    order = list(matter.pack.proceedings)
    for place, here in enumerate(matter.instances):
        proceeding = matter.proceeding(here)
        for move in proceeding.moves:
            if move.after and here.formal in move.states:
                day = due_day(matter, here, proceeding, move, on)
                if day is not None:
                    found.append((day, (order.index(here.proceeding), move.number), place, move))
    return min(found, key=lambda one: one[:3], default=None)


def due_day(matter: Matter, here: Instance, proceeding: Proceeding, move: Move, on: int) -> int | None:
    """The day up to `on` on which a move by time happens; None if it does not."""
    limit = proceeding.limits.get(move.after)
    one = stretch(matter, here, limit or proceeding.waits[move.after], on)
    counted = one.counted
    if not counted.begun or not counted.told or counted.day is None:
        return None
    day = max(counted.hi + (limit is not None), here.history[-1].day, matter.day)
    entries = [entry for each in matter.instances for entry in each.history]
    turns = {turn for entry in entries for turn in (entry.told, entry.effective) if turn <= on}
    while day <= on:
        if any(entry.move is move and entry.day == day for entry in here.history):
            day += 1
            continue
        guard = matter.guard(here, move.number, day)
        sight = Sight(matter, here, day)
        held = holdings(matter, here.proceeding, day) if move.binds else ()
        if not held and (guard is None or sight.truth(guard) is Truth.TRUE):
            return day
        later = {one.first_free for one in held if one.first_free is not None} | turns
        later.add(NEVER if guard is None else sight.bound(guard))
        day = min((one for one in later if one > day), default=NEVER)
    return None
