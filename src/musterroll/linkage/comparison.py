"""What of a row is compared: folded names, parsed days, a number and an address, by the roles a source declares.

1. Folding loses case, marks and punctuation, and writes other scripts' letters as Latin ones (`script`): what was
   delivered is kept elsewhere and never overwritten.
2. A day is a day number. An age becomes the hull of birth days it allows on the day it was told.
3. Relatives named in a person's row (`dependant_1.given`) are records of their own, under a source name of their own
   (`tax#dependant`): they are links' evidence, never that person's names.
4. A value that cannot be read is absent (None), never a guess. So is a word that stands where a name should and is none
   ("unknown", "baby girl"): the model file lists them.
5. A row whose birth date and told age contradict each other is compared both ways, once by each; so is a row that
   states two birth dates.
"""

from calendar import isleap
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from musterroll.dates import date_of, day_of
from musterroll.extract.schema import ROLES
from musterroll.linkage import address
from musterroll.linkage.script import keys, latin

COMPARISONS = ("number", "given", "middle", "family", "born", "sex", "age", "address", "postcode", "town")
"""The declared list of comparisons: a link's masks `agreed` and `against` have one bit each, in this order."""

WORKING_AGE = 16
"""Whoever worked in a year was of this age at its end, in whole years."""

ADDRESS_ROLES = frozenset({"house", "street", "unit", "po_box", "town", "postcode"})
SEXES = ("male", "female")
NAMES = frozenset({"given", "family"})
UNCOMPARED = frozenset({"group"})
BIRTHS = frozenset({"born", "also_born"})


@dataclass(frozen=True, slots=True, order=True)
class Compared:
    """One row as it is compared. `sex` is 0 male, 1 female; `single` says the source holds one record a person.

    `age` is in whole years on the day `as_of`; `born` is a day, and `born_until` the last day of birth that the row
    allows. All text is folded; the keys are a name's words in their normal form (`script.keys`).
    """

    record: int
    source: str
    single: bool
    number: str | None = None
    given: str | None = None
    middle: str | None = None
    family: str | None = None
    born: int | None = None
    sex: int | None = None
    age: int | None = None
    as_of: int | None = None
    house: str | None = None
    street: str | None = None
    unit: str | None = None
    po_box: str | None = None
    town: str | None = None
    postcode: str | None = None
    born_until: int | None = None
    given_keys: str | None = None
    family_keys: str | None = None

    def __post_init__(self) -> None:
        if self.sex is not None and self.sex not in (0, 1):
            raise ValueError("sex is 0 (male), 1 (female) or None")
        if self.age is not None and self.as_of is None:
            raise ValueError("an age needs the day on which it was told")

    def was_a_child_for(self, other: "Compared") -> bool:
        """Whether the other row is of a time when this row's person was too young for it."""
        return self.born is not None and other.born_until is not None and self.born > other.born_until

    @property
    def is_latin(self) -> bool | None:
        """Whether all its names are in Latin letters, as all whose letters have a table are; None without a name."""
        names = [name for name in (self.given, self.middle, self.family) if name is not None]
        return all(name.isascii() for name in names) if names else None

    @property
    def born_by_age(self) -> tuple[int, int] | None:
        """The earliest and the latest birth day that the told age allows."""
        if self.age is None or self.as_of is None:
            return None
        return _years_before(self.as_of, self.age + 1) + 1, _years_before(self.as_of, self.age)


COLUMNS = tuple(field.name for field in fields(Compared))
"""The columns of the comparison frame, in order."""


def fold(text: str | None) -> str | None:
    """Letters and digits of `text` without case and marks: `Ó Briain-Ünal` becomes `obriainunal`; None when none."""
    if text is None:
        return None
    return "".join(letter for letter in latin(text) if letter.isalnum()) or None


