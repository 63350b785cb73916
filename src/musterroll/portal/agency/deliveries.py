"""Deliveries over HTTPS: a signed manifest begins an upload, the file follows in pieces, a receipt fetches the reply.

    POST /deliveries/                 the manifest                          -> 201 (200 again): upload, receipt, offset
    PUT  /deliveries/UPLOAD/          a piece, header `Upload-Offset`       -> 200 offset, or 202 once it is whole
    GET  /deliveries/UPLOAD/          -> 200 state: sending (offset), arrived, answered
    GET  /deliveries/UPLOAD/reply.json, reply.txt                           -> the register's reply

1. All but the first carry `Authorization: Bearer RECEIPT`, so that addresses, which servers log, open nothing.
2. Every refusal is JSON with `code`, `what`, `where`, `remedy`; `upload.offset` also says the right `offset`.
3. How much comes is known before anything is read: a body without its length is not read.
4. At most `AT_ONCE` requests with a body are read at a time, and `BEGUN_A_MINUTE` uploads of a source are begun: pages
   for people go on whatever comes here. A line that stalls is answered (408) and counts until it is gone: floods and
   slow lines are the front server's to turn away, which has the whole request before it passes it on.
"""

from collections.abc import Iterator
from threading import BoundedSemaphore, Lock

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from musterroll import canonical
from musterroll.errors import MusterRollError
from musterroll.portal.agency import reading
from musterroll.register import home, uploads
from musterroll.register.uploads import State, Upload

LARGEST_PIECE = 8 << 20
"""Bytes of one PUT."""
AT_ONCE = 2
BEGUN_A_MINUTE = 60

STATUS = {
    "upload.busy": 409,
    "upload.cut": 400,
    "upload.digest": 422,
    "upload.length": 411,
    "upload.manifest-too-long": 413,
    "upload.many": 503,
    "upload.offset": 409,
    "upload.piece": 413,
    "upload.rate": 429,
    "upload.slow": 408,
    "upload.space": 507,
    "upload.too-long": 413,
    "upload.unknown": 404,
    "delivery.undeclared": 403,
    "manifest.key-unknown": 403,
    "manifest.signature": 403,
    "manifest.unsigned": 403,
    "source.no-keys": 403,
}
"""What is not listed is 400."""

_slots = BoundedSemaphore(AT_ONCE)
_lock = Lock()
_begun: dict[str, tuple[int, int]] = {}
"""By source: the minute, and how many uploads were begun in it. Sources are declared ones, so there are few."""


