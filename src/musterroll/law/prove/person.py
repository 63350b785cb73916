"""A person of whom nothing is given, as symbols of the solver: everybody at once.

1. A date is a day of the years 1901 to 2099, or `never`, or `none` (before any day); a day of birth is a day. A whole
   number and an enumerated value are what the attribute may be. Facts do not depend on one another.
2. How much is known of the person is chosen: everything exactly (`EXACTLY`), each fact exactly or not at all
   (`OR_NOT`), or each fact partly: from one day to another, one of several values, or not at all (`PARTLY`).
3. `person` gives back what a solver found as facts held, so that the evaluator can be asked about the same person;
   `substitution` is the way back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

import z3

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import WIDEST, Attribute, Held, Kind, State, ValueType, one_of
from musterroll.law.calendar import day_number

EARLIEST = day_number(1901, 1, 1)
LATEST = day_number(2099, 12, 31)
"""The days that proofs speak of: within them every fourth year is a leap year."""


class Knowledge(Enum):
    """How much is known of the person that a proof speaks of."""

    EXACTLY = "every fact exactly"
    OR_NOT = "each fact exactly or not at all"
    PARTLY = "each fact exactly, partly or not at all"


@dataclass(frozen=True, slots=True)
class Codes:
    """A yes-or-no or enumerated fact: whether anything is known, and for each value whether the fact may have it.

    `value` is the code as a number where only one value is possible at a time, None where several are.
    """

    known: z3.BoolRef
    may: tuple[z3.BoolRef, ...]
    value: z3.ExprRef | None


@dataclass(frozen=True, slots=True)
class Ends:
    """A day or whole number: whether anything is known, the smallest and the largest value; one symbol if exact."""

    known: z3.BoolRef
    lo: z3.ArithRef
    hi: z3.ArithRef


type Fact = Codes | Ends


class Facts:
    """The symbols of one person. `domain`, by fact `domain_of`, must be given to the solver."""

    def __init__(
        self,
        attributes: Mapping[str, Attribute],
        names: Iterable[str],
        knowledge: Knowledge,
        context: z3.Context,
        prefix: str = "",
    ) -> None:
        self.context = context
        self.knowledge = knowledge
        self.attributes = {name: attributes[name] for name in names}
        self.domain_of: dict[str, tuple[z3.BoolRef, ...]] = {}
        self.of: dict[str, Fact] = {}
        for name, attribute in self.attributes.items():
            self.of[name], self.domain_of[name] = self._fact(attribute, f"{prefix}{name}")

    @property
    def domain(self) -> list[z3.BoolRef]:
        """What holds of every such person."""
        return [part for parts in self.domain_of.values() for part in parts]

    def _fact(self, attribute: Attribute, name: str) -> tuple[Fact, tuple[z3.BoolRef, ...]]:
        exact, partly = self.knowledge is Knowledge.EXACTLY, self.knowledge is Knowledge.PARTLY
        known = z3.BoolVal(True, self.context) if exact else z3.Bool(f"{name}?", self.context)
        count = len(attribute.values)
        match attribute.type:
            case ValueType.BOOL:
                yes = z3.Bool(name, self.context)
                return Codes(known, (z3.Not(yes), yes), yes), ()
            case ValueType.ENUM if partly and 1 < count <= WIDEST:
                may = tuple(z3.Bool(f"{name}={code}", self.context) for code in range(count))
                return Codes(known, may, None), (z3.Or(*may),)
            case ValueType.ENUM:
                value = z3.Int(name, self.context)
                codes = tuple(value == code for code in range(count))
                return Codes(known, codes, value), (value >= 0, value < count)
            case _:
                lo = z3.Int(name, self.context)
                inside = self._may_be(attribute, lo)
                if not partly:
                    return Ends(known, lo, lo), (inside,)
                hi = z3.Int(f"{name}^", self.context)
                return Ends(known, lo, hi), (inside, self._may_be(attribute, hi), lo <= hi)

    def _may_be(self, attribute: Attribute, value: z3.ArithRef) -> z3.BoolRef:
        if attribute.type is ValueType.INT:
            lo, hi = attribute.span
            return z3.And(value >= lo, value <= hi)
        day = z3.And(value >= EARLIEST, value <= LATEST)
        return day if attribute.kind is Kind.BIRTH else z3.Or(day, value == NEVER, value == FIRST_DAY)

    def is_exactly(self, name: str, value: int) -> z3.BoolRef:
        """The fact is known and has this one value."""
        one = self.of[name]
        if isinstance(one, Ends):
            return z3.And(one.known, one.lo == value, one.hi == value)
        others = (z3.Not(so) for code, so in enumerate(one.may) if code != value)
        return z3.And(one.known, one.may[value], *(others if one.value is None else ()))

    def substitution(self, name: str, held: Held) -> list[tuple[z3.ExprRef, z3.ExprRef]]:
        """What to put for the symbols of one fact, so that a formula speaks of a person of whom this is held."""
        one = self.of[name]
        made: list[tuple[z3.ExprRef, z3.ExprRef]] = []
        if not z3.is_true(one.known):
            made.append((one.known, z3.BoolVal(held.lo is not None, self.context)))
        if held.lo is None or held.hi is None:
            return made
        if isinstance(one, Ends):
            made.append((one.lo, z3.IntVal(held.lo, self.context)))
            return made if one.hi is one.lo else [*made, (one.hi, z3.IntVal(held.hi, self.context))]
        if one.value is None:
            among = held.among if held.among is not None else 1 << held.lo
            return made + [(so, z3.BoolVal(bool(among >> code & 1), self.context)) for code, so in enumerate(one.may)]
        boolean = z3.is_bool(one.value)
        value = z3.BoolVal(held.lo == 1, self.context) if boolean else z3.IntVal(held.lo, self.context)
        return [*made, (one.value, value)]

    def person(self, model: z3.ModelRef) -> dict[str, Held]:
        """The person in a model: the facts that are known, in the pack's order."""
        return {
            name: _held(one, model)
            for name, one in self.of.items()
            if z3.is_true(model.eval(one.known, model_completion=True))
        }


def _held(one: Fact, model: z3.ModelRef) -> Held:
    if isinstance(one, Codes):
        so = [z3.is_true(model.eval(code, model_completion=True)) for code in one.may]
        return one_of(sum(1 << code for code, here in enumerate(so) if here), _state(sum(so) == 1))
    first, last = number(model, one.lo), number(model, one.hi)
    return Held(first, last, _state(first == last))


def _state(exact: bool) -> State:
    return State.SINGLE if exact else State.CONFLICT


def number(model: z3.ModelRef, term: z3.ArithRef) -> int:
    """The whole number that a term has in a model."""
    return int(model.eval(term, model_completion=True).as_long())
