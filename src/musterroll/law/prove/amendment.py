"""What an amendment moves: every pair of an old and a new answer between which somebody moves, with a small witness.

1. Both laws are asked about the same person on the same day. An attribute of the same name is the same fact; values of
   an enumeration are the same where their names are, and a value that a law does not have is not known to that law.
2. What both laws ask is known. An attribute that only the earlier law has stays known to it. One that only the later
   law has is either known, or, since nobody has been asked yet, not: then the later law may leave undetermined whom
   the earlier one decided, and that is told as a move to undetermined.
3. A class is the same where its name, its effect and whether it may be called are. A class of the same name that now
   does something else is a move. A question that only one law asks moves everybody to or from "not asked". Whom the
   law registers (its scope) is compared like a question.
4. Where the later law goes on longer, the earlier one is asked as though it had gone on. Days that cannot be compared,
   and what is changed beside the rules, are told (`Compared.notes`).
5. A move is worse when it puts off a duty less, or lets the person be called, or binds to a later-tried duty, or
   enters somebody in the register. Undetermined binds to nothing.
6. That there are no other moves is proved. Where the solver gives up this is an error, not an empty answer.
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
from musterroll.law.model import All, Class, Condition, Period, attributes_of
from musterroll.law.pack import Pack
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import Asked, Encoder, attributes_read
from musterroll.law.prove.person import Codes, Fact, Facts, Knowledge
from musterroll.law.prove.proposal import value
from musterroll.law.prove.witness import EFFORT, neutral, plainer, same
from musterroll.law.truth import Truth

UNDETERMINED = "undetermined"
NOT_ASKED = "not asked"
SCOPE = "whom the law registers"
REGISTERED, NOT_REGISTERED = "registered", "not registered"


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody moves from one answer to another on a day. `differs` is what sets the person apart, as cases write it.

    `now` says what a class of the same name does under the later law; empty where the name changes.
    """

    question: str
    was: str
    becomes: str
    person: Mapping[str, Held]
    on: int
    worse: bool
    differs: tuple[tuple[str, str], ...]
    now: str = ""

    @property
    def told(self) -> str:
        """One line for a reader."""
        facts = ", ".join(f"{name}: {text}" for name, text in self.differs)
        worse, now = "WORSE  " if self.worse else "", f" (now {self.now})" if self.now else ""
        day = format_day(self.on)
        return f"{worse}{self.question}: {self.was} -> {self.becomes}{now}, on {day}: {facts or 'anybody'}"


@dataclass(frozen=True, slots=True)
class Compared:
    """All moves, and what is to be known of the comparison: days that were not compared, and other changes."""

    moves: tuple[Move, ...]
    notes: tuple[str, ...]


def moves(a: Pack, b: Pack, effort: int = EFFORT) -> tuple[Move, ...]:
    """Every move from the law `a` to the law `b`; none: on all days compared the laws answer alike. As `compared`."""
    return compared(a, b, effort).moves


def compared(a: Pack, b: Pack, effort: int = EFFORT) -> Compared:
    """Every move from the law `a` to the law `b`, by question, old and new answer.

    Raises MusterRollError `law.amendment` for packs that cannot be compared, or where the solver gives up.
    """
    both = _union(a, b)
    notes = _notes(a, b)
    a = _continued(a, b)
    found: dict[tuple[str, str, str], Move] = {}
    for question in (*dict.fromkeys([*a.questions, *b.questions]), SCOPE):
        for one in a.law.periods:
            for other in b.law.periods:
                first, end = max(one.first, other.first), min(one.end, other.end)
                if first < end:
                    comparison = _Comparison(a, b, both, question, one, other, Days(first, end), effort)
                    for move in comparison.moves(found):
                        found[question, move.was, move.becomes] = move
    return Compared(tuple(found.values()), notes)


def _notes(a: Pack, b: Pack) -> tuple[str, ...]:
    """What the comparison of answers does not say by itself."""
    found = []
    first, last = (pack.law.periods[0].first for pack in (a, b)), (pack.law.periods[-1].end for pack in (a, b))
    (began, begins), (ended, ends) = first, last
    if ended < ends:
        found.append(f"From {format_day(ended)} on, the earlier law is asked as though it had gone on.")
    if begins < began:
        found.append(f"Not compared: the days before {format_day(began)}, of which only the later law speaks.")
    if began < begins:
        found.append(f"Not compared: the days before {format_day(begins)}, of which only the earlier law speaks.")
    if ends < ended:
        found.append(f"Not compared: the days from {format_day(ends)} on, of which only the earlier law speaks.")
    for kind, old, new in (
        ("parameter", a.parameters, b.parameters),
        ("procedure", a.procedures, b.procedures),
        ("proceeding", _proceedings(a), _proceedings(b)),
    ):
        changed = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
        found += [f"Changed beside the rules: {kind} {name}." for name in changed]
    if a.selection != b.selection:
        found.append("Changed beside the rules: the selection.")
    return tuple(found)


def _proceedings(pack: Pack) -> dict[str, tuple[object, ...]]:
    """Each proceeding with the conditions of its moves, as each time of the law reads them."""
    return {
        name: (
            dataclasses.replace(one, moves=tuple(dataclasses.replace(move, when=()) for move in one.moves)),
            [
                {number: guard for (of, number), guard in period.guards.items() if of == name}
                for period in pack.law.periods
            ],
        )
        for name, one in pack.proceedings.items()
    }


@dataclass(frozen=True, slots=True)
class Days:
    """From a first day to the day before the end."""

    first: int
    end: int


def _continued(a: Pack, b: Pack) -> Pack:
    """The earlier law, gone on to the end of the later one."""
    last, end = a.law.periods[-1], b.law.periods[-1].end
    if end <= last.end:
        return a
    periods = (*a.law.periods[:-1], dataclasses.replace(last, end=end))
    return dataclasses.replace(a, law=dataclasses.replace(a.law, periods=periods))


