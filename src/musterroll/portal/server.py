"""Serve the pages of one home on this machine until Ctrl-C.

1. The caller has the home open (lock, database); the web server is a process of its own and attaches to it.
2. Only addresses of this machine: a demonstration signs anybody in as anybody, and a real service stands behind a proxy
   that speaks TLS.
3. Ctrl-C, SIGTERM and the end of the caller end the server; each is a clean end.
4. What the caller does `meanwhile`, between two looks at the server, is the caller's: it has the home open, the web
   server only attached.
"""

import errno
import ipaddress
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from musterroll.errors import MusterRollError

LOOK = 2.0
"""Seconds between two looks at what there is to do meanwhile."""

PATIENCE = 15
"""Seconds the server has to finish the pages it is making when it is told to end."""


def serve(
    folder: Path, host: str = "127.0.0.1", port: int = 8000, *, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Serve the home at `folder` on `host`:`port`; returns after Ctrl-C or SIGTERM.

    Raises MusterRollError `host.outside`, `port.taken` or `port.denied` before anything is started, and `serve.ended`
    when the server ends by itself (all with exit code 2).
    """
    check_port(host, port)
    command = [sys.executable, "-m", "musterroll.portal.web", str(folder.resolve()), host, str(port)]
    with _terminated_like_ctrl_c(), subprocess.Popen(command, start_new_session=True) as web:
        try:
            code = _watched(web, meanwhile)
        except KeyboardInterrupt:
            web.terminate()
            _wait(web)
            return
    if code != 0:
        raise MusterRollError(
            "serve.ended",
            "The web server ended by itself.",
            where=f"{host}:{port}",
            remedy="What it said stands above; start it again.",
            exit_code=2,
        )


def _watched(web: subprocess.Popen[bytes], meanwhile: Callable[[], None]) -> int:
    """Do what there is to do until the server ends; what it ended with."""
    while True:
        try:
            return web.wait(LOOK)
        except subprocess.TimeoutExpired:
            meanwhile()


def _wait(web: subprocess.Popen[bytes]) -> None:
    try:
        web.wait(PATIENCE)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        web.kill()


@contextmanager
def _terminated_like_ctrl_c() -> Iterator[None]:
    """SIGTERM is a Ctrl-C while the server runs, so that the caller can close its home."""

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def check_port(host: str, port: int) -> None:
    """Raise MusterRollError unless this process may listen there."""
    family = _family(host)
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except (OSError, OverflowError) as problem:
            if getattr(problem, "errno", None) == errno.EADDRINUSE:
                raise MusterRollError(
                    "port.taken",
                    "Another program listens there already.",
                    where=f"{host}:{port}",
                    remedy="Stop that program, or choose another port with --port.",
                    exit_code=2,
                ) from None
            raise MusterRollError(
                "port.denied",
                "This machine does not let us listen there.",
                where=f"{host}:{port}",
                remedy="Choose a port from 1024 to 65535 with --port.",
                exit_code=2,
            ) from None


def _family(host: str) -> socket.AddressFamily:
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise MusterRollError(
            "host.outside",
            "The pages are served to this machine only.",
            where=host,
            remedy="Use 127.0.0.1 or ::1; to reach it from elsewhere, put a proxy that speaks TLS in front.",
            exit_code=2,
        )
    return socket.AF_INET6 if address.version == 6 else socket.AF_INET
