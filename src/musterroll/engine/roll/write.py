"""The one writer of Parquet: the same rows give the same bytes.

1. Columns in the table's order and types, rows in the table's order (`Table.sort`, nulls first), zstd, statistics,
   row groups of 16,384 so that one person's rows are found without reading the object.
2. `read` is the inverse and refuses an object whose columns are not the table's.
"""

import io
from collections.abc import Iterator, Sequence

import polars as pl

from musterroll.engine.roll.table import Table
from musterroll.errors import MusterRollError

ROW_GROUP = 16_384
OWN_OBJECT = 4_096
"""As many operations of one bucket in one night are an object of their own; fewer lie in one with other buckets'."""


def ordered(table: Table, frame: pl.DataFrame, buckets: int = 1) -> pl.DataFrame:
    """`frame` with the table's columns, types and order of rows: buckets together, each sorted.

    Raises ValueError for missing columns.
    """
    schema = table.schema_of(frame.columns)
    missing = [name for name in schema if name not in frame.columns]
    if missing:
        raise ValueError(f"table {table.name} lacks {missing}")
    times = [name for name in ("known", "op", "known_from", "known_to") if name in schema]
    bucket = [pl.col(table.bucket) % buckets] if table.bucket and buckets > 1 else []
    typed = frame.select([pl.col(name).cast(kind) for name, kind in schema.items()])
    name = [*table.order, *times] or list(schema)
    placed = typed.sort([*bucket, *name], nulls_last=False)
    again = placed.select(pl.all_horizontal([pl.col(one).eq_missing(pl.col(one).shift()) for one in name]).any())
    if placed.height < 2 or not again.item():
        return placed
    return typed.sort([*bucket, *table.order, *times, *table.sort[len(table.order) :]], nulls_last=False)


def split(table: Table, frame: pl.DataFrame, buckets: int) -> Iterator[tuple[int | None, pl.DataFrame]]:
    """The frame's buckets that have rows, in order: (bucket, rows). A table without a bucket column is one object."""
    if not table.bucket or buckets == 1:
        yield (0 if table.bucket else None), frame
        return
    for bucket in range(buckets):
        part = frame.filter(pl.col(table.bucket) % buckets == bucket)
        if part.height:
            yield bucket, part


def encode(frame: pl.DataFrame) -> bytes:
    """`frame` as Parquet bytes; call `ordered` first. Inverse of `decode`."""
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", compression_level=3, statistics=True, row_group_size=ROW_GROUP)
    return out.getvalue()


def decode(data: bytes, *, where: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """The rows in Parquet bytes, of all columns or of these as far as the object has them.

    Raises MusterRollError `roll.object-unreadable`.
    """
    try:
        if columns is None:
            return pl.read_parquet(io.BytesIO(data))
        there = pl.read_parquet_schema(io.BytesIO(data))
        return pl.read_parquet(io.BytesIO(data), columns=[name for name in columns if name in there])
    except (pl.exceptions.PolarsError, OSError):
        raise MusterRollError(
            "roll.object-unreadable",
            "An object of the roll is not a Parquet file.",
            where=where,
            remedy="Take the object again from a copy of the roll: its name is the SHA-256 of its bytes.",
        ) from None
