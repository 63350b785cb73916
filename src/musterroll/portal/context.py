"""What every page knows beside its own subject."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation

from musterroll.portal import signed_in
from musterroll.register import home


def page(request: HttpRequest) -> dict[str, Any]:
    """Language, direction, whether people here are invented and letters go sooner, whether somebody is signed in."""
    language = translation.get_language() or "en"
    return {
        "language": language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "fictional": home.current().fictional,
        "wait_hours": home.current().founding.wait_hours,
        "usual_hours": home.PUBLIC_FOR_HOURS,
        "signed_in": signed_in.ref(request) is not None,
        "path": request.path,
    }
