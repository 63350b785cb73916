"""The weekly fold, and what goes with it: what ended longer ago than its time limit leaves the archive (charter S13).

1. A limit is declared by the source for an attribute or a particular (`kept_days`); without one it is kept for as long
   as the person is in the register. Where several maps of a source give an attribute, the longest limit holds.
2. A statement ended when it ceased to be true or to be held, whichever came first. It goes when its limit is over on
   the day of the fold; of a person named in `keep` (a decision that used it may still be contested) nothing goes.
3. What goes leaves a tombstone: whose, which attribute, from which row, by which rule. No value is in it.
4. Rows as delivered go 90 days after they ended, those of the records in `keep_rows` excepted.
5. The same archive on the same day is folded into the same bytes, bucket by bucket, by any number of workers. Nothing
   is removed here: the old objects go with the next sweep once no retained snapshot names them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from musterroll.dates import NEVER
from musterroll.engine.crew import Crew
from musterroll.engine.roll import archive
from musterroll.engine.roll.snapshot import ObjectRef, Snapshot
from musterroll.engine.roll.store import Store
from musterroll.engine.roll.table import OPEN_TIME, TABLES, Table, table_of
from musterroll.extract.schema import Source
from musterroll.fact.attribute import Attribute

ROWS_KEPT = 90
"""Days for which rows as delivered are kept after they ended."""

_DAY = 86_400_000_000
_RULES = {"delivery": pl.Int64, "what": pl.String, "days": pl.Int32, "rule": pl.String}


@dataclass(frozen=True, slots=True)
class Limits:
    """The time limits in force: of facts by attribute number, of particulars by kind, each by source.

    `names` are the sources of the deliveries by number.
    """

    facts: Mapping[tuple[str, int], int] = field(default_factory=dict)
    particulars: Mapping[tuple[str, str], int] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)

    def of(self, table: str) -> pl.DataFrame:
        """A rule for each delivery and what it gave."""
        limits: Iterable[tuple[tuple[str, int | str], int]] = (
            self.facts.items() if table == "fact" else self.particulars.items()
        )
        lines = [
            (delivery, str(what), days, f"{source} {what} {days}")
            for (source, what), days in limits
            for delivery, name in self.names.items()
            if name.split("#")[0] == source
        ]
        return pl.DataFrame(lines, schema=_RULES, orient="row")


def limits_of(sources: Mapping[str, Source], attributes: Mapping[str, Attribute], deliveries: pl.DataFrame) -> Limits:
    """The limits that declarations give. `deliveries` are rows of the table `delivery`."""
    facts: dict[tuple[str, int], list[int]] = {}
    particulars: dict[tuple[str, str], list[int]] = {}
    for name, source in sorted(sources.items()):
        for fact in source.facts:
            if fact.attribute in attributes:
                facts.setdefault((name, attributes[fact.attribute].number), []).append(fact.kept_days)
        for each in source.particulars:
            particulars.setdefault((name, each.kind), []).append(each.kept_days)
    return Limits(
        {what: max(days) for what, days in facts.items() if min(days)},
        {what: max(days) for what, days in particulars.items() if min(days)},
        dict(deliveries.select("delivery", "source").iter_rows()),
    )


def fold_week(
    store: Store,
    snapshot: Snapshot,
    limits: Limits,
    *,
    on: int,
    known: int,
    crew: Crew,
    keep: Collection[int] = (),
    keep_rows: Collection[int] = (),
) -> dict[str, tuple[ObjectRef, ...]]:
    """Every table of which something can be folded, as base objects, without what is past its limit on the day `on`.

    Tables that it does not name stay as they are.
    """
    names = [name for name, refs in sorted(snapshot.tables.items()) if _folds(name, refs, limits)]
    people, records = tuple(sorted(keep)), tuple(sorted(keep_rows))
    jobs = [
        (store, snapshot, name, bucket, limits, on, known, records if name.startswith("row.") else people)
        for name in names
        for bucket in archive.buckets_of(name, snapshot.buckets)
    ]
    found: dict[str, list[ObjectRef]] = {name: [] for name in names}
    gone: list[pl.DataFrame] = []
    for (_, _, name, *_), (ref, tombstones) in zip(jobs, crew.map(fold_bucket, jobs), strict=True):
        found[name] += [] if ref is None else [ref]
        gone += [] if tombstones.is_empty() else [tombstones]
    folded = {name: tuple(refs) for name, refs in found.items()}
    if gone:
        before = folded.get("tombstone", snapshot.refs("tombstone"))
        stones = archive.adds(TABLES["tombstone"], pl.concat(gone), known)
        folded["tombstone"] = archive.append(store, before, "tombstone", stones, known, buckets=snapshot.buckets)
    return folded


def _folds(name: str, refs: tuple[ObjectRef, ...], limits: Limits) -> bool:
    limited = {"fact": bool(limits.facts), "particular": bool(limits.particulars)}.get(name, name.startswith("row."))
    return limited or any(ref.night is not None for ref in refs)


def fold_bucket(
    store: Store,
    snapshot: Snapshot,
    name: str,
    bucket: int,
    limits: Limits,
    on: int,
    known: int,
    keep: tuple[int, ...],
) -> tuple[ObjectRef | None, pl.DataFrame]:
    """One bucket as a base object (of a view: as it stands), and the tombstones of what it lost."""
    none = TABLES["tombstone"].plain_schema.to_frame()
    frames = store.get_bucket(snapshot.refs(name), bucket, snapshot.buckets)
    if not frames:
        return None, none
    columns = {column: kind for frame in frames for column, kind in frame.schema.items()}
    table = table_of(name, columns)
    if not table.archive:
        rows, tombstones = archive.as_known(table, frames, snapshot.known_at).drop("known_from"), none
    else:
        rows, tombstones = archive.intervals(table, _alike(table, frames)), none
        if name.startswith("row."):
            over = pl.col("known_to") < known - ROWS_KEPT * _DAY
            rows = rows.filter(~over | pl.col("record").is_in(list(keep)))
        elif name in ("fact", "particular"):
            rows, tombstones = _within(name, rows, limits.of(name), on, keep)
    if rows.is_empty():
        return None, tombstones
    return store.put(name, rows, bucket=bucket if table.bucket else None), tombstones


def _alike(table: Table, frames: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """Rows as delivered, with null in the columns that an earlier or later declaration did not have."""
    if not table.name.startswith("row."):
        return list(frames)
    lacking = [[column for column in table.columns if column.name not in frame.columns] for frame in frames]
    return [
        frame.with_columns(pl.lit(None, column.type).alias(column.name) for column in columns)
        for frame, columns in zip(frames, lacking, strict=True)
    ]


def _within(
    name: str, rows: pl.DataFrame, rules: pl.DataFrame, on: int, keep: tuple[int, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows within their limit, and the tombstones of the others."""
    if rules.is_empty():
        return rows, TABLES["tombstone"].plain_schema.to_frame()
    what = pl.col("attribute" if name == "fact" else "kind").cast(pl.String)
    held = pl.when(pl.col("known_to") < OPEN_TIME).then((pl.col("known_to") // _DAY).cast(pl.Int32)).otherwise(NEVER)
    ended = pl.min_horizontal("valid_to", held).cast(pl.Int64)
    judged = rows.with_columns(what.alias("what")).join(
        rules, on=["delivery", "what"], how="left", maintain_order="left"
    )
    over = (ended + pl.col("days") < on).fill_null(value=False) & ~pl.col("person").is_in(list(keep))
    gone = judged.filter(over)
    attribute = pl.col("attribute") if name == "fact" else pl.lit(0, pl.Int16).alias("attribute")
    stones = gone.with_columns(attribute, pl.lit(name).alias("of")).select(list(TABLES["tombstone"].plain_schema))
    return judged.filter(~over).select(rows.columns), stones.unique(list(TABLES["tombstone"].key), maintain_order=True)
