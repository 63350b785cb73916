"""Who is in the register: temporary numbers for linkage, lasting ones for whom the law's scope covers (charter S13)."""

from collections.abc import Mapping

import polars as pl

from musterroll.engine import linkage_rows
from musterroll.engine.night_rows import Rows
from musterroll.engine.record_numbers import record_numbers
from musterroll.extract.schema import Source


def compared(rows: Rows, sources: Mapping[str, Source], record_key: bytes) -> pl.DataFrame:
    """The comparison frame of all rows held, those of relatives named in them included."""
    as_of = rows.deliveries.select("delivery", "as_of")
    return pl.concat(
        [
            linkage_rows.compared(
                sources[name],
                frame.join(as_of, on="delivery", how="left", maintain_order="left"),
                lambda key, source=name: record_numbers(record_key, source, key),  # type: ignore[misc]
            )
            for name, frame in rows.held.items()
        ]
    )


def founders(links: pl.DataFrame, rows: Rows, sources: Mapping[str, Source], judged: pl.DataFrame) -> pl.DataFrame:
    """Every record that founds a person: with its number if it has one, else below zero, in record order.

    `judged` are records (column `record`) that found a person because two officers said so.
    """
    own = [frame.select("record") for name, frame in rows.held.items() if sources[name].founds]
    said = [
        frame.select("record").join(judged, on="record", how="semi")
        for name, frame in rows.held.items()
        if not sources[name].founds
    ]
    records = pl.concat([*own, *said]).unique().sort("record")
    numbered = links.filter(pl.col("by") == "founding").select("record", "person")
    return (
        records.join(numbered, on="record", how="left", maintain_order="left")
        .with_columns((-pl.int_range(1, pl.len() + 1, dtype=pl.Int64)).alias("temporary"))
        .select("record", pl.coalesce("person", "temporary").alias("person"))
    )


def seen(comparison: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
    """The view `seen`: each record held, its source (relatives under `tax#dependant`), its source's last delivery."""
    last = deliveries.sort("as_of", "delivery").group_by("source").agg(pl.col("delivery").last())
    return (
        comparison.select("record", "source")
        .unique()
        .with_columns(pl.col("source").str.split("#").list.first().alias("agency"))
        .join(last, left_on="agency", right_on="source")
        .select("record", "source", "delivery")
        .sort("record", "source")
    )


def numbered(
    founding: pl.DataFrame,
    in_scope: pl.DataFrame,
    rows: Rows,
    sources: Mapping[str, Source],
    highest: int,
    judged: pl.DataFrame,
) -> pl.DataFrame:
    """`temporary` and `person` for all who are in the register now: the old as they were, the new in order of key.

    `in_scope` has the column `person` of those whom the scope certainly covers.
    """
    old = founding.filter(pl.col("person") > 0).select(pl.col("person").alias("temporary"), "person")
    keys = pl.concat(
        [
            frame.select("record", pl.lit(name).alias("source"), pl.col(sources[name].key).alias("key"))
            for name, frame in rows.held.items()
            if sources[name].founds or judged.height
        ]
    ).unique("record", keep="first", maintain_order=True)
    new = (
        founding.filter(pl.col("person") < 0)
        .join(in_scope, on="person", how="semi")
        .join(keys, on="record", how="left")
        .sort("source", "key")
        .select(
            pl.col("person").alias("temporary"),
            (pl.int_range(1, pl.len() + 1, dtype=pl.Int64) + highest).alias("person"),
        )
    )
    return pl.concat([old, new])


def renumbered(frame: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The rows of those in the register, under their lasting numbers; all others are left out."""
    named = numbers.rename({"person": "lasting"})
    return (
        frame.join(named, left_on="person", right_on="temporary", maintain_order="left")
        .with_columns(pl.col("lasting").alias("person"))
        .drop("lasting")
    )
