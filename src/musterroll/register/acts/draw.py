"""A draw in three acts: terms fixed and public, the public ceremony, the result that follows by itself (charter S3).

Nobody hands in an order: `publish_result` takes the beacon's signature and computes everything else from what was
committed before.
"""

from musterroll import canonical
from musterroll.draw import seed, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.transcript import Ceremony as CeremonyTerms
from musterroll.draw.transcript import Drand, Manifest
from musterroll.engine import beacon, draw_numpy
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.register import permissions, policies, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act, same
from musterroll.register.cohort import Frozen, freeze, people
from musterroll.register.models import Approved, Ceremony, Draw, DrawResult, Entrant


@act
def prepare_draw(*, draw: str, by: Actor, at: int) -> Frozen:  # noqa: ARG001 - acts are told the time
    """Who is in `draw` by the committed roll, so that its manifest can be written; makes the keys of who has none.

    A person's key comes with their entry into a cohort. Nothing is entered in the log: this commits nobody to anything.
    """
    permissions.check_may("prepare_draw", by)
    current = roll.current()
    writing.keys_of(people(current))
    return freeze(current, draw)


@act
def commit_draw(*, manifest: bytes, approval: int, by: Actor, at: int) -> str:
    """Commit the terms of a draw; give the manifest's digest.

    Two people have approved (draw id, manifest digest). Who is in it is read from the committed roll here
    (`register.cohort.freeze`), and the manifest has to say exactly that: nobody hands in a list.
    """
    permissions.check_may("commit_draw", by)
    terms = transcript.decode(manifest)
    digest = canonical.sha256_hex(manifest)
    if Draw.objects.filter(manifest_sha256=digest).exists():
        return digest
    policies.check_committed_in_time(terms, at)
    policies.check_may_draw_again(terms, at)
    pack = policies.in_force(terms.pack or "")
    snapshot = policies.newest_snapshot()
    if snapshot is None:
        raise MusterRollError("draw.no-roll", "There is no roll to draw from.", remedy="Run a night first.")
    agreed = permissions.approved(Approved.COMMIT_DRAW, approval, subject=terms.draw, digest=digest)
    current = roll.current()
    writing.keys_of(people(current))
    entrants = freeze(current, terms.draw).entrants
    cohort = Cohort.of([entrant for _, entrant in entrants])
    terms.cohort.check(cohort)
    payload: dict[str, canonical.Json] = {
        "attempt": terms.attempt,
        "draw": terms.draw,
        "sha256": digest,
        "supersedes": terms.supersedes,
    }
    entry = writing.public(Kind.DRAW_MANIFEST, payload, label=f"draw.manifest/{digest}", at=at)
    draw = Draw.objects.create(
        draw=terms.draw,
        attempt=terms.attempt,
        manifest=manifest,
        manifest_sha256=digest,
        pack=pack,
        snapshot=snapshot,
        approval=agreed,
        entry=entry,
        at=at,
    )
    Entrant.objects.bulk_create(
        [
            Entrant(
                draw=draw,
                person=person,
                index=cohort.index_of(entrant),
                stratum=entrant.stratum,
                record=entrant.record,
                commitment=entrant.commitment,
                at=at,
            )
            for person, entrant in entrants
        ],
        batch_size=5_000,
    )
    return digest


@act
def hold_ceremony(*, draw: str, symbols: str, minutes: bytes, by: Actor, at: int) -> None:
    """Record the symbols drawn in public and the digest of the minutes."""
    permissions.check_may("hold_ceremony", by)
    row = policies.newest_draw(draw)
    terms = _ceremony_terms(transcript.decode(bytes(row.manifest)))
    minutes_sha256 = canonical.sha256_hex(minutes)
    there = Ceremony.objects.filter(draw=row).first()
    if there is not None:
        same("ceremony", symbols=(there.symbols, symbols), minutes=(there.minutes_sha256, minutes_sha256))
        return
    policies.check_ceremony_in_time(terms, at)
    seed.ceremony_value(symbols, terms)
    payload: dict[str, canonical.Json] = {"draw": draw, "manifest": row.manifest_sha256, "symbols": symbols}
    entry = writing.public(Kind.DRAW_CEREMONY, payload, label=f"draw.ceremony/{row.manifest_sha256}", at=at)
    Ceremony.objects.create(draw=row, symbols=symbols, minutes_sha256=minutes_sha256, entry=entry, at=at)


@act
def publish_result(*, draw: str, signature: bytes, by: Actor, at: int) -> str:
    """Compute and record seed and order from the beacon's `signature`; give the order's digest.

    Raises MusterRollError `beacon.signature` for a signature that is not that round's.
    """
    permissions.check_may("publish_result", by)
    row = policies.newest_draw(draw)
    there = DrawResult.objects.filter(draw=row).first()
    if there is not None:
        same("draw result", signature=(bytes(there.signature), signature))
        return str(there.order_sha256)
    manifest = bytes(row.manifest)
    terms = transcript.decode(manifest)
    policies.check_round_public(terms, at)
    values = [
        beacon.check_round(item, signature)
        if isinstance(item, Drand)
        else seed.ceremony_value(policies.ceremony_held(row).symbols, item)
        for item in terms.randomness
    ]
    order = draw_numpy.result(manifest, cohort_of(row).data, values)
    payload: dict[str, canonical.Json] = {
        "draw": draw,
        "manifest": row.manifest_sha256,
        "order": order.digest,
        "seed": order.seed.hex(),
    }
    entry = writing.public(Kind.DRAW_RESULT, payload, label=f"draw.result/{row.manifest_sha256}", at=at)
    DrawResult.objects.create(
        draw=row,
        signature=signature,
        seed=order.seed.hex(),
        order=order.data,
        order_sha256=order.digest,
        entry=entry,
        at=at,
    )
    return order.digest


def cohort_of(draw: Draw) -> Cohort:
    """The committed list of a draw, from its rows."""
    ids = [stratum.id for stratum in transcript.decode(bytes(draw.manifest)).cohort.strata]
    rows = Entrant.objects.filter(draw=draw).order_by("index").values_list("stratum", "commitment")
    leaves = (ids.index(stratum).to_bytes(2, "big") + bytes(commitment) for stratum, commitment in rows)
    return Cohort(b"".join(leaves), tuple(ids))


def _ceremony_terms(manifest: Manifest) -> CeremonyTerms:
    terms = next((item for item in manifest.randomness if isinstance(item, CeremonyTerms)), None)
    if terms is None:
        raise MusterRollError(
            "draw.ceremony-not-named",
            "The manifest of this draw names no ceremony.",
            where=manifest.draw,
            remedy="Nothing needs doing: the beacon alone makes the order.",
        )
    return terms
