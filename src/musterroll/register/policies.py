"""When something may be done. Who may do it is `permissions`. Each check has a yes/no form beside the raising one."""

import re

from django.db.models import Q

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.claim.progress import CallState
from musterroll.draw import transcript
from musterroll.draw.transcript import Ceremony as CeremonyTerms
from musterroll.draw.transcript import Manifest
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
    Officer,
    Order,
    Outcome,
    Pack,
    PresenceCode,
    Purpose,
    Recall,
    Recallable,
    Snapshot,
)

_AFTER_ORDER = re.compile(r"order\.issued \+ days\((?P<days>\w+)\)")
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
    if at + lead > manifest.round.time:
        raise MusterRollError(
            "draw.late",
            f"The manifest has to stand at least {lead} seconds before its round.",
            where=f"round {manifest.round.round} at {dates.format_instant(manifest.round.time)}",
            remedy="Name a later round.",
        )


def check_may_draw_again(terms: Manifest, at: int) -> None:
    """Raise MusterRollError `draw.again` for an attempt that could choose between two orders.

    Before the round everything may be set right in the open. Once the round is public, or there is a result, only the
    manifest's own fallback allows another attempt, and a second draw has to wait for the order of the first.
    """
    earlier = Draw.objects.filter(draw=terms.draw).order_by("-attempt").first()
    if earlier is not None:
        before = transcript.decode(bytes(earlier.manifest))
        silent_since = before.round.time + (before.fallback.after if before.fallback else 0)
        if DrawResult.objects.filter(draw=earlier).exists() or before.round.time <= at <= silent_since:
            raise _again("this draw's round is public: its order exists", terms.draw)
    for other in Draw.objects.filter(drawresult__orders__isnull=True).exclude(draw=terms.draw):
        if newest_draw(other.draw).pk == other.pk and transcript.decode(bytes(other.manifest)).round.time <= at:
            raise _again("another draw's order exists and nobody has been called by it yet", other.draw)


def _again(why: str, draw: str) -> MusterRollError:
    return MusterRollError(
        "draw.again",
        f"No draw is committed now: {why}, and whoever drew again could choose between two.",
        where=draw,
        remedy="Publish the result that there is and call by it. A round that stays silent is the fallback's case.",
    )


def newest_draw(draw: str) -> Draw:
    """The last attempt of the draw with this id. Raises MusterRollError `draw.unknown`."""
    row = Draw.objects.filter(draw=draw).order_by("-attempt").first()
    if row is None:
        raise MusterRollError("draw.unknown", "There is no such draw.", where=draw, remedy="Commit its manifest first.")
    return row


def check_ceremony_in_time(terms: CeremonyTerms, at: int) -> None:
    """Raise MusterRollError `ceremony.late` after the manifest's `not_after`."""
    if terms.not_after is not None and at > dates.parse_instant(terms.not_after):
        raise MusterRollError(
            "ceremony.late",
            "The ceremony has to be over, and in the log, before the time that the manifest names.",
            where=terms.not_after,
            remedy="The draw cannot be completed with it; the manifest's fallback says what happens now.",
        )


def check_round_public(manifest: Manifest, at: int) -> None:
    """Raise MusterRollError `draw.early` before the round's time."""
    if at < manifest.round.time:
        raise MusterRollError(
            "draw.early",
            "The beacon's round is not public yet.",
            where=f"round {manifest.round.round} at {dates.format_instant(manifest.round.time)}",
            remedy="Wait for the round.",
        )


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
