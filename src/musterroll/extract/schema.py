"""What a source may send: a declaration that is read before any of its files (packs/<jurisdiction>/sources/*.yaml).

1. The kinds of sources are closed (charter X5): a police, border, telecom, bank, employer, electoral or statistical
   source cannot be declared, and `purpose: statistics` is refused whatever the kind.
2. Every column serves something: the key, linkage, a fact, a roster or a particular. A column that serves nothing
   stands under `cut:` and is dropped at reading; one that is not declared at all refuses the delivery.
3. A fact may only be mapped to an attribute that the pack cites; a roster only to one that a derivation reads.
4. Whether a source's silence may be read, and how long its word is fresh, are declared here and nowhere else.
5. Unknown members, and members that stand twice, are refused: a mistyped word never goes unnoticed.
6. What one cell holds for several (a whole name, a number that tells a birth date) becomes columns of its own at the
   door: a column with `made` is not in the file, and whatever comes after the door need not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import MappingProxyType

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.extract.check_digit import CheckDigit
from musterroll.extract.made import Made

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_CONDITION: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class SourceKind(Enum):
    """The closed list of charter X5. No other source exists."""

    CIVIL_REGISTER = "civil register"
    DWELLING_REGISTER = "dwelling register"
    EDUCATION = "education"
    HEALTH_FINDINGS = "health body's findings"
    ARMED_FORCES = "armed forces"
    FAMILY_BENEFIT = "family benefit"
    TAX_DEPENDANTS = "tax office, dependants only"
    COURT_FINDINGS = "courts' findings"
    OFFICE_HOLDERS = "list of office-holders"
    REGISTER = "the register itself"


class ColumnType(Enum):
    """How a cell is read. Free text is kept for names and addresses; nothing else is text."""

    TEXT = "text"
    DATE = "date"
    CODE = "code"
    INT = "int"
    NUMBER = "number"


class Format(Enum):
    """How a file is written. Excel is for small offices."""

    CSV = "csv"
    PARQUET = "parquet"
    NDJSON = "ndjson"
    XLSX = "xlsx"


class Silence(Enum):
    """What it means that a source has no row about somebody (data-model 5.3)."""

    EVERYBODY = "everybody"
    THOSE_CONCERNED = "those concerned"
    NOBODY = "nobody"


ROLES = frozenset(
    [
        "number",
        "given",
        "middle",
        "family",
        "former",
        "born",
        "also_born",
        "sex",
        "age",
        "house",
        "street",
        "unit",
        "po_box",
        "address",
        "town",
        "postcode",
        "grown_by",
        "group",
    ]
)
"""What linkage and rosters may use a column for; a relative named in the row has `dependant_1.given` and its like.

`also_born` is a second statement of the birth date, made apart from the first and from the number: the row is compared
by each. `grown_by` is a year in which the row's person was of working age: a child of that year cannot be meant.
"""

RELATIVES = ("spouse", "mother", "father", "dependant_1", "dependant_2", "dependant_3", "dependant_4")
PARTICULARS = frozenset(["given", "middle", "family", "number", "address", "contact", "language"])


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the rows: delivered, or `made` at the door of others.

    `heading` is the column's name in the file where that differs from `name`. `forms` are the ways a date may be
    written (`DD.MM.YYYY`, `YYYY`: see `extract.dating`) or the masks of a personal number (`999-99-9999`). `values` are
    the codes of a code column, `means` says which word of the pack a code stands for (`1`: male). `missing` are texts
    that stand for an empty cell.

    `earliest` is the first day a date may have and `latest` the last (a delivery's own as-of day is a limit too where
    `future` is no); `partly`: a month or day of zeros is one that nobody knows. `least` and `most` bound whole numbers,
    `shortest` and `longest` the letters of a text, `pattern` its form. `months` are the names that a date may have for
    each month, `checks` the check digits of a personal number. `measured` (`MM-DD`) is the day of the year on
    which an age was told; without it, the delivery's as-of day.
    """

    name: str
    type: ColumnType
    role: str = ""
    required: bool = False
    forms: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    means: Mapping[str, str] = field(default=NOTHING)
    missing: tuple[str, ...] = ()
    earliest: int = dates.FIRST_DAY
    latest: int = dates.NEVER
    future: bool = False
    partly: bool = False
    least: int = 0
    most: int = 1_000_000
    shortest: int = 0
    longest: int = 1_000
    pattern: str = ""
    measured: str = ""
    decimal: str = "."
    heading: str = ""
    made: Made | None = None
    months: tuple[tuple[str, ...], ...] = ()
    checks: tuple[CheckDigit, ...] = ()

    def told_on(self, as_of: int) -> int:
        """The day on which an age in this column was true, for a delivery as of a day."""
        if not self.measured:
            return as_of
        year = dates.date_of(as_of).year
        days = [dates.parse_day(f"{each}-{self.measured}") for each in (year - 1, year)]
        return max(day for day in days if day <= as_of)


