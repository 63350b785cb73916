"""The rows held after tonight's deliveries, and the operations that say what changed in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from musterroll import ids
from musterroll.engine import extract_rows
from musterroll.engine.roll import ObjectRef, Snapshot, Store, archive
from musterroll.engine.roll.table import TABLES, Table, row_table
from musterroll.extract.check import Received
from musterroll.extract.schema import Source

PLACE = ["delivery", "row"]


@dataclass(frozen=True, slots=True)
class Tonight:
    """One delivery to take in: its number, and what was read of it."""

    delivery: int
    received: Received


@dataclass(frozen=True, slots=True)
class Held:
    """One archive table as held before, with the objects it was read from."""

    table: Table
    objects: tuple[pl.DataFrame, ...]
    rows: pl.DataFrame

    @classmethod
    def read(cls, store: Store, parent: Snapshot | None, table: Table) -> "Held":
        """The table in the parent snapshot; empty where there is none."""
        refs: tuple[ObjectRef, ...] = () if parent is None else parent.refs(table.name)
        objects = tuple(store.get(ref) for ref in refs)
        if parent is None or not objects:
            return cls(table, (), table.plain_schema.to_frame())
        return cls(table, objects, archive.as_known(table, objects, parent.known_at).drop("known_from"))

    def after(self, operations: pl.DataFrame, known: int) -> pl.DataFrame:
        """The rows held once `operations` are done."""
        return archive.as_known(self.table, [*self.objects, operations], known).drop("known_from")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows held now by source, the places of those that ended tonight, and the operations of each archive table."""

    held: Mapping[str, pl.DataFrame]
    ended: pl.DataFrame
    operations: Mapping[str, pl.DataFrame]
    deliveries: pl.DataFrame

    @property
    def places(self) -> pl.DataFrame:
        """Delivery and row of every row held."""
        return pl.concat([frame.select(PLACE) for frame in self.held.values()])


def take_in(
    store: Store,
    parent: Snapshot | None,
    tonight: Sequence[Tonight],
    sources: Mapping[str, Source],
    *,
    record_key: bytes,
    known: int,
) -> Rows:
    """Read what is held, lay tonight's deliveries over it, and say what changed."""
    arrived = {one.received.source: one for one in tonight}
    held: dict[str, pl.DataFrame] = {}
    operations: dict[str, pl.DataFrame] = {}
    ended = [pl.DataFrame(schema={"delivery": pl.Int64, "row": pl.Int32, "as_of": pl.Int32})]
    whole: dict[int, bool] = {}
    for name, source in sorted(sources.items()):
        table = row_table(name, list(source.columns))
        before = Held.read(store, parent, table)
        if name not in arrived:
            held[name] = before.rows
            continue
        one = arrived[name]
        unreadable = _unreadable(one.received, record_key)
        whole[one.delivery] = _whole(one.received, unreadable, before.rows)
        new = extract_rows.delivered(
            name, list(source.columns), one.received.rows, delivery=one.delivery, record_key=record_key
        )
        held[name] = extract_rows.carried(
            before.rows if before.objects else None,
            new,
            full=one.received.manifest.full and all(row.key for row in one.received.refused),
            unreadable=unreadable,
        )
        operations[table.name] = archive.night(table, before.rows, held[name], known)
        gone = before.rows.join(held[name], on=PLACE, how="anti").select(PLACE)
        ended.append(gone.with_columns(pl.lit(one.received.manifest.as_of, pl.Int32).alias("as_of")))
    deliveries = Held.read(store, parent, TABLES["delivery"])
    operations["delivery"] = archive.adds(TABLES["delivery"], _deliveries(tonight, whole), known)
    operations["refused"] = archive.adds(TABLES["refused"], _refused(tonight, record_key), known)
    return Rows(held, pl.concat(ended), operations, deliveries.after(operations["delivery"], known))


def _unreadable(received: Received, record_key: bytes) -> list[int]:
    return [ids.record_number(record_key, received.source, row.key) for row in received.refused if row.key]


def _whole(received: Received, unreadable: Collection[int], held: pl.DataFrame) -> bool:
    """Whether the absence of a row may be read as silence: the extract is full and no row set aside may be anybody's.

    A row set aside is not an absence. Of a record that was held its earlier rows stay; one without a readable key, or
    of a record never seen, may concern anybody, so that nobody's silence is read until the agency has mended it.
    """
    if not received.manifest.full or any(not row.key for row in received.refused):
        return False
    return set(unreadable) <= set(held["record"].to_list() if unreadable else ())


def _deliveries(tonight: Sequence[Tonight], whole: Mapping[int, bool]) -> pl.DataFrame:
    lines = [
        (
            one.delivery,
            one.received.source,
            one.received.manifest.as_of,
            whole.get(one.delivery, False),
            len(one.received.rows),
        )
        for one in tonight
    ]
    return pl.DataFrame(lines, schema=TABLES["delivery"].plain_schema, orient="row")


def _refused(tonight: Sequence[Tonight], record_key: bytes) -> pl.DataFrame:
    lines = [
        (
            one.delivery,
            row.row,
            " ".join(note.reason for note in row.notes),
            " ".join(note.column for note in row.notes),
            ids.record_number(record_key, one.received.source, row.key) if row.key else None,
        )
        for one in tonight
        for row in one.received.refused
    ]
    return pl.DataFrame(lines, schema=TABLES["refused"].plain_schema, orient="row")
