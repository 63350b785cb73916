"""Pages of words: what this is, how people are protected, who can use it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from musterroll.errors import MusterRollError
from musterroll.register import home
from musterroll.register.queries import demo
from musterroll.register.queries.demo import SignIn


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, what to do with a letter, and, in a fictional home, the invented people to sign in as."""
    return render(request, "portal/public/start.html", {"people": by_story(_example_people())})


def _example_people() -> tuple[SignIn, ...]:
    """None in a real home, and none in a demonstration whose first night has not been run."""
    try:
        return demo.sign_ins(home.current().clock.now())
    except MusterRollError as empty:
        if empty.code != "roll.none":
            raise
        return ()


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
