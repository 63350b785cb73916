"""What the outbox costs an act, and how far the sequencer is ahead of the acts: goals P6 and P7, both sides in one run.

Sixteen clients commit to a PostgreSQL that waits for its disk. *Without*: the statements of the smallest real act (a
one-time code: the person's row is locked, the codes given so far are counted, the code's row is written). *With*: those
and what `register.acts.writing` adds: the last entry about that person is read, the payload sealed, the entry written
into the register's own outbox. Rounds of both take turns, so that a neighbour's load falls on both.
"""

import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg

from musterroll.entry import chain, codec, seal
from musterroll.entry.kind import Act
from musterroll.register import home, sequencer
from musterroll.register.clock import SetClock

AT = 1_790_326_800
CLIENTS = 16
KP = b"k" * 32
ACT = "INSERT INTO bench_act (person, at, outcome) VALUES (%s, %s, %s)"
KEY = "SELECT kp FROM register_personkey WHERE person = %s FOR UPDATE"
COUNT = "SELECT count(*) FROM bench_act WHERE person = %s"
LAST = "SELECT n, commitment FROM register_entry WHERE person = %s ORDER BY n DESC LIMIT 1"
ENTRY = (
    "INSERT INTO register_entry (uuid, kind, at, entry, person, n, act, commitment, payload) "
    "VALUES (%s, 'act', %s, %s, %s, %s, %s, %s, %s)"
)


@contextmanager
def opened() -> Iterator[str]:
    """A fictional home with its own PostgreSQL; the address of its database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home"
        home.create(path, home.Founding(fictional=True, origin="bench.example/ledger/2026", seed="benchmark"))
        with home.open(path, clock=SetClock(AT)) as made:
            with psycopg.connect(made.server.url, autocommit=True) as connection:
                connection.execute("CREATE TABLE bench_act (id bigserial, person bigint, at bigint, outcome text)")
                connection.execute("CREATE INDEX ON bench_act (person)")
                with connection.cursor() as cursor:
                    cursor.executemany(
                        "INSERT INTO register_personkey (person, kp) VALUES (%s, %s)", [(n, KP) for n in range(CLIENTS)]
                    )
            yield made.server.url


def without(connection: psycopg.Connection, person: int) -> None:
    """The act alone."""
    with connection.transaction():
        connection.execute(KEY, (person,))
        connection.execute(COUNT, (person,))
        connection.execute(ACT, (person, AT, "granted"))


def with_entry(connection: psycopg.Connection, person: int) -> None:
    """The act and its entry, in one transaction."""
    with connection.transaction():
        ((kp,),) = connection.execute(KEY, (person,)).fetchall()
        connection.execute(COUNT, (person,))
        last = connection.execute(LAST, (person,)).fetchone()
        head = chain.Head() if last is None else chain.Head(last[0], bytes(last[1]))
        payload = chain.Payload(Act.ACCESS_GRANTED, AT, "person", "adaadaadaadaadaa", head).encode()
        number = uuid.uuid5(uuid.NAMESPACE_OID, f"{person}/{head.n}")
        salt = seal.salt(bytes(kp), number)
        connection.execute(ACT, (person, AT, "granted"))
        connection.execute(
            ENTRY,
            (
                number, AT, codec.act(payload, salt, AT), person, head.n + 1, Act.ACCESS_GRANTED.value,
                seal.commitment(salt, payload), payload,
            ),
        )  # fmt: skip


def rate(url: str, action: Callable[[psycopg.Connection, int], None], acts: int) -> float:
    """Acts a second of all clients together."""

    def client(person: int) -> None:
        with psycopg.connect(url) as connection:
            for _ in range(acts):
                action(connection, person)

    with ThreadPoolExecutor(CLIENTS) as pool:
        begun = time.perf_counter()
        list(pool.map(client, range(CLIENTS)))
        return CLIENTS * acts / (time.perf_counter() - begun)


def measure(small: bool) -> dict[str, float]:
    """Acts a second without and with their entries, and entries a second that the sequencer puts into the log."""
    acts, rounds, backlog = (5, 2, 2_000) if small else (40, 5, 50_000)
    with opened() as url:
        for action in (without, with_entry):
            rate(url, action, 2)  # the first ones fill caches
        bare, whole = [], []
        for _ in range(rounds):
            bare.append(rate(url, without, acts))
            whole.append(rate(url, with_entry, acts))
        _fill(url, backlog)
        begun = time.perf_counter()
        size = sequencer.sequence().size
        sequenced = size / (time.perf_counter() - begun)
        return {
            "without": statistics.median(bare),
            "with": statistics.median(whole),
            "ratio": statistics.median(one / other for one, other in zip(whole, bare, strict=True)),
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
