"""What the outbox costs an act, and how far the sequencer is ahead of the acts: goals P6 and P7, both sides in one run.

Sixteen processes do the smallest real act, as the register does it (`acts.access.give_code`: a person asks for a
one-time code), on a PostgreSQL that waits for its disk. *With*: the act as it is. *Without*: the same act whose entry
is neither made nor written (`acts.writing.personal` does nothing), and which locks the person's key, to count their
codes under the lock, without asking in the same journey where their acts end: that only the entry needs. Rounds of
both take turns, so that a neighbour's load falls on both.
"""

import multiprocessing
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import psycopg

from musterroll.entry import codec, seal
from musterroll.register import home, sequencer
from musterroll.register.clock import SetClock

AT = 1_790_326_800
CLIENTS = 16
WAYS = ("without", "with")
WARM_UP = 2
"""Acts of each client that fill caches and are not counted, either way."""


@contextmanager
def opened() -> Iterator[tuple[Path, str]]:
    """A fictional home with its own PostgreSQL, in which an act may stand without its entry: folder, database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home"
        home.create(path, home.Founding(fictional=True, origin="bench.example/ledger/2026", seed="benchmark"))
        with home.open(path, clock=SetClock(AT)) as made:
            with psycopg.connect(made.server.url, autocommit=True) as connection:
                connection.execute("ALTER TABLE register_presencecode ALTER COLUMN entry_id DROP NOT NULL")
            yield path, made.server.url


def client(folder: Path, person: int, acts: int, rounds: int, gate: Barrier) -> None:
    """One process: acts without and with their entries, in turns, all clients beginning and ending a turn together."""
    with home.attach(folder, clock=SetClock(AT)):
        from django.db import connection

        from musterroll.register.actor import Actor
        from musterroll.register.acts import access, writing

        by = Actor.person(person)

        def nothing(*_: Any, **__: Any) -> None:
            return None

        def locked(number: int) -> None:
            with connection.cursor() as cursor:
                cursor.execute(writing.LOCKED_KEY, [number])
                if cursor.fetchone() is None:
                    writing.keys_of([number])

        ways: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
            "without": (nothing, locked),
            "with": (writing.personal, writing.key_of),
        }
        for number, way in ((number, way) for number in range(rounds + 1) for way in WAYS):
            for name, does in zip(("personal", "key_of"), ways[way], strict=True):
                setattr(writing, name, does)
            gate.wait()
            for _ in range(acts if number else WARM_UP):
                access.give_code(by=by, at=AT)
            gate.wait()


def rates(folder: Path, acts: int, rounds: int) -> dict[str, list[float]]:
    """Acts a second of all clients together, round by round, of each way."""
    processes, found = multiprocessing.get_context("forkserver"), dict[str, list[float]]((way, []) for way in WAYS)
    processes.set_forkserver_preload(["musterroll.register.acts.access"])
    gate = processes.Barrier(CLIENTS + 1)
    clients = [
        processes.Process(target=client, args=(folder, person, acts, rounds, gate), daemon=True)
        for person in range(CLIENTS)
    ]
    for one in clients:
        one.start()
    for number, way in ((number, way) for number in range(rounds + 1) for way in WAYS):
        gate.wait(timeout=120)
        begun = time.perf_counter()
        gate.wait(timeout=600)
        if number:
            found[way].append(CLIENTS * acts / (time.perf_counter() - begun))
    for one in clients:
        one.join()
    return found


def measure(small: bool) -> dict[str, float]:
    """Acts a second without and with their entries, and entries a second that the sequencer puts into the log."""
    acts, rounds, backlog = (5, 2, 2_000) if small else (60, 7, 50_000)
    with opened() as (folder, url):
        found = rates(folder, acts, rounds)
        _fill(url, backlog)
        begun = time.perf_counter()
        size = sequencer.sequence().size
        sequenced = size / (time.perf_counter() - begun)
        return {
            "without": statistics.median(found["without"]),
            "with": statistics.median(found["with"]),
            "ratio": statistics.median(one / other for one, other in zip(found["with"], found["without"], strict=True)),
            "sequenced": sequenced,
        }


def _fill(url: str, count: int) -> None:
    """Opaque entries that wait."""
    rows = []
    for n in range(count):
        salt, payload = n.to_bytes(32, "big"), b"{}"
        rows.append((uuid.UUID(int=n + 1), AT, codec.act(payload, salt, AT), seal.commitment(salt, payload)))
    into = "COPY register_entry (uuid, kind, at, entry, commitment) FROM STDIN"
    with psycopg.connect(url) as connection, connection.cursor() as cursor, cursor.copy(into) as copy:
        for number, at, entry, committed in rows:
            copy.write_row((number, "act", at, entry, committed))
