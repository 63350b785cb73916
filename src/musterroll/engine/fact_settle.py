"""From all statements about one attribute to the value held of each person: `fact.conflict` for a bucket at once.

Everything is by place: a person is the place of his number among the bucket's people, in order. Statements lie in order
of places, so that those of one person are neighbours and one pass over an array answers for everybody.

1. What confirmed, fresh statements have in common; where they cannot all be true, all that they say (`settle`).
2. Stale statements widen it, a favoured value apart; alone they make it unknown and stale.
3. Where nobody speaks, the silence of sources; possible links widen in the second evaluation only.
4. An enumeration of at most 62 values is held as a set, a bit a value, in one whole number: what statements have in
   common is their `and`, all of them together their `or`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from musterroll.engine.roll.table import CONFIRMED, POSSIBLE
from musterroll.fact.attribute import Attribute, State, ValueType

type Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """Statements in order of `place`: whose, what (`lo..hi`), on which link, by which source, and whether it is fresh.

    `place` is int64, `lo` and `hi` are int64 so that a set fits them.
    """

    place: Array
    lo: Array
    hi: Array
    link: Array
    source: Array
    fresh: Array

    def where(self, these: Array) -> "Said":
        """The statements at which `these` is true."""
        if these.all():
            return self
        return Said(*(getattr(self, name)[these] for name in self.__slots__))

    def between(self, begin: int, end: int) -> "Said":
        """The statements from one place in the arrays to another."""
        return Said(*(getattr(self, name)[begin:end] for name in self.__slots__))

    def beside(self, other: "Said") -> "Said":
        """Both together, in order of place."""
        both = [np.concatenate([getattr(self, name), getattr(other, name)]) for name in self.__slots__]
        order = np.argsort(both[0], kind="stable")
        return Said(*(values[order] for values in both))


@dataclass(frozen=True, slots=True)
class Value:
    """What is held of everybody: `lo`, `hi` where `held`, and the state. Of a set both are the set."""

    lo: Array
    hi: Array
    held: Array
    state: Array


def settle(attribute: Attribute, said: Said, silent: Array, people: int, *, wide: bool) -> Value:
    """The value of everybody. `silent` is the number of sources whose silence says the neutral value, by place."""
    said = _as_sets(said) if attribute.sets else said
    value = _Settling(attribute, people)
    confirmed = said.link == CONFIRMED
    value.take(said.where(confirmed & said.fresh))
    stale = said.where(confirmed & ~said.fresh)
    value.widen(stale, State.STALE, but=attribute.favoured)
    value.leave_stale(stale)
    value.hear_silence(silent)
    if wide:
        value.widen(said.where(said.link == POSSIBLE), State.POSSIBLE, but=None)
    return Value(value.lo, value.hi, value.held, value.state)


def columns(attribute: Attribute, value: Value) -> list[pl.Series]:
    """The columns of the flat view."""
    name = attribute.name
    state = pl.Series(f"{name}_state", value.state.astype(np.uint8, copy=False))
    if attribute.type in (ValueType.DATE, ValueType.INT):
        ends = (("lo", value.lo), ("hi", value.hi))
        return [*(_column(f"{name}_{end}", values, value.held, np.int32) for end, values in ends), state]
    if not attribute.sets:
        return [_column(name, value.lo, value.held, np.uint8), state]
    single = value.held & (value.lo & (value.lo - 1) == 0)
    code = np.log2(np.where(single, value.lo, 1).astype(np.float64)).astype(np.uint8)
    among = _column(f"{name}_among", value.lo, value.held & ~single, np.int64)
    return [_column(name, code, single, np.uint8), among, state]


def _column(name: str, values: Array, held: Array, kind: Any) -> pl.Series:
    return pl.Series(name, pa.array(values.astype(kind, copy=False), mask=~held))


def first_of(place: Array) -> Array:
    """Where in `place`, which is in order, each person's entries begin."""
    if not place.size:
        return place
    return np.flatnonzero(np.concatenate([[True], place[1:] != place[:-1]]))


def _as_sets(said: Said) -> Said:
    among = (np.int64(2) << said.hi) - (np.int64(1) << said.lo)
    return Said(said.place, among, among, said.link, said.source, said.fresh)


