"""People found missing, and strata drawn anew: lists of their own, placed among the first one (docs/spec/draw.md, 8).

1. Nobody is removed, nothing is renumbered. Each list has its own manifest, its own future round and so its own seed;
   all keys K are of one space, so a late person comes out as if they had been in the first draw.
2. An entry of supplement 1 between the places 1234 and 1235 is `1234+S1.1`.
3. A stratum drawn anew takes the place of the one that was wrong as a whole; the others keep their order.
4. Nobody stands in two lists of one draw.
"""

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from musterroll.draw import order, table
from musterroll.draw.order import Order
from musterroll.draw.transcript import KIND, STRATUM, SUPPLEMENT, Manifest
from musterroll.errors import MusterRollError

_LABEL = re.compile(r"(0|[1-9][0-9]*)(?:\+S([1-9][0-9]*)\.([1-9][0-9]*))?")


@dataclass(frozen=True, slots=True)
class Label:
    """A place in words: `17`, or `1234+S1.1` for the first of supplement 1 between the places 1234 and 1235."""

    place: int
    supplement: int = 0
    nth: int = 0

    def __str__(self) -> str:
        return f"{self.place}+S{self.supplement}.{self.nth}" if self.supplement else str(self.place)

    @classmethod
    def parse(cls, text: str) -> "Label":
        """Inverse of `str`. Raises ValueError."""
        found = _LABEL.fullmatch(text)
        if found is None or (found[1] == "0" and found[2] is None):
            raise ValueError(f"`{text}` is no place")
        return cls(*(int(part or 0) for part in found.groups()))


@dataclass(frozen=True)
class Part:
    """One list of a draw once its order is there. `numbers`, in a draw by table: the number of the date of each C."""

    manifest: Manifest
    order: Order
    numbers: Mapping[bytes, int] | None = None

    @property
    def folder(self) -> str:
        """Where its files lie in the bundle: empty for the draw itself."""
        return folder(self.manifest)

    def key(self, commitment: bytes) -> bytes:
        """K of one of its entries."""
        if self.numbers is None:
            return order.key(self.order.seed, commitment)
        return table.key(self.order.seed, commitment, self.numbers[commitment])

    def ranked(self, stratum: str) -> Sequence[bytes]:
        """C of everybody of a stratum in place order; nobody where the list has no such stratum."""
        ids = [each.id for each in self.manifest.cohort.strata]
        return self.order.strata[ids.index(stratum)] if stratum in ids else ()


@dataclass(frozen=True, slots=True)
class Place:
    """One entry in the order of its stratum. `folder` says in which list it stands."""

    label: Label
    commitment: bytes
    folder: str


def folder(manifest: Manifest) -> str:
    """The folder of a list's files in the bundle of its draw: empty, `supplement-01`, `stratum-01`."""
    if manifest.kind == KIND:
        return ""
    return f"{'supplement' if manifest.kind == SUPPLEMENT else 'stratum'}-{manifest.number:02}"


def counting(main: Part, others: Iterable[Part], stratum: str) -> Part:
    """The list whose order counts for `stratum`: the draw's, or the one that was drawn anew."""
    anew = [part for part in others if part.manifest.kind == STRATUM and part.manifest.stratum == stratum]
    return anew[0] if anew else main


def placed(main: Part, others: Sequence[Part], stratum: str) -> tuple[Place, ...]:
    """The entries of all supplements in `stratum`, with their labels, in the order in which they are gone through."""
    base = counting(main, others, stratum)
    ranked = base.ranked(stratum)
    found: list[tuple[tuple[bytes, bytes], Place]] = []
    for part in others:
        if part.manifest.kind != SUPPLEMENT:
            continue
        before, nth = -1, 0
        for commitment in part.ranked(stratum):
            own = (part.key(commitment), commitment)
            place = bisect.bisect_left(ranked, own, key=lambda c: (base.key(c), c))
            nth = nth + 1 if place == before else 1
            before = place
            found.append((own, Place(Label(place, part.manifest.number or 0, nth), commitment, part.folder)))
    return tuple(place for _, place in sorted(found, key=lambda row: row[0]))


def run(main: Part, others: Sequence[Part], stratum: str) -> Iterator[Place]:
    """Everybody of `stratum` in the order in which they are gone through: the places, and between them the late."""
    base = counting(main, others, stratum)
    late = list(reversed(placed(main, others, stratum)))
    for place, commitment in enumerate(base.ranked(stratum), start=1):
        while late and late[-1].label.place < place:
            yield late.pop()
        yield Place(Label(place), commitment, base.folder)
    yield from reversed(late)


def quota(main: Part, others: Iterable[Part], stratum: str) -> int:
    """How many of `stratum` are called: as the list says whose order counts."""
    counts = counting(main, others, stratum).manifest.cohort.strata
    return next(each.quota for each in counts if each.id == stratum)


def check(part: Manifest, parent: Manifest) -> None:
    """Raise MusterRollError `supplement.wrong` unless `part` is a supplement, or a stratum drawn anew, of `parent`."""
    if part.kind not in {SUPPLEMENT, STRATUM} or parent.kind != KIND or part.parent != parent.digest:
        raise _wrong("it names another draw")
    if (part.draw, part.register, part.algorithm) != (parent.draw, parent.register, parent.algorithm):
        raise _wrong("it is of another draw, register or algorithm")
    if parent.has_round and part.round.round <= parent.round.round:
        raise _wrong("its round is not later than that of the draw")
    quotas = {stratum.id: stratum.quota for stratum in parent.cohort.strata}
    ids = [stratum.id for stratum in part.cohort.strata]
    if not set(ids) <= set(quotas) or ids != sorted(ids):
        raise _wrong("its strata are not those of the draw, ascending")
    if part.kind == STRATUM:
        anew = part.cohort.strata[0]
        if anew.quota != min(quotas[anew.id], anew.size):
            raise _wrong("the quota of a stratum stays what it was")


def check_apart(lists: Iterable[Sequence[bytes]]) -> None:
    """Raise MusterRollError `supplement.twice` if a C stands in two of the `lists` that count."""
    seen: set[bytes] = set()
    for commitments in lists:
        if not seen.isdisjoint(commitments):
            raise MusterRollError(
                "supplement.twice",
                "Somebody stands in two lists of this draw.",
                where="cohort.bin",
                remedy="Leave out of the supplement whoever is in the draw already.",
            )
        seen.update(commitments)


def _wrong(why: str) -> MusterRollError:
    return MusterRollError(
        "supplement.wrong",
        f"This is no supplement and no stratum of this draw: {why}.",
        where="manifest.json",
        remedy="Compare with docs/spec/draw.md, 8.",
    )
