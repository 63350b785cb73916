"""The body of a request in pieces, from a line that may be slow, stall or be cut.

1. A piece is at most `PIECE` bytes and never waits in memory with others.
2. Each one comes within `SILENCE` seconds, else the request ends (`upload.slow`). Reading is done by a thread of its
   own, for a server's stream cannot be asked whether something is there. That thread ends with the line at the latest;
   then, and no earlier, `ended` is called: who counts lines counts it until then.
3. Fewer bytes than announced are a cut line (`upload.cut`). What came before either has been handed on.
"""

from collections.abc import Callable, Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Protocol

from musterroll.errors import MusterRollError

PIECE = 64 << 10
SILENCE = 20.0


class Body(Protocol):
    """What a request's body is read from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""


def pieces(
    body: Body, length: int, *, silence: float = SILENCE, ended: Callable[[], None] = lambda: None
) -> Iterator[bytes]:
    """The `length` bytes that were announced. Raises MusterRollError `upload.slow` or `upload.cut`."""
    given: Queue[bytes] = Queue(maxsize=1)
    over = Event()
    Thread(target=_read, args=(body, length, given, over, silence, ended), daemon=True).start()
    return _taken(given, length, over, silence)


def _taken(given: "Queue[bytes]", length: int, over: Event, silence: float) -> Iterator[bytes]:
    left = length
    try:
        while left:
            try:
                piece = given.get(timeout=silence)
            except Empty:
                raise _ended("slow", f"Nothing came for {silence:g} seconds.") from None
            if not piece:
                raise _ended("cut", "The line was cut.")
            left -= len(piece)
            yield piece
    finally:
        over.set()


def _read(
    body: Body, length: int, given: "Queue[bytes]", over: Event, silence: float, ended: Callable[[], None]
) -> None:
    left = length
    try:
        while left and not over.is_set():
            try:
                piece = body.read(min(left, PIECE))
            except OSError:  # the connection is gone; an empty piece says so
                piece = b""
            left = left - len(piece) if piece else 0
            try:
                given.put(piece, timeout=silence)
            except Full:  # whoever asked has gone
                return
    finally:
        ended()


def _ended(code: str, what: str) -> MusterRollError:
    return MusterRollError(
        f"upload.{code}",
        what,
        where="upload",
        remedy="Ask how far the upload is, and go on from there. Nothing that came is lost.",
    )
