"""The few values of each fact that the law can tell apart on one day (law-engine 6.5).

On a fixed day every condition compares a fact with constants, so the values between two constants are all alike: one
representative of each such cell, the last, stands for all of them, and trying the representatives is exact.

1. A yes-or-no fact has two cells, an enumeration one a code, a day or number one between each two constants.
2. Two facts compared with one another have no cells of their own; where one of them is held, its value cuts the other.
"""

from collections.abc import Iterable, Mapping

from musterroll.fact.attribute import Attribute, Held, ValueType
from musterroll.law.calendar import Calendar
from musterroll.law.fold import Folded, Joined, Negated, Within, fold
from musterroll.law.model import Condition, Ordered

_NOBODY: Mapping[str, Held] = {}


def cells(
    conditions: Iterable[Condition],
    attributes: Mapping[str, Attribute],
    on: int,
    calendar: Calendar,
    held: Mapping[str, Held] = _NOBODY,
) -> dict[str, tuple[int, ...]]:
    """The last value of each cell of every attribute, smallest first."""
    cuts: dict[str, set[int]] = {name: set() for name in attributes}
    for condition in conditions:
        _cut(fold(condition, on, calendar), cuts, held)
    return {name: _representatives(attributes[name], cuts[name]) for name in attributes}


def _cut(node: Folded, cuts: dict[str, set[int]], held: Mapping[str, Held]) -> None:
    match node:
        case Within(name, certain, possible):
            cuts[name].update((certain, possible))
        case Ordered(first, days, second):
            cuts[first].update(end - days for end in _ends(held, second))
            cuts[second].update(end + days - 1 for end in _ends(held, first))
        case Negated(part):
            _cut(part, cuts, held)
        case Joined(_, parts):
            for part in parts:
                _cut(part, cuts, held)
        case _:
            return


def _ends(held: Mapping[str, Held], name: str) -> tuple[int, ...]:
    fact = held.get(name)
    return (fact.lo, fact.hi) if fact is not None and fact.lo is not None and fact.hi is not None else ()


def _representatives(attribute: Attribute, cuts: set[int]) -> tuple[int, ...]:
    lo, hi = attribute.span
    if attribute.type in (ValueType.BOOL, ValueType.ENUM):
        return tuple(range(lo, hi + 1))
    return (*sorted(cut for cut in cuts if lo <= cut < hi), hi)
