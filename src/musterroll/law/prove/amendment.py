"""What an amendment moves: every pair of an old and a new class between which somebody moves, with a smallest witness.

1. Both laws are asked about the same person on the same day. An attribute of the same name is the same fact; values of
   an enumeration are the same where their names are, and a value that a law does not have is not known to that law.
2. What both laws ask is known. An attribute that only the earlier law has stays known to it. One that only the later
   law has is either known, or, since nobody has been asked yet, not: then the later law may leave undetermined whom
   the earlier one decided, and that is told as a move to undetermined.
3. Where the two packs share no day, the earlier law is asked as though it had gone on.
4. A move is worse when it puts off a duty less, or lets the person be called, or binds to a later-tried duty.
   Undetermined binds to nothing.
5. That there are no other moves is proved. Where the solver gives up this is an error, not an empty answer.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import z3

from musterroll.dates import format_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import UNKNOWN, Attribute, Held, ValueType, one_of
from musterroll.law import cases
from musterroll.law.answer import answer
from musterroll.law.evaluate import View
from musterroll.law.model import Period, Question
from musterroll.law.pack import Pack
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import Asked, attributes_read
from musterroll.law.prove.person import Codes, Fact, Facts, Knowledge
from musterroll.law.prove.proposal import value
from musterroll.law.prove.witness import EFFORT, neutral, plainer, same

UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody moves from one class to another on a day. `differs` is what sets the person apart, as cases write it."""

    question: str
    was: str
    becomes: str
    person: Mapping[str, Held]
    on: int
    worse: bool
    differs: tuple[tuple[str, str], ...]

    @property
    def told(self) -> str:
        """One line for a reader."""
        facts = ", ".join(f"{name}: {text}" for name, text in self.differs)
        worse = "WORSE  " if self.worse else ""
        return f"{worse}{self.question}: {self.was} -> {self.becomes}, on {format_day(self.on)}: {facts or 'anybody'}"


def moves(a: Pack, b: Pack, effort: int = EFFORT) -> tuple[Move, ...]:
    """Every move from the law `a` to the law `b`, by question, old and new class; none: the laws answer alike.

    Raises MusterRollError `law.amendment` for packs that cannot be compared, or where the solver gives up.
    """
    both = _union(a, b)
    a = _continued(a, b)
    found: dict[tuple[str, str, str], Move] = {}
    for question in (name for name in a.questions if name in b.questions):
        for one in a.law.periods:
            for other in b.law.periods:
                first, end = max(one.first, other.first), min(one.end, other.end)
                if first < end:
                    comparison = _Comparison(a, b, both, question, one, other, Days(first, end), effort)
                    for move in comparison.moves(found):
                        found[question, move.was, move.becomes] = move
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Days:
    """From a first day to the day before the end."""

    first: int
    end: int


def _continued(a: Pack, b: Pack) -> Pack:
    """The earlier law, gone on to the end of the later one where they share no day."""
    last, end = a.law.periods[-1], b.law.periods[-1].end
    if last.end > b.law.periods[0].first or end <= last.end:
        return a
    periods = (*a.law.periods[:-1], dataclasses.replace(last, end=end))
    return dataclasses.replace(a, law=dataclasses.replace(a.law, periods=periods))


def _union(a: Pack, b: Pack) -> dict[str, Attribute]:
    """The attributes of both laws; an enumeration has the values of both."""
    found = {**b.attributes, **a.attributes}
    for name in a.attributes.keys() & b.attributes.keys():
        one, other = a.attributes[name], b.attributes[name]
        if one.type is not other.type:
            raise MusterRollError(
                "law.amendment",
                f"`{name}` is of type {one.type.value} in one pack and {other.type.value} in the other.",
                where=f"attribute {name}",
                remedy="Give the attribute of another type another name.",
            )
        values = (*one.values, *(value for value in other.values if value not in one.values))
        least, most = min(one.least, other.least), max(one.most, other.most)
        found[name] = dataclasses.replace(one, values=values, least=least, most=most)
    return found


