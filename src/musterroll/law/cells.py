"""The few values of each fact that the law can tell apart on one day (law-engine 6.5).

On a fixed day every condition compares a fact with constants, so the values between two constants are all alike: one
representative of each such cell stands for all of them, and trying the representatives is exact.

1. A yes-or-no fact has two cells, an enumeration one a code, a day or number one between each two constants.
2. Two facts compared with one another are cut at all of each other's constants as well and at one day between: this
   is enough to order them either way, and is what `law.lint` counts on.
"""

from collections.abc import Iterable, Mapping

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import Attribute, ValueType
from musterroll.law.calendar import Calendar
from musterroll.law.fold import Folded, Joined, Negated, Within, fold
from musterroll.law.model import Condition, Ordered


def cells(
    conditions: Iterable[Condition], attributes: Mapping[str, Attribute], on: int, calendar: Calendar
) -> dict[str, tuple[int, ...]]:
    """One representative value of each cell, for every attribute, smallest first."""
    cuts: dict[str, set[int]] = {name: set() for name in attributes}
    ordered: list[Ordered] = []
    for condition in conditions:
        _cut(fold(condition, on, calendar), cuts, ordered)
    for pair in ordered:
        first, second = set(cuts[pair.first]), set(cuts[pair.second])
        cuts[pair.first] |= second | {on}
        cuts[pair.second] |= {cut + pair.days for cut in first | second | {on}}
    return {name: _representatives(attributes[name], sorted(found)) for name, found in cuts.items()}


def _cut(node: Folded, cuts: dict[str, set[int]], ordered: list[Ordered]) -> None:
    match node:
        case Within(name, certain, possible):
            cuts[name].update((certain, possible))
        case Ordered():
            ordered.append(node)
        case Negated(part):
            _cut(part, cuts, ordered)
        case Joined(_, parts):
            for part in parts:
                _cut(part, cuts, ordered)
        case _:
            return


def _representatives(attribute: Attribute, cuts: list[int]) -> tuple[int, ...]:
    """A cut is the last value of a cell; the end of the span closes the last one."""
    lo, hi = attribute.span
    if attribute.type in (ValueType.BOOL, ValueType.ENUM):
        return tuple(range(lo, hi + 1))
    inside = [cut for cut in cuts if lo <= cut < hi]
    ends = [FIRST_DAY, *inside, NEVER] if attribute.type is ValueType.DATE else [*inside, hi]
    return tuple(dict.fromkeys(ends))
