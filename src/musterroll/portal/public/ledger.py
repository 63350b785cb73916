"""The public page of the ledger."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from musterroll.register.queries import ledger as ledger_queries


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Size, newest checkpoint, witnesses, entries in clear, and how to verify."""
    return render(request, "portal/public/ledger.html", {"ledger": ledger_queries.public_ledger()})
