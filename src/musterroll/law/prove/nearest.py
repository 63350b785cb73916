"""What would give a person a less burdensome class: the fewest facts that would have to be otherwise (law-engine 6.5).

1. Birth, legal sex, citizenship, residence, registration (with death) and own earlier orders stay as they are. Nor
   does time move: what time alone does is `law.explain`.
2. The answers are the smallest sets of facts that would have to be otherwise, the smallest first, none containing
   another; a fact that is not established stays so, unless it is among them.
3. Each answer is decided again by the evaluator, for every kind of value in the spans that it names.
4. It says what the law asks for, never what the person should do. A protected fact (service, education, care duty,
   office, finding) is named with who establishes it: it is found by others, not chosen.
5. Of somebody undetermined nothing is said here: what is missing comes first.
6. Where the solver gives up, what was found until then is not all there is: `Nearest.complete` says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import z3

from musterroll.fact.attribute import PROTECTED_KINDS, UNKNOWN, Attribute, Held, Kind, State, ValueType
from musterroll.law.answer import answer
from musterroll.law.cells import cells
from musterroll.law.evaluate import View
from musterroll.law.model import Question
from musterroll.law.pack import Pack
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import Asked, attributes_read
from musterroll.law.prove.person import EARLIEST, LATEST, Codes, Facts, Knowledge
from musterroll.law.prove.witness import EFFORT, same
from musterroll.law.wording import Wording

IMMUTABLE = frozenset(
    {Kind.BIRTH, Kind.LEGAL_SEX, Kind.CITIZENSHIP, Kind.RESIDENCE_AREA, Kind.REGISTRATION, Kind.OWN_ORDER}
)
"""Kinds of fact that nobody is told could be otherwise."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One fact that would have to be otherwise: from `lo` to `hi` (the same for one value).

    `protected` facts are established by others, `by`, in words; `asks` is what the law asks for, as a statement.
    """

    attribute: str
    label: str
    lo: int
    hi: int
    protected: bool
    by: tuple[str, ...]
    asks: str


@dataclass(frozen=True, slots=True)
class Way:
    """A less burdensome class, and all that would have to be otherwise for it."""

    cls: str
    label: str
    facts: tuple[Otherwise, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The ways found, those of the fewest facts first; `complete` unless the solver gave up."""

    ways: tuple[Way, ...]
    complete: bool


def changes(
    pack: Pack,
    question: str,
    held: Mapping[str, Held],
    on: int,
    most: int = 3,
    *,
    language: str = "en",
    effort: int = EFFORT,
) -> Nearest:
    """At most so many ways to a less burdensome class, on the same day. Raises as `decide` does."""
    period, asked = pack.at(on), pack.questions[question]
    now = answer(View(pack, held, on), period, asked)
    lighter = () if now is None else _lighter(asked, now)
    if not lighter:
        return Nearest((), complete=True)
    looking = _Looking(pack, question, held, on, effort)
    found: list[Way] = []
    for names in looking.sets(lighter):
        found.append(looking.way(names, Wording(pack, language)))
        if len(found) == most:
            break
    return Nearest(tuple(found), complete=not looking.gave_up)


def _lighter(asked: Question, now: str) -> tuple[int, ...]:
    burden = {one.name: (one.effect.burden, one.callable) for one in asked.classes}
    return tuple(index for index, one in enumerate(asked.classes) if burden[one.name] < burden[now])


