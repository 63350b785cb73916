"""Rows and links to facts, places in groups and particulars, all records at once. Must agree with `fact.record`.

What comes in: the rows held of each source (`row.<source>`), the deliveries, the links. What goes out: the frames of
the archive tables `fact`, `member`, `particular` as they should be held now (`Built`); `fact_night` turns them into a
night's operations.

Only founded persons have a number (charter S13): a member who is nobody in the register has a null person, and a row
linked to nobody gives no fact. Particulars follow confirmed links only: a possible link shows nobody anything.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.engine.record_numbers import record_numbers
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, RELATIVE, TABLES
from musterroll.extract.row import cell, hull
from musterroll.extract.schema import Column, ColumnType, FactMap, RosterMap, Silence, Source, time_read
from musterroll.fact.attribute import Attribute, Kind, ValueType
from musterroll.fact.record import A_YEAR, born_between, first_of_year

_ROW = ["record", "delivery", "row"]


@dataclass(frozen=True, slots=True)
class Built:
    """The three tables as they follow from the rows and links held now: plain columns, without operations."""

    facts: pl.DataFrame
    members: pl.DataFrame
    particulars: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Read:
    """A source's rows with what is read from them: `$COLUMN` beside each date and number column that a map needs."""

    source: Source
    rows: pl.DataFrame


def build(
    rows: Mapping[str, pl.DataFrame],
    sources: Mapping[str, Source],
    deliveries: pl.DataFrame,
    links: pl.DataFrame,
    attributes: Mapping[str, Attribute],
    *,
    record_key: bytes,
) -> Built:
    """Facts, members and particulars of everybody.

    `rows` are the held rows by source, `deliveries` has delivery and as_of, `links` person, record and judgement.
    `record_key` numbers groups and named relatives (`ids.record_number`), as it numbers records.
    """
    linked = links.filter(pl.col("judgement").is_in([CONFIRMED, POSSIBLE])).select(
        "person", "record", pl.col("judgement").cast(pl.UInt8).alias("link")
    )
    as_of = _days(deliveries)
    read = [_read(sources[name], frame, as_of) for name, frame in sorted(rows.items())]
    facts = _stacked("fact", [_facts(one, attributes).join(linked, on="record") for one in read])
    members = _stacked(
        "member", [_members(one, one.source.rosters, record_key).join(linked, on="record", how="left") for one in read]
    )
    confirmed = linked.filter(pl.col("link") == CONFIRMED)
    particulars = _stacked(
        "particular", [_particulars(one, record_key).join(confirmed, on="record").drop("link") for one in read]
    )
    return Built(facts, _with_own_birth(members, facts, attributes), particulars)


def registered(built: Built, numbers: pl.DataFrame) -> Built:
    """The same for those whom the law registers (charter S13): `numbers` has each `temporary` number and its `person`.

    Facts and particulars of all others are left out. As members of somebody's group they keep the birth date's hull and
    nothing that says who they are; one who stands in a group twice stands in it once.
    """
    known = numbers.select(pl.col("temporary").cast(pl.Int64), pl.col("person").cast(pl.Int64).alias("_number"))

    def numbered(frame: pl.DataFrame, how: Literal["inner", "left"]) -> pl.DataFrame:
        joined = frame.join(known, left_on="person", right_on="temporary", how=how, maintain_order="left")
        return joined.with_columns(pl.col("_number").alias("person")).drop("_number")

    row = ["group", "delivery", "row", "n"]
    others = built.members.filter(pl.col("link") == CONFIRMED).join(
        known, left_on="person", right_on="temporary", how="anti"
    )
    again = others.filter(pl.col("person").cum_count().over("roster", "group", "person") > 1)
    members = numbered(built.members.join(again.select(row), on=row, how="anti", maintain_order="left"), "left")
    members = members.with_columns(pl.when(pl.col("person").is_not_null()).then("link").alias("link"))
    named = members.filter(pl.col("person").is_not_null())
    nameless = members.filter(pl.col("person").is_null()).join(named, on=row, how="anti").unique(row)
    return Built(
        facts=_stacked("fact", [numbered(built.facts, "inner")]),
        members=_stacked("member", [named, nameless]),
        particulars=_stacked("particular", [numbered(built.particulars, "inner")]),
    )


