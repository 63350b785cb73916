"""Nights killed with kill -9 at random points and started again: `python -m tests.hostile.killed_nights --points 200`.

A night takes in a day's deliveries over a roll of an earlier night, in a process of its own, and is killed after a
random part of the time that it takes; then it is started again, and half of them are killed once more. In the end the
snapshot, which names every object by the digest of its bytes, must be the one of a night that nobody killed, every
object that it names must be whole, and nothing may be left that is not named.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.nights import Hamlet, store, terms

from musterroll.engine import night, night_compared
from musterroll.engine.crew import Crew
from musterroll.engine.night_work import Work

PRELOADED = ["musterroll.engine.night", "musterroll.engine.extract_stage", "tests.nights", "polars", "splink"]
BUCKETS = 2
SEED = 11


def one_night(folder: Path, second: bool, told: Path) -> None:
    """Run the first or the second night in `folder`; the snapshot's digest is written into `told`."""
    kept, hamlet = store(folder), Hamlet(SEED, folder / "staged")
    first = hamlet.tonight(("civil", "dwelling", "pay"), 1)
    parent, tonight, number = None, first, 0
    if second:
        parent = kept.get_snapshot((folder / "first").read_text())
        for event in ("dies", "moves", "enlists", "child", "leaves", "renamed"):
            hamlet.happens(event)
        tonight, number = hamlet.tonight(("civil", "dwelling", "pay"), 10), 1
    work = Work(folder / "roll" / "work", BUCKETS)
    on = terms(hamlet.day, number, BUCKETS)
    made = night.run(kept, parent, tonight, on, work=work)
    night_compared.keep(kept, parent, made.snapshot, on.sources, work, Crew())
    work.remove()
    told.write_text(made.snapshot.digest)


def child(action: Callable[..., None], *arguments: Any) -> multiprocessing.Process:
    """A process that was forked where nothing but modules is loaded."""
    made = multiprocessing.get_context("forkserver").Process(target=action, args=arguments)
    made.start()
    return made


def finished(action: Callable[..., None], *arguments: Any) -> float:
    """Run to the end; the seconds that it took."""
    begun = time.monotonic()
    made = child(action, *arguments)
    made.join()
    if made.exitcode:
        raise SystemExit(f"a night that nobody killed ended with {made.exitcode}")
    return time.monotonic() - begun


def left_over(folder: Path, digest: str) -> list[str]:
    """What is wrong in a roll after the night: objects that are damaged, or files that no snapshot names."""
    kept = store(folder)
    for refs in kept.get_snapshot(digest).tables.values():
        for ref in refs:
            kept.open(ref)
    swept = kept.sweep([digest, (folder / "first").read_text()])
    parts = [str(path) for path in (folder / "roll").rglob("*.unfinished")]
    frames = sorted((path.parent.name, path.name) for path in (folder / "roll").glob("beside/*/*"))
    work = folder / "roll" / "work"
    return [
        *parts,
        *(["work folder"] if work.exists() else []),
        *([] if frames == [(digest, f"compared-{bucket:04}") for bucket in range(BUCKETS)] else ["frames kept"]),
        *(name for name in swept if not name.endswith(".part")),
    ]


def main(points: int, seed: int = 0) -> int:
    """Kill a night at `points` random points; the number of rolls that came out otherwise."""
    multiprocessing.get_context("forkserver")
    multiprocessing.set_forkserver_preload(PRELOADED)
    chance, wrong, killed = random.Random(seed), 0, 0
    with tempfile.TemporaryDirectory() as place:
        before, whole = Path(place) / "before", Path(place) / "whole"
        before.mkdir()
        finished(one_night, before, False, before / "first")
        shutil.copytree(before, whole)
        lasts = finished(one_night, whole, True, whole / "second")
        expected = (whole / "second").read_text()
        assert not left_over(whole, expected)
        while killed < points:
            folder = Path(place) / "try"
            shutil.copytree(before, folder)
            for _ in range(chance.choice((1, 2))):
                running = child(one_night, folder, True, folder / "second")
                time.sleep(chance.uniform(0, lasts * 1.05))
                if running.is_alive():
                    os.kill(running.pid or 0, signal.SIGKILL)
                    killed += 1
                running.join()
            finished(one_night, folder, True, folder / "second")
            same = (folder / "second").read_text() == expected
            rest = left_over(folder, expected) if same else ["another snapshot"]
            if rest:
                wrong += 1
                print(f"after {killed} kills: {rest}")
            shutil.rmtree(folder)
    print(f"{killed} kills, {wrong} rolls that came out otherwise; a night took {lasts:.1f} s")
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    raise SystemExit(1 if main(options.points, options.seed) else 0)
