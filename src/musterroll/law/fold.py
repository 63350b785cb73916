"""Folding the day of evaluation into a condition, so that what is left compares held values with constants.

`d + period <= on` becomes `d <= constant`, the constant found with the pack's own calendar (law-engine 6.4): all
engines and checks then mean the same, and none does arithmetic on the calendar by itself.

1. `Within` is true of a value whose larger end is at most `certain`, false of one whose smaller end is above
   `possible`, unknown between. The two constants differ only where the calendar leaves a day open.
2. `moving` keeps the period where the passing of time can change the comparison; None where it cannot.
"""

from dataclasses import dataclass

from musterroll.dates import NEVER
from musterroll.law.calendar import Calendar, Shift
from musterroll.law.model import All, AtMost, Begun, Condition, Is, Known, Line, Not, OneOf, Ordered, Reached


@dataclass(frozen=True, slots=True)
class Fixed:
    """Decided by the day alone. `changes` is the day on which that ends, NEVER if it does not."""

    value: bool
    changes: int


@dataclass(frozen=True, slots=True)
class Within:
    """A whole number or a day is at most a constant."""

    attribute: str
    certain: int
    possible: int
    moving: Shift | None


@dataclass(frozen=True, slots=True)
class Negated:
    """Not so."""

    part: "Folded"


@dataclass(frozen=True, slots=True)
class Joined:
    """Every part (`every`) or at least one part holds."""

    every: bool
    parts: tuple["Folded", ...]


type Folded = Fixed | Within | Is | OneOf | Ordered | Negated | Joined


def fold(condition: Condition, on: int, calendar: Calendar) -> Folded:
    """The condition on the day `on`."""
    match condition:
        case Is() | OneOf() | Ordered():
            return condition
        case AtMost(name, limit):
            return Within(name, limit, limit, None)
        case Reached(name, _, by) if by is not None and by >= NEVER - 1:
            return Within(name, by, by, None)
        case Reached(name, shift, by):
            day = on if by is None else by
            return Within(
                name,
                calendar.last_certain(day, shift),
                calendar.last_possible(day, shift),
                shift if by is None else None,
            )
        case Begun(day):
            return Fixed(on >= day, day if day > on else NEVER)
        case Not(part):
            return Negated(fold(part, on, calendar))
        case Line(part=part):
            return fold(part, on, calendar)
        case Known():
            raise TypeError("a procedure is asked of one person, by the plain evaluator")
        case _:
            parts = tuple(fold(part, on, calendar) for part in condition.parts)
            return Joined(isinstance(condition, All), parts)
