"""The list of a large cohort: one array of leaves, never an object a person.

Stands wherever `musterroll.draw.commitment.Cohort` does, and refuses what that refuses; where they differ, this is
wrong. 25 million people are 850 MB, and no step holds more than that again.
"""

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from musterroll.draw import commitment
from musterroll.draw.commitment import COMMITMENT_BYTES, DATED_LEAF_BYTES, LEAF_BYTES, Cohort, Entry
from musterroll.draw.packed import Packed
from musterroll.ledger import tree

_AT_ONCE = 1 << 16
"""How many people are looked at in one go: a power of two, so that each piece is a whole subtree."""

type Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class LargeCohort:
    """As `Cohort`: `leaves_array` has one row of 34 or 36 bytes a person, ascending."""

    leaves_array: Bytes
    strata: tuple[str, ...]

    @classmethod
    def read(cls, data: Any, strata: tuple[str, ...], *, dated: bool = False) -> "LargeCohort":
        """The list in the bytes of `cohort.bin`, which are not copied. Raises MusterRollError `cohort.*`."""
        width = DATED_LEAF_BYTES if dated else LEAF_BYTES
        flat = np.frombuffer(data, dtype=np.uint8)
        if len(flat) % width:
            raise commitment.wrong("cohort.length", f"it has {len(flat)} bytes, which is no multiple of {width}")
        found = cls(flat.reshape(-1, width), strata)
        found.check()
        return found

    @classmethod
    def of(
        cls,
        strata: npt.NDArray[np.uint16],
        commitments: Bytes,
        ids: tuple[str, ...],
        days: npt.NDArray[np.uint16] | None = None,
    ) -> "LargeCohort":
        """The list of people of these strata (indices into `ids`) and commitments (rows of 32), in any order."""
        head = 2 if days is None else 4
        order = np.argsort(_heads(strata, commitments, days)).astype(np.uint32)
        leaves = np.empty((len(strata), head + COMMITMENT_BYTES), dtype=np.uint8)
        for start in range(0, len(order), _AT_ONCE):
            rows = order[start : start + _AT_ONCE]
            part = leaves[start : start + _AT_ONCE]
            part[:, :2] = strata[rows].astype(">u2").view(np.uint8).reshape(-1, 2)
            if days is not None:
                part[:, 2:4] = days[rows].astype(">u2").view(np.uint8).reshape(-1, 2)
            part[:, head:] = commitments[rows]
        _settle(leaves)
        found = cls(leaves, ids)
        found.check()
        return found

    def check(self) -> None:
        """Raise MusterRollError `cohort.*` unless this is a list of entries: as `Cohort` checks itself."""
        texts = self._texts()
        for start in range(0, self.size - 1, _AT_ONCE):
            part = texts[start : start + _AT_ONCE + 1]
            wrong = np.flatnonzero(part[:-1] >= part[1:])
            if len(wrong):
                after = start + int(wrong[0]) + 1
                raise commitment.wrong("cohort.sorted", f"entry {after} does not come after the entry before it")
        if len(set(self.strata)) != len(self.strata):
            raise commitment.wrong("cohort.strata", "two strata have the same id")
        if not self.size or int(self._indices[-1]) != len(self.strata) - 1 or not all(self.sizes):
            raise commitment.wrong("cohort.strata", f"the entries do not fill exactly the {len(self.strata)} strata")
        if self.dated and not all(1 <= day <= 366 for day in np.unique(self.days).tolist()):
            raise commitment.wrong("cohort.undated", "an entry has no date of a year")

    @property
    def dated(self) -> bool:
        """Whether each leaf carries its date, as in a draw by table."""
        return self.width == DATED_LEAF_BYTES

    @property
    def width(self) -> int:
        """How many bytes a leaf has."""
        return int(self.leaves_array.shape[1])

    @property
    def data(self) -> memoryview:
        """The bytes of `cohort.bin`, not copied."""
        return memoryview(np.ascontiguousarray(self.leaves_array)).cast("B")

    @property
    def size(self) -> int:
        """How many entries the list has."""
        return len(self.leaves_array)

    @property
    def leaves(self) -> Packed:
        """The leaves in order."""
        return Packed(self.data, self.width)

    @property
    def days(self) -> npt.NDArray[np.uint16]:
        """The date of each entry, in a draw by table."""
        return np.asarray(self.leaves_array[:, 2:4].copy().view(">u2").ravel().astype(np.uint16))

    @cached_property
    def bounds(self) -> tuple[int, ...]:
        """Where each stratum begins, and where the last one ends."""
        inner = np.searchsorted(self._indices, np.arange(1, len(self.strata), dtype=">u2"))
        return (0, *inner.tolist(), self.size)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many entries each stratum has."""
        return tuple(end - start for start, end in zip(self.bounds, self.bounds[1:], strict=False))

    @cached_property
    def root(self) -> bytes:
        """The Merkle root over the leaves, 65,536 at a time."""
        sha256 = hashlib.sha256
        chunks = []
        for start in range(0, self.size, _AT_ONCE):
            data, width = self.leaves_array[start : start + _AT_ONCE].tobytes(), self.width
            hashes = [sha256(b"\x00" + data[i : i + width]).digest() for i in range(0, len(data), width)]
            chunks.append(tree.root(hashes))
        return tree.root(chunks)

    def commitments(self) -> tuple[Bytes, ...]:
        """C of every entry, stratum by stratum: rows of 32 bytes, views of the list."""
        rows = self.leaves_array[:, -COMMITMENT_BYTES:]
        return tuple(rows[start:end] for start, end in zip(self.bounds, self.bounds[1:], strict=False))

    def index_of(self, entrant: Entry) -> int:
        """Where `entrant` stands in the list. Raises MusterRollError `cohort.absent`."""
        if entrant.stratum in self.strata:
            day = commitment.day_of(entrant.born) if self.dated else None
            leaf = commitment.leaf(self.strata.index(entrant.stratum), entrant.commitment, day)
            wanted = np.frombuffer(leaf, dtype=f"S{self.width}")
            index = int(np.searchsorted(self._texts(), wanted)[0])
            if index < self.size and self.leaves_array[index].tobytes() == leaf:
                return index
        raise commitment.wrong("cohort.absent", "this entry is not in it")

    def small(self) -> Cohort:
        """The same list as the plain library reads it. For small lists."""
        return Cohort(self.data.tobytes(), self.strata, self.dated)

    @property
    def _indices(self) -> npt.NDArray[Any]:
        # A view with a stride: searching reads a few rows of it.
        return np.ndarray((self.size,), dtype=">u2", buffer=self.data, strides=(self.width,))

    def _texts(self) -> npt.NDArray[np.bytes_]:
        # Rows as texts of one width: numpy compares those as unsigned bytes, which it does not do for raw ones.
        return np.ascontiguousarray(self.leaves_array).view(f"S{self.width}").ravel()


def commit_all(entries: Iterable[tuple[bytes, bytes]], count: int) -> Bytes:
    """C of `count` entries given as (salt, record), in their order: rows of 32 bytes."""
    found = np.empty((count, COMMITMENT_BYTES), dtype=np.uint8)
    rows = iter(entries)
    for start in range(0, count, _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        chunk = b"".join([commitment.commit(salt, record) for salt, record in itertools.islice(rows, len(part))])
        part[:] = np.frombuffer(chunk, dtype=np.uint8).reshape(-1, COMMITMENT_BYTES)
    return found


def _heads(
    strata: npt.NDArray[np.uint16], commitments: Bytes, days: npt.NDArray[np.uint16] | None
) -> npt.NDArray[np.uint64]:
    """The first eight bytes of each leaf as a number."""
    found = np.empty(len(strata), dtype=np.uint64)
    head = 2 if days is None else 4
    for start in range(0, len(strata), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        rows = np.zeros((len(strata[part]), 8), dtype=np.uint8)
        rows[:, :2] = strata[part].astype(">u2").view(np.uint8).reshape(-1, 2)
        if days is not None:
            rows[:, 2:4] = days[part].astype(">u2").view(np.uint8).reshape(-1, 2)
        rows[:, head:] = commitments[part, : 8 - head]
        found[part] = rows.view(">u8").ravel()
    return found


def _settle(leaves: Bytes) -> None:
    """Put runs that agree in the first eight bytes into full order."""
    heads = np.ndarray((len(leaves),), dtype=">u8", buffer=memoryview(leaves).cast("B"), strides=(leaves.shape[1],))
    for start, end in runs(heads):
        rows = sorted(row.tobytes() for row in leaves[start:end])
        leaves[start:end] = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(end - start, -1)


def runs(ordered: npt.NDArray[Any]) -> Sequence[tuple[int, int]]:
    """Where equal neighbours stand in an ascending array: start and end of each run of two or more."""
    found: list[tuple[int, int]] = []
    for start in range(0, len(ordered) - 1, _AT_ONCE):
        part = ordered[start : start + _AT_ONCE + 1]
        for first in (np.flatnonzero(part[1:] == part[:-1]) + start).tolist():
            if not found or first >= found[-1][1]:
                found.append((first, int(np.searchsorted(ordered, ordered[first], side="right"))))
    return found
