"""Serve the pages of one home on this machine until Ctrl-C.

1. The caller has the home open (lock, database); the one web process attaches to it.
2. Only addresses of this machine: a demonstration signs anybody in as anybody, and a real service stands behind a proxy
   that speaks TLS.
3. No access log: addresses and times of visits are nobody's evidence (charter S6).
"""

import errno
import ipaddress
import os
import socket
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from musterroll.errors import MusterRollError

THREADS = 4
"""Pages made at the same time; each thread keeps one connection to the database."""


def serve(folder: Path, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the home at `folder` on `host`:`port`; returns after Ctrl-C or SIGTERM.

    Raises MusterRollError `host.outside`, `port.taken` or `port.denied` (exit code 2) before anything is started.
    """
    check_port(host, port)
    os.environ["MUSTER_HOME"] = str(folder.resolve())
    Granian(
        "musterroll.portal.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=10,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


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
