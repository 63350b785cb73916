"""Which entries an auditor opens: picked by a later round of the beacon, by nobody.

1. `audit seed = SHA-256(T(audit) || SHA-256(manifest) || value of the audit's round)`.
2. Of each stratum the entries with the smallest `SHA-256(T(audit) || audit seed || C)` are opened, as many as the
   manifest says, or all where there are fewer.
"""

import hashlib
import heapq
from collections.abc import Sequence
from typing import Protocol

from musterroll import canonical
from musterroll.draw.commitment import COMMITMENT_BYTES

_TAG_AUDIT = canonical.tag("audit")


class Leaves(Protocol):
    """What is needed of the list here."""

    @property
    def leaves(self) -> Sequence[bytes]:
        """The leaves in order."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many entries each stratum has."""


def sample(manifest: bytes, value: bytes, cohort: Leaves, samples: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The indices of the entries to open, ascending, for each stratum. `value` is that of the audit's round."""
    seed = hashlib.sha256(_TAG_AUDIT + canonical.sha256(manifest) + value).digest()

    def rank(index: int) -> bytes:
        return hashlib.sha256(_TAG_AUDIT + seed + cohort.leaves[index][-COMMITMENT_BYTES:]).digest()

    picked: list[tuple[int, ...]] = []
    start = 0
    for size, count in zip(cohort.sizes, samples, strict=True):
        picked.append(tuple(sorted(heapq.nsmallest(count, range(start, start + size), key=rank))))
        start += size
    return tuple(picked)
