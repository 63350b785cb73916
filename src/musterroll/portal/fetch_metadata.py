"""Requests that other sites make a browser send are refused (ASVS 5.0, 3.5.8), and person pages are never stored.

1. A request with `Sec-Fetch-Site: cross-site` or `same-site` is let through only when it opens a page by a link (GET or
   HEAD, mode `navigate`, destination `document`). Browsers that send no such header are left to the form tokens.
2. Every answer may be read by this site alone and asks for no powers of the device.
3. Pages are not kept by browsers or in between; files under /static/ are (they carry their digest in their address).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from musterroll.portal import errors

_OWN = {"", "none", "same-origin"}
_NO_POWERS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


class FetchMetadata:
    """Django middleware; see the module for its rules."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request) if _is_welcome(request) else errors.refused(request)
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        answer.headers["Permissions-Policy"] = _NO_POWERS
        if not request.path.startswith("/static/"):
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def _is_welcome(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site", "") in _OWN:
        return True
    return (
        request.method in {"GET", "HEAD"}
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") == "document"
    )
