"""My record: the standing first, then why, what is held, who looked, and what followed from it."""

from itertools import groupby
from operator import attrgetter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from musterroll.errors import MusterRollError
from musterroll.portal import signed_in
from musterroll.register import home, own_acts
from musterroll.register.queries import person as person_queries
from musterroll.register.queries import tickets
from musterroll.register.queries.record import FactHeld, MyRecord


@require_safe
@signed_in.required
def my_record(request: HttpRequest, person: int) -> HttpResponse:
    """Everything held about this person, for this person."""
    record = _record(person)
    return render(
        request,
        "portal/person/record.html",
        {
            "record": record,
            "acts": own_acts.there_are(person),
            "agencies": by_agency(record.facts, record.on),
            "may_dispute": {d.attribute for d in record.disputable},
        },
    )


@require_safe
@signed_in.required
def draw_receipt(_request: HttpRequest, person: int, draw: str) -> HttpResponse:
    """The person's own receipt of one draw, as the file that the verifier takes."""
    for receipt in _record(person).receipts:
        if receipt.draw == draw:
            answer = HttpResponse(receipt.text, content_type="application/json")
            answer.headers["Content-Disposition"] = 'attachment; filename="receipt.json"'
            return answer
    raise Http404("not in this draw")


@require_safe
@signed_in.required
def acts(_request: HttpRequest, person: int) -> HttpResponse:
    """Every act about this person in the ledger, with what opens it and its proof, as one archive."""
    if not own_acts.there_are(person):
        raise Http404("no act about this person")
    answer = HttpResponse(own_acts.archive(person, home.current().clock.now()), content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-acts.zip"'
    return answer


@require_safe
@signed_in.required
def ticket(_request: HttpRequest, person: int, draw: str, part: str) -> HttpResponse:
    """The person's own ticket of one draw: in the list once, or rightly out (`part` is `out`)."""
    try:
        data = tickets.ticket(person, draw, "" if part == "list" else part)
    except MusterRollError as problem:
        if problem.code != "ticket.none":
            raise
        raise Http404("no such ticket of this person") from None
    answer = HttpResponse(data, content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-ticket.json"'
    return answer


def by_agency(facts: tuple[FactHeld, ...], on: str) -> list[tuple[str, list[FactHeld], list[FactHeld]]]:
    """The facts by the agency that said them, in order of name: what is true on the day `on`, and what was before."""
    found = []
    for agency, held in groupby(sorted(facts, key=attrgetter("agency")), key=attrgetter("agency")):
        said = list(held)
        past = [fact for fact in said if fact.valid_to not in {"", "never"} and fact.valid_to <= on]
        found.append((agency, [fact for fact in said if fact not in past], past))
    return found


def _record(person: int) -> MyRecord:
    return person_queries.my_record(person, home.current().clock.now())
