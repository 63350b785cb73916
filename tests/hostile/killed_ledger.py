"""Sixteen writers and a sequencer, killed again and again: `python -m tests.hostile.killed_ledger --acts 1000000`.

Each writer is a process that does real acts (a person asks for a one-time code: its row, and its entry in the outbox)
about people whom the others write about as well; the sequencer is `muster ledger run`, which integrates, publishes and
has checkpoints cosigned while they write. A year ends in the middle. Writers and the sequencer are killed at random
moments and started again. In the end every act is checked:

1. every act that was acknowledged is there; every act has exactly one entry, every entry exactly one act;
2. every entry has one place in the log; places have no gap and no entry stands twice;
3. every payload opens its entry, and the acts about each person count 1, 2, 3 ... and hang together;
4. the published files, read by a monitor that has never seen them, hold exactly those entries, year by year.
"""

import argparse
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import psycopg
from tests.registerhome import Cluster, Witnesses

from musterroll import dates
from musterroll.cli import ledger_care
from musterroll.entry import chain, codec, monitor, seal
from musterroll.entry.seen import Seen
from musterroll.errors import MusterRollError
from musterroll.ledger import policy, tile
from musterroll.register import home as homes
from musterroll.register.clock import SetClock

ORIGIN = "stress.example/ledger/2026"
BEGIN = dates.parse_instant("2026-12-31T23:59:00Z")
PRELOADED = ["musterroll.register.acts.access", "musterroll.cli.ledger_care", "tests.registerhome"]
PEOPLE = 2_000
LINE = 13
"""Bytes of a line in which a writer says that an act is done."""


@dataclass(frozen=True)
class Result:
    """What was done, in counts, and how fast."""

    acts: int
    killed_writers: int
    killed_sequencers: int
    seconds: float
    entries: int
    people: int
    checkpoints: int
    years: int


def write(folder: Path, url: str, number: int, acts: int, people: int, done: Path) -> None:
    """One writer: does `acts` acts; the entry's number is in `done` once the act is committed."""
    os.environ["DATABASE_URL"] = url
    pick = random.Random(f"{number} {os.getpid()}")
    with homes.attach(folder) as opened, done.open("ab", buffering=0) as told:
        from musterroll.register.actor import Actor
        from musterroll.register.acts import access, writing

        made: list[int] = []
        personal = writing.personal

        def noted(*arguments: Any, **named: Any) -> Any:
            entry = personal(*arguments, **named)
            made.append(entry.pk)
            return entry

        writing.personal = noted
        for _ in range(acts):
            access.give_code(by=Actor.person(pick.randrange(people)), at=opened.clock.now())
            told.write(f"{made.pop():0{LINE - 1}}\n".encode())


def child(action: Callable[..., None], *arguments: Any) -> multiprocessing.Process:
    """A process that was forked where nothing but modules is loaded."""
    made = multiprocessing.get_context("forkserver").Process(target=action, args=arguments)
    made.start()
    return made


def sequencer(folder: Path, url: str) -> None:
    """`muster ledger run` on that home, at a quick pace."""
    os.environ["DATABASE_URL"] = url
    pace = ["--integrate", "0.1", "--publish", "0.5", "--anchor", "1e9"]
    sys.stdout = sys.stderr = (folder / "sequencer.txt").open("a")
    ledger_care.run(["--home", str(folder), *pace], standalone_mode=False)


def stress(
    cluster: Cluster, *, acts: int, writers: int, kills: int, people: int = PEOPLE, seed: int = 1, say=lambda text: None
) -> Result:
    """Do it, check it, and say what was done. Raises AssertionError where something is missing, double or false."""
    database, folder = cluster.fresh(None)
    url = cluster.url(database)
    os.environ["DATABASE_URL"] = url
    homes.create(folder, homes.Founding(fictional=True, origin=ORIGIN, seed="stress"))
    clock, when = SetClock(BEGIN), folder / "clock"
    when.write_text(f"{dates.format_instant(BEGIN)}\n")
    witnesses = Witnesses(clock)
    try:
        with homes.open(folder) as opened:
            from musterroll.register import log

            opened.policy.write_bytes(witnesses.policy(*log.public_keys()).encode())
        took = _run(folder, url, clock, when, acts, writers, kills, people, random.Random(seed), say)
        with homes.open(folder) as opened:
            from musterroll.register import log
            from musterroll.register.actor import Actor

            log.publish(by=Actor.program("stress"), at=clock.at + 60)
            return _check(opened, took, people)
    finally:
        witnesses.close()


def _run(folder, url, clock, when, acts, writers, kills, people, pick, say) -> tuple[int, int, float, Path]:
    done = [folder / f"done-{n}" for n in range(writers)]
    share = [acts // writers + (n < acts % writers) for n in range(writers)]
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)

    def start(n: int) -> multiprocessing.Process:
        left = share[n] - _lines(done[n])
        return child(write, folder, url, n, max(0, left), people, done[n])

    begun = time.monotonic()
    running = {n: start(n) for n in range(writers)}
    keeper, killed, beheaded = child(sequencer, folder, url), 0, 0
    moments = sorted(pick.random() * 0.95 for _ in range(kills))
    try:
        while running:
            time.sleep(0.05)
            clock.at += 1
            aside = when.with_name("clock.new")
            aside.write_text(f"{dates.format_instant(clock.at)}\n")
            aside.replace(when)
            for n, process in list(running.items()):
                if process.is_alive():
                    continue
                if _lines(done[n]) >= share[n]:
                    del running[n]
                elif process.exitcode not in (0, -signal.SIGKILL):
                    raise AssertionError(f"writer {n} ended with {process.exitcode}")
                else:
                    running[n] = start(n)
            if not keeper.is_alive():
                assert keeper.exitcode == -signal.SIGKILL, (folder / "sequencer.txt").read_text()[-2_000:]
                keeper = child(sequencer, folder, url)
            progress = sum(map(_lines, done)) / acts
            while moments and progress >= moments[0] and running:
                moments.pop(0)
                if (killed + beheaded) % 3 == 2:
                    keeper.kill()
                    beheaded += 1
                else:
                    os.kill(running[pick.choice(sorted(running))].pid, signal.SIGKILL)
                    killed += 1
                say(f"{progress:.0%}: {killed} writers and {beheaded} sequencers killed")
        return killed, beheaded, time.monotonic() - begun, folder
    finally:
        keeper.kill()
        for process in running.values():
            process.kill()


