"""The audit of a draw and of whom it spared: committed to, picked by chance, opened outside, told to each person.

1. Those left out and passed over are committed to before the round that picks exists; the register cannot leave out
   whom it would rather not show.
2. Entries are opened by two people of two offices to an auditor outside, in one sealed file. Whoever's entry is opened
   sees it on their page, as of any other look at their record (charter S8).
3. The log says how many were opened and how many of them the auditor found wrong.
"""

from musterroll import canonical
from musterroll.draw import spared as stage
from musterroll.draw import transcript
from musterroll.draw.spared import SparedList as Committed
from musterroll.draw.transcript import Drand
from musterroll.engine import beacon
from musterroll.entry.kind import Act, Kind
from musterroll.errors import MusterRollError
from musterroll.register import draw_policies, permissions
from musterroll.register import openings as handed
from musterroll.register import spared as lists
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act, same
from musterroll.register.models import (
    Approved,
    Audited,
    Draw,
    Opened,
    Opening,
    Spared,
    SparedEntry,
    SparedList,
    SparedRound,
)


@act
def commit_spared(*, draw: str, round_number: int, by: Actor, at: int, sample: int = stage.SAMPLE) -> int:
    """Commit to everybody who was left out of `draw` or passed over, and to facts entered by hand; how many.

    `round_number` is the quicknet round, still to come, that picks `sample` of them.
    """
    permissions.check_may("commit_spared", by)
    row = draw_policies.newest_draw(draw)
    there = Spared.objects.filter(draw=row).first()
    if there is not None:
        same("list of the spared", round=(there.round, round_number), sample=(there.sample, sample))
        return int(there.spared_size)
    draw_policies.check_spared_due(row, round_number, at)
    writing.keys_of(lists.people(row))
    found = lists.lists(row)
    spared = Committed.of([entry for _, entry in found.spared])
    hand = Committed.of([entry for _, entry in found.hand])
    payload = stage.payload(
        draw=draw,
        manifest=row.manifest_sha256,
        spared=spared,
        hand=hand,
        round_number=round_number,
        sample=sample,
    )
    entry = writing.public(Kind.DRAW_SPARED, payload, label=f"draw.spared/{row.manifest_sha256}", at=at)
    made = Spared.objects.create(
        draw=row,
        spared_root=spared.root.hex(),
        spared_size=spared.size,
        hand_root=hand.root.hex(),
        hand_size=hand.size,
        round=round_number,
        sample=sample,
        entry=entry,
        at=at,
    )
    for name, entries in ((SparedList.SPARED, found.spared), (SparedList.HAND, found.hand)):
        SparedEntry.objects.bulk_create(
            [
                SparedEntry(
                    spared=made,
                    person=person,
                    list=name,
                    index=index,
                    record=one.record,
                    commitment=one.commitment,
                    at=at,
                )
                for index, (person, one) in enumerate(entries)
            ],
            batch_size=5_000,
        )
    return spared.size


@act
def pick_spared(*, draw: str, signature: bytes, by: Actor, at: int, of_entries: bytes | None = None) -> bool:
    """Record the round that picks whom an auditor sees; `of_entries` is that of the manifest's own audit round.

    Gives whether that is new. Raises MusterRollError `beacon.signature` for another round's signature.
    """
    permissions.check_may("pick_spared", by)
    row = draw_policies.spared_of(draw_policies.newest_draw(draw))
    there = SparedRound.objects.filter(spared=row).first()
    if there is not None:
        same("audit's round", signature=(bytes(there.signature), signature))
        return False
    beacon.check_round(Drand.quicknet(row.round), signature)
    terms = transcript.decode(bytes(row.draw.manifest))
    if of_entries is not None and terms.audit is not None and terms.has_round:
        beacon.check_round(_later(terms.round, terms.audit.round), of_entries)
    SparedRound.objects.create(spared=row, signature=signature, of_entries=of_entries, at=at)
    return True


def opening_digest(draw: str, auditor: str, key: str) -> str:
    """What two people approve: to whom, under which key, and exactly which entries."""
    openings, _ = handed.of(draw_policies.newest_draw(draw))
    return canonical.sha256_hex(canonical.encode({"auditor": auditor, "key": key, "openings": openings.digest}))


@act
def open_to_auditor(*, draw: str, auditor: str, key: str, approval: int, by: Actor, at: int) -> str:
    """Seal what chance picked for the auditor whose X25519 `key` this is; the openings' digest.

    Two people have approved (draw id, `opening_digest`). Every person whose entry is opened sees it.
    """
    permissions.check_may("open_to_auditor", by)
    row = draw_policies.newest_draw(draw)
    there = Opening.objects.filter(draw=row).first()
    if there is not None:
        same("opening", auditor=(there.auditor, auditor))
        return str(there.openings)
    openings, theirs = handed.of(row)
    subject = canonical.encode({"auditor": auditor, "key": key, "openings": openings.digest})
    agreed = permissions.approved(
        Approved.OPEN_TO_AUDITOR, approval, subject=draw, digest=canonical.sha256_hex(subject)
    )
    sealed, counts = handed.seal(openings, key), openings.counts()
    made = Opening.objects.create(draw=row, auditor=auditor, openings=openings.digest, approval=agreed, at=at, **counts)
    for person, name, index in theirs:
        entry = writing.personal(
            Act.RECORD_OPENED,
            person=person,
            by=by,
            label=f"opened/{openings.digest}/{name}/{index}",
            at=at,
            draw=draw,
            list=name,
            openings=openings.digest,
            purpose="audit of the draw",
            to=auditor,
        )
        Opened.objects.create(opening=made, person=person, list=name, index=index, entry=entry, at=at)
    handed.put(sealed, openings.digest)
    return openings.digest


@act
def record_audit(*, draw: str, wrong: int, by: Actor, at: int) -> bool:
    """Record what the auditor found: how many of the entries opened were wrong. Gives whether that is new."""
    permissions.check_may("record_audit", by)
    row = draw_policies.newest_draw(draw)
    opening = Opening.objects.filter(draw=row).first()
    if opening is None:
        raise MusterRollError(
            "audit.not-opened", "Nothing of this draw was opened to an auditor.", where=draw, remedy="Open it first."
        )
    there = Audited.objects.filter(opening=opening).first()
    if there is not None:
        same("audit", wrong=(there.wrong, wrong))
        return False
    payload = _found(row, opening, wrong)
    entry = writing.public(Kind.AUDIT, payload, label=f"audit/{opening.openings}", at=at)
    Audited.objects.create(opening=opening, wrong=wrong, entry=entry, at=at)
    return True


def _found(draw: Draw, opening: Opening, wrong: int) -> dict[str, canonical.Json]:
    if not 0 <= wrong <= opening.cohort + opening.spared + opening.hand:
        raise MusterRollError(
            "audit.wrong", "More are wrong than were opened.", where=draw.draw, remedy="Compare with the finding."
        )
    return {
        "cohort": opening.cohort,
        "draw": draw.draw,
        "hand": opening.hand,
        "manifest": draw.manifest_sha256,
        "openings": opening.openings,
        "spared": opening.spared,
        "wrong": wrong,
    }


def _later(drand: Drand, round_number: int) -> Drand:
    return Drand(drand.chain, drand.group_key, drand.scheme, drand.genesis, drand.period, round_number)
