"""One delivery laid over the rows held: each part numbered, each few buckets compared, and what changed written.

1. A part's rows get their record's number and a digest, and are handed on by record bucket.
2. A bucket's rows are compared with those held by record, digest and order among equals: what is new begins, what is no
   more ends. What is read of the rows held are their names, not their texts.
3. Beside rows without a key that say of whom they are (`keyless`) a row that did not come ends where it surely is of
   somebody else (`is_anothers`); every other one may have come without its key: it stays, and is told to be absent.
4. Once all deliveries are laid, the records that came or went are entered (`seen`, `by_key`), and whom rows name
   (`relative`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from musterroll.engine import linkage_rows
from musterroll.engine.night_pieces import put_operations
from musterroll.engine.night_work import Work
from musterroll.engine.record_numbers import record_numbers, row_digests
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.engine.roll.table import RELATIVE, TABLES, Table
from musterroll.engine.row_tables import CHANGED, GONE, NEW, PLACE, relatives, step_of
from musterroll.errors import MusterRollError
from musterroll.extract.schema import Source
from musterroll.fact.record import told_of, unnamed
from musterroll.linkage.comparison import COLUMNS as COMPARED_COLUMNS
from musterroll.linkage.comparison import Compared
from musterroll.linkage.pair import compare

MOST_COMPARED = 1_000_000
"""Of more pairs of a row that did not come and one without a key nobody is told apart: all stay."""

_OWN = {"record": pl.Int64, "key": pl.String, "how": pl.UInt8}
_NAMED = {"record": pl.Int64, "source": pl.String, "of": pl.Int64, "how": pl.UInt8}


@dataclass(frozen=True, slots=True)
class Laid:
    """What a worker needs to lay one delivery over what is held. `watched` are records of rows set aside, not mended.

    `full`: what it does not carry ends. `over`: records whose rows end though it is not (entries of rows set aside
    before, `extract.apart`). `keyless` are the rows without a key, as they are compared. `tells_absent`: the records
    held of which no row came are told; with `keyless` rows only those that may be of one of them.
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
    over: tuple[int, ...] = ()
    keyless: tuple[Compared, ...] = ()
    as_of: int = 0
    tells_absent: bool = False

    @property
    def step(self) -> str:
        return step_of(self.source.name)


def number_part(laid: Laid, number: int, path: Path) -> None:
    """Number one part's records and rows, and hand them on by record bucket."""
    step = f"{laid.step}-in"
    if laid.work.done(step, number) is not None:
        return
    rows = _without_erased(laid, pl.read_parquet(path))
    name, columns = laid.source.name, list(laid.source.columns)
    made = [record_numbers(laid.record_key, name, rows["key"]), row_digests(rows, columns)]
    for part in relatives(laid.source):
        cells = [pl.col(column) != "" for column in told_of(laid.source, part)]
        cells.append(pl.lit(any(each.part == part and unnamed(laid.source, each) for each in laid.source.rosters)))
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


