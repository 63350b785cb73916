"""Match weights: how many bits of evidence a pair has, in whole thousandths, so that they sort and store exactly.

A weight is log2 of the odds that two records are one person's, prior included. Machines differ in the last digits of
a float; a thousandth of a bit does not move with them, and ties are broken by record numbers.
"""

import math
from collections.abc import Iterable

THOUSANDTHS = 1000
CERTAIN = 2**31 - 1
"""The weight written where the judgement did not come from a weight (a rule, a person, an officer)."""

ODDS_PARTS = float(2**40)
ODDS_MOST = 80 * THOUSANDTHS
"""More than eighty bits are eighty where odds are added up: a sum of them stays within 127 binary digits."""

CONFIRMED = 10 * THOUSANDTHS
"""A model's link counts as confirmed from ten bits (odds of a thousand to one)."""


def thousandths(bits: float) -> int:
    """`bits` in whole thousandths, halves away from zero. Raises ValueError for what is not finite."""
    if not math.isfinite(bits):
        raise ValueError("a weight is a finite number of bits")
    return int(math.copysign(math.floor(abs(bits) * THOUSANDTHS + 0.5), bits))


def odds(weight: int) -> int:
    """The odds that a weight stands for, in whole parts of 2**-40, so that sums of odds are exact in any order."""
    return math.floor(math.pow(2, min(weight, ODDS_MOST) / THOUSANDTHS) * ODDS_PARTS)


def among(weight: int, rivals: Iterable[int], coverage: float) -> int:
    """The weight of a record's pair with one person, seen beside its pairs with all others.

    A record is one person's at most: what speaks for another speaks against this one, and where no other is near, only
    "a person who is not in the register" is left, whose share is one less `coverage` (0 to 1, both excluded). `weight`
    and `rivals` have the prior of one pair among all in them. With no rival, coverage 0.9 adds 3.3 bits.
    """
    if not 0 < coverage < 1:
        raise ValueError("coverage is a share between 0 and 1")
    others = float(sum(odds(rival) for rival in rivals)) / ODDS_PARTS
    return thousandths(weight / THOUSANDTHS - math.log2(others + (1 - coverage)))


def of_probability(probability: float) -> int:
    """The weight of a probability between 0 and 1, both excluded. Inverse of `probability` up to rounding."""
    if not 0 < probability < 1:
        raise ValueError("a probability that has a weight lies between 0 and 1")
    return thousandths(math.log2(probability / (1 - probability)))


def probability(weight: int) -> float:
    """The probability that a weight in thousandths stands for."""
    bits = weight / THOUSANDTHS
    return 1 / (1 + 2.0**-bits) if bits > -1000 else 0.0


POSSIBLE = of_probability(0.001)
"""A pair is a possible link from a probability of one in a thousand."""

NEAR = 0
"""Somebody's records from even odds on are near: whoever has one near stands beside those who would take a record."""
