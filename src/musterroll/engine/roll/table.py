"""The tables of the roll, declared once: columns, order, what is sealed, how long it is kept (data-model 4).

1. A table is *sealed* when any of its columns identifies people outside the register (a name, number, address, source
   key, or a household): its objects are one envelope (`seal`). All others hold numbers and codes only.
2. Days are int32 since 1970-01-01, `never` = 2^31-1, unknown = null; times are int64 microseconds UTC, the committing
   act's. Archive tables carry `op` and `known`; a *base* object carries `known_from` and `known_to` instead.
3. Masks of more than 62 rules or facts go on in further words (`true_1`, see `law_words`): `standing` and
   `standing_change` have as many as the law that decided, and a word that an older row lacks is 0.
4. Every column says what it holds (`Holds`); a test fails on a column that nobody classified, and on an open table
   with an identifying column.
"""

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import polars as pl

from musterroll.errors import MusterRollError

_MASKS = ("true", "unknown", "needs")
_WORD = re.compile(rf"({'|'.join(_MASKS)})_[1-9]\d*")

END, ADD = 0, 1
"""`op`: the end of a named row comes before the addition that may follow it in the same act."""

CONFIRMED, POSSIBLE, REFUTED = 1, 2, 3
"""`link.judgement`, and the link of a fact, spell or member."""

RELATIVE = "#"
"""What the name of a column begins with that holds the record number of a relative (no declared column's does)."""

OPEN_TIME = 2**63 - 1
"""`known_to` of what is still held."""


class Holds(Enum):
    """What a column holds: who could recognise somebody by it."""

    NUMBER = "a number or code that means nothing outside the register"
    VALUE = "a fact of a numbered person: a day, a yes or no, a code"
    TIME = "when an act learnt it"
    IDENTITY = "what identifies a person outside the register: sealed"


class Kept(Enum):
    """How long a table's rows are kept (charter S13, data-model 1)."""

    REGISTER = "as long as the person is in the register, and as decisions may be replayed"
    ROWS = "90 days, or until the decisions that used them are final"
    REPLY = "until the reply to the agency is closed"
    VIEW = "two snapshots: it can be made again"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type in memory and on disk, and what it holds."""

    name: str
    type: pl.DataType
    holds: Holds


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `key` names a row (an `end` gives it), `bucket` is the column that sets the bucket ("" = one object).

    Rows lie in the order of `sort`. Raises ValueError when an open table holds what identifies people.
    """

    name: str
    sealed: bool
    archive: bool
    bucket: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    kept: Kept
    plain_schema: pl.Schema = field(init=False, repr=False, compare=False)
    """The columns alone, as held at one time."""
    night_schema: pl.Schema = field(init=False, repr=False, compare=False)
    """Names and types of an object that a night adds: to an archive table, or laid over a view."""
    base_schema: pl.Schema = field(init=False, repr=False, compare=False)
    """Names and types of a folded base object."""

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or not set(self.key) <= set(names):
            raise ValueError("columns are named once and the key is made of them")
        if not self.sealed and any(column.holds is Holds.IDENTITY for column in self.columns):
            raise ValueError("what identifies people is sealed")

        plain = {column.name: column.type for column in self.columns}
        times: dict[str, pl.DataType] = {"op": pl.UInt8(), "known": pl.Int64()}
        spans: dict[str, pl.DataType] = {"known_from": pl.Int64(), "known_to": pl.Int64()}
        for name, more in (("plain_schema", {}), ("night_schema", times), ("base_schema", spans)):
            object.__setattr__(self, name, pl.Schema(plain | more))

    @property
    def schema(self) -> pl.Schema:
        """Names and types of a night object (archive) or of the whole view."""
        return self.night_schema if self.archive else self.plain_schema

    @property
    def order(self) -> tuple[str, ...]:
        """The order of rows: bucket column, then key."""
        return tuple(([self.bucket] if self.bucket else []) + [k for k in self.key if k != self.bucket])

    @property
    def sort(self) -> tuple[str, ...]:
        """`order`, then all else, so that the same rows have one order also where a name stands twice."""
        return (*self.order, *(c.name for c in self.columns if c.name not in self.order))

    def schema_of(self, columns: Collection[str]) -> pl.Schema:
        """Names and types of an object with these columns: of a night, a base, or a view as a whole."""
        if "known_from" in columns:
            return self.base_schema
        if "op" in columns:
            return self.night_schema
        return self.schema


_I64, _I32, _I16, _U8, _TEXT, _BOOL = pl.Int64(), pl.Int32(), pl.Int16(), pl.UInt8(), pl.String(), pl.Boolean()


def _columns(holds: Holds, kind: pl.DataType, names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind, holds) for name in names.split())


_PERSON = _columns(Holds.NUMBER, _I64, "person")
_FROM_ROW = _columns(Holds.NUMBER, _I64, "record delivery") + _columns(Holds.NUMBER, _I32, "row")
_N = _columns(Holds.NUMBER, _I16, "n")
_LINK = _columns(Holds.NUMBER, _U8, "link")

