"""What holds in a state of a proceeding on every way there: of the facts told, and of the proceeding around it.

1. A fact that only the first event tells stays as it is. Where every way to a state has a move of an office, or of
   time, that asked something of such facts, it still holds. A move that another proceeding brings about asks nothing.
2. Any other fact is known only if one of the lines of an event that tells it let it in.
3. The proceeding and the one around it go step by step together: what binds is not done while this one holds it, and a
   move that reads the state around is made only in a state that it allows. What counts of the one around may lag behind
   what was done while a worsening waits.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from musterroll.law.calendar import Shift
from musterroll.law.model import All, AtMost, Condition, Is, Known, Line, Not, OneOf, Reached, Some, attributes_of
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME, Move, Proceeding, StateKind
from musterroll.law.prove.guards import Guards
from musterroll.law.prove.paths import Paths


class Place(NamedTuple):
    """Where both stand: what was done around, what counts of it, this one's state, and whether it has begun."""

    done: str
    counts: str
    state: str
    begun: bool


class Around:
    """What is known in the states of one proceeding."""

    def __init__(self, pack: Pack, one: Proceeding, effort: int) -> None:
        self.pack, self.one, self.effort = pack, one, effort
        self.names = pack.proceeding_names[one.name]
        self.outer = pack.proceedings.get(one.within)
        self.guards = Guards(pack, one, effort)
        self.brought = {ending for each in pack.proceedings.values() for move in each.moves for ending in move.ends}
        self._given: dict[tuple[str, bool], tuple[Condition, ...]] = {}
        self._may: dict[tuple[int, str], bool] = {}
        self._around_may: dict[tuple[int, str], bool] = {}

    def given(self, state: str, *, ended: bool = False) -> tuple[Condition, ...]:
        """What is so when a move is made from a state; with `ended`, as the first, after the one around has ended."""
        key = (state, ended)
        if key not in self._given:
            found = (*self._kept(self.one, state), *self._told(), *self._of_around(state, ended=ended))
            self._given[key] = found
        return self._given[key]

    def untold(self, event: str, state: str) -> tuple[Condition, ...]:
        """The facts of which nothing can have been told before an event is made in a state, nor with it."""
        paths = Paths(self.one)
        told = [(fact, _telling(self.one, fact)) for fact in self.one.facts]
        return tuple(
            Not(Known(fact))
            for fact, events in told
            if event not in events and not any(paths.may_have_happened(state, each) for each in events)
        )

    def _kept(self, one: Proceeding, state: str) -> Iterator[Condition]:
        asked = {move.number: () if PERSON in move.by else self._asked(one, move) for move in one.moves}
        paths = Paths(one)
        for part in dict.fromkeys(part for parts in asked.values() for part in parts):
            with_it = {number for number, parts in asked.items() if part in parts}
            if state not in paths.without(lambda move, with_it=with_it: move.number in with_it):  # type: ignore[misc]
                yield All((*(Known(name) for name in sorted(attributes_of(part))), part))

    def _told(self) -> Iterator[Condition]:
        first = _first_told(self.one)
        for fact in self.one.facts:
            lines = [self._asked(self.one, move) for event in _telling(self.one, fact) for move in self.one.of(event)]
            if fact not in first and lines and all(lines):
                yield Some((Not(Known(fact)), *(All(parts) for parts in lines)))

    def _asked(self, one: Proceeding, move: Move) -> tuple[Condition, ...]:
        """What a move asks, in every period of the law, of facts that only the first event tells."""
        if (one.name, move.event) in self.brought:
            return ()
        first = _first_told(one)
        guards = [period.guards.get((one.name, move.number), All(())) for period in self.pack.law.periods]
        every = [_joined(guard) for guard in guards]
        parts = [part for part in every[0] if all(part in each for each in every)]
        return tuple(part for part in parts if _plain(part) and attributes_of(part) <= first)

    def _of_around(self, state: str, *, ended: bool) -> Iterator[Condition]:
        if not self.outer or not self._standing:
            return
        outer = self.outer
        here = (place for place in self._places if place.state == state)
        places = [place for place in here if place.begun or self._begins(place, ended)]
        if ended:
            places = [place for place in places if not place.begun and outer.kind(place.done) is StateKind.ENDED]
        states = self.names[self._standing].attribute.values
        yield OneOf(self._standing, tuple(sorted({states.index(place.counts) for place in places})))
        mine = {(named.what, named.item): name for name, named in self.names.items() if named.proceeding == outer.name}
        for counts in sorted({place.counts for place in places}):
            elsewhere = Not(OneOf(self._standing, (states.index(counts),)))
            for part in self._kept(outer, counts):
                yield Some((elsewhere, _renamed(part, {fact: mine["fact", fact] for fact in outer.facts})))

    def _begins(self, place: Place, ended: bool) -> bool:
        """Whether this one may begin: the one around has begun, and not ended."""
        assert self.outer
        kind = self.outer.kind(place.done)
        return kind is not StateKind.START and (ended or kind is not StateKind.ENDED)

    @cached_property
    def _standing(self) -> str:
        """The name of the state of the one around."""
        around = (name for name, named in self.names.items() if named.what == "standing")
        return next((name for name in around if self.names[name].proceeding == self.one.within), "")

    @cached_property
    def _places(self) -> set[Place]:
        assert self.outer
        found: set[Place] = set()
        waiting = [Place(self.outer.start, self.outer.start, self.one.start, begun=False)]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting.extend(self._after(here))
        return found

    def _after(self, here: Place) -> Iterator[Place]:
        assert self.outer
        done, counts, state, begun = here
        yield here._replace(counts=done)
        for move in self.outer.moves:
            waits = counts != done and self._counts_first(move, done)
            if done in move.states and not waits and self._around_can(move, here):
                to = move.to or done
                behind = counts != done and (
                    TIME in move.by or to == done or (self.outer.name, move.event) in self.brought
                )
                lags = move.worsens or behind
                yield from (here._replace(done=to, counts=each) for each in ((counts, done, to) if lags else (to,)))
        for move in self.one.moves:
            if state not in move.states or not self._can(move, counts):
                continue
            if begun or self._begins(here, move.outer_ended):
                yield here._replace(state=move.to or state, begun=True)

    def _counts_first(self, move: Move, state: str) -> bool:
        """Whether a move of time out of a state runs from the day on which that state counts."""
        assert self.outer
        span = self.outer.limits.get(move.after) or self.outer.waits.get(move.after)
        names = self.pack.proceeding_names[self.outer.name]
        named = [names.get(point.name) for point in span.points] if span and not span.earlier else []
        entered = (self.outer.name, "entered", state)
        return any(each and (each.proceeding, each.what, each.item) == entered for each in named)

    def _can(self, move: Move, counts: str) -> bool:
        """Whether a move can be made while a state of the one around counts."""
        key = (move.number, counts)
        if key not in self._may:
            free = (self.one.name, move.event) in self.brought or not self._reads(self.one, move, {self._standing})
            self._may[key] = free or self.guards.possible(move, (self._is_in(counts),))
        return self._may[key]

    def _is_in(self, counts: str) -> Condition:
        return OneOf(self._standing, (self.names[self._standing].attribute.values.index(counts),))

    def _around_can(self, move: Move, here: Place) -> bool:
        """Whether a move of the one around can be made while this one stands where it does."""
        assert self.outer
        if (self.outer.name, move.event) in self.brought or not here.begun:
            return True
        if move.binds and here.state in self._holding:
            return False
        key = (move.number, here.state)
        if key not in self._around_may:
            never = self._not_yet(here.state) if not self.one.many else set()
            read = sorted(self._reads(self.outer, move, never))
            guards = Guards(self.pack, self.outer, self.effort)
            self._around_may[key] = not read or guards.possible(move, [Not(Reached(name, Shift())) for name in read])
        return self._around_may[key]

    def _not_yet(self, state: str) -> set[str]:
        """The events of this one that no way to a state contains, as the one around names them."""
        assert self.outer
        paths = Paths(self.one)
        names = self.pack.proceeding_names[self.outer.name]
        return {
            name
            for name, named in names.items()
            if (named.proceeding, named.what) == (self.one.name, "event")
            and not paths.may_have_happened(state, named.item)
        }

    @cached_property
    def _holding(self) -> set[str]:
        """The states of this one that hold the one around from the moment they are entered."""
        late = (move for move in self.one.moves if move.worsens)
        later = {state for move in late for state in ((move.to,) if move.to else move.states)}
        if any(state in move.states for move in self.one.moves for state in later):
            return set()
        return {state for hold in self.one.holds if hold.target == self.one.within for state in hold.states} - later

    def _reads(self, one: Proceeding, move: Move, names: set[str]) -> set[str]:
        guards = (period.guards.get((one.name, move.number)) for period in self.pack.law.periods)
        return {name for guard in guards if guard for name in attributes_of(guard)} & names