def _stacked(name: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    table = TABLES[name]
    typed = [frame.select([pl.col(c).cast(kind) for c, kind in table.plain_schema.items()]) for frame in frames]
    return pl.concat([table.plain_schema.to_frame(), *typed]).sort(table.sort, nulls_last=False)


def said(
    rows: Mapping[str, pl.DataFrame],
    sources: Mapping[str, Source],
    deliveries: pl.DataFrame,
    attributes: Mapping[str, Attribute],
) -> pl.DataFrame:
    """The facts of rows before it is known whose they are: record, delivery, row, n, attribute, lo, hi, valid times.

    `attributes` may be some of the pack's: then only these.
    """
    as_of = _days(deliveries)
    frames = [_facts(_read(sources[name], frame, as_of), attributes) for name, frame in sorted(rows.items())]
    return pl.concat(frames) if frames else _facts_of([])


@dataclass(frozen=True, slots=True)
class Unlinked:
    """What the rows of one source say before it is known whose they are. `relatives` are members whom a row names."""

    facts: pl.DataFrame
    members: pl.DataFrame
    relatives: pl.DataFrame
    particulars: pl.DataFrame


def statements(
    source: Source,
    rows: pl.DataFrame,
    deliveries: pl.DataFrame,
    attributes: Mapping[str, Attribute],
    *,
    record_key: bytes,
) -> Unlinked:
    """All that some rows of a source say. `rows` are as held: with the record number of each relative (`row_night`)."""
    read = _read(source, rows, _days(deliveries))
    own, named = ([each for each in source.rosters if bool(each.part) is part] for part in (False, True))
    return Unlinked(
        _facts(read, attributes),
        _members(read, own, record_key),
        _members(read, named, record_key),
        _particulars(read, record_key),
    )


def _days(deliveries: pl.DataFrame) -> pl.DataFrame:
    return deliveries.select(pl.col("delivery").cast(pl.Int64), pl.col("as_of").cast(pl.Int32))


def _read(source: Source, rows: pl.DataFrame, as_of: pl.DataFrame) -> _Read:
    given = [name for name in rows.columns if name.startswith(RELATIVE)]
    frame = rows.select([*_ROW, *source.columns, *given]).join(as_of, on="delivery", maintain_order="left")
    for name in _needed(source):
        days = frame["as_of"].unique().to_list()
        pairs = frame.select(name, "as_of").unique() if len(days) > 1 else frame.select(pl.col(name).unique())
        asked = pairs.iter_rows() if len(days) > 1 else ((text, days[0]) for text in pairs[name].to_list())
        memory = _memory(source, name)
        found = [memory.get(each) or _looked_at(memory, source.columns[name], each) for each in asked]
        read = pairs.with_columns(
            pl.Series(f"{mark}{name}", [each[place] for each in found], pl.Int32)
            for place, mark in enumerate(("$", "$<", "$>"))
        )
        frame = frame.join(read, on=pairs.columns, how="left", nulls_equal=True, maintain_order="left")
    return _Read(source, frame)


def _needed(source: Source) -> list[str]:
    """The date and number columns that a map reads."""
    times = [time_read(when)[1] for each in source.facts for when in (each.valid_from, each.valid_to)]
    age = source.column_of("age")
    named = {*times, *(each.column for each in source.facts), *(each.born for each in source.rosters)}
    named |= set() if age is None else {age.name}
    return [
        name for name, column in source.columns.items()
        if name in named and column.type in (ColumnType.DATE, ColumnType.INT)
    ]  # fmt: skip


type _Cell = tuple[int | str | None, int | None, int | None]
type _Memory = dict[tuple[str | None, int], _Cell]

_memories: dict[int, tuple[Source, dict[str, _Memory]]] = {}
_SOURCES_KEPT, _CELLS_KEPT = 32, 1_000_000


def _memory(source: Source, column: str) -> _Memory:
    """What the plain reader said of each text of a column and day: it is asked once a process, not once a bucket."""
    if id(source) not in _memories:
        if len(_memories) >= _SOURCES_KEPT:
            _memories.clear()
        _memories[id(source)] = (source, {})  # the source is kept, so that its id stays its own
    memory = _memories[id(source)][1].setdefault(column, {})
    if len(memory) > _CELLS_KEPT:
        memory.clear()
    return memory


def _looked_at(memory: _Memory, column: Column, asked: tuple[str | None, int]) -> _Cell:
    text, day = asked
    lo, hi = hull(column, text or "", day)[0] or (None, None) if column.type is ColumnType.DATE else (None, None)
    found = memory[asked] = (cell(column, text or "", day)[0], lo, hi)
    return found


def _accepted(conditions: Mapping[str, tuple[str, ...]]) -> pl.Expr:
    """Whether a row's delivered texts are among those listed, for every column named."""
    return pl.all_horizontal([pl.lit(True), *(pl.col(c).is_in(list(texts)) for c, texts in conditions.items())])


def _asked(source: Source, each: FactMap) -> pl.Expr:
    """Whether a map speaks for a row; null where a code that cannot be read may be the one asked for."""

    def matched(conditions: Mapping[str, tuple[str, ...]]) -> pl.Expr:
        one_by_one = [
            pl.when(pl.col(column).is_in(list(texts)))
            .then(pl.lit(value=True))
            .when(_unreadable(source, column))
            .then(None)
            .otherwise(pl.lit(value=False))
            for column, texts in conditions.items()
        ]
        return pl.all_horizontal([pl.lit(value=True), *one_by_one])

    when = matched(each.when)
    return when & ~matched(each.unless) if each.unless else when


def _unreadable(source: Source, column: str) -> pl.Expr:
    """Whether a code's cell is filled with what is no declared code."""
    declared = source.columns[column]
    if declared.type is not ColumnType.CODE:
        return pl.lit(value=False)
    bare = pl.col(column).str.strip_chars()
    return (bare != "") & ~bare.is_in(list(declared.values))


# Facts


def _facts(read: _Read, attributes: Mapping[str, Attribute]) -> pl.DataFrame:
    frames = [
        _fact(read, each, attributes[each.attribute], n)
        for n, each in enumerate(read.source.facts)
        if each.attribute in attributes
    ]
    return _facts_of(frames)


def _facts_of(frames: list[pl.DataFrame]) -> pl.DataFrame:
    columns = [*_ROW, "attribute", "n", "lo", "hi", "valid_from", "valid_to"]
    schema = {name: kind for name, kind in TABLES["fact"].schema.items() if name in columns}
    return pl.concat(
        [
            pl.DataFrame(schema=schema).select(columns),
            *(f.select([pl.col(c).cast(schema[c]) for c in columns]) for f in frames),
        ]
    )


def _fact(read: _Read, each: FactMap, attribute: Attribute, n: int) -> pl.DataFrame:
    frame = read.rows
    if each.rank > 1:
        day = pl.col(f"${each.column}").fill_null(NEVER) if _is_date(read, each.column) else pl.lit(NEVER)
        order = frame.with_columns(day.alias("_day")).sort("record", "_day", "delivery", "row")
        frame = order.filter(pl.col("row").cum_count().over("record") >= each.rank)
    for name, conditions in (("_beside", each.beside), ("_without", each.without)):
        frame = frame.with_columns(_others(read.rows, frame, conditions).alias(name))
    lo, hi = _hull(read, each, attribute)
    asked = _asked(read.source, each)
    spoken = asked.is_not_null() if not attribute.neutral else pl.lit(value=True)
    frame = frame.with_columns(asked.alias("_asked")).filter(
        pl.col("_asked").fill_null(value=True) & spoken & ~pl.col("_without")
    )
    frame = frame.with_columns(lo.alias("lo"), hi.alias("hi"))
    frame = frame.with_columns(
        _time(each.valid_from, FIRST_DAY).alias("valid_from"),
        _time(each.valid_to, NEVER).alias("valid_to"),
        pl.lit(attribute.number).alias("attribute"),
        pl.lit(n).alias("n"),
    )
    open_at_all = attribute.neutral and (each.when or each.unless)
    if (
        open_at_all
        or each.certainty == "possible"
        or each.beside
        or time_read(each.valid_from)[1]
        or time_read(each.valid_to)[1]
    ):
        frame = _opened(frame, each, attribute)
    return frame.filter(pl.col("lo").is_not_null() & (pl.col("valid_from") < pl.col("valid_to")))


def _opened(frame: pl.DataFrame, each: FactMap, attribute: Attribute) -> pl.DataFrame:
    """The hull runs to the neutral value where the map is only possible, nothing stands beside, or no year is read; to
    every value where there is no neutral one.
    """
    least, most = (attribute.value_of(attribute.neutral),) * 2 if attribute.neutral else attribute.span
    no_time = pl.col("valid_from").is_null() | pl.col("valid_to").is_null()
    alone = ~pl.col("_beside") if each.beside else pl.lit(value=False)
    maybe = pl.col("_asked").is_null()
    is_open = (pl.lit(each.certainty == "possible") | alone | no_time | maybe) & pl.col("lo").is_not_null()
    return frame.with_columns(
        pl.when(is_open).then(pl.min_horizontal("lo", pl.lit(least))).otherwise("lo").alias("lo"),
        pl.when(is_open).then(pl.max_horizontal("hi", pl.lit(most))).otherwise("hi").alias("hi"),
        pl.when(no_time).then(FIRST_DAY).otherwise("valid_from").alias("valid_from"),
        pl.when(no_time).then(NEVER).otherwise("valid_to").alias("valid_to"),
    )


def _others(rows: pl.DataFrame, frame: pl.DataFrame, conditions: Mapping[str, tuple[str, ...]]) -> pl.Series:
    """Whether another row of the same record matches; false where nothing is asked."""
    if not conditions:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    counts = rows.group_by("record").agg(_accepted(conditions).sum().cast(pl.Int64).alias("_matching"))
    found = frame.join(counts, on="record", how="left", maintain_order="left")
    return found.select((pl.col("_matching") - _accepted(conditions).cast(pl.Int64)) > 0).to_series()


def _is_date(read: _Read, column: str) -> bool:
    return bool(column) and read.source.columns[column].type is ColumnType.DATE


def _hull(read: _Read, each: FactMap, attribute: Attribute) -> tuple[pl.Expr, pl.Expr]:
    if each.value:
        value = pl.lit(attribute.value_of(each.value), pl.Int32)
        return value, value
    if each.values:
        codes = {text: attribute.value_of(word) for text, word in each.values.items()}
        value = pl.col(each.column).replace_strict(
            list(codes), list(codes.values()), default=None, return_dtype=pl.Int32
        )
        return _or_anything(read.source, attribute, value, value, _unreadable(read.source, each.column))
    if read.source.columns[each.column].role == "born":
        return _born(read, each.column)
    if read.source.columns[each.column].type not in (ColumnType.DATE, ColumnType.INT):
        nothing = pl.lit(None, pl.Int32)
        return nothing, nothing
    if not _is_date(read, each.column):
        value = pl.col(f"${each.column}")
        return value, value
    lo, hi = pl.col(f"$<{each.column}"), pl.col(f"$>{each.column}")
    if each.when or each.unless:
        declared = read.source.columns[each.column]
        return lo.fill_null(FIRST_DAY), hi.fill_null(pl.lit(declared.latest) if declared.future else pl.col("as_of"))
    return _or_anything(read.source, attribute, lo, hi, pl.col(each.column).str.strip_chars() != "")


def _or_anything(
    source: Source, attribute: Attribute, lo: pl.Expr, hi: pl.Expr, filled: pl.Expr
) -> tuple[pl.Expr, pl.Expr]:
    """The hull, and every value where a filled cell says nothing and a silence would say the neutral value."""
    if source.silence is not Silence.EVERYBODY or not attribute.neutral:
        return lo, hi
    unread = lo.is_null() & filled
    least, most = (pl.lit(end, pl.Int32) for end in attribute.span)
    return pl.when(unread).then(least).otherwise(lo), pl.when(unread).then(most).otherwise(hi)


def _born(read: _Read, column: str) -> tuple[pl.Expr, pl.Expr]:
    """The row's one statement of a birth, by date and age (rule 4 of `fact.record`)."""
    lo, hi = pl.col(f"$<{column}"), pl.col(f"$>{column}")
    age_column = read.source.column_of("age")
    if age_column is None or age_column.type is not ColumnType.INT:
        return lo, hi
    pairs = read.rows.select(age=pl.col(f"${age_column.name}"), as_of="as_of").unique().drop_nulls()
    spans = {pair: born_between(pair[0], age_column.told_on(pair[1])) for pair in pairs.iter_rows()}
    told = pl.struct(pl.col(f"${age_column.name}").alias("age"), "as_of")
    keys = pl.Series(
        [{"age": age, "as_of": day_} for age, day_ in spans], dtype=pl.Struct({"age": pl.Int32, "as_of": pl.Int32})
    )

    def end(place: int, slack: int) -> pl.Expr:
        values = pl.Series([span[place] + slack for span in spans.values()], dtype=pl.Int32)
        return told.replace_strict(keys, values, default=None, return_dtype=pl.Int32)

    first, last = end(0, -A_YEAR), end(1, A_YEAR)
    both = lo.is_not_null() & first.is_not_null() & (lo <= last) & (first <= hi)
    return (
        pl.when(both).then(pl.max_horizontal(first, lo)).otherwise(pl.min_horizontal(first, lo)),
        pl.when(both).then(pl.min_horizontal(last, hi)).otherwise(pl.max_horizontal(last, hi)),
    )


def _time(when: str, always: int) -> pl.Expr:
    word, column = time_read(when)
    if not when:
        return pl.lit(always, pl.Int32)
    if word == "as_of":
        return pl.col("as_of")
    if word in ("", "through"):
        day = pl.col(f"${column}") + (1 if word == "through" else 0)
        partly = pl.col(f"$<{column}").is_not_null()
        return pl.when(day.is_null() & ~partly).then(pl.lit(always, pl.Int32)).otherwise(day)
    year = pl.col(f"${column}") + (1 if word == "after" else 0)
    return year.map_batches(_first_days, return_dtype=pl.Int32)


def _first_days(years: pl.Series) -> pl.Series:
    days = {year: first_of_year(year) for year in years.drop_nulls().unique().to_list()}
    return years.replace_strict(days, default=None, return_dtype=pl.Int32)


# Members


def _members(read: _Read, rosters: Collection[RosterMap], record_key: bytes) -> pl.DataFrame:
    frames = [_member(read, each, n, record_key) for n, each in enumerate(read.source.rosters) if each in rosters]
    columns = [*_ROW, "n", "group", "roster", "role", "born_lo", "born_hi"]
    schema = {name: TABLES["member"].schema[name] for name in columns}
    return pl.concat(
        [pl.DataFrame(schema=schema), *(f.select([pl.col(c).cast(schema[c]) for c in columns]) for f in frames)]
    )


def _member(read: _Read, each: RosterMap, n: int, record_key: bytes) -> pl.DataFrame:
    source, group = read.source, each.group or read.source.key
    frame = read.rows.filter(pl.col(group) != "")
    if each.part:
        named = [column for column, role in source.roles if role.startswith(f"{each.part}.")]
        frame = frame.filter(pl.any_horizontal([pl.lit(False), *(pl.col(column) != "" for column in named)]))
        frame = frame.with_columns(_relative(frame, source, each.part, record_key).alias("record"))
    texts = frame[group].unique().to_frame()
    numbers = record_numbers(record_key, f"{source.name}:{each.roster}", texts[group]).alias("$group")
    frame = frame.join(texts.with_columns(numbers), on=group, how="left", maintain_order="left")
    if each.as_role:
        role = pl.lit(each.as_role)
    elif each.role:
        role = pl.col(each.role).replace_strict(
            list(each.roles), list(each.roles.values()), default=None, return_dtype=pl.String
        )
    else:
        role = pl.lit(None, pl.String)
    lo, hi = _born(read, each.born) if each.born else (pl.lit(None, pl.Int32), pl.lit(None, pl.Int32))
    return frame.with_columns(
        pl.col("$group").alias("group"),
        pl.lit(each.roster).alias("roster"),
        role.alias("role"),
        lo.fill_null(FIRST_DAY).alias("born_lo"),
        hi.fill_null(pl.col("as_of")).alias("born_hi"),
        pl.lit(n).alias("n"),
    )


def _relative(frame: pl.DataFrame, source: Source, part: str, record_key: bytes) -> pl.Series:
    if f"{RELATIVE}{part}" in frame.columns:
        return frame[f"{RELATIVE}{part}"]
    return record_numbers(record_key, source.name, frame[source.key] + f"#{part}")


def _with_own_birth(members: pl.DataFrame, facts: pl.DataFrame, attributes: Mapping[str, Attribute]) -> pl.DataFrame:
    """Members who are persons of the register have the hull of all that confirmed rows say of their birth."""
    born = [one.number for one in attributes.values() if one.kind is Kind.BIRTH and one.type is ValueType.DATE]
    known = (
        facts.filter(pl.col("attribute").is_in(born) & (pl.col("link") == CONFIRMED))
        .group_by("person")
        .agg(pl.col("lo").min().alias("_lo"), pl.col("hi").max().alias("_hi"))
    )
    rows = ["group", "delivery", "row", "n"]
    own = members.filter(pl.col("link") == CONFIRMED).join(known, on="person").select(*rows, "_lo", "_hi").unique(rows)
    return (
        members.join(own, on=rows, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("_lo", "born_lo").alias("born_lo"),
            pl.coalesce("_hi", "born_hi").alias("born_hi"),
        )
        .drop("_lo", "_hi")
    )


# Particulars


def _particulars(read: _Read, record_key: bytes) -> pl.DataFrame:
    columns = [*_ROW, "n", "kind", "text", "protected", "valid_from", "valid_to"]
    schema = {name: TABLES["particular"].schema[name] for name in columns}
    frames = [pl.DataFrame(schema=schema)]
    for n, each in enumerate(read.source.particulars):
        parts = [pl.col(column).str.strip_chars() for column in each.columns]
        text = pl.concat_str([pl.when(part != "").then(part) for part in parts], separator=" ", ignore_nulls=True)
        protected = _accepted(each.protected_when) if each.protected_when else pl.lit(False)
        frame = read.rows.with_columns(
            text.alias("text"),
            protected.alias("protected"),
            pl.lit(each.kind).alias("kind"),
            pl.lit(n).alias("n"),
            pl.col("as_of").alias("valid_from"),
            pl.lit(NEVER).alias("valid_to"),
        ).filter(pl.col("text") != "")
        hidden = frame.filter("protected")["text"].unique().to_list()
        tokens = {text: forwarding_token(record_key, each.kind, text) for text in hidden}
        token = pl.col("text").replace(tokens) if tokens else pl.col("text")
        frame = frame.with_columns(pl.when("protected").then(token).otherwise("text").alias("text"))
        frames.append(frame.select([pl.col(c).cast(schema[c]) for c in columns]))
    return pl.concat(frames)


def forwarding_token(key: bytes, kind: str, text: str) -> str:
    """What is kept in place of a protected contact (charter S12): its agency can forward by it, nobody else."""
    return "forward:" + hmac.new(key, f"{kind}\x00{text}".encode(), hashlib.sha256).hexdigest()[:32]