class _Comparison:
    """One question, by the earlier law of one period and the later law of another, on the days they share."""

    def __init__(
        self,
        a: Pack,
        b: Pack,
        both: Mapping[str, Attribute],
        question: str,
        one: Period,
        other: Period,
        days: Days,
        effort: int,
    ) -> None:
        self.a, self.b, self.both = a, b, both
        self.question = question
        self.periods = one, other
        context = z3.Context()
        names = {*attributes_read(a, question, one), *attributes_read(b, question, other)}
        self.facts = Facts(both, [name for name in both if name in names], Knowledge.OR_NOT, context)
        self.day = Day(days.first, days.end - 1, context)
        self.old = Asked(a, question, one, _as_in(a, self.facts), self.day)
        self.new = Asked(b, question, other, _as_in(b, self.facts), self.day)
        self.solver = z3.Solver(ctx=context)
        self.solver.set("rlimit", effort)
        self.solver.add(*self.facts.domain, *self.day.domain)
        new = [name for name in self.facts.attributes if name not in a.attributes]
        known = [symbols.known for name, symbols in self.facts.of.items() if name not in new]
        asked = z3.And(*(self.facts.of[name].known for name in new)) if new else z3.BoolVal(True, context)
        unasked = z3.And(*(z3.Not(self.facts.of[name].known) for name in new), self.new.undetermined)
        self.solver.add(*known, z3.Or(asked, unasked))

    def moves(self, before: Mapping[tuple[str, str, str], Move]) -> Iterator[Move]:
        """The moves not found before, each with its witness."""
        if self.day.empty:
            raise MusterRollError(
                "law.amendment",
                "These packs are in force together only outside the years 1901 to 2099, of which nothing is proved.",
                where=f"question {self.question}",
                remedy="Compare packs of these years.",
            )
        was, becomes = (
            _answers(self.a.questions[self.question], self.old),
            _answers(self.b.questions[self.question], self.new),
        )
        for name, formula in was.items():
            if name in becomes:
                self.solver.add(z3.Not(z3.And(formula, becomes[name])))
        for question, old, new in before:
            if question == self.question:
                self.solver.add(z3.Not(z3.And(was[old], becomes[new])))
        while (answered := self.solver.check()) == z3.sat:
            model = self.solver.model()
            move = self._move(self.facts.person(model), self.day.on(model))
            yield move
            self.solver.add(z3.Not(z3.And(was[move.was], becomes[move.becomes])))
        if answered != z3.unsat:
            raise MusterRollError(
                "law.amendment",
                f"Whether there are more moves in question {self.question} could not be proved.",
                where=f"question {self.question}",
                remedy="Compare the packs in smaller steps.",
            )

    def _answer(self, held: Mapping[str, Held], on: int) -> tuple[str, str]:
        found = []
        for pack, period in zip((self.a, self.b), self.periods, strict=True):
            view = View(pack, _held_in(pack, self.both, held), on)
            found.append(answer(view, period, pack.questions[self.question]) or UNDETERMINED)
        return found[0], found[1]

    def _move(self, held: Mapping[str, Held], on: int) -> Move:
        """The move of somebody found, made as like as can be to a person whom the packs' cases know."""
        was, becomes = self._answer(held, on)
        if was == becomes:
            raise RuntimeError(f"the evaluator does not confirm a move in {self.question}")
        base = _base(self.a, self.b, self.both)
        person = dict(held)
        for name in self.facts.attributes:
            fact = person.get(name, UNKNOWN)
            for instead in (base.get(name, UNKNOWN), *plainer(self.both[name], fact, on)):
                if same(instead, fact):
                    break
                known = not same(instead, UNKNOWN) or name not in self.a.attributes
                if known and self._answer({**person, name: instead}, on) == (was, becomes):
                    person[name] = instead
                    break
        differs = tuple(
            (name, value(self.both[name], person.get(name, UNKNOWN)))
            for name in self.facts.attributes
            if not same(person.get(name, UNKNOWN), base.get(name, UNKNOWN))
        )
        return Move(self.question, was, becomes, person, on, self._worse(was, becomes), differs)

    def _worse(self, was: str, becomes: str) -> bool:
        if becomes == UNDETERMINED:
            return False
        old, new = self.a.questions[self.question], self.b.questions[self.question]
        now = _burden(new, becomes)
        if was == UNDETERMINED:
            return now != (0, False)
        before = _burden(old, was)
        if now != before or was not in {one.name for one in new.classes}:
            return now > before
        return new.classes[new.index(becomes)].adverse and new.index(becomes) > new.index(was)


def _burden(question: Question, name: str) -> tuple[int, bool]:
    one = question.classes[question.index(name)]
    return one.effect.burden, one.callable


def _answers(question: Question, law: Asked) -> dict[str, z3.BoolRef]:
    decided = {one.name: law.class_is(index) for index, one in enumerate(question.classes)}
    return {**decided, UNDETERMINED: law.undetermined}


def _as_in(pack: Pack, facts: Facts) -> Facts:
    """The same symbols as one pack sees them: only its attributes, only its values."""
    mine = Facts(pack.attributes, (), facts.knowledge, facts.context)
    for name, symbols in facts.of.items():
        if name in pack.attributes:
            mine.attributes[name] = pack.attributes[name]
            mine.of[name] = _values_of(pack.attributes[name], facts.attributes[name], symbols)
    return mine


def _values_of(mine: Attribute, both: Attribute, fact: Fact) -> Fact:
    if mine.values == both.values or not isinstance(fact, Codes):
        return fact
    may = tuple(fact.may[both.values.index(one)] for one in mine.values)
    return Codes(z3.And(fact.known, z3.Or(*may)), may, fact.value)


def _held_in(pack: Pack, both: Mapping[str, Attribute], held: Mapping[str, Held]) -> dict[str, Held]:
    """The facts as one pack holds them; a value that it does not have is not known to it."""
    found = {}
    for name, fact in held.items():
        if name not in pack.attributes:
            continue
        mine, all_values = pack.attributes[name].values, both[name].values
        if mine == all_values or fact.exact is None:
            found[name] = fact
        elif all_values[fact.exact] in mine:
            found[name] = one_of(1 << mine.index(all_values[fact.exact]), fact.state)
    return found


def _base(a: Pack, b: Pack, both: Mapping[str, Attribute]) -> dict[str, Held]:
    """Somebody known: the first person of the later pack's cases, or of the earlier one's, or whom no fact concerns."""
    found: dict[str, Held] = {}
    for pack in (a, b):
        people = cases.people(pack)
        for name, fact in (next(iter(people.values())) if people else neutral(pack)).items():
            mine = pack.attributes[name]
            if mine.type is ValueType.ENUM and fact.exact is not None:
                code = both[name].values.index(mine.values[fact.exact])
                fact = one_of(1 << code, fact.state)
            found[name] = fact
    return found
