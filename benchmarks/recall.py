"""How long a recall looks for everybody touched: 25 million people, a year of nights, on made-up numbers.

The first night touches everybody by six deliveries; each of the other nights one per cent, by chance, by the same six
agencies. Measured: writing one night's index, and finding everybody whom one delivery of one night, the first night's
delivery, or the law touched.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from benchmarks.ratio import RESULTS

from musterroll.engine import night_touched
from musterroll.engine.night_touched import DELIVERY, LAW

AGENCIES = 6


def index(folder: Path, night: int, moved: np.ndarray) -> float:
    """One night's file; the seconds that it took."""
    begun = time.perf_counter()
    found = night_touched._Found()
    numbers = pl.Series(moved, dtype=pl.Int64)
    for agency in range(AGENCIES):
        theirs = numbers if night == 0 else numbers.filter((numbers % AGENCIES) == agency)
        found.add(DELIVERY, night * AGENCIES + agency + 1, theirs)
    found.add(LAW, 7, numbers)
    found.ranges().write_parquet(folder / f"{night:020}.parquet", compression="zstd", row_group_size=262_144)
    return time.perf_counter() - begun


def find(folder: Path, kind: int, number: int) -> tuple[float, int]:
    """Everybody touched, as `register.touched.by` finds them: seconds, people."""
    begun = time.perf_counter()
    parts = [night_touched.RANGES.to_frame()]
    for path in sorted(folder.glob("*.parquet")):
        parts.append(pl.scan_parquet(path).filter((pl.col("kind") == kind) & (pl.col("number") == number)).collect())
    lo, hi = night_touched.union(pl.concat(parts))
    return time.perf_counter() - begun, int((hi - lo + 1).sum())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=25_000_000)
    parser.add_argument("--nights", type=int, default=365)
    asked = parser.parse_args()
    chance = np.random.default_rng(11)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        first = index(folder, 0, np.arange(1, asked.people + 1))
        each = [
            index(folder, night, np.unique(chance.integers(1, asked.people + 1, asked.people // 100)))
            for night in range(1, asked.nights)
        ]
        size = sum(path.stat().st_size for path in folder.glob("*.parquet"))
        one, few = find(folder, DELIVERY, (asked.nights // 2) * AGENCIES + 3)
        whole, everybody = find(folder, DELIVERY, 1)
        law, all_ = find(folder, LAW, 7)
    assert everybody == all_ == asked.people
    lines = [
        f"{asked.people:,} people, {asked.nights} nights, {AGENCIES} agencies; index of all nights {size / 1e6:.0f} MB",
        f"write: first night {first:.1f} s, each other night {np.median(each):.2f} s",
        f"find: a night's delivery ({few:,} people) {one:.1f} s; the first night's (everybody) {whole:.1f} s; "
        f"the law (every night) {law:.1f} s",
    ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "recall.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