def _lines(path: Path) -> int:
    """Whole lines; a kill may leave a last one half-written."""
    return path.stat().st_size // LINE if path.exists() else 0


def _check(opened: homes.Home, took: tuple[int, int, float, Path], people: int) -> Result:
    from musterroll.register import shards
    from musterroll.register.acts.writing import ref_of
    from musterroll.register.models import Entry, Head, Leaf, PersonKey, PresenceCode, PublishedCheckpoint

    killed, beheaded, seconds, folder = took
    codes = list(PresenceCode.objects.order_by("id").values_list("person", "entry_id"))
    entries = dict(Entry.objects.values_list("id", "person"))
    of_acts = {entry for _, entry in codes}
    assert len(of_acts) == len(codes), "two acts with one entry"
    assert all(entries[entry] == person for person, entry in codes), "an act with somebody else's entry"
    assert {number for number, person in entries.items() if person is not None} == of_acts, "an entry without its act"
    told = {int(line) for path in folder.glob("done-*") for line in path.read_bytes().split(b"\n")[:-1]}
    assert told <= of_acts, "an act that was acknowledged is not there"
    leaves = list(Leaf.objects.order_by("index").values_list("index", "entry_id"))
    assert [index for index, _ in leaves] == list(range(len(leaves))), "a gap in the log"
    assert {entry for _, entry in leaves} == set(entries), "an entry without its place"
    assert len({entry for _, entry in leaves}) == len(leaves), "an entry with two places"
    heads = list(Head.objects.order_by("size").values_list("previous", "size"))
    assert all(a[1] == b[0] for a, b in pairwise(heads)), "a head that goes on from another"
    keys = dict(PersonKey.objects.values_list("person", "kp"))
    rows = Entry.objects.filter(person__isnull=False).order_by("person", "n")
    found = rows.values_list("person", "n", "uuid", "entry", "commitment", "payload").iterator(chunk_size=10_000)
    for person, acts in groupby(found, key=lambda row: row[0]):
        head = chain.Head()
        for _, n, uuid, entry, commitment, payload in acts:
            said = codec.decode(bytes(entry))
            assert isinstance(said, codec.ActEntry)
            assert said.commitment == bytes(commitment)
            seal.check(said.commitment, seal.salt(bytes(keys[person]), uuid), bytes(payload))
            head = chain.check(ref_of(person), [(bytes(payload), bytes(commitment))], after=head)
            assert head.n == n
    logs: dict[str, Seen] = {}
    terms = policy.decode(opened.policy.read_bytes())
    for shard in shards.every():
        read = tile.read_from(shard.folder)
        followed = monitor.follow(read, terms, None, named=monitor.named_keys(logs), tolerance=10**7)
        assert followed.findings == (), [str(one.problem) for one in followed.findings]
        assert followed.seen is not None
        logs[shard.origin] = followed.seen
        reader = tile.TileReader(followed.new, read)
        mine = Leaf.objects.filter(index__gte=shard.start, index__lt=shard.start + followed.new).order_by("index")
        kept = mine.values_list("index", "entry__entry").iterator(chunk_size=10_000)
        assert all(reader.entry(index - shard.start) == bytes(entry) for index, entry in kept)
    assert [str(one.problem) for one in monitor.check_years(logs)] == []
    assert sum(seen.checkpoint.size for seen in logs.values()) == len(leaves)
    return Result(
        acts=len(codes),
        killed_writers=killed,
        killed_sequencers=beheaded,
        seconds=seconds,
        entries=len(leaves),
        people=len(keys),
        checkpoints=PublishedCheckpoint.objects.count(),
        years=len(logs),
    )


def main() -> None:
    """Run it whole and print what was done."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--acts", type=int, default=1_000_000)
    asked.add_argument("--writers", type=int, default=16)
    asked.add_argument("--kills", type=int, default=50)
    asked.add_argument("--people", type=int, default=PEOPLE)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--durable", action="store_true", help="Every commit waits for the disk.")
    given = asked.parse_args()
    cluster = Cluster()
    try:
        if given.durable:
            with psycopg.connect(cluster.server.url, autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = on")
                connection.execute("SELECT pg_reload_conf()")
        result = stress(
            cluster,
            acts=given.acts,
            writers=given.writers,
            kills=given.kills,
            people=given.people,
            seed=given.seed,
            say=lambda text: print(text, flush=True),
        )
        print(result)
        print(f"{result.acts / result.seconds:.0f} acts a second; every act checked: no gap, none double, none missing")
    except (AssertionError, MusterRollError) as problem:
        sys.exit(f"WRONG {problem}")
    finally:
        cluster.server.stop()


if __name__ == "__main__":
    main()