@dataclass(frozen=True, slots=True)
class FactMap:
    """How rows become facts of one attribute.

    `value` is a constant as a pack writes it, or `column` gives the value: a date or whole number as it is, a text by
    `values` (delivered text to pack value; a text not listed gives no fact). `when`: this row's delivered text of each
    column is one of these; `unless`: not all of them are; `beside` and `without`: some, or no, other row of the same
    record matches. `rank` 2 takes the second and later rows of a record only. `certainty` possible may protect and
    never harm. `valid_from` and `valid_to`: empty (always), `as_of`, a date column, `through COLUMN` (to the end of
    that day), `year COLUMN` or `after COLUMN`. `lasting`: what happened does not un-happen, so the fact stays when the
    source's list no longer has the record. `kept_days`: how long after it ended the fact is kept; 0 is as long as the
    person is in the register.
    """

    attribute: str
    column: str = ""
    values: Mapping[str, str] = field(default=NOTHING)
    value: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default=NO_CONDITION)
    unless: Mapping[str, tuple[str, ...]] = field(default=NO_CONDITION)
    beside: Mapping[str, tuple[str, ...]] = field(default=NO_CONDITION)
    without: Mapping[str, tuple[str, ...]] = field(default=NO_CONDITION)
    rank: int = 1
    certainty: str = "sure"
    valid_from: str = ""
    valid_to: str = ""
    lasting: bool = False
    kept_days: int = 0


@dataclass(frozen=True, slots=True)
class RosterMap:
    """How rows become members of groups (a dwelling, a family): the column of the group, of the role, of the birth
    date.

    Without `group` the record itself is the group. `roles` maps delivered texts to a pack's roles; a text not listed,
    or none, may be any role. `part` names the relative in the row (`dependant_1`) whom the member is.
    """

    roster: str
    group: str = ""
    role: str = ""
    roles: Mapping[str, str] = field(default=NOTHING)
    as_role: str = ""
    born: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class ParticularMap:
    """Columns that, joined by a space, are a name part, number, address, contact or language of the row's person.

    `kept_days`: how long after it ended it is kept; 0 is as long as the person is in the register.
    """

    kind: str
    columns: tuple[str, ...]
    protected_when: Mapping[str, tuple[str, ...]] = field(default=NO_CONDITION)
    kept_days: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plausible delivery looks like. Shares and percentages are whole percent, ages whole years.

    `rows` is the least and most rows; `rows_change` how far the count may move from the last delivery; `refused` the
    most rows set aside; `unread` the most blank or unreadable cells of a column that has a role or a fact; `shares`
    the least and most of each value of a code column; `shares_change` how many points a share may move; `ages` the
    least and most share of people in an age band (`0-17`, `18-25`, `26-59`, `60-`); `one_day` the most people born on
    one same day. `district` is the column whose values' row counts may each move by `district_change` percent from the
    last delivery's, `birth_year_change` the same for each year of birth.
    """

    rows: tuple[int, int] = (1, 100_000_000)
    rows_change: int = 10
    refused: int = 2
    unread: int = 20
    shares: Mapping[str, Mapping[str, tuple[int, int]]] = field(default_factory=lambda: MappingProxyType({}))
    shares_change: int = 5
    ages: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    one_day: int = 2
    district: str = ""
    district_change: int = 50
    birth_year_change: int = 50


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is laid out. Without `header` the columns stand in the declared order; `sheet` is a workbook's."""

    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    skip_rows: int = 0
    comment: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """Daily changes: which column says what to do, and which of its texts mean put and drop. Without, all are put."""

    column: str = ""
    put: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One of the agency's Ed25519 keys, and the days (of manifests) from and until which it signs, both included."""

    key_id: str
    public: bytes
    first: int = dates.FIRST_DAY
    last: int = dates.NEVER


