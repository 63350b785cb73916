"""What may be held of a person, and in which form (charter S2).

1. The kinds are closed: no attribute exists outside this enumeration, and not answering or not appearing have no kind.
2. A value is a hull `lo..hi` of integers, equal when exact: a day, a whole number, an index into the declared values
   of an enumeration, or 0 and 1 for no and yes. Unknown is `lo = hi = None` and is never a default. Of an enumeration
   that may have one of several values, `among` has a bit a value; only the first 62 values can be held so.
3. An attribute names its article (`basis`), who must prove it and who can answer for it: a pack without them does not
   load.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum

from musterroll.dates import FIRST_DAY, NEVER, parse_day
from musterroll.errors import MusterRollError


class Kind(Enum):
    """The closed list of charter S2."""

    BIRTH = "birth"
    LEGAL_SEX = "legal sex"
    CITIZENSHIP = "citizenship"
    RESIDENCE_AREA = "residence area"
    REGISTRATION = "registration"
    SERVICE = "service"
    EDUCATION = "education"
    CARE_DUTY = "care duty"
    OFFICE_HELD = "office held"
    FINDING = "finding"
    OWN_DECLARATION = "own declaration"
    OWN_ORDER = "own earlier order"


PROTECTED_KINDS = frozenset({Kind.SERVICE, Kind.EDUCATION, Kind.CARE_DUTY, Kind.OFFICE_HELD, Kind.FINDING})
"""Kinds no value of which may give a worse class than its neutral value, save a published BURDEN entry (S2)."""


class ValueType(Enum):
    """How a value is written in a pack. Text and fractions do not exist."""

    BOOL = "bool"
    INT = "int"
    DATE = "date"
    ENUM = "enum"


class State(IntEnum):
    """How firmly a value is held; the numbers are stored (`a_state` in the flat view) and never reused."""

    AGREED = 0  # several sources, or one source and the person, say the same
    SINGLE = 1  # one source says it
    CONFLICT = 2  # sources disagree: the value is the hull of what they say
    POSSIBLE = 3  # only links that are not confirmed say it: it may protect, never harm
    UNKNOWN = 4  # nobody who may be believed says anything
    STALE = 5  # the source's last delivery is older than its declared limit


LARGEST = 1_000_000
"""No number of a law or of a fact is larger."""


def digits(text: str) -> bool:
    """Whether a text is a whole number of a length that can be meant."""
    return text.isascii() and text.isdigit() and len(text) <= 7


WIDEST = 62
"""Only so many values of an enumeration can be held as a set: its bits must fit one stored whole number."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing a pack may ask about a person, with its legal basis.

    `values` are the enumeration's codes in order (the stored integer is the index), `least` and `most` the ends of a
    number's range. `disagreement` is "ask" or the
    value favoured when sources differ. `proof` says who must prove it, `answers` who can establish it.
    """

    name: str
    number: int
    kind: Kind
    type: ValueType
    basis: str
    proof: str
    unknown: str
    answers: tuple[str, ...]
    label: str
    values: tuple[str, ...] = ()
    disagreement: str = "ask"
    neutral: str = ""
    least: int = 0
    most: int = LARGEST

    @property
    def span(self) -> tuple[int, int]:
        """The smallest and the largest integer a value can have."""
        match self.type:
            case ValueType.BOOL:
                return 0, 1
            case ValueType.ENUM:
                return 0, len(self.values) - 1
            case ValueType.DATE:
                return FIRST_DAY, NEVER
            case _:
                return self.least, self.most

    @property
    def sets(self) -> bool:
        """Whether one of several values can be held: of an enumeration whose values all have a bit."""
        return self.type is ValueType.ENUM and len(self.values) <= WIDEST

    @property
    def favoured(self) -> int | None:
        """The value that one confirmed source is enough for; None when sources that differ are asked about."""
        return None if self.disagreement == "ask" else self.value_of(self.disagreement.removeprefix("favour "))

    def value_of(self, text: str) -> int:
        """The integer of a value as packs write it: `yes`, `male`, `3`, `2020-01-31`, `never`, `none` (before any day).

        Raises MusterRollError `attribute.value` (or `date.malformed`) for what is no value of this attribute.
        """
        match self.type:
            case ValueType.BOOL if text in ("no", "yes"):
                return int(text == "yes")
            case ValueType.ENUM if text in self.values:
                return self.values.index(text)
            case ValueType.INT if digits(text) and self.least <= int(text) <= self.most:
                return int(text)
            case ValueType.DATE:
                return FIRST_DAY if text == "none" else parse_day(text, where=f"attribute {self.name}")
        raise MusterRollError(
            "attribute.value",
            "This is not a value of the attribute.",
            where=f"attribute {self.name}",
            remedy="Write one of the values that the pack declares for it.",
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact behind a value: which row of which delivery said it, through which link, and when it was learnt."""

    lo: int
    hi: int
    source: str
    delivery: int
    row: int
    valid_from: int
    valid_to: int
    known: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What the register holds for one attribute of one person on one day, as known at one time."""

    lo: int | None
    hi: int | None
    state: State
    evidence: tuple[Evidence, ...] = ()
    among: int | None = None

    def __post_init__(self) -> None:
        if self.among is not None and (self.lo, self.hi) != _ends(self.among):
            raise ValueError("a set of values runs from its smallest to its largest")
        if (self.lo is None) != (self.hi is None):
            raise ValueError("a value is known at both ends or unknown at both")
        if self.lo is not None and self.hi is not None and self.lo > self.hi:
            raise ValueError("a hull runs from its smaller to its larger end")

    @property
    def exact(self) -> int | None:
        """The value when both ends are the same, else None."""
        return self.lo if self.lo == self.hi else None


def _ends(among: int) -> tuple[int, int]:
    lo, hi = (among & -among).bit_length() - 1, among.bit_length() - 1
    if not 0 <= lo < hi < WIDEST:
        raise ValueError("a set of values has two or more of the first 62")
    return lo, hi


def one_of(among: int, state: State, evidence: tuple[Evidence, ...] = ()) -> Held:
    """What is held of an enumeration that has one of the values whose bits are set; the value itself if it is one."""
    if among & (among - 1) == 0:
        code = among.bit_length() - 1
        return Held(code, code, state, evidence)
    return Held(*_ends(among), state, evidence, among)


def codes_of(among: int) -> tuple[int, ...]:
    """The codes whose bits are set, smallest first."""
    return tuple(code for code in range(among.bit_length()) if among >> code & 1)


UNKNOWN = Held(None, None, State.UNKNOWN)
