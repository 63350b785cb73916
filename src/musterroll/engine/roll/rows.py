"""Rows as delivered: their frame, and what a delivery changes against the rows held (data-model 4, table `row`).

1. First sight, changes and disappearances only: a row that says what a held row of its record says adds nothing.
2. Equal rows of one record are told apart by their number among equals, so that a delivery in another order of rows
   changes nothing.
3. A full delivery ends what it no longer holds. One that holds changes only ends the old rows of the records in it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from musterroll import canonical
from musterroll.engine.roll.table import row_table
from musterroll.extract.row import Row


@dataclass(frozen=True, slots=True)
class Changed:
    """`added` rows to add, `ended` rows held until now, `live` all rows held from now on."""

    added: pl.DataFrame
    ended: pl.DataFrame
    live: pl.DataFrame


def delivered(
    source: str, columns: Sequence[str], rows: Iterable[Row], *, delivery: int, number: Callable[[str], int]
) -> pl.DataFrame:
    """One delivery's rows as table `row.<source>` has them, without its times.

    `number` gives an agency's own entry its `record` (`ids.record_number` with the home's key and the source).
    """
    table = row_table(source, columns)
    lines = [
        (
            number(row.key),
            delivery,
            row.row,
            canonical.sha256_hex(canonical.encode([row.texts.get(name, "") for name in columns])),
            *(row.texts.get(name, "") for name in columns),
        )
        for row in rows
    ]
    return pl.DataFrame(lines, schema=table.plain_schema, orient="row")


def changed(before: pl.DataFrame | None, now: pl.DataFrame, *, full: bool) -> Changed:
    """What a delivery `now` changes against the rows held `before` (columns of both: those of the table)."""
    old = now.clear() if before is None else before.select(now.columns)
    ours = _numbered(now)
    theirs = _numbered(old)
    same = ["record", "digest", "_equal"]
    added = ours.join(theirs, on=same, how="anti", maintain_order="left").drop("_equal")
    gone = theirs.join(ours, on=same, how="anti", maintain_order="left").drop("_equal")
    ended = gone if full else gone.join(now.select("record").unique(), on="record", how="semi", maintain_order="left")
    live = old.join(ended, on=["record", "delivery", "row"], how="anti", maintain_order="left").vstack(added)
    return Changed(added, ended, live.sort("record", "delivery", "row"))


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("record", "delivery", "row").with_columns(
        pl.col("row").cum_count().over("record", "digest").alias("_equal")
    )
