"""The conditions of moves, asked of everybody at once: can one hold, can it fail, can all of them fail together?

1. A condition speaks of the person (each fact exactly known or not at all), of the facts of proceedings, and of the
   days of events. Days of events are known: an event that happened on every way to the state has one, not later than
   the day of asking; one that no way there contains is `never`; of the others either may be.
2. What a move itself tells is chosen by whoever makes it: where it is asked whether anybody can act, it is taken as
   favourable, piece by piece. So no state is said to be without a next step that has one; the random walk looks at the
   rest.
3. The law of one period at a time; periods in which nothing asked about differs are asked once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import z3

from musterroll.dates import NEVER, format_day
from musterroll.fact.attribute import Attribute, Held
from musterroll.law.calendar import Calendar
from musterroll.law.model import All, Condition, Line, Not, Period, Some, attributes_of, joined_parts
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, Move, Proceeding
from musterroll.law.proceeding_names import VOTES
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import Encoder
from musterroll.law.prove.paths import Paths
from musterroll.law.prove.person import EARLIEST, Ends, Facts, Knowledge
from musterroll.law.prove.proposal import value
from musterroll.law.prove.solver import Solver

_YES, _NO = All(()), Some(())
_OF_EVENTS = ("event", "told", "posted", "entered", "standing", *VOTES)


@dataclass(frozen=True, slots=True)
class Somebody:
    """Of whom something is so: the facts known, as a case writes them, and the day."""

    facts: Mapping[str, str]
    on: int

    @property
    def told(self) -> str:
        """For a sentence."""
        known = ", ".join(f"{name} {text}" for name, text in self.facts.items())
        return f"{known or 'somebody of whom nothing is known'}, on {format_day(self.on)}"


class Guards:
    """The conditions of one proceeding's moves, in each period of the law."""

    def __init__(self, pack: Pack, proceeding: Proceeding, effort: int) -> None:
        self.pack = pack
        self.paths = Paths(proceeding)
        self.name = proceeding.name
        self.effort = effort
        self.names = pack.proceeding_names[proceeding.name]
        self.solvers: list[Solver] = []
        self.attributes: dict[str, Attribute] = {**pack.attributes, **self.names.attributes}

    @property
    def steps(self) -> int:
        """What the solver has done so far, in its own count."""
        return sum(one.steps for one in self.solvers)

    def can_hold(self, move: Move) -> bool:
        """Whether there is anybody, on any day, for whom the move's condition is known to hold. Raises GaveUp."""
        return any(self._some(room, [room.true(room.guards[0])]) for room in self._rooms([move]))

    def can_fail(self, move: Move) -> bool:
        """Whether there is anybody, wholly known, for whom it does not hold. Raises GaveUp."""
        rooms = self._rooms([move], Knowledge.EXACTLY)
        return any(self._some(room, [z3.Not(room.true(room.guards[0]))]) for room in rooms)

    def exclude(self, one: Move, other: Move, state: str) -> bool:
        """Whether nobody, on no day, meets the conditions of both. Raises GaveUp."""
        rooms = self._rooms([one, other], at=state)
        return not any(self._some(room, [room.true(guard) for guard in room.guards]) for room in rooms)

    def possible(self, move: Move, given: Iterable[Condition]) -> bool:
        """Whether anybody can make the move, of whom what is `given` is not known to be otherwise. Raises GaveUp."""
        given = tuple(given)
        for period in self.pack.law.periods:
            guard = period.guards.get((self.name, move.number), _YES)
            for room in self._room((guard, *given), period):
                may = room.maybe(guard) if PERSON in move.by else room.true(guard)
                if self._some(room, [may, *(room.maybe(one) for one in given)]):
                    return True
        return False

    def differ(
        self,
        move: Move,
        instead: Mapping[int, Condition | None],
        given: Sequence[Condition] = (),
        before: Sequence[Move] = (),
    ) -> bool:
        """Whether there is anybody for whom it matters that a move asks something else. Raises GaveUp.

        Of what is `given` nothing is known to be otherwise. Moves tried `before` it leave it nobody whom they let in.
        """
        asked: list[tuple[Condition, ...]] = []
        for number, period in enumerate(self.pack.law.periods):
            law = period.guards.get((self.name, move.number), _YES)
            first = (period.guards.get((self.name, one.number), _YES) for one in before)
            guards = (law, instead.get(number, law) or _YES, *first)
            if guards not in asked and any(
                self._matters(room, move) for room in self._room(guards, period, given=given)
            ):
                return True
            asked.append(guards)
        return False

    def _matters(self, room: "_Room", move: Move) -> bool:
        """Whether two conditions let in different people, of those whom no other condition has let in."""
        law, other, *before = room.guards
        chosen = self._chosen(move)
        if PERSON in move.by and self._told_apart(room, law, other, before, room.maybe):
            return True
        if not set(move.by) - {PERSON}:
            return False
        if self._told_apart(room, law, other, before, room.true):
            return True
        if not (attributes_of(law) | attributes_of(other)) & chosen:
            return False
        if not (_apart(law, chosen) and _apart(other, chosen)):
            return self._some(room, [_unlike(room)])
        before = [guard for guard in before if _apart(guard, chosen)]
        law, other, *before = (_favourable(guard, chosen, wanted=True) for guard in (law, other, *before))
        return self._told_apart(room, law, other, before, room.true)

    def _told_apart(
        self,
        room: "_Room",
        law: Condition,
        other: Condition,
        before: Iterable[Condition],
        lets_in: Callable[[Condition], z3.BoolRef],
    ) -> bool:
        """Whether one of two conditions lets somebody in whom the other does not, and none before them."""
        return self._some(room, [lets_in(law) != lets_in(other), *(z3.Not(lets_in(one)) for one in before)])

    def nobody_can(self, moves: Sequence[Move], state: str) -> Somebody | None:
        """Somebody for whom none of the moves can be made in this state; None where there is nobody. Raises GaveUp."""
        for room in self._rooms(moves, at=state):
            shut = []
            for move, guard in zip(moves, room.guards, strict=True):
                open_to = _favourable(guard, self._chosen(move), wanted=True)
                if any(role != PERSON for role in move.by):
                    shut.append(z3.Not(room.true(open_to)))
                if PERSON in move.by:
                    shut.append(z3.Not(room.maybe(open_to)))
            if self._some(room, shut):
                return room.plainest(self.attributes, shut)
        return None

    def _chosen(self, move: Move) -> frozenset[str]:
        return frozenset((*move.tells, *(f"{move.event}_{what}" for what in VOTES)))

    def _some(self, room: "_Room", formulas: Iterable[z3.BoolRef]) -> bool:
        return room.solver.find(*(room.solver.named(one) for one in formulas)) is not None

    def _rooms(self, moves: Sequence[Move], knowledge: Knowledge = Knowledge.OR_NOT, at: str = "") -> Iterator["_Room"]:
        seen: list[tuple[tuple[Condition, ...], Calendar]] = []
        for period in self.pack.law.periods:
            guards = tuple(period.guards.get((self.name, move.number), _YES) for move in moves)
            if (guards, period.calendar) in seen:
                continue
            seen.append((guards, period.calendar))
            yield from self._room(guards, period, knowledge, at)

    def _room(
        self,
        guards: tuple[Condition, ...],
        period: Period,
        knowledge: Knowledge = Knowledge.OR_NOT,
        at: str = "",
        given: Sequence[Condition] = (),
    ) -> Iterator["_Room"]:
        context = z3.Context()
        day = Day(period.first, period.end - 1, context)
        if not day.empty:
            read = frozenset().union(*(attributes_of(guard) for guard in (*guards, *given)))
            facts = Facts(self.attributes, [name for name in self.attributes if name in read], knowledge, context)
            room = _Room(guards, facts, day, period.calendar, self.effort)
            room.solver.add(*self._of_events(facts, day, at), *(room.maybe(one) for one in given))
            self.solvers.append(room.solver)
            yield room

    def _of_events(self, facts: Facts, day: Day, at: str) -> Iterator[z3.BoolRef]:
        """What is known of the days of events; in a state, also which of them have happened."""
        for name, one in facts.of.items():
            named = self.names.get(name)
            if named is None or named.what not in _OF_EVENTS:
                continue
            yield one.known
            if not isinstance(one, Ends) or named.what in VOTES:
                continue
            past = z3.And(one.lo >= EARLIEST, one.lo <= day.symbol)
            here = at and named.proceeding == self.name
            if here and named.what in ("event", "entered") and self.paths.happened(at, named.item):
                yield past
            elif here and not self.paths.may_have_happened(at, named.item):
                yield one.lo == NEVER
            else:
                yield z3.Or(past, one.lo == NEVER)


