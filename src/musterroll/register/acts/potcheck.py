"""The pot check: what is in the list, counted against the signed count of an office outside (docs/spec/draw.md, 6).

1. Before a draw is committed the list is the one that the committed roll gives; afterwards, the committed one, until a
   check locks that: then the next list is counted. Nobody hands in the register's own numbers, and nobody leaves out a
   cell that the office has counted.
2. A cell that is off locks the list: its manifest is not committed, and if it stands already, nothing follows from it.
   What was found is public either way.
3. After the commitment the count names the manifest, so that the office can only have made it then; the office is the
   one that the manifest named, with the same key and share. A redraw rests on its signature, never on the register's
   word alone.
"""

from collections.abc import Sequence

from musterroll import canonical
from musterroll.draw import potcheck, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.potcheck import Check
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.register import cells, cohort, disclosure, draw_policies, outside, permissions, places, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Draw, Entrant, Part, PotCheck


@act
def check_pot(
    *, draw: str, count: bytes, signature: str, office: str, key: str, per_mille: int, by: Actor, at: int
) -> str:
    """Count the list of `draw` against the office's `count` and publish what was found; the verdict.

    `signature` is the office's, hexadecimal, by its Ed25519 `key`. Raises MusterRollError `potcheck.signature`,
    `potcheck.terms` for another draw, office or share than what stands.
    """
    permissions.check_may("check_pot", by)
    expected = potcheck.decode_count(count)
    _check_signed(count, signature, key)
    if expected.draw != draw or expected.office != office:
        raise _other("the count is for another draw, or by another office")
    row = Draw.objects.filter(draw=draw, part=Part.DRAW).order_by("-attempt").first()
    done = _done(row, count) if row is not None else None
    if done is not None:
        return str(done.verdict)
    if row is None or draw_policies.locked(transcript.decode(bytes(row.manifest))):
        check = _before(expected, per_mille)
    else:
        check = _after(row, expected, office, key, per_mille)
    there = PotCheck.objects.filter(sha256=check.digest).first()
    if there is not None:
        return str(there.verdict)
    payload: dict[str, canonical.Json] = {
        "draw": draw,
        "root": check.root,
        "sha256": check.digest,
        "verdict": check.verdict,
    }
    entry = writing.public(Kind.DRAW_POTCHECK, payload, label=f"draw.potcheck/{check.digest}", at=at)
    PotCheck.objects.create(
        draw=draw,
        root=check.root,
        potcheck=check.encode(),
        sha256=check.digest,
        count=count,
        signature=signature,
        office=office,
        key=key,
        verdict=check.verdict,
        entry=entry,
        at=at,
    )
    return check.verdict


def _done(row: Draw, count: bytes) -> PotCheck | None:
    """The check that was made with this count of the list that is committed now; None where there is none."""
    root = transcript.decode(bytes(row.manifest)).cohort.root
    return PotCheck.objects.filter(draw=row.draw, root=root, count=count).first()


def _before(expected: potcheck.Count, per_mille: int) -> Check:
    """The list that would be committed now."""
    if expected.manifest is not None:
        raise _other("it is a count of a list that is committed already")
    current = roll.current()
    writing.keys_of(cohort.people(current))
    frozen = cohort.freeze(current, expected.draw)
    strata = [entrant.stratum for _, entrant in frozen.entrants]
    return _check(expected, per_mille, frozen.listed, frozen.people, strata)


def _after(row: Draw, expected: potcheck.Count, office: str, key: str, per_mille: int) -> Check:
    """The list that was committed."""
    if expected.manifest != row.manifest_sha256:
        raise _other("a count after the commitment names the manifest whose list it is about")
    named = transcript.decode(bytes(row.manifest)).potcheck
    if named is None or (named.office, named.key, named.per_mille) != (office, key, per_mille):
        raise _other("after the commitment the office, its key and the share are those that the manifest named")
    entrants = Entrant.objects.filter(draw=row, person__isnull=False).order_by("index").values_list("person", "stratum")
    people, strata = zip(*entrants, strict=True)
    return _check(expected, per_mille, places.cohort_of(row), people, strata)


def _check(
    expected: potcheck.Count, per_mille: int, listed: Cohort, people: Sequence[int], strata: Sequence[str]
) -> Check:
    counted = frozenset(by for by, _ in expected.cells)
    found = cells.found(roll.current(), people, strata, counted)
    try:
        return potcheck.examine(
            expected,
            found,
            root=listed.root.hex(),
            size=listed.size,
            per_mille=per_mille,
            rounded_to=disclosure.ROUNDED_TO,
            least=disclosure.LEAST,
        )
    except ValueError as problem:
        raise _other(str(problem)) from None


def _check_signed(count: bytes, signature: str, key: str) -> None:
    if not outside.signed(potcheck.signed_message(count), signature=signature, key=key):
        raise MusterRollError(
            "potcheck.signature",
            "The count is not signed by the office's key.",
            where="count.sig",
            remedy="Ask the office for the count and its signature again, and for its key by another way.",
        )


def _other(why: str) -> MusterRollError:
    return MusterRollError(
        "potcheck.terms",
        f"This count cannot be held against the list: {why}.",
        where="count.json",
        remedy="Use the count that the office made for this draw.",
    )
