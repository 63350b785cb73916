"""A whole country's draw: 25 million people committed to, put under one root, ranked; seconds and memory of each step.

`python -m benchmarks.draw_national [--people 25000000] [--folder DIR]` writes benchmarks/results/draw_national.json.
With `--folder` the bundle is written as well, so that it can be checked by the verifiers.

| figure | what | goal |
|---|---|---|
| memory | peak bytes a person from the list on, beyond what Python itself takes | at most 100 |
| root | leaves under the root a CPU second x 3 / compressions of SHA-256 over long blocks, same run | at least 0.07 |
| ranking | keys and sorting / keys alone, people a CPU second | at least 0.5 |
"""

import argparse
import hashlib
import json
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from benchmarks.ratio import RESULTS
from tests.published import DRAW_ROUND, ROUNDS, SYMBOLS, terms

from musterroll import dates
from musterroll.draw import entrant, seed
from musterroll.draw.order import Order
from musterroll.engine import bundle, draw_cohort, draw_numpy
from musterroll.engine.draw_cohort import LargeCohort

DRAW = "xx-2027-a"
FIRST_YEAR, YEARS = 2000, 8
BLOCK = 1 << 20


def invented(count: int) -> Iterator[tuple[bytes, bytes]]:
    """Salt and record of so many people; one year of birth after another, as the strata are."""
    for i in range(count):
        year = FIRST_YEAR + i % YEARS
        born, stratum = f"{year}-{1 + i // YEARS % 12:02}-{1 + i // 100 % 28:02}", f"born-{year}"
        record = f'{{"born":"{born}","draw":"{DRAW}","person":"XX{i:010}","stratum":"{stratum}"}}'
        yield hashlib.sha256(i.to_bytes(8, "big")).digest(), record.encode()


def check_records() -> None:
    """The records made here in bulk are those of the plain stage."""
    for _, record in invented(500):
        said = json.loads(record)
        born = dates.parse_day(said["born"])
        made = entrant.record(born=born, draw=DRAW, person=said["person"], stratum=said["stratum"])
        if made != record:
            raise AssertionError(f"{made!r} is not {record!r}")


def peak() -> int:
    """The most memory that this process has held, in bytes. (What `getrusage` says includes its parent's.)"""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def resident() -> int:
    """The memory that this process holds now, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


class Steps:
    """CPU seconds, wall seconds and peak memory of one step after another."""

    def __init__(self, count: int) -> None:
        self.count, self.base = count, resident()
        self.rows: list[dict[str, object]] = []

    def take[T](self, name: str, action: Callable[[], T]) -> T:
        cpu, wall = time.process_time(), time.perf_counter()
        made = action()
        used = time.process_time() - cpu
        row = {
            "step": name,
            "cpu_seconds": round(used, 2),
            "wall_seconds": round(time.perf_counter() - wall, 2),
            "peak_bytes_a_person": round((peak() - self.base) / self.count, 1),
        }
        self.rows.append(row)
        print(row, flush=True)
        return made

    def seconds(self, name: str) -> float:
        return next(float(str(row["cpu_seconds"])) for row in self.rows if row["step"] == name)


def limit() -> float:
    """Compressions of SHA-256 a CPU second over long blocks."""
    block, start = bytes(BLOCK), time.process_time()
    for _ in range(200):
        hashlib.sha256(block).digest()
    return 200 * BLOCK / 64 / (time.process_time() - start)


def listed(steps: Steps, count: int) -> LargeCohort:
    """The list of `count` invented people."""
    strata = np.resize(np.arange(YEARS, dtype=np.uint16), count)
    ids = tuple(f"born-{FIRST_YEAR + i}" for i in range(YEARS))
    commitments = steps.take("records and commitments", lambda: draw_cohort.commit_all(invented(count), count))
    return steps.take("the list, sorted", lambda: LargeCohort.of(strata, commitments, ids))


def memory(count: int) -> float:
    """Peak bytes a person of list, root and ranking."""
    steps = Steps(count)
    cohort = listed(steps, count)
    steps.take("the root", lambda: cohort.root)
    steps.take("keys and order", lambda: draw_numpy.rank(cohort, bytes(32)))
    return (peak() - steps.base) / count


def main(count: int, folder: Path | None) -> None:
    check_records()
    steps, most = Steps(count), limit()
    cohort = listed(steps, count)
    steps.take("the root", lambda: cohort.root)
    manifest = terms(cohort, total=count // 20).encode()  # type: ignore[arg-type]  # figures are all it reads
    signature = ROUNDS[DRAW_ROUND]
    values = [seed.drand_value(signature), SYMBOLS.encode()]
    drawn = seed.derive(manifest, values)
    steps.take("keys alone", lambda: [draw_numpy.prefixes(rows, drawn) for rows in cohort.commitments()] and None)
    ranked = steps.take("keys and order", lambda: draw_numpy.rank(cohort, drawn))
    order = Order(hashlib.sha256(manifest).hexdigest(), drawn, ranked)
    digest = steps.take("SHA-256 of the order", lambda: order.digest)
    ratios = {
        "memory_bytes_a_person": round((peak() - steps.base) / count, 1),
        "root": round(3 * count / steps.seconds("the root") / most, 4),
        "ranking": round(steps.seconds("keys alone") / steps.seconds("keys and order"), 4),
        "keys": round(count / steps.seconds("keys alone") / most, 4),
        "sha256_limit": round(most),
    }
    if folder is not None:
        made = bundle.Bundle(manifest, cohort.data, ceremony=SYMBOLS, beacon=signature, order=order)
        steps.take("the bundle, with tiles and fairness", lambda: bundle.write(folder, made))
    result = {"people": count, "order_sha256": digest, "ratios": ratios, "steps": steps.rows}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "draw_national.json").write_text(json.dumps(result, indent=1) + "\n")
    print(ratios)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=25_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--memory-only", action="store_true", help="print the peak of list, root and ranking last")
    given = parser.parse_args()
    if given.memory_only:
        print(round(memory(given.people), 1))
    else:
        main(given.people, given.folder)
