"""When something may be done with a draw. Who may do it is `permissions`; the rest of "when" is `policies`."""

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.draw import attempt as attempts
from musterroll.draw import potcheck, transcript
from musterroll.draw.because import FALLBACK
from musterroll.draw.transcript import Ceremony as CeremonyTerms
from musterroll.draw.transcript import Drand, Manifest
from musterroll.errors import MusterRollError
from musterroll.register.models import (
    Ceremony,
    Draw,
    DrawResult,
    FairnessReport,
    Fallback,
    Order,
    Part,
    PotCheck,
    Spared,
    SparedRound,
    Verdict,
)

SPARED_LEAD = 24 * 3_600
"""How long before its round the list of the spared is in the log."""


def check_committed_in_time(manifest: Manifest, at: int) -> None:
    """Raise MusterRollError `draw.late` where the round would be known too soon after the manifest."""
    lead = manifest.min_lead or 0
    if manifest.has_round and at + lead > manifest.round.time:
        raise MusterRollError(
            "draw.late",
            f"The manifest has to stand at least {lead} seconds before its round.",
            where=f"round {manifest.round.round} at {dates.format_instant(manifest.round.time)}",
            remedy="Name a later round.",
        )


def check_is_draw(terms: Manifest) -> None:
    """Raise MusterRollError `draw.kind` for the manifest of a supplement or of a stratum drawn anew."""
    if terms.kind != transcript.KIND:
        raise MusterRollError(
            "draw.kind",
            "This is not the manifest of a whole draw.",
            where=terms.draw,
            remedy="A supplement, or a stratum drawn anew, is committed as such: muster draw commit-part.",
        )


def check_order_of_law(terms: Manifest, *, by_table: bool) -> None:
    """Raise MusterRollError `draw.order` unless the draw orders people in the way that the law names."""
    if (terms.algorithm == transcript.BY_TABLE) != by_table:
        raise MusterRollError(
            "draw.order",
            "The law in force orders people in another way than this draw.",
            where=f"{terms.draw}, {terms.algorithm}",
            remedy="Write the terms again: muster draw prepare.",
        )


def check_may_draw_again(terms: Manifest, at: int) -> Draw | None:
    """The attempt before, None for a first one. Raises MusterRollError `draw.again`, `attempt.wrong`.

    Another attempt has a ground that a reader can check: a failed pot check, signed outside, or a beacon that stayed
    silent. After people were called there is none, and a second draw waits for the order of the first.
    """
    earlier = Draw.objects.filter(draw=terms.draw, part=Part.DRAW).order_by("-attempt").first()
    if earlier is None:
        if terms.attempt != 1:
            raise _again("there is no attempt before this one", terms.draw)
    else:
        before = attempts.check_follows(terms, bytes(earlier.manifest))
        if Order.objects.filter(result__draw=earlier).exists():
            raise _again("people have been called by the attempt before", terms.draw)
        assert terms.because is not None  # check_follows has refused an attempt without a ground
        if terms.because.ground == FALLBACK:
            if not Fallback.objects.filter(draw=earlier).exists() or DrawResult.objects.filter(draw=earlier).exists():
                raise _again("its beacon has not been declared silent", terms.draw)
        else:
            _check_redraw(terms, before, earlier)
    for other in Draw.objects.filter(part=Part.DRAW, drawresult__orders__isnull=True).exclude(draw=terms.draw):
        before = transcript.decode(bytes(other.manifest))
        if newest_draw(other.draw).pk == other.pk and before.has_round and before.round.time <= at:
            raise _again("another draw's order exists and nobody has been called by it yet", other.draw)
    return earlier


def _check_redraw(terms: Manifest, before: Manifest, earlier: Draw) -> None:
    """Raise unless a later pot check of the list of `earlier`, by the office that it named, locks."""
    assert terms.because is not None  # the caller has looked
    failed = PotCheck.objects.filter(sha256=terms.because.sha256).first()
    named = before.potcheck
    if failed is None or named is None or failed.key != named.key or failed.entry_id < earlier.entry_id:
        raise _again("no pot check of this list, by the office that its manifest names, is in the log", terms.draw)
    attempts.check_redraw(terms, before, bytes(failed.potcheck), bytes(failed.count))


def _again(why: str, draw: str) -> MusterRollError:
    return MusterRollError(
        "draw.again",
        f"No draw is committed now: {why}, and whoever drew again could choose between two.",
        where=draw,
        remedy="Publish the result that there is and call by it. A list that was wrong is the pot check's case, a "
        "round that stays silent the fallback's.",
    )


