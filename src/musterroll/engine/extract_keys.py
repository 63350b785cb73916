"""Keys that stand twice in a file: its rows are set aside, or numbered where the agency's entries have no keys.

Only hashes of keys stay in memory; the few parts in which one stands twice are read and written again.
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
from musterroll.extract.made import APART
from musterroll.extract.schema import Source


class Keys:
    """The keys of the parts that lie in `folder`."""

    def __init__(self, source: Source, judge: Judge, folder: Path, found: Found) -> None:
        self.source = source
        self.judge = judge
        self.folder = folder
        self.found = found

    def settle(self) -> None:
        """Set aside rows whose key stands twice; number the entries that have none."""
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
        frames = [
            pl.DataFrame({"part": number, "at": rows, "key": self._read(number, ["key"])["key"].gather(rows)})
            for number, rows in candidates
        ]
        named = pl.concat([frame.cast({"part": pl.Int32, "at": pl.Int64}) for frame in frames])
        double = named.filter(pl.col("key").is_duplicated())
        for (number,), rows in double.group_by("part", maintain_order=True):
            table = pq.read_table(self.folder / part(int(number)))
            gone = np.zeros(table.num_rows, np.bool_)
            gone[rows["at"].to_numpy()] = True
            removed = table.filter(pa.array(gone))
            counts, tallies = self.judge.again(removed)
            self.found.counts.add(counts, sign=-1)
            take_tallies(self.found.unread, tallies)
            places = removed.column("row").to_pylist()
            key, reason = self.source.key, "key.twice"
            add_tallies(self.found.refusals, {(key, reason): (len(places), places)})
            self.found.refused.append(
                pl.DataFrame(
                    {"row": places, "reasons": reason, "columns": key, "key": removed.column("key").to_pylist()},
                    schema=REFUSED,
                )
            )
            self.found.contents[int(number)] = put(self.folder, table.filter(pa.array(~gone)), int(number))
            self.found.kept -= len(places)

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
