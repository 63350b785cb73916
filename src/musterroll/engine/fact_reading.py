"""The rows of a source with what the plain reader says of their cells; and for which rows a map speaks.

Days written plainly are read at once (`days_at_once`); each other distinct text of a column and day is read once a
process, by `extract.row`, whatever bucket it stands in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from musterroll.engine import days_at_once
from musterroll.engine.roll.table import RELATIVE
from musterroll.extract.row import cell, hull
from musterroll.extract.schema import Column, ColumnType, FactMap, Source, time_read
from musterroll.fact.record import A_YEAR, born_between

ROW = ["record", "delivery", "row"]


@dataclass(frozen=True, slots=True)
class Read:
    """A source's rows with what is read from them: `$COLUMN` beside each date and number column that a map needs."""

    source: Source
    rows: pl.DataFrame


def days(deliveries: pl.DataFrame) -> pl.DataFrame:
    """The day of each delivery."""
    return deliveries.select(pl.col("delivery").cast(pl.Int64), pl.col("as_of").cast(pl.Int32))


def read_rows(source: Source, rows: pl.DataFrame, as_of: pl.DataFrame) -> Read:
    """The rows with their cells read, on the days `as_of` of their deliveries."""
    given = [name for name in rows.columns if name.startswith(RELATIVE)]
    frame = rows.select([*ROW, *source.columns, *given]).join(as_of, on="delivery", maintain_order="left")
    for name in _needed(source):
        frame = frame.with_columns(_cells(source, name, frame))
    return Read(source, frame)


def _cells(source: Source, name: str, frame: pl.DataFrame) -> list[pl.Series]:
    """What is read of one column: `$` its value, `$<` and `$>` the ends of its hull.

    A day that is surely read needs no plain reader.
    """
    column, texts = source.columns[name], frame[name]
    quick = days_at_once.surely(column, texts, frame["as_of"])
    found = [quick.alias(f"{mark}{name}") for mark in ("$", "$<", "$>")]
    places = (quick.is_null() & (texts != "").fill_null(value=False)).arg_true()
    if places.is_empty():
        return found
    asked = frame.select(name, "as_of")[places]
    pairs = asked.unique()
    memory = _memory(source, name)
    told = [memory.get(each) or _looked_at(memory, column, each) for each in pairs.iter_rows()]
    read = pairs.with_columns(
        pl.Series(each.name, [one[place] for one in told], pl.Int32) for place, each in enumerate(found)
    )
    slow = asked.join(read, on=[name, "as_of"], how="left", maintain_order="left")
    return [each.scatter(places, slow[each.name]) for each in found]


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


def accepted(conditions: Mapping[str, tuple[str, ...]]) -> pl.Expr:
    """Whether a row's delivered texts are among those listed, for every column named."""
    return pl.all_horizontal([pl.lit(True), *(pl.col(c).is_in(list(texts)) for c, texts in conditions.items())])


def asked(source: Source, each: FactMap, *, blank: bool = False) -> pl.Expr:
    """Whether a map speaks for a row; null where a code that cannot be read may be the one asked for, or where `blank`
    lets one that was left out be it.
    """

    def matched(conditions: Mapping[str, tuple[str, ...]], *, blank: bool = False) -> pl.Expr:
        one_by_one = [
            pl.when(pl.col(column).is_in(list(texts)))
            .then(pl.lit(value=True))
            .when(unreadable(source, column) | (pl.lit(blank) & left_out(column)))
            .then(None)
            .otherwise(pl.lit(value=False))
            for column, texts in conditions.items()
        ]
        return pl.all_horizontal([pl.lit(value=True), *one_by_one])

    when = matched(each.when, blank=blank)
    return when & ~matched(each.unless) if each.unless else when


def left_out(column: str) -> pl.Expr:
    """Whether nothing stands in a cell."""
    return pl.col(column).fill_null("").str.strip_chars() == ""


def unreadable(source: Source, column: str) -> pl.Expr:
    """Whether a code's cell is filled with what is no declared code."""
    declared = source.columns[column]
    if declared.type is not ColumnType.CODE:
        return pl.lit(value=False)
    bare = pl.col(column).str.strip_chars()
    return (bare != "") & ~bare.is_in(list(declared.values))


def born_of(read: Read, column: str) -> tuple[pl.Expr, pl.Expr]:
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