def pot_check_of(root: str, draw: str) -> PotCheck | None:
    """The newest pot check of the list with this root that holds; None where there is none."""
    return PotCheck.objects.filter(draw=draw, root=root, verdict=Verdict.HOLDS).order_by("-id").first()


def check_pot_holds(terms: Manifest) -> None:
    """Raise MusterRollError `draw.no-potcheck`, `draw.locked` or `potcheck.wrong` unless the pot check holds."""
    check_not_locked(terms)
    named = terms.potcheck
    row = None if named is None else PotCheck.objects.filter(sha256=named.sha256, key=named.key).first()
    if row is None:
        raise not_counted(terms.draw)
    attempts.check_committed(terms, bytes(row.potcheck), bytes(row.count))


def not_counted(draw: str) -> MusterRollError:
    """The error for a list that nobody outside has counted."""
    return MusterRollError(
        "draw.no-potcheck",
        "The list of this draw has not been counted against the count of an office outside.",
        where=draw,
        remedy="Have an office outside count, sign and hand over count.json: muster draw potcheck.",
    )


def locked(terms: Manifest) -> bool:
    """Whether a pot check has found the list of this manifest wrong, beyond the strata that were drawn anew for it."""
    anew = set(Draw.objects.filter(draw=terms.draw, part=Part.STRATUM).values_list("stratum", flat=True))
    for row in PotCheck.objects.filter(draw=terms.draw, root=terms.cohort.root, verdict=Verdict.LOCKS):
        off = potcheck.decode(bytes(row.potcheck), bytes(row.count)).off
        if not all(by == "stratum" and value in anew for by, value in off):
            return True
    return False


def check_not_locked(terms: Manifest) -> None:
    """Raise MusterRollError `draw.locked` where `locked`."""
    if locked(terms):
        raise MusterRollError(
            "draw.locked",
            "The list differs from the count of an office outside by more than the declared share; nothing follows "
            "from it.",
            where=terms.draw,
            remedy="Find out who is missing or too many and mend the roll. A draw that was committed is made again, "
            "once, with this pot check as its ground.",
        )


def check_silent(draw: Draw, terms: Manifest, at: int) -> None:
    """Raise MusterRollError `draw.not-silent` before the manifest's own time of silence is over, or with a result."""
    after = terms.fallback.after if terms.fallback and terms.has_round else None
    if after is None or DrawResult.objects.filter(draw=draw).exists() or at < terms.round.time + after:
        raise MusterRollError(
            "draw.not-silent",
            "The beacon's round counts as silent only after the time that the manifest names.",
            where=draw.draw,
            remedy="A missing round is waited for; it is never replaced by the next one.",
        )


def newest_draw(draw: str) -> Draw:
    """The last attempt of the draw with this id. Raises MusterRollError `draw.unknown`."""
    row = Draw.objects.filter(draw=draw, part=Part.DRAW).order_by("-attempt").first()
    if row is None:
        raise MusterRollError("draw.unknown", "There is no such draw.", where=draw, remedy="Commit its manifest first.")
    return row


def list_of(draw: str, part: str = "") -> Draw:
    """One list of a draw: its own, `supplement-01`, `stratum-01`. Raises MusterRollError `draw.unknown`."""
    if not part:
        return newest_draw(draw)
    kind, _, number = part.rpartition("-")
    row = Draw.objects.filter(draw=draw, part=kind, number=int(number) if number.isdecimal() else 0).first()
    if row is None or row.part == Part.DRAW:
        raise MusterRollError(
            "draw.unknown", "There is no such list of this draw.", where=f"{draw} {part}", remedy="Commit it first."
        )
    return row


def folder_of(row: Draw) -> str:
    """The folder of a list inside the draw's: empty for the draw's own, else `supplement-01`, `stratum-01`."""
    return "" if row.part == Part.DRAW else f"{row.part}-{row.number:02}"


def open_lists() -> list[int]:
    """The lists whose people may still be called for the first time, by key: nobody in them is erased meanwhile.

    The last attempt of each draw until there is an order of call, and later lists of it until they have a result.
    """
    found = []
    for row in Draw.objects.filter(part=Part.DRAW).order_by("id"):
        if newest_draw(row.draw).pk != row.pk:
            continue  # a later attempt took its place
        if not Order.objects.filter(result__draw=row).exists():
            found.append(row.pk)
        found += Draw.objects.filter(parent=row, drawresult__isnull=True).values_list("pk", flat=True)
    return found


