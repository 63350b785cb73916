"""All the ways in which what is missing of one person can turn out, at once (law-engine 6.5).

The facts that a standing needs fall into few cells each that the law can tell apart on one day. All combinations of
them are numbered, and a condition becomes two whole numbers with a bit for each: where it is true, and where it is not
false. So it is exactly known which classes can follow, and on which of the facts the answer really turns.

1. Combination `c` has in the digit of fact `i` (mixed radix, first fact lowest) the number of its cell.
2. A cell stands for all its values by one of them, judged by the plain evaluator.
3. More than `MOST` combinations are not looked at, nor two missing dates that are compared with each other: there
   `completions` is None, and what Kleene's logic lists stands.
"""

from collections.abc import Iterator

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import UNKNOWN, Held, State, ValueType, codes_of
from musterroll.law.evaluate import View
from musterroll.law.fold import Within, fold
from musterroll.law.model import All, Condition, Leaf, Line, Not, Ordered, Some, attributes_of
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing
from musterroll.law.truth import Truth

MOST = 2**14
"""So many combinations are looked at: fourteen yes-or-no facts, or seven facts of four cells."""


class Completions:
    """What can follow for one person when everything that is needed becomes known. Made by `completions` only."""

    def __init__(self, pack: Pack, standing: Standing, view: View, cells: dict[str, tuple[int, ...]]) -> None:
        self.cells = cells
        self.stride: dict[str, int] = {}
        self.size = 1
        for name, values in cells.items():
            self.stride[name] = self.size
            self.size *= len(values)
        self.everybody = (1 << self.size) - 1
        self._view = view
        self._probes = {
            (name, value): View(pack, {**view.held, name: Held(value, value, State.SINGLE)}, view.on)
            for name, values in cells.items()
            for value in values
        }
        self.possible = self._possible(pack, standing)

    def _possible(self, pack: Pack, standing: Standing) -> dict[str, int]:
        """For each class the combinations in which it is the answer, or may be where the calendar leaves a day open."""
        period, question = pack.at(self._view.on), pack.questions[standing.question]
        found: dict[str, int] = {}
        left = self.everybody
        for index in period.tried[question.name]:
            name, true, maybe = question.classes[index].name, 0, 0
            for rule in period.rules[question.name]:
                if left and rule and rule.gives == name:
                    one, other = self._table(rule.when)
                    true, maybe = true | one, maybe | other
            found[name] = maybe & left
            left &= ~true
        found[question.otherwise] |= left
        return found

    def follows(self, name: str, cell: int) -> frozenset[str]:
        """The classes that are still possible when a fact turns out to lie in one of its cells."""
        digit = self._where(name, [cell])
        return frozenset(one for one, bits in self.possible.items() if bits & digit)

    def matters(self, name: str) -> bool:
        """Whether there is a combination of the other facts in which the answer turns on this one."""
        first = self._where(name, [0])
        stride = self.stride[name]
        return any(
            ((bits >> cell * stride) ^ bits) & first
            for bits in self.possible.values()
            for cell in range(1, len(self.cells[name]))
        )

    def _where(self, name: str, cells: list[int]) -> int:
        stride, unit = self.stride[name], 0
        for cell in cells:
            unit |= ((1 << stride) - 1) << (cell * stride)
        width = stride * len(self.cells[name])
        while width < self.size:
            unit |= unit << width
            width *= 2
        return unit & self.everybody

    def _table(self, condition: Condition) -> tuple[int, int]:
        """Where a condition is true, and where it is true or unknown."""
        known = self._view.truth(condition)
        if known is not Truth.UNKNOWN:
            bits = self.everybody if known is Truth.TRUE else 0
            return bits, bits
        match condition:
            case Line(part=part):
                return self._table(part)
            case Not(part):
                true, maybe = self._table(part)
                return self.everybody ^ maybe, self.everybody ^ true
            case All(parts) | Some(parts):
                every = isinstance(condition, All)
                true = maybe = self.everybody if every else 0
                for one, other in map(self._table, parts):
                    true, maybe = (true & one, maybe & other) if every else (true | one, maybe | other)
                return true, maybe
            case _:
                return self._leaf(condition)

    def _leaf(self, leaf: Leaf) -> tuple[int, int]:
        names = attributes_of(leaf) & self.cells.keys()
        if not names:
            return 0, self.everybody
        (name,) = names
        truths = [self._probes[name, value].truth(leaf) for value in self.cells[name]]
        true = self._where(name, [cell for cell, one in enumerate(truths) if one is Truth.TRUE])
        return true, true | self._where(name, [cell for cell, one in enumerate(truths) if one is Truth.UNKNOWN])


def completions(pack: Pack, standing: Standing, view: View) -> Completions | None:
    """What can follow for somebody undetermined; None where it is too much to look at (rule 3)."""
    period = pack.at(view.on)
    cuts: dict[str, set[int]] = {name: set() for name in standing.needs}
    for rule in period.rules[standing.question]:
        for leaf in _unknown_leaves(rule.when, view) if rule else ():
            if isinstance(leaf, Ordered):
                if leaf.first in cuts and leaf.second in cuts:
                    return None
                _cut_ordered(leaf, view, cuts)
                continue
            folded = fold(leaf, view.on, period.calendar)
            if isinstance(folded, Within) and folded.attribute in cuts:
                cuts[folded.attribute].update((folded.certain, folded.possible))
    cells = {name: _cells(pack, name, view, cuts[name]) for name in standing.needs}
    size = 1
    for values in cells.values():
        size *= len(values)
    return Completions(pack, standing, view, cells) if size <= MOST else None


def _unknown_leaves(condition: Condition, view: View) -> Iterator[Leaf]:
    if view.truth(condition) is Truth.UNKNOWN:
        match condition:
            case Not(part) | Line(part=part):
                yield from _unknown_leaves(part, view)
            case All(parts) | Some(parts):
                for part in parts:
                    yield from _unknown_leaves(part, view)
            case _:
                yield condition


def _cut_ordered(leaf: Ordered, view: View, cuts: dict[str, set[int]]) -> None:
    """The other date is exactly known, or it would be needed too. `never` and `none` are cells by themselves."""
    for name, other, sign in ((leaf.first, leaf.second, -1), (leaf.second, leaf.first, 1)):
        hull = view.hull(other)
        if name in cuts and hull is not None:
            day = hull[0] + sign * leaf.days
            cuts[name].update((FIRST_DAY, day - 1, day, NEVER - 1))


def _cells(pack: Pack, name: str, view: View, cuts: set[int]) -> tuple[int, ...]:
    attribute, fact = pack.attributes[name], view.held.get(name, UNKNOWN)
    if fact.among is not None:
        return codes_of(fact.among)
    lo, hi = attribute.span
    if attribute.type in (ValueType.BOOL, ValueType.ENUM):
        return tuple(range(lo, hi + 1))
    if fact.lo is not None and fact.hi is not None:
        lo, hi = fact.lo, fact.hi
    return (*sorted(cut for cut in cuts if lo <= cut < hi), hi)
