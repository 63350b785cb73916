"""Keys that stand twice in a file: its rows are set aside, or numbered where the agency's entries have no keys.

Of rows that are equal in every cell the first stays. Only hashes of keys stay in memory; the few parts in which one
stands twice are read and written again.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from musterroll.engine.delivery import REFUSED, part
from musterroll.engine.extract_columns import Judge, add_tallies, take_tallies
from musterroll.engine.extract_found import Found, put
from musterroll.engine.record_numbers import row_digests
from musterroll.extract.made import APART
from musterroll.extract.row import DROP, REPEATED
from musterroll.extract.schema import Source


class Keys:
    """The keys of the parts that lie in `folder`."""

    def __init__(self, source: Source, judge: Judge, folder: Path, found: Found) -> None:
        self.source = source
        self.judge = judge
        self.folder = folder
        self.found = found

    def settle(self) -> None:
        """Set aside rows whose key stands twice, but the first of equal ones; number the entries that have none."""
        found = self.found
        every = np.concatenate([np.zeros(0, np.uint64), *found.hashes])
        ordered = np.sort(every)
        twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        if not len(twice):
            return
        candidates = [
            (number, np.flatnonzero(np.isin(hashes, twice)))
            for number, hashes in zip(found.parts, found.hashes, strict=True)
        ]
        candidates = [(number, rows) for number, rows in candidates if len(rows)]
        if self.source.identity:
            self._number(candidates)
        else:
            self._set_aside(candidates)

    def _set_aside(self, candidates: list[tuple[int, npt.NDArray[np.int64]]]) -> None:
        said = ["op", *self.source.columns]
        frames = []
        for number, at in candidates:
            rows = self._read(number, ["row", "key", *said]).select(pl.all().gather(at))
            digests = row_digests(rows, said).alias("said")
            texts = [pl.col(name).cast(pl.String) for name in ("key", "op")]
            frames.append(rows.select("row", *texts, digests, part=number, at=pl.Series(at)))
        named = pl.concat([frame.cast({"part": pl.Int32, "at": pl.Int64}) for frame in frames])
        double = named.filter(pl.col("key").is_duplicated()).with_columns(
            pl.when(pl.col("said").n_unique().over("key") > 1)
            .then(pl.lit("key.twice"))
            .when(pl.col("row") > pl.col("row").min().over("key"))
            .then(pl.lit(REPEATED))
            .alias("reason")
        )
        removed = double.filter(pl.col("reason").is_not_null())
        for (number,), rows in removed.group_by("part", maintain_order=True):
            self._without(int(number), rows.sort("at"))

    def _without(self, number: int, rows: pl.DataFrame) -> None:
        """The part again without some rows (`at`, `key`, `op`, `reason`), which are set aside."""
        table = pq.read_table(self.folder / part(number))
        gone = np.zeros(table.num_rows, np.bool_)
        gone[rows["at"].to_numpy()] = True
        counts, tallies = self.judge.again(table.filter(pa.array(gone)))
        self.found.counts.add(counts, sign=-1)
        take_tallies(self.found.unread, tallies)
        said = np.zeros(table.num_rows, np.bool_)
        said[rows.filter((pl.col("reason") != REPEATED) & (pl.col("op") != DROP))["at"].to_numpy()] = True
        self.found.lose(table.filter(pa.array(said)))
        for (reason,), few in rows.group_by("reason", maintain_order=True):
            places = few["row"].to_list()
            add_tallies(self.found.refusals, {(self.source.key, str(reason)): (len(places), places)})
        told = rows.select("row", reasons="reason", columns=pl.lit(self.source.key), key="key")
        self.found.refused.append(told.select(pl.col(name).cast(kind) for name, kind in REFUSED.items()))
        self.found.contents[number] = put(self.folder, table.filter(pa.array(~gone)), number)
        self.found.kept -= rows.height

    def _number(self, candidates: list[tuple[int, npt.NDArray[np.int64]]]) -> None:
        names = list(self.source.columns)
        frames = []
        for number, at in candidates:
            found = self._read(number, ["row", *names]).select(pl.all().gather(at))
            frames.append(found.with_columns(pl.lit(number, pl.Int32).alias("part"), pl.Series("at", at, pl.Int64)))
        ordered = pl.concat(frames).sort(self.source.key, *[n for n in names if n != self.source.key], "row")
        numbered = ordered.with_columns(pl.int_range(1, pl.len() + 1).over(self.source.key).alias("n"))
        for (number,), few in numbered.filter(pl.col("n") > 1).group_by("part", maintain_order=True):
            table = pq.read_table(self.folder / part(int(number)))
            ordinals = np.ones(table.num_rows, np.int64)
            ordinals[few["at"].to_numpy()] = few["n"].to_numpy()
            bare = [text.rpartition(APART)[0] for text in table.column("key").to_pylist()]
            table = table.set_column(table.column_names.index("key"), "key", pa.array(bare, pa.utf8()))
            self.found.contents[int(number)] = put(
                self.folder, with_ordinals(self.source, table, ordinals), int(number)
            )

    def _read(self, number: int, columns: list[str]) -> pl.DataFrame:
        return pl.read_parquet(self.folder / part(number), columns=columns)


def with_ordinals(source: Source, kept: pa.Table, ordinals: npt.NDArray[np.int64]) -> pa.Table:
    """The rows with keys that say which of its equals each is."""
    keys = kept.column("key").cast(pa.utf8())
    joined = pc.binary_join_element_wise(keys, pa.array(ordinals).cast(pa.utf8()), APART)
    for name in ("key", source.key):
        kept = kept.set_column(kept.column_names.index(name), name, joined)
    return kept


def hashes_of(keys: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """A number for each key; equal keys have equal ones."""
    series = pl.from_arrow(keys)
    assert isinstance(series, pl.Series)
    return series.cast(pl.String).hash(seed=0).to_numpy()
