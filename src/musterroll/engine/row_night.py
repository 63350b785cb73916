"""A night's rows: tonight's deliveries laid over the rows held, record bucket by record bucket (data-model 4, `row`).

1. A row keeps the delivery and place where it was first seen for as long as the agency sends it unchanged: yesterday's
   extract again adds nothing. Equal rows of a record are told apart by their order.
2. A row that a full extract no longer carries ends. A delivery of changes puts records (their rows are then those it
   gives) and drops records, and leaves all others.
3. A row set aside is not an absence: the rows of a record that could not be read tonight stay as they were, and where
   nobody can say whose row was set aside, nothing ends; where one without a key says of whom it is, what may be his
   stays, and is named in a line of `refused` (`ABSENT`): it may have changed. What such a row says of its person is
   held as an entry of its own (`extract.apart`), until what mends the row comes: a line of `refused`, `APART`, names
   that entry.
4. Silence may be read as of a delivery where a full extract, or an unbroken chain of changes since one, is held and no
   row set aside may be of somebody of whom it is read (`says_all_in_one_row`), or its own entry says of whom. A row
   set aside is mended by the next delivery that gives its record, by the next full extract, or by the correction of
   its delivery. Where one row says all of a person, one in a full extract of which nobody knows whose it is may be
   news of those alone whose own row did not come, and where it says of whom it is, of those who may be meant: a line of
   `refused`, `ABSENT`, names each of them.
5. Steps: each part of a delivery is numbered and handed on by record bucket; each bucket of each source is compared
   with what is held; what is new is written. Every step is marked when done and gives the same bytes when done again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from musterroll.engine.crew import Crew
from musterroll.engine.delivery import Staged
from musterroll.engine.night_pieces import buckets_a_piece, collected, pieces
from musterroll.engine.night_work import Work
from musterroll.engine.record_numbers import record_numbers
from musterroll.engine.roll import ObjectRef, Snapshot, Store, Through, archive
from musterroll.engine.roll.table import TABLES, Table
from musterroll.engine.row_laid import Laid, as_compared, lay_piece, number_part, register_piece
from musterroll.engine.row_tables import CHANGES, ENDED, GONE, PLACE, relatives, step_of, table_for
from musterroll.extract.row import REPEATED
from musterroll.extract.schema import Silence, Source
from musterroll.linkage.comparison import Compared

APART = "row.apart"
"""The reason in a line of `refused` that names the entry of its own of a row set aside."""
ABSENT = "row.absent"
"""The reason in a line of `refused` (row 0) that names a record of which no row came, beside one nobody can place."""


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
            self._kept(step_of(source), "changed", bucket).select(
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
            self._kept(step_of(source), "ended", bucket).select(
                "record", pl.lit(source).alias("source"), *PLACE, pl.lit(as_of, pl.Int32).alias("as_of")
            )
            for source, as_of in sorted(self.arrived.items())
        ]
        taken_back = self.taken_back.filter(pl.col("record") % self.roll.buckets == bucket)
        return pl.concat([pl.DataFrame(schema=ENDED), *found, taken_back.select(list(ENDED))])

    def _kept(self, step: str, name: str, bucket: int) -> pl.DataFrame:
        buckets = self.roll.buckets
        kept = self.work.kept_for_now(step, f"{name}-{bucket // buckets_a_piece(buckets):04}")
        return kept.filter(pl.col("record") % buckets == bucket)


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
        list(crew.map(number_part, [(laid, n, path) for n, path in enumerate(one.staged.all_parts())]))
        told = list(crew.map(lay_piece, [(laid, *piece) for piece in pieces(buckets)]))
        written[laid.table.name] = collected(store, work, laid.step, laid.table.name, told, known, buckets)
        taken.append(_Taken(one, laid, pl.concat([aside, _absent(one, told)]), told))
    if arrived:
        given = {name: one.delivery for name, one in arrived.items()}
        job = (store, work, given, known, any(relatives(sources[name]) for name in arrived))
        told = list(crew.map(register_piece, [(*job, *piece) for piece in pieces(buckets)]))
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
) -> tuple[Laid, pl.DataFrame]:
    aside = _aside(one, record_key).filter(~pl.col("record").is_in(list(erased)).fill_null(value=False))
    unreadable = tuple(sorted(set(aside["record"].drop_nulls().to_list())))
    own = aside.filter(pl.col("reasons") == APART)
    lost = aside.filter(pl.col("record").is_null())
    says_who = lost.join(own, on=PLACE, how="anti").is_empty()
    keyless = not lost.is_empty() and (source.founds or not says_who)
    still = _open(refused, deliveries, source.name)
    watched = tuple(sorted({*unreadable, *still["record"].drop_nulls().to_list()}))
    full = one.staged.manifest.full and not keyless
    gone = tuple(sorted(erased))
    over = tuple(sorted(set(_over(one, still, record_key)) - set(unreadable)))
    laid = Laid(
        store,
        parent,
        work,
        source,
        table,
        one.delivery,
        full,
        unreadable,
        watched,
        known,
        record_key,
        gone,
        over,
        _keyless(one, source, lost) if says_who else (),
        one.staged.manifest.as_of,
        says_all_in_one_row(source) and not lost.is_empty() and (one.staged.manifest.full or says_who),
    )
    return laid, aside


def _all_compared(told: Sequence[Mapping[str, Any]]) -> bool:
    return all(each["compared"] for each in told)


def _absent(one: Tonight, told: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The records that may be those of rows of which nobody knows whose they are, a line each."""
    known = one.staged.manifest.full or _all_compared(told)
    records = pl.Series("record", [record for each in told if known for record in each["absent"]], pl.Int64)
    line = {"delivery": one.delivery, "row": 0, "reasons": ABSENT, "columns": ""}
    schema = TABLES["refused"].plain_schema
    said = records.to_frame().with_columns(pl.lit(value).alias(name) for name, value in line.items())
    return said.select([pl.col(name).cast(kind) for name, kind in schema.items()])


