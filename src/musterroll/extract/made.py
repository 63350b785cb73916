"""Columns that the door makes of delivered ones: what one cell says for several, or several for one.

1. Making only takes apart and puts together what the agency wrote; it looks nothing up and guesses nothing. Where a
   cell is not written as declared, what would be made of it is empty.
2. The same cells always make the same text: it is made once per distinct cell.
3. A birth date or sex read in a personal number is one more statement, beside what the row says itself.

`of` names the columns a text is made of; `text` takes their cells in that order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

APART = "\u241f"
"""Between the parts of a key of several columns: the symbol for a unit separator, taken out of the parts."""


class Made(Protocol):
    """How a column's text is made."""

    @property
    def of(self) -> tuple[str, ...]:
        """The columns it is made of."""

    def text(self, *cells: str) -> str:
        """The text made of these cells, empty where nothing can be made."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Several columns as one: those that are filled, with something between. `whole`: all have to be filled."""

    of: tuple[str, ...]
    between: str = " "
    whole: bool = False

    def text(self, *cells: str) -> str:
        """The cells, with what stands between."""
        bare = [cell.strip() for cell in cells]
        if self.whole:
            return self.between.join(cell.replace(APART, "") for cell in bare) if any(bare) else ""
        return self.between.join(cell for cell in bare if cell)


@dataclass(frozen=True, slots=True)
class BirthParts:
    """A date of which year, month and day stand in columns of their own: `YYYY-MM-DD`, zeros for what is empty."""

    of: tuple[str, ...]

    def text(self, *cells: str) -> str:
        """The date, empty without a year of four digits."""
        year, month, day = (cell.strip() for cell in (*cells, "", "")[:3])
        if len(year) != 4:
            return ""
        return f"{year}-{month.rjust(2, '0')}-{day.rjust(2, '0')}"


@dataclass(frozen=True, slots=True)
class NamePart:
    """One part of a whole name written in a declared order of `family`, `given`, `middle`.

    A part named twice takes two words. Words beyond the order are middle names where it has a middle, else they belong
    to the last part; a missing middle name is missing. A comma ends the family name wherever the order begins with it.
    """

    of: tuple[str, ...]
    part: str
    order: tuple[str, ...]

    def text(self, *cells: str) -> str:
        """The words of this part, with a space between."""
        return self._parts(cells[0]).get(self.part, "")

    def _parts(self, cell: str) -> dict[str, str]:
        order = list(self.order)
        parts: dict[str, list[str]] = {}
        family, comma, rest = cell.partition(",")
        words = cell.split()
        if comma and order[0] == "family":
            parts["family"] = family.split()
            order, words = [part for part in order if part != "family"], rest.split()
        if len(words) < len(order):
            order = [part for part in order if part != "middle"]
        over = len(words) - len(order)
        wide = order.index("middle") if "middle" in order else len(order) - 1
        place = 0
        for number, part in enumerate(order):
            take = 1 + max(over, 0) * (number == wide)
            parts.setdefault(part, []).extend(words[place : place + take])
            place += take
        return {part: " ".join(found) for part, found in parts.items()}


@dataclass(frozen=True, slots=True)
class AddressPart:
    """One part of an address in one cell: segments between commas, each with its declared parts.

    In a segment `house`, `unit`, `po_box` and `postcode` take a word with a digit each, in their order, `street` and
    `town` the rest. A cell with another number of segments gives no parts.
    """

    of: tuple[str, ...]
    part: str
    order: tuple[tuple[str, ...], ...]

    def text(self, *cells: str) -> str:
        """The words of this part."""
        segments = [segment.split() for segment in cells[0].split(",")]
        if len(segments) != len(self.order):
            return ""
        (place,) = (place for place, parts in enumerate(self.order) if self.part in parts)
        return self._in(segments[place], self.order[place])

    def _in(self, words: list[str], parts: tuple[str, ...]) -> str:
        left = list(words)
        found: dict[str, str] = {}
        coded = [part for part in parts if part not in ("street", "town")]
        rest = next((part for part in parts if part in ("street", "town")), "")
        # What is written before the street or town is sought from the front, what is written behind it from the back.
        before = [part for part in coded if not rest or parts.index(part) < parts.index(rest)]
        for part, words_of in ((part, range(len(words))) for part in before):
            at = next((n for n in words_of if n < len(left) and _has_digit(left[n])), None)
            found[part] = "" if at is None else left.pop(at)
        for part in reversed([part for part in coded if part not in before]):
            at = next((n for n in range(len(left) - 1, -1, -1) if _has_digit(left[n])), None)
            found[part] = "" if at is None else left.pop(at)
        found[rest] = " ".join(left)
        return found[self.part]


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


@dataclass(frozen=True, slots=True)
class Place:
    """Where digits stand in a number (`first` and `last` letter, counted from 1), and what they may carry on top.

    `less` are amounts that some numbers add (a month plus 50 for women): the first that leaves an allowed value counts.
    """

    first: int
    last: int
    less: tuple[int, ...] = ()

    def digits(self, number: str) -> str:
        """The letters at the place, empty where the number is too short."""
        found = number[self.first - 1 : self.last]
        return found if len(found) == self.last - self.first + 1 else ""


@dataclass(frozen=True, slots=True)
class NumberBirth:
    """The birth date that a personal number tells, as `YYYY-MM-DD`.

    `century` gives the century's first year by what stands at a place (`at`), or by what the month carries on top
    (`by_month`); with a year of four digits neither is needed.
    """

    of: tuple[str, ...]
    year: Place
    month: Place
    day: Place
    at: Place | None = None
    century: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    by_month: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def text(self, *cells: str) -> str:
        """The date, empty where the number does not tell one."""
        number = bare_number(cells[0])
        year, month, day = (place.digits(number) for place in (self.year, self.month, self.day))
        if not all(part.isascii() and part.isdigit() for part in (year, month, day)):
            return ""
        on_top = next((less for less in (0, *self.month.less) if 1 <= int(month) - less <= 12), 0)
        day_top = next((less for less in (0, *self.day.less) if 1 <= int(day) - less <= 31), 0)
        first = 0
        if self.at is not None:
            first = self.century.get(self.at.digits(number), -1)
        elif self.by_month:
            first = self.by_month.get(on_top, -1)
        if first < 0:
            return ""
        return f"{first + int(year):04}-{int(month) - on_top:02}-{int(day) - day_top:02}"


@dataclass(frozen=True, slots=True)
class NumberSex:
    """The sex that a personal number tells: by which letters stand at a place."""

    of: tuple[str, ...]
    at: Place
    male: frozenset[str]
    female: frozenset[str]

    def text(self, *cells: str) -> str:
        """`male`, `female` or nothing."""
        found = self.at.digits(bare_number(cells[0]))
        return "male" if found in self.male else "female" if found in self.female else ""


def bare_number(text: str) -> str:
    """A personal number as it is counted: letters and digits in capitals, and the signs + and -."""
    return "".join(letter for letter in text.strip().upper() if letter.isalnum() or letter in "+-")


@dataclass(frozen=True, slots=True)
class Entry:
    """The key of an entry that has none: its identity columns; the door adds the ordinal among equals."""

    of: tuple[str, ...]

    def text(self, *cells: str) -> str:
        """The cells apart from one another, without the ordinal."""
        bare = [cell.strip().replace(APART, "") for cell in cells]
        return APART.join(bare) if any(bare) else ""
