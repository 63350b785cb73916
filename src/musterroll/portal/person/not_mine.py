""" "This is not my record": choose the entry, check, and from that moment it can only protect; or take that back.

1. The entry is named in the body of a form and in the session, by a reference that means nothing to anybody else.
2. Each step sends the browser on, so that going back or loading again never says anything twice.
3. What the page promises is what the act answered, and what the record shows after it.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from musterroll.errors import MusterRollError
from musterroll.portal import signed_in
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.acts import judge
from musterroll.register.queries import person as person_queries
from musterroll.register.queries.record import EntryHeld, MyRecord

_ASKED = "not-mine"
_SAID = "not-mine-said"


@require_POST
@signed_in.required
def begin(request: HttpRequest, person: int) -> HttpResponse:
    """A button of my record: which entry, and whether it is taken back."""
    entry = _entry(_record(person), request.POST.get("entry", ""))
    if entry is None:
        return HttpResponseRedirect(reverse("my-record"))
    request.session[_ASKED] = {"entry": entry.link, "mine": request.POST.get("mine", "") == "yes"}
    return HttpResponseRedirect(reverse("not-mine"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in.required
def check(request: HttpRequest, person: int) -> HttpResponse:
    """What the entry says, what sending does, and the button."""
    record = _record(person)
    asked = request.session.get(_ASKED, {"entry": "", "mine": False})
    entry = _entry(record, asked["entry"])
    if entry is None:
        return HttpResponseRedirect(reverse("my-record"))
    refused: MusterRollError | None = None
    if request.method == "POST":
        try:
            request.session[_SAID] = _say(person, record, entry, mine=asked["mine"])
        except MusterRollError as problem:
            refused = problem
        else:
            del request.session[_ASKED]
            return HttpResponseRedirect(reverse("not-mine-done"))
    facts = [fact for fact in record.facts if fact.entry == entry.link]
    page = {"entry": entry, "facts": facts, "mine": asked["mine"], "refused": refused}
    return render(request, "portal/person/not_mine_check.html", page)


@require_safe
@signed_in.required
def done(request: HttpRequest, person: int) -> HttpResponse:  # noqa: ARG001 - signed_in gives it
    """What holds from now on."""
    said = request.session.get(_SAID)
    if said is None:
        return HttpResponseRedirect(reverse("my-record"))
    return render(request, "portal/person/not_mine_done.html", {"said": said})


def _say(person: int, record: MyRecord, entry: EntryHeld, *, mine: bool) -> dict[str, object]:
    now = home.current().clock.now()
    resting = {call.draw for call in record.calls if call.state == "held"}
    judged = judge.disown_record(person=person, link=entry.link, by=Actor.person(person), at=now, mine=mine)
    after = _record(person)
    return {
        "agency": entry.agency,
        "mine": mine,
        "before": judged.before,
        "after": judged.after,
        "held": sum(call.state == "held" and call.draw not in resting for call in after.calls),
    }


def _entry(record: MyRecord, link: str) -> EntryHeld | None:
    """The entry of this reference of which the person may speak: not the founding one, not one decided since."""
    return next((one for one in record.entries if one.link == link and not one.founding and not one.decided), None)


def _record(person: int) -> MyRecord:
    return person_queries.my_record(person, home.current().clock.now())
