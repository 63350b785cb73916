"""Pages of words: what this is, how people are protected, who can use it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from musterroll.register import home
from musterroll.register.queries import demo


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, what to do with a letter, and, in a fictional home, the invented people to sign in as."""
    people = demo.sign_ins() if home.current().fictional else ()
    return render(request, "portal/public/start.html", {"people": people})


@require_safe
def protection(request: HttpRequest) -> HttpResponse:
    """The charter in plain words."""
    return render(request, "portal/public/protection.html", {})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested, what was not, and how to ask."""
    return render(request, "portal/public/accessibility.html", {})