_ARCHIVE = (
    Table("delivery", False, True, "", ("delivery",),
          _columns(Holds.NUMBER, _I64, "delivery") + _columns(Holds.NUMBER, _TEXT, "source")
          + _columns(Holds.TIME, _I32, "as_of") + _columns(Holds.NUMBER, _BOOL, "full")
          + _columns(Holds.NUMBER, _I32, "rows"), Kept.REGISTER),
    Table("refused", True, True, "", ("delivery", "row", "reasons", "record"),
          _columns(Holds.NUMBER, _I64, "delivery") + _columns(Holds.NUMBER, _I32, "row")
          + _columns(Holds.NUMBER, _TEXT, "reasons columns") + _columns(Holds.NUMBER, _I64, "record"), Kept.REPLY),
    Table("link", False, True, "person", ("person", "record"),
          _PERSON + _columns(Holds.NUMBER, _I64, "record") + _columns(Holds.VALUE, _U8, "judgement")
          + _columns(Holds.NUMBER, _TEXT, "by") + _columns(Holds.NUMBER, _I64, "basis")
          + _columns(Holds.VALUE, _I32, "weight") + _columns(Holds.VALUE, _I64, "agreed against")
          + _columns(Holds.NUMBER, _TEXT, "source"), Kept.REGISTER),
    Table("alias", False, True, "", ("person",), _PERSON + _columns(Holds.NUMBER, _I64, "into"), Kept.REGISTER),
    Table("fact", False, True, "person", ("person", "delivery", "row", "attribute", "n"),
          _PERSON + _columns(Holds.NUMBER, _I16, "attribute")
          + _columns(Holds.VALUE, _I32, "lo hi valid_from valid_to") + _LINK + _FROM_ROW + _N, Kept.REGISTER),
    Table("particular", True, True, "person", ("person", "delivery", "row", "n"),
          _PERSON + _columns(Holds.NUMBER, _TEXT, "kind") + _columns(Holds.IDENTITY, _TEXT, "text")
          + _columns(Holds.VALUE, _BOOL, "protected") + _columns(Holds.VALUE, _I32, "valid_from valid_to")
          + _FROM_ROW + _N, Kept.REGISTER),
    Table("spell", False, True, "person", ("person", "delivery", "row", "n"),
          _PERSON + _columns(Holds.NUMBER, _TEXT, "roster kind")
          + _columns(Holds.VALUE, _I32, "from_lo from_hi to_lo to_hi") + _LINK + _FROM_ROW + _N, Kept.REGISTER),
    Table("member", True, True, "group", ("group", "delivery", "row", "n", "person"),
          _columns(Holds.IDENTITY, _I64, "group") + _columns(Holds.NUMBER, _TEXT, "roster role") + _PERSON
          + _columns(Holds.VALUE, _I32, "born_lo born_hi") + _LINK + _FROM_ROW + _N, Kept.REGISTER),
    Table("tombstone", False, True, "person", ("person", "delivery", "row", "n", "attribute", "of"),
          _PERSON + _columns(Holds.NUMBER, _TEXT, "of") + _columns(Holds.NUMBER, _I16, "attribute")
          + _columns(Holds.NUMBER, _I64, "delivery") + _columns(Holds.NUMBER, _I32, "row") + _N
          + _columns(Holds.NUMBER, _TEXT, "rule"), Kept.REGISTER),
    Table("standing_change", False, True, "person", ("person", "question"),
          _PERSON + _columns(Holds.VALUE, _I32, "effective_from") + _columns(Holds.VALUE, _U8, "question class")
          + _columns(Holds.VALUE, _I64, "possible true unknown needs") + _columns(Holds.VALUE, _I32, "next_change on")
          + _columns(Holds.NUMBER, _TEXT, "pack because"), Kept.REGISTER),
)  # fmt: skip

