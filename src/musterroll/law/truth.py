"""Truth in three values (law-engine 6.2: Kleene's strong logic).

1. Unknown is neither false nor true, and never becomes either by default.
2. `both` is false as soon as one part is false; `either` is true as soon as one part is true; otherwise an unknown
   part makes the whole unknown.
3. The numbers are ordered so that `both` is the smallest and `either` the largest: an engine may use that.
"""

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """False, unknown or true; ordered from least to most true."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


_OPPOSITE = (Truth.TRUE, Truth.UNKNOWN, Truth.FALSE)


def of(value: bool) -> Truth:
    """The truth of something decided."""
    return Truth.TRUE if value else Truth.FALSE


def negate(value: Truth) -> Truth:
    """True becomes false, false becomes true, unknown stays unknown."""
    return _OPPOSITE[value]


def both(values: Iterable[Truth]) -> Truth:
    """All of them hold. True for none at all."""
    return min(values, default=Truth.TRUE)


def either(values: Iterable[Truth]) -> Truth:
    """At least one of them holds. False for none at all."""
    return max(values, default=Truth.FALSE)
