"""Somebody of whom something holds, as like as can be to a person whom the pack's cases already know.

1. Looked for is first somebody of whom everything is known, then somebody of whom some facts are not known at all,
   then somebody of whom some are known partly. That there is nobody is proved only when all three find nobody.
2. Of somebody found, one fact after the other is made as it is in most of the question's cases, then as plain as it
   can be, and the day that of the pack's other cases, as long as what was looked for still holds.
3. What holds is asked of the evaluator each time: a witness that it does not confirm is a programming error.
4. The solver's effort is bounded by its own count of steps, not by a clock; where it gives up, nothing is proved.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import z3

from musterroll.fact.attribute import UNKNOWN, Attribute, Held, State, ValueType
from musterroll.law import cases
from musterroll.law.declare import value_of
from musterroll.law.pack import Pack
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import Asked, attributes_read
from musterroll.law.prove.person import Facts, Knowledge

EFFORT = 20_000_000
"""Steps of the solver (its `rlimit`) for one question about a law; far more than any needed so far."""

_NEAR = 800
"""A date so many days from the day of evaluation is easily read; another one is brought nearer, if it may be."""

type Holds = Callable[[Mapping[str, Held], int], bool]
type Goal = Callable[[Asked], z3.BoolRef]


@dataclass(frozen=True, slots=True)
class Witness:
    """A person and a day: `like` is the name of a `person` block ("" for none), `held` all that is known."""

    question: str
    like: str
    held: Mapping[str, Held]
    on: int


class Nobody(Enum):
    """Why there is no witness."""

    PROVED = "there is no such person on any day"
    NOT_PROVED = "the solver gave up, or the law of these days lies outside the years it knows"


class Search:
    """Looks for people under one pack. What is asked of the solver is put up once for each question and period."""

    def __init__(self, pack: Pack, effort: int = EFFORT) -> None:
        self.pack = pack.apart
        self.effort = effort
        self.people = cases.people(pack) or {"": neutral(pack)}
        self._asked = _asked_before(pack)
        self._lines = [line for line in cases.lines(pack) if not line.readings]
        self._known: dict[str, dict[str, Held]] = {}
        self._rooms: dict[tuple[str, int, Knowledge], _Room] = {}

    def find(
        self, question: str, number: int, goal: Goal, holds: Holds, *, involved: Iterable[str] = ()
    ) -> Witness | Nobody:
        """Somebody, on a day of the period `number`, for whom `goal` is true. `involved` are facts it is about."""
        about = frozenset(involved)
        answer = Nobody.PROVED
        for knowledge in Knowledge:
            found = self._room(question, number, knowledge).somebody(goal, about)
            if isinstance(found, Nobody):
                answer = found if found is Nobody.NOT_PROVED else answer
                continue
            if not holds(found.held, found.on):
                raise RuntimeError(f"the evaluator does not confirm what the solver found for {question}")
            return self._plain(found, number, holds)
        return answer

    def known(self) -> tuple[Witness, ...]:
        """The people of the pack's own cases on the days that the pack covers."""
        first, end = self.pack.law.periods[0].first, self.pack.law.periods[-1].end
        lines = [line for line in self._lines if first <= line.on < end]
        return tuple(Witness(line.question, self._like(line.held), line.held, line.on) for line in lines)

    def _like(self, held: Mapping[str, Held]) -> str:
        return min(self.people, key=lambda name: distance(self.people[name], held))

    def _room(self, question: str, number: int, knowledge: Knowledge) -> "_Room":
        key = (question, number, knowledge)
        if key not in self._rooms:
            like = self._like_of(question)
            days = self.days(question, number)
            self._rooms[key] = _Room(self.pack, question, number, knowledge, like, self._usual(question), days)
            self._rooms[key].solver.set("rlimit", self.effort)
        return self._rooms[key]

    def _like_of(self, question: str) -> str:
        """The known person about whom this question is asked most."""
        names = [like for like, _ in self._asked[question][0].most_common(1)]
        return names[0] if names else next(iter(self.people))

    def _usual(self, question: str) -> dict[str, Held]:
        """Whom this question's cases are about most often, fact by fact; a known person where it has no cases."""
        if question not in self._known:
            people = [line.held for line in self._lines if line.question == question]
            found = dict(self.people[self._like_of(question)])
            for name in self.pack.attributes if people else ():
                values = Counter(one.get(name, UNKNOWN).exact for one in people)
                value = values.most_common(1)[0][0]
                if value is not None:
                    found[name] = Held(value, value, State.SINGLE)
            self._known[question] = found
        return self._known[question]

    def usual_first(self, question: str, numbers: Iterable[int]) -> list[int]:
        """Periods, those first in which the question's cases are asked most."""
        counted = self._asked[question][1]
        periods = self.pack.law.periods
        asked = {
            n: sum(many for day, many in counted.items() if periods[n].first <= day < periods[n].end) for n in numbers
        }
        return sorted(asked, key=lambda number: -asked[number])

    def days(self, question: str, number: int) -> tuple[int, ...]:
        """The days of a period on which the pack's cases ask this question, the most frequent first."""
        period = self.pack.law.periods[number]
        counted = self._asked[question][1].most_common()
        return tuple(day for day, _ in counted if period.first <= day < period.end)[:3] or (period.first,)

    def _plain(self, found: Witness, number: int, holds: Holds) -> Witness:
        """The same, made as like to the known person and as plain as it can be."""
        base = self._usual(found.question)
        held, on = {**dict.fromkeys(base, UNKNOWN), **found.held}, found.on
        on = next((day for day in self.days(found.question, number) if day == on or holds(held, day)), on)
        for key, attribute in self.pack.attributes.items():
            fact = held.get(key, UNKNOWN)
            for instead in (base.get(key, UNKNOWN), *plainer(attribute, fact, on)):
                if same(instead, fact):
                    break
                if holds({**held, key: instead}, on):
                    held[key] = instead
                    break
        known = {key: fact for key, fact in held.items() if not same(fact, UNKNOWN)}
        return Witness(found.question, found.like, known, on)


