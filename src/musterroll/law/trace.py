"""Why a person stands where he does, before it is put into words (law-engine 6.5).

1. *Because*: the rules that give the class, each with the comparisons that make it true.
2. *Not given*: the rules of less burdensome classes, each with the smallest set of comparisons that fail; of several
   equally small, one that no board has to judge.
3. *Needed*: the facts on which the answer really turns, each with the classes that could follow; first the one whose
   answers leave the fewest. Exact where the ways in which they can turn out can all be looked at (`completion`);
   otherwise what Kleene's logic lists. Where the answer is the same whatever they turn out to be, it still waits for
   them, so they are all named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from musterroll.fact.attribute import UNKNOWN, Held, State, codes_of
from musterroll.law.cells import cells
from musterroll.law.completion import Completions, completions
from musterroll.law.evaluate import View, decide, judged
from musterroll.law.model import All, Condition, Leaf, Line, Not, Question, Rule, Some, attributes_of
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing
from musterroll.law.truth import Truth


@dataclass(frozen=True, slots=True)
class Ground:
    """One comparison, and the line of the law that it stands in."""

    line: Line | None
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Grounds:
    """A rule, and the comparisons on which it holds or fails."""

    rule: Rule
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """A fact on which the answer turns, and the classes that could follow."""

    attribute: str
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A standing with its reasons. `possible` are the classes that can really follow; `exact`: they were looked at."""

    standing: Standing
    because: tuple[Grounds, ...]
    not_given: tuple[Grounds, ...]
    needed: tuple[Needed, ...]
    possible: tuple[str, ...]
    exact: bool


def trace(pack: Pack, question: str, held: Mapping[str, Held], on: int) -> Trace:
    """The standing of one person and why. Raises as `evaluate.decide` does."""
    view = View(pack, held, on)
    return traced(pack, judged(pack, question, view), view)


def traced(pack: Pack, standing: Standing, view: View) -> Trace:
    """Why a person has the standing that was found from the same facts on the same day."""
    question = pack.questions[standing.question]
    rules = [rule for rule in pack.at(view.on).rules[question.name] if rule]
    found = _Grounds(view, frozenset(name for rule in rules for name in rule.judgement))
    because: tuple[Grounds, ...] = ()
    not_given: tuple[Grounds, ...] = ()
    if standing.cls is not None:
        burden = {one.name: one.effect.burden for one in question.classes}
        because = tuple(
            Grounds(rule, found.supporting(rule.bare, None))
            for rule in rules
            if rule.gives == standing.cls and view.truth(rule.when) is Truth.TRUE
        )
        not_given = tuple(
            Grounds(rule, found.failing(rule.when, None)) for rule in rules if burden[rule.gives] < burden[standing.cls]
        )
    after = completions(pack, standing, view) if standing.needs else None
    needed = _exactly(standing, after) if after else _listed(pack, standing, view)
    possible = [one for one in standing.possible if after is None or after.possible[one]]
    return Trace(standing, because, not_given, needed, tuple(possible), after is not None or not standing.needs)


def heaviest(question: Question, names: tuple[str, ...]) -> str:
    """The class that asks most of somebody, of those named: who can be called, then the heavier effect."""
    known = {one.name: (one.callable, one.effect.burden) for one in question.classes}
    return max(names, key=lambda name: known[name])


_SMALLEST = (1, False)
"""The weight of one comparison that no board has to judge."""


class _Grounds:
    """The comparisons that make conditions true or not true, each condition looked at once."""

    def __init__(self, view: View, judged_facts: frozenset[str]) -> None:
        self._view = view
        self._judged = judged_facts
        self._made: dict[tuple[int, int, bool], tuple[Ground, ...]] = {}

    def supporting(self, node: Condition, line: Line | None) -> tuple[Ground, ...]:
        """The leaves that make a true condition true."""
        return self._once(node, line, self._supporting, holds=True)

    def failing(self, node: Condition, line: Line | None) -> tuple[Ground, ...]:
        """The smallest set of leaves that makes a condition not true."""
        return self._once(node, line, self._failing, holds=False)

    def _once(
        self,
        node: Condition,
        line: Line | None,
        make: Callable[[Condition, Line | None], tuple[Ground, ...]],
        *,
        holds: bool,
    ) -> tuple[Ground, ...]:
        key = id(node), id(line), holds
        if key not in self._made:
            self._made[key] = make(node, line)
        return self._made[key]

    def _supporting(self, node: Condition, line: Line | None) -> tuple[Ground, ...]:
        match node:
            case Line(part=part):
                return self.supporting(part, node)
            case Not(part):
                return self.failing(part, line)
            case All(parts):
                return tuple(ground for part in parts for ground in self.supporting(part, line))
            case Some(parts):
                true = [part for part in parts if self._view.truth(part) is Truth.TRUE]
                return tuple(ground for part in true for ground in self.supporting(part, line))
            case _:
                return (Ground(line, node),)

    def _failing(self, node: Condition, line: Line | None) -> tuple[Ground, ...]:
        match node:
            case Line(part=part):
                return self.failing(part, node)
            case Not(part):
                return self.supporting(part, line)
            case All(parts):
                return self._smallest([part for part in parts if self._view.truth(part) is not Truth.TRUE], line)
            case Some(parts):
                return tuple(ground for part in parts for ground in self.failing(part, line))
            case _:
                return (Ground(line, node),)

    def _smallest(self, failing: list[Condition], line: Line | None) -> tuple[Ground, ...]:
        found: list[tuple[tuple[int, bool], tuple[Ground, ...]]] = []
        for part in failing:
            grounds = self.failing(part, line)
            found.append((self._weight(grounds), grounds))
            if found[-1][0] == _SMALLEST:
                break
        return min(found, key=lambda one: one[0], default=(_SMALLEST, ()))[1]

    def _weight(self, found: tuple[Ground, ...]) -> tuple[int, bool]:
        return len(found), any(attributes_of(one.leaf) & self._judged for one in found)


def _exactly(standing: Standing, after: Completions) -> tuple[Needed, ...]:
    found = []
    for name in [one for one in standing.needs if after.matters(one)] or standing.needs:
        follows = [after.follows(name, cell) for cell in range(len(after.cells[name]))]
        possible = frozenset().union(*follows)
        left = sum(map(len, follows)) / len(follows)
        found.append((left, Needed(name, tuple(one for one in standing.possible if one in possible))))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


def _listed(pack: Pack, standing: Standing, view: View) -> tuple[Needed, ...]:
    """By deciding again with each answer that the law can tell apart, the other facts as they are."""
    period = pack.at(view.on)
    conditions = [rule.when for rule in period.rules[standing.question] if rule]
    known = cells(conditions, pack.attributes, view.on, period.calendar, view.held) if standing.needs else {}
    found = []
    for name in standing.needs:
        fact, values = view.held.get(name, UNKNOWN), known[name]
        if fact.among is not None:
            values = codes_of(fact.among)
        elif fact.lo is not None and fact.hi is not None:
            values = (fact.lo, *(value for value in values if fact.lo < value < fact.hi), fact.hi)
        possible: set[str] = set()
        left = 0
        for value in values:
            answered = {**view.held, name: Held(value, value, State.SINGLE)}
            follows = decide(pack, standing.question, answered, view.on).possible
            left += len(follows)
            possible.update(follows)
        order = [one.name for one in pack.questions[standing.question].classes if one.name in possible]
        found.append((left / len(values), Needed(name, tuple(order))))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))