@csrf_exempt
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an upload by its signed manifest; or be told how far it is."""
    try:
        length = _length(request, uploads.MANIFEST_BYTES, "upload.manifest-too-long", "A manifest")
        data = b"".join(_read(request, length))
        begun = uploads.begin(data)
        _count(begun)
    except MusterRollError as problem:
        return _refusal(problem)
    new = begun.state is State.SENDING and begun.offset == 0
    return _told(begun, 201 if new else 200, receipt=uploads.receipt(begun.upload), piece=LARGEST_PIECE)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "PUT"])
def one(request: HttpRequest, upload: str) -> HttpResponse:
    """Ask how far an upload is, or send its next piece."""
    try:
        _known(request, upload)
        if request.method != "PUT":
            return _told(uploads.state_of(upload), 200)
        return _put(request, upload)
    except MusterRollError as problem:
        return _refusal(problem, upload)


@require_safe
def reply(request: HttpRequest, upload: str, ending: str) -> HttpResponse:
    """What the register answered to this delivery."""
    try:
        _known(request, upload)
        file = uploads.reply(upload)
        if file is None:
            raise MusterRollError(
                "upload.unanswered",
                "The delivery has not been answered yet.",
                where="upload",
                remedy="Ask again later.",
            )
    except MusterRollError as problem:
        return _refusal(problem)
    beside = file.with_suffix(f".{ending}")
    kind = "application/json" if ending == "json" else "text/plain; charset=utf-8"
    return HttpResponse((beside if beside.exists() else file).read_bytes(), content_type=kind)


def _put(request: HttpRequest, upload: str) -> HttpResponse:
    begun = uploads.state_of(upload)
    if begun.state is State.SENDING:
        offset = request.headers.get("Upload-Offset", "")
        if not (offset.isascii() and offset.isdecimal() and len(offset) < 17):
            raise MusterRollError(
                "upload.no-offset",
                "The header Upload-Offset is missing: the place of the first byte sent.",
                where="upload",
                remedy="Ask how far the upload is, and send the piece that begins there.",
            )
        length = _length(request, LARGEST_PIECE, "upload.piece", "A piece")
        if int(offset) + length > begun.size:
            raise uploads.too_long(begun.size)
        begun = uploads.put(upload, int(offset), _read(request, length))
    if begun.state is State.SENDING:
        return _told(begun, 200)
    return _told(begun, 202, receipt=uploads.receipt(upload), reply=f"/deliveries/{upload}/reply.json")


def _known(request: HttpRequest, upload: str) -> None:
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    uploads.check_receipt(upload, shown if kind == "Bearer" and shown.isascii() else "")


def _length(request: HttpRequest, most: int, code: str, what: str) -> int:
    """How many bytes come, which is known before they do."""
    told = request.headers.get("Content-Length", "")
    if not (told.isascii() and told.isdecimal()) or request.headers.get("Transfer-Encoding"):
        raise MusterRollError(
            "upload.length",
            "The request does not say how many bytes it has.",
            where="upload",
            remedy="Send Content-Length, and no Transfer-Encoding.",
        )
    if len(told) > 16 or int(told) > most:
        raise MusterRollError(
            code, f"{what} has at most {most} bytes.", where="upload", remedy="Send less at a time, as agreed."
        )
    return int(told)


def _read(request: HttpRequest, length: int) -> Iterator[bytes]:
    """The body in pieces, as one of the few that are read now. Raises MusterRollError `upload.many`."""
    if not _slots.acquire(blocking=False):
        raise MusterRollError(
            "upload.many",
            "Too much is being sent at this moment.",
            where="upload",
            remedy="Try again in some seconds. Nothing that came is lost.",
        )
    return reading.pieces(request, length, ended=_slots.release)


def _count(begun: Upload) -> None:
    """Count what a source begins in a minute; nothing of it is kept. Raises MusterRollError `upload.rate`."""
    minute = home.current().clock.now() // 60
    with _lock:
        last, count = _begun.get(begun.source, (minute, 0))
        count = count + 1 if last == minute else 1
        _begun[begun.source] = (minute, count)
    if count > BEGUN_A_MINUTE:
        raise MusterRollError(
            "upload.rate",
            f"This source began {BEGUN_A_MINUTE} uploads within a minute.",
            where="upload",
            remedy="Try again in a minute.",
        )


def _told(begun: Upload, status: int, **more: str | int) -> HttpResponse:
    told: dict[str, str | int] = {"upload": begun.upload, "state": begun.state.value, **more}
    if begun.state is State.SENDING:
        told |= {"offset": begun.offset, "size": begun.size}
    return HttpResponse(canonical.encode(told), status=status, content_type="application/json")


def _refusal(problem: MusterRollError, upload: str = "") -> HttpResponse:
    told: dict[str, str | int] = {
        "code": problem.code,
        "what": problem.what,
        "where": problem.where,
        "remedy": problem.remedy,
    }
    if problem.code == "upload.offset":
        told["offset"] = uploads.state_of(upload).offset
    status = 404 if problem.code == "upload.unanswered" else STATUS.get(problem.code, 400)
    answer = HttpResponse(canonical.encode(told), status=status, content_type="application/json")
    if status in (429, 503):
        answer.headers["Retry-After"] = "5" if status == 503 else "60"
    return answer
