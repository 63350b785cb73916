"""Whom a delivery, a model or a law touched: one small open file a night, read in seconds at any size (charter S10).

1. A file holds ranges of person numbers (`engine.night_touched`) and nothing else. It is a pure function of its
   snapshot: made again it has the same bytes.
2. It is asked by what is recalled, and only by that. What comes back is a set that can be counted, and that can say of
   given people whether they are in it; nobody is listed.
3. Who is erased from the register is cut out of the ranges.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine import night_touched
from musterroll.engine.roll import Snapshot
from musterroll.register import home, roll
from musterroll.register.models import Recallable


@dataclass(frozen=True)
class Touched:
    """A set of people. `since` is the instant of the first night that touched one of them, None for nobody."""

    lo: np.ndarray
    hi: np.ndarray
    since: int | None

    @property
    def people(self) -> int:
        """How many there are."""
        return int((self.hi - self.lo + 1).sum()) if len(self.lo) else 0

    def among(self, people: Iterable[int]) -> set[int]:
        """Those of `people` who are in the set."""
        asked = np.fromiter(people, dtype=np.int64)
        if not len(self.lo) or not len(asked):
            return set()
        place = np.searchsorted(self.lo, asked, side="right") - 1
        inside = (place >= 0) & (asked <= self.hi[place])
        return {int(one) for one in asked[inside]}


def write(snapshot: Snapshot) -> None:
    """Write the index of the night that made `snapshot`; what is there stays."""
    path = _folder() / f"{snapshot.known_at:020}-{snapshot.digest[:16]}.parquet"
    if not path.exists():
        _put(path, night_touched.of_night(roll.store(), snapshot))


def by(what: Recallable, subject: str) -> Touched:
    """Everybody whom this delivery, model or law touched in any night.

    `subject` is a delivery's or a model's number, or a law's digest.
    """
    kind, number = _named(what, subject)
    files = sorted(_folder().glob("*.parquet"))
    parts, since = [night_touched.RANGES.to_frame()], None
    for path in files:
        part = pl.scan_parquet(path).filter((pl.col("kind") == kind) & (pl.col("number") == number)).collect()
        if part.height and since is None:
            since = int(path.name.split("-")[0]) // 1_000_000
        parts.append(part)
    lo, hi = night_touched.union(pl.concat(parts))
    return Touched(lo, hi, since)


def erase(persons: Collection[int]) -> None:
    """Cut people out of every range."""
    gone = pl.DataFrame({"person": sorted(persons)}, schema={"person": pl.Int64})
    for path in sorted(_folder().glob("*.parquet")):
        rows = pl.read_parquet(path)
        for person in gone["person"]:
            rows = _without(rows, person)
        _put(path, rows)


def _without(rows: pl.DataFrame, person: int) -> pl.DataFrame:
    holds = (pl.col("lo") <= person) & (pl.col("hi") >= person)
    cut = rows.filter(holds)
    before = cut.with_columns(pl.lit(person - 1, pl.Int64).alias("hi")).filter(pl.col("lo") <= pl.col("hi"))
    after = cut.with_columns(pl.lit(person + 1, pl.Int64).alias("lo")).filter(pl.col("lo") <= pl.col("hi"))
    return pl.concat([rows.filter(~holds), before, after]).sort(rows.columns)


def _named(what: Recallable, subject: str) -> tuple[int, int]:
    match what:
        case Recallable.DELIVERY:
            return night_touched.DELIVERY, int(subject)
        case Recallable.MODEL:
            return night_touched.MODEL, int(subject)
        case _:
            return night_touched.LAW, night_touched.law_number(subject)


def _put(path: Path, rows: pl.DataFrame) -> None:
    aside = path.with_suffix(".unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(aside, compression="zstd", statistics=True, row_group_size=262_144)
    aside.replace(path)


def _folder() -> Path:
    return home.current().path / "roll" / "touched"
