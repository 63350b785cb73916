"""The source's list in a draw: whose N goes into which entry, and what manifest and bundle say of it.

1. The newest list taken for a draw counts; without one the manifest states counts only (docs/spec/draw.md, 5).
2. Everybody who is in the draw stands in the source's list, each under an N of their own.
3. Those left out are listed only where somebody outside is named who holds the source's key.
4. No message names anybody: it says how many.
"""

from collections.abc import Iterable, Sequence

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.draw import source
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Entrant
from musterroll.draw.transcript import Manifest
from musterroll.engine.bundle import SourceFiles
from musterroll.errors import MusterRollError
from musterroll.register.models import Draw, DrawSource, Nullifier, SourceList


def newest(draw: str) -> SourceList | None:
    """The list that was last taken for this draw; None at level 0."""
    return SourceList.objects.filter(draw=draw).order_by("-id").first()


def nullifiers(taken: SourceList, people: Sequence[int]) -> dict[int, bytes]:
    """N of each of these people. Raises MusterRollError `source.missing`, `source.twice`."""
    held = Nullifier.objects.filter(source=taken).values_list("person", "n")
    needed = frozenset(people)
    found = {person: bytes(n) for person, n in held if person in needed}
    if len(found) != len(needed):
        raise MusterRollError(
            "source.missing",
            f"The source's list has no N for {len(needed) - len(found)} of those whom the law draws from.",
            where=taken.draw,
            remedy="Ask the source: the roll has people whom it does not know, or its list is older than the roll. "
            "Then hand in a new list.",
        )
    if len(frozenset(found.values())) != len(found):
        raise MusterRollError(
            "source.twice",
            "Two people in this draw go under one personal number, and would have one N.",
            where=taken.draw,
            remedy="Find out whose number it is before the draw: one of the two records is wrong.",
        )
    return found


def files(taken: SourceList | None, listed: Cohort, entrants: Iterable[Entrant]) -> SourceFiles | None:
    """The files over these entries, in the order of their list; None at level 0."""
    if taken is None:
        return None
    ordered = [b""] * listed.size
    for entrant in entrants:
        ordered[listed.index_of(entrant)] = bytes.fromhex(str(canonical.decode(entrant.record)["n"]))
    everybody = source.split(bytes(taken.source), "source.bin")
    whole, inside, outside = source.files(ordered, everybody)
    return SourceFiles(whole, inside, outside if taken.key_holder else None)


def stated(taken: SourceList | None, made: SourceFiles | None) -> source.SourceList | None:
    """What the manifest says of these files; None at level 0."""
    if taken is None or made is None:
        return None
    size, entered = (len(data) // source.NULLIFIER_BYTES for data in (made.source, made.nullifiers))
    terms = source.SourceList(
        authority=taken.authority,
        key=taken.key,
        size=size,
        root=taken.root,
        signature=taken.signature,
        nullifiers=canonical.sha256_hex(made.nullifiers),
        excluded=size - entered,
        key_holder=taken.key_holder or None,
        excluded_sha256=None if made.excluded is None else canonical.sha256_hex(made.excluded),
    )
    terms.check(made.source, made.nullifiers, made.excluded)
    return terms


def check_stated(terms: Manifest, expected: source.SourceTerms | None) -> None:
    """Raise MusterRollError `source.terms` unless the manifest says of the source's list what is `expected`.

    Where none was taken it may say anything but that there is one.
    """
    found = terms.source if isinstance(terms.source, source.SourceList) else None
    if found != (expected if isinstance(expected, source.SourceList) else None):
        raise MusterRollError(
            "source.terms",
            "The manifest does not say of the source's list what follows from the list that was handed in.",
            where=terms.draw,
            remedy="Write the terms again: muster draw prepare.",
        )


def published(row: Draw) -> SourceFiles | None:
    """The files of a committed draw; None at level 0."""
    held = DrawSource.objects.select_related("source").filter(draw=row).first()
    if held is None:
        return None
    outside = None if held.excluded is None else bytes(held.excluded)
    return SourceFiles(bytes(held.source.source), bytes(held.nullifiers), outside)


def keep(row: Draw, taken: SourceList | None, made: SourceFiles | None, at: int) -> None:
    """Keep the files of a draw that is committed now. An erased person's N stays in them and says nothing alone."""
    if taken is not None and made is not None:
        DrawSource.objects.create(draw=row, source=taken, nullifiers=made.nullifiers, excluded=made.excluded, at=at)


def of(row: Draw) -> SourceList | None:
    """The list by which a committed draw was made; None at level 0."""
    held = DrawSource.objects.select_related("source").filter(draw=row).first()
    return None if held is None else held.source