class _Room:
    """One question in one period as the solver has it, with switches that make facts as in a known person."""

    def __init__(
        self,
        pack: Pack,
        question: str,
        number: int,
        knowledge: Knowledge,
        like: str,
        known: Mapping[str, Held],
        days: tuple[int, ...],
    ) -> None:
        period, context = pack.law.periods[number], z3.Context()
        read = {name for one in pack.law.periods for name in attributes_read(pack, question, one)}
        facts = Facts(pack.attributes, [name for name in pack.attributes if name in read], knowledge, context)
        self.like, self.known = like, known
        self.law = Asked(pack, question, period, facts, Day(period.first, period.end - 1, context))
        self.solver = z3.Solver(ctx=context)
        self.solver.add(*self.law.domain)
        self.day = z3.Bool("the usual day", context)
        self.solver.add(z3.Implies(self.day, self.law.day.symbol == days[0]))
        self.alike: dict[str, z3.BoolRef] = {}
        for key in facts.attributes:
            value = self.known.get(key, UNKNOWN).exact
            if value is not None:
                self.alike[key] = z3.Bool(f"{key} as {like}", context)
                self.solver.add(z3.Implies(self.alike[key], facts.is_exactly(key, value)))

    def somebody(self, goal: Goal, about: frozenset[str]) -> Witness | Nobody:
        """A person and a day: like a known person in all that the goal is not about, if possible; else anybody."""
        if self.law.day.empty:
            return Nobody.NOT_PROVED
        self.solver.push()
        try:
            self.solver.add(goal(self.law))
            like = [switch for key, switch in self.alike.items() if key not in about]
            for more in ((self.day,), ()):
                if self.solver.check(*like, *more) == z3.sat:
                    return self._found(self.solver.model(), {*self.alike} - about)
            answer = self.solver.check()
            if answer == z3.sat:
                return self._found(self.solver.model(), set())
            return Nobody.PROVED if answer == z3.unsat else Nobody.NOT_PROVED
        finally:
            self.solver.pop()

    def _found(self, model: z3.ModelRef, alike: set[str]) -> Witness:
        """What the solver found; facts that are alike, or not read, are those of the known person."""
        facts = self.law.facts
        asked = [key for key in facts.attributes if key not in alike]
        found = Facts(facts.attributes, (), facts.knowledge, facts.context)
        found.of = {key: facts.of[key] for key in asked}
        others = {key: fact for key, fact in self.known.items() if key not in asked}
        return Witness(self.law.question.name, self.like, {**others, **found.person(model)}, self.law.day.on(model))


def same(one: Held, other: Held) -> bool:
    """Whether as much is known in one as in the other."""
    return (one.lo, one.hi, one.among) == (other.lo, other.hi, other.among)


def distance(one: Mapping[str, Held], other: Mapping[str, Held]) -> int:
    """In how many facts two people differ."""
    return sum(not same(one.get(key, UNKNOWN), other.get(key, UNKNOWN)) for key in {*one, *other})


def neutral(pack: Pack) -> dict[str, Held]:
    """Somebody whom no fact concerns: each attribute's neutral value, where it declares one."""
    found = {}
    for name, attribute in pack.attributes.items():
        if attribute.neutral:
            value = value_of(attribute, attribute.neutral, name)
            found[name] = Held(value, value, State.SINGLE)
    return found


def plainer(attribute: Attribute, fact: Held, on: int) -> Iterator[Held]:
    """Values that are easier to read than one a solver chose, the plainest first."""
    exact = fact.exact
    if exact is None or attribute.type is ValueType.BOOL:
        return
    values: list[int] = [value_of(attribute, attribute.neutral, attribute.name)] if attribute.neutral else []
    if attribute.type is ValueType.DATE and abs(exact - on) > _NEAR:
        values.append(on)
    yield from (Held(value, value, State.SINGLE) for value in values)


def _asked_before(pack: Pack) -> dict[str, tuple[Counter[str], Counter[int]]]:
    """By question: how often its cases are about each known person, and about each day."""
    found: dict[str, tuple[Counter[str], Counter[int]]] = {name: (Counter(), Counter()) for name in pack.questions}
    for line in cases.lines(pack):
        found[line.question][1][line.on] += 1
    first = next(iter(pack.questions))
    for block in pack.cases:
        like = block.mapping("given").get("like")
        if block.kind == "case" and like:
            found[block.text("question", first)][0][like] += 1
    return found
