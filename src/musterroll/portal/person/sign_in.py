"""Sign-in of the demonstration. A home that is not fictional has none: it needs the state's own (platform: sign-in)."""

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from musterroll.errors import MusterRollError
from musterroll.portal import signed_in
from musterroll.register import home
from musterroll.register.queries import person as person_queries


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin a session as one of the example people. Nobody else can be guessed: a ref is 80 bits."""
    if not home.current().fictional:
        raise Http404("no sign-in of this kind")
    chosen = request.POST.get("person", "")
    try:
        person_queries.by_ref(chosen)
    except MusterRollError:
        raise SuspiciousOperation("the form offers no such person") from None
    signed_in.begin(request, chosen)
    return HttpResponseRedirect(reverse("my-record"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and forget it."""
    signed_in.end(request)
    return HttpResponseRedirect(reverse("start"))
