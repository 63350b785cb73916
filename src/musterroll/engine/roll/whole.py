"""Night objects that hold rows of all buckets: one bucket's part is found by where it lies, not by reading the rest.

Rows lie bucket by bucket (`write.ordered`), so a bucket is one run of rows. Where each begins is found once a process
from the column that sets the bucket; then only the row groups with the run are read. What was sealed stays open in
memory for as long as it is among the last few used.
"""

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from musterroll.engine.roll.snapshot import ObjectRef
from musterroll.engine.roll.table import table_of

_KEPT = 96
"""How many night objects a process keeps open: a week of nights of every table."""


class Opens(Protocol):
    """What opens objects: a `Store`."""

    folder: Path

    def open(self, ref: ObjectRef) -> bytes: ...


class Whole:
    """One night object, read bucket by bucket. The row groups last read stay: the next bucket begins in them."""

    def __init__(self, data: bytes, table: str) -> None:
        self._file: Any = pq.ParquetFile(io.BytesIO(data))
        self._column = table_of(table, {}).bucket
        sizes = [self._file.metadata.row_group(number).num_rows for number in range(self._file.metadata.num_row_groups)]
        self._ends = np.cumsum(sizes)
        self._runs: dict[int, Any] = {}
        self._last: dict[tuple[int, tuple[str, ...] | None], pl.DataFrame] = {}

    def bucket(self, bucket: int, buckets: int, columns: Sequence[str] | None) -> pl.DataFrame:
        """The rows of one bucket, all columns or these."""
        if buckets not in self._runs:
            numbers = self._file.read([self._column]).column(0).to_numpy()
            self._runs[buckets] = np.searchsorted(numbers % buckets, np.arange(buckets + 1))
        first, last = (int(end) for end in self._runs[buckets][bucket : bucket + 2])
        begin, end = np.searchsorted(self._ends, [first, last - 1], side="right")
        names = self._file.schema_arrow.names
        named = None if columns is None else tuple(name for name in columns if name in names)
        groups = range(int(begin), int(end) + 1) if last > first else range(0)
        frames = [self._group(group, named) for group in groups]
        self._last = {
            (group, each): frame for (group, each), frame in self._last.items() if not groups or group >= groups[0]
        }
        if not frames:
            return self._nothing(named)
        before = 0 if groups[0] == 0 else int(self._ends[groups[0] - 1])
        whole = frames[0] if len(frames) == 1 else pl.concat(frames)
        return whole.slice(first - before, last - first)

    def _group(self, group: int, named: tuple[str, ...] | None) -> pl.DataFrame:
        if (group, named) not in self._last:
            self._last[group, named] = _frame(self._file.read_row_group(group, columns=named), named)
        return self._last[group, named]

    def _nothing(self, named: tuple[str, ...] | None) -> pl.DataFrame:
        return _frame(self._file.schema_arrow.empty_table(), named)


def _frame(table: Any, named: tuple[str, ...] | None) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame if named is None else frame.select(named)


def of(store: Opens, ref: ObjectRef) -> Whole:
    """The object, kept open for the next bucket."""
    return _opened(_Key(store, ref))


class _Key:
    """An object of a store, as the name under which it is kept open."""

    def __init__(self, store: Opens, ref: ObjectRef) -> None:
        self.store, self.ref = store, ref

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (self.store.folder, self.ref) == (other.store.folder, other.ref)

    def __hash__(self) -> int:
        return hash((self.store.folder, self.ref))


@lru_cache(maxsize=_KEPT)
def _opened(key: _Key) -> Whole:
    return Whole(key.store.open(key.ref), key.ref.table)
