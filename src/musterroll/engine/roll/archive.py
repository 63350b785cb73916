"""Archive tables: what was known at one time, what changed in a night, and the fold of nights into bases.

1. Nothing is updated. A night object adds rows and ends named rows (`op`, `known`); the key of a table names a row.
   Within one act an end comes before an addition of the same name (the row again with another value).
2. What was known at T: of each name the last operation at or before T, where that is an addition.
3. A fold turns nights and bases into bases with `known_from` and `known_to`; both forms give the same answer at
   every T.
"""

import dataclasses
from collections.abc import Sequence

import polars as pl

from musterroll.engine.roll import write
from musterroll.engine.roll.known import as_known, intervals
from musterroll.engine.roll.snapshot import ObjectRef, Snapshot
from musterroll.engine.roll.store import Store
from musterroll.engine.roll.table import ADD, END, Table, table_of

__all__ = [
    "adds",
    "append",
    "as_known",
    "buckets_of",
    "ends",
    "fold",
    "fold_bucket",
    "forget",
    "held",
    "held_bucket",
    "held_buckets",
    "held_or_none",
    "intervals",
    "night",
    "together",
]


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


def held_bucket(
    store: Store,
    snapshot: Snapshot,
    name: str,
    bucket: int,
    *,
    table: Table | None = None,
    only: pl.Expr | None = None,
    columns: Sequence[str] | None = None,
) -> pl.DataFrame:
    """The rows of one bucket of a table held now (at the snapshot's time), and `known_from`; no rows where it has none.

    `only` may look at columns of the table's key: a row that it leaves out is not read further. With `columns`, only
    those and the key are read.
    """
    declared = _narrowed(table or table_of(name, {}), columns)
    frames = []
    for ref in snapshot.refs(name):
        frames += _read(
            store, ref, bucket, snapshot.buckets, declared, only, named=table is not None, all_of_it=columns is None
        )
    whole = table is None and columns is None and frames
    return as_known(_table(name, frames) if whole else declared, frames, snapshot.known_at, placed=True)


def held_buckets(
    store: Store,
    snapshots: Sequence[Snapshot],
    bucket: int,
    *,
    table: Table,
    only: pl.Expr,
    columns: Sequence[str],
) -> list[pl.DataFrame]:
    """What `held_bucket` gives of each of these snapshots; an object that several of them name is read once."""
    declared = _narrowed(table, columns)
    read: dict[ObjectRef, list[pl.DataFrame]] = {}
    found = []
    for snapshot in snapshots:
        refs = snapshot.refs(table.name)
        for ref in refs:
            if ref not in read:
                read[ref] = _read(store, ref, bucket, snapshot.buckets, declared, only, named=True, all_of_it=False)
        frames = [frame for ref in refs for frame in read[ref]]
        found.append(as_known(declared, frames, snapshot.known_at, placed=True))
    return found


def _narrowed(table: Table, columns: Sequence[str] | None) -> Table:
    """The table with these columns only, and its key."""
    if columns is None:
        return table
    chosen = tuple(one for one in table.columns if one.name in {*columns, *table.key})
    return dataclasses.replace(table, columns=chosen)


def _read(
    store: Store,
    ref: ObjectRef,
    bucket: int,
    buckets: int,
    declared: Table,
    only: pl.Expr | None,
    *,
    named: bool,
    all_of_it: bool,
) -> list[pl.DataFrame]:
    """What an object holds of a bucket, in the columns of `declared` or all."""
    names = None if all_of_it else [*declared.plain_schema, *_times(declared, ref)]
    frames = store.get_bucket([ref], bucket, buckets, names)
    return [_fitted(declared, frame if only is None else frame.filter(only), named=named) for frame in frames]


def _fitted(table: Table, frame: pl.DataFrame, *, named: bool) -> pl.DataFrame:
    """The frame with the columns of a table given by name that an older declaration did not have, as null."""
    missing = [column for column in table.columns if column.name not in frame.columns] if named else []
    return frame.with_columns(pl.lit(None, column.type).alias(column.name) for column in missing)