def _keyless(one: Tonight, source: Source, lost: pl.DataFrame) -> tuple[Compared, ...]:
    """The rows without a key that say of whom they are, as they are compared."""
    apart = one.staged.apart()
    rows = apart.filter(pl.col("$of").is_in(lost["row"].cast(pl.Int32).implode()))
    if rows.is_empty():
        return ()
    texts = rows.with_columns(
        pl.lit(0, pl.Int64).alias("record"),
        *(pl.lit("").alias(name) if name == source.key else pl.col(name).fill_null("") for name in source.columns),
    )
    return tuple(as_compared(source, texts, one.staged.manifest.as_of))


def _over(one: Tonight, still: pl.DataFrame, record_key: bytes) -> list[int]:
    """The entries of rows set aside before that this delivery makes good."""
    own = still.filter(pl.col("reasons") == APART)
    if own.is_empty() or one.staged.manifest.full:
        return own["record"].to_list()
    keys = pl.concat([pl.Series("key", [], pl.String), *(pl.read_parquet(p)["key"] for p in one.staged.parts())])
    given = record_numbers(record_key, one.staged.source, keys)
    mended = still.filter(pl.col("record").is_in(given.implode()) | (pl.col("delivery") == one.corrects))
    return own.join(mended, on=PLACE, how="semi")["record"].to_list()


def _aside(one: Tonight, record_key: bytes) -> pl.DataFrame:
    """The rows set aside, with their records; not those that stand in the file a second time, word for word."""
    rows = one.staged.refused().filter(pl.col("reasons") != REPEATED)
    named = rows.with_columns(
        pl.lit(one.delivery, pl.Int64).alias("delivery"),
        record_numbers(record_key, one.staged.source, rows["key"].fill_null("")).alias("record"),
    ).with_columns(pl.when(pl.col("key").fill_null("") != "").then("record").alias("record"))
    apart = one.staged.apart()
    own = apart.select(
        pl.lit(one.delivery, pl.Int64).alias("delivery"),
        pl.col("$of").alias("row"),
        pl.lit(APART).alias("reasons"),
        pl.lit("").alias("columns"),
        record_numbers(record_key, one.staged.source, apart["key"]).alias("record"),
    )
    schema = TABLES["refused"].plain_schema
    return pl.concat(
        [frame.select([pl.col(name).cast(kind) for name, kind in schema.items()]) for frame in (named, own)]
    )


