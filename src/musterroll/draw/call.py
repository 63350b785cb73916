"""The order of call: by place, nobody picked and nobody passed over without a lawful ground (charter S3).

1. In each stratum, places are gone through from 1. Every place reached gets exactly one disposition: called, or
   skipped on a ground of a closed list. It stops when the quota is called or the stratum is used up.
2. Nothing is renumbered. When a call falls away later, its ground is added and the rule is applied again: the places
   already reached keep theirs, and the next ones follow. People of a supplement are gone through between the places
   where their draw value puts them; who comes before the last place reached is next.
3. Where the law puts all who were picked into one chance order, they stand in one line by their draw value, over all
   strata: picked are the places up to each stratum's quota, and whoever was late and comes before that place. The line
   is gone through until as many are called as are wanted; nobody is picked in place of somebody passed over.
4. A ground is what the person's standing is at the time of the call; this module does not judge it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from musterroll.draw import supplement
from musterroll.draw.order import Order
from musterroll.draw.supplement import Part
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
    """What became of one place: called where `ground` is None. `label` is the place in words: `17`, `1234+S1.1`.

    `place` is, for somebody of a supplement, the one before; `folder` says in which list they stand.
    """

    stratum: str
    place: int
    commitment: bytes
    ground: Ground | None
    label: str = ""
    folder: str = ""

    @property
    def called(self) -> bool:
        """Whether this place is called."""
        return self.ground is None


def order_of_call(manifest: Manifest, order: Order, grounds: Mapping[bytes, Ground]) -> tuple[Disposition, ...]:
    """One disposition for each place reached. `grounds` gives, by C, why somebody is not called."""
    return order_over_all(Part(manifest, order), (), grounds)


def order_over_all(
    main: Part, others: Sequence[Part], grounds: Mapping[bytes, Ground], reached: Mapping[str, int] | None = None
) -> tuple[Disposition, ...]:
    """As `order_of_call`, over the draw and its supplements and strata drawn anew.

    `reached` gives the last place that an earlier order reached in a stratum: it is gone through at least so far, so
    somebody of a supplement who comes before it is called beside those who were called already.
    """
    dispositions: list[Disposition] = []
    for stratum in main.manifest.cohort.strata:
        called, quota = 0, supplement.quota(main, others, stratum.id)
        for each in supplement.run(main, others, stratum.id):
            last = each.label.place + (each.label.supplement > 0)
            if called >= quota and last > (reached or {}).get(stratum.id, 0):
                break
            ground = grounds.get(each.commitment)
            called += ground is None
            place, label = each.label.place, str(each.label)
            dispositions.append(Disposition(stratum.id, place, each.commitment, ground, label, each.folder))
    return tuple(dispositions)


def order_by_value(
    main: Part,
    others: Sequence[Part],
    grounds: Mapping[bytes, Ground],
    wanted: int,
    reached: Collection[bytes] = (),
) -> tuple[Disposition, ...]:
    """One disposition for each of those picked who is reached, in one line over all strata by draw value (K, then C).

    `reached` are those whom an earlier order reached: the line is gone through at least to the last of them.
    """
    parts = {part.folder: part for part in (main, *others)}
    line: list[tuple[bytes, Disposition]] = []
    for stratum in main.manifest.cohort.strata:
        quota = supplement.quota(main, others, stratum.id)
        for each in supplement.run(main, others, stratum.id):
            if each.label.place + (each.label.supplement > 0) > quota:
                break
            ground = grounds.get(each.commitment)
            place, label = each.label.place, str(each.label)
            one = Disposition(stratum.id, place, each.commitment, ground, label, each.folder)
            line.append((parts[each.folder].key(each.commitment), one))
    line.sort(key=lambda row: (row[0], row[1].commitment))
    before = max((at for at, (_, one) in enumerate(line) if one.commitment in reached), default=-1)
    dispositions: list[Disposition] = []
    called = 0
    for at, (_, one) in enumerate(line):
        if called >= wanted and at > before:
            break
        called += one.called
        dispositions.append(one)
    return tuple(dispositions)
