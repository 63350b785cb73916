"""The order of a large cohort: one SHA-256 a person, then a sort of 64-bit prefixes.

Gives the same order as `musterroll.draw.order.rank`, the reference that is written to be read; where they differ, this
is wrong. Equal prefixes are compared in full (expected among 25 million people: 0.00002 pairs). Beside the list no more
than 48 bytes a person are held: prefix, place and the order itself.
"""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from musterroll import canonical
from musterroll.draw import order, seed, table, transcript
from musterroll.draw.commitment import COMMITMENT_BYTES, Cohort
from musterroll.draw.order import Order
from musterroll.draw.packed import Packed
from musterroll.draw.table import Table
from musterroll.draw.transcript import BY_TABLE
from musterroll.engine.draw_cohort import Bytes, LargeCohort, runs

_PREFIX_BYTES = 8
_NUMBER_BITS, _REST_BITS = np.uint64(48), np.uint64(16)
_AT_ONCE = 1 << 16
_TAG_KEY = canonical.tag("key")

type Key = Callable[[bytes], bytes]


def result(manifest: bytes, cohort: bytes | memoryview, values: Sequence[bytes], table: Table | None = None) -> Order:
    """As `musterroll.draw.order.result`, or `result_by_table` where there is a table; fast."""
    terms = transcript.decode(manifest)
    if len(values) != len(terms.randomness):
        raise ValueError(f"the manifest names {len(terms.randomness)} sources of randomness, not {len(values)}")
    ids = tuple(stratum.id for stratum in terms.cohort.strata)
    listed = LargeCohort.read(cohort, ids, dated=terms.algorithm == BY_TABLE)
    terms.cohort.check(listed)
    drawn = seed.derive(manifest, values)
    return Order(canonical.sha256_hex(manifest), drawn, rank(listed, drawn, table))


def rank(cohort: Cohort | LargeCohort, seed: bytes, table: Table | None = None) -> tuple[Packed, ...]:
    """C of everybody in place order, stratum by stratum."""
    key = _keys(seed)
    numbers = None if table is None else _numbers(cohort, table)
    ranked, start = [], 0
    for stratum in cohort.commitments():
        end = start + len(stratum)
        ranked.append(sort(stratum, key, None if numbers is None else numbers[start:end]))
        start = end
    return tuple(ranked)


def sort(commitments: Sequence[bytes] | Bytes, key: Key, numbers: npt.NDArray[np.uint16] | None = None) -> Packed:
    """`commitments` in ascending order of (key, commitment), behind the number of the date where there are numbers."""
    rows = _rows(commitments)
    prefixes = _prefixes(rows, key)
    if numbers is not None:
        prefixes >>= _REST_BITS
        for start in range(0, len(rows), _AT_ONCE):
            wide = numbers[start : start + _AT_ONCE].astype(np.uint64)
            prefixes[start : start + _AT_ONCE] |= wide << _NUMBER_BITS
    places = np.argsort(prefixes)
    prefixes.sort()
    equal = runs(prefixes)
    del prefixes
    ranked = np.empty((len(rows), COMMITMENT_BYTES), dtype=np.uint8)
    for start in range(0, len(rows), _AT_ONCE):
        ranked[start : start + _AT_ONCE] = rows[places[start : start + _AT_ONCE]]
    for start, end in equal:
        # Almost always there is none. K is u16 number || 30 bytes where there are numbers, else 32 bytes.
        own = [(0 if numbers is None else int(numbers[i]), rows[i].tobytes()) for i in places[start:end].tolist()]
        length = 32 if numbers is None else 30
        full = sorted(own, key=lambda one: (one[0], key(one[1])[:length], one[1]))
        ranked[start:end] = np.frombuffer(b"".join(c for _, c in full), dtype=np.uint8).reshape(end - start, -1)
    return Packed(memoryview(ranked), COMMITMENT_BYTES)


def prefixes(commitments: Bytes, seed: bytes) -> npt.NDArray[np.uint64]:
    """The first 64 bits of K of each of these rows, in their order: what the fairness figures read."""
    return _prefixes(commitments, _keys(seed))


def _prefixes(rows: Bytes, key: Key) -> npt.NDArray[np.uint64]:
    found = np.empty(len(rows), dtype=np.uint64)
    for start in range(0, len(rows), _AT_ONCE):
        data = rows[start : start + _AT_ONCE].tobytes()
        keys = [key(data[i : i + COMMITMENT_BYTES])[:_PREFIX_BYTES] for i in range(0, len(data), COMMITMENT_BYTES)]
        found[start : start + len(keys)] = np.frombuffer(b"".join(keys), dtype=">u8")
    return found


def _rows(commitments: Sequence[bytes] | Bytes) -> Bytes:
    if isinstance(commitments, np.ndarray):
        return commitments
    return np.frombuffer(b"".join(commitments), dtype=np.uint8).reshape(-1, COMMITMENT_BYTES)


def _numbers(cohort: Cohort | LargeCohort, given: Table) -> npt.NDArray[np.uint16]:
    number = np.zeros(table.LEAP + 1, dtype=np.uint16)
    for day, each in zip(table.days_of(len(given.numbers)), given.numbers, strict=True):
        number[day] = each
    found = number[np.asarray(cohort.days, dtype=np.intp)]
    if not found.all():
        raise order.undated()
    return found


def _keys(seed: bytes) -> Key:
    # Tag and seed fill exactly one block of SHA-256: its state is computed once and copied.
    block = hashlib.sha256(_TAG_KEY + seed)

    def key(commitment: bytes) -> bytes:
        state = block.copy()
        state.update(commitment)
        return state.digest()

    return key