def compared_rows(
    record: int,
    source: str,
    single: bool,
    values: Iterable[tuple[str, int | str | None]],
    as_of: int,
) -> dict[str, Compared]:
    """The rows to compare in one delivered row, by whom they concern: `""` the row's own person, else `dependant_1` ...

    `values` are (role, typed value) pairs; a role may be `relative.role`. Relatives share the row's address and get
    `record` 0: the caller numbers them. A relative of whom nothing is known is left out.
    """
    own: dict[str, Any] = {}
    relatives: dict[str, dict[str, Any]] = {}
    former: dict[str, str | None] = {}
    whole: dict[str, tuple[str | None, str | None]] = {}
    for role, value in values:
        relative, _, bare = role.rpartition(".")
        place = relatives.setdefault(relative, {}) if relative else own
        if bare not in ROLES:
            raise ValueError(f"no such role: {bare}")
        if bare == "also_born":
            continue  # a row of its own: `statements`
        if bare == "grown_by":
            place["born_until"] = None if value is None else day_of(date(int(value) - WORKING_AGE, 12, 31))
        elif bare == "address":
            house, street = (None, None) if value is None else one_column(str(value))
            whole[relative] = (house, street)
        elif bare == "former":
            former[relative] = None if value is None else keys(str(value))
        elif bare not in UNCOMPARED:
            place[bare] = folded(bare, value)
            if bare in NAMES:
                place[f"{bare}_keys"] = None if place[bare] is None else keys(str(value))
    for relative, words in former.items():
        place = relatives.setdefault(relative, {}) if relative else own
        every = {word for text in (place.get("family_keys"), words) if text for word in text.split(" ")}
        place["family_keys"] = " ".join(sorted(every)) or None
    for relative, (house, street) in whole.items():
        place = relatives.setdefault(relative, {}) if relative else own
        if place.get("street") is None:
            place |= {"street": street, "house": place.get("house") or house}
    home = {role: own.get(role) for role in ADDRESS_ROLES}
    found = {"": _of(record, source, single, as_of, own)}
    for relative, parts in sorted(relatives.items()):
        if any(value is not None for value in parts.values()):
            kind = relative.rstrip("_0123456789")
            found[relative] = _of(0, f"{source}#{kind}", False, as_of, {**home, **parts})
    return found


def statements(row: Compared, also_born: int | str | None) -> tuple[Compared, ...]:
    """The row by each birth date that it states: nobody knows which of two is wrong. A blank first one says nothing."""
    if not isinstance(also_born, int) or also_born == row.born:
        return (row,)
    other = replace(row, born=also_born)
    return (other,) if row.born is None else (row, other)


def _of(record: int, source: str, single: bool, as_of: int, told: dict[str, Any]) -> Compared:
    """The day stands beside an age only: a later delivery of the same words is the same row."""
    return Compared(record, source, single, as_of=None if told.get("age") is None else as_of, **told)


def readings(row: Compared, not_names: Collection[str]) -> tuple[Compared, ...]:
    """The ways in which a row is compared: without words that are no names, and by each of two birth statements.

    A told age may be a year off; beyond that it contradicts the row's own birth date, and nobody knows which is wrong.
    """
    given = None if row.given in not_names else row.given
    family = None if row.family in not_names else row.family
    named = replace(
        row,
        given=given,
        family=family,
        given_keys=row.given_keys if given else None,
        family_keys=row.family_keys if family else None,
    )
    hull = row.born_by_age
    if row.born is None or hull is None or hull[0] - 366 <= row.born <= hull[1] + 366:
        return (named,)
    return replace(named, age=None), replace(named, born=None)


def one_column(text: str) -> tuple[str | None, str | None]:
    """House and street of an address in one column: its first word with a digit, and all the rest together."""
    words = text.split()
    house = next((word for word in words if any(letter.isdigit() for letter in word)), None)
    rest = [word for word in words if word is not house]
    return address.numbers(house or "") or "0", address.street(" ".join(rest))


def folded(role: str, value: int | str | None) -> int | str | None:
    """A cell's value as it is compared in a role."""
    match role, value:
        case _, None:
            return None
        case "sex", str():
            folded = fold(value)
            return SEXES.index(folded) if folded in SEXES else None
        case (("born" | "also_born" | "age" | "sex"), int()):
            return value
        case (("born" | "also_born" | "age"), str()):
            raise ValueError(f"{role} comes parsed, as a whole number")
        case "number", _:
            # A spreadsheet takes a number for an amount and drops its leading zeros: they tell no two apart.
            return (fold(str(value)) or "").lstrip("0") or None
        case _ if role in NAMES or role == "middle":
            name = fold(str(value))
            # Digits are nobody's name, nor is the word that programs write for an empty cell.
            return None if name is None or name == "null" or not any(map(str.isalpha, name)) else name
        case "street", _:
            return address.street(str(value))
        case "town", _:
            return address.town(str(value))
        case (("house" | "unit"), _):
            return address.numbers(str(value))
        case _:
            return fold(str(value))


@lru_cache(maxsize=1024)
def _years_before(day: int, years: int) -> int:
    then = date_of(day)
    year = max(then.year - years, 1)
    if (then.month, then.day) == (2, 29) and not isleap(year):
        return day_of(then.replace(year=year, day=28))
    return day_of(then.replace(year=year))


def parts_of(rows: Iterable[Compared]) -> Iterator[tuple[Any, ...]]:
    """The rows as tuples in the order of COLUMNS."""
    return map(_PARTS, rows)


_PARTS = attrgetter(*COLUMNS)