class _Room:
    """Conditions of one period put to the solver."""

    def __init__(self, guards: tuple[Condition, ...], facts: Facts, day: Day, calendar: Calendar, effort: int) -> None:
        self.guards = guards
        self.facts = facts
        self.day = day
        self.encoder = Encoder(facts, day, calendar)
        self.solver = Solver(facts.context, effort)
        self.solver.add(*facts.domain, *day.domain)

    def true(self, condition: Condition) -> z3.BoolRef:
        """It is known to hold."""
        return self.encoder.truth(condition).true

    def maybe(self, condition: Condition) -> z3.BoolRef:
        """It is not known not to hold."""
        return self.encoder.truth(condition).maybe

    def plainest(self, attributes: Mapping[str, Attribute], formulas: Iterable[z3.BoolRef]) -> Somebody:
        """Of those for whom the formulas hold, somebody of whom least is known, as early as may be."""
        self.solver.add(*formulas)
        for one in (*(z3.Not(fact.known) for fact in self.facts.of.values()), self.day.symbol == self.day.first):
            self.solver.push()
            self.solver.add(one)
            if self.solver.find() is None:
                self.solver.pop()
        model = self.solver.find()
        assert model is not None
        held: dict[str, Held] = self.facts.person(model)
        return Somebody({name: value(attributes[name], fact) for name, fact in held.items()}, self.day.on(model))