class _Side:
    """One law's answers to one question, or whom it registers, or nothing where it does not ask."""

    def __init__(self, pack: Pack, question: str, period: Period) -> None:
        self.pack, self.question, self.period = pack, question, period
        self.asked = pack.questions.get(question)
        self.scope: Condition = All(()) if period.scope is None else period.scope

    @property
    def reads(self) -> frozenset[str]:
        """The attributes on which the answer can turn."""
        if self.question == SCOPE:
            return attributes_of(self.scope)
        return frozenset(attributes_read(self.pack, self.question, self.period) if self.asked else ())

    def formulas(self, facts: Facts, day: Day) -> dict[str, z3.BoolRef]:
        """Each answer, and that it is the answer."""
        mine = _as_in(self.pack, facts)
        if self.question == SCOPE:
            pair = Encoder(mine, day, self.period.calendar).truth(self.scope)
            return {REGISTERED: pair.true, NOT_REGISTERED: z3.Not(pair.maybe), UNDETERMINED: pair.unknown}
        if self.asked is None:
            return {NOT_ASKED: z3.BoolVal(True, facts.context)}
        law = Asked(self.pack, self.question, self.period, mine, day)
        decided = {one.name: law.class_is(index) for index, one in enumerate(self.asked.classes)}
        return {**decided, UNDETERMINED: law.undetermined}

    def answer(self, both: Mapping[str, Attribute], held: Mapping[str, Held], on: int) -> str:
        """What the evaluator says."""
        view = View(self.pack, _held_in(self.pack, both, held), on)
        if self.question == SCOPE:
            known = {Truth.TRUE: REGISTERED, Truth.FALSE: NOT_REGISTERED, Truth.UNKNOWN: UNDETERMINED}
            return known[view.truth(self.scope)]
        if self.asked is None:
            return NOT_ASKED
        return answer(view, self.period, self.asked) or UNDETERMINED

    def burden(self, name: str) -> tuple[int, bool]:
        """How heavy an answer is: its effect, and whether it lets the person be called."""
        one = self._class(name)
        return (one.effect.burden, one.callable) if one else (int(name == REGISTERED), False)

    def does(self, name: str) -> tuple[str, bool]:
        """What an answer does to a person; for what is no class, its name."""
        one = self._class(name)
        return (one.effect.value, one.callable) if one else (name, False)

    def _class(self, name: str) -> Class | None:
        return next((one for one in self.asked.classes if one.name == name), None) if self.asked else None


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
        self.old, self.new = _Side(a, question, one), _Side(b, question, other)
        context = z3.Context()
        names = self.old.reads | self.new.reads
        self.facts = Facts(both, [name for name in both if name in names], Knowledge.OR_NOT, context)
        self.day = Day(days.first, days.end - 1, context)
        self.was = self.old.formulas(self.facts, self.day)
        self.becomes = self.new.formulas(self.facts, self.day)
        self.solver = z3.Solver(ctx=context)
        self.solver.set("rlimit", effort)
        self.solver.add(*self.facts.domain, *self.day.domain)
        new = [name for name in self.facts.attributes if name not in a.attributes]
        known = [symbols.known for name, symbols in self.facts.of.items() if name not in new]
        asked = z3.And(*(self.facts.of[name].known for name in new)) if new else z3.BoolVal(True, context)
        open_answer = self.becomes.get(UNDETERMINED, z3.BoolVal(False, context))
        unasked = z3.And(*(z3.Not(self.facts.of[name].known) for name in new), open_answer)
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
        for name, formula in self.was.items():
            if name in self.becomes and self._stays(name, name):
                self.solver.add(z3.Not(z3.And(formula, self.becomes[name])))
        for question, old, new in before:
            if question == self.question:
                self.solver.add(z3.Not(z3.And(self.was[old], self.becomes[new])))
        while (answered := self.solver.check()) == z3.sat:
            model = self.solver.model()
            move = self._move(self.facts.person(model), self.day.on(model))
            yield move
            self.solver.add(z3.Not(z3.And(self.was[move.was], self.becomes[move.becomes])))
        if answered != z3.unsat:
            raise MusterRollError(
                "law.amendment",
                f"Whether there are more moves in question {self.question} could not be proved.",
                where=f"question {self.question}",
                remedy="Compare the packs in smaller steps.",
            )

    def _stays(self, was: str, becomes: str) -> bool:
        """The same answer, which does the same."""
        return was == becomes and self.old.does(was) == self.new.does(becomes)

    def _answer(self, held: Mapping[str, Held], on: int) -> tuple[str, str]:
        return self.old.answer(self.both, held, on), self.new.answer(self.both, held, on)

    def _move(self, held: Mapping[str, Held], on: int) -> Move:
        """The move of somebody found, made as like as can be to a person whom the packs' cases know."""
        was, becomes = self._answer(held, on)
        if self._stays(was, becomes):
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
        effect, callable_ = self.new.does(becomes)
        now = f"{effect}, {'may' if callable_ else 'may not'} be called" if was == becomes else ""
        return Move(self.question, was, becomes, person, on, self._worse(was, becomes), differs, now)

    def _worse(self, was: str, becomes: str) -> bool:
        before, now = self.old.burden(was), self.new.burden(becomes)
        old, new = self.old.asked, self.new.asked
        if becomes == UNDETERMINED or now != before or old is None or new is None:
            return becomes != UNDETERMINED and now > before
        places = [one.name for one in new.classes]
        bound = becomes in places and new.classes[places.index(becomes)].adverse
        return bound and was in places and places.index(becomes) > places.index(was)


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
