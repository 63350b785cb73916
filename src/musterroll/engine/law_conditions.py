"""Folded conditions as columns over the flat facts of everybody: what is true, what is false, and when that can change.

`law/evaluate.py` says what is right.

1. A condition is brought into one form first: negation at the comparisons, `all` and `some` by turns, what the day
   alone decides taken out. It means the same in every column, and the same comparison is made once.
2. A comparison of what is not held is neither true nor false. No column made here has nulls.
3. `wants` finds the attributes whose being unknown makes a condition unknown: of an unknown `all` the parts that are
   not true, of an unknown `some` those that are not false.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import polars as pl

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.engine.law_bits import Bit, Column, Steps, but_not, every, latest, some, where
from musterroll.engine.law_due import NEVER_DUE, Clock, Due, days
from musterroll.fact.attribute import Attribute, ValueType
from musterroll.law.fold import Fixed, Folded, Joined, Negated, Within
from musterroll.law.model import Is, OneOf, Ordered

_BEFORE_ALL = FIRST_DAY - 1


@dataclass(frozen=True, slots=True)
class Judged:
    """One condition: where it is surely true, where surely false, and when that can change (None: never)."""

    true: Bit
    false: Bit
    due: Due | None = None

    @property
    def negated(self) -> "Judged":
        """The contrary."""
        return Judged(self.false, self.true, None if self.due is None else self.due.negated)


def plain(node: Folded) -> Folded:
    """The condition with negation at the comparisons, nothing nested in its like, nothing said twice."""
    return _plain(node, negated=False)


def _plain(node: Folded, *, negated: bool) -> Folded:
    match node:
        case Negated(part):
            return _plain(part, negated=not negated)
        case Fixed(value, changes):
            return Fixed(value is not negated, changes)
        case Joined(whole, parts):
            whole = whole is not negated
            inner = (_plain(part, negated=negated) for part in parts)
            flat = [one for part in inner for one in _members(part, whole)]
            kept = [one for one in dict.fromkeys(flat) if one != Fixed(whole, NEVER)]
            if Fixed(not whole, NEVER) in kept:
                return Fixed(not whole, NEVER)
            if len(kept) == 1:
                return kept[0]
            return Joined(whole, tuple(kept)) if kept else Fixed(whole, NEVER)
        case _:
            return Negated(node) if negated else node


def _members(node: Folded, whole: bool) -> Sequence[Folded]:
    return node.parts if isinstance(node, Joined) and node.every is whole else (node,)


class Conditions:
    """The conditions of one question as columns in steps. `sets` are the attributes with a column of possible codes.

    `timed`: whether it is asked when they can change; without it no due is made.
    """

    def __init__(
        self, attributes: Mapping[str, Attribute], clock: Clock, sets: Collection[str], *, timed: bool
    ) -> None:
        self.attributes, self.clock, self.sets, self.timed = attributes, clock, sets, timed
        self.steps = Steps()
        self._judged: dict[Folded, Judged] = {}
        self._held: dict[str, Column] = {}

    def judge(self, node: Folded) -> Judged:
        """True, false and due of one condition in plain form."""
        if node not in self._judged:
            self._judged[node] = self._judge(node)
        return self._judged[node]

    def _judge(self, node: Folded) -> Judged:
        match node:
            case Fixed(value, changes):
                far = changes >= self.clock.end
                due = Due(Column(days(changes - self.clock.on - 1)), if_true=value, if_false=not value)
                return Judged(value, not value, due if self.timed and not far else None)
            case Negated(part):
                return self.judge(part).negated
            case Joined(whole, parts):
                return self.joined([self.judge(part) for part in parts], whole=whole)
            case Within(name, certain, possible, shift) if self.timed and shift is not None:
                lo, hi = self._filled(name)
                true = self._kept(Column(hi.expr <= certain, hi.step))
                false = self._kept(Column(lo.expr > possible, lo.step))
                first, last = (end.expr.reinterpret(signed=False) for end in (lo, hi))
                when = self.steps.keep(Column(self.clock.due(first, last, false, shift), false.step))
                return Judged(true, false, Due(when, if_true=False, if_false=True))
            case Within(name, certain, possible):
                lo_, hi_ = pl.col(f"{name}_lo"), pl.col(f"{name}_hi")
                return self._leaf(hi_ <= certain, lo_ > possible)
            case Is(name):
                return self._leaf(pl.col(name) == 1, pl.col(name) == 0)
            case OneOf(name, codes):
                return self._one_of(name, codes)
            case Ordered(first, shift_days, second):
                lo_, hi_ = (_later(pl.col(f"{first}_{end}"), shift_days) for end in ("lo", "hi"))
                return self._leaf(hi_ <= pl.col(f"{second}_lo"), lo_ > pl.col(f"{second}_hi"))

    def _leaf(self, true: pl.Expr, false: pl.Expr) -> Judged:
        kept = [self._kept(Column(one.eq_missing(other=True))) for one in (true, false)]
        return Judged(kept[0], kept[1])

    def _kept(self, column: Column) -> Column:
        return self.steps.keep(column)

    def _filled(self, name: str) -> tuple[Column, Column]:
        """Both ends of a date without nulls: what is not held can be any day."""
        for end, value in (("lo", _BEFORE_ALL), ("hi", NEVER)):
            column = f"{name}_{end}"
            if column not in self._held:
                self._held[column] = self._kept(Column(pl.col(column).fill_null(pl.lit(value, dtype=pl.Int32))))
        return self._held[f"{name}_lo"], self._held[f"{name}_hi"]

    def _one_of(self, name: str, codes: tuple[int, ...]) -> Judged:
        others = tuple(code for code in range(self.attributes[name].span[1] + 1) if code not in codes)
        true, false = (_in_runs(pl.col(name), some_codes) for some_codes in (codes, others))
        if name in self.sets:
            inside, outside = (sum(1 << code for code in some_codes) for some_codes in (codes, others))
            among = pl.col(f"{name}_among")
            true = true | (among & pl.lit(outside, dtype=pl.Int64)).eq_missing(0)
            false = false | (among & pl.lit(inside, dtype=pl.Int64)).eq_missing(0)
        return Judged(self._kept(Column(true)), self._kept(Column(false)))

    def joined(self, parts: Sequence[Judged], *, whole: bool) -> Judged:
        """All of them (`whole`), or some of them."""
        if len(parts) == 1:
            return parts[0]
        return self._all(parts) if whole else self._all([part.negated for part in parts]).negated

    def _all(self, parts: Sequence[Judged]) -> Judged:
        """Every part holds. When false it stays so as long as one false part does, else until its first change."""
        true = self.steps.keep_bit(every([part.true for part in parts]))
        false = self.steps.keep_bit(some([part.false for part in parts]))
        moving = [(part.false, part.due) for part in parts if part.due]
        if not moving:
            return Judged(true, false)
        lasting = some([part.false for part in parts if not (part.due and part.due.if_false)])
        passing = [(bit, due.days) for bit, due in moving if due.if_false]
        first = self.soonest([due.days for _, due in moving])
        if passing and len(moving) > 1:
            last = [where(bit, due, Column(days(0))) for bit, due in passing] if passing[1:] else [passing[0][1]]
            first = where(some([bit for bit, _ in passing]), self._furthest(last, pl.max_horizontal), first)
        until = self.steps.keep(where(lasting, Column(NEVER_DUE), first))
        return Judged(true, false, Due(until, any(due.if_true for _, due in moving), bool(passing)))

    def soonest(self, dues: Sequence[Column]) -> Column:
        """The first of several dues."""
        return self._furthest(dues, pl.min_horizontal)

    def _furthest(self, dues: Sequence[Column], of_two: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Column:
        """Two by two and each made by itself: within another choice Polars takes ten times as long over it."""
        left = [self.steps.keep(due) for due in dues]
        while left[1:]:
            pairs = [left[at : at + 2] for at in range(0, len(left), 2)]
            left = [self._paired(pair, of_two) for pair in pairs]
        return left[0]

    def _paired(self, pair: Sequence[Column], of_two: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Column:
        if len(pair) == 1:
            return pair[0]
        return self.steps.keep(Column(of_two(pair[0].expr, pair[1].expr), latest(pair)))

    def wants(self, node: Folded, relevant: Bit, found: dict[str, list[Bit]]) -> None:
        """Add to `found`, by attribute, where the condition is unknown for want of it, among the `relevant`."""
        match node:
            case Joined(whole, parts):
                kept = self.steps.keep_bit(relevant)
                for part in parts:
                    judged = self.judge(part)
                    self.wants(part, but_not(kept, judged.true if whole else judged.false), found)
            case Negated(part):
                self.wants(part, relevant, found)
            case Is(name) | OneOf(name):
                found.setdefault(name, []).append(relevant)
            case Within(name, certain, possible):
                found.setdefault(name, []).append(relevant if certain == possible else self._vague(name, relevant))
            case Ordered(first, _, second):
                for name in (first, second):
                    found.setdefault(name, []).append(self._vague(name, relevant))
            case _:
                return

    def _vague(self, name: str, relevant: Bit) -> Bit:
        """Where it is relevant and not exactly held: the calendar may be open about a date that is."""
        exact = Column((pl.col(f"{name}_lo") == pl.col(f"{name}_hi")).eq_missing(other=True))
        return but_not(relevant, exact)


def _in_runs(column: pl.Expr, codes: Sequence[int]) -> pl.Expr:
    """Whether a code is one of these: a comparison or two for each run of codes that follow one another."""
    if not codes:
        return pl.lit(value=False)
    ordered = sorted(codes)
    starts = [ordered[0], *(two for one, two in pairwise(ordered) if two > one + 1)]
    ends = [*(one for one, two in pairwise(ordered) if two > one + 1), ordered[-1]]
    runs = [
        column == one if one == two else (column >= one) & (column <= two)
        for one, two in zip(starts, ends, strict=True)
    ]
    return reduce(lambda one, two: one | two, [run.eq_missing(other=True) for run in runs])


def _later(day: pl.Expr, more: int) -> pl.Expr:
    if more == 0:
        return day
    return pl.when((day == NEVER) | (day == FIRST_DAY)).then(day).otherwise(day + more)


def inputs(attributes: Mapping[str, Attribute]) -> dict[str, type[pl.DataType]]:
    """Names and types of the columns of flat facts that conditions may read."""
    columns: dict[str, type[pl.DataType]] = {}
    for name, attribute in attributes.items():
        if attribute.type in (ValueType.DATE, ValueType.INT):
            columns |= {f"{name}_lo": pl.Int32, f"{name}_hi": pl.Int32}
        else:
            columns[name] = pl.UInt8
    return columns
