"""Every kind of person that the law can tell apart on one day, all at once.

A question's conditions see only the cell that each fact falls into (`law.cells`). All combinations of cells are
numbered, and a condition becomes one whole number with a bit for each combination: `and` is `&`, `or` is `|`. So
what holds of everybody is found by looking at everybody, a hundred thousand kinds of person in a few milliseconds.

1. Combination `c` has in the digit of attribute `i` (mixed radix, first attribute lowest) the number of its cell.
2. A condition is a pair: the combinations where it is true, and those where it is true or unknown. Facts are exactly
   known here, so unknown comes only from a calendar that leaves a day open.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.dates import NEVER
from musterroll.fact.attribute import Held, State
from musterroll.law.calendar import civil
from musterroll.law.cells import cells
from musterroll.law.fold import Fixed, Folded, Negated, Within, fold
from musterroll.law.model import Is, OneOf, Ordered, Rule, attributes_of
from musterroll.law.pack import Pack

MOST_KINDS = 2**24


@dataclass(frozen=True, slots=True)
class Table:
    """The combinations (bits) where something is true, and where it is true or unknown."""

    true: int
    maybe: int


class TooMany(Exception):
    """There are more kinds of person than can be looked at one by one, or two facts are compared with each other."""


class Census:
    """All kinds of person for one question on one day."""

    def __init__(self, pack: Pack, question: str, on: int) -> None:
        self.pack = pack
        self.question = pack.questions[question]
        self.on = on
        self.rules: tuple[Rule | None, ...] = pack.at(on).rules[question]
        conditions = [rule.when for rule in self.rules if rule]
        used = frozenset().union(*(attributes_of(one) for one in conditions)) if conditions else frozenset()
        calendar = pack.at(on).calendar
        values = cells(conditions, pack.attributes, on, calendar)
        self.values: Mapping[str, tuple[int, ...]] = {name: values[name] for name in pack.attributes if name in used}
        self.stride: dict[str, int] = {}
        self.size = 1
        for name, found in self.values.items():
            self.stride[name] = self.size
            self.size *= len(found)
        if self.size > MOST_KINDS:
            raise TooMany(f"{self.size} kinds of person")
        self.everybody = (1 << self.size) - 1
        self._known: dict[Folded, Table] = {}
        self.of_rule = [self.table(fold(rule.when, on, calendar)) if rule else Table(0, 0) for rule in self.rules]

    def where(self, name: str, chosen: set[int]) -> int:
        """The combinations in which a fact falls into one of the chosen cells."""
        stride = self.stride[name]
        unit, width = 0, stride * len(self.values[name])
        for cell in chosen:
            unit |= ((1 << stride) - 1) << (cell * stride)
        while width < self.size:
            unit |= unit << width
            width *= 2
        return unit & self.everybody

    def table(self, node: Folded) -> Table:
        """Where a condition holds; a definition used twice is looked at once."""
        if node not in self._known:
            self._known[node] = self._table(node)
        return self._known[node]

    def _table(self, node: Folded) -> Table:
        match node:
            case Fixed(value):
                bits = self.everybody if value else 0
                return Table(bits, bits)
            case Is(name):
                return self._leaf(name, {1}, {1})
            case OneOf(name, codes):
                return self._leaf(name, set(codes), set(codes))
            case Within(name, certain, possible):
                ends = enumerate(self.values[name])
                below = [(cell, end) for cell, end in ends if end <= possible]
                return self._leaf(name, {cell for cell, end in below if end <= certain}, {cell for cell, _ in below})
            case Ordered():
                raise TooMany("two facts' dates are compared with each other")
            case Negated(part):
                made = self.table(part)
                return Table(self.everybody ^ made.maybe, self.everybody ^ made.true)
            case _:
                every, parts = node.every, node.parts
                true, maybe = (self.everybody, self.everybody) if every else (0, 0)
                for made in map(self.table, parts):
                    true = true & made.true if every else true | made.true
                    maybe = maybe & made.maybe if every else maybe | made.maybe
                return Table(true, maybe)

    def _leaf(self, name: str, true: set[int], maybe: set[int]) -> Table:
        found = self.where(name, true)
        return Table(found, found if true == maybe else self.where(name, maybe))

    def decided(self) -> dict[str, int]:
        """For each class, the combinations of whom it is the answer."""
        answered, undecided = 0, 0
        found = {}
        for one in (self.question.classes[index] for index in self.pack.at(self.on).tried[self.question.name]):
            tables = [self.of_rule[bit] for bit, rule in enumerate(self.rules) if rule and rule.gives == one.name]
            true, maybe = 0, 0
            for table in tables:
                true, maybe = true | table.true, maybe | table.maybe
            found[one.name] = true & ~answered & ~undecided
            undecided |= maybe & ~true & ~answered
            answered |= true
        found[self.question.otherwise] |= self.everybody & ~answered & ~undecided
        return found

    def person(self, combination: int) -> dict[str, Held]:
        """Somebody of one combination."""
        found = {}
        for name, values in self.values.items():
            value = values[combination // self.stride[name] % len(values)]
            found[name] = Held(value, value, State.SINGLE)
        return found


def days_to_look_at(pack: Pack) -> tuple[int, ...]:
    """The fixed set of days: of each period the first, the last, and the turn of February in the first four years."""
    found: set[int] = set()
    for period in pack.law.periods:
        found.add(period.first)
        if period.end != NEVER:
            found.add(period.end - 1)
        for day in range(period.first, min(period.end, period.first + 1462)):
            if _turn_of_february(day):
                found.add(day)
    return tuple(sorted(found))


def _turn_of_february(day: int) -> bool:
    _, month, number = civil(day)
    return (month, number) in ((2, 28), (2, 29), (3, 1))
