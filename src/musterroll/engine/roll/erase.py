"""The roll without some people: every object that holds them is written again without their rows (data-model 3).

1. A row goes when it is of one of the persons, or of one of their records, in any table, sealed or open, of any night:
   the past is erased with the present.
2. An object that holds none of them keeps its bytes and its name. So does the order of all other rows: whoever replays
   somebody else's decision finds what was there.
3. Nothing here commits, and nothing is removed: the snapshot counts when an act names it, and `Store.sweep` then takes
   the old objects away.
"""

from collections.abc import Collection, Mapping
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


def erase(
    store: Store,
    snapshot: Snapshot,
    *,
    persons: Collection[int],
    records: Collection[int],
    relatives: Mapping[str, Mapping[str, Collection[str]]] | None = None,
) -> Erased:
    """Write every object again that holds one of `persons` or `records`, then the snapshot that follows `snapshot`.

    `relatives` gives for a table of rows its columns of relatives' record numbers, and the columns that say something
    of each: in somebody else's row, what is said of an erased relative becomes blank.
    """
    tables: dict[str, tuple[ObjectRef, ...]] = {}
    replaced: list[tuple[str, str]] = []
    for name, refs in sorted(snapshot.tables.items()):
        kept = []
        for ref in refs:
            new = _without(store, ref, snapshot.buckets, persons, records, (relatives or {}).get(name, {}))
            if new is not ref:
                replaced.append((ref.sha256, "" if new is None else new.sha256))
            if new is not None:
                kept.append(new)
        tables[name] = tuple(kept)
    after = replace(snapshot, parent=snapshot.digest, tables=tables)
    store.put_snapshot(after)
    return Erased(after, tuple(sorted(replaced)))


def _without(
    store: Store,
    ref: ObjectRef,
    buckets: int,
    persons: Collection[int],
    records: Collection[int],
    relatives: Mapping[str, Collection[str]],
) -> ObjectRef | None:
    """The same object where it holds nobody of them, another without their rows, None where nothing is left."""
    if not relatives and not _may_hold(ref, buckets, persons, records):
        return ref
    named = store.get(ref, [*PERSON_COLUMNS, *RECORD_COLUMNS, *relatives])
    theirs = _theirs(named, persons, records)
    there = [name for name in relatives if name in named.columns]
    about = pl.any_horizontal(pl.lit(value=False), *(pl.col(name).is_in(list(records)) for name in there))
    if theirs is None or named.filter(theirs | about.fill_null(value=False)).is_empty():
        return ref
    rest = _blanked(store.get(ref).filter(~theirs), {name: relatives[name] for name in there}, records)
    if rest.is_empty():
        return None
    return store.put(ref.table, rest, bucket=ref.bucket, night=ref.night, buckets=buckets)


def _blanked(rows: pl.DataFrame, relatives: Mapping[str, Collection[str]], records: Collection[int]) -> pl.DataFrame:
    """The rows with nothing in the columns of those of the relatives who are erased."""
    for number, columns in relatives.items():
        theirs = pl.col(number).is_in(list(records)).fill_null(value=False)
        said = [name for name in columns if name in rows.columns]
        rows = rows.with_columns(
            *(pl.when(~theirs).then(name).otherwise(pl.lit("")).alias(name) for name in said),
            pl.when(~theirs).then(number).alias(number),
        )
    return rows


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
