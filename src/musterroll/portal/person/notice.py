"""One notice: what it says, the letter itself, and "I received this"."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from musterroll.portal import signed_in
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.acts import receipt
from musterroll.register.queries import person as person_queries
from musterroll.register.queries.record import MyRecord, NoticeView


@require_safe
@signed_in.required
def notice(request: HttpRequest, person: int, number: str) -> HttpResponse:
    """What came, when, how, and how well its delivery is evidenced."""
    sent = _own(person_queries.my_record(person, home.current().clock.now()), number)
    return render(request, "portal/person/notice.html", {"notice": sent, "happened": _happened(sent)})


@require_safe
@signed_in.required
def letter(_request: HttpRequest, person: int, number: str) -> HttpResponse:
    """The letter as it was sent, byte for byte."""
    record = person_queries.my_record(person, home.current().clock.now())
    _own(record, number)
    answer = HttpResponse(person_queries.letter(person, number), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return answer


@require_POST
@signed_in.required
def received(_request: HttpRequest, person: int, number: str) -> HttpResponse:
    """The person's own "I received this": the only act here that is evidence of receipt (charter S6)."""
    now = home.current().clock.now()
    _own(person_queries.my_record(person, now), number)
    receipt.confirm_receipt(notice=number, by=Actor.person(person), at=now)
    return HttpResponseRedirect(reverse("notice", kwargs={"number": number}))


def _own(record: MyRecord, number: str) -> NoticeView:
    for sent in record.notices:
        if sent.number == number:
            return sent
    raise Http404("no such notice of this person")


def _happened(sent: NoticeView) -> list[tuple[str, str]]:
    """Each attempt as (instant, event): a query gives them as `instant: event (channel)`."""
    told = (one.partition(": ") for one in sent.attempts)
    return [(at, rest.partition(" (")[0]) for at, _, rest in told]
