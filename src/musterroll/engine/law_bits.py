"""Columns of bits in Polars: three-valued conditions as two bits each, made once, and put together into masks.

1. A condition is two columns, `true` and `false`, neither with nulls; unknown is neither. So `not` costs nothing, and
   all else is `and` and `or` of plain bitmaps, 64 people at a time.
2. What is used more than once is made once, in a step before the steps that use it (`Steps.keep`); `Bit.step` is the
   first step in which an expression can stand. An expression written out twice would double at each level.
3. Masks are put together in bytes first, then in wider numbers: eight bits cost as much as one in a 64-bit column.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

import polars as pl

BYTE = 8


@dataclass(frozen=True, slots=True)
class Column:
    """An expression that can stand in `step` or later."""

    expr: pl.Expr
    step: int = 0


type Bit = Column | bool
"""A column of bits without nulls, or the same answer for everybody."""


@dataclass(slots=True)
class Steps:
    """Columns made step by step; those of one step need only what is there before it."""

    made: list[list[pl.Expr]] = field(default_factory=list)
    _count: int = 0

    def keep(self, column: Column) -> Column:
        """The same column by a name of its own, made in the first step in which it can be."""
        if column.expr.meta.is_column():
            return column
        while len(self.made) <= column.step:
            self.made.append([])
        name, self._count = f"_{self._count}", self._count + 1
        self.made[column.step].append(column.expr.alias(name))
        return Column(pl.col(name), column.step + 1)

    def keep_bit(self, bit: Bit) -> Bit:
        """`keep`, where there is something to keep."""
        return bit if isinstance(bit, bool) else self.keep(bit)


def every(bits: Sequence[Bit]) -> Bit:
    """All of them."""
    return _joined(bits, stops=False)


def some(bits: Sequence[Bit]) -> Bit:
    """At least one of them."""
    return _joined(bits, stops=True)


def _joined(bits: Sequence[Bit], *, stops: bool) -> Bit:
    columns = [bit for bit in bits if not isinstance(bit, bool)]
    if len(columns) < len(bits) and any(bit is stops for bit in bits):
        return stops
    if not columns:
        return not stops
    exprs = [column.expr for column in columns]
    joined = reduce(lambda one, two: one | two, exprs) if stops else reduce(lambda one, two: one & two, exprs)
    return Column(joined, latest(columns))


def but_not(bit: Bit, other: Bit) -> Bit:
    """The first without the second. Of two bits `>` is just that, in one pass."""
    if isinstance(other, bool):
        return False if other else bit
    if isinstance(bit, bool):
        return Column(~other.expr, other.step) if bit else False
    return Column(bit.expr > other.expr, max(bit.step, other.step))


def neither(bit: Bit, other: Bit) -> Bit:
    """Neither of two that are never both: where they are equal."""
    if isinstance(bit, bool):
        bit, other = other, bit
    if isinstance(other, bool):
        return but_not(not other, bit)
    assert not isinstance(bit, bool)
    return Column(bit.expr == other.expr, max(bit.step, other.step))


def latest(columns: Sequence[Column]) -> int:
    """The first step in which all of them can stand."""
    return max((column.step for column in columns), default=0)


def where(bit: Bit, column: Column, otherwise: Column) -> Column:
    """The one where the bit is set, else the other."""
    if isinstance(bit, bool):
        return column if bit else otherwise
    return Column(pl.when(bit.expr).then(column.expr).otherwise(otherwise.expr), latest([bit, column, otherwise]))


def mask(bits: Sequence[Bit]) -> Column:
    """A whole number (int64) with bit n set where `bits[n]` is; at most 63."""
    parts: list[Column | None] = [_byte(bits[at : at + BYTE]) for at in range(0, len(bits), BYTE)]
    width, wider = 1 << BYTE, [pl.UInt16(), pl.UInt32(), pl.Int64()]
    for kind in wider:
        parts = [_pair(parts[at : at + 2], kind, width) for at in range(0, len(parts), 2)]
        width *= width
    return parts[0] if parts and parts[0] is not None else Column(pl.lit(0, dtype=pl.Int64))


def byte(bits: Sequence[Bit]) -> Column:
    """A whole number (uint8) with bit n set where `bits[n]` is; at most 8."""
    return _byte(bits) or Column(_small(0))


def _byte(bits: Sequence[Bit]) -> Column | None:
    fixed = sum(1 << at for at, bit in enumerate(bits) if bit is True)
    varied = [(at, bit) for at, bit in enumerate(bits) if not isinstance(bit, bool)]
    exprs = [pl.when(bit.expr).then(_small(1 << at)).otherwise(_small(0)) for at, bit in varied]
    exprs += [_small(fixed)] if fixed else []
    if not exprs:
        return None
    return Column(reduce(lambda one, two: one | two, exprs), latest([bit for _, bit in varied]))


def _small(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt8)


def _pair(parts: Sequence[Column | None], kind: pl.DataType, width: int) -> Column | None:
    low, high = (*parts, None)[:2]
    wide = [part.expr.cast(kind) * pl.lit(factor, dtype=kind)
            if factor > 1 else part.expr.cast(kind)
            for part, factor in ((low, 1), (high, width)) if part]  # fmt: skip
    if not wide:
        return None
    return Column(reduce(lambda one, two: one | two, wide), latest([part for part in parts if part]))
