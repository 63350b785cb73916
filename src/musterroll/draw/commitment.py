"""The list of entries that is published before anybody can know the order.

1. `C = SHA-256(T(entry) || salt || record)`.
2. A leaf is `u16 stratum index || C`, 34 bytes; in a draw by table `u16 stratum index || u16 date || C`, 36 bytes.
   `cohort.bin` is all leaves in ascending order, each once.
3. The root over the leaves is RFC 6962's (`musterroll.ledger.tree`). It stands in the manifest.
"""

import bisect
import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from musterroll import canonical
from musterroll.draw import table
from musterroll.errors import MusterRollError
from musterroll.ledger import tree

LEAF_BYTES = 34
DATED_LEAF_BYTES = 36
COMMITMENT_BYTES = 32
MOST_STRATA = 65_535
_TAG_ENTRY = canonical.tag("entry")


class Entry(Protocol):
    """What is needed of an entrant here."""

    @property
    def stratum(self) -> str:
        """The id of the stratum."""

    @property
    def commitment(self) -> bytes:
        """C."""

    @property
    def born(self) -> str:
        """The birth date that the record states."""


class Listed(Protocol):
    """What a manifest says of its list in figures."""

    @property
    def size(self) -> int:
        """How many entries the list has."""

    @property
    def root(self) -> bytes:
        """The Merkle root over the leaves."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many entries each stratum has."""

    @property
    def strata(self) -> tuple[str, ...]:
        """The ids of the strata, in the order of their index."""


def commit(salt: bytes, record: bytes) -> bytes:
    """C of an entry: 32 bytes from a 32-byte salt and the record's exact bytes."""
    return hashlib.sha256(_TAG_ENTRY + salt + record).digest()


def leaf(stratum: int, commitment: bytes, day: int | None = None) -> bytes:
    """One entry in the list; `stratum` counts from 0. `day`, in a draw by table, is the date as in a leap year."""
    return stratum.to_bytes(2, "big") + (b"" if day is None else day.to_bytes(2, "big")) + commitment


def day_of(born: str) -> int:
    """The date of birth `YYYY-MM-DD` as a number of a leap year. Raises MusterRollError `cohort.undated`."""
    if born == "unknown":
        raise wrong("cohort.undated", "somebody's birth date is not known, and a table draws by it")
    return table.day_number(born[5:])


@dataclass(frozen=True)
class Cohort:
    """The published list: `data` is `cohort.bin`, `strata` the ids of the strata in the order of their index.

    `dated` in a draw by table: each leaf then carries its date.

    Raises MusterRollError `cohort.*` for bytes that are no such list: this is what a reader of the file relies on.
    """

    data: bytes
    strata: tuple[str, ...]
    dated: bool = False

    def __post_init__(self) -> None:
        if len(self.data) % self.width:
            raise wrong("cohort.length", f"it has {len(self.data)} bytes, which is no multiple of {self.width}")
        for before, after, index in zip(self.leaves, self.leaves[1:], range(1, self.size), strict=False):
            if before >= after:
                raise wrong("cohort.sorted", f"entry {index} does not come after the entry before it")
        if len(set(self.strata)) != len(self.strata):
            raise wrong("cohort.strata", "two strata have the same id")
        if {int.from_bytes(entry[:2], "big") for entry in self.leaves} != set(range(len(self.strata))):
            raise wrong("cohort.strata", f"the entries do not fill exactly the {len(self.strata)} strata")
        if self.dated and not all(1 <= day <= table.LEAP for day in self.days):
            raise wrong("cohort.undated", "an entry has no date of a year")

    @classmethod
    def of(cls, entrants: Sequence[Entry], *, dated: bool = False) -> "Cohort":
        """The list over `entrants`; strata stand in ascending order of their ids. `dated` for a draw by table."""
        ids = tuple(sorted({entrant.stratum for entrant in entrants}))
        if len(ids) > MOST_STRATA:
            raise ValueError("a draw has at most 65,535 strata")
        index = {name: i for i, name in enumerate(ids)}
        leaves = sorted(_leaf_of(entrant, index[entrant.stratum], dated) for entrant in entrants)
        return cls(b"".join(leaves), ids, dated)

    @property
    def width(self) -> int:
        """How many bytes a leaf has."""
        return DATED_LEAF_BYTES if self.dated else LEAF_BYTES

    @property
    def size(self) -> int:
        """How many entries the list has."""
        return len(self.data) // self.width

    @cached_property
    def leaves(self) -> tuple[bytes, ...]:
        """The leaves in order."""
        return tuple(self.data[i : i + self.width] for i in range(0, len(self.data), self.width))

    @cached_property
    def days(self) -> tuple[int, ...]:
        """The date of each entry, in a draw by table."""
        return tuple(int.from_bytes(entry[2:4], "big") for entry in self.leaves)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many entries each stratum has, in the order of `strata`."""
        bounds = [bisect.bisect_left(self.leaves, i.to_bytes(2, "big")) for i in range(len(self.strata))]
        return tuple(end - start for start, end in zip(bounds, [*bounds[1:], self.size], strict=True))

    @cached_property
    def root(self) -> bytes:
        """The Merkle root over the leaves."""
        return tree.root([tree.leaf_hash(entry) for entry in self.leaves])

    def commitments(self) -> tuple[tuple[bytes, ...], ...]:
        """C of every entry, stratum by stratum, in the order of the list."""
        bounds = [sum(self.sizes[:i]) for i in range(len(self.sizes) + 1)]
        return tuple(
            tuple(entry[-COMMITMENT_BYTES:] for entry in self.leaves[start:end])
            for start, end in itertools.pairwise(bounds)
        )

    def index_of(self, entrant: Entry) -> int:
        """Where `entrant` stands in the list. Raises MusterRollError `cohort.absent`."""
        known = entrant.stratum in self.strata
        wanted = _leaf_of(entrant, self.strata.index(entrant.stratum), self.dated) if known else b""
        index = bisect.bisect_left(self.leaves, wanted)
        if self.leaves[index : index + 1] != (wanted,):
            raise wrong("cohort.absent", "this entry is not in it")
        return index


def _leaf_of(entry: Entry, stratum: int, dated: bool) -> bytes:
    return leaf(stratum, entry.commitment, day_of(entry.born) if dated else None)


def wrong(code: str, why: str) -> MusterRollError:
    """The error for bytes that are not a list of entries."""
    return MusterRollError(
        code,
        f"This is not the list of entries of a draw: {why}.",
        where="cohort.bin",
        remedy="Fetch the file again; if it stays so, keep it: the list was changed after it was published.",
    )
