"""The law in force in one period as formulas of the solver: the same conditions that the evaluator reads.

1. A condition is a pair of formulas: that it is true, and that it may be true (is not known to be false). Kleene's
   logic on the pairs is `law.truth`, comparison by comparison as in `law.evaluate`.
2. The day of evaluation is free within the period (`day`); what is known of the person is free too (`person`).
3. A definition or exception that stands in many rules is one formula, made once.
4. Nothing here is believed by itself: every person that a solver finds is asked again of the evaluator, and the
   tests hold the formulas against the evaluator for people made up at random.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import z3

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import Held
from musterroll.law.calendar import Calendar, Shift
from musterroll.law.model import (
    All,
    AtMost,
    Condition,
    Is,
    Known,
    Leaf,
    Line,
    Not,
    OneOf,
    Ordered,
    Period,
    Reached,
    Rule,
    Some,
    attributes_of,
)
from musterroll.law.pack import Pack
from musterroll.law.prove.day import Day
from musterroll.law.prove.person import Codes, Ends, Fact, Facts, Knowledge

type Join = Callable[[Iterable[z3.BoolRef], z3.Context], z3.BoolRef]


@dataclass(frozen=True, slots=True)
class Pair:
    """That something is true, and that it is not known to be false. The first implies the second."""

    true: z3.BoolRef
    maybe: z3.BoolRef

    @property
    def unknown(self) -> z3.BoolRef:
        """Neither true nor false."""
        return z3.And(self.maybe, z3.Not(self.true))


class Encoder:
    """Conditions about one symbolic person on one symbolic day, by one calendar."""

    def __init__(self, facts: Facts, day: Day, calendar: Calendar) -> None:
        self.facts = facts
        self.day = day
        self.calendar = calendar
        self.context = facts.context
        self._made: dict[int, tuple[Condition, Pair]] = {}

    def truth(self, condition: Condition) -> Pair:
        """The condition as a pair of formulas."""
        known = self._made.get(id(condition))
        if known is None:
            known = self._made[id(condition)] = (condition, self._truth(condition))
        return known[1]

    def _truth(self, condition: Condition) -> Pair:
        match condition:
            case Not(part):
                pair = self.truth(part)
                return _pair(z3.Not(pair.maybe), z3.Not(pair.true) if pair.true is not pair.maybe else None)
            case Line(part=part):
                return self.truth(part)
            case All(parts):
                return self._joined([self.truth(part) for part in parts], all_of)
            case Some(parts):
                return self._joined([self.truth(part) for part in parts], any_of)
            case _:
                return self._leaf(condition)

    def _joined(self, pairs: list[Pair], join: Join) -> Pair:
        exact = all(pair.true is pair.maybe for pair in pairs)
        true = join((pair.true for pair in pairs), self.context)
        return _pair(true, None if exact else join((pair.maybe for pair in pairs), self.context))

    def _leaf(self, leaf: Leaf) -> Pair:
        match leaf:
            case Is(name):
                return self._one_of(name, (1,))
            case OneOf(name, codes):
                return self._one_of(name, codes)
            case AtMost(name, limit):
                return self._up_to(name, limit, limit)
            case Reached(name, shift, by):
                return self._up_to(name, *self.limits(shift, by))
            case Ordered(first, days, second):
                one, two = self._ends(first), self._ends(second)
                certain = _not_after(one.hi, days, two.lo)
                exact = one.hi is one.lo and two.hi is two.lo
                return _known((one, two), certain, None if exact else _not_after(one.lo, days, two.hi))
            case Known(name):
                return _pair(self.facts.of[name].known, None)
            case _:
                return _pair(self.day.symbol >= leaf.day, None)

    def limits(self, shift: Shift, by: int | None) -> tuple[z3.ArithRef | int, z3.ArithRef | int]:
        """The last dates that plus `shift` are surely, and may be, at or before a day."""
        if by is None:
            return self.day.limits(self.calendar, shift)
        if by >= NEVER - 1:
            return by, by
        return self.calendar.last_certain(by, shift), self.calendar.last_possible(by, shift)

    def _ends(self, name: str) -> Ends:
        one = self.facts.of[name]
        assert isinstance(one, Ends)
        return one

    def _one_of(self, name: str, codes: tuple[int, ...]) -> Pair:
        one = self.facts.of[name]
        assert isinstance(one, Codes)
        inside = any_of((may for code, may in enumerate(one.may) if code in codes), self.context)
        if one.value is not None:
            return _known((one,), inside, None)
        outside = any_of((may for code, may in enumerate(one.may) if code not in codes), self.context)
        return _known((one,), z3.Not(outside), inside)

    def _up_to(self, name: str, certain: z3.ArithRef | int, possible: z3.ArithRef | int) -> Pair:
        one = self._ends(name)
        exact = one.lo is one.hi and (certain is possible or (isinstance(certain, int) and certain == possible))
        return _known((one,), one.hi <= certain, None if exact else one.lo <= possible)


def _pair(true: z3.BoolRef, maybe: z3.BoolRef | None) -> Pair:
    """A pair; where there is nothing unknown, both are one formula."""
    return Pair(true, true if maybe is None else maybe)


def _known(facts: tuple[Fact, ...], true: z3.BoolRef, maybe: z3.BoolRef | None) -> Pair:
    """A comparison of facts: unknown as long as one of them is not known at all."""
    unknown = [one.known for one in facts if not z3.is_true(one.known)]
    if not unknown:
        return _pair(true, maybe)
    return Pair(z3.And(*unknown, true), z3.Or(*(z3.Not(one) for one in unknown), true if maybe is None else maybe))


def _not_after(first: z3.ArithRef, days: int, second: z3.ArithRef) -> z3.BoolRef:
    """The first date plus days is at or before the second; `never` and `none` stay what they are."""
    return z3.Or(first == FIRST_DAY, second == NEVER, z3.And(first != NEVER, first + days <= second))


def all_of(parts: Iterable[z3.BoolRef], context: z3.Context) -> z3.BoolRef:
    """Every part; true for none at all."""
    found = list(parts)
    return found[0] if len(found) == 1 else z3.And(*found) if found else z3.BoolVal(True, context)


def any_of(parts: Iterable[z3.BoolRef], context: z3.Context) -> z3.BoolRef:
    """At least one part; false for none at all."""
    found = list(parts)
    return found[0] if len(found) == 1 else z3.Or(*found) if found else z3.BoolVal(False, context)


class Asked:
    """One question about one symbolic person on one symbolic day, by the law of one period."""

    def __init__(
        self, pack: Pack, question: str, period: Period, facts: Facts, day: Day, encoder: Encoder | None = None
    ) -> None:
        self.pack = pack
        self.question = pack.questions[question]
        self.period = period
        self.facts = facts
        self.day = day
        self.encoder = encoder or Encoder(facts, day, period.calendar)
        self.context = facts.context
        self.rules: tuple[Rule | None, ...] = period.rules[question]
        self._bits: dict[str, tuple[int, ...]] = {}
        for bit, rule in enumerate(self.rules):
            if rule:
                self._bits[rule.gives] = (*self._bits.get(rule.gives, ()), bit)
        self.pairs = tuple(self.encoder.truth(rule.when) if rule else None for rule in self.rules)
        self._decided = self.deciding({bit: pair for bit, pair in enumerate(self.pairs) if pair}, self.context)

    def rule(self, bit: int) -> Pair:
        """A rule. Raises KeyError for one that is not in force in the period."""
        pair = self.pairs[bit]
        if pair is None:
            raise KeyError(bit)
        return pair

    def bits_of(self, index: int) -> tuple[int, ...]:
        """The rules in force that give a class."""
        return self._bits.get(self.question.classes[index].name, ())

    def class_is(self, index: int) -> z3.BoolRef:
        """The class is the answer, decided."""
        return self._decided[index]

    def may_be(self) -> dict[int, z3.BoolRef]:
        """For each class that it is the answer, or one of those between which it is not decided."""
        made: dict[int, z3.BoolRef] = {}
        none_true = z3.BoolVal(True, self.context)
        for index in self.period.tried[self.question.name]:
            mine = [self.rule(bit) for bit in self.bits_of(index)]
            made[index] = z3.And(none_true, any_of((pair.maybe for pair in mine), self.context))
            none_true = z3.And(none_true, *(z3.Not(pair.true) for pair in mine))
        otherwise = self.question.index(self.question.otherwise)
        made[otherwise] = z3.Or(made[otherwise], none_true)
        return made

    @property
    def undetermined(self) -> z3.BoolRef:
        """No class is decided."""
        return z3.Not(any_of(self._decided.values(), self.context))

    @property
    def domain(self) -> list[z3.BoolRef]:
        """What holds of every person and day asked about; to be given to the solver."""
        return [*self.facts.domain, *self.day.domain]

    def person(self, model: z3.ModelRef) -> tuple[dict[str, Held], int]:
        """The person and the day in a model."""
        return self.facts.person(model), self.day.on(model)

    def deciding(self, pairs: Mapping[int, Pair], context: z3.Context) -> dict[int, z3.BoolRef]:
        """For each class that it is decided, given the rules: the first class with a true rule, all before it false."""
        made: dict[int, z3.BoolRef] = {}
        all_false = z3.BoolVal(True, context)
        for index in self.period.tried[self.question.name]:
            mine = [pairs[bit] for bit in self.bits_of(index)]
            made[index] = z3.And(all_false, any_of((pair.true for pair in mine), context))
            all_false = z3.And(all_false, *(z3.Not(pair.maybe) for pair in mine))
        otherwise = self.question.index(self.question.otherwise)
        made[otherwise] = z3.Or(made[otherwise], all_false)
        return made


def attributes_read(pack: Pack, question: str, period: Period) -> tuple[str, ...]:
    """The attributes that a question's rules read in a period, in the pack's order."""
    read: set[str] = set()
    for rule in period.rules[question]:
        if rule:
            read |= attributes_of(rule.when)
    return tuple(name for name in pack.attributes if name in read)


def asked(
    pack: Pack,
    question: str,
    period: Period,
    *,
    knowledge: Knowledge = Knowledge.EXACTLY,
    context: z3.Context | None = None,
) -> Asked:
    """One question about anybody on any day of one period."""
    ctx = context or z3.Context()
    facts = Facts(pack.attributes, attributes_read(pack, question, period), knowledge, ctx)
    return Asked(pack, question, period, facts, Day(period.first, period.end - 1, ctx))