class _Looking:
    def __init__(self, pack: Pack, question: str, held: Mapping[str, Held], on: int, effort: int) -> None:
        self.pack, self.question, self.on = pack, pack.questions[question], on
        self.held = dict(held)
        self.period = pack.at(on)
        self.gave_up = False
        self.found: dict[str, Held] = {}
        partly = any(fact.lo != fact.hi for fact in held.values())
        context = z3.Context()
        names = attributes_read(pack, question, self.period)
        facts = Facts(pack.attributes, names, Knowledge.PARTLY if partly else Knowledge.OR_NOT, context)
        self.law = Asked(pack, question, self.period, facts, Day(on, on, context))
        self.optimize = z3.Optimize(ctx=context)
        self.optimize.set("rlimit", effort)
        self.optimize.add(*self.law.domain)
        self.stays = {name: z3.Bool(f"{name} stays", context) for name in names}
        for name, stays in self.stays.items():
            as_held = _as_held(facts, name, held.get(name, UNKNOWN))
            if pack.attributes[name].kind in IMMUTABLE:
                self.optimize.add(stays)
            self.optimize.add(z3.Implies(stays, as_held), z3.Or(stays, _known_exactly(facts, name)))
            self.optimize.add_soft(stays)

    def sets(self, lighter: tuple[int, ...]) -> Iterator[tuple[str, ...]]:
        """The smallest sets of facts, the smallest first; `found` then holds values that they could have."""
        self.optimize.add(z3.Or(*(self.law.class_is(index) for index in lighter)))
        self.lighter = {self.question.classes[index].name for index in lighter}
        while (answered := self.optimize.check()) == z3.sat:
            model = self.optimize.model()
            person = self.law.facts.person(model)
            names = tuple(
                name for name in self.stays if not same(person.get(name, UNKNOWN), self.held.get(name, UNKNOWN))
            )
            self.found = {name: person[name] for name in names}
            if self.answer(self.found) not in self.lighter:
                raise RuntimeError(f"the evaluator does not confirm what the solver found for {self.question.name}")
            yield names
            self.optimize.add(z3.Or(*(self.stays[name] for name in names)))
        self.gave_up = answered != z3.unsat

    def answer(self, other: Mapping[str, Held]) -> str | None:
        """The class with these facts otherwise."""
        return answer(View(self.pack, {**self.held, **other}, self.on), self.period, self.question)

    def way(self, names: tuple[str, ...], wording: Wording) -> Way:
        """The facts as spans of values: as wide as the class stays the same, one fact after the other."""
        found = dict(self.found)
        cls = self.answer(found) or ""
        facts = []
        for name in names:
            lo, hi = self._span(name, found, cls)
            facts.append(self._otherwise(name, lo, hi, wording))
        label = wording.class_label(self.question.name, cls)
        words = "; ".join(one.asks for one in facts)
        return Way(cls, label, tuple(facts), f"{label}: the law asks for {words}.")

    def _span(self, name: str, found: dict[str, Held], cls: str) -> tuple[int, int]:
        """All values around the one found, the other facts as found, that give the same class."""
        attribute, exact = self.pack.attributes[name], found[name].exact
        assert exact is not None
        if attribute.type in (ValueType.BOOL, ValueType.ENUM):
            return exact, exact
        rules = [rule.when for rule in self.period.rules[self.question.name] if rule]
        ends = cells(rules, self.pack.attributes, self.on, self.period.calendar, {**self.held, **found})[name]
        starts = [attribute.span[0], *(end + 1 for end in ends[:-1])]
        at = next(index for index, end in enumerate(ends) if exact <= end)
        first = last = at
        while first > 0 and self._same_class(name, found, ends[first - 1], cls):
            first -= 1
        while last + 1 < len(ends) and self._same_class(name, found, ends[last + 1], cls):
            last += 1
        return starts[first], ends[last]

    def _same_class(self, name: str, found: dict[str, Held], value: int, cls: str) -> bool:
        return self.answer({**found, name: Held(value, value, State.SINGLE)}) == cls

    def _otherwise(self, name: str, lo: int, hi: int, wording: Wording) -> Otherwise:
        attribute = self.pack.attributes[name]
        protected = attribute.kind in PROTECTED_KINDS
        by = tuple(wording.answers(who) for who in attribute.answers if not protected or who != "person")
        asks = f"{wording.label(name)}: {_span_in_words(attribute, lo, hi, wording)}"
        if protected:
            asks += f" (established by {attribute.proof})"
        return Otherwise(name, wording.label(name), lo, hi, protected, by, asks)


def _span_in_words(attribute: Attribute, lo: int, hi: int, wording: Wording) -> str:
    def one(value: int) -> str:
        return wording.value(attribute.name, Held(value, value, State.SINGLE))

    if lo == hi:
        return one(lo)
    lowest, highest = attribute.span
    if attribute.type is ValueType.DATE:
        lowest, highest = EARLIEST, LATEST
        after, before = "on or after", "on or before"
    else:
        after, before = "at least", "at most"
    if hi >= highest:
        return f"{after} {one(lo)}" if lo > lowest else one(hi)
    return f"{before} {one(hi)}" if lo <= lowest else f"{one(lo)} to {one(hi)}"


def _as_held(facts: Facts, name: str, held: Held) -> z3.BoolRef:
    """The formula that a fact is held exactly so."""
    if held.lo is None:
        return z3.Not(facts.of[name].known)
    return z3.And(*(symbol == value for symbol, value in facts.substitution(name, held)))


def _known_exactly(facts: Facts, name: str) -> z3.BoolRef:
    one = facts.of[name]
    if isinstance(one, Codes):
        return z3.And(one.known, z3.PbEq([(so, 1) for so in one.may], 1))
    return z3.And(one.known, one.lo == one.hi)
