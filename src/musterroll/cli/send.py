"""`muster source send`: an agency's delivery to a register over HTTPS.

1. The manifest beside the file opens the door by its signature; there is no account and no password.
2. The file goes in pieces. When the line is cut, the register is asked how far it is, and the rest follows; started
   again, the same command goes on there too.
3. Only over TLS. Plain HTTP is for a register on the same machine.
4. What the register answered is written beside the file: NAME.reply.json, and NAME.reply.txt in plain words.
"""

import http.client
import ipaddress
import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from musterroll.errors import MusterRollError

ATTEMPTS = 8
"""How often in a row the same piece is tried; between two attempts 1, 2, 4 ... seconds, at most `LONGEST`."""
LONGEST = 30
TIMEOUT = 60
PASSING = {408, 409, 429, 500, 502, 503, 504}
"""Answers after which the same is tried again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the register answered: the status, and the members of its JSON (`text` where it is none)."""

    status: int
    told: dict[str, Any] = field(default_factory=dict)
    text: bytes = b""


@dataclass(slots=True)
class Line:
    """A line to the register at `url`; it is opened anew when it was cut."""

    url: str
    ca: Path | None = None
    receipt: str = ""
    _open: http.client.HTTPConnection | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("https", "http") or not parts.hostname or (parts.scheme == "http" and not _own(parts)):
            raise MusterRollError(
                "sending.insecure",
                "Deliveries are sent over https://, or to a register on this very machine.",
                where="--to",
                remedy="Ask the register for its address; it begins with https://.",
            )

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request, tried again while the line or the register fails in passing. Raises `sending.cut`."""
        last = "no answer"
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(min(LONGEST, 2 ** (attempt - 1)))
            try:
                answer = self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException) as problem:
                self._close()
                last = type(problem).__name__
                if method == "PUT":  # how much of it came is not known: whoever asked looks
                    return Answer(0)
                continue
            if answer.status not in PASSING or method == "PUT":
                return answer
            last = f"{answer.status} {answer.told.get('code', '')}".strip()
        raise MusterRollError(
            "sending.cut",
            f"The register cannot be reached ({last}).",
            where=self.url,
            remedy="Start the same command again later: it goes on where it was.",
            exit_code=2,
        )

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self._open is None:
            self._open = self._connected()
        told = {"Authorization": f"Bearer {self.receipt}"} if self.receipt else {}
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        parts = urlsplit(self.url)
        self._open.request(method, parts.path.rstrip("/") + path, body or None, {**told, **sent})
        given = self._open.getresponse()
        data = given.read()
        if given.getheader("Connection", "").lower() == "close":
            self._close()
        if not given.getheader("Content-Type", "").startswith("application/json"):
            return Answer(given.status, {}, data)
        try:
            read = json.loads(data)
        except ValueError:
            read = None
        return Answer(given.status, read if isinstance(read, dict) else {}, data)

    def _connected(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        assert parts.hostname
        if parts.scheme == "http":
            return http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT)
        trusted = ssl.create_default_context(cafile=None if self.ca is None else str(self.ca))
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT, context=trusted)

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--to", "url", required=True, help="The register's address, https://...")
@click.option("--ca", type=click.Path(path_type=Path, exists=True), help="Trust only this certificate authority (PEM).")
@click.option("--wait", type=int, default=60, show_default=True, help="Seconds to wait for the register's reply.")
def send(file: Path, url: str, ca: Path | None, wait: int) -> int:
    """Send FILE with its NAME.manifest.json to a register, and fetch what it answers.

    Cut off and started again, it goes on where it was. It ends with 0 where the delivery was received, with 1 where it
    was refused or waits in quarantine, with 2 where the register could not be reached or has not answered yet.
    """
    manifest = file.with_name(f"{file.stem}.manifest.json")
    if not manifest.exists():
        raise MusterRollError(
            "sending.manifest",
            "The manifest is not beside the file.",
            where=manifest.name,
            remedy="Write it with `muster source manifest`, signed with --key.",
            exit_code=2,
        )
    line = Line(url, ca)
    upload = _expected(line.ask("POST", "/deliveries/", manifest.read_bytes(), Content_Type="application/json"))
    line.receipt = str(upload["receipt"])
    place = f"/deliveries/{upload['upload']}/"
    if upload["state"] == "sending":
        for sent, size in _sent(line, place, file, int(upload["offset"]), int(upload["piece"])):
            click.echo(f"{sent} of {size} bytes are there")
    told = _reply(line, place, wait)
    if told is None:
        click.echo("The file has arrived and is not answered yet. Start the same command again to fetch the reply.")
        return 2
    text = line.ask("GET", f"{place}reply.txt").text
    file.with_name(f"{file.stem}.reply.json").write_bytes(told.text)
    file.with_name(f"{file.stem}.reply.txt").write_bytes(text)
    click.echo(text.decode("utf-8").rstrip())
    return 0 if told.told.get("outcome") == "received" else 1


def _sent(line: Line, place: str, file: Path, offset: int, piece: int) -> Iterator[tuple[int, int]]:
    """Send the rest of a file; how much is there, after each piece. Raises `sending.cut` when nothing gets through."""
    size, failed = file.stat().st_size, 0
    with file.open("rb") as data:
        while True:
            data.seek(offset)
            body = data.read(piece)
            answer = line.ask("PUT", place, body, Upload_Offset=str(offset))
            if answer.status == 202:
                yield size, size
                return
            there = offset
            if answer.status == 200:
                there = int(answer.told["offset"])
            elif answer.status == 0 or answer.status in PASSING:
                state = _expected(line.ask("GET", place))
                if state["state"] != "sending":
                    yield size, size
                    return
                there = int(state["offset"])
            else:
                _expected(answer)
            failed = failed + 1 if there <= offset else 0
            if failed == ATTEMPTS:
                raise MusterRollError(
                    "sending.cut",
                    "The line is cut again and again, and nothing gets through.",
                    where=line.url,
                    remedy="Start the same command again later: it goes on where it was.",
                    exit_code=2,
                )
            if failed:
                time.sleep(min(LONGEST, 2 ** (failed - 1)))
            else:
                yield there, size
            offset = there


def _reply(line: Line, place: str, wait: int) -> Answer | None:
    """The reply, once there is one."""
    until = time.monotonic() + wait
    while True:
        if _expected(line.ask("GET", place))["state"] == "answered":
            return line.ask("GET", f"{place}reply.json")
        if time.monotonic() >= until:
            return None
        time.sleep(1)


def _expected(answer: Answer) -> dict[str, Any]:
    """What a good answer tells; a refusal is the register's own words. Raises MusterRollError."""
    if answer.status in (200, 201, 202) and "state" in answer.told:
        return answer.told
    told = answer.told
    raise MusterRollError(
        str(told.get("code", "sending.answer")),
        str(told.get("what", f"The register answered {answer.status}, which no register of this kind does.")),
        where=str(told.get("where", "--to")),
        remedy=str(told.get("remedy", "Compare the address with the one that the register gave you.")),
    )


def _own(parts: Any) -> bool:
    """Whether an address is of this machine."""
    try:
        return parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