_VIEWS = (
    Table("standing", False, False, "person", ("person", "question"),
          _PERSON + _columns(Holds.VALUE, _U8, "question class")
          + _columns(Holds.VALUE, _I64, "possible true unknown needs") + _columns(Holds.VALUE, _I32, "next_change"),
          Kept.VIEW),
    Table("seen", False, False, "record", ("record",),
          _columns(Holds.NUMBER, _I64, "record") + _columns(Holds.NUMBER, _TEXT, "source")
          + _columns(Holds.NUMBER, _I64, "delivery"), Kept.VIEW),
    Table("relative", False, False, "record", ("record", "of"), _columns(Holds.NUMBER, _I64, "record of"), Kept.VIEW),
    Table("by_key", True, False, "record", ("record",),
          _columns(Holds.NUMBER, _TEXT, "source") + _columns(Holds.IDENTITY, _TEXT, "key")
          + _columns(Holds.NUMBER, _I64, "record"), Kept.VIEW),
    Table("by_ref", False, False, "", ("ref",), _columns(Holds.NUMBER, _TEXT, "ref") + _PERSON, Kept.VIEW),
    Table("linked", False, False, "record", ("record", "founder"),
          _columns(Holds.NUMBER, _I64, "record founder") + _PERSON + _columns(Holds.NUMBER, _TEXT, "source")
          + _columns(Holds.VALUE, _U8, "judgement") + _columns(Holds.NUMBER, _TEXT, "by")
          + _columns(Holds.NUMBER, _I64, "basis") + _columns(Holds.VALUE, _I32, "weight")
          + _columns(Holds.VALUE, _I64, "agreed against"), Kept.VIEW),
    Table("pair", False, False, "left", ("left", "right"),
          _columns(Holds.NUMBER, _I64, "left right") + _columns(Holds.VALUE, _I32, "weight"), Kept.VIEW),
    Table("free", False, False, "record", ("record",), _columns(Holds.NUMBER, _I64, "record"), Kept.VIEW),
    Table("unattached", False, False, "record", ("record",), _columns(Holds.NUMBER, _I64, "record"), Kept.VIEW),
    Table("linkage_terms", True, False, "", ("file",),
          _columns(Holds.NUMBER, _TEXT, "file") + _columns(Holds.IDENTITY, _TEXT, "text"), Kept.VIEW),
    Table("vanished", True, False, "", ("record",),
          _columns(Holds.NUMBER, _I64, "record") + _columns(Holds.NUMBER, _TEXT, "source")
          + _columns(Holds.IDENTITY, _TEXT, "number given middle family given_keys family_keys")
          + _columns(Holds.IDENTITY, _I32, "born sex"), Kept.VIEW),
    Table("awaited", False, False, "record", ("record",),
          _columns(Holds.NUMBER, _I64, "record") + _columns(Holds.TIME, _I32, "due")
          + _columns(Holds.VALUE, _BOOL, "unsettled"), Kept.VIEW),
    Table("link_by_record", False, False, "record", ("record", "person"),
          _columns(Holds.NUMBER, _I64, "record") + _PERSON + _columns(Holds.VALUE, _U8, "judgement"), Kept.VIEW),
    Table("refused_edge", False, False, "", ("left", "right"),
          _columns(Holds.NUMBER, _I64, "left right") + _columns(Holds.VALUE, _I32, "weight")
          + _columns(Holds.NUMBER, _TEXT, "reason"), Kept.VIEW),
    Table("group_of", True, False, "person", ("person", "group"),
          _PERSON + _columns(Holds.IDENTITY, _I64, "group"), Kept.VIEW),
)  # fmt: skip

TABLES: Mapping[str, Table] = {table.name: table for table in _ARCHIVE + _VIEWS}
"""The tables whose columns do not depend on a source or a pack. `row_table` and `flat_table` make the other two."""


def row_table(source: str, columns: Iterable[str]) -> Table:
    """`row.<source>`: the declared columns as delivered, sealed, a record's rows together.

    A column `#spouse` or `#dependant_1` has the record number of the relative whom the row names, if it does.
    """
    return Table(
        f"row.{source}",
        True,
        True,
        "record",
        ("record", "delivery", "row"),
        _FROM_ROW
        + _columns(Holds.NUMBER, _I64, "digest")
        + tuple(Column(c, _I64 if c[0] == RELATIVE else _TEXT, Holds.IDENTITY) for c in columns),
        Kept.ROWS,
    )


def flat_table(columns: Mapping[str, pl.DataType], *, wide: bool = False) -> Table:
    """`flat` (or `flat_wide`): one row a person, the columns that one pack's attributes need."""
    values = tuple(Column(name, kind, Holds.VALUE) for name, kind in columns.items() if name != "person")
    return Table("flat_wide" if wide else "flat", False, False, "person", ("person",), _PERSON + values, Kept.VIEW)


def standing_table(name: str, columns: Iterable[str]) -> Table:
    """`standing` or `standing_change` with the further words that `columns` name."""
    table = TABLES[name]
    words = sorted((column for column in columns if _WORD.fullmatch(column)), key=_place_of_word)
    return dataclasses.replace(table, columns=table.columns + _columns(Holds.VALUE, _I64, " ".join(words)))


def with_words(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the further words of the table that it lacks, as 0."""
    lacking = [column.name for column in table.columns if _WORD.fullmatch(column.name)]
    return frame.with_columns(pl.lit(0, pl.Int64).alias(name) for name in lacking if name not in frame.columns)


def _place_of_word(column: str) -> tuple[int, int]:
    mask, word = column.split("_")
    return int(word), _MASKS.index(mask)


def table_of(name: str, columns: Mapping[str, pl.DataType]) -> Table:
    """The table called `name`, for a frame of `columns`. Raises MusterRollError `roll.table-unknown`."""
    if name in ("standing", "standing_change"):
        return standing_table(name, columns)
    fixed = {"record", "delivery", "row", "digest", "op", "known", "known_from", "known_to"}
    if name.startswith("row."):
        return row_table(name.removeprefix("row."), [c for c in columns if c not in fixed])
    if name in ("flat", "flat_wide"):
        return flat_table(columns, wide=name == "flat_wide")
    if name not in TABLES:
        raise MusterRollError(
            "roll.table-unknown",
            "The roll has no table of this name.",
            where=name,
            remedy="Use a program version that knows the table, or take the snapshot from where it was made.",
        )
    return TABLES[name]
