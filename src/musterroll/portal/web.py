"""The web server's own process: `python -m musterroll.portal.web FOLDER HOST PORT`, started by `portal.server`.

It is a fresh process, so that the server's workers inherit no database connection and no threads of the caller; and it
ends when the caller ends, however that happens.
"""

import ctypes
import os
import signal
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 5
"""Answers made at the same time; each keeps one connection to the database. Two of them may be reading deliveries."""

PR_SET_PDEATHSIG = 1
"""prctl(2): which signal this process gets when its parent dies."""


def main(folder: str, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. No access log: visits are nobody's evidence (charter S6)."""
    _end_with_the_caller()
    os.environ["MUSTER_HOME"] = folder
    Granian(
        "musterroll.portal.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=5,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


def _end_with_the_caller() -> None:
    """Where the system offers it (Linux). Elsewhere a killed caller leaves the server; the next start says so."""
    if sys.platform == "linux":
        caller = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != caller:
            sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
