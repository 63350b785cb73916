"""Later lists of a draw: people found missing, and one stratum drawn anew (docs/spec/draw.md, 8).

1. Who is in them is computed (`register.missing`), never handed in; two people approve the manifest, as of a draw.
2. They are drawn by their own future round, never by the old seed: whoever entered a late person after the seed was
   known could see the place first. Their places lie among the main list's when people are called; nobody is renumbered.
3. A stratum is drawn anew once, because a pot check signed outside found that very stratum wrong, and not after
   somebody of it was called.
"""

from musterroll import canonical
from musterroll.draw import attempt, supplement, transcript
from musterroll.draw.entrant import Entrant
from musterroll.draw.transcript import Manifest
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.register import draw_policies, missing, permissions, policies, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.draw import enter, entered_by
from musterroll.register.models import Approved, Call, Draw, Part, PotCheck

PARTS = {transcript.SUPPLEMENT: Part.SUPPLEMENT, transcript.STRATUM: Part.STRATUM}


@act
def prepare_part(*, draw: str, by: Actor, at: int, stratum: str = "") -> tuple[tuple[int, Entrant], ...]:  # noqa: ARG001
    """Who would be in the next supplement of `draw`, or in `stratum` drawn anew, so that its manifest can be written.

    Makes the keys of who has none, and commits nobody to anything. Raises MusterRollError `draw.nobody-missing`.
    """
    permissions.check_may("prepare_part", by)
    return _entrants(draw_policies.newest_draw(draw), stratum)


def subject_of(terms: Manifest) -> str:
    """What two people approve: the list's name in its draw."""
    return f"{terms.draw}/{PARTS[terms.kind]}-{terms.number:02}"


@act
def commit_part(*, manifest: bytes, approval: int, by: Actor, at: int) -> str:
    """Commit a supplement, or a stratum drawn anew; give its manifest's digest.

    Two people have approved (`subject_of`, manifest digest). Who is in it is computed here, and the manifest has to say
    exactly that.
    """
    permissions.check_may("commit_part", by)
    terms = transcript.decode(manifest)
    digest = canonical.sha256_hex(manifest)
    if Draw.objects.filter(manifest_sha256=digest).exists():
        return digest
    parent = _parent(terms)
    draw_policies.check_committed_in_time(terms, at)
    agreed = permissions.approved(Approved.COMMIT_PART, approval, subject=subject_of(terms), digest=digest)
    listed, rows = entered_by(_entrants(parent, terms.stratum or ""), terms, at)
    terms.cohort.check(listed)
    part = PARTS[terms.kind]
    payload: dict[str, canonical.Json] = {
        "draw": terms.draw,
        "number": terms.number,
        "parent": parent.manifest_sha256,
        "sha256": digest,
    }
    if part is Part.STRATUM:
        payload["stratum"] = terms.stratum
    kind = Kind.SUPPLEMENT if part is Part.SUPPLEMENT else Kind.DRAW_STRATUM
    entry = writing.public(kind, payload, label=f"{kind}/{digest}", at=at)
    snapshot = policies.newest_snapshot()
    assert snapshot is not None  # roll.current() has just read it
    row = Draw.objects.create(
        draw=terms.draw,
        part=part,
        number=terms.number,
        parent=parent,
        stratum=terms.stratum or "",
        attempt=1,
        manifest=manifest,
        manifest_sha256=digest,
        pack=parent.pack,
        snapshot=snapshot,
        approval=agreed,
        entry=entry,
        at=at,
    )
    enter(row, rows, at)
    return digest


def next_number(parent: Draw, part: Part) -> int:
    """The number of the next list of this kind."""
    return int(Draw.objects.filter(parent=parent, part=part).count()) + 1


def _entrants(parent: Draw, stratum: str) -> tuple[tuple[int, Entrant], ...]:
    current = roll.current()
    writing.keys_of(missing.then(parent, current).rows["person"].to_list())
    people = missing.of_stratum(parent, current, stratum) if stratum else missing.missing(parent, current)
    if not people:
        raise MusterRollError(
            "draw.nobody-missing",
            "By what is known now nobody is missing from this draw.",
            where=parent.draw,
            remedy="Nothing needs doing.",
        )
    return missing.entered(parent, current, people)


def _parent(terms: Manifest) -> Draw:
    """The draw that this list belongs to, where it may be added to it. Raises `draw.part`, `draw.again`."""
    parent = draw_policies.newest_draw(terms.draw)
    before = transcript.decode(bytes(parent.manifest))
    part = PARTS.get(terms.kind)
    if part is None or terms.number != next_number(parent, part):
        raise _refused("it is not the next list of this draw", terms.draw)
    supplement.check(terms, before)
    if part is Part.STRATUM:
        _check_anew(terms, before, parent)
    return parent


def _check_anew(terms: Manifest, before: Manifest, parent: Draw) -> None:
    assert terms.because is not None  # the manifest has refused a stratum without a ground
    failed = PotCheck.objects.filter(sha256=terms.because.sha256).first()
    named = before.potcheck
    if failed is None or named is None or failed.key != named.key or failed.entry_id < parent.entry_id:
        raise _refused("no pot check by the office that the draw names is in the log", terms.draw)
    attempt.check_redraw(terms, before, bytes(failed.potcheck), bytes(failed.count))
    if Draw.objects.filter(parent=parent, stratum=terms.stratum).exists():
        raise _refused("this stratum has been drawn anew before", terms.draw)
    if Call.objects.filter(order__result__draw=parent, stratum=terms.stratum).exists():
        raise _refused("people of this stratum have been called", terms.draw)


def _refused(why: str, draw: str) -> MusterRollError:
    return MusterRollError(
        "draw.part",
        f"This list is not added to the draw: {why}.",
        where=draw,
        remedy="Prepare it again: muster draw prepare-part.",
    )
