"""A witness as its own process, and the register's side of the conversation, over HTTP on loopback."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from musterroll.cli.witness import Witness as Keeper
from musterroll.cli.witness import create, serve_folder
from musterroll.cli.witness import witness as witness_command
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, cosignature, note
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.log import grow
from musterroll.ledger.note import COSIGNATURE, ED25519, Note, PrivateKey, parse_vkey
from musterroll.ledger.policy import Witness
from musterroll.ledger.proof import consistency
from musterroll.ledger.tile import TileReader
from musterroll.register.clock import SetClock
from musterroll.register.witnesses import ask, collect

LOG = PrivateKey("demo.register.example/ledger/2026", ED25519, b"L" * 32)
NAME = "court.example/w1"
AT = 1_780_000_000  # 2026-05-28T20:26:40Z


def no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


class Register:
    """A log of which every size can be signed and proved, and a second history for the same name."""

    def __init__(self, prefix: bytes = b"entry ") -> None:
        self.files = {}
        size = 0
        for end in (3, 5, 300):
            growth = grow(size, [prefix + b"%d" % i for i in range(size, end)], self.read)
            self.files.update(growth.files)
            size = end

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def signed(self, size: int, key: PrivateKey = LOG) -> Note:
        return checkpoint.sign(Checkpoint(key.name, size, TileReader(size, self.read).root()), key)

    def prove(self, size: int):
        return lambda old: consistency(old, size, TileReader(size, self.read).subtree)


@dataclass
class Running:
    process: subprocess.Popen
    witness: Witness
    folder: Path
    clock: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder: Path, clock: Path, port: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "musterroll.cli.witness", "serve", "--dir", str(folder), "--name", NAME]
    with (folder / "stderr").open("ab") as log:
        process = subprocess.Popen([*command, "--port", str(port), "--clock", str(clock)], stderr=log)
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1) as answer:
                assert answer.read().startswith(b"DEMONSTRATION\ncourt.example/w1+")
                return process
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError((folder / "stderr").read_text())


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    folder, clock, port = tmp_path / "w1", tmp_path / "clock", free_port()
    key = create(folder, NAME, seed=b"W" * 32, logs=(LOG.public_key,))
    clock.write_text("2026-05-28T20:26:40Z\n")
    running = Running(start(folder, clock, port), Witness("court", key, f"http://127.0.0.1:{port}"), folder, clock)
    yield running
    running.process.kill()
    running.process.wait()


def code_of(action, *arguments, **named) -> str:
    with pytest.raises(MusterRollError) as caught:
        action(*arguments, **named)
    return caught.value.code


def asked(register: Register, running: Running, size: int, last: int = 0):
    return ask(register.signed(size), running.witness, register.prove(size), last=last, timeout=5)


def test_a_witness_cosigns_a_log_that_grows_and_remembers_it_when_killed(running):
    register = Register()
    line = asked(register, running, 3)
    assert cosignature.times(register.signed(3).plus(line), [running.witness.key]) == {running.witness.key: AT}
    running.process.kill()
    running.process.wait()
    running.clock.write_text("2026-05-28T20:27:40Z\n")
    running.process = start(running.folder, running.clock, int(running.witness.url.rsplit(":", 1)[1]))
    # The register thinks the witness saw nothing: it is told 3, and proves from there.
    line = asked(register, running, 300)
    assert cosignature.times(register.signed(300).plus(line), [running.witness.key]) == {running.witness.key: AT + 60}
    assert asked(register, running, 300, last=300) == line
    assert "DEMONSTRATION POST /add-checkpoint 200" in (running.folder / "stderr").read_text()


def test_what_a_witness_saw_is_published_with_both_signatures(running):
    register = Register()
    address = f"{running.witness.url}/{sha256(LOG.name.encode()).hexdigest()}/checkpoint"
    with pytest.raises(urllib.error.HTTPError, match="404") as missing:
        urllib.request.urlopen(address, timeout=5)
    missing.value.close()
    asked(register, running, 5)
    with urllib.request.urlopen(address, timeout=5) as answer:
        published = note.decode(answer.read())
    assert checkpoint.open(published.encode(), LOG.public_key).size == 5
    assert cosignature.times(published, [running.witness.key])
    for path in ("/elsewhere", "/../key/checkpoint", "/key"):
        with pytest.raises(urllib.error.HTTPError, match="404") as missing:
            urllib.request.urlopen(running.witness.url + path, timeout=5)
        missing.value.close()


def test_a_witness_that_has_seen_more_stops_a_register_on_an_old_backup(running):
    register = Register()
    asked(register, running, 300)
    assert code_of(asked, register, running, 5, last=300) == "witness.ahead"
    with pytest.raises(MusterRollError, match="old copy of its database"):
        collect(register.signed(5), [running.witness], register.prove(5))


def test_a_witness_that_has_seen_another_history_conflicts(running):
    asked(Register(), running, 5)
    other = Register(b"another ")
    collected = collect(other.signed(300), [running.witness], other.prove(300), last={"court": 5})
    assert [problem.code for problem in collected.refused] == ["witness.conflict"]
    assert collected.signatures == ()
    assert code_of(asked, other, running, 5, last=5) == "witness.conflict"


def test_a_log_that_the_witness_does_not_trust_is_refused(running):
    register = Register()
    stranger = PrivateKey("stranger.example", ED25519, b"S" * 32)
    forged = PrivateKey(LOG.name, ED25519, b"F" * 32)
    for key in (stranger, forged):
        assert (
            code_of(ask, register.signed(3, key), running.witness, register.prove(3), last=0, timeout=5)
            == "witness.refused"
        )


def test_a_witness_that_is_down_is_named_and_the_others_are_still_asked(running):
    register = Register()
    down = Witness("paper", PrivateKey("paper.example", COSIGNATURE, b"P" * 32).public_key, "http://127.0.0.1:9")
    nowhere = Witness("nowhere", PrivateKey("no.example", COSIGNATURE, b"N" * 32).public_key)
    collected = collect(register.signed(3), [down, nowhere, running.witness], register.prove(3), timeout=5)
    assert [problem.code for problem in collected.refused] == ["witness.down", "witness.down"]
    assert "The witness paper did not answer" in str(collected.refused[0])
    assert [line.name for line in collected.signatures] == [NAME]


def test_requests_that_are_no_requests_are_refused(running):
    for path, body, status in (
        ("/add-checkpoint", b"nonsense", 400),
        ("/elsewhere", b"", 404),
        ("/add-checkpoint", b"x" * 65_537, 400),
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(running.witness.url + path, data=body), timeout=5)
        assert refused.value.code == status
        refused.value.close()


def test_a_second_witness_on_one_folder_or_port_does_not_start(running, tmp_path):
    assert code_of(serve_folder, running.folder, NAME, 0, running.clock) == "witness.busy"
    create(tmp_path / "w2", NAME, seed=b"X" * 32)
    port = int(running.witness.url.rsplit(":", 1)[1])
    assert code_of(serve_folder, tmp_path / "w2", NAME, port, running.clock) == "port.taken"


def test_a_witness_of_a_demonstration_ends_with_it(tmp_path):
    create(tmp_path / "w", NAME, seed=b"W" * 32)
    (tmp_path / "clock").write_text("2026-05-28T20:26:40Z\n")
    command = [sys.executable, "-m", "musterroll.cli.witness", "serve", "--dir", str(tmp_path / "w"), "--name", NAME]
    with subprocess.Popen(
        [*command, "--port", "0", "--clock", str(tmp_path / "clock"), "--until-eof"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert "DEMONSTRATION witness court.example/w1 listens on" in process.stderr.readline()
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_a_witness_keeps_its_key_and_its_folder_to_others_closed(tmp_path):
    folder = tmp_path / "w"
    assert code_of(serve_folder, folder, NAME, 0, None) == "witness.no-key"
    key = create(folder, NAME, seed=b"W" * 32)
    assert create(folder, NAME, seed=b"W" * 32, logs=(LOG.public_key,)) == key
    assert code_of(create, folder, NAME, seed=b"V" * 32) == "witness.other-key"
    assert code_of(serve_folder, folder, "another.example", 0, None) == "witness.other-key"
    assert (folder / "key").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_witness_is_made_from_the_command_line_and_again_it_is_the_same(tmp_path):
    runner = CliRunner()
    command = ["key", "--dir", str(tmp_path / "w"), "--name", NAME, "--log", LOG.public_key.vkey]
    made = runner.invoke(witness_command, command)
    assert made.exit_code == 0
    assert runner.invoke(witness_command, command).output == made.output
    assert parse_vkey(made.output.strip()).name == NAME
    assert (tmp_path / "w" / "logs").read_text() == f"{LOG.public_key.vkey}\n"
    refused = runner.invoke(witness_command, ["key", "--dir", str(tmp_path / "v"), "--name", "a name"])
    assert refused.exit_code == 2
    assert "no space and no plus" in refused.output


def test_a_crash_before_the_answer_leaves_the_witness_ready_to_give_it_again(tmp_path):
    create(tmp_path / "w", NAME, seed=b"W" * 32, logs=(LOG.public_key,))
    register = Register()
    body = b"old 0\n\n" + register.signed(3).encode()
    first = Keeper(tmp_path / "w", SetClock(AT)).add_checkpoint(body)
    again = Keeper(tmp_path / "w", SetClock(AT)).add_checkpoint(body)
    assert (first.status, again.status, again.body) == (200, 409, b"3\n")


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [
        (200, b"not a signature\n", "witness.answer"),
        (200, "— another.example AAAAAAAA\n".encode(), "witness.answer"),
        (200, b"\xff", "witness.answer"),
        (409, b"many\n", "witness.answer"),
        (500, b"out of order", "witness.refused"),
    ],
)
def test_nonsense_from_a_witness_is_not_a_cosignature(status, answer, code):
    class Broken(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Broken) as server:
        Thread(target=server.handle_request, daemon=True).start()
        key = PrivateKey(NAME, COSIGNATURE, b"W" * 32).public_key
        witness = Witness("court", key, f"http://127.0.0.1:{server.server_address[1]}")
        register = Register()
        assert code_of(ask, register.signed(3), witness, register.prove(3), last=0, timeout=5) == code
