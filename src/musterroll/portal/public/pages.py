"""Pages of words: what this is, how people are protected, who can use it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from musterroll.register import home
from musterroll.register.queries import demo
from musterroll.register.queries.demo import SignIn


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, what to do with a letter, and, in a fictional home, the invented people to sign in as."""
    people = demo.sign_ins(home.current().clock.now()) if home.current().fictional else ()
    return render(request, "portal/public/start.html", {"people": by_story(people)})


def by_story(people: tuple[SignIn, ...]) -> tuple[tuple[str, list[SignIn]], ...]:
    """The example people under the situation they are in, in the order in which each situation first comes."""
    stories: dict[str, list[SignIn]] = {}
    for one in people:
        stories.setdefault(one.story, []).append(one)
    return tuple(stories.items())


@require_safe
def protection(request: HttpRequest) -> HttpResponse:
    """The charter in plain words."""
    return render(request, "portal/public/protection.html", {})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested, what was not, and how to ask."""
    return render(request, "portal/public/accessibility.html", {})
