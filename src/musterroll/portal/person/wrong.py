""" "This is wrong": choose the fact, say what is right, check, and it holds from that moment.

1. Nothing is kept of an unfinished answer but the session's memory; the act is one, at the end.
2. Each step sends the browser on, so that going back or loading again never says anything twice.
3. What the page promises is what the act answered: what is held, and since when.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from musterroll.errors import MusterRollError
from musterroll.portal import signed_in
from musterroll.portal.person import wrong_form
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.acts import declare
from musterroll.register.queries import person as person_queries
from musterroll.register.queries.record import Disputable, MyRecord

_ANSWER = "wrong"
_SAID = "said"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in.required
def choose(request: HttpRequest, person: int) -> HttpResponse:
    """Which fact is wrong. My record's own buttons post here too."""
    record = _record(person)
    problem = False
    if request.method == "POST":
        fact = _fact(record, request.POST.get("attribute", ""))
        if fact is not None:
            request.session[_ANSWER] = {"attribute": fact.attribute, "answer": "", "since": ""}
            return HttpResponseRedirect(reverse("wrong-answer"))
        problem = True
    return render(request, "portal/person/wrong_choose.html", {"record": record, "problem": problem})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in.required
def answer(request: HttpRequest, person: int) -> HttpResponse:
    """What is right."""
    kept, fact = _begun(request, _record(person))
    if fact is None:
        return HttpResponseRedirect(reverse("wrong"))
    typed = wrong_form.Typed.kept(kept["answer"], kept["since"], fact)
    problems: dict[str, str] = {}
    if request.method == "POST":
        typed = wrong_form.Typed.of(request.POST)
        right, since, problems = wrong_form.read(typed, fact)
        if not problems:
            request.session[_ANSWER] = {"attribute": fact.attribute, "answer": right, "since": since}
            return HttpResponseRedirect(reverse("wrong-check"))
    page = {"fact": fact, "typed": typed, "problems": problems, "asks_since": wrong_form.asks_since(fact)}
    return render(request, "portal/person/wrong_answer.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in.required
def check(request: HttpRequest, person: int) -> HttpResponse:
    """The answers once more, and what sending them does."""
    record = _record(person)
    kept, fact = _begun(request, record)
    if fact is None or not kept["answer"]:
        return HttpResponseRedirect(reverse("wrong"))
    refused: MusterRollError | None = None
    if request.method == "POST":
        try:
            request.session[_SAID] = _say(person, fact, kept)
        except MusterRollError as problem:
            refused = problem
        else:
            del request.session[_ANSWER]
            return HttpResponseRedirect(reverse("wrong-done"))
    page = {"record": record, "fact": fact, "kept": kept, "shown": _shown(fact, kept["answer"]), "refused": refused}
    return render(request, "portal/person/wrong_check.html", page)


@require_safe
@signed_in.required
def done(request: HttpRequest, person: int) -> HttpResponse:
    """What holds from now on."""
    said = request.session.get(_SAID)
    if said is None:
        return HttpResponseRedirect(reverse("my-record"))
    return render(request, "portal/person/wrong_done.html", {"said": said, "record": _record(person)})


def _say(person: int, fact: Disputable, kept: dict[str, str]) -> dict[str, object]:
    now = home.current().clock.now()
    declared = declare.declare(
        person=person,
        attribute=fact.attribute,
        answer=kept["answer"],
        since=kept["since"],
        by=Actor.person(person),
        at=now,
    )
    return {
        "label": fact.label,
        "shown": _shown(fact, kept["answer"]),
        "before": declared.before,
        "after": declared.after,
        "held": len(declared.held),
        "receipt": declared.receipt,
        "decided": bool(declared.filing),
    }


def _shown(fact: Disputable, value: str) -> str:
    """The answer in the words of the form."""
    return next((answer.label for answer in fact.answers if answer.value == value), value)


def _begun(request: HttpRequest, record: MyRecord) -> tuple[dict[str, str], Disputable | None]:
    kept = request.session.get(_ANSWER, {"attribute": "", "answer": "", "since": ""})
    return kept, _fact(record, kept["attribute"])


def _fact(record: MyRecord, attribute: str) -> Disputable | None:
    return next((fact for fact in record.disputable if fact.attribute == attribute), None)


def _record(person: int) -> MyRecord:
    return person_queries.my_record(person, home.current().clock.now())
