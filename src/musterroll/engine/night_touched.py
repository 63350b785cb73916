"""Whom a delivery, a linkage model or a law touched: ranges of person numbers, read from what one night wrote.

1. A delivery touched whoever gained or lost a statement, a place in a group or a particular by it, and whoever's
   standing moved that night by a fact, a link or by entry. Of several deliveries of one night each is taken to have
   moved all of those: a recall may name somebody too many, and never somebody too few.
2. A model touched whoever got a link by it. A law touched whoever's standing was written under it.
3. The same night gives the same ranges, whatever the number of buckets. Everybody is one range: numbers are dense.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from musterroll.engine.roll import ObjectRef, Snapshot, Store, archive
from musterroll.engine.roll.table import ADD

DELIVERY, MODEL, LAW = 0, 1, 2
"""`kind`."""

RANGES = pl.Schema({"kind": pl.UInt8(), "number": pl.Int64(), "lo": pl.Int64(), "hi": pl.Int64()})
"""People `lo` to `hi`, both included, touched by the delivery, model or law of that number."""

_BY_SOURCE = ("fact", "spell", "member", "particular")
_MOVED = ("entry", "fact", "link")
_BY_MODEL = "model"


def law_number(digest: str) -> int:
    """The number under which a law stands here: 63 bits of its digest."""
    return int(digest[:16], 16) >> 1


def of_night(store: Store, snapshot: Snapshot) -> pl.DataFrame:
    """The ranges (`RANGES`) of the night that made `snapshot`, in order."""
    taken = archive.held(store, snapshot, "delivery")
    source = {} if taken is None else dict(taken.select("delivery", "source").iter_rows())
    tonight = {} if taken is None else _tonight(taken, snapshot.known_at)
    found = _Found()
    for frame in _written(store, snapshot, "standing_change", ["person", "because", "pack"]):
        moved = frame.filter(pl.col("because").is_in(_MOVED))["person"]
        for delivery in tonight.values():
            found.add(DELIVERY, delivery, moved)
        for (law,), part in frame.group_by("pack"):
            found.add(LAW, law_number(str(law)), part["person"])
    for name in _BY_SOURCE:
        for frame in _written(store, snapshot, name, ["person", "delivery", "op"]):
            _statements(found, frame, source, tonight)
    for frame in _written(store, snapshot, "link", ["person", "by", "basis", "op"]):
        made = frame.filter((pl.col("op") == ADD) & (pl.col("by") == _BY_MODEL))
        for (model,), part in made.group_by("basis"):
            found.add(MODEL, int(str(model)), part["person"])
    return found.ranges()


def union(ranges: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The first and last numbers of ranges that do not touch one another and cover the same people."""
    rows = ranges.sort("lo", "hi")
    lo, hi = rows["lo"].to_numpy(), rows["hi"].to_numpy()
    if not len(lo):
        return lo, hi
    reach = np.maximum.accumulate(hi)
    first = np.concatenate([[True], lo[1:] > reach[:-1] + 1])
    ends = np.concatenate([np.flatnonzero(first)[1:] - 1, [len(lo) - 1]])
    return lo[first], reach[ends]


def _tonight(taken: pl.DataFrame, known: int) -> Mapping[str, int]:
    """Tonight's delivery of each source; of the register's own answers under the agency's name."""
    rows = taken.filter(pl.col("known_from") == known).sort("delivery")
    return dict(rows.select("source", "delivery").iter_rows())


def _statements(found: "_Found", frame: pl.DataFrame, source: Mapping[int, str], tonight: Mapping[str, int]) -> None:
    """What was added came with its own delivery; what ended was ended by tonight's delivery of the same source."""
    for (delivery, op), part in frame.drop_nulls("person").group_by("delivery", "op"):
        number = int(str(delivery))
        by = number if op == ADD else tonight.get(source.get(number, ""))
        if by is not None and number in source:
            found.add(DELIVERY, by, part["person"])


def _written(store: Store, snapshot: Snapshot, name: str, columns: list[str]) -> Iterable[pl.DataFrame]:
    for ref in snapshot.refs(name):
        if _is_of(ref, snapshot):
            yield store.get(ref, columns)


def _is_of(ref: ObjectRef, snapshot: Snapshot) -> bool:
    return ref.night == snapshot.known_at


class _Found:
    """People by kind and number: a mark a person, so that the order of finding says nothing."""

    def __init__(self) -> None:
        self._marks: dict[tuple[int, int], np.ndarray] = {}

    def add(self, kind: int, number: int, people: pl.Series) -> None:
        if people.is_empty():
            return
        numbers = people.to_numpy()
        marks = self._marks.get((kind, number), np.zeros(0, dtype=bool))
        if int(numbers.max()) >= len(marks):
            marks = np.concatenate([marks, np.zeros(int(numbers.max()) + 1 - len(marks), dtype=bool)])
            self._marks[kind, number] = marks
        marks[numbers] = True

    def ranges(self) -> pl.DataFrame:
        frames = [RANGES.to_frame()]
        for (kind, number), marks in sorted(self._marks.items(), key=lambda item: item[0]):
            edges = np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8))
            lo, hi = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
            named = {"kind": [kind] * len(lo), "number": [number] * len(lo), "lo": lo, "hi": hi}
            frames.append(pl.DataFrame(named, schema=RANGES))
        return pl.concat(frames)
