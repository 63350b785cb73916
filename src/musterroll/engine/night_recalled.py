"""A recalled delivery, as the night reads it: as if it had never been taken in (charter S10).

1. Its rows end. Where it was the last of its source, the rows that it had ended are held again, as they were before it;
   where others followed, its rows that they repeated word for word end too, and the source's silence is read by nobody
   until its next whole extract: who lost a row is asked, and not called. So it is where rows that it had ended may have
   left the archive by their time limit since (charter S13): those cannot be held again.
2. Its line among the deliveries ends: freshness and silence are those of the delivery before it.
3. Records whose rows changed so are changed records like any other; their facts follow from the rows held now. What a
   statement of the delivery said is taken back whole, and not closed on a day.
4. Nothing is removed: the archive still knows what was held at any time, so that decisions replay (S4).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from musterroll.dates import FIRST_DAY
from musterroll.engine.roll import ObjectRef, Snapshot, Store, archive
from musterroll.engine.roll.retention import ROWS_KEPT
from musterroll.engine.roll.table import OPEN_TIME, TABLES, Table
from musterroll.engine.row_tables import CHANGES, ENDED, table_for
from musterroll.extract.schema import Source


@dataclass(frozen=True)
class Amended:
    """The roll before tonight without what was recalled; the records that changed by it, and the rows that ended."""

    parent: Snapshot
    changed: pl.DataFrame
    ended: pl.DataFrame


def amended(
    store: Store,
    parent: Snapshot,
    recalled: Collection[int],
    sources: Mapping[str, Source],
    *,
    arrived: Collection[str],
    known: int,
) -> Amended:
    """`parent` as it stands at `known` without the deliveries `recalled`; the same where all of them are out already.

    `arrived` are the sources of which a delivery is taken in tonight: it says itself what is held.
    """
    nothing = Amended(parent, pl.DataFrame(schema=CHANGES), pl.DataFrame(schema=ENDED))
    taken = archive.held(store, parent, "delivery")
    if taken is None:
        return nothing
    bad = taken.filter(pl.col("delivery").is_in(list(recalled))).sort("as_of", "delivery", descending=True)
    if bad.is_empty():
        return nothing
    objects = dict(parent.tables)
    changed, ended = [nothing.changed], [nothing.ended]
    lost = []
    for delivery, name, night in bad.select("delivery", "source", "known_from").iter_rows():
        source = sources.get(name)
        if source is None:
            continue
        table = table_for(source)
        if _may_be_gone(parent.refs(table.name), night, known):
            lost.append(delivery)
        back_since = night if _is_last(taken, recalled, delivery, name) and name not in arrived else None
        operations = []
        for bucket in range(parent.buckets):
            ends, adds = _rows(store, replace(parent, tables=objects), table, bucket, delivery, back_since, recalled)
            operations += [archive.ends(table, ends, known), archive.adds(table, adds, known)]
            changed.append(_changes(ends, adds, name))
            ended.append(ends.select("record", pl.lit(name).alias("source"), "delivery", "row").with_columns(_WHOLE))
        objects[table.name] = archive.append(
            store, objects.get(table.name, ()), table.name, pl.concat(operations), known, buckets=parent.buckets
        )
    objects["delivery"] = archive.append(
        store, objects["delivery"], "delivery", _deliveries(taken, bad, recalled, lost, known), known
    )
    return Amended(
        replace(parent, tables=objects, known_at=known),
        pl.concat([one.select(list(CHANGES)) for one in changed]).unique("record", keep="first", maintain_order=True),
        pl.concat([one.select(list(ENDED)) for one in ended]),
    )


_DAY = 86_400_000_000
_WHOLE = pl.lit(FIRST_DAY, pl.Int32).alias("as_of")
"""The day on which a statement that is taken back ceases: before any day on which it could have been true."""


def _may_be_gone(rows: Sequence[ObjectRef], night: int, known: int) -> bool:
    """Whether rows that a night ended may be gone: it is over their time limit ago, and the table was folded since."""
    return night < known - ROWS_KEPT * _DAY and any(ref.night is None for ref in rows)


def _is_last(taken: pl.DataFrame, recalled: Collection[int], delivery: int, name: str) -> bool:
    """Whether no delivery of the source that stands was taken in after this one."""
    place = taken.filter(pl.col("delivery") == delivery).select("as_of", "delivery").row(0)
    others = taken.filter((pl.col("source") == name) & ~pl.col("delivery").is_in(list(recalled)))
    return all(row < place for row in others.select("as_of", "delivery").iter_rows())


def _rows(
    store: Store,
    roll: Snapshot,
    table: Table,
    bucket: int,
    delivery: int,
    back_since: int | None,
    recalled: Collection[int],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The delivery's rows that are held in one bucket, and those that its night had ended."""
    frames = store.get_bucket(roll.refs(table.name), bucket, roll.buckets)
    columns = list(table.plain_schema)
    if not frames:
        return table.plain_schema.to_frame(), table.plain_schema.to_frame()
    spans = archive.intervals(table, frames)
    ends = spans.filter((pl.col("delivery") == delivery) & (pl.col("known_to") == OPEN_TIME))
    if back_since is None:
        return ends.select(columns), table.plain_schema.to_frame()
    gone = spans.filter((pl.col("known_to") == back_since) & ~pl.col("delivery").is_in(list(recalled)))
    held = spans.filter(pl.col("known_to") == OPEN_TIME).select("delivery", "row")
    return ends.select(columns), gone.select(columns).join(held, on=["delivery", "row"], how="anti")


def _changes(ends: pl.DataFrame, adds: pl.DataFrame, name: str) -> pl.DataFrame:
    records = pl.concat([ends.select("record"), adds.select("record")]).unique(maintain_order=True)
    return records.with_columns(
        pl.lit(name).alias("source"), (~pl.col("record").is_in(adds["record"].implode())).alias("gone")
    )


def _deliveries(
    taken: pl.DataFrame, bad: pl.DataFrame, recalled: Collection[int], lost: Collection[int], known: int
) -> pl.DataFrame:
    """The recalled lines end; the last line of a source of which another followed says that it is not whole.

    So does the last line where rows that one of the `lost` deliveries had ended cannot be held again.
    """
    table = TABLES["delivery"]
    last = (
        taken.filter(~pl.col("delivery").is_in(list(recalled)))
        .sort("as_of", "delivery")
        .group_by("source", maintain_order=True)
        .last()
    )
    named = bad.select("source", pl.col("as_of").alias("bad_as_of"), pl.col("delivery").alias("bad"))
    day, that = pl.col("as_of"), pl.col("bad_as_of")
    later = (day > that) | ((day == that) & (pl.col("delivery") > pl.col("bad")))
    unknown = later | pl.col("bad").is_in(list(lost))
    broken = last.join(named, on="source").filter(unknown & pl.col("full")).unique("delivery", maintain_order=True)
    return pl.concat(
        [
            archive.ends(table, pl.concat([bad, broken.select(bad.columns)]), known),
            archive.adds(table, broken.with_columns(pl.lit(value=False).alias("full")), known),
        ]
    )
