"""A night's rows: tonight's deliveries laid over the rows held, record bucket by record bucket (data-model 4, `row`).

1. A row keeps the delivery and place where it was first seen for as long as the agency sends it unchanged: yesterday's
   extract again adds nothing. Equal rows of a record are told apart by their order.
2. A row that a full extract no longer carries ends. A delivery of changes puts records (their rows are then those it
   gives) and drops records, and leaves all others.
3. A row set aside is not an absence: the rows of a record that could not be read tonight stay as they were, and where
   nobody can say whose row was set aside, nothing ends.
4. Silence may be read as of a delivery where a full extract, or an unbroken chain of changes since one, is held and no
   row set aside may be anybody's. A row set aside is mended by the next delivery that gives its record, by the next
   full extract, or by the correction of its delivery.
5. Steps: each part of a delivery is numbered and handed on by record bucket; each bucket of each source is compared
   with what is held; what is new is written. Every step is marked when done and gives the same bytes when done again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from musterroll.engine.crew import Crew
from musterroll.engine.delivery import Staged
from musterroll.engine.night_work import Work
from musterroll.engine.record_numbers import record_numbers, row_digests
from musterroll.engine.roll import ObjectRef, Snapshot, Store, Through, archive, write
from musterroll.engine.roll.table import RELATIVE, TABLES, Table, row_table
from musterroll.errors import MusterRollError
from musterroll.extract.schema import Source

PLACE = ["delivery", "row"]
NEW, CHANGED, GONE = 1, 2, 3
"""How a record changed tonight: seen for the first time (or again), with other rows than before, in no row any more."""

CHANGES = {"record": pl.Int64, "source": pl.String, "gone": pl.Boolean}
ENDED = {"record": pl.Int64, "source": pl.String, "delivery": pl.Int64, "row": pl.Int32, "as_of": pl.Int32}
_TOGETHER = 8
_OWN = {"record": pl.Int64, "key": pl.String, "how": pl.UInt8}
_NAMED = {"record": pl.Int64, "source": pl.String, "of": pl.Int64, "how": pl.UInt8}


@dataclass(frozen=True, slots=True)
class Tonight:
    """One delivery to take in: its number, and where its rows lie.

    `continues` says that an unbroken chain of deliveries leads to it from a full extract that the roll holds;
    `corrects` is the number of the delivery whose rows set aside it mends.
    """

    delivery: int
    staged: Staged
    continues: bool = False
    corrects: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows held after tonight. `roll` names the objects of the tables of rows; `arrived` the sources of tonight.

    `unread` are the records of which a row lies set aside, `aside` those of which one began or ceased to tonight. It
    goes to workers as it is: what it reads lies in files.
    """

    store: Store
    roll: Snapshot
    work: Work
    tables: Mapping[str, Table]
    arrived: Mapping[str, int]
    deliveries: pl.DataFrame
    unread: pl.Series
    aside: pl.DataFrame
    taken_back: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ENDED))
    """Rows of recalled deliveries that ended tonight (`night_recalled`); the records are in `aside`."""

    @property
    def objects(self) -> dict[str, tuple[ObjectRef, ...]]:
        """The objects of the tables of rows, those of earlier nights included."""
        return dict(self.roll.tables)

    def held(self, source: str, bucket: int, records: pl.Series | None = None) -> pl.DataFrame:
        """The rows of a source held now, of one record bucket, or only those of some records."""
        only = None if records is None else pl.col("record").is_in(records.implode())
        table = self.tables[source]
        return archive.held_bucket(self.store, self.roll, table.name, bucket, table=table, only=only).drop("known_from")

    def changed(self, bucket: int) -> pl.DataFrame:
        """The records whose rows changed tonight, relatives named in such rows included: CHANGES."""
        own = [
            self._kept(_step(source), "changed", bucket).select(
                "record", pl.lit(source).alias("source"), (pl.col("how") == GONE).alias("gone")
            )
            for source in sorted(self.arrived)
        ]
        named = [self._kept("rows-named", "changed", bucket)] if self.arrived else []
        aside = self.aside.filter(pl.col("record") % self.roll.buckets == bucket)
        return pl.concat([pl.DataFrame(schema=CHANGES), *own, *named, aside]).unique(
            "record", keep="first", maintain_order=True
        )

    def ended(self, bucket: int) -> pl.DataFrame:
        """The rows that ended tonight, by the record bucket they were in: ENDED."""
        found = [
            self._kept(_step(source), "ended", bucket).select(
                "record", pl.lit(source).alias("source"), *PLACE, pl.lit(as_of, pl.Int32).alias("as_of")
            )
            for source, as_of in sorted(self.arrived.items())
        ]
        taken_back = self.taken_back.filter(pl.col("record") % self.roll.buckets == bucket)
        return pl.concat([pl.DataFrame(schema=ENDED), *found, taken_back.select(list(ENDED))])

    def _kept(self, step: str, name: str, bucket: int) -> pl.DataFrame:
        buckets = self.roll.buckets
        kept = self.work.kept(step, f"{name}-{bucket // buckets_a_piece(buckets):04}")
        return kept.filter(pl.col("record") % buckets == bucket)


