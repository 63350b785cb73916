"""What was known at one time: of each name the last operation, from night and base objects together.

1. A night object adds rows and ends named rows (`op`, `known`); an end needs the row's name only. Within one act an end
   comes before an addition of the same name (the row again with another value).
2. What was known at T: of each name the last operation at or before T, where that is an addition.
   A name that no later object has stands as the first object has it: only the others are put in order of time.
3. A base object says the same with `known_from` and `known_to`; a view without either was always known. So a view can
   be patched by night objects laid over it, like an archive table.
"""

from collections.abc import Sequence

import polars as pl

from musterroll.engine.roll.table import ADD, END, OPEN_TIME, Table, with_words


def as_known(table: Table, objects: Sequence[pl.DataFrame], known_at: int, *, placed: bool = False) -> pl.DataFrame:
    """The rows that stand at `known_at`: the table's own columns and `known_from`, in the table's order.

    `placed`: the objects' rows come as they lie in the roll, in that order already.
    """
    columns = [*table.plain_schema, "known_from"]
    if not any(_over(frame) for frame in objects) and sum(frame.height > 0 for frame in objects) < 2:
        rows = [_begun(table, with_words(table, frame)) for frame in objects]
        begun = pl.concat([pl.DataFrame(schema=pl.Schema({**table.plain_schema, "known_from": pl.Int64()})), *rows])
        standing = begun.filter(pl.col("known_from") <= known_at)
        return standing if placed else standing.sort([*table.order, "known_from"], nulls_last=False)
    objects = [frame for frame in objects if frame.height]
    now = (pl.col("known_from") <= known_at) & (pl.col("known_to") > known_at)
    if not _before_the_others(objects):
        return intervals(table, objects).filter(now).select(columns)
    first, *others = objects
    key = list(table.key)
    named = pl.concat([frame.select(key) for frame in others]).unique()
    asked = first.join(named, on=key, how="semi", nulls_equal=True, maintain_order="left")
    moved = intervals(table, [asked, *others]).filter(now).select(columns)
    rest = first.join(named, on=key, how="anti", nulls_equal=True, maintain_order="left")
    stays = _begun(table, with_words(table, rest)).filter(pl.col("known_from") <= known_at)
    return pl.concat([stays.select(columns), moved]).sort([*table.order, "known_from"], nulls_last=False)


def intervals(table: Table, objects: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Every row with the interval in which it was held: `known_from` inclusive, `known_to` exclusive."""
    key = list(table.key)
    operations = (
        pl.concat([_operations(table, with_words(table, frame)) for frame in objects])
        .sort([*key, "known", "op"], nulls_last=False)
        .with_columns(
            pl.col("known").shift(-1).alias("_next"),
            pl.all_horizontal([pl.col(k).eq_missing(pl.col(k).shift(-1)) for k in key]).alias("_same"),
        )
    )
    return (
        operations.filter(pl.col("op") == ADD)
        .with_columns(
            pl.col("known").alias("known_from"),
            pl.when(pl.col("_same")).then(pl.col("_next")).otherwise(OPEN_TIME).alias("known_to"),
        )
        .select(list(table.base_schema))
        .sort([*table.order, "known_from"], nulls_last=False)
    )


def _before_the_others(objects: Sequence[pl.DataFrame]) -> bool:
    """Whether the first object is older than all others and ends nothing: what no other names then stands as it is."""
    first, *others = objects
    if _over(first) or not all("op" in frame.columns for frame in others):
        return False
    since = "known" if "op" in first.columns else "known_from" if "known_from" in first.columns else None
    last = first.select(pl.lit(0, pl.Int64) if since is None else pl.col(since).max()).item()
    begin = pl.concat([frame["known"] for frame in others]).min()
    return last is None or begin is None or last < begin


def _over(frame: pl.DataFrame) -> bool:
    """Whether the object ends anything."""
    if "op" in frame.columns:
        return bool((frame["op"] == END).any())
    return "known_to" in frame.columns and bool((frame["known_to"] < OPEN_TIME).any())


def _begun(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    since = "known" if "op" in frame.columns else "known_from" if "known_from" in frame.columns else None
    known = pl.lit(0, pl.Int64) if since is None else pl.col(since)
    return frame.select(*table.plain_schema, known.alias("known_from"))


def _operations(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    columns = [*table.plain_schema, "op", "known"]
    if "op" in frame.columns:
        return frame.select(columns)
    if "known_from" not in frame.columns:
        frame = frame.with_columns(pl.lit(0, pl.Int64).alias("known_from"), pl.lit(OPEN_TIME).alias("known_to"))
    begun = frame.with_columns(pl.lit(ADD, pl.UInt8).alias("op"), pl.col("known_from").alias("known")).select(columns)
    ended = (
        frame.filter(pl.col("known_to") < OPEN_TIME)
        .with_columns(pl.lit(END, pl.UInt8).alias("op"), pl.col("known_to").alias("known"))
        .select(columns)
    )
    return pl.concat([begun, ended])
