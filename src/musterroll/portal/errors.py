"""Pages for what went wrong: what happened, that nothing was lost, and what to do (400, 403, 404, 500).

They ask nothing of the register, so that they work when the database does not, and never say what the address held.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django gives it by name
    """400: the browser sent something no form of ours sends."""
    return _page(request, "400", 400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django gives it by name
    """403: this page is not for this request."""
    return _page(request, "403", 403)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django gives it by name
    """403: a form came back without its token; mostly a page that was open for long."""
    return _page(request, "form", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django gives it by name
    """404."""
    return _page(request, "404", 404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _page(request, "500", 500)


def _page(request: HttpRequest, name: str, number: int) -> HttpResponse:
    return render(request, f"portal/errors/{name}.html", {}, status=number)