@dataclass(frozen=True, slots=True)
class _Laid:
    """What a worker needs to lay one delivery over what is held. `watched` are records of rows set aside, not mended.

    `full`: what it does not carry ends.
    """

    store: Store
    parent: Snapshot | None
    work: Work
    source: Source
    table: Table
    delivery: int
    full: bool
    unreadable: tuple[int, ...]
    watched: tuple[int, ...]
    known: int
    record_key: bytes
    erased: tuple[int, ...] = ()

    @property
    def step(self) -> str:
        return _step(self.source.name)


def relatives(source: Source) -> tuple[str, ...]:
    """The relatives whom a source's rows name, in the declared order: `spouse`, `dependant_1`."""
    return tuple(dict.fromkeys(role.split(".")[0] for _, role in source.roles if "." in role))


def table_for(source: Source) -> Table:
    """The table of a source's rows: its columns, then the record number of each relative."""
    return row_table(source.name, [*source.columns, *(RELATIVE + part for part in relatives(source))])


def take_in(
    store: Store,
    parent: Snapshot | None,
    tonight: Sequence[Tonight],
    sources: Mapping[str, Source],
    *,
    record_key: bytes,
    known: int,
    buckets: int,
    work: Work,
    crew: Crew,
    erased: Collection[int] = (),
) -> Rows:
    """Lay tonight's deliveries over the rows held, write what changed, and say what did.

    Rows of `erased` records are passed over before anything of them is written, and what a row says of an erased
    relative is blank. Raises MusterRollError `record.collision` where two keys of an agency have one record number.
    """
    tables = {name: table_for(source) for name, source in sorted(sources.items())}
    roll = _before(parent, tables, buckets, known)
    refused = _held(store, parent, "refused")
    deliveries = _held(store, parent, "delivery")
    written: dict[str, list[ObjectRef]] = {}
    taken: list[_Taken] = []
    arrived = {one.staged.source: one for one in tonight}
    for name, one in sorted(arrived.items()):
        laid, aside = _laid(
            store, parent, one, sources[name], tables[name], refused, deliveries, record_key, known, work, erased
        )
        list(crew.map(_number_part, [(laid, n, path) for n, path in enumerate(one.staged.parts())]))
        told = list(crew.map(_lay_piece, [(laid, *piece) for piece in pieces(buckets)]))
        written[laid.table.name] = collected(store, work, laid.step, laid.table.name, told, known, buckets)
        taken.append(_Taken(one, laid, aside, told))
    if arrived:
        given = {name: one.delivery for name, one in arrived.items()}
        job = (store, work, given, known, any(relatives(sources[name]) for name in arrived))
        told = list(crew.map(_register_piece, [(*job, *piece) for piece in pieces(buckets)]))
        for name in ("seen", "by_key", "relative"):
            written[name] = collected(store, work, "rows-named", name, [each[name] for each in told], known, buckets)
    mended = [each.mended(refused, deliveries) for each in taken]
    lines = [each.line(refused, deliveries) for each in taken]
    new = pl.DataFrame(lines, schema=TABLES["delivery"].plain_schema, orient="row")
    operations = {
        "delivery": archive.adds(TABLES["delivery"], new, known),
        "refused": pl.concat(
            [
                *(archive.ends(TABLES["refused"], frame, known) for frame in mended),
                *(archive.adds(TABLES["refused"], each.aside, known) for each in taken),
                pl.DataFrame(schema=TABLES["refused"].schema),
            ]
        ),
    }
    for name, frame in operations.items():
        written[name] = list(archive.append(store, (), name, frame, known))
    after = {name: (*roll.refs(name), *refs) for name, refs in written.items() if refs}
    whole = replace(roll, tables={**roll.tables, **after})
    return Rows(
        store,
        whole,
        work,
        tables,
        {name: one.staged.manifest.as_of for name, one in arrived.items()},
        pl.concat([deliveries, new]),
        _unread(store, whole),
        _turned(taken, mended),
    )


