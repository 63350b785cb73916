"""The rows of a delivery as columns, and what a delivery changes in the rows held (data-model 4, table `row`).

1. A row keeps the delivery and place where it was first seen for as long as the agency sends it unchanged: yesterday's
   extract again adds nothing.
2. A row that a full delivery no longer carries ends. The rows of a record that could not be read tonight stay as they
   were: a refused row is not an absence.
"""

from collections.abc import Collection, Iterable, Sequence

import polars as pl

from musterroll import canonical, ids
from musterroll.engine.roll.table import row_table
from musterroll.extract.row import Row

FIXED = ("record", "delivery", "row", "digest")


def delivered(
    source: str, columns: Sequence[str], rows: Iterable[Row], *, delivery: int, record_key: bytes
) -> pl.DataFrame:
    """The accepted rows of one delivery: `record`, `delivery`, `row`, `digest` and the declared columns as text."""
    schema = row_table(source, columns).plain_schema
    numbers: dict[str, int] = {}
    lines = []
    for row in rows:
        record = numbers.setdefault(row.key, 0) or ids.record_number(record_key, source, row.key)
        numbers[row.key] = record
        texts = [row.texts.get(column, "") for column in columns]
        digest = int(canonical.sha256_hex(canonical.encode(texts))[:15], 16)
        lines.append((record, delivery, row.row, digest, *texts))
    return pl.DataFrame(lines, schema=schema, orient="row")


def carried(held: pl.DataFrame | None, new: pl.DataFrame, *, full: bool, unreadable: Collection[int]) -> pl.DataFrame:
    """The rows held after a delivery. `unreadable` are records of which a row was refused tonight.

    An equal row (same record, same digest, the n-th of its like) keeps its first delivery and place; a daily delta
    (`full` is false) replaces the rows of the records it names and leaves all others.
    """
    if held is None:
        return new
    same = ["record", "digest", "nth"]
    before, after = _numbered(held.select(new.columns)), _numbered(new)
    kept = before.join(after.select(same), on=same, how="semi")
    missing = before.join(after.select(same), on=same, how="anti")
    stays = pl.col("record").is_in(list(unreadable))
    if not full:
        stays = stays | ~pl.col("record").is_in(new["record"].implode())
    fresh = after.join(before.select(same), on=same, how="anti")
    return pl.concat([kept, missing.filter(stays), fresh]).drop("nth").sort("record", "delivery", "row")


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    ordered = rows.sort("record", "digest", "delivery", "row")
    return ordered.with_columns(pl.int_range(pl.len()).over("record", "digest").alias("nth"))