def check_ceremony_in_time(terms: CeremonyTerms, at: int) -> None:
    """Raise MusterRollError `ceremony.late` after the manifest's `not_after`."""
    if terms.not_after is not None and at > dates.parse_instant(terms.not_after):
        raise MusterRollError(
            "ceremony.late",
            "The ceremony has to be over, and in the log, before the time that the manifest names.",
            where=terms.not_after,
            remedy="The draw cannot be completed with it; the manifest's fallback says what happens now.",
        )


def check_ceremony_not_early(draw: Draw, at: int) -> None:
    """Raise MusterRollError `ceremony.early` where no round follows and the manifest has not stood for its lead."""
    terms = transcript.decode(bytes(draw.manifest))
    if not terms.has_round and at < draw.at + (terms.min_lead or 0):
        raise MusterRollError(
            "ceremony.early",
            "This draw has fallen back to a ceremony alone, and its manifest has not stood for as long as it says.",
            where=f"{terms.min_lead or 0} seconds from {dates.format_instant(draw.at)}",
            remedy="Hold the ceremony later, in public.",
        )


def check_round_public(manifest: Manifest, at: int) -> None:
    """Raise MusterRollError `draw.early` before the round's time."""
    if manifest.has_round and at < manifest.round.time:
        raise MusterRollError(
            "draw.early",
            "The beacon's round is not public yet.",
            where=f"round {manifest.round.round} at {dates.format_instant(manifest.round.time)}",
            remedy="Wait for the round.",
        )


def check_table_due(manifest: Manifest, at: int) -> None:
    """Raise MusterRollError `draw.table-not-named` for a draw without a table, `draw.early` before its round.

    The drums are loaded in orders that follow from the seed, so they are drawn after it is known.
    """
    if manifest.table is None:
        raise MusterRollError(
            "draw.table-not-named",
            "The manifest of this draw names no table: the beacon alone makes the order.",
            where=manifest.draw,
            remedy="Nothing needs doing.",
        )
    check_round_public(manifest, at)


def check_spared_due(draw: Draw, round_number: int, at: int) -> None:
    """Raise MusterRollError `spared.early` before people were called, `spared.round` for a round already known."""
    if not Order.objects.filter(result__draw=draw).exists():
        raise MusterRollError(
            "spared.early",
            "Nobody has been passed over yet: there is no order of call.",
            where=draw.draw,
            remedy="Commit to those who were spared once people are called.",
        )
    round_time = Drand.quicknet(round_number).time if round_number >= 1 else 0
    if round_time < at + SPARED_LEAD:
        raise MusterRollError(
            "spared.round",
            f"The round that picks has to be at least {SPARED_LEAD // 3_600} hours away, so that the witnesses see the "
            "list before it.",
            where=f"round {round_number}",
            remedy="Name a later round.",
        )


def spared_of(draw: Draw) -> Spared:
    """The lists of the spared of a draw. Raises MusterRollError `spared.none`."""
    row = Spared.objects.select_related("draw").filter(draw=draw).first()
    if row is None:
        raise MusterRollError(
            "spared.none",
            "Those whom this draw spared are not committed to yet.",
            where=draw.draw,
            remedy="Commit to them first: muster draw spared.",
        )
    return row


def picked(draw: Draw) -> tuple[Spared, SparedRound]:
    """The lists of the spared and the round that picked of them. Raises MusterRollError `audit.not-picked`."""
    row = spared_of(draw)
    found = SparedRound.objects.filter(spared=row).first()
    if found is None:
        raise MusterRollError(
            "audit.not-picked",
            "The round that picks whom an auditor sees has not been recorded.",
            where=draw.draw,
            remedy="Wait for it, then: muster draw picked.",
        )
    return row, found


def ceremony_held(draw: Draw) -> Ceremony:
    """The ceremony of a draw. Raises MusterRollError `draw.no-ceremony`."""
    row = Ceremony.objects.filter(draw=draw).first()
    if row is None:
        raise MusterRollError(
            "draw.no-ceremony",
            "The manifest names a ceremony, and none is recorded.",
            where=draw.draw,
            remedy="Record the ceremony; without it there is no order.",
        )
    return row


def fairness_published(result: DrawResult) -> bool:
    """Whether the fairness figures of this result are in the log."""
    return FairnessReport.objects.filter(result=result).exists()


def check_fairness_published(result: DrawResult) -> None:
    """Raise MusterRollError `draw.no-fairness` unless `fairness_published`: nobody is called before."""
    if not fairness_published(result):
        raise MusterRollError(
            "draw.no-fairness",
            "The fairness figures of this draw are not published yet; nobody is called before they are.",
            where=result.draw.draw,
            remedy="Publish them: muster draw fairness.",
        )
