"""The order of call: by place, nobody picked and nobody passed over without a lawful ground (charter S3).

1. In each stratum, places are gone through from 1. Every place reached gets exactly one disposition: called, or
   skipped on a ground of a closed list. It stops when the quota is called or the stratum is used up.
2. Nothing is renumbered. When a call falls away later, its ground is added and the rule is applied again: the places
   already reached keep theirs, and the next ones follow.
3. A ground is what the person's standing is at the time of the call; this module does not judge it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from musterroll.draw.order import Order
from musterroll.draw.transcript import Manifest


class Ground(StrEnum):
    """Why a place is lawfully skipped. There is no other reason, and none that an officer could write."""

    ENDED = "ended"
    EXEMPT = "exempt"
    DEFERRED = "deferred"
    NOT_LIABLE = "not liable"
    NOT_PROCESSED = "not processed"
    UNDETERMINED = "not established"
    HELD = "held by an open claim"
    NOT_YET = "a worsening that does not count yet"
    WITHDRAWN = "an earlier call of this draw was withdrawn"


@dataclass(frozen=True, slots=True)
class Disposition:
    """What became of one place: called where `ground` is None."""

    stratum: str
    place: int
    commitment: bytes
    ground: Ground | None

    @property
    def called(self) -> bool:
        """Whether this place is called."""
        return self.ground is None


def order_of_call(manifest: Manifest, order: Order, grounds: Mapping[bytes, Ground]) -> tuple[Disposition, ...]:
    """One disposition for each place reached. `grounds` gives, by C, why somebody is not called."""
    dispositions: list[Disposition] = []
    for stratum, commitments in zip(manifest.cohort.strata, order.strata, strict=True):
        called = 0
        for place, commitment in enumerate(commitments, start=1):
            if called == stratum.quota:
                break
            ground = grounds.get(commitment)
            called += ground is None
            dispositions.append(Disposition(stratum.id, place, commitment, ground))
    return tuple(dispositions)
