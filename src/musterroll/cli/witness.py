"""`muster witness`: a small witness that a court or a university can run beside the register (C2SP tlog-witness).

1. Its folder (mode 0700) holds `key`, `logs` (the log keys it trusts, one vkey a line), `seen/<origin hash>` (the last
   checkpoint cosigned, with both signatures) and `lock`. Nothing else is needed, and nothing about people is there.
2. What it saw is on the disk, whole, before it answers; requests are handled one at a time; a second witness on the
   same folder does not start. So it can be killed at any moment and is never led back to a smaller log.
3. With `--clock FILE` it takes the time from the demonstration's clock and says DEMONSTRATION in its log and on `/`.
"""

import contextlib
import fcntl
import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from musterroll.errors import MusterRollError
from musterroll.ledger.checkpoint import Checkpoint, parse
from musterroll.ledger.note import (
    COSIGNATURE,
    PrivateKey,
    PublicKey,
    decode,
    is_key_name,
    parse_signature,
    parse_skey,
    parse_vkey,
)
from musterroll.ledger.witness import TEXT, Answer, add_checkpoint
from musterroll.ledger.witness import decode as decode_request
from musterroll.register.clock import Clock, FileClock, SystemClock
from musterroll.register.keys import FileKeys

MOST_REQUEST_BYTES = 65_536
SECONDS_TO_SEND = 10


def create(folder: Path, name: str, *, seed: bytes, logs: tuple[PublicKey, ...] = ()) -> PublicKey:
    """Make the witness `name` in `folder`, its key from `seed` (32 bytes), trusting `logs`. Again is the same.

    Raises MusterRollError `witness.other-key` where the folder holds another key.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = PrivateKey(name, COSIGNATURE, seed)
    path = folder / "key"
    if not path.exists():
        _write(path, f"{key.skey}\n".encode())
    elif _key(folder) != key:
        raise MusterRollError(
            "witness.other-key",
            "This folder already holds the key of another witness.",
            where=str(path),
            remedy="Choose another folder: a witness's key is never replaced by a command.",
        )
    trusted = sorted({log.vkey for log in (*_logs(folder), *logs)})
    _write(folder / "logs", "".join(f"{vkey}\n" for vkey in trusted).encode())
    return key.public_key


class Witness:
    """The witness of one folder: its key, the logs it trusts, what it has seen."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.key = _key(folder)
        self._folder = folder
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def add_checkpoint(self, body: bytes) -> Answer:
        """The answer to one request, after what was seen is on the disk."""
        logs: dict[str, tuple[PublicKey, ...]] = {}
        for log in _logs(self._folder):
            logs[log.name] = (*logs.get(log.name, ()), log)
        with self._one_at_a_time:
            seen = {origin: last for origin in logs if (last := self._seen(origin))}
            answer = add_checkpoint(self.key, logs, seen, body, self._clock.now())
            if answer.seen:
                signed = decode_request(body).note
                known = tuple(line for line in signed.signatures if any(map(line.by, logs[answer.seen.origin])))
                ours = parse_signature(answer.body.decode())
                _write(self._path(answer.seen.origin), type(signed)(signed.text, (*known, ours)).encode())
        return answer

    def published(self, path: str) -> bytes:
        """The last checkpoint cosigned, for `/<origin hash>/checkpoint`. Raises FileNotFoundError."""
        origin_hash, slash, name = path.strip("/").partition("/")
        if not slash or name != "checkpoint" or not origin_hash.isalnum():
            raise FileNotFoundError
        return (self._folder / "seen" / origin_hash).read_bytes()

    def _seen(self, origin: str) -> Checkpoint | None:
        path = self._path(origin)
        return parse(decode(path.read_bytes(), where=str(path)).text, where=str(path)) if path.exists() else None

    def _path(self, origin: str) -> Path:
        return self._folder / "seen" / hashlib.sha256(origin.encode()).hexdigest()


