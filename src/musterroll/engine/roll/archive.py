"""Archive tables: what was known at one time, what changed in a night, and the fold of nights into bases.

1. Nothing is updated. A night object adds rows and ends named rows (`op`, `known`); the key of a table names a row.
   Within one act an end comes before an addition of the same name (the row again with another value).
2. What was known at T: of each name the last operation at or before T, where that is an addition.
3. A fold turns nights and bases into bases with `known_from` and `known_to`; both forms give the same answer at
   every T.
"""

from collections.abc import Sequence

import polars as pl

from musterroll.engine.roll.snapshot import ObjectRef, Snapshot
from musterroll.engine.roll.store import Store
from musterroll.engine.roll.table import ADD, END, OPEN_TIME, Table, table_of, with_words


def held(store: Store, snapshot: Snapshot, name: str, known_at: int | None = None) -> pl.DataFrame | None:
    """The rows of archive table `name` held at `known_at` (microseconds; the snapshot's own time when not given).

    The table's own columns and `known_from`, in the table's order; None when the snapshot holds no such table.
    """
    frames = [store.get(ref) for ref in snapshot.refs(name)]
    if not frames:
        return None
    return as_known(_table(name, frames), frames, snapshot.known_at if known_at is None else known_at)


def _table(name: str, frames: Sequence[pl.DataFrame]) -> Table:
    """The table for all of these: in a night under another law a standing may have had fewer words."""
    return table_of(name, {column: kind for frame in frames for column, kind in frame.schema.items()})


def held_or_none(table: Table) -> pl.DataFrame:
    """No rows, in the form that `held` gives."""
    return pl.DataFrame(schema=pl.Schema({**table.plain_schema, "known_from": pl.Int64()}))


def as_known(table: Table, objects: Sequence[pl.DataFrame], known_at: int) -> pl.DataFrame:
    """The rows that stand at `known_at`, from night and base objects together."""
    spans = intervals(table, objects)
    return spans.filter((pl.col("known_from") <= known_at) & (pl.col("known_to") > known_at)).drop("known_to")


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
        .sort([*table.sort, "known_from"], nulls_last=False)
    )


def _operations(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    columns = list(table.schema)
    if "known_from" not in frame.columns:
        return frame.select(columns)
    begun = frame.with_columns(pl.lit(ADD, pl.UInt8).alias("op"), pl.col("known_from").alias("known")).select(columns)
    ended = (
        frame.filter(pl.col("known_to") < OPEN_TIME)
        .with_columns(pl.lit(END, pl.UInt8).alias("op"), pl.col("known_to").alias("known"))
        .select(columns)
    )
    return pl.concat([begun, ended])


def night(
    table: Table, before: pl.DataFrame | None, after: pl.DataFrame, known: int, *, ignoring: Sequence[str] = ()
) -> pl.DataFrame:
    """The operations that turn what was held before into `after`: ends and additions at `known` (microseconds).

    A row whose every column is as it was gives nothing: yesterday's extract again adds nothing. A row that differs in
    columns of `ignoring` only stays as it was (a link's weight moves a little with the size of the population).
    """
    columns = list(table.plain_schema)
    new = after.select([pl.col(name).cast(kind) for name, kind in table.plain_schema.items()])
    old = held_or_none(table).select(columns) if before is None else before.select(columns)
    same = [name for name in columns if name not in ignoring]
    gone = old.join(new, on=same, how="anti", nulls_equal=True, maintain_order="left")
    come = new.join(old, on=same, how="anti", nulls_equal=True, maintain_order="left")
    return _stamped(table, gone, END, known).vstack(_stamped(table, come, ADD, known))


def _stamped(table: Table, rows: pl.DataFrame, op: int, known: int) -> pl.DataFrame:
    return rows.with_columns(pl.lit(op, pl.UInt8).alias("op"), pl.lit(known, pl.Int64).alias("known")).select(
        list(table.schema)
    )


def ends(table: Table, rows: pl.DataFrame, known: int) -> pl.DataFrame:
    """Operations that end `rows` (as held) at `known`."""
    return _stamped(table, rows.select(list(table.plain_schema)), END, known)


def adds(table: Table, rows: pl.DataFrame, known: int) -> pl.DataFrame:
    """Operations that add `rows` at `known`."""
    plain = rows.select([pl.col(name).cast(kind) for name, kind in table.plain_schema.items()])
    return _stamped(table, plain, ADD, known)


def append(
    store: Store, refs: Sequence[ObjectRef], name: str, operations: pl.DataFrame, known: int, *, buckets: int = 1
) -> tuple[ObjectRef, ...]:
    """The table's objects with one night object more; the same objects when nothing changed."""
    if operations.is_empty():
        return tuple(refs)
    return (*refs, store.put(name, operations, night=known, buckets=buckets))


def fold(store: Store, snapshot: Snapshot, name: str) -> tuple[ObjectRef, ...]:
    """Every object of the table as base objects, one a bucket. What is read at any time stays the same."""
    frames = [store.get(ref) for ref in snapshot.refs(name)]
    if not frames:
        return ()
    return store.put_buckets(name, intervals(_table(name, frames), frames), snapshot.buckets)


def forget(store: Store, snapshot: Snapshot, name: str, ended_before: int) -> tuple[ObjectRef, ...]:
    """The table folded without what ended before a time: rows as delivered, past their time limit (charter S13).

    Only for tables that no decision is replayed from (`row.<source>`, `refused`). The old objects go with the next
    sweep once no retained snapshot names them.
    """
    frames = [store.get(ref) for ref in snapshot.refs(name)]
    if not frames:
        return ()
    kept = intervals(_table(name, frames), frames).filter(pl.col("known_to") >= ended_before)
    return store.put_buckets(name, kept, snapshot.buckets)
