"""What a delivery looks like from far away: counts and shares, nobody in particular. Kept to compare the next one with.

1. `Counts` are counted over the rows kept (rows to be dropped have nothing to count), piece by piece if need be; a
   `Profile` is made of them. Shares are in hundredths of a percent, so that they are whole numbers everywhere.
2. A date is counted by its day where it is exact. Districts and years of birth are counted by rows, so that one that
   is missing shows even where it is small.
3. Letters outside ASCII are counted without case, and marks apart from the letters they stand on: whether an agency
   writes in capitals, or `é` as one sign or as two, is the same to a profile.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from musterroll import canonical, dates
from musterroll.errors import MusterRollError
from musterroll.extract.row import DROP, Row
from musterroll.extract.schema import ColumnType, Source

WHOLE = 10_000
BANDS = {"0-17": (0, 17), "18-25": (18, 25), "26-59": (26, 59), "60-": (60, 1_000)}
OLD = 100
DIGITS = frozenset("0123456789")
TOLD = 1_000
"""How many rows of one reason are named to the agency."""

MOST_DISTRICTS = 10_000
MOST_LETTERS = 300
ASCII = 128

type Shares = Mapping[str, Mapping[str, int]]


@dataclass(slots=True)
class Counts:
    """Counted so far: rows; by column the exact values of dates, codes and the district ("" for none), unread cells
    (blank ones too), unreadable cells that are not blank, texts that begin with a digit, and the letters of texts that
    are not ASCII.
    """

    rows: int = 0
    values: dict[str, Counter[int | str]] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    digits: dict[str, int] = field(default_factory=dict)
    letters: dict[str, Counter[str]] = field(default_factory=dict)
    inverted: dict[str, int] = field(default_factory=dict)

    def add(self, more: "Counts", sign: int = 1) -> None:
        """Add what another piece of the file counted, or take it away again (`sign` -1)."""
        self.rows += sign * more.rows
        counted = ("unread", "wrong", "digits", "inverted")
        for mine, theirs in ((getattr(self, name), getattr(more, name)) for name in counted):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + sign * count
        _add(self.values, more.values, sign)
        _add(self.letters, more.letters, sign)


def _add[Value](into: dict[str, Counter[Value]], more: Mapping[str, Counter[Value]], sign: int) -> None:
    for name, values in more.items():
        counter = into.setdefault(name, Counter())
        for value, count in values.items():
            counter[value] += sign * count
            if not counter[value]:
                del counter[value]


@dataclass(frozen=True, slots=True)
class Profile:
    """One delivery's profile: rows kept and set aside, and shares by column and value.

    `codes`: the share of each declared code, and of none (""). `unread`: of blank or unreadable cells; `wrong`: of
    unreadable ones. `digits`: of texts that begin with a digit. `days`: of the commonest day of each date column (a
    default date shows here), `one_day` that of birth. `ages`: bands of age on the as-of day, by the column of the role
    `born`, and `old` the share of a hundred years and more; `born`: decades of birth. `districts` and `birth_years`:
    rows, counted. `letters`: how often a letter that is not ASCII stands in a text column, the commonest ones.
    """

    as_of: int
    rows: int
    refused: int
    codes: Shares
    unread: Mapping[str, int]
    ages: Mapping[str, int]
    born: Mapping[str, int]
    one_day: int
    wrong: Mapping[str, int] = field(default_factory=dict)
    digits: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    old: int = 0
    districts: Mapping[str, int] = field(default_factory=dict)
    birth_years: Mapping[str, int] = field(default_factory=dict)
    letters: Shares = field(default_factory=dict)
    inverted: Mapping[str, int] = field(default_factory=dict, compare=False)
    """Of texts with a word that begins small and goes on in capitals. Only of the delivery at hand: it is not kept."""

    def encode(self) -> bytes:
        """Canonical bytes. Inverse of `decode`. Names of columns and values need not be ASCII: they stand in pairs."""
        counted = {name: _pairs(getattr(self, name)) for name in _COUNTED}
        return canonical.encode(
            {
                "v": 3,
                "as_of": dates.format_day(self.as_of),
                "rows": self.rows,
                "refused": self.refused,
                "codes": [[column, _pairs(values)] for column, values in self.codes.items()],
                "letters": [[column, _pairs(values)] for column, values in self.letters.items()],
                "one_day": self.one_day,
                "old": self.old,
                **counted,
            }
        )


_COUNTED = ("unread", "wrong", "digits", "days", "ages", "born", "districts", "birth_years")


def decode(data: bytes) -> Profile:
    """The profile kept with an earlier delivery. Raises MusterRollError `profile.malformed` or `json.malformed`."""
    value: Any = canonical.decode(data, where="profile")
    try:
        first = value.pop("v")
        as_of, codes = dates.parse_day(value.pop("as_of")), value.pop("codes")
        if first == 1:
            return Profile(as_of=as_of, codes={name: MappingProxyType(each) for name, each in codes.items()}, **value)
        if first not in (2, 3):
            raise ValueError
        letters = value.pop("letters") if first == 3 else []
        counted: dict[str, Any] = {name: MappingProxyType(dict(value.pop(name))) for name in _COUNTED}
        return Profile(as_of=as_of, codes=_by_column(codes), letters=_by_column(letters), **counted, **value)
    except (AttributeError, KeyError, TypeError, ValueError, MusterRollError):
        raise MusterRollError(
            "profile.malformed",
            "The profile kept of the last delivery cannot be read.",
            where="profile",
            remedy="Take it again from the act that received that delivery.",
        ) from None


def is_inverted(text: str) -> bool:
    """Whether a word of three letters or more, not all ASCII, begins small and goes on in capitals."""
    return not text.isascii() and any(
        len(word) > 2 and word[0].islower() and word[1:].isupper() for word in _BETWEEN.split(text)
    )


_BETWEEN = re.compile(r"[\W\d_]+")


def counts_of(source: Source, rows: Sequence[Row]) -> Counts:
    """The counts of rows kept, one by one; what is dropped has nothing to count."""
    rows = [row for row in rows if row.op != DROP]
    counts = Counts(rows=len(rows))
    for name, column in source.columns.items():
        none = [row for row in rows if row.values[name] is None]
        noted = {row.row for row in none for note in row.notes if note.column == name}
        counts.unread[name] = sum(row.row in noted or not row.texts[name].strip() for row in none)
        counts.wrong[name] = len(noted)
        if column.type in (ColumnType.DATE, ColumnType.CODE) or name == source.limits.district:
            values = (row.values[name] for row in rows)
            counts.values[name] = Counter("" if value is None else value for value in values)
        elif column.type is ColumnType.TEXT and name != source.key:
            counts.digits[name] = sum(row.texts[name][:1] in DIGITS for row in rows)
            counts.inverted[name] = sum(is_inverted(row.texts[name]) for row in rows)
            counts.letters[name] = Counter(one for row in rows for one in row.texts[name] if ord(one) >= ASCII)
    return counts


def profile_of(source: Source, counts: Counts, refused: int, as_of: int) -> Profile:
    """The profile of what was counted."""
    codes, days = {}, {}
    for name, values in counts.values.items():
        if source.columns[name].type is ColumnType.CODE:
            codes[name] = _shares({str(value): count for value, count in values.items()}, counts.rows)
        elif source.columns[name].type is ColumnType.DATE:
            known = {value: count for value, count in values.items() if value != ""}
            days[name] = _share(max(known.values(), default=0), sum(known.values()))
    column = source.column_of("born")
    born = Counter({day: n for day, n in counts.values[column.name].items() if isinstance(day, int)} if column else {})
    ages: Counter[str] = Counter()
    decades: Counter[str] = Counter()
    years: Counter[str] = Counter()
    old = 0
    for day, count in born.items():
        age, year = _age(day, as_of), dates.date_of(day).year
        ages[next((band for band, (least, most) in BANDS.items() if least <= age <= most), "")] += count
        decades[str(year // 10 * 10)] += count
        years[str(year)] += count
        old += count if age >= OLD else 0
    districts = Counter({str(value): n for value, n in counts.values.get(source.limits.district, {}).items()})
    return Profile(
        as_of=as_of,
        rows=counts.rows,
        refused=refused,
        codes=codes,
        unread={name: _share(count, counts.rows) for name, count in counts.unread.items()},
        wrong={name: _share(count, counts.rows) for name, count in counts.wrong.items()},
        digits={name: _share(count, counts.rows) for name, count in counts.digits.items()},
        inverted={name: _share(count, counts.rows) for name, count in counts.inverted.items()},
        days=days,
        ages=_shares(ages, born.total()),
        born=_shares(decades, born.total()),
        one_day=days[column.name] if column else 0,
        old=_share(old, born.total()),
        districts=dict(sorted(districts.most_common(MOST_DISTRICTS))),
        birth_years=dict(sorted(years.items())),
        letters={name: _folded(letters) for name, letters in counts.letters.items()},
    )


def _age(day: int, as_of: int) -> int:
    born, today = dates.date_of(day), dates.date_of(as_of)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _folded(letters: Counter[str]) -> dict[str, int]:
    """The commonest letters without case, marks apart."""
    found: Counter[str] = Counter()
    for letter, count in letters.items():
        for part in unicodedata.normalize("NFD", letter).lower():
            if ord(part) >= ASCII:
                found[part] += count
    return dict(sorted(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_LETTERS]))


def _by_column(pairs: list[Any]) -> dict[str, Mapping[str, int]]:
    return {name: MappingProxyType(dict(each)) for name, each in pairs}


def _pairs(counted: Mapping[str, int]) -> list[list[str | int]]:
    return [[name, count] for name, count in counted.items()]


def _share(part: int, whole: int) -> int:
    return part * WHOLE // whole if whole else 0


def _shares(counts: Mapping[str, int], whole: int) -> dict[str, int]:
    return {value: _share(count, whole) for value, count in sorted(counts.items())}
