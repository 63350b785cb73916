"""What a person does about their filing: "I received this decision", an appeal, taking the word back.

1. The filing and the step are named in the body of a form and in the session, never in an address.
2. Each step sends the browser on, so that going back or loading again never says anything twice.
3. Whether it may be done, and until when, is the law's: the act asks the stage, and its refusal is shown as it is.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from musterroll.errors import MusterRollError
from musterroll.portal import signed_in
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.acts import appeal, told
from musterroll.register.queries import person as person_queries
from musterroll.register.queries.filed import FilingView, MayView, StepView
from musterroll.register.queries.record import MyRecord

_ASKED = "filing"
_DONE = "filing-done"
RECEIVED, STEP, BACK = "received", "step", "back"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is about to be done: `what` of which filing; the decision received, or the step of the law."""

    what: str
    filing: FilingView
    decision: StepView | None = None
    step: MayView | None = None


@require_POST
@signed_in.required
def begin(request: HttpRequest, person: int) -> HttpResponse:
    """A button of my record: what, of which filing."""
    kept = {name: request.POST.get(name, "")[:64] for name in ("what", "filing", "step")}
    if _asked(_record(person), kept) is None:
        return HttpResponseRedirect(reverse("my-record"))
    request.session[_ASKED] = kept
    return HttpResponseRedirect(reverse("filing"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in.required
def check(request: HttpRequest, person: int) -> HttpResponse:
    """What it does, and the button."""
    asked = _asked(_record(person), request.session.get(_ASKED, {}))
    if asked is None:
        return HttpResponseRedirect(reverse("my-record"))
    refused: MusterRollError | None = None
    if request.method == "POST":
        try:
            _do(person, asked)
        except MusterRollError as problem:
            refused = problem
        else:
            request.session[_DONE] = {"what": asked.what, "filing": asked.filing.code}
            del request.session[_ASKED]
            return HttpResponseRedirect(reverse("filing-done"))
    return render(request, "portal/person/filing_check.html", {"asked": asked, "refused": refused})


@require_safe
@signed_in.required
def done(request: HttpRequest, person: int) -> HttpResponse:
    """Where the filing stands now."""
    kept = request.session.get(_DONE, {"what": "", "filing": ""})
    filing = next((one for one in _record(person).filings if one.code == kept["filing"]), None)
    if filing is None:
        return HttpResponseRedirect(reverse("my-record"))
    return render(request, "portal/person/filing_done.html", {"what": kept["what"], "filing": filing})


def _do(person: int, asked: Asked) -> None:
    by, now, code = Actor.person(person), home.current().clock.now(), asked.filing.code
    if asked.decision is not None:
        told.confirm_decision(filing=code, step=asked.decision.number, by=by, at=now)
    elif asked.step is not None:
        appeal.appeal_decision(filing=code, event=asked.step.event, by=by, at=now)
    else:
        appeal.withdraw_filing(filing=code, by=by, at=now)


def _asked(record: MyRecord, kept: dict[str, str]) -> Asked | None:
    """What was asked, if it is something that the record offers."""
    filing = next((one for one in record.filings if one.code == kept.get("filing", "")), None)
    if filing is None:
        return None
    match kept.get("what", ""):
        case "received":
            decision = next((one for one in filing.untold if str(one.number) == kept["step"]), None)
            return None if decision is None else Asked(RECEIVED, filing, decision=decision)
        case "step":
            step = next((one for one in filing.may if one.own and one.event == kept["step"]), None)
            return None if step is None else Asked(STEP, filing, step=step)
        case "back" if filing.may_take_back:
            return Asked(BACK, filing)
    return None


def _record(person: int) -> MyRecord:
    return person_queries.my_record(person, home.current().clock.now())
