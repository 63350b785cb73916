"""Who is looking: a person is a session, not an account (data-model: nothing of it is kept).

1. The session holds the person's `ref` and, between two pages of "this is wrong", the answers given so far.
2. Signing in makes a new session key, signing out forgets everything.
3. Nothing here writes to the register: looking is not evidence of anything (charter S6).
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from musterroll.register.queries import person as person_queries

_REF = "ref"

type PersonPage = Callable[..., HttpResponse]


def ref(request: HttpRequest) -> str | None:
    """The ref of the person of this session, None when nobody is signed in."""
    session = getattr(request, "session", None)
    return session.get(_REF) if session is not None else None


def begin(request: HttpRequest, person_ref: str) -> None:
    """Start a session for the person known as `person_ref`, dropping whatever this browser held before."""
    request.session.flush()
    request.session[_REF] = person_ref


def end(request: HttpRequest) -> None:
    """Forget the session."""
    request.session.flush()


def required(page: PersonPage) -> PersonPage:
    """A page for one person: `page(request, person, ...)`; without a session, the start page instead."""

    @wraps(page)
    def opened(request: HttpRequest, **parts: str) -> HttpResponse:
        known_as = ref(request)
        if known_as is None:
            return HttpResponseRedirect(reverse("start") + "#sign-in")
        answer = page(request, person_queries.by_ref(known_as), **parts)
        answer.headers["Cache-Control"] = "no-store, private"
        return answer

    return opened
