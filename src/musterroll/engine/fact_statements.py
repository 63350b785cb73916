"""What rows say of attributes: one frame of statements a map, before it is known whose they are (`fact.record`)."""

from collections.abc import Mapping

import polars as pl

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.engine.fact_reading import ROW, Read, accepted, asked, born_of, left_out, unreadable
from musterroll.engine.roll.table import CONFIRMED, TABLES
from musterroll.extract.schema import ColumnType, FactMap, Silence, Source, time_read
from musterroll.fact.attribute import Attribute
from musterroll.fact.record import BLANK, first_of_year, spans_of


def facts_of(read: Read, attributes: Mapping[str, Attribute]) -> pl.DataFrame:
    """The statements that the maps of a source make of its rows."""
    frames = [
        _fact(read, each, attributes[each.attribute], n)
        for n, each in enumerate(read.source.facts)
        if each.attribute in attributes
    ]
    return together([_one_of(frames)] if frames else [])


def _one_of(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Where a code cannot be read, one of the maps that may be meant speaks, and nobody knows which: each says all."""
    columns = [*ROW, "attribute", "n", "lo", "hi", "valid_from", "valid_to", "_maybe", "_blank"]
    found = pl.concat([frame.select(columns) for frame in frames], how="vertical_relaxed")
    of = [*ROW, "attribute", "_maybe", "_blank"]
    return found.with_columns(
        pl.when("_maybe").then(pl.col("lo").min().over(of)).otherwise("lo").alias("lo"),
        pl.when("_maybe").then(pl.col("hi").max().over(of)).otherwise("hi").alias("hi"),
    )


def together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Statements of several maps in one frame; of none, the empty one."""
    columns = [*ROW, "attribute", "n", "lo", "hi", "valid_from", "valid_to"]
    schema = {name: kind for name, kind in TABLES["fact"].schema.items() if name in columns}
    return pl.concat(
        [
            pl.DataFrame(schema=schema).select(columns),
            *(f.select([pl.col(c).cast(schema[c]) for c in columns]) for f in frames),
        ]
    )


def _fact(read: Read, each: FactMap, attribute: Attribute, n: int) -> pl.DataFrame:
    frame = read.rows
    if each.rank > 1:
        day = pl.col(f"${each.column}").fill_null(NEVER) if _is_date(read, each.column) else pl.lit(NEVER)
        order = frame.with_columns(day.alias("_day")).sort("record", "_day", "delivery", "row")
        frame = order.filter(pl.col("row").cum_count().over("record") >= each.rank)
    for name, conditions in (("_beside", each.beside), ("_without", each.without)):
        frame = frame.with_columns(_others(read.rows, frame, conditions).alias(name))
    lo, hi = _hull(read, each, attribute)
    speaks = asked(read.source, each)
    blank = unfilled = pl.lit(value=False)
    if read.source.silence is Silence.THOSE_CONCERNED and attribute.neutral:
        blank = speaks.eq_missing(pl.lit(value=False)) & asked(read.source, each, blank=True).is_null()
        unfilled = lo.is_null() & _unfilled(read.source, each)
        least, most = (pl.lit(end, pl.Int32) for end in attribute.span)
        lo, hi = pl.when(unfilled).then(least).otherwise(lo), pl.when(unfilled).then(most).otherwise(hi)
    spoken = speaks.is_not_null() if not attribute.neutral else pl.lit(value=True)
    frame = frame.select(
        *ROW,
        "_beside",
        "_without",
        pl.when(~blank).then(speaks).alias("_asked"),
        (blank | unfilled).alias("_blank"),
        spoken.alias("_spoken"),
        lo.alias("lo"),
        hi.alias("hi"),
        *_times(read.source, each),
        pl.lit(attribute.number).alias("attribute"),
        pl.when(blank | unfilled).then(n + BLANK).otherwise(n).alias("n"),
    ).filter(pl.col("_asked").fill_null(value=True) & pl.col("_spoken") & ~pl.col("_without"))
    open_at_all = attribute.neutral and (each.when or each.unless)
    if (
        open_at_all
        or each.certainty == "possible"
        or each.beside
        or time_read(each.valid_from)[1]
        or time_read(each.valid_to)[1]
    ):
        frame = _opened(frame, each, attribute)
    frame = frame.with_columns(pl.col("_asked").is_null().alias("_maybe"))
    return frame.filter(pl.col("lo").is_not_null() & (pl.col("valid_from") < pl.col("valid_to")))


def _unfilled(source: Source, each: FactMap) -> pl.Expr:
    """Whether the cell that gives the value is blank, or cannot be read."""
    if each.value:
        return pl.lit(value=False)
    if each.values:
        return left_out(each.column) | unreadable(source, each.column)
    declared = source.columns[each.column]
    return pl.lit(declared.role != "born" and declared.type in (ColumnType.DATE, ColumnType.INT))


def of_whom(facts: pl.DataFrame) -> pl.DataFrame:
    """Linked statements without what a cell left blank says of whoever the row surely is of (rule 8)."""
    return facts.filter((pl.col("n") < BLANK) | (pl.col("link") != CONFIRMED))


def _opened(frame: pl.DataFrame, each: FactMap, attribute: Attribute) -> pl.DataFrame:
    """The hull runs to the neutral value where the map is only possible, nothing stands beside, or its days are not
    known exactly; to every value where there is no neutral one.
    """
    least, most = (attribute.value_of(attribute.neutral),) * 2 if attribute.neutral else attribute.span
    no_time = pl.col("valid_from").is_null() | pl.col("valid_to").is_null()
    alone = ~pl.col("_beside") if each.beside else pl.lit(value=False)
    maybe = pl.col("_asked").is_null()
    if attribute.neutral:  # of days of which nobody knows the neutral value says nothing (`fact.record`, rule 6)
        neutral = ((pl.col("lo") == least) & (pl.col("hi") == most)).fill_null(value=False)
        frame = frame.filter(~(no_time & neutral)).with_columns(
            pl.when(neutral).then("_begun").otherwise("valid_from").alias("valid_from"),
            pl.when(neutral).then("_ending").otherwise("valid_to").alias("valid_to"),
        )
    partly = (pl.col("valid_from") < pl.col("_begun")) | (pl.col("_ending") < pl.col("valid_to"))
    is_open = (pl.lit(each.certainty == "possible") | alone | no_time | partly | maybe) & pl.col("lo").is_not_null()
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
    counts = rows.group_by("record").agg(accepted(conditions).sum().cast(pl.Int64).alias("_matching"))
    found = frame.join(counts, on="record", how="left", maintain_order="left")
    return found.select((pl.col("_matching") - accepted(conditions).cast(pl.Int64)) > 0).to_series()


def _is_date(read: Read, column: str) -> bool:
    return bool(column) and read.source.columns[column].type is ColumnType.DATE


def _hull(read: Read, each: FactMap, attribute: Attribute) -> tuple[pl.Expr, pl.Expr]:
    if each.value:
        value = pl.lit(attribute.value_of(each.value), pl.Int32)
        return value, value
    if each.values:
        codes = {text: attribute.value_of(word) for text, word in each.values.items()}
        value = pl.col(each.column).replace_strict(
            list(codes), list(codes.values()), default=None, return_dtype=pl.Int32
        )
        return _or_anything(read.source, attribute, value, value, unreadable(read.source, each.column))
    if read.source.columns[each.column].role == "born":
        return born_of(read, each.column)
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


def _times(source: Source, each: FactMap) -> list[pl.Expr]:
    """From when until when the map's statement may hold, and (`_begun`, `_ending`) holds for certain; null where nobody
    knows, or days of the row are at odds.
    """
    earliest, begun = _time(each.valid_from, FIRST_DAY)
    ending, latest = _time(each.valid_to, NEVER)
    times = {"valid_from": earliest, "valid_to": latest, "_begun": begun, "_ending": ending}
    spans = spans_of(source, each.attribute)
    if spans and (time_read(each.valid_from)[1] or time_read(each.valid_to)[1]):
        turned = [_time(one.valid_from, FIRST_DAY)[0] > _time(one.valid_to, NEVER)[1] for one in spans]
        at_odds = pl.any_horizontal(turned).fill_null(value=False)
        times = {name: pl.when(~at_odds).then(time) for name, time in times.items()}
    return [time.alias(name) for name, time in times.items()]


def _time(when: str, always: int) -> tuple[pl.Expr, pl.Expr]:
    """The first and the last day that a map's beginning or end may be."""
    word, column = time_read(when)
    if not when:
        return (pl.lit(always, pl.Int32),) * 2
    if word == "as_of":
        return (pl.col("as_of"),) * 2
    if word in ("", "through"):
        more = int(word == "through")
        ends = [pl.coalesce(f"${column}", f"${mark}{column}") + more for mark in "<>"]
        least, most = (end.fill_null(pl.lit(always, pl.Int32)) for end in ends)
        return least, most
    year = pl.col(f"${column}") + (1 if word == "after" else 0)
    return (year.map_batches(_first_days, return_dtype=pl.Int32),) * 2


def _first_days(years: pl.Series) -> pl.Series:
    days = {year: first_of_year(year) for year in years.drop_nulls().unique().to_list()}
    return years.replace_strict(days, default=None, return_dtype=pl.Int32)
