"""From the rows a source sent to the frame that is compared, by the roles its declaration gives to columns.

1. No row is looked at by itself: each distinct text of a column is read and folded once, by the plain functions
   (`extract.row.compared`, `linkage.comparison.folded`), and put where it stands; days written plainly are read at once
   (`days_at_once`). `each` is the slow way; both agree.
2. A `Reader` remembers what it folded, so that bucket after bucket of one source costs little.
3. `alone` says that a row is the only one of its record: all rows of a record come in one call.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from musterroll.dates import day_of
from musterroll.engine import days_at_once
from musterroll.engine.linkage_frame import told_apart
from musterroll.engine.linkage_splink import COMPARED
from musterroll.extract import apart
from musterroll.extract import row as extract_row
from musterroll.extract.made import APART
from musterroll.extract.schema import Column, ColumnType, Source
from musterroll.linkage.comparison import (
    ADDRESS_ROLES,
    BIRTHS,
    NAMES,
    UNCOMPARED,
    WORKING_AGE,
    Compared,
    compared_rows,
    folded,
    one_column,
    parts_of,
    statements,
)
from musterroll.linkage.script import keys

FRAME = pl.Schema([*COMPARED.items(), ("latin", pl.Boolean()), ("dwelling", pl.String()), ("alone", pl.Boolean())])
"""The comparison frame as `told_apart` leaves it."""

_PLAIN_NUMBER = r"^[0-9A-Za-z][0-9A-Za-z ./-]{0,98}$"
_WITH_DECIMALS = r"^[0-9]+[.]0{1,2}$"


def compared(
    source: Source, rows: pl.DataFrame, numbers: Callable[[pl.Series], pl.Series] | None = None
) -> pl.DataFrame:
    """The comparison frame of a source's rows, those of relatives named in them included (FRAME).

    `rows` has `record`, `as_of` (the delivery's day) and the columns as delivered (text, null or empty where blank).
    A relative `dependant_1` has the record number in column `#dependant_1`; where there is none, `numbers` gives those
    of keys: a relative of the row with key K is the record of `K#dependant_1` (`ids.record_number`).
    """
    return _reader(source).compared(rows, numbers)


def columns_of(source: Source) -> list[str]:
    """What of the rows held `compared` looks at, besides the delivery's day."""
    relatives = dict.fromkeys(role.partition(".")[0] for _, role in source.roles if "." in role)
    own = [name for name, role in source.roles if role.rpartition(".")[2] not in UNCOMPARED]
    key = [source.key] if apart.places(source) and source.key not in own else []
    return ["record", "delivery", *own, *key, *(f"#{relative}" for relative in relatives)]


def relatives_of(source: Source) -> list[str]:
    """The relatives whom a row of the source names, by the roles of its columns."""
    return [*dict.fromkeys(role.partition(".")[0] for _, role in source.roles if "." in role)]


_readers: "dict[int, Reader]" = {}
_READERS_KEPT, _TEXTS_KEPT = 32, 300_000


def _reader(source: Source) -> "Reader":
    """The reader of a source: each distinct text is folded once a process, not once a bucket."""
    if id(source) not in _readers:
        if len(_readers) >= _READERS_KEPT:
            _readers.clear()
        _readers[id(source)] = Reader(source)  # it keeps the source, so that its id stays its own
    return _readers[id(source)]


class Reader:
    """Reads the rows of one source, remembering each distinct text (of a column, some hundred thousand at most)."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.known: dict[tuple[str, int], dict[str, tuple[object, str | None]]] = {}

    def compared(self, rows: pl.DataFrame, numbers: Callable[[pl.Series], pl.Series] | None = None) -> pl.DataFrame:
        """The comparison frame of `rows` (see `compared`)."""
        if apart.places(self.source):  # a row kept apart founds nobody, and is nobody's
            rows = rows.filter(~pl.col(self.source.key).fill_null("").str.starts_with(APART))
        own: dict[str, pl.Series] = {}
        relatives: dict[str, dict[str, pl.Series]] = {}
        for name, role in self.source.roles:
            relative, _, bare = role.rpartition(".")
            place = relatives.setdefault(relative, {}) if relative else own
            if bare not in UNCOMPARED:
                place |= self._column(self.source.columns[name], bare, rows)
        whole = self._frame(rows, own, rows["record"], self.source.name, self.source.records_per_person == "one")
        frames = [whole]
        address = {role: own[role] for role in sorted(ADDRESS_ROLES) if role in own}
        for relative, parts in sorted(relatives.items()):
            kind = f"{self.source.name}#{relative.rstrip('_0123456789')}"
            number = self._numbers(rows, relative, numbers)
            frame = self._frame(rows, {**address, **parts}, number, kind, single=False)
            told = pl.DataFrame([series.is_not_null().alias(name) for name, series in parts.items()])
            frames.append(frame.filter(told.select(pl.any_horizontal(pl.all())).to_series()))
        if "also_born" in own:
            frames.append(_by_the_other(whole, own["also_born"]))
            frames[0] = whole.with_columns(pl.coalesce("born", own["also_born"]))
        return told_apart(pl.concat(frames)).cast(FRAME)

    def _numbers(
        self, rows: pl.DataFrame, relative: str, numbers: Callable[[pl.Series], pl.Series] | None
    ) -> pl.Series:
        if f"#{relative}" in rows.columns:
            return rows[f"#{relative}"]
        if numbers is None:
            raise ValueError(f"the record numbers of relative {relative} are needed")
        return numbers(rows[self.source.key] + f"#{relative}")

    def _frame(
        self, rows: pl.DataFrame, told: dict[str, pl.Series], record: pl.Series, source: str, single: bool
    ) -> pl.DataFrame:
        """The columns as one frame. The family keys hold former names; a one-column address is taken apart."""
        frame = rows.select("as_of").with_columns(
            record.alias("record").cast(pl.Int64),
            pl.lit(source).alias("source"),
            pl.lit(single).alias("single"),
            *(series.alias(name) for name, series in told.items()),
        )
        missing = [pl.lit(None, kind).alias(name) for name, kind in COMPARED.items() if name not in frame.columns]
        frame = frame.with_columns(missing)
        if "former_keys" in frame.columns:
            words = pl.concat_str("family_keys", "former_keys", separator=" ", ignore_nulls=True)
            both = words.str.split(" ").list.unique().list.sort().list.join(" ")
            frame = frame.with_columns(pl.when(words == "").then(None).otherwise(both).alias("family_keys"))
        if "whole_street" in frame.columns:
            frame = frame.with_columns(
                pl.coalesce("street", "whole_street").alias("street"),
                pl.when(pl.col("street").is_null())
                .then(pl.coalesce("house", "whole_house"))
                .otherwise("house")
                .alias("house"),
            )
        age = self.source.column_of("age")
        days = {day: age.told_on(day) if age else day for day in frame["as_of"].unique().to_list()}
        told_on = pl.col("as_of").replace_strict(days, return_dtype=pl.Int32) if days else pl.col("as_of")
        return frame.with_columns(pl.when(pl.col("age").is_not_null()).then(told_on).alias("as_of")).select(
            pl.col(name).cast(kind) for name, kind in COMPARED.items()
        )

    def _column(self, column: Column, role: str, rows: pl.DataFrame) -> dict[str, pl.Series]:
        """The columns of the frame that one delivered column makes."""
        texts = rows[column.name].fill_null("")
        if column.type is ColumnType.NUMBER and role == "number":
            return {"number": self._number(column, texts)}
        if column.type is ColumnType.DATE and role in BIRTHS:
            return {role: self._born(column, texts, rows["as_of"])}
        days = rows["as_of"].unique().to_list() if column.type is ColumnType.DATE else [0]
        values: list[tuple[object, str | None]] = []
        if len(days) == 1:
            places, distinct = _encoded(texts)
            values = self._values(column, role, distinct, days[0])
        else:
            both = pl.DataFrame({"text": texts, "day": rows["as_of"]})
            unique = both.unique(maintain_order=True).with_row_index("place")
            places = both.join(unique, on=["text", "day"], how="left", maintain_order="left")["place"]
            for text, day in unique.select("text", "day").iter_rows():
                values += self._values(column, role, [text], day)
        name = {"former": "former_keys", "address": "whole_street", "grown_by": "born_until"}.get(role, role)
        kind = COMPARED.get(name, pl.String())
        found = {}
        if role != "former":
            found[name] = pl.Series(name, [value for value, _ in values], kind).gather(places)
        if role in NAMES or role in ("former", "address"):
            second = {"former": "former_keys", "address": "whole_house"}.get(role, f"{role}_keys")
            found[second] = pl.Series(second, [other for _, other in values], pl.String).gather(places)
        return found

    def _values(self, column: Column, role: str, texts: list[str], as_of: int) -> list[tuple[object, str | None]]:
        known = self.known.setdefault((column.name, as_of), {})
        if len(known) > _TEXTS_KEPT:
            known.clear()
        for text in texts:
            if text not in known:
                known[text] = _read(column, role, text, as_of)
        return [known[text] for text in texts]

    def _number(self, column: Column, texts: pl.Series) -> pl.Series:
        """Numbers of digits and Latin letters are folded at once; all others by the plain reader."""
        plain = texts.str.contains(_PLAIN_NUMBER) & ~texts.str.contains(_WITH_DECIMALS)
        if column.missing:
            plain &= ~texts.str.strip_chars().is_in(list(column.missing))
        quick = texts.str.replace_all("[^0-9A-Za-z]", "").str.to_lowercase().str.strip_chars_start("0")
        quick = pl.select(pl.when(quick != "").then(quick)).to_series()
        odd = texts.filter(~plain).unique().to_list()
        read = [value for value, _ in self._values(column, "number", odd, 0)]
        known = pl.DataFrame({"text": odd, "value": read}, schema={"text": pl.String, "value": pl.String})
        slow = texts.to_frame("text").join(known, on="text", how="left", maintain_order="left")["value"]
        return pl.select(pl.when(plain).then(quick).otherwise(slow).alias("number")).to_series()

    def _born(self, column: Column, texts: pl.Series, as_of: pl.Series) -> pl.Series:
        """Days that are surely read are read at once; all others by the plain reader."""
        quick = days_at_once.surely(column, texts, as_of)
        places = (quick.is_null() & (texts != "")).arg_true()
        if places.is_empty():
            return quick
        asked = zip(texts[places].to_list(), as_of[places].to_list(), strict=True)
        slow = [self._values(column, "born", [text], day)[0][0] for text, day in asked]
        return quick.scatter(places, pl.Series(slow, dtype=pl.Int32))


def _by_the_other(whole: pl.DataFrame, also_born: pl.Series) -> pl.DataFrame:
    """The rows that state another birth date too, by that one (`linkage.comparison.statements`)."""
    return (
        whole.with_columns(also_born.alias("other"))
        .filter(pl.col("other") != pl.col("born"))
        .with_columns(pl.col("other").alias("born"))
        .drop("other")
    )


def _encoded(texts: pl.Series) -> tuple[pl.Series, list[str]]:
    """The place of each text among the distinct ones, and these."""
    encoded = texts.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()).dictionary_encode()
    return pl.Series("place", encoded.indices), encoded.dictionary.to_pylist()


def _read(column: Column, role: str, text: str, as_of: int) -> tuple[object, str | None]:
    """What one text says in a role, and its keys where it is a name."""
    value = extract_row.compared(column, text, as_of) if text else None
    if role == "grown_by":
        return (None if value is None else day_of(date(int(value) - WORKING_AGE, 12, 31))), None
    if role == "former":
        return None, None if value is None else keys(str(value))
    if role == "address":
        house, street = (None, None) if value is None else one_column(str(value))
        return street, house
    said = folded(role, value)
    return said, keys(str(value)) if role in NAMES and said is not None else None


def each(source: Source, rows: pl.DataFrame, record_of: Callable[[str], int]) -> pl.DataFrame:
    """The comparison frame row by row: the slow reference of `compared`, without `alone`."""
    return pl.DataFrame(parts_of(_each(source, rows, record_of)), schema=COMPARED, orient="row")


def _each(source: Source, rows: pl.DataFrame, record_of: Callable[[str], int]) -> Iterator[Compared]:
    single = source.records_per_person == "one"
    roles = [(source.columns[name], role) for name, role in source.roles if role != "group"]
    age = source.column_of("age")
    read = rows.select("record", "as_of", pl.col(source.key).alias(" key"), *(column.name for column, _ in roles))
    for record, as_of, key, *texts in read.iter_rows():
        values = [
            (role, extract_row.compared(column, text, as_of) if text else None)
            for (column, role), text in zip(roles, texts, strict=True)
        ]
        told_on = age.told_on(as_of) if age else as_of
        found = compared_rows(record, source.name, single, values, told_on)
        yield from statements(found.pop(""), next((day for role, day in values if role == "also_born"), None))
        for relative, row in found.items():
            yield replace(row, record=record_of(f"{key}#{relative}"))
