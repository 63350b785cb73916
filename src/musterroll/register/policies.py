"""When something may be done. Who may do it is `permissions`. Each check has a yes/no form beside the raising one."""

import re

from django.db.models import Q

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.claim.progress import CallState
from musterroll.errors import MusterRollError
from musterroll.law.pack import Pack as LawPack
from musterroll.register.actor import Actor, Kind
from musterroll.register.models import (
    Access,
    Call,
    CallEvent,
    Case,
    CaseEnd,
    Delivery,
    DeliveryRejection,
    DeliveryRelease,
    Notice,
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


def report_on(call: Call) -> int:
    """The legal day to report: the order's, or the later one from which the call counts again."""
    again = CallEvent.objects.filter(call=call, report_on__isnull=False).order_by("-id").first()
    return int(call.order.report_on if again is None else again.report_on)


def names_another_day(notice: Notice) -> bool:
    """Whether a letter of a call names a day to report that a later decision has put off."""
    call = notice.call
    later = CallEvent.objects.filter(call=call, report_on__isnull=False, at__gte=notice.at).exclude(
        report_on=call.order.report_on
    )
    return bool(later.exists())


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
