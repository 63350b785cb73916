"""Sign-in of the demonstration. A home that is not fictional has none: it needs the state's own (platform: sign-in)."""

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from musterroll.portal import signed_in
from musterroll.register import home
from musterroll.register.queries import demo


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin a session as one of the example people. Only those on the start page can be chosen."""
    if not home.current().fictional:
        raise Http404("no sign-in of this kind")
    chosen = request.POST.get("person", "")
    if chosen not in {person.ref for person in demo.sign_ins(home.current().clock.now())}:
        raise SuspiciousOperation("the form offers no such person")
    signed_in.begin(request, chosen)
    return HttpResponseRedirect(reverse("my-record"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and forget it."""
    signed_in.end(request)
    return HttpResponseRedirect(reverse("start"))
