"""Keys, places and draw values: the order that the seed gives to the list.

1. `K = SHA-256(T(key) || seed || C)`, one hash a person.
2. Inside a stratum the order is ascending (K, C), compared as unsigned bytes. Places count from 1.
3. The draw value people are shown is floor(first 64 bits of K x 10^9 / 2^64), written 0.ddddddddd.
4. In a draw by table K begins with the number of the date (`table`).
5. The order is a function of public data alone: anybody has it as soon as the last value is known.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from musterroll import canonical
from musterroll.draw import seed as seeds
from musterroll.draw import table as tables
from musterroll.draw import transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.packed import Packed
from musterroll.draw.table import Table
from musterroll.draw.transcript import BY_TABLE, Manifest
from musterroll.errors import MusterRollError

_TAG_KEY = canonical.tag("key")


def key(seed: bytes, commitment: bytes) -> bytes:
    """K of one entry."""
    return hashlib.sha256(_TAG_KEY + seed + commitment).digest()


def draw_value(seed: bytes, commitment: bytes) -> str:
    """The value to show the person, e.g. `0.300224914`: smaller is earlier."""
    return f"0.{int.from_bytes(key(seed, commitment)[:8], 'big') * 10**9 >> 64:09}"


@dataclass(frozen=True)
class Order:
    """The order of a draw: the seed, and C of everybody in place order, stratum by stratum."""

    manifest_digest: str
    seed: bytes
    strata: Sequence[Sequence[bytes]]

    @cached_property
    def data(self) -> bytes:
        """The bytes of `order.bin`."""
        return b"".join(joined(stratum) for stratum in self.strata)

    @property
    def digest(self) -> str:
        """SHA-256 of `order.bin`, hexadecimal; stratum by stratum, so that a large order is not copied whole."""
        found = hashlib.sha256()
        for stratum in self.strata:
            found.update(joined(stratum))
        return found.hexdigest()

    @cached_property
    def _places(self) -> dict[bytes, tuple[int, int]]:
        return {
            commitment: (index, place)
            for index, stratum in enumerate(self.strata)
            for place, commitment in enumerate(stratum, start=1)
        }

    def place_of(self, commitment: bytes) -> tuple[int, int]:
        """(index of the stratum, place in it from 1). Raises MusterRollError `order.absent`."""
        if commitment not in self._places:
            raise MusterRollError(
                "order.absent",
                "This entry is not in the draw.",
                where="order.bin",
                remedy="Compare the receipt's draw with the draw of this order.",
            )
        return self._places[commitment]

    def result(self) -> bytes:
        """The bytes of `result.json`."""
        return canonical.encode(
            {"v": 1, "manifest_sha256": self.manifest_digest, "seed": self.seed.hex(), "order_sha256": self.digest}
        )


def joined(stratum: Sequence[bytes]) -> bytes | memoryview:
    """The values of a stratum end to end, as they stand in `order.bin`."""
    return stratum.data if isinstance(stratum, Packed) else b"".join(stratum)


def rank(cohort: Cohort, seed: bytes) -> tuple[tuple[bytes, ...], ...]:
    """C of everybody in place order, stratum by stratum: the slow reference that `engine.draw_numpy` agrees with."""
    return tuple(tuple(sorted(stratum, key=lambda c: (key(seed, c), c))) for stratum in cohort.commitments())


def rank_by_table(cohort: Cohort, seed: bytes, table: Table) -> tuple[tuple[bytes, ...], ...]:
    """As `rank`, in a draw by table: by the number of the date, then by the seed."""
    numbers = numbers_of(cohort, table)
    return tuple(
        tuple(sorted(stratum, key=lambda c: (tables.key(seed, c, numbers[c]), c))) for stratum in cohort.commitments()
    )


def numbers_of(cohort: Cohort, table: Table) -> dict[bytes, int]:
    """The number that the table gives to each C. Raises MusterRollError `cohort.undated` for a date it lacks."""
    number = dict(zip(tables.days_of(len(table.numbers)), table.numbers, strict=True))
    entries = [c for stratum in cohort.commitments() for c in stratum]
    if not set(cohort.days) <= set(number):
        raise undated()
    return {c: number[day] for c, day in zip(entries, cohort.days, strict=True)}


def undated() -> MusterRollError:
    """The error for a list with a date that the table does not have."""
    return MusterRollError(
        "cohort.undated",
        "Somebody in the list was born on a date that the table does not have.",
        where="cohort.bin",
        remedy="A list with people born on 29 February needs a table of 366 days.",
    )


def result_by_table(manifest: bytes, cohort: bytes, values: Sequence[bytes], table: Table) -> Order:
    """As `result`, for a draw by table."""
    listed, seed = prepare(manifest, cohort, values)
    return Order(canonical.sha256_hex(manifest), seed, rank_by_table(listed, seed, table))


def result(manifest: bytes, cohort: bytes, values: Sequence[bytes]) -> Order:
    """The order, from the exact bytes of manifest and list and one value a source of randomness.

    Raises MusterRollError `cohort.*` where the list is not the one the manifest commits to.
    """
    listed, seed = prepare(manifest, cohort, values)
    return Order(canonical.sha256_hex(manifest), seed, rank(listed, seed))


def prepare(manifest: bytes, cohort: bytes, values: Sequence[bytes]) -> tuple[Cohort, bytes]:
    """The checked list and the seed: all of `result` except the ranking."""
    terms = transcript.decode(manifest)
    if len(values) != len(terms.randomness):
        raise ValueError(f"the manifest names {len(terms.randomness)} sources of randomness, not {len(values)}")
    return listed_in(terms, cohort), seeds.derive(manifest, values)


def listed_in(terms: Manifest, cohort: bytes) -> Cohort:
    """The list in the bytes of `cohort.bin`, if it is the one that the manifest commits to.

    Raises MusterRollError `cohort.*`.
    """
    listed = Cohort(cohort, tuple(stratum.id for stratum in terms.cohort.strata), terms.algorithm == BY_TABLE)
    terms.cohort.check(listed)
    return listed
