"""Three demonstration witnesses: processes of their own, keys of their own, the demonstration's clock.

They stand for a court, a data-protection authority and a university. Nobody should believe witnesses that the register
starts itself; the pages say so. Each ends when the demonstration does, however that ends.
"""

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator

from musterroll.errors import MusterRollError
from musterroll.ledger import policy
from musterroll.ledger.note import COSIGNATURE, PrivateKey
from musterroll.register import log
from musterroll.register.files import write_whole
from musterroll.register.home import Home

NAMES = ("court.example", "data-protection.example", "university.example")
GROUP = "outside"


@contextlib.contextmanager
def running(home: Home) -> Iterator[None]:
    """The witnesses at work, and `trust/policy.txt` naming them: all three are the quorum."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        found = []
        for name in NAMES:
            process, port = _start(home, name)
            started.append(process)
            found.append(policy.Witness(name, _key(home, name).public_key, f"http://127.0.0.1:{port}"))
        pinned = policy.Policy(
            logs=(policy.Log(log.log_key().public_key),),
            witnesses=tuple(found),
            groups=(policy.Group(GROUP, len(NAMES), NAMES),),
            quorum=GROUP,
        )
        write_whole(home.policy, pinned.encode())
        yield
    finally:
        for process in started:
            with process:  # which closes our end of its input, and waits for it
                process.terminate()


def _key(home: Home, name: str) -> PrivateKey:
    return PrivateKey(name, COSIGNATURE, home.keys.secret(f"witness-{name}"))


def _start(home: Home, name: str) -> tuple[subprocess.Popen[bytes], int]:
    """The process, and the port it says it listens on."""
    folder = home.path / "witness" / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(folder / "key", f"{_key(home, name).skey}\n".encode())
    write_whole(folder / "logs", f"{log.log_key().public_key.vkey}\n".encode())
    command = [sys.executable, "-m", "musterroll.cli.witness", "serve", "--dir", str(folder), "--name", name]
    said = folder / "said.txt"
    with said.open("w") as told:
        process = subprocess.Popen(
            [*command, "--port", "0", "--clock", str(home.path / "clock"), "--until-eof"],
            stdin=subprocess.PIPE,
            stderr=told,
        )
    while process.poll() is None:
        listening = re.search(r"listens on (\d+)$", said.read_text(), re.MULTILINE)
        if listening is not None:
            return process, int(listening.group(1))
        time.sleep(0.05)
    raise MusterRollError(
        "witness.not-started",
        f"A demonstration witness did not start: {said.read_text().strip()}",
        where=name,
        remedy="Start the demonstration again; an earlier one may just be ending.",
        exit_code=2,
    )
