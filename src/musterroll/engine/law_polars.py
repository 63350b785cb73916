"""What follows from the law for everybody at once: the folded conditions as Polars expressions (law-engine 6.4).

`law/evaluate.py` says what is right; this must agree with it on generated people (tests/agreement) and is checked
against it on every nightly run.

1. The day of evaluation is folded first: only comparisons with constants, `& | ~` (Kleene in Polars), `when` and whole
   numbers are emitted. No `is_in`, no date types, no arithmetic on the calendar.
2. Each condition becomes columns, inner before outer; then the classes, then the standing, as the reference does it.
3. Only the day of the next change needs a date plus its period a row: looked up in a table made by the plain calendar.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce

import numpy as np
import polars as pl

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import ValueType
from musterroll.law.calendar import Calendar, Overflow, Shift, civil, day_number, month_length
from musterroll.law.evaluate import HORIZON
from musterroll.law.fold import Fixed, Folded, Joined, Negated, Within, fold
from musterroll.law.model import Is, OneOf, Ordered, Question
from musterroll.law.pack import Pack

UNDETERMINED = 255
"""The class of somebody whose standing is undetermined."""

SCHEMA = {
    "person": pl.Int64,
    "question": pl.UInt8,
    "class": pl.UInt8,
    "possible": pl.Int64,
    "true": pl.Int64,
    "unknown": pl.Int64,
    "needs": pl.Int64,
    "next_change": pl.Int32,
}
"""One row a person. `possible` has a bit a class, `true` and `unknown` a bit a rule, `needs` a bit an attribute."""

_TABLE_FIRST = day_number(1800, 1, 1)
_NONE = pl.lit(0, dtype=pl.Int64)
_NEVER = pl.lit(NEVER, dtype=pl.Int32)


@dataclass(frozen=True)
class Columns:
    """One condition. `bound` is None where time changes nothing, `needs` where nothing can be missing; `depth` is the
    stage in which it is made."""

    truth: pl.Expr
    bound: pl.Expr | None
    needs: pl.Expr | None
    depth: int = 0


def evaluate(pack: Pack, question: str, flat: pl.DataFrame, on: int) -> pl.DataFrame:
    """The standing of every row of `flat` on the day `on`, in the order of `flat`, with all reasons (`SCHEMA`).

    `flat` has `person`, and for each attribute `a` (yes-or-no, enumerated) or `a_lo` and `a_hi` (days, numbers); null
    is unknown. A column `changes_on`, where there is one, is the first later day on which a held fact begins or ends:
    no next change is later. Raises KeyError for no question of the pack, MusterRollError `law.coverage`.
    """
    asked = pack.questions[question]
    period = pack.at(on)
    rules = period.rules[question]
    plan = _Plan(pack, on)
    of_rule = [
        plan.columns(fold(rule.when, on, period.calendar) if rule else Fixed(value=False, changes=NEVER))
        for rule in rules
    ]
    of_class = []
    for one in asked.classes:
        bits = [bit for bit, rule in enumerate(rules) if rule and rule.gives == one.name]
        of_class.append(plan.joined([of_rule[bit] for bit in bits], every=False))
    changes = pl.col("changes_on").cast(pl.Int32) if "changes_on" in flat.columns else _NEVER
    frame = flat.lazy().with_columns(pl.col("person").cast(pl.Int64), changes.alias("changes_on"))
    for stage in plan.stages:
        frame = frame.with_columns(stage)
    return frame.select(*_standing(asked, period.tried[question], of_rule, of_class, period.end)).collect()


def in_scope(pack: Pack, flat: pl.DataFrame, on: int) -> pl.Series:
    """Whether each row of `flat` is among those whom the law registers (charter S13), in the order of `flat`.

    Null where that is not established. True for everybody where the pack declares no scope.
    """
    scope = pack.at(on).scope
    if scope is None:
        return pl.repeat(value=True, n=flat.height, dtype=pl.Boolean, eager=True).alias("in_scope")
    plan = _Plan(pack, on)
    truth = plan.columns(fold(scope, on, pack.at(on).calendar)).truth
    frame = flat.lazy()
    for stage in plan.stages:
        frame = frame.with_columns(stage)
    return frame.select(truth.alias("in_scope")).collect()["in_scope"]


def _standing(
    asked: Question, tried: tuple[int, ...], rules: list[Columns], classes: list[Columns], end: int
) -> list[pl.Expr]:
    truth = [one.truth for one in classes]
    before = {index: [truth[one] for one in tried[:place]] for place, index in enumerate(tried)}
    untried = [_some(before[index]).fill_null(value=False) for index in range(len(truth))]
    undecided = [one.is_null() & ~untried[index] for index, one in enumerate(truth)]
    answer: pl.Expr = pl.lit(asked.index(asked.otherwise), dtype=pl.Int64)
    for index in reversed(tried):
        answer = pl.when(truth[index]).then(pl.lit(index, dtype=pl.Int64)).otherwise(answer)
    answer_bit = _bits([(answer == index, index) for index in range(len(classes))])
    needs = [
        pl.when(undecided[index]).then(one.needs).otherwise(_NONE)
        for index, one in enumerate(classes)
        if one.needs is not None
    ]
    change = [
        pl.when(untried[index]).then(_NEVER).otherwise(one.bound)
        for index, one in enumerate(classes)
        if one.bound is not None
    ]
    nearest = pl.min_horizontal([pl.lit(end, dtype=pl.Int32), pl.col("changes_on"), *change])
    return [
        pl.col("person"),
        pl.lit(asked.number, dtype=pl.UInt8).alias("question"),
        pl.when(_some(undecided)).then(UNDETERMINED).otherwise(answer).cast(pl.UInt8).alias("class"),
        (_bits([(one, index) for index, one in enumerate(undecided)]) | answer_bit).alias("possible"),
        _bits([(one.truth.fill_null(value=False), bit) for bit, one in enumerate(rules)]).alias("true"),
        _bits([(one.truth.is_null(), bit) for bit, one in enumerate(rules)]).alias("unknown"),
        _or(needs).alias("needs"),
        pl.when(nearest < HORIZON).then(nearest).otherwise(_NEVER).alias("next_change"),
    ]


class _Plan:
    """Folded conditions as columns over one pack's `flat`, each made once, those of one depth in one stage.

    A condition is used for its truth, its bound and its needs; written out as one expression it would double in size
    at each level.
    """

    def __init__(self, pack: Pack, on: int) -> None:
        self.on = on
        self.calendar = pack.at(on).calendar
        self.types = {name: one.type for name, one in pack.attributes.items()}
        self.bits = {name: pl.lit(1 << at, dtype=pl.Int64) for at, name in enumerate(pack.attributes)}
        self.stages: list[list[pl.Expr]] = []
        self._made: dict[Folded, Columns] = {}
        self._count = 0

    def columns(self, node: Folded) -> Columns:
        """Truth, bound and needs of one condition, as columns."""
        if node not in self._made:
            self._made[node] = self._columns(node)
        return self._made[node]

    def joined(self, parts: Sequence[Columns], *, every: bool) -> Columns:
        """All of them, or some of them."""
        return self._staged(_joined(parts, every=every), 1 + max((part.depth for part in parts), default=-1))

    def _staged(self, made: Columns, depth: int) -> Columns:
        while len(self.stages) <= depth:
            self.stages.append([])
        number, self._count = self._count, self._count + 1
        columns = []
        for letter, one in (("t", made.truth), ("b", made.bound), ("n", made.needs)):
            if one is not None:
                self.stages[depth].append(one.alias(f"_{letter}{number}"))
            columns.append(None if one is None else pl.col(f"_{letter}{number}"))
        return Columns(pl.col(f"_t{number}"), columns[1], columns[2], depth)

    def _columns(self, node: Folded) -> Columns:
        match node:
            case Fixed(value, changes):
                bound = None if changes == NEVER else pl.lit(changes, dtype=pl.Int32)
                return self._staged(Columns(pl.lit(value, dtype=pl.Boolean), bound, None), 0)
            case Is(name):
                return self._leaf(pl.col(name) == 1, None, name)
            case OneOf(name, codes):
                return self._leaf(_some([pl.col(name) == code for code in codes]), None, name)
            case Within(name, certain, possible, moving):
                lo, hi = pl.col(f"{name}_lo"), pl.col(f"{name}_hi")
                truth = _three(hi <= certain, lo > possible)
                return self._leaf(truth, None if moving is None else self._due(name, moving), name)
            case Ordered(first, days, second):
                lo, hi = _later(pl.col(f"{first}_lo"), days), _later(pl.col(f"{first}_hi"), days)
                truth = _three(hi <= pl.col(f"{second}_lo"), lo > pl.col(f"{second}_hi"))
                return self._leaf(truth, None, first, second)
            case Negated(part):
                made = self.columns(part)
                return Columns(~made.truth, made.bound, made.needs, made.depth)
            case Joined(every, parts):
                return self.joined([self.columns(part) for part in parts], every=every)

    def _leaf(self, truth: pl.Expr, bound: pl.Expr | None, *names: str) -> Columns:
        inexact = [pl.when(self._inexact(name)).then(self.bits[name]).otherwise(_NONE) for name in names]
        return self._staged(Columns(truth, bound, pl.when(truth.is_null()).then(_or(inexact)).otherwise(_NONE)), 0)

    def _inexact(self, name: str) -> pl.Expr:
        if self.types[name] in (ValueType.BOOL, ValueType.ENUM):
            return pl.col(name).is_null()
        return (pl.col(f"{name}_lo") == pl.col(f"{name}_hi")).fill_null(value=False).not_()

    def _due(self, name: str, shift: Shift) -> pl.Expr:
        first = _looked_up(pl.col(f"{name}_lo"), self.calendar, shift, late=False)
        last = _looked_up(pl.col(f"{name}_hi"), self.calendar, shift, late=True)
        return pl.when(first > self.on).then(first).when(last > self.on).then(last).otherwise(_NEVER)


def _joined(parts: Sequence[Columns], *, every: bool) -> Columns:
    """`every`: all hold, else some do. The bound follows the parts that decide: false ones of `all`, true of `some`."""
    deciding = [~part.truth if every else part.truth for part in parts]
    truth = ~_some(deciding) if every else _some(deciding)
    needs = [part.needs for part in parts if part.needs is not None]
    moving = [(one, part.bound) for one, part in zip(deciding, parts, strict=True) if part.bound is not None]
    bound = None
    if moving:
        still = [one for one, part in zip(deciding, parts, strict=True) if part.bound is None]
        lowest = pl.lit(FIRST_DAY, dtype=pl.Int32)
        latest = pl.max_horizontal([pl.when(one).then(due).otherwise(lowest) for one, due in moving])
        earliest = pl.min_horizontal([due for _, due in moving])
        bound = pl.when(_some(still)).then(_NEVER).when(latest > lowest).then(latest).otherwise(earliest)
    return Columns(truth, bound, pl.when(truth.is_null()).then(_or(needs)).otherwise(_NONE) if needs else None)


def _three(true: pl.Expr, false: pl.Expr) -> pl.Expr:
    return pl.when(true).then(statement=True).when(false).then(statement=False).otherwise(None)


def _some(parts: Sequence[pl.Expr]) -> pl.Expr:
    return reduce(lambda one, other: one | other, parts, pl.lit(value=False)) if parts else pl.lit(value=False)


def _or(parts: Sequence[pl.Expr]) -> pl.Expr:
    return reduce(lambda one, other: one | other, parts) if parts else _NONE


def _bits(parts: Sequence[tuple[pl.Expr, int]]) -> pl.Expr:
    return _or([pl.when(one).then(pl.lit(1 << bit, dtype=pl.Int64)).otherwise(_NONE) for one, bit in parts])


def _later(day: pl.Expr, days: int) -> pl.Expr:
    moved = (day.cast(pl.Int64) + days).clip(FIRST_DAY + 1, NEVER - 1).cast(pl.Int32)
    return pl.when((day == NEVER) | (day == FIRST_DAY)).then(day).otherwise(moved)


def _looked_up(day: pl.Expr, calendar: Calendar, shift: Shift, *, late: bool) -> pl.Expr:
    if not shift.in_months:
        return _later(day, shift.days)
    table = _table(calendar, shift, late and Overflow.EITHER in (calendar.leap_day, calendar.month_end))

    def sums(days: pl.Series) -> pl.Series:
        held = days.to_numpy()
        found = table[np.clip(held.astype(np.int64) - _TABLE_FIRST, 0, table.size - 1)]
        return pl.Series(np.where((held == NEVER) | (held == FIRST_DAY), held, found).astype(np.int32))

    look: Callable[[pl.Series], pl.Series] = sums
    return day.fill_null(FIRST_DAY).map_batches(look, return_dtype=pl.Int32, is_elementwise=True)


@lru_cache(maxsize=64)
def _table(calendar: Calendar, shift: Shift, late: bool) -> np.ndarray:  # type: ignore[type-arg]
    """Each day of 1800 to 2199 plus the period. Only days 29 to 31 can overflow; the others follow from the first."""
    add = calendar.latest if late else calendar.earliest
    sums: list[int] = []
    day = _TABLE_FIRST
    while day < HORIZON:
        year, month, _ = civil(day)
        length = month_length(year, month)
        first = add(day, shift)
        sums.extend(range(first, first + 28))
        sums.extend(add(day + at, shift) for at in range(28, length))
        day += length
    return np.array(sums, dtype=np.int32)
