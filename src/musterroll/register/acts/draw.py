"""A draw in three acts: terms fixed and public, the public ceremony, the result that follows by itself (charter S3).

1. Nobody hands in an order: `publish_result` takes the beacon's signature and computes everything else from what was
   committed before.
2. Nothing is committed before the list was counted against an outside office's count (`acts.potcheck`), and nothing
   follows from a list that such a count locks.
3. Another attempt has a ground that anybody can check: a failed pot check, or a beacon that stayed silent. How a draw
   came out is never one (docs/spec/draw.md, 7).
"""

from collections.abc import Iterable, Sequence

from musterroll import canonical
from musterroll.draw import seed, transcript
from musterroll.draw import table as tables
from musterroll.draw.because import FALLBACK
from musterroll.draw.commitment import Cohort, day_of
from musterroll.draw.entrant import Entrant as Entered
from musterroll.draw.table import Table
from musterroll.draw.transcript import Ceremony as CeremonyTerms
from musterroll.draw.transcript import Drand, Manifest
from musterroll.engine import beacon, draw_numpy
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.register import draw_policies, permissions, places, policies, roll, source_lists
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act, same
from musterroll.register.cohort import Frozen, freeze, people
from musterroll.register.models import Approved, Ceremony, Draw, DrawnTable, DrawResult, Entrant, Fallback


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
    draw_policies.check_is_draw(terms)
    draw_policies.check_committed_in_time(terms, at)
    earlier = draw_policies.check_may_draw_again(terms, at)
    draw_policies.check_pot_holds(terms)
    pack = policies.in_force(terms.pack or "")
    snapshot = policies.newest_snapshot()
    if snapshot is None:
        raise MusterRollError("draw.no-roll", "There is no roll to draw from.", remedy="Run a night first.")
    agreed = permissions.approved(Approved.COMMIT_DRAW, approval, subject=terms.draw, digest=digest)
    if terms.because is not None and terms.because.ground == FALLBACK:
        assert earlier is not None  # check_may_draw_again has found what a fallback falls back from
        listed, entered = places.cohort_of(earlier), list(Entrant.objects.filter(draw=earlier).order_by("index"))
        taken, named = source_lists.of(earlier), source_lists.published(earlier)
    else:
        current = roll.current()
        writing.keys_of(people(current))
        frozen = freeze(current, terms.draw)
        draw_policies.check_order_of_law(terms, by_table=frozen.by_table)
        listed, entered = entered_by(frozen.entrants, terms, at)
        taken = frozen.source
        named = source_lists.files(taken, listed, (entrant for _, entrant in frozen.entrants))
    terms.cohort.check(listed)
    source_lists.check_stated(terms, source_lists.stated(taken, named))
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
    enter(draw, entered, at)
    source_lists.keep(draw, taken, named, at)
    return digest


def entered_by(entrants: Sequence[tuple[int, Entered]], terms: Manifest, at: int) -> tuple[Cohort, list[Entrant]]:
    """The list over `entrants` (person and entry) for a manifest, and their rows, not yet of any draw."""
    dated = terms.algorithm == transcript.BY_TABLE
    listed = Cohort.of([entrant for _, entrant in entrants], dated=dated)
    rows = [
        Entrant(
            person=person,
            index=listed.index_of(entrant),
            stratum=entrant.stratum,
            record=entrant.record,
            commitment=entrant.commitment,
            day=day_of(entrant.born) if dated else None,
            at=at,
        )
        for person, entrant in entrants
    ]
    return listed, rows


def enter(draw: Draw, rows: Iterable[Entrant], at: int) -> None:
    """Write these rows as the entrants of a list."""
    for row in rows:
        row.pk, row.draw, row.at = None, draw, at
        row._state.adding = True
    Entrant.objects.bulk_create(rows, batch_size=5_000)


@act
def declare_silent(*, draw: str, by: Actor, at: int) -> bool:
    """Record that the round of the draw has stayed silent for as long as its manifest says; whether that is new.

    The next attempt may then turn to the second source that was named beforehand, with the same list.
    """
    permissions.check_may("declare_silent", by)
    row = draw_policies.newest_draw(draw)
    if Fallback.objects.filter(draw=row).exists():
        return False
    terms = transcript.decode(bytes(row.manifest))
    draw_policies.check_silent(row, terms, at)
    payload: dict[str, canonical.Json] = {
        "draw": draw,
        "manifest": row.manifest_sha256,
        "round": terms.round.round,
    }
    entry = writing.public(Kind.DRAW_FALLBACK, payload, label=f"draw.fallback/{row.manifest_sha256}", at=at)
    Fallback.objects.create(draw=row, round=terms.round.round, entry=entry, at=at)
    return True


