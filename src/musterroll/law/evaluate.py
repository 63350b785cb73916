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

from collections.abc import Mapping, Sequence

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import UNKNOWN, Attribute, Held, ValueType
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
    return judged(pack, question, View(pack, held, on), changes_on=changes_on)


def judged(pack: Pack, question: str, view: "View", *, changes_on: int = NEVER) -> Standing:
    """The standing of the person that a view is of; whoever asks more of the same view is spared looking twice."""
    asked = pack.questions[question]
    period = pack.at(view.on)
    rules = period.rules[question]
    values = [view.truth(rule.when) if rule else Truth.FALSE for rule in rules]
    tried = period.tried[question]
    of_class: dict[str, list[int]] = {one.name: [] for one in asked.classes}
    for bit, rule in enumerate(rules):
        if rule:
            of_class[rule.gives].append(bit)
    bits_of = [of_class[one.name] for one in asked.classes]
    open_classes: list[int] = []
    first_true: int | None = None
    change = min(period.end, changes_on)
    for index in tried:
        worth = truth.either(values[bit] for bit in bits_of[index])
        grounds = [rule.when for bit in bits_of[index] if (rule := rules[bit])]
        change = min(change, view.bound_of(grounds, Truth.TRUE, worth))
        if worth is Truth.TRUE:
            first_true = index
            break
        if worth is Truth.UNKNOWN:
            open_classes.append(index)
    answer = asked.index(asked.otherwise) if first_true is None else first_true
    decided = asked.classes[answer] if not open_classes else None
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


class View:
    """One person's facts on one day, as conditions see them."""

    def __init__(self, pack: Pack, held: Mapping[str, Held], on: int) -> None:
        self._of(pack.attributes, pack.at(on).calendar, held, on)

    def _of(self, attributes: Mapping[str, Attribute], calendar: Calendar, held: Mapping[str, Held], on: int) -> None:
        self.attributes = attributes
        self.calendar = calendar
        self.held = held
        self.on = on
        self._known: dict[int, Truth] = {}
        self._bounds: dict[int, int] = {}
        self._hulls: dict[str, tuple[int, int] | None] = {}
        self._reached: dict[int, tuple[int, int] | None] = {}

    def hull(self, name: str) -> tuple[int, int] | None:
        """The smallest and largest value the fact can have, or None when nothing usable is held."""
        if name not in self._hulls:
            self._hulls[name] = self._hull(name)
        return self._hulls[name]

    def _hull(self, name: str) -> tuple[int, int] | None:
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
        while isinstance(condition, Line):
            condition = condition.part
        known = self._known.get(id(condition))
        if known is None:
            known = self._known[id(condition)] = self._truth(condition)
        return known

    def _truth(self, condition: Leaf | Not | All | Some) -> Truth:
        match condition:
            case All(parts):
                return self._first(Truth.FALSE, parts, Truth.TRUE)
            case Some(parts):
                return self._first(Truth.TRUE, parts, Truth.FALSE)
            case Not(part):
                return truth.negate(self.truth(part))
            case _:
                return self.leaf(condition)

    def _first(self, deciding: Truth, parts: tuple[Condition, ...], otherwise: Truth) -> Truth:
        """The deciding value as soon as a part has it; else unknown where one is unknown."""
        found = otherwise
        for part in parts:
            value = self.truth(part)
            if value is deciding:
                return value
            if value is Truth.UNKNOWN:
                found = value
        return found

    def leaf(self, leaf: Leaf) -> Truth:
        """One comparison."""
        match leaf:
            case Reached(by=by):
                day = self.on if by is None else by
                reached = self.reached_between(leaf)
                return between(*reached, day, day) if reached else Truth.UNKNOWN
            case Is(name):
                hull = self.hull(name)
                return truth.of(hull[0] == 1) if hull else Truth.UNKNOWN
            case OneOf(name, codes):
                among, chosen = self.among(name), sum(1 << code for code in codes)
                if among is None or 0 != among & chosen != among:
                    return Truth.UNKNOWN
                return truth.of(among & chosen == among)
            case AtMost(name, limit):
                hull = self.hull(name)
                return between(*hull, limit, limit) if hull else Truth.UNKNOWN
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

    def reached_between(self, leaf: Reached) -> tuple[int, int] | None:
        """The first and the last day on which the date plus its period can fall."""
        if id(leaf) not in self._reached:
            hull, add = self.hull(leaf.attribute), self.calendar
            self._reached[id(leaf)] = hull and (add.earliest(hull[0], leaf.shift), add.latest(hull[1], leaf.shift))
        return self._reached[id(leaf)]

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
        while isinstance(condition, Line):
            condition = condition.part
        known = self._bounds.get(id(condition))
        if known is None:
            known = self._bounds[id(condition)] = self._bound(condition)
        return known

    def _bound(self, condition: Leaf | Not | All | Some) -> int:
        match condition:
            case Reached(by=None):
                first, last = self.reached_between(condition) or (NEVER, NEVER)
                return first if first > self.on else last if last > self.on else NEVER
            case All(parts):
                return self.bound_of(parts, Truth.FALSE, self.truth(condition))
            case Some(parts):
                return self.bound_of(parts, Truth.TRUE, self.truth(condition))
            case Not(part):
                return self.bound(part)
            case Begun(day):
                return day if day > self.on else NEVER
            case _:
                return NEVER

    def bound_of(self, parts: Sequence[Condition], deciding: Truth, value: Truth) -> int:
        """The bound of several parts together: where one of them decides, as long as one of them does."""
        if value is not deciding:
            return min(map(self.bound, parts), default=NEVER)
        latest = FIRST_DAY
        for part in parts:
            if latest < NEVER and self.truth(part) is deciding:
                latest = max(latest, self.bound(part))
        return latest


def between(lo: int, hi: int, first: int, last: int) -> Truth:
    """Whether a value in lo..hi is at most a limit in first..last: of all pairs, of none, or of some."""
    if hi <= first:
        return Truth.TRUE
    return Truth.FALSE if lo > last else Truth.UNKNOWN


def later(day: int, days: int) -> int:
    """A day some days later; NEVER and the open lower end stay what they are."""
    return PLAIN.earliest(day, Shift(days=days))