def _telling(one: Proceeding, fact: str) -> list[str]:
    """The events with which a fact may come."""
    return list(dict.fromkeys(move.event for move in one.moves if fact in move.tells))


def _first_told(one: Proceeding) -> set[str]:
    """The facts that only the first event of all tells."""
    if any(move.to == one.start or (not move.to and one.start in move.states) for move in one.moves):
        return set()
    return {
        fact
        for fact in one.facts
        if all(move.states == (one.start,) for event in _telling(one, fact) for move in one.of(event))
    }


def _joined(condition: Condition) -> tuple[Condition, ...]:
    """The parts that must all hold, without the places where they are written."""
    match condition:
        case Line(part=part):
            return _joined(part)
        case All(parts):
            return tuple(one for part in parts for one in _joined(part))
        case _:
            return (_renamed(condition, {}),)


def _plain(condition: Condition) -> bool:
    """Whether the day plays no part in it."""
    match condition:
        case Is() | OneOf() | AtMost():
            return True
        case Not(part):
            return _plain(part)
        case All(parts) | Some(parts):
            return all(_plain(part) for part in parts)
        case _:
            return False


def _renamed(condition: Condition, names: Mapping[str, str]) -> Condition:
    """The same of other names, without the places where it is written."""
    match condition:
        case Line(part=part):
            return _renamed(part, names)
        case Not(part):
            return Not(_renamed(part, names))
        case All(parts):
            return All(tuple(_renamed(part, names) for part in parts))
        case Some(parts):
            return Some(tuple(_renamed(part, names) for part in parts))
        case Is(name):
            return Is(names.get(name, name))
        case Known(name):
            return Known(names.get(name, name))
        case OneOf(name, codes):
            return OneOf(names.get(name, name), codes)
        case AtMost(name, limit):
            return AtMost(names.get(name, name), limit)
        case _:
            return condition
