"""The roll without some people: every object that holds them is written again without their rows (data-model 3).

1. A row goes when it is of one of the persons, or of one of their records, in any table, sealed or open, of any night:
   the past is erased with the present.
2. An object that holds none of them keeps its bytes and its name. So does the order of all other rows: whoever replays
   somebody else's decision finds what was there.
3. Nothing here commits, and nothing is removed: the snapshot counts when an act names it, and `Store.sweep` then takes
   the old objects away.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import polars as pl

from musterroll.engine.roll.snapshot import ObjectRef, Snapshot
from musterroll.engine.roll.store import Store
from musterroll.engine.roll.table import table_of

PERSON_COLUMNS = ("person", "into")
"""Columns that hold a person's number."""

RECORD_COLUMNS = ("record", "of", "left", "right", "founder")
"""Columns that hold a record's number."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The snapshot without the people, and the objects that were replaced: old digest, new digest ("" for none)."""

    snapshot: Snapshot
    replaced: tuple[tuple[str, str], ...]


def erase(store: Store, snapshot: Snapshot, *, persons: Collection[int], records: Collection[int]) -> Erased:
    """Write every object again that holds one of `persons` or `records`, then the snapshot that follows `snapshot`."""
    tables: dict[str, tuple[ObjectRef, ...]] = {}
    replaced: list[tuple[str, str]] = []
    for name, refs in sorted(snapshot.tables.items()):
        kept = []
        for ref in refs:
            new = _without(store, ref, snapshot.buckets, persons, records)
            if new is not ref:
                replaced.append((ref.sha256, "" if new is None else new.sha256))
            if new is not None:
                kept.append(new)
        tables[name] = tuple(kept)
    after = replace(snapshot, parent=snapshot.digest, tables=tables)
    store.put_snapshot(after)
    return Erased(after, tuple(sorted(replaced)))


def _without(
    store: Store, ref: ObjectRef, buckets: int, persons: Collection[int], records: Collection[int]
) -> ObjectRef | None:
    """The same object where it holds nobody of them, another without their rows, None where nothing is left."""
    if not _may_hold(ref, buckets, persons, records):
        return ref
    named = store.get(ref, [*PERSON_COLUMNS, *RECORD_COLUMNS])
    theirs = _theirs(named, persons, records)
    if theirs is None or named.filter(theirs).is_empty():
        return ref
    rest = store.get(ref).filter(~theirs)
    if rest.is_empty():
        return None
    return store.put(ref.table, rest, bucket=ref.bucket, night=ref.night, buckets=buckets)


def _may_hold(ref: ObjectRef, buckets: int, persons: Collection[int], records: Collection[int]) -> bool:
    """Whether the object's bucket is one that their rows may lie in.

    A bucket of households may be any. So may an open bucket of persons: a link that was refuted names their record
    under somebody else's number. What is sealed by person (names, groups) comes by confirmed links alone.
    """
    if ref.bucket is None or buckets == 1:
        return True
    by = table_of(ref.table, {}).bucket
    if by in PERSON_COLUMNS and ref.sealed:
        return any(one % buckets == ref.bucket for one in persons)
    if by in RECORD_COLUMNS:
        return any(one % buckets == ref.bucket for one in records)
    return True


def _theirs(frame: pl.DataFrame, persons: Collection[int], records: Collection[int]) -> pl.Expr | None:
    """Which rows are theirs; None where no column says so."""
    named = [(column, persons) for column in PERSON_COLUMNS] + [(column, records) for column in RECORD_COLUMNS]
    said = [pl.col(name).is_in(list(numbers)) for name, numbers in named if name in frame.columns]
    return pl.any_horizontal(said).fill_null(value=False) if said else None
