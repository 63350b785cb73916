"""The order of a large cohort: one SHA-256 a person, then a sort of 64-bit prefixes.

Gives the same order as `musterroll.draw.order.rank`, the reference that is written to be read; where they differ, this
is wrong. Equal prefixes are compared in full (expected among 25 million people: 0.00002 pairs).
"""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from musterroll import canonical
from musterroll.draw import order
from musterroll.draw.commitment import Cohort
from musterroll.draw.order import Order

_PREFIX_BYTES = 8
_TAG_KEY = canonical.tag("key")


def result(manifest: bytes, cohort: bytes, values: Sequence[bytes]) -> Order:
    """As `musterroll.draw.order.result`, fast."""
    listed, seed = order.prepare(manifest, cohort, values)
    return Order(canonical.sha256_hex(manifest), seed, rank(listed, seed))


def rank(cohort: Cohort, seed: bytes) -> tuple[tuple[bytes, ...], ...]:
    """C of everybody in place order, stratum by stratum."""
    key = _keys(seed)
    return tuple(sort(stratum, key) for stratum in cohort.commitments())


def sort(commitments: Sequence[bytes], key: Callable[[bytes], bytes]) -> tuple[bytes, ...]:
    """`commitments` in ascending order of (key, commitment)."""
    keys = b"".join(key(commitment)[:_PREFIX_BYTES] for commitment in commitments)
    prefixes = np.frombuffer(keys, dtype=">u8").astype(np.uint64)
    places = np.argsort(prefixes, kind="stable")
    ranked = [commitments[place] for place in places.tolist()]
    ordered = prefixes[places]
    for first in np.flatnonzero(ordered[1:] == ordered[:-1]):
        # Runs of equal prefixes are almost always absent; each run is sorted whole, once, from its first pair.
        if first == 0 or ordered[first] != ordered[first - 1]:
            end = int(np.searchsorted(ordered, ordered[first], side="right"))
            ranked[first:end] = sorted(ranked[first:end], key=lambda c: (key(c), c))
    return tuple(ranked)


def _keys(seed: bytes) -> Callable[[bytes], bytes]:
    # Tag and seed fill exactly one block of SHA-256: its state is computed once and copied.
    block = hashlib.sha256(_TAG_KEY + seed)

    def key(commitment: bytes) -> bytes:
        state = block.copy()
        state.update(commitment)
        return state.digest()

    return key
