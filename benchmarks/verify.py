"""How dear checking a draw is beside making it, in one run: `python -m benchmarks.verify [--small]`.

Writes benchmarks/results/verify.json. CPU seconds; making and checking each in a process of its own. The bundle is
whole: list, tiles, order, figures, sums.

| ratio | both sides | goal |
|---|---|---|
| verify | people checked by the outsider's file / people made into a bundle, at two sizes | at least 1 |
| growth | seconds a person at the smaller size / at the ten times larger one | at least 0.8 |
| memory | bytes a person allowed (100) / taken, beyond what an empty run takes, at the larger size | at least 1 |
| beacon | rounds checked in plain Python / by the library | at least 0.004, and a second at most |
"""

import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.draw import rate
from benchmarks.draw_national import Steps, listed
from benchmarks.ratio import row, tell
from tests.published import DRAW_ROUND, ROUNDS, SYMBOLS, terms

from musterroll.draw import seed
from musterroll.draw.order import Order
from musterroll.engine import beacon, bundle, draw_numpy
from musterroll.verify import muster_verify

MOST_BYTES = 100
SIGNATURE = ROUNDS[DRAW_ROUND]


def make(count: int, folder: Path) -> None:
    """The bundle of `count` invented people."""
    cohort = listed(Steps(count), count)
    manifest = terms(cohort, total=count // 20).encode()  # type: ignore[arg-type]  # figures are all it reads
    values = [seed.drand_value(SIGNATURE), SYMBOLS.encode()]
    drawn = seed.derive(manifest, values)
    order = Order(muster_verify.sha256(manifest).hex(), drawn, draw_numpy.rank(cohort, drawn))
    bundle.write(folder, bundle.Bundle(manifest, cohort.data, ceremony=SYMBOLS, beacon=SIGNATURE, order=order))


def seconds(command: list[object], code: int) -> tuple[float, str]:
    """CPU seconds of a command that has to end with `code`, and what it said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != code:
        raise AssertionError(done.stdout + done.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def measured(count: int) -> tuple[float, float, float]:
    """CPU seconds of making and of checking a bundle of `count` people, and the checker's peak memory in bytes."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "draw"
        making, _ = seconds([sys.executable, "-m", "benchmarks.verify", "--make", count, folder], 0)
        checker = [sys.executable, "-I", folder / "verify.py", folder]
        checking, said = seconds(checker, muster_verify.TIME_NOT_SHOWN)
    return making, checking, float(re.findall(r"(\d+) MiB", said)[-1]) * 2**20


def main(small: bool) -> None:
    size = 10_000 if small else 100_000
    few, many = measured(size), measured(10 * size)
    _, _, empty = measured(1_000)
    group_key = bytes.fromhex(str(muster_verify.QUICKNET["group_key"]))
    own = rate(lambda: muster_verify.quicknet_signed(group_key, DRAW_ROUND, SIGNATURE), 1, 10)
    library = rate(lambda: beacon.signed(group_key, DRAW_ROUND, SIGNATURE), 1, 100)
    what = "people checked a CPU second"
    tell(
        "verify",
        {"people": size},
        [
            row("verify", what, size / few[1], "people made into a bundle", size / few[0]),
            row("verify x10", what, 10 * size / many[1], "people made into a bundle", 10 * size / many[0]),
            row("growth", f"{what}, ten times as many", 10 * size / many[1], "as few", size / few[1]),
            row("memory", "bytes a person allowed", MOST_BYTES, "taken", max(1.0, (many[2] - empty) / (10 * size))),
            row("beacon", "rounds checked a CPU second", own, "by the library", library),
        ],
    )


if __name__ == "__main__":
    if "--make" in sys.argv:
        make(int(sys.argv[-2]), Path(sys.argv[-1]))
    else:
        main("--small" in sys.argv)