def _without_erased(laid: Laid, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without those of erased records, and with nothing in the columns of an erased relative."""
    if not laid.erased:
        return rows
    gone = pl.Series(laid.erased, dtype=pl.Int64).implode()
    rows = rows.filter(~record_numbers(laid.record_key, laid.source.name, rows["key"]).is_in(gone))
    for part in relatives(laid.source):
        theirs = record_numbers(laid.record_key, laid.source.name, rows["key"] + f"#{part}").is_in(gone)
        columns = told_of(laid.source, part)
        rows = rows.with_columns(
            pl.when(~theirs).then(column).otherwise(pl.lit("")).alias(column) for column in columns
        )
    return rows


def _spread(values: pl.Series, there: pl.Series) -> pl.Series:
    """The values at the places where something is there, null elsewhere."""
    place = there.cast(pl.Int64).cum_sum() - 1
    return values.gather(pl.select(pl.when(there).then(place)).to_series())


def lay_piece(laid: Laid, piece: int, buckets: Sequence[int]) -> dict[str, Any]:
    """Compare some buckets of a delivery with what is held of it, and write what changed."""
    told = laid.work.done(laid.step, piece)
    if told is not None:
        return told
    given = _given(laid, buckets)
    records = pl.concat([given["record"], _of_these(laid, buckets, laid.over)]).unique()
    keys = _told_apart(laid, given)
    new = given.filter(~pl.col("$drop"))
    every = laid.full or laid.tells_absent
    held = _held_names(laid, buckets, None if every else pl.concat([records, _of_these(laid, buckets, laid.watched)]))
    before = held if laid.full else held.filter(pl.col("record").is_in(records.implode()))
    was, fresh, missing = _compared(before, new, laid.unreadable)
    over = _without_who_may_have_come(laid, buckets, missing, records)
    absent = missing.join(over, on="record", how="anti")["record"]
    compared: pl.Series | None = absent
    if laid.tells_absent:
        absent = _absent(laid, held, records)
        compared = _may_be_of(laid, buckets, absent) if laid.keyless else absent
    laid.work.keep(laid.step, f"ended-{piece:04}", over.select("record", *PLACE))
    changed = _changed(before, over, fresh)
    kept = changed.join(keys, on="record", how="left").with_columns(pl.when(pl.col("how") == NEW).then("key"))
    laid.work.keep(laid.step, f"changed-{piece:04}", kept.select(_OWN.keys()))
    if relatives(laid.source):
        stays = was.join(over, on=PLACE, how="anti")
        _hand_on_relatives(laid, piece, changed, was, pl.concat([stays, fresh.select(stays.columns)]))
    columns = laid.table.plain_schema
    blank = [pl.lit(None, columns[name]).alias(name) for name in columns if name not in over.columns]
    ended = archive.ends(laid.table, over.with_columns(blank), laid.known)
    operations = pl.concat([ended, archive.adds(laid.table, fresh, laid.known)])
    absent = absent if compared is None else compared
    seen = held.filter(pl.col("record").is_in([*laid.watched, *absent]))["record"]
    told = {
        **put_operations(laid.store, laid.work, laid.step, laid.table.name, operations, laid.known, piece, buckets),
        "held": seen.unique().sort().to_list(),
        "absent": absent.unique().sort().to_list(),
        "compared": compared is not None,
        "given": sorted(set(laid.watched) & set(new["record"].to_list())) if laid.watched else [],
    }
    laid.work.finish(laid.step, piece, told)
    return told


def _absent(laid: Laid, held: pl.DataFrame, came: pl.Series) -> pl.Series:
    """The records held of which no row came, readable or not."""
    unreadable = pl.Series("record", laid.unreadable, pl.Int64)
    gone = held.select("record").join(pl.concat([came, unreadable]).to_frame(), on="record", how="anti")
    return gone["record"].unique()


def _of_these(laid: Laid, buckets: Sequence[int], records: Sequence[int]) -> pl.Series:
    return pl.Series([one for one in records if one % laid.work.buckets in buckets], dtype=pl.Int64)


def _given(laid: Laid, buckets: Sequence[int]) -> pl.DataFrame:
    parts = laid.work.parts(f"{laid.step}-in", "rows")
    try:
        return parts.get(buckets[0], len(buckets))
    except FileNotFoundError:
        schema = {**laid.table.plain_schema, "$key": pl.String(), "$drop": pl.Boolean()}
        return pl.DataFrame(schema=schema)


def _told_apart(laid: Laid, given: pl.DataFrame) -> pl.DataFrame:
    """The key of each record given. Raises MusterRollError `record.collision` where two have one record."""
    keys = given.select("record", pl.col("$key").alias("key")).unique()
    if keys["record"].n_unique() < keys.height:
        raise MusterRollError(
            "record.collision",
            "Two entries of an agency have the same record number under this home's key; nothing was taken in.",
            where=f"delivery of {laid.source.name}",
            remedy="Nobody's rows may be mixed up with another's: make the home again with another record key.",
        )
    return keys


def _held_names(laid: Laid, buckets: Sequence[int], records: pl.Series | None) -> pl.DataFrame:
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


_TELLING = ("number", "given", "family", "born")


def is_anothers(row: Compared, keyless: Compared) -> bool:
    """Whether a row surely is of somebody else: two things differ that tell people apart, and none is near."""
    pair = compare(row, keyless, {})
    near = any(pair.agrees(name) or pair.slips(name) for name in _TELLING)
    return not near and sum(pair.differs(name) for name in _TELLING) > 1


def as_compared(source: Source, rows: pl.DataFrame, as_of: int) -> list[Compared]:
    """Rows of a source (`record`, `key`, texts as delivered) as they are compared, relatives left out."""
    named = [pl.lit(0, pl.Int64).alias(RELATIVE + part) for part in linkage_rows.relatives_of(source)]
    told = rows.with_columns(pl.lit(as_of, pl.Int32).alias("as_of"), *named)
    found = linkage_rows.compared(source, told).filter(pl.col("source") == source.name)
    return [Compared(*row) for row in found.select(COMPARED_COLUMNS).iter_rows()]


def _without_who_may_have_come(
    laid: Laid, buckets: Sequence[int], over: pl.DataFrame, given: pl.Series
) -> pl.DataFrame:
    """The rows that are over without those of absent records that may be of a row without a key."""
    came = pl.col("record").is_in(given.implode())
    absent = over.filter(~came)["record"].unique()
    if not laid.keyless:
        return over
    maybe = _may_be_of(laid, buckets, absent)
    return over.filter(came) if maybe is None else over.filter(came | ~pl.col("record").is_in(maybe.implode()))


def _may_be_of(laid: Laid, buckets: Sequence[int], absent: pl.Series) -> pl.Series | None:
    """Those of the absent records that may be of a row without a key; None where they are too many to be compared."""
    if laid.parent is None or absent.is_empty():
        return absent
    if absent.len() * len(laid.keyless) > MOST_COMPARED:
        return None
    columns = ["record", *(name for name, role in laid.source.roles if "." not in role)]
    here = [
        archive.held_bucket(
            laid.store,
            laid.parent,
            laid.table.name,
            one,
            table=laid.table,
            only=pl.col("record").is_in(absent.implode()),
            columns=columns,
        )
        for one in buckets
    ]
    rows = as_compared(laid.source, pl.concat(here).with_columns(_blank(laid.source, columns)), laid.as_of)
    maybe = {row.record for row in rows if not all(is_anothers(row, one) for one in laid.keyless)}
    return pl.Series("record", sorted(maybe), pl.Int64)


def _blank(source: Source, there: Sequence[str]) -> list[pl.Expr]:
    return [pl.lit("").alias(name) for name in source.columns if name not in there]


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    ordered = rows.sort("record", "digest", *PLACE)
    return ordered.with_columns(pl.int_range(pl.len()).over("record", "digest").alias("nth"))


def _changed(before: pl.DataFrame, over: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """The records with a row ended or added: `record` and how it changed."""
    touched = pl.concat([over["record"], fresh["record"]]).unique().sort()
    counts = touched.to_frame()
    if before.is_empty():
        return counts.with_columns(pl.lit(NEW, pl.UInt8).alias("how"))
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


def _hand_on_relatives(laid: Laid, piece: int, changed: pl.DataFrame, was: pl.DataFrame, now: pl.DataFrame) -> None:
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


def register_piece(
    store: Store, work: Work, given: Mapping[str, int], known: int, named: bool, piece: int, buckets: Sequence[int]
) -> dict[str, Any]:
    """The operations of `seen`, `by_key` and `relative` for some record buckets, of all deliveries of tonight."""
    step = "rows-named"
    told = work.done(step, piece)
    if told is not None:
        return told
    own = pl.concat(
        [
            work.kept(step_of(source), f"changed-{piece:04}").with_columns(pl.lit(source).alias("source"))
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
        return parts.get(buckets[0], len(buckets))
    except FileNotFoundError:
        return pl.DataFrame(schema=_NAMED)


def _operations(name: str, records: pl.DataFrame, known: int) -> pl.DataFrame:
    table = TABLES[name]
    come, gone = records.filter(pl.col("how") == NEW), records.filter(pl.col("how") == GONE)
    return pl.concat([archive.ends(table, gone, known), archive.adds(table, come, known)])
