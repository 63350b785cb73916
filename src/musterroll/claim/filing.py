"""What a person says is wrong: one attribute, the value they say is right, and from when.

1. Anything the register holds about the person may be contradicted, whichever agency said it.
2. A filing needs no proof to be filed: it holds the open call first and is examined afterwards (charter S5).
3. It names a value of the attribute's own closed set; there is no free text, so nobody can write down a third person.
"""

from dataclasses import dataclass

from musterroll.dates import FIRST_DAY, NEVER, format_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Attribute, Evidence, ValueType

SOURCE = "register"
"""The source under which what a person declares enters the facts: a source like any agency (data-model 7)."""


@dataclass(frozen=True, slots=True)
class Filing:
    """A person's own word on one attribute: the hull `lo..hi` they give, valid from `valid_from` (a day) on."""

    attribute: Attribute
    lo: int
    hi: int
    valid_from: int
    filed_at: int
    """Seconds since 1970, UTC."""

    def __post_init__(self) -> None:
        least, most = self.attribute.span
        if not least <= self.lo <= self.hi <= most:
            raise MusterRollError(
                "claim.value",
                "This is not a value that the law knows for this fact.",
                where=self.attribute.name,
                remedy="Choose one of the values offered, or give dates in order.",
            )

    @property
    def says(self) -> str:
        """The value in the pack's own terms: `yes`, `no`, a code, a number, a date, or `A to B` for a range."""
        low, high = (spoken(self.attribute, value) for value in (self.lo, self.hi))
        return low if low == high else f"{low} to {high}"

    def evidence(self, *, delivery: int, row: int) -> Evidence:
        """The filing as evidence beside the agencies' rows; `delivery` and `row` say which declaration it is."""
        return Evidence(
            lo=self.lo,
            hi=self.hi,
            source=SOURCE,
            delivery=delivery,
            row=row,
            valid_from=self.valid_from,
            valid_to=NEVER,
            known=self.filed_at * 1_000_000,
            confirmed=True,
        )


def spoken(attribute: Attribute, value: int) -> str:
    """One end of a value in the pack's own terms."""
    match attribute.type:
        case ValueType.BOOL:
            return "yes" if value else "no"
        case ValueType.ENUM:
            return attribute.values[value]
        case ValueType.DATE:
            return "before any date" if value == FIRST_DAY else format_day(value)
    return str(value)
