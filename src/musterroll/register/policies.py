"""When something may be done. Who may do it is `permissions`. Each check has a yes/no form beside the raising one."""

import re

from django.db.models import Q

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.claim.progress import CallState
from musterroll.draw import attempt as attempts
from musterroll.draw import potcheck, transcript
from musterroll.draw.because import FALLBACK
from musterroll.draw.transcript import Ceremony as CeremonyTerms
from musterroll.draw.transcript import Drand, Manifest
from musterroll.errors import MusterRollError
from musterroll.law.pack import Pack as LawPack
from musterroll.register.actor import Actor, Kind
from musterroll.register.models import (
    Access,
    Call,
    CallEvent,
    Case,
    CaseEnd,
    Ceremony,
    Delivery,
    DeliveryRejection,
    DeliveryRelease,
    Draw,
    DrawResult,
    FairnessReport,
    Fallback,
    Officer,
    Order,
    Outcome,
    Pack,
    Part,
    PotCheck,
    PresenceCode,
    Purpose,
    Recall,
    Recallable,
    Snapshot,
    Spared,
    SparedRound,
    Verdict,
)

_AFTER_ORDER = re.compile(r"order\.issued \+ days\((?P<days>\w+)\)")
SPARED_LEAD = 24 * 3_600
"""How long before its round the list of the spared is in the log."""
CODE_SECONDS = 600
"""How long a one-time code shows that the person is present."""


def may_appoint_now(by: Actor) -> bool:
    """The program appoints only until the first pack is in force."""
    return by.kind is not Kind.PROGRAM or not Pack.objects.exists()


def check_may_appoint_now(by: Actor) -> None:
    """Raise MusterRollError `officer.not-founding` unless `may_appoint_now`."""
    if not may_appoint_now(by):
        raise MusterRollError(
            "officer.not-founding",
            "The first officers are appointed before the first pack; afterwards a supervisor appoints.",
            remedy="Ask an officer with the role `supervision`.",
        )


def quarantined(delivery: Delivery) -> bool:
    """Whether the delivery waits for two people."""
    return bool(delivery.outcome == Outcome.QUARANTINED)


def check_quarantined(delivery: Delivery) -> None:
    """Raise MusterRollError `delivery.not-quarantined` unless `quarantined`."""
    if not quarantined(delivery):
        raise MusterRollError(
            "delivery.not-quarantined",
            f"Only a quarantined delivery can be released or rejected; this one was {delivery.outcome}.",
            where=f"delivery {delivery.number}",
            remedy="Ask the agency for a new delivery if this one was refused.",
        )


def released(delivery: Delivery) -> bool:
    """Whether two people let the delivery through."""
    return DeliveryRelease.objects.filter(delivery=delivery).exists()


def check_not_released(delivery: Delivery) -> None:
    """Raise MusterRollError `delivery.released` where two people let the delivery through."""
    if released(delivery):
        raise MusterRollError(
            "delivery.released",
            "Two people let this delivery through; it cannot be rejected any more.",
            where=f"delivery {delivery.number}",
            remedy="Recall it (muster recall) if what it says is wrong.",
        )


def rejected(delivery: Delivery) -> bool:
    """Whether two people said no to the delivery."""
    return DeliveryRejection.objects.filter(delivery=delivery).exists()


def check_not_rejected(delivery: Delivery) -> None:
    """Raise MusterRollError `delivery.rejected` where two people said no to the delivery."""
    if rejected(delivery):
        raise MusterRollError(
            "delivery.rejected",
            "Two people said no to this delivery; it stays out for ever.",
            where=f"delivery {delivery.number}",
            remedy="Ask the agency to put its copy right and to send the whole register with a manifest of its own.",
        )


def newest_snapshot() -> Snapshot | None:
    """The committed roll, None before the first."""
    return Snapshot.objects.order_by("-id").first()


def follows_newest(parent: str) -> bool:
    """Whether a snapshot with this parent goes on from the committed roll."""
    newest = newest_snapshot()
    return parent == (newest.digest if newest else "")


def check_follows_newest(parent: str) -> None:
    """Raise MusterRollError `roll.parent` unless `follows_newest`."""
    if not follows_newest(parent):
        raise MusterRollError(
            "roll.parent",
            "This snapshot goes on from another state of the roll than the committed one.",
            where=f"parent {parent or '(none)'}",
            remedy="Run the night again: it starts from the committed snapshot.",
        )


