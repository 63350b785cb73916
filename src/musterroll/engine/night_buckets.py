"""One night over the buckets of the roll: what is read, and how what a bucket makes becomes objects of the snapshot.

What is read are the archive tables as they stand after tonight (a snapshot that nobody has committed), whoever wrote
them; so it makes no difference how a fact came to be there. A bucket depends on the snapshots, the law and the day
alone: done again, or by another worker, it gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from musterroll.engine import fact_polars
from musterroll.engine.night_work import Work
from musterroll.engine.roll import ObjectRef, Snapshot, Store, archive
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, TABLES
from musterroll.engine.roll.write import ROW_GROUP
from musterroll.extract.schema import Source
from musterroll.law.pack import Pack


@dataclass(frozen=True)
class Night:
    """One night over the buckets of persons. `before` is what was committed last, `after` the archive after tonight.

    `earlier` is the law by which `before` was decided, where it is another one (or another text of the same).
    """

    store: Store
    before: Snapshot | None
    after: Snapshot
    work: Work
    pack: Pack
    earlier: Pack | None
    sources: Mapping[str, Source]
    everybody: bool
    recalled: frozenset[int] = frozenset()

    @property
    def on(self) -> int:
        """The legal day."""
        return self.after.on

    @property
    def buckets(self) -> int:
        """The home's number of buckets."""
        return self.after.buckets

    @property
    def known(self) -> int:
        """The night's time in microseconds."""
        return self.after.known_at

    @cached_property
    def deliveries(self) -> pl.DataFrame:
        """All deliveries. Those up to a recalled one of their source are not whole: its silence says nothing."""
        held = archive.held_bucket(self.store, self.after, "delivery", 0)
        bad = held.filter(pl.col("delivery").is_in(list(self.recalled)))
        last = bad.group_by("source").agg(pl.col("delivery").max().alias("$last"))
        spoilt = (pl.col("delivery") <= pl.col("$last")).fill_null(value=False)
        marked = held.join(last, on="source", how="left", maintain_order="left")
        return marked.with_columns((pl.col("full") & ~spoilt).alias("full")).drop("$last")

    def weakened(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Statements of which those of recalled deliveries are only possible."""
        if not self.recalled:
            return rows
        said = pl.col("delivery").is_in(list(self.recalled)) & (pl.col("link") == CONFIRMED)
        return rows.with_columns(pl.when(said).then(pl.lit(POSSIBLE, pl.UInt8)).otherwise("link").alias("link"))

    @cached_property
    def aliases(self) -> pl.DataFrame:
        """Whoever was merged, and into whom (`ends` resolved)."""
        held = archive.held_bucket(self.store, self.after, "alias", 0).select("person", "into")
        return held.with_columns(pl.col("into").replace(fact_polars.ends(held)))

    def held(self, name: str, bucket: int, only: pl.Expr | None = None) -> pl.DataFrame:
        """The rows of an archive table held after tonight, without the time since when."""
        return archive.held_bucket(self.store, self.after, name, bucket, only=only).drop("known_from")

    def tonight(self, name: str, bucket: int) -> pl.DataFrame:
        """Tonight's operations of a table in one bucket."""
        refs = [ref for ref in self.after.refs(name) if ref.night == self.known]
        table = TABLES[name]
        frames = self.store.get_bucket(refs, bucket, self.buckets)
        return pl.concat([table.night_schema.to_frame(), *frames])

    def view(self, name: str, bucket: int) -> pl.DataFrame | None:
        """One bucket of a view of the last night; None where it has no object."""
        refs = [] if self.before is None else [ref for ref in self.before.refs(name) if ref.bucket == bucket]
        return self.store.get(refs[0]) if refs else None

    def nothing(self, name: str) -> pl.DataFrame:
        """An empty frame of a table."""
        return TABLES[name].plain_schema.to_frame()


def hand_over(
    store: Store, work: Work, step: str, name: str, operations: pl.DataFrame, bucket: int, known: int
) -> dict[str, Any]:
    """Tonight's operations of one bucket: an object of their own where they fill a row group, else kept for `gathered`.

    What is given back belongs into the bucket's mark.
    """
    if operations.height < ROW_GROUP or work.buckets == 1:
        work.keep(step, f"{name}-{bucket:04}", operations)
        return {}
    return {name: store.put(name, operations, bucket=bucket, night=known).as_json()}


def gathered(store: Store, work: Work, step: str, name: str, known: int) -> tuple[ObjectRef, ...]:
    """Tonight's objects of a table: those of single buckets, and one for the operations of all others."""
    own: list[ObjectRef] = []
    rest: list[pl.DataFrame] = []
    for bucket in range(work.buckets):
        told = work.done(step, bucket) or {}
        if name in told:
            own.append(ObjectRef(table=name, **told[name]))
        else:
            rest.append(work.kept(step, f"{name}-{bucket:04}"))
    return (*own, *archive.together(store, name, rest, known, buckets=work.buckets))


def coverage_moved(
    sources: Mapping[str, Source], before: pl.DataFrame, after: pl.DataFrame, pack: Pack, on: Sequence[int]
) -> bool:
    """Whether a source is fresh, or its silence may be read, otherwise than on the last night (`on`: then, now)."""
    said = []
    for deliveries, day in zip((before, after), on, strict=True):
        covered = fact_polars.coverages(sources, deliveries, pack)
        said.append({name: (one.fresh(day), one.last is not None and one.last.full) for name, one in covered.items()})
    return said[0] != said[1]