class _Settling:
    """The value while it is found."""

    def __init__(self, attribute: Attribute, people: int) -> None:
        self.attribute = attribute
        self.exact = attribute.type in (ValueType.BOOL, ValueType.ENUM) and not attribute.sets
        self.lo, self.hi = np.zeros(people, np.int64), np.zeros(people, np.int64)
        self.held, self.said = np.zeros(people, bool), np.zeros(people, bool)
        self.state = np.full(people, int(State.UNKNOWN), np.uint8)

    def take(self, said: Said) -> None:
        """What confirmed fresh statements say together."""
        if not said.place.size:
            return
        begins = first_of(said.place)
        who = said.place[begins]
        several = np.minimum.reduceat(said.source, begins) < np.maximum.reduceat(said.source, begins)
        lo, hi, together = self._common(said, begins)
        state = np.where(several, int(State.AGREED), int(State.SINGLE))
        favoured = self._coded(self.attribute.favoured)
        if favoured is None:
            state = np.where(together, state, int(State.CONFLICT))
        else:
            chosen = np.logical_or.reduceat((said.lo == favoured) & (said.hi == favoured), begins)
            against = self._against(said, favoured)
            contrary = np.where(chosen, np.logical_or.reduceat(against, begins), ~together)
            state = np.where(contrary, int(State.CONFLICT), state)
            lo, hi = np.where(chosen, favoured, lo), np.where(chosen, favoured, hi)
        self.said[who] = True
        self._put(who, lo, hi, state)

    def widen(self, said: Said, state: State, *, but: int | None) -> None:
        """What more statements say beside it; nothing becomes known that was not, and a value that is `but` stays."""
        if not said.place.size:
            return
        begins = first_of(said.place)
        who = said.place[begins]
        keep = self.held[who]
        chosen = self._coded(but)
        if chosen is not None:
            keep = keep & ~((self.lo[who] == chosen) & (self.hi[who] == chosen))
        if self.attribute.sets:
            lo = hi = self.lo[who] | np.bitwise_or.reduceat(said.lo, begins)
        else:
            lo = np.minimum(self.lo[who], np.minimum.reduceat(said.lo, begins))
            hi = np.maximum(self.hi[who], np.maximum.reduceat(said.hi, begins))
        moved = keep & ((lo != self.lo[who]) | (hi != self.hi[who]))
        self._put(who[moved], lo[moved], hi[moved], np.full(int(moved.sum()), int(state)))

    def leave_stale(self, stale: Said) -> None:
        """Of whom only stale statements speak, nothing is known."""
        only = np.unique(stale.place)
        only = only[~self.said[only]]
        self.state[only] = int(State.STALE)
        self.said[only] = True

    def hear_silence(self, silent: Array) -> None:
        """The neutral value of those of whom nobody speaks, where sources say it by their silence."""
        heard = (silent > 0) & ~self.said
        neutral = self._coded(self.attribute.value_of(self.attribute.neutral)) if self.attribute.neutral else None
        if neutral is None or not heard.any():
            return
        self.lo[heard] = self.hi[heard] = neutral
        self.held |= heard
        self.state[heard] = np.where(silent[heard] > 1, int(State.AGREED), int(State.SINGLE))

    def _common(self, said: Said, begins: Array) -> tuple[Array, Array, Array]:
        """What they have in common, else all that they say; and whether they can all be true."""
        if begins.size == said.place.size:
            return said.lo, said.hi, np.ones(begins.size, bool)
        if self.attribute.sets:
            common, anything = np.bitwise_and.reduceat(said.lo, begins), np.bitwise_or.reduceat(said.lo, begins)
            together = common != 0
            both = np.where(together, common, anything)
            return both, both, together
        least, most = np.maximum.reduceat(said.lo, begins), np.minimum.reduceat(said.hi, begins)
        together = least <= most
        lo = np.where(together, least, np.minimum.reduceat(said.lo, begins))
        hi = np.where(together, most, np.maximum.reduceat(said.hi, begins))
        return lo, hi, together

    def _against(self, said: Said, favoured: int) -> Array:
        if self.attribute.sets:
            apart: Array = (said.lo & favoured) == 0
        else:
            apart = (said.lo > favoured) | (said.hi < favoured)
        return apart

    def _coded(self, value: int | None) -> int | None:
        return 1 << value if value is not None and self.attribute.sets else value

    def _put(self, who: Array, lo: Array, hi: Array, state: Array) -> None:
        """Yes or no and long enumerations are known exactly or not at all."""
        self.lo[who], self.hi[who], self.state[who] = lo, hi, state
        self.held[who] = lo == hi if self.exact else True