@dataclass(frozen=True)
class Source:
    """One agency's declared file. Made by `declaration.load_source`, which checks it whole.

    `key` is the one column that holds an entry's key; it may be made of the several `keys` declared, or, where entries
    have none, of `identity` columns and an ordinal among equals, which the door gives. `answers` are the attributes
    about which the agency answers the register's questions and people's disputes.
    """

    name: str
    kind: SourceKind
    agency: str
    legal_basis: str
    purpose: str
    key: str
    founds: bool
    rows_per_record: str
    records_per_person: str
    freshness_days: int
    silence: Silence
    columns: Mapping[str, Column]
    keys: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    format: Format = Format.CSV
    encoding: str = "utf-8"
    dialect: Dialect = Dialect()
    delta: Delta | None = None
    signing_keys: tuple[SigningKey, ...] = ()
    cut: tuple[str, ...] = ()
    facts: tuple[FactMap, ...] = ()
    rosters: tuple[RosterMap, ...] = ()
    particulars: tuple[ParticularMap, ...] = ()
    answers: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @cached_property
    def delivered(self) -> tuple[Column, ...]:
        """The columns that stand in the file, in the declared order."""
        return tuple(column for column in self.columns.values() if column.made is None)

    @cached_property
    def made(self) -> tuple[Column, ...]:
        """The columns that the door makes, in the order of making."""
        return tuple(column for column in self.columns.values() if column.made is not None)

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """The inner name of each heading of the file that is kept."""
        return MappingProxyType({column.heading or column.name: column.name for column in self.delivered})

    @cached_property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """(column, role) of every column that linkage or a roster uses, in the declared order."""
        return tuple((column.name, column.role) for column in self.columns.values() if column.role)

    def column_of(self, role: str) -> Column | None:
        """The column of a role, if the source has one."""
        return next((column for column in self.columns.values() if column.role == role), None)


def time_read(when: str) -> tuple[str, str]:
    """What a `valid_from` or `valid_to` says: (`as_of`, ""), (`year`, `after` or `through`, column) or ("", column)."""
    if when in ("", "as_of"):
        return when, ""
    word, _, column = when.partition(" ")
    return (word, column) if word in ("year", "after", "through") and column else ("", when)


def check_cited(source: Source, attributes: Mapping[str, str], rosters: frozenset[str] | set[str]) -> None:
    """Refuse a source that maps rows to what the pack does not ask for: raises the first of `uncited`."""
    found = uncited(source, attributes, rosters)
    if found:
        raise found[0]


def uncited(
    source: Source, attributes: Mapping[str, str], rosters: frozenset[str] | set[str]
) -> tuple[MusterRollError, ...]:
    """What a source maps that the pack does not ask for.

    `attributes` are the pack's attributes with the article that each rests on, `rosters` those that its derivations
    read. Codes `source.attribute-uncited`, `source.roster-uncited`.
    """
    found = [
        MusterRollError(
            "source.attribute-uncited",
            f"No article of the pack asks for `{fact.attribute}`, so `{fact.column or 'a row'}` of source "
            f"{source.name} may not become a fact.",
            where=f"{source.name}: facts, item {number}",
            remedy=f"Strike the mapping; or, where the law does ask, add `{fact.attribute}` to the pack with the "
            f"article under which it decides something (`basis: art. ...`).",
        )
        for number, fact in enumerate(source.facts, start=1)
        if fact.attribute not in attributes
    ]
    found += [
        MusterRollError(
            "source.roster-uncited",
            f"No derivation of the pack reads the roster `{roster.roster}`: source {source.name} may not keep it.",
            where=f"{source.name}: rosters, item {number}",
            remedy=f"Strike the roster; or, where the law does ask, add a derivation from `{roster.roster}` to the "
            f"pack with its article (`basis: art. ...`).",
        )
        for number, roster in enumerate(source.rosters, start=1)
        if roster.roster not in rosters
    ]
    found += [
        MusterRollError(
            "source.attribute-uncited",
            f"No article of the pack asks for `{attribute}`, so {source.agency} may not be asked about it.",
            where=f"{source.name}: answers",
            remedy=f"Strike `{attribute}` from `answers`.",
        )
        for attribute in source.answers
        if attribute not in attributes
    ]
    return tuple(found)
