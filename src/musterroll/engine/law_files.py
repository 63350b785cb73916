"""Standings of whole buckets: files of flat facts in, files of standings out, in constant memory (law-engine 6.4).

1. One file at a time, streamed in small pieces; what is written depends on the file, the law and the day alone, so that
   it may be done again, elsewhere, on more threads, and gives the same bytes.
2. A result stands under its name only when it is whole.
3. A few people are taken out of a copy that is read by place (`keep_by_place`, `few`), without reading everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa

from musterroll.engine.law_polars import Folding
from musterroll.engine.roll.content import content
from musterroll.law.pack import Pack

GROUP = 131_072
"""Rows in a row group of a result."""

PIECE = 32_768
"""Rows that go through the plan together: the fewer, the less is in memory at once."""


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
    """Copy one bucket file into a form in which any row can be read by its place: large, in one piece, not compressed.

    Raises ValueError unless the people stand in the order of their numbers.
    """
    people = pl.read_parquet(source).rechunk()
    if not people["person"].is_sorted():
        raise ValueError("a copy by place holds people in the order of their numbers")
    people.write_ipc(target, compression="uncompressed", record_batch_size=people.height)


def few(copies: Sequence[Path], people: pl.Series) -> pl.DataFrame:
    """The flat facts of some people (their numbers, sorted) out of copies by place, in the order of the copies."""
    found = []
    for copy in copies:
        with pa.memory_map(str(copy)) as mapped:
            held = pl.DataFrame(pa.ipc.open_file(mapped).read_all())
            numbers = held["person"]
            mine = people.filter((people >= numbers[0]) & (people <= numbers[-1]))
            found.append(held[numbers.search_sorted(mine)].filter(pl.col("person") == mine))
    return pl.concat(found)
