"""What follows from the law for one person on one day: the reference that every engine must agree with.

Written to be read. The rules, in order (law-engine 6.2, 6.3, 6.6):

1. A comparison is true if every value that the fact can have satisfies it, false if none does, otherwise unknown.
   Of a fact that is not held, every comparison is unknown. An inexact yes-or-no is not held; an enumerated value that
   is not exact is the set of the values it may have (`among`), and not held where that set is not known.
2. Conditions combine by Kleene's logic. A rule holds only where its exceptions do not; where an exception is unknown
   the rule is unknown at most.
3. The classes are tried in the order of the period (`tried`). A class is the answer if one of its rules is true and
   every earlier class's rules are false. If an earlier class has an unknown rule, the standing is undetermined:
   possible are the classes with an unknown rule before the first true one, and that one; if no rule is true, the
   residual class.
4. Needed are the facts that make those unknown rules unknown.
5. Time alone changes nothing before `next_change`: each condition keeps its value until its own bound, a false `and`
   as long as one of its false parts does, a true `or` as long as one of its true parts does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from musterroll.dates import NEVER
from musterroll.fact.attribute import UNKNOWN, Held, ValueType
from musterroll.law import truth
from musterroll.law.calendar import PLAIN, Calendar, Shift, day_number
from musterroll.law.model import (
    All,
    AtMost,
    Begun,
    Condition,
    Is,
    Known,
    Leaf,
    Line,
    Not,
    OneOf,
    Ordered,
    Reached,
    Rule,
    Some,
    attributes_of,
)
from musterroll.law.pack import Pack
from musterroll.law.selection import Term
from musterroll.law.standing import Standing
from musterroll.law.truth import Truth

HORIZON = day_number(2200, 1, 1)
"""A change of standing on or after this day is not in sight: it is reported as NEVER."""


def decide(pack: Pack, question: str, held: Mapping[str, Held], on: int, *, changes_on: int = NEVER) -> Standing:
    """The standing of a person of whom `held` is known, on the day `on`. Attributes not in `held` are unknown.

    `changes_on` is the first later day on which a held fact begins or ends: no next change is later.

    Raises KeyError for no question of this pack, MusterRollError `law.coverage` for a day it does not cover.
    """
    asked = pack.questions[question]
    period = pack.at(on)
    rules = period.rules[question]
    view = View(pack, held, on)
    values = [view.truth(rule.when) if rule else Truth.FALSE for rule in rules]
    tried = period.tried[question]
    of_class: dict[str, list[int]] = {one.name: [] for one in asked.classes}
    for bit, rule in enumerate(rules):
        if rule:
            of_class[rule.gives].append(bit)
    bits_of = [of_class[one.name] for one in asked.classes]
    open_classes: list[int] = []
    first_true: int | None = None
    for index in tried:
        worth = truth.either(values[bit] for bit in bits_of[index])
        if worth is Truth.TRUE:
            first_true = index
            break
        if worth is Truth.UNKNOWN:
            open_classes.append(index)
    answer = asked.index(asked.otherwise) if first_true is None else first_true
    decided = asked.classes[answer] if not open_classes else None
    looked_at = tried if first_true is None else tried[: tried.index(first_true) + 1]
    change = min(
        [
            period.end,
            changes_on,
            *(_class_bound(view, rules, values, bits_of[index]) for index in looked_at),
        ]
    )
    needed: frozenset[str] = frozenset()
    for index in open_classes:
        needed = needed.union(*(view.missing(rule.when) for bit in bits_of[index] if (rule := rules[bit])))
    return Standing(
        question=question,
        cls=decided.name if decided else None,
        effect=decided.effect.value if decided else None,
        callable=decided.callable if decided else False,
        possible=tuple(asked.classes[index].name for index in sorted({*open_classes, answer})),
        true=sum(1 << bit for bit, value in enumerate(values) if value is Truth.TRUE),
        unknown=sum(1 << bit for bit, value in enumerate(values) if value is Truth.UNKNOWN),
        needs=tuple(name for name in pack.attributes if name in needed),
        next_change=change if change < HORIZON else NEVER,
    )


def in_scope(pack: Pack, held: Mapping[str, Held], on: int) -> Truth:
    """Whether the law registers this person (charter S13). True everywhere for a pack that declares no scope."""
    scope = pack.at(on).scope
    return Truth.TRUE if scope is None else View(pack, held, on).truth(scope)


def lines_in_force(pack: Pack, procedure: str, held: Mapping[str, Held], on: int) -> tuple[tuple[Term, Truth], ...]:
    """Each line of a procedure, and whether its condition holds of this person; true for a line that has none.

    Raises KeyError for no procedure of this pack, MusterRollError `law.coverage`.
    """
    only_if, view = pack.at(on).only_if, View(pack, held, on)
    return tuple(
        (term, view.truth(only_if[procedure, place]) if (procedure, place) in only_if else Truth.TRUE)
        for place, term in enumerate(pack.procedures[procedure].terms)
    )


def _class_bound(view: "View", rules: Sequence[Rule | None], values: list[Truth], bits: list[int]) -> int:
    """Until when the class as a whole keeps its value: it is the `or` of its rules."""
    parts = [(values[bit], rule) for bit in bits if (rule := rules[bit])]
    holding = [view.bound(rule.when) for value, rule in parts if value is Truth.TRUE]
    return max(holding) if holding else min((view.bound(rule.when) for _, rule in parts), default=NEVER)


class View:
    """One person's facts on one day, as conditions see them."""

    def __init__(self, pack: Pack, held: Mapping[str, Held], on: int) -> None:
        self.attributes = pack.attributes
        self.calendar: Calendar = pack.at(on).calendar
        self.held = held
        self.on = on
        self._known: dict[int, Truth] = {}

    def hull(self, name: str) -> tuple[int, int] | None:
        """The smallest and largest value the fact can have, or None when nothing usable is held."""
        fact = self.held.get(name, UNKNOWN)
        if fact.lo is None or fact.hi is None:
            return None
        exact_only = self.attributes[name].type in (ValueType.BOOL, ValueType.ENUM)
        return None if exact_only and fact.lo != fact.hi else (fact.lo, fact.hi)

    def among(self, name: str) -> int | None:
        """The values that an enumerated fact may have, a bit each; None when nothing usable is held."""
        fact = self.held.get(name, UNKNOWN)
        if fact.lo is not None and fact.lo == fact.hi:
            return 1 << fact.lo
        return fact.among

    def truth(self, condition: Condition) -> Truth:
        """True, false or unknown. Looked at once for each condition of the pack, however often it is asked."""
        known = self._known.get(id(condition))
        if known is None:
            known = self._known[id(condition)] = self._truth(condition)
        return known

    def _truth(self, condition: Condition) -> Truth:
        match condition:
            case Not(part):
                return truth.negate(self.truth(part))
            case Line(part=part):
                return self.truth(part)
            case All(parts):
                return truth.both(self.truth(part) for part in parts)
            case Some(parts):
                return truth.either(self.truth(part) for part in parts)
            case _:
                return self.leaf(condition)

    def leaf(self, leaf: Leaf) -> Truth:
        """One comparison."""
        match leaf:
            case Is(name):
                return self._for(name, lambda lo, _: truth.of(lo == 1))
            case OneOf(name, codes):
                among, chosen = self.among(name), sum(1 << code for code in codes)
                if among is None or 0 != among & chosen != among:
                    return Truth.UNKNOWN
                return truth.of(among & chosen == among)
            case AtMost(name, limit):
                return self._for(name, lambda lo, hi: between(lo, hi, limit, limit))
            case Reached(name, _, by):
                day = self.on if by is None else by
                reached = self.reached_between(leaf)
                return between(*reached, day, day) if reached else Truth.UNKNOWN
            case Ordered(first, days, second):
                one, two = self.hull(first), self.hull(second)
                if one is None or two is None:
                    return Truth.UNKNOWN
                return between(later(one[0], days), later(one[1], days), *two)
            case Known(name):
                hull = self.hull(name)
                return truth.of(hull is not None and hull[0] == hull[1])
            case _:
                return truth.of(self.on >= leaf.day)

    def _for(self, name: str, judge: Callable[[int, int], Truth]) -> Truth:
        hull = self.hull(name)
        return judge(*hull) if hull else Truth.UNKNOWN

    def reached_between(self, leaf: Reached) -> tuple[int, int] | None:
        """The first and the last day on which the date plus its period can fall."""
        hull = self.hull(leaf.attribute)
        if hull is None:
            return None
        return self.calendar.earliest(hull[0], leaf.shift), self.calendar.latest(hull[1], leaf.shift)

    def missing(self, condition: Condition) -> frozenset[str]:
        """The attributes whose being unknown, or not exactly known, makes the condition unknown."""
        if self.truth(condition) is not Truth.UNKNOWN:
            return frozenset()
        match condition:
            case Not(part) | Line(part=part):
                return self.missing(part)
            case All(parts) | Some(parts):
                return frozenset().union(*(self.missing(part) for part in parts))
            case _:
                return self._inexact(*attributes_of(condition))

    def _inexact(self, *names: str) -> frozenset[str]:
        return frozenset(name for name in names if (hull := self.hull(name)) is None or hull[0] != hull[1])

    def bound(self, condition: Condition) -> int:
        """A day before which time alone cannot change the condition's value; NEVER if it never can."""
        match condition:
            case Not(part) | Line(part=part):
                return self.bound(part)
            case All(parts):
                return self._bound_of(parts, Truth.FALSE)
            case Some(parts):
                return self._bound_of(parts, Truth.TRUE)
            case Reached(by=None):
                reached = self.reached_between(condition)
                return min((day for day in reached or () if day > self.on), default=NEVER)
            case Begun(day):
                return day if day > self.on else NEVER
            case _:
                return NEVER

    def _bound_of(self, parts: Iterable[Condition], deciding: Truth) -> int:
        values = [(self.truth(part), self.bound(part)) for part in parts]
        holding = [bound for value, bound in values if value is deciding]
        return max(holding) if holding else min((bound for _, bound in values), default=NEVER)


def between(lo: int, hi: int, first: int, last: int) -> Truth:
    """Whether a value in lo..hi is at most a limit in first..last: of all pairs, of none, or of some."""
    if hi <= first:
        return Truth.TRUE
    return Truth.FALSE if lo > last else Truth.UNKNOWN


def later(day: int, days: int) -> int:
    """A day some days later; NEVER and the open lower end stay what they are."""
    return PLAIN.earliest(day, Shift(days=days))