def says_all_in_one_row(source: Source) -> bool:
    """Whether all that a source says of a person stands in the one row of the one record that is linked to the person.

    Only such a person's silence is read there, and a row of another key is somebody else's. Where rows also place
    people in families, it may be of anybody's child, unless it is kept apart and says whose (`extract.apart`).
    """
    one = source.rows_per_record == "one" and source.records_per_person == "one"
    return one and source.silence is Silence.EVERYBODY


def _open(refused: pl.DataFrame, deliveries: pl.DataFrame, source: str) -> pl.DataFrame:
    """The rows of a source that were set aside and are not mended."""
    return refused.join(deliveries.filter(pl.col("source") == source), on="delivery", how="semi")


@dataclass(frozen=True, slots=True)
class _Taken:
    """A delivery once it is laid over what is held. `told` are its buckets' answers."""

    one: Tonight
    laid: Laid
    aside: pl.DataFrame
    told: list[dict[str, Any]]

    def mended(self, refused: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
        """The rows set aside before that this delivery makes good."""
        still = _open(refused, deliveries, self.laid.source.name)
        if self.one.staged.manifest.full:
            return still
        own = pl.col("reasons") == APART
        over = pl.col("record").is_in(self.laid.over)
        given = pl.col("record").is_in(self.all_of("given")) | (pl.col("delivery") == self.one.corrects)
        return still.filter(pl.when(own).then(over).otherwise(given))

    def line(self, refused: pl.DataFrame, deliveries: pl.DataFrame) -> tuple[int, str, int, bool, int]:
        """Its row of the table `delivery`: `full` says whether silence may be read as of it (rule 4)."""
        name, told = self.laid.source.name, self.one.staged.manifest
        still = _open(refused, deliveries, name).join(self.mended(refused, deliveries), on=PLACE, how="anti")
        whole = told.full or self.one.continues or self._chained(deliveries)
        anybodys = self._may_be_anybodys(pl.concat([still, self.aside]), deliveries)
        return self.one.delivery, name, told.as_of, whole and not anybodys, self.one.staged.kept

    def _may_be_anybodys(self, aside: pl.DataFrame, deliveries: pl.DataFrame) -> bool:
        """Whether a row set aside may be of somebody of whom silence is read."""
        own = aside.filter(pl.col("reasons") == APART)
        lost = aside.join(own, on=PLACE, how="anti")
        one = says_all_in_one_row(self.laid.source)
        if (not one or self.laid.source.rosters) and not set(lost["record"].to_list()) <= set(self.all_of("held")):
            return True
        if not one:
            return False
        # Such a row is news of the absent only; among changes of anybody who is held, unless it says of whom.
        judged = deliveries.filter("full")["delivery"].to_list()
        placed = self.one.staged.manifest.full or (self.laid.tells_absent and _all_compared(self.told))
        judged += [self.one.delivery] if placed else []
        return not aside.filter(pl.col("record").is_null() & ~pl.col("delivery").is_in(judged)).is_empty()

    def _chained(self, deliveries: pl.DataFrame) -> bool:
        told = self.one.staged.manifest
        before = deliveries.filter(pl.col("source") == self.laid.source.name).sort("as_of", "delivery")
        return bool(told.base or told.corrects) and not before.is_empty() and bool(before["full"][-1])

    def all_of(self, name: str) -> list[int]:
        """What the buckets answered, together."""
        return [record for each in self.told for record in each[name]]