@act
def hold_ceremony(*, draw: str, symbols: str, minutes: bytes, by: Actor, at: int, part: str = "") -> None:
    """Record the symbols drawn in public and the digest of the minutes. `part` is a later list: `supplement-01`."""
    permissions.check_may("hold_ceremony", by)
    row = draw_policies.list_of(draw, part)
    terms = _ceremony_terms(transcript.decode(bytes(row.manifest)))
    minutes_sha256 = canonical.sha256_hex(minutes)
    there = Ceremony.objects.filter(draw=row).first()
    if there is not None:
        same("ceremony", symbols=(there.symbols, symbols), minutes=(there.minutes_sha256, minutes_sha256))
        return
    draw_policies.check_ceremony_in_time(terms, at)
    draw_policies.check_ceremony_not_early(row, at)
    seed.ceremony_value(symbols, terms)
    payload: dict[str, canonical.Json] = {"draw": draw, "manifest": row.manifest_sha256, "symbols": symbols}
    entry = writing.public(Kind.DRAW_CEREMONY, payload, label=f"draw.ceremony/{row.manifest_sha256}", at=at)
    Ceremony.objects.create(draw=row, symbols=symbols, minutes_sha256=minutes_sha256, entry=entry, at=at)


@act
def publish_result(*, draw: str, signature: bytes | None, by: Actor, at: int, part: str = "") -> str:
    """Compute and record seed and order from the beacon's `signature`; give the order's digest.

    There is no signature where the draw has fallen back to a ceremony. `part` is a later list: `supplement-01`.
    Raises MusterRollError `beacon.signature` for a signature that is not that round's.
    """
    permissions.check_may("publish_result", by)
    row = draw_policies.list_of(draw, part)
    there = DrawResult.objects.filter(draw=row).first()
    if there is not None:
        known = None if there.signature is None else bytes(there.signature)
        same("draw result", signature=(known, signature))
        return str(there.order_sha256)
    manifest = bytes(row.manifest)
    terms = transcript.decode(manifest)
    draw_policies.check_round_public(terms, at)
    draw_policies.check_not_locked(terms)
    values = [
        beacon.check_round(item, signature or b"")
        if isinstance(item, Drand)
        else seed.ceremony_value(draw_policies.ceremony_held(row).symbols, item)
        for item in terms.randomness
    ]
    order = draw_numpy.result(manifest, places.cohort_of(row).data, values, _table(row, terms))
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


@act
def record_table(*, draw: str, table: bytes, by: Actor, at: int) -> str:
    """Record what the drums gave (`table.csv`), once the round is public; its digest.

    A table that is no permutation is refused, with its cells named: `table.cells`, `table.malformed`.
    """
    permissions.check_may("record_table", by)
    row = draw_policies.newest_draw(draw)
    terms = transcript.decode(bytes(row.manifest))
    digest = canonical.sha256_hex(table)
    there = DrawnTable.objects.filter(draw=row).first()
    if there is not None:
        same("table", table=(there.sha256, digest))
        return digest
    draw_policies.check_table_due(terms, at)
    assert terms.table is not None  # check_table_due has refused a draw without one
    tables.decode(table, terms.table.days)
    payload: dict[str, canonical.Json] = {"draw": draw, "manifest": row.manifest_sha256, "sha256": digest}
    entry = writing.public(Kind.DRAW_TABLE, payload, label=f"draw.table/{row.manifest_sha256}", at=at)
    DrawnTable.objects.create(draw=row, table=table, sha256=digest, entry=entry, at=at)
    return digest


def _table(row: Draw, terms: Manifest) -> Table | None:
    """The table by which this list is ordered; None in a draw without one. Raises MusterRollError `draw.no-table`."""
    if terms.algorithm != transcript.BY_TABLE:
        return None
    table = places.table_of(row)
    if table is None:
        raise MusterRollError(
            "draw.no-table",
            "The table of this draw has not been drawn yet.",
            where=row.draw,
            remedy="Draw it in public and record it: muster draw table.",
        )
    return table


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
