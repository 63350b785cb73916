"""Public tests of an order, suite B: they find slips of the software; they prove nothing, and they never redraw.

Each test asks how often pure chance would look at least as odd (p). There is no simulation, so the figures are the
same for everybody:
1. B1: chi-square of the first byte of K (256 groups; 16 groups below 1,280 people; not applicable below 80).
2. B2: Kolmogorov-Smirnov of the draw values against the uniform distribution (n of 20 or more).
3. B3: correlation of the keys of neighbours in the list (n of 20 or more).
4. B4: means of the strata, chi-square with as many degrees of freedom as there are strata (all of 20 or more).
Holm's method corrects for asking several questions. Below alpha an auditor looks (`flag`), below 10 alpha it is noted.
The proof that a draw is right is that anybody can compute it again.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from musterroll import canonical
from musterroll.draw import chance
from musterroll.draw.commitment import Cohort
from musterroll.draw.order import key

SUITE = "muster-roll/fairness-b/v1"
SMALLEST = 20
"""Fewer people are not tested."""
_HALF = 1 << 63


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test: its name, p between 0 and 1 (None where too few people stand in the list), p after Holm."""

    name: str
    p: float | None
    holm: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """All tests of one draw and what follows: `unremarkable`, `note` or `flag`."""

    outcomes: tuple[Outcome, ...]
    alpha: str
    verdict: str
    suite: str

    def encode(self) -> bytes:
        """The bytes of `fairness.json`; figures are texts of six decimals."""
        return canonical.encode(
            {
                "v": 1,
                "suite": self.suite,
                "alpha": self.alpha,
                "tests": [{"test": o.name, "p": _text(o.p), "holm": _text(o.holm)} for o in self.outcomes],
                "verdict": self.verdict,
                "meaning": "A flag asks an auditor to look. It never voids or repeats a draw.",
            }
        )


def examine(cohort: Cohort, seed: bytes, alpha: str) -> Report:
    """Suite B over the keys that `seed` gives to `cohort`, at level `alpha` (a decimal in a text)."""
    keys = [[key(seed, c) for c in stratum] for stratum in cohort.commitments()]
    every = [k for stratum in keys for k in stratum]
    values = [int.from_bytes(k[:8], "big") for k in every]
    by_stratum = [[int.from_bytes(k[:8], "big") for k in stratum] for stratum in keys]
    found = {
        "B1": first_byte(every),
        "B2": uniform(values),
        "B3": neighbours(values),
        "B4": stratum_means(by_stratum),
    }
    return report(found, alpha)


def report(found: dict[str, float | None], alpha: str, suite: str = SUITE) -> Report:
    """What follows from the p of each test; None where too few people stand in the list."""
    corrected = chance.holm({name: p for name, p in found.items() if p is not None})
    outcomes = tuple(Outcome(name, p, corrected.get(name)) for name, p in found.items())
    return Report(outcomes, alpha, judge(min(corrected.values(), default=1.0), alpha), suite)


def judge(smallest: float, alpha: str) -> str:
    """What follows from the smallest corrected p: `flag`, `note` or `unremarkable`."""
    if smallest <= float(alpha):
        return "flag"
    return "note" if smallest <= 10 * float(alpha) else "unremarkable"


def groups(n: int) -> int | None:
    """Into how many groups B1 divides `n` people; None where they are too few for any."""
    bins = 256 if n >= 1280 else 16
    return bins if n >= 5 * bins else None


def first_byte(keys: Sequence[bytes]) -> float | None:
    """B1."""
    bins = groups(len(keys))
    if bins is None:
        return None
    counts = [0] * bins
    for k in keys:
        counts[k[0] * bins // 256] += 1
    # n is taken out of the sum so that it stays a whole number until the end.
    statistic = sum((count * bins - len(keys)) ** 2 for count in counts) / (bins * len(keys))
    return chance.chi_square(statistic, bins - 1)


def uniform(values: Sequence[int]) -> float | None:
    """B2. `values` are below 2^64."""
    n = len(values)
    if n < SMALLEST:
        return None
    at = [value / 2**64 for value in sorted(values)]
    distance = max(max((i + 1) / n - x, x - i / n) for i, x in enumerate(at))
    return chance.kolmogorov(distance, n)


def neighbours(values: Sequence[int]) -> float | None:
    """B3."""
    if len(values) < SMALLEST:
        return None
    return neighbours_of(sum((a - _HALF) * (b - _HALF) for a, b in itertools.pairwise(values)), len(values))


def neighbours_of(products: int, n: int) -> float:
    """B3 from the sum of the products of neighbours: by chance each has mean 0 and variance 2^256 / 144."""
    return chance.two_sided(products / 2**128 * 12 / math.sqrt(n - 1))


def stratum_means(strata: Sequence[Sequence[int]]) -> float | None:
    """B4."""
    return stratum_means_of([sum(v - _HALF for v in stratum) for stratum in strata], [len(s) for s in strata])


def stratum_means_of(sums: Sequence[int], sizes: Sequence[int]) -> float | None:
    """B4 from each stratum's sum of (value - 2^63) and its size."""
    if min(sizes) < SMALLEST:
        return None
    statistic = sum(12 * (total / 2**64) ** 2 / size for total, size in zip(sums, sizes, strict=True))
    return chance.chi_square(statistic, len(sizes))


def _text(p: float | None) -> str | None:
    return None if p is None else f"{p:.6f}"