def in_force(digest: str) -> Pack:
    """The published pack with this digest. Raises MusterRollError `pack.unpublished`."""
    pack = Pack.objects.filter(digest=digest).first()
    if pack is None:
        raise MusterRollError(
            "pack.unpublished",
            "This pack is not in force here: it was never published.",
            where=f"pack {digest}",
            remedy="Publish it first (two people, two offices).",
        )
    return pack


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


def recall_waits() -> bool:
    """Whether something was recalled that the committed roll still rests on: the next night leaves it out."""
    newest = newest_snapshot()
    through = 0 if newest is None else newest.through
    return bool(Recall.objects.filter(Q(entry__leaf__isnull=True) | Q(entry__leaf__index__gte=through)).exists())


def check_no_recall_waits() -> None:
    """Raise MusterRollError `recall.waits` where `recall_waits`: nobody is called on what is being taken back."""
    if recall_waits():
        raise MusterRollError(
            "recall.waits",
            "Something was recalled, and the roll still rests on it: nobody is called until a night has left it out.",
            remedy="Publish the log and run the night: muster nightly.",
        )


def check_law_stands(digest: str) -> None:
    """Raise MusterRollError `recall.law` for a law that was recalled: nobody is called by it."""
    if Recall.objects.filter(what=Recallable.PACK, subject=digest).exists():
        raise MusterRollError(
            "recall.law",
            "This law was recalled, and there is no other in force: nobody is called.",
            where=f"pack {digest[:16]}",
            remedy="Publish a corrected law (two people), then run the night.",
        )


def earliest_report(pack: LawPack, on: int) -> int:
    """The first day on which somebody called on the legal day `on` may have to report: the pack's procedure `call`.

    A pack that says nothing leaves it to the day after.
    """
    terms = [one for one in pack.procedures["call"].terms if one.name == "report"] if "call" in pack.procedures else []
    found = _AFTER_ORDER.fullmatch(terms[0].value) if terms else None
    return on + (pack.parameters[found["days"]].at(on) if found else 1)


def check_report_on(pack: LawPack, report_on: int, on: int) -> None:
    """Raise MusterRollError `order.too-soon` for a day before `earliest_report`."""
    earliest = earliest_report(pack, on)
    if report_on < earliest:
        raise MusterRollError(
            "order.too-soon",
            f"The law gives people until {dates.format_day(earliest)} at least before they report.",
            where=f"report_on {dates.format_day(report_on)}",
            remedy="Name that day or a later one, and have it approved.",
        )


def state_of(call: Call) -> CallState:
    """Where a call stands."""
    last = CallEvent.objects.filter(call=call).order_by("-id").first()
    return CallState.OPEN if last is None else CallState(last.state)


def allocated(case: Case) -> bool:
    """Whether the case still allows opening the record."""
    return not CaseEnd.objects.filter(case=case).exists()


def check_allocated(case: Case | None) -> None:
    """Raise MusterRollError `access.no-case` unless there is an open case."""
    if case is None or not allocated(case):
        raise MusterRollError(
            "access.no-case",
            "A record is opened for an allocated, open case, or with the person present.",
            remedy="Have a supervisor allocate the case, or ask the person for a one-time code.",
        )


def allocated_to(code: str, officer: Officer | None, purpose: Purpose) -> Case:
    """The officer's open case for this purpose. Raises MusterRollError `access.no-case`, `access.other-purpose`."""
    case = Case.objects.filter(code=code, officer=officer).first()
    check_allocated(case)
    assert case is not None  # check_allocated has refused None
    if case.purpose != purpose:
        raise MusterRollError(
            "access.other-purpose",
            "This case was allocated for another purpose.",
            where=f"case {code}",
            remedy="Have a case allocated for this purpose.",
        )
    return case


def code_valid(code: PresenceCode | None, at: int) -> bool:
    """Whether a one-time code was given within the last ten minutes and has not been used."""
    return (
        code is not None
        and code.at <= at <= code.at + CODE_SECONDS
        and not Access.objects.filter(presence=code).exists()
    )


def check_code_valid(code: PresenceCode | None, at: int) -> None:
    """Raise MusterRollError `access.no-code` unless `code_valid`."""
    if not code_valid(code, at):
        raise MusterRollError(
            "access.no-code",
            "This code does not show that the person is present: it is unknown, used, or older than ten minutes.",
            remedy="Ask the person to get a new code on their page.",
        )


def order_of(number: int) -> Order:
    """The order with this number. Raises MusterRollError `order.unknown`."""
    row = Order.objects.select_related("entry", "pack__entry", "result__entry").filter(pk=number).first()
    if row is None:
        raise MusterRollError("order.unknown", "There is no such order of call.", where=f"order {number}")
    return row
