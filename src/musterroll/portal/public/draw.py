"""The public pages of the draws: how each was made, its files, and how anybody checks it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from musterroll.errors import MusterRollError
from musterroll.register import home
from musterroll.register.queries import draw as draw_queries


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    """All draws, the newest first."""
    return render(request, "portal/public/draws.html", {"draws": draw_queries.public_draws(home.current().clock.now())})


@require_safe
def one_draw(request: HttpRequest, number: str) -> HttpResponse:
    """One draw, step by step."""
    try:
        view = draw_queries.public_draw(number, home.current().clock.now())
    except MusterRollError:
        raise Http404("no such draw") from None
    return render(request, "portal/public/draw.html", {"draw": view})