def _unlike(room: _Room) -> z3.BoolRef:
    """Two conditions differ in being true, or in being possible."""
    one, other, *_ = room.guards
    return z3.Or(room.true(one) != room.true(other), room.maybe(one) != room.maybe(other))


def _apart(condition: Condition, chosen: frozenset[str]) -> bool:
    """Whether what is chosen stands in comparisons of its own, and only these are denied."""
    match condition:
        case Line(part=part):
            return _apart(part, chosen)
        case Not(Not() | Line() as part):
            return _apart(part, chosen)
        case Not(part) if joined_parts(part):
            return not attributes_of(part) & chosen
        case Not(part):
            return _apart(part, chosen)
        case All(parts) | Some(parts):
            return all(_apart(part, chosen) for part in parts)
        case _:
            return not attributes_of(condition) & chosen or attributes_of(condition) <= chosen


def _favourable(condition: Condition, chosen: frozenset[str], *, wanted: bool) -> Condition:
    """The condition with every comparison that reads something chosen as whoever acts wants it."""
    match condition:
        case Not(part):
            return Not(_favourable(part, chosen, wanted=not wanted))
        case Line(part=part):
            return _favourable(part, chosen, wanted=wanted)
        case All(parts):
            return All(tuple(_favourable(part, chosen, wanted=wanted) for part in parts))
        case Some(parts):
            return Some(tuple(_favourable(part, chosen, wanted=wanted) for part in parts))
        case _ if attributes_of(condition) & chosen:
            return _YES if wanted else _NO
        case _:
            return condition