def _unread(store: Store, roll: Snapshot) -> pl.Series:
    return _held(store, roll, "refused")["record"].drop_nulls().unique().sort()


def _turned(taken: Sequence["_Taken"], mended: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The records held of which a row was set aside tonight, or was mended."""
    lines = [
        frame.filter(pl.col("record").is_in(each.all_of("held"))).select(
            "record", pl.lit(each.laid.source.name).alias("source"), pl.lit(value=False).alias("gone")
        )
        for each, frames in zip(taken, mended, strict=True)
        for frame in (each.aside, frames)
    ]
    return pl.concat([pl.DataFrame(schema=CHANGES), *lines]).unique("record", keep="first", maintain_order=True)


def _before(parent: Snapshot | None, tables: Mapping[str, Table], buckets: int, known: int) -> Snapshot:
    names = [*(table.name for table in tables.values()), "seen", "by_key", "relative", "refused", "delivery"]
    held = {} if parent is None else {name: parent.refs(name) for name in names if parent.refs(name)}
    return Snapshot("", buckets, Through("", 0), (), 0, known, held)


def _held(store: Store, parent: Snapshot | None, name: str) -> pl.DataFrame:
    found = None if parent is None else archive.held(store, parent, name)
    return TABLES[name].plain_schema.to_frame() if found is None else found.drop("known_from")


# A delivery as a whole


def _laid(
    store: Store,
    parent: Snapshot | None,
    one: Tonight,
    source: Source,
    table: Table,
    refused: pl.DataFrame,
    deliveries: pl.DataFrame,
    record_key: bytes,
    known: int,
    work: Work,
    erased: Collection[int],
) -> tuple[_Laid, pl.DataFrame]:
    aside = _aside(one, record_key).filter(~pl.col("record").is_in(list(erased)).fill_null(value=False))
    unreadable = tuple(sorted(set(aside["record"].drop_nulls().to_list())))
    keyless = aside["record"].null_count() > 0
    still = _open(refused, deliveries, source.name)["record"].drop_nulls().to_list()
    watched = tuple(sorted({*unreadable, *still}))
    full = one.staged.manifest.full and not keyless
    gone = tuple(sorted(erased))
    laid = _Laid(store, parent, work, source, table, one.delivery, full, unreadable, watched, known, record_key, gone)
    return laid, aside


def _aside(one: Tonight, record_key: bytes) -> pl.DataFrame:
    rows = one.staged.refused()
    named = rows.with_columns(
        pl.lit(one.delivery, pl.Int64).alias("delivery"),
        record_numbers(record_key, one.staged.source, rows["key"].fill_null("")).alias("record"),
    ).with_columns(pl.when(pl.col("key").fill_null("") != "").then("record").alias("record"))
    return named.select([pl.col(name).cast(kind) for name, kind in TABLES["refused"].plain_schema.items()])


def _open(refused: pl.DataFrame, deliveries: pl.DataFrame, source: str) -> pl.DataFrame:
    """The rows of a source that were set aside and are not mended."""
    return refused.join(deliveries.filter(pl.col("source") == source), on="delivery", how="semi")


@dataclass(frozen=True, slots=True)
class _Taken:
    """A delivery once it is laid over what is held. `told` are its buckets' answers."""

    one: Tonight
    laid: _Laid
    aside: pl.DataFrame
    told: list[dict[str, Any]]

    def mended(self, refused: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
        """The rows set aside before that this delivery makes good."""
        still = _open(refused, deliveries, self.laid.source.name)
        if self.one.staged.manifest.full:
            return still
        given = pl.col("record").is_in(self.all_of("given"))
        return still.filter(given | (pl.col("delivery") == self.one.corrects))

    def line(self, refused: pl.DataFrame, deliveries: pl.DataFrame) -> tuple[int, str, int, bool, int]:
        """Its row of the table `delivery`: `full` says whether silence may be read as of it (rule 4)."""
        name, told = self.laid.source.name, self.one.staged.manifest
        still = _open(refused, deliveries, name).join(self.mended(refused, deliveries), on=PLACE, how="anti")
        records = pl.concat([still["record"], self.aside["record"]])
        anybodys = records.null_count() > 0 or not set(records.to_list()) <= set(self.all_of("held"))
        whole = told.full or self.one.continues or self._chained(deliveries)
        return self.one.delivery, name, told.as_of, whole and not anybodys, self.one.staged.kept

    def _chained(self, deliveries: pl.DataFrame) -> bool:
        told = self.one.staged.manifest
        before = deliveries.filter(pl.col("source") == self.laid.source.name).sort("as_of", "delivery")
        return bool(told.base or told.corrects) and not before.is_empty() and bool(before["full"][-1])

    def all_of(self, name: str) -> list[int]:
        """What the buckets answered, together."""
        return [record for each in self.told for record in each[name]]


# A part, a bucket


def _step(source: str) -> str:
    return f"rows-{source}"


def _number_part(laid: _Laid, number: int, path: Path) -> None:
    """Number one part's records and rows, and hand them on by record bucket."""
    step = f"{laid.step}-in"
    if laid.work.done(step, number) is not None:
        return
    rows = _without_erased(laid, pl.read_parquet(path))
    name, columns = laid.source.name, list(laid.source.columns)
    made = [record_numbers(laid.record_key, name, rows["key"]), row_digests(rows, columns)]
    for part in relatives(laid.source):
        cells = [pl.col(column) != "" for column, role in laid.source.roles if role.startswith(f"{part}.")]
        there = rows.select(pl.any_horizontal(cells).fill_null(value=False)).to_series()
        of = record_numbers(laid.record_key, name, rows["key"].filter(there) + f"#{part}")
        made.append(_spread(of, there).alias(RELATIVE + part))
    numbered = rows.select(
        pl.lit(laid.delivery, pl.Int64).alias("delivery"),
        pl.col("row").cast(pl.Int32),
        *made,
        *(pl.col(column).fill_null("") for column in columns),
        pl.col("key").alias("$key"),
        pl.col("op").eq_missing("drop").alias("$drop"),
    )
    laid.work.parts(step, "rows").add(number, numbered, "record")
    laid.work.finish(step, number)


def _without_erased(laid: _Laid, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without those of erased records, and with nothing in the columns of an erased relative."""
    if not laid.erased:
        return rows
    gone = pl.Series(laid.erased, dtype=pl.Int64).implode()
    rows = rows.filter(~record_numbers(laid.record_key, laid.source.name, rows["key"]).is_in(gone))
    for part in relatives(laid.source):
        theirs = record_numbers(laid.record_key, laid.source.name, rows["key"] + f"#{part}").is_in(gone)
        columns = [column for column, role in laid.source.roles if role.startswith(f"{part}.")]
        rows = rows.with_columns(
            pl.when(~theirs).then(column).otherwise(pl.lit("")).alias(column) for column in columns
        )
    return rows


def _spread(values: pl.Series, there: pl.Series) -> pl.Series:
    """The values at the places where something is there, null elsewhere."""
    place = there.cast(pl.Int64).cum_sum() - 1
    return values.gather(pl.select(pl.when(there).then(place)).to_series())


def _lay_piece(laid: _Laid, piece: int, buckets: Sequence[int]) -> dict[str, Any]:
    """Compare some buckets of a delivery with what is held of it, and write what changed."""
    told = laid.work.done(laid.step, piece)
    if told is not None:
        return told
    given = _given(laid, buckets)
    records = given["record"].unique()
    _told_apart(laid, given)
    new = given.filter(~pl.col("$drop"))
    before = _held_names(laid, buckets, None if laid.full else records)
    was, fresh, over = _compared(before, new, laid.unreadable)
    laid.work.keep(laid.step, f"ended-{piece:04}", over.select("record", *PLACE))
    changed = _changed(before, over, fresh)
    keys = new.select("record", pl.col("$key").alias("key")).unique("record")
    kept = changed.join(keys, on="record", how="left").with_columns(pl.when(pl.col("how") == NEW).then("key"))
    laid.work.keep(laid.step, f"changed-{piece:04}", kept.select(_OWN.keys()))
    if relatives(laid.source):
        stays = was.join(over, on=PLACE, how="anti")
        _hand_on_relatives(laid, piece, changed, was, pl.concat([stays, fresh.select(stays.columns)]))
    columns = laid.table.plain_schema
    blank = [pl.lit(None, columns[name]).alias(name) for name in columns if name not in over.columns]
    ended = archive.ends(laid.table, over.with_columns(blank), laid.known)
    operations = pl.concat([ended, archive.adds(laid.table, fresh, laid.known)])
    seen = set(before.filter(pl.col("record").is_in(list(laid.watched)))["record"].to_list())
    told = {
        **put_operations(laid.store, laid.work, laid.step, laid.table.name, operations, laid.known, piece, buckets),
        "held": sorted(seen),
        "given": sorted(set(laid.watched) & set(new["record"].to_list())) if laid.watched else [],
    }
    laid.work.finish(laid.step, piece, told)
    return told


def _given(laid: _Laid, buckets: Sequence[int]) -> pl.DataFrame:
    parts = laid.work.parts(f"{laid.step}-in", "rows")
    try:
        return pl.concat([parts.get(bucket) for bucket in buckets])
    except FileNotFoundError:
        schema = {**laid.table.plain_schema, "$key": pl.String(), "$drop": pl.Boolean()}
        return pl.DataFrame(schema=schema)


def _told_apart(laid: _Laid, given: pl.DataFrame) -> None:
    keys = given.select("record", "$key").unique()
    if keys["record"].n_unique() < keys.height:
        raise MusterRollError(
            "record.collision",
            "Two entries of an agency have the same record number under this home's key; nothing was taken in.",
            where=f"delivery of {laid.source.name}",
            remedy="Nobody's rows may be mixed up with another's: make the home again with another record key.",
        )


def _held_names(laid: _Laid, buckets: Sequence[int], records: pl.Series | None) -> pl.DataFrame:
    """The rows held in the buckets (or only of some records), without their texts."""
    named = ["record", *PLACE, "digest", *(RELATIVE + part for part in relatives(laid.source))]
    if laid.parent is None:
        return laid.table.plain_schema.to_frame().select(named)
    only = None if records is None else pl.col("record").is_in(records.implode())
    found = [
        archive.held_bucket(laid.store, laid.parent, laid.table.name, one, table=laid.table, only=only, columns=named)
        for one in buckets
    ]
    return pl.concat(found).select(named)


def _compared(
    before: pl.DataFrame, new: pl.DataFrame, unreadable: Collection[int]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The rows held before, those that are new, and those that are over; equal rows of a record by their order."""
    if before.is_empty():
        return before, new, before
    same = ["record", "digest", "nth"]
    was, now = _numbered(before), _numbered(new)
    fresh = now.join(was, on=same, how="anti")
    over = was.join(now, on=same, how="anti").filter(~pl.col("record").is_in(list(unreadable)))
    return was.drop("nth"), fresh.drop("nth"), over.drop("nth")


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    ordered = rows.sort("record", "digest", *PLACE)
    return ordered.with_columns(pl.int_range(pl.len()).over("record", "digest").alias("nth"))


def _changed(before: pl.DataFrame, over: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """The records with a row ended or added: `record` and how it changed."""
    touched = pl.concat([over["record"], fresh["record"]]).unique().sort()
    counts = touched.to_frame()
    for name, frame in (("was", before), ("over", over), ("come", fresh)):
        count = frame.group_by("record").agg(pl.len().cast(pl.Int64).alias(name))
        counts = counts.join(count, on="record", how="left", maintain_order="left").with_columns(
            pl.col(name).fill_null(0)
        )
    how = (
        pl.when(pl.col("was") == 0)
        .then(NEW)
        .when(pl.col("was") - pl.col("over") + pl.col("come") == 0)
        .then(GONE)
        .otherwise(CHANGED)
    )
    return counts.select("record", how.cast(pl.UInt8).alias("how"))


def _hand_on_relatives(laid: _Laid, piece: int, changed: pl.DataFrame, was: pl.DataFrame, now: pl.DataFrame) -> None:
    """The relatives named in changed records' rows, before and now, by their own record bucket."""
    frames = []
    for part in relatives(laid.source):
        old, new = (
            frame.join(changed, on="record", how="semi")
            .select(pl.col(RELATIVE + part).alias("record"), pl.col("record").alias("of"))
            .drop_nulls()
            .unique()
            for frame in (was, now)
        )
        marked = pl.concat(
            [
                new.join(old, on=["record", "of"], how="anti").with_columns(pl.lit(NEW, pl.UInt8).alias("how")),
                old.join(new, on=["record", "of"], how="anti").with_columns(pl.lit(GONE, pl.UInt8).alias("how")),
                old.join(new, on=["record", "of"], how="semi").with_columns(pl.lit(CHANGED, pl.UInt8).alias("how")),
            ]
        )
        source = f"{laid.source.name}#{part.split('_')[0]}"
        frames.append(marked.with_columns(pl.lit(source).alias("source")).select(_NAMED.keys()))
    laid.work.parts("rows-named", laid.source.name).add(piece, pl.concat(frames).sort("record"), "record")


def _register_piece(
    store: Store, work: Work, given: Mapping[str, int], known: int, named: bool, piece: int, buckets: Sequence[int]
) -> dict[str, Any]:
    """The operations of `seen`, `by_key` and `relative` for some record buckets, of all deliveries of tonight."""
    step = "rows-named"
    told = work.done(step, piece)
    if told is not None:
        return told
    own = pl.concat(
        [
            work.kept(_step(source), f"changed-{piece:04}").with_columns(pl.lit(source).alias("source"))
            for source in sorted(given)
        ]
    )
    sources = sorted(given) if named else []
    relative = pl.concat([pl.DataFrame(schema=_NAMED), *(_relatives(work, each, buckets) for each in sources)])
    work.keep(step, f"changed-{piece:04}", relative.select("record", "source", (pl.col("how") == GONE).alias("gone")))
    everybody = pl.concat([own.select("record", "source", "how"), relative.select("record", "source", "how")])
    delivery = pl.col("source").str.split("#").list.first().replace_strict(dict(given), return_dtype=pl.Int64)
    found = {
        "seen": _operations("seen", everybody.with_columns(delivery.alias("delivery")), known),
        "by_key": _operations("by_key", own, known),
        "relative": _operations("relative", relative, known),
    }
    told = {
        name: put_operations(store, work, step, name, operations, known, piece, buckets)
        for name, operations in found.items()
    }
    work.finish(step, piece, told)
    return told


def _relatives(work: Work, source: str, buckets: Sequence[int]) -> pl.DataFrame:
    parts = work.parts("rows-named", source)
    try:
        return pl.concat([parts.get(bucket) for bucket in buckets])
    except FileNotFoundError:
        return pl.DataFrame(schema=_NAMED)


def _operations(name: str, records: pl.DataFrame, known: int) -> pl.DataFrame:
    table = TABLES[name]
    come, gone = records.filter(pl.col("how") == NEW), records.filter(pl.col("how") == GONE)
    return pl.concat([archive.ends(table, gone, known), archive.adds(table, come, known)])


# What is written


def buckets_a_piece(buckets: int) -> int:
    """How many buckets one job takes together: a small night is not cut into more pieces than it has work for."""
    return min(_TOGETHER, max(1, buckets // 2))


def pieces(buckets: int) -> list[tuple[int, tuple[int, ...]]]:
    """The jobs of a step: a number, and the buckets that it takes together."""
    step = buckets_a_piece(buckets)
    return [(n, tuple(range(n * step, min((n + 1) * step, buckets)))) for n in range(-(-buckets // step))]


def put_operations(
    store: Store,
    work: Work,
    step: str,
    name: str,
    operations: pl.DataFrame,
    known: int,
    piece: int,
    buckets: Sequence[int],
) -> dict[str, Any]:
    """Write the operations of each bucket that fill an object of its own; all others are kept for `collected`."""
    rest, own = operations, []
    if operations.height >= write.OWN_OBJECT and work.buckets > 1:
        column = pl.col(TABLES[name].bucket if name in TABLES else "record") % work.buckets
        split = [operations.filter(column == bucket) for bucket in buckets]
        own = [
            store.put(name, part, bucket=bucket, night=known).as_json()
            for bucket, part in zip(buckets, split, strict=True)
            if part.height >= write.OWN_OBJECT
        ]
        rest = pl.concat([part.clear() if part.height >= write.OWN_OBJECT else part for part in split])
    if rest.height:
        work.keep(step, f"{name}-{piece:04}", rest)
    return {"objects": own, "rest": rest.height}


def collected(
    store: Store, work: Work, step: str, name: str, answers: Iterable[Mapping[str, Any]], known: int, buckets: int
) -> list[ObjectRef]:
    """The night's objects of one table: those of whole buckets, and one of all that was too little for one.

    `answers` are what `put_operations` gave, piece by piece.
    """
    own, rest = [], []
    for piece, answer in enumerate(answers):
        own += [ObjectRef(table=name, **one) for one in answer["objects"]]
        if answer["rest"]:
            rest.append(work.kept(step, f"{name}-{piece:04}"))
    return [*own, *archive.together(store, name, rest, known, buckets=buckets)]
