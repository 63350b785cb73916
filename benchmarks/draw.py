"""How fast a draw is made, each beside what the machine could do at best, in one run.

`python -m benchmarks.draw [--small]` prints the ratios and writes benchmarks/results/draw.json. CPU seconds.

| ratio | both sides | goal |
|---|---|---|
| keys | draw keys, one compression each / compressions of SHA-256 over long blocks | at least 0.04 |
| root | leaves of the list under their root, three compressions each / the same limit | at least 0.07 |
| ranking | people put into order, keys and sorting / keys alone | at least 0.5 (sorting no dearer than the keys) |
| memory | bytes a person that list and ranking may take (100) / that they take, its own process | at least 1 |
"""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.ratio import row, tell
from tests.published import people

from musterroll.draw.commitment import Cohort
from musterroll.engine import draw_numpy
from musterroll.engine.draw_cohort import LargeCohort

BLOCK = 1 << 20
SEED = bytes(32)
MOST_BYTES = 100
COUNTRY = 1_000_000


def rate(action: Callable[[], object], count: int, times: int = 1) -> float:
    """How many things are done in one CPU second, when `action` does `count` of them."""
    start = time.process_time()
    for _ in range(times):
        action()
    return times * count / (time.process_time() - start)


def memory(size: int) -> float:
    """Peak bytes a person of list, root and ranking of `size` people, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.draw_national", "--people", str(size), "--memory-only"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return float(done.stdout.split()[-1])


def main(small: bool) -> None:
    size = 20_000 if small else 200_000
    entrants = people(size)
    cohort = Cohort.of(entrants)
    large = LargeCohort.read(cohort.data, cohort.strata)
    block = bytes(BLOCK)
    limit = rate(lambda: hashlib.sha256(block).digest(), BLOCK // 64, 200)
    keys = rate(lambda: [draw_numpy.prefixes(rows, SEED) for rows in large.commitments()], size, 3)
    ranking = rate(lambda: draw_numpy.rank(large, SEED), size, 3)
    leaves = rate(lambda: LargeCohort.read(cohort.data, cohort.strata).root, size, 3)
    tell(
        "draw",
        {"people": size},
        [
            row("keys", "draw keys a CPU second", keys, "SHA-256 limit", limit),
            row("root", "compressions under the root a CPU second", 3 * leaves, "SHA-256 limit", limit),
            row("ranking", "people ranked a CPU second", ranking, "the keys alone", keys),
            row(
                "memory",
                "bytes a person allowed",
                MOST_BYTES,
                "taken at the peak of list and ranking",
                memory(COUNTRY),
            ),
        ],
    )


if __name__ == "__main__":
    main("--small" in sys.argv)