def _times(table: Table, ref: ObjectRef) -> tuple[str, ...]:
    if ref.night is not None:
        return ("op", "known")
    return ("known_from", "known_to") if table.archive else ()


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
    if old.is_empty() or new.is_empty():
        return _stamped(table, old, END, known).vstack(_stamped(table, new, ADD, known))
    same = [name for name in columns if name not in ignoring]
    gone = old.join(new, on=same, how="anti", nulls_equal=True, maintain_order="left")
    come = new.join(old, on=same, how="anti", nulls_equal=True, maintain_order="left")
    return _stamped(table, gone, END, known).vstack(_stamped(table, come, ADD, known))


def _stamped(table: Table, rows: pl.DataFrame, op: int, known: int) -> pl.DataFrame:
    return rows.with_columns(pl.lit(op, pl.UInt8).alias("op"), pl.lit(known, pl.Int64).alias("known")).select(
        list(table.night_schema)
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
    """The table's objects with one night's operations more; the same objects when nothing changed.

    A bucket with enough operations is an object of its own (`write.OWN_OBJECT`), all others lie in one.
    """
    table = table_of(name, operations.schema)
    own: list[ObjectRef] = []
    rest: list[pl.DataFrame] = []
    for bucket, part in write.split(table, operations, buckets):
        if bucket is None or part.height < write.OWN_OBJECT or buckets == 1:
            rest.append(part)
        else:
            own.append(store.put(name, part, bucket=bucket, night=known))
    return (*refs, *own, *together(store, name, rest, known, buckets=buckets))


def together(
    store: Store, name: str, parts: Sequence[pl.DataFrame], known: int, *, buckets: int
) -> tuple[ObjectRef, ...]:
    """One night object of the operations of several buckets; none where there are no operations."""
    if not sum(part.height for part in parts):
        return ()
    return (store.put(name, pl.concat(parts), night=known, buckets=buckets),)


def fold_bucket(
    store: Store, snapshot: Snapshot, name: str, bucket: int, *, ended_before: int | None = None
) -> ObjectRef | None:
    """One bucket's nights and base as one base object (of a view: as it stands now); None where nothing is left.

    With `ended_before`, without what ended before that time: rows as delivered, past their time limit (charter S13).
    """
    refs = snapshot.refs(name)
    frames = store.get_bucket(refs, bucket, snapshot.buckets)
    if not frames:
        return None
    table = _table(name, frames)
    if not table.archive:
        now = as_known(table, frames, snapshot.known_at).drop("known_from")
        return None if now.is_empty() else store.put(name, now, bucket=bucket if table.bucket else None)
    spans = intervals(table, frames)
    if ended_before is not None:
        spans = spans.filter(pl.col("known_to") >= ended_before)
    return None if spans.is_empty() else store.put(name, spans, bucket=bucket if table.bucket else None)


def fold(store: Store, snapshot: Snapshot, name: str) -> tuple[ObjectRef, ...]:
    """Every object of the table as base objects, one a bucket. What is read at any time stays the same."""
    return _folded(store, snapshot, name, None)


def forget(store: Store, snapshot: Snapshot, name: str, ended_before: int) -> tuple[ObjectRef, ...]:
    """The table folded without what ended before a time: rows as delivered, past their time limit (charter S13).

    Only for tables that no decision is replayed from (`row.<source>`, `refused`). The old objects go with the next
    sweep once no retained snapshot names them.
    """
    return _folded(store, snapshot, name, ended_before)


def _folded(store: Store, snapshot: Snapshot, name: str, ended_before: int | None) -> tuple[ObjectRef, ...]:
    if not snapshot.refs(name):
        return ()
    found = [
        fold_bucket(store, snapshot, name, bucket, ended_before=ended_before)
        for bucket in buckets_of(name, snapshot.buckets)
    ]
    return tuple(ref for ref in found if ref is not None)


def buckets_of(name: str, buckets: int) -> range:
    """The buckets that a table can have objects of: one for a table that has none."""
    return range(buckets if table_of(name, {}).bucket else 1)
