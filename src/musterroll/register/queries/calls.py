"""Calls that still oblige or rest, for the program's own nightly work. Never shown, listed or exported (S14)."""

from dataclasses import dataclass

from musterroll.claim.progress import CallState
from musterroll.register.models import Call, CallEvent


@dataclass(frozen=True, slots=True)
class LiveCall:
    """One call that has not ended."""

    call: int
    person: int
    draw: str
    order: int
    stratum: str
    place: int
    report_on: int
    state: CallState


def live() -> tuple[LiveCall, ...]:
    """Every call that is open or held, by number."""
    last, again = {}, {}
    for call, state, report_on in CallEvent.objects.order_by("id").values_list("call_id", "state", "report_on"):
        last[call] = CallState(state)
        if report_on is not None:
            again[call] = report_on
    rows = Call.objects.select_related("order__result__draw").order_by("id")
    found = [(row, last.get(row.pk, CallState.OPEN)) for row in rows]
    return tuple(
        LiveCall(
            call=row.pk,
            person=row.person,
            draw=row.order.result.draw.draw,
            order=row.order_id,
            stratum=row.stratum,
            place=row.place,
            report_on=again.get(row.pk, row.order.report_on),
            state=state,
        )
        for row, state in found
        if state is not CallState.WITHDRAWN
    )