class Pages(BaseHTTPRequestHandler):
    """POST /add-checkpoint, GET /<origin hash>/checkpoint, GET / (who this is)."""

    protocol_version = "HTTP/1.1"
    timeout = SECONDS_TO_SEND
    witness: Witness
    banner: str

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path.rstrip("/") != "/add-checkpoint":
            self._answer(404, TEXT, b"There is only add-checkpoint here.\n")
        elif not length.isdecimal() or int(length) > MOST_REQUEST_BYTES:
            self.close_connection = True
            self._answer(400, TEXT, b"A request has a length, of at most 64 KiB.\n")
        else:
            answer = self.witness.add_checkpoint(self.rfile.read(int(length)))
            self._answer(answer.status, answer.content_type, answer.body)

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(200, TEXT, f"{self.banner}{self.witness.key.public_key.vkey}\n".encode())
            return
        try:
            self._answer(200, TEXT, self.witness.published(self.path))
        except FileNotFoundError:
            self._answer(404, TEXT, b"No checkpoint of that log was cosigned here.\n")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002 - http.server's signature
        click.echo(f"{self.banner.strip() or 'witness'} {self.command} {self.path} {int(code)}", err=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's signature
        click.echo(f"{self.banner.strip() or 'witness'} {format % args}", err=True)

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve_folder(folder: Path, name: str, port: int, clock: Path | None, *, until_eof: bool = False) -> None:
    """Serve the witness of `folder` on loopback until it is stopped, or until its standard input is closed.

    Raises MusterRollError `witness.no-key`, `witness.other-key`, `witness.busy`, `port.taken`.
    """
    witness = Witness(folder, FileClock(clock) if clock else SystemClock())
    if witness.key.name != name:
        raise MusterRollError(
            "witness.other-key",
            f"This folder holds the key of {witness.key.name}.",
            where=str(folder / "key"),
            remedy="Name that witness, or choose another folder.",
        )
    pages = type("Pages", (Pages,), {"witness": witness, "banner": "DEMONSTRATION\n" if clock else ""})
    with _alone(folder), _bound(port, pages) as server:
        click.echo(f"{'DEMONSTRATION ' if clock else ''}witness {name} listens on {server.server_address[1]}", err=True)
        if until_eof:
            # A demonstration holds the other end: however it ends, this process ends with it.
            threading.Thread(target=_shut_at_eof, args=(server,), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


def _shut_at_eof(server: ThreadingHTTPServer) -> None:
    sys.stdin.read()
    server.shutdown()


def _bound(port: int, pages: type[Pages]) -> ThreadingHTTPServer:
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), pages)
    except OSError:
        raise MusterRollError(
            "port.taken",
            "Another program listens on this port.",
            where=f"127.0.0.1:{port}",
            remedy="Stop it, or choose another port.",
            exit_code=2,
        ) from None
    server.daemon_threads = True
    return server


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MusterRollError(
                "witness.busy",
                "A witness already runs on this folder.",
                where=str(folder),
                remedy="Stop it first. Two witnesses with one key could sign two different logs.",
                exit_code=2,
            ) from None
        yield


def _key(folder: Path) -> PrivateKey:
    path = folder / "key"
    try:
        return parse_skey(path.read_text().strip(), where=str(path))
    except FileNotFoundError:
        raise MusterRollError(
            "witness.no-key",
            "This folder holds no witness.",
            where=str(path),
            remedy="Make one with `muster witness key`.",
            exit_code=2,
        ) from None


def _logs(folder: Path) -> tuple[PublicKey, ...]:
    path = folder / "logs"
    lines = path.read_text().split() if path.exists() else []
    return tuple(parse_vkey(line, where=str(path)) for line in lines)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@click.group()
def witness() -> None:
    """A witness: it cosigns what the register's ledger says, if the ledger only grew."""


_FOLDER = click.option("--dir", "folder", required=True, type=click.Path(path_type=Path, file_okay=False))


def _named(context: click.Context, option: click.Parameter, name: str) -> str:  # noqa: ARG001 - click's signature
    if not is_key_name(name):
        raise click.BadParameter("a name has at least one character, no space and no plus, e.g. court.example/w1")
    return name


_NAME = click.option(
    "--name", required=True, callback=_named, help="The name in its signatures, e.g. court.example/w1."
)


@witness.command("key")
@_FOLDER
@_NAME
@click.option("--log", "logs", multiple=True, help="The vkey of a log to trust; may be given several times.")
def make_key(folder: Path, name: str, logs: tuple[str, ...]) -> None:
    """Make a witness's key, or trust one more log, and print the key to put into policies."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    seed = FileKeys(folder).secret("seed")
    trusted = tuple(parse_vkey(vkey, where="--log") for vkey in logs)
    click.echo(create(folder, name, seed=seed, logs=trusted).vkey)


@witness.command()
@_FOLDER
@_NAME
@click.option("--port", required=True, type=click.IntRange(0, 65535), help="On 127.0.0.1; 0 takes a free one.")
@click.option("--clock", type=click.Path(path_type=Path, dir_okay=False), help="The demonstration's clock file.")
@click.option("--until-eof", is_flag=True, help="End when standard input is closed.")
def serve(folder: Path, name: str, port: int, clock: Path | None, until_eof: bool) -> None:
    """Serve until Ctrl-C. Put a web server with TLS in front to let others reach it."""
    serve_folder(folder, name, port, clock, until_eof=until_eof)


if __name__ == "__main__":
    try:
        witness(standalone_mode=True)
    except MusterRollError as problem:
        click.echo(f"muster: {problem}", err=True)
        sys.exit(problem.exit_code)
