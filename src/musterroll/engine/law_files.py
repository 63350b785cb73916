"""Standings of whole buckets: files of flat facts in, files of standings out, in constant memory (law-engine 6.4).

1. One file at a time, streamed in small pieces; what is written depends on the file, the law and the day alone, so that
   it may be done again, elsewhere, on more threads, and gives the same bytes.
2. A result stands under its name only when it is whole.
3. A few people are taken out of a copy that is read by place (`keep_by_place`, `few`), without reading everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from musterroll.engine.law_polars import Folding
from musterroll.engine.roll.content import content
from musterroll.law.pack import Pack

GROUP = 131_072
"""Rows in a row group of a result."""

PIECE = 32_768
"""Rows that go through the plan together: the fewer, the less is in memory at once."""

_HELD = "held "
_KINDS: dict[Any, str] = {pl.Int64: "<i8", pl.Int32: "<i4", pl.Int16: "<i2", pl.UInt8: "u1"}


@dataclass(frozen=True, slots=True)
class Written:
    """One result: where it is, and how many people it holds."""

    file: Path
    rows: int

    @property
    def content(self) -> str:
        """The digest of what it holds (`roll.content`), read again."""
        return content(pl.read_parquet(self.file))


def evaluate_file(pack: Pack, question: str, source: Path, target: Path, on: int) -> Written:
    """Decide the people of one bucket file (columns as for `law_polars.evaluate`) into another file, in their order."""
    return _written(Folding.of(pack, question, on, pl.read_parquet_schema(source)), source, target)


def evaluate_files(pack: Pack, question: str, sources: Sequence[Path], folder: Path, on: int) -> tuple[Written, ...]:
    """Decide the people of files with the same columns, each into a file of its name in `folder`; in their order."""
    folding = Folding.of(pack, question, on, pl.read_parquet_schema(sources[0]))
    return tuple(_written(folding, source, folder / source.name) for source in sources)


def _written(folding: Folding, source: Path, target: Path) -> Written:
    unfinished = target.with_name(f".{target.name}.unfinished")
    with pl.Config(streaming_chunk_size=PIECE):
        folding.over(pl.scan_parquet(source)).sink_parquet(
            unfinished, compression="zstd", compression_level=3, row_group_size=GROUP, engine="streaming"
        )
    unfinished.replace(target)
    return Written(target, pl.scan_parquet(target).select(pl.len()).collect().item())


def keep_by_place(source: Path, target: Path) -> None:
    """Copy one bucket file person by person: what is held of one lies together, one look and not one for each column.

    Beside `target` stand the numbers, `target` with `.people`. Raises ValueError unless they are in order.
    """
    people = pl.read_parquet(source)
    if not people["person"].is_sorted():
        raise ValueError("a copy by place holds people in the order of their numbers")
    kinds = [(name, _KINDS[kind]) for name, kind in people.schema.items()]
    rows = np.zeros(people.height, [*kinds, *((f"{_HELD}{name}", "?") for name, _ in kinds)])
    for column in people.iter_columns():
        rows[column.name] = column.fill_null(0).to_numpy()
        rows[f"{_HELD}{column.name}"] = column.is_not_null().to_numpy()
    for file, array in ((target, rows), (_numbers(target), people["person"].to_numpy())):
        with file.open("wb") as written:
            np.save(written, array)


def few(copies: Sequence[Path], people: pl.Series) -> pl.DataFrame:
    """The flat facts of some people (their numbers, sorted) out of copies by place, in the order of the copies."""
    return pl.concat([_few(copy, people.to_numpy()) for copy in copies])


def _few(copy: Path, people: np.ndarray[Any, Any]) -> pl.DataFrame:
    numbers = np.load(_numbers(copy), mmap_mode="r")
    places = np.searchsorted(numbers, people)
    there = places < numbers.size
    places = places[there][numbers[places[there]] == people[there]]
    rows = np.array(np.load(copy, mmap_mode="r")[places])
    names = [name for name in rows.dtype.names or () if not name.startswith(_HELD)]
    columns = [pl.Series(name, np.ascontiguousarray(rows[name])) for name in names]
    held = [pl.Series(np.ascontiguousarray(rows[f"{_HELD}{name}"])) for name in names]
    return pl.select(
        pl.when(there).then(column).alias(name) for name, column, there in zip(names, columns, held, strict=True)
    )


def _numbers(copy: Path) -> Path:
    return copy.with_suffix(f"{copy.suffix}.people")
