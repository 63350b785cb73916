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
from musterroll.draw.commitment import Cohort
from musterroll.draw.order import key

SUITE = "muster-roll/fairness-b/v1"
_SMALLEST = 20
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

    def encode(self) -> bytes:
        """The bytes of `fairness.json`; figures are texts of six decimals."""
        return canonical.encode(
            {
                "v": 1,
                "suite": SUITE,
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
    corrected = holm({name: p for name, p in found.items() if p is not None})
    outcomes = tuple(Outcome(name, p, corrected.get(name)) for name, p in found.items())
    return Report(outcomes, alpha, judge(min(corrected.values(), default=1.0), alpha))


def judge(smallest: float, alpha: str) -> str:
    """What follows from the smallest corrected p: `flag`, `note` or `unremarkable`."""
    if smallest <= float(alpha):
        return "flag"
    return "note" if smallest <= 10 * float(alpha) else "unremarkable"


def first_byte(keys: Sequence[bytes]) -> float | None:
    """B1."""
    bins = 256 if len(keys) >= 1280 else 16
    if len(keys) < 5 * bins:
        return None
    counts = [0] * bins
    for k in keys:
        counts[k[0] * bins // 256] += 1
    # n is taken out of the sum so that it stays a whole number until the end.
    statistic = sum((count * bins - len(keys)) ** 2 for count in counts) / (bins * len(keys))
    return chi_square(statistic, bins - 1)


def uniform(values: Sequence[int]) -> float | None:
    """B2 (Stephens' form of the Kolmogorov distribution). `values` are below 2^64."""
    n = len(values)
    if n < _SMALLEST:
        return None
    at = [value / 2**64 for value in sorted(values)]
    distance = max(max((i + 1) / n - x, x - i / n) for i, x in enumerate(at))
    scaled = distance * (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n))
    series = sum((1.0 if j % 2 else -1.0) * math.exp(-2 * (j * scaled) ** 2) for j in range(1, 101))
    return min(1.0, max(0.0, 2 * series))


def neighbours(values: Sequence[int]) -> float | None:
    """B3. Values of chance have mean 2^63 and no product of neighbours on average."""
    if len(values) < _SMALLEST:
        return None
    products = sum((a - _HALF) * (b - _HALF) for a, b in itertools.pairwise(values))
    z = products / 2**128 * 12 / math.sqrt(len(values) - 1)
    return math.erfc(abs(z) / math.sqrt(2))


def stratum_means(strata: Sequence[Sequence[int]]) -> float | None:
    """B4."""
    if min(len(stratum) for stratum in strata) < _SMALLEST:
        return None
    statistic = sum(12 * (sum(v - _HALF for v in stratum) / 2**64) ** 2 / len(stratum) for stratum in strata)
    return chi_square(statistic, len(strata))


def holm(p: dict[str, float]) -> dict[str, float]:
    """The p of each test after Holm's step-down correction."""
    corrected: dict[str, float] = {}
    largest = 0.0
    for rank, name in enumerate(sorted(p, key=lambda name: (p[name], name))):
        largest = max(largest, min(1.0, (len(p) - rank) * p[name]))
        corrected[name] = largest
    return corrected


def chi_square(statistic: float, freedom: int) -> float:
    """The chance that a chi-square variable of `freedom` degrees is at least `statistic`.

    The regularised upper incomplete gamma function at (freedom / 2, statistic / 2): by its series where the lower part
    is the smaller one, else by its continued fraction.
    """
    a, x = freedom / 2, statistic / 2
    if x <= 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = a
        while term > total * 1e-16:
            n += 1
            term *= x / n
            total += term
        return max(0.0, 1 - front * total)
    b = x + 1 - a
    c, d = 1e300, 1 / b
    value = d
    i, change = 0, 0.0
    while abs(change - 1) > 1e-14:
        i += 1
        step = -i * (i - a)
        b += 2
        d = 1 / (step * d + b)
        c = b + step / c
        change = c * d
        value *= change
    return front * value


def _text(p: float | None) -> str | None:
    return None if p is None else f"{p:.6f}"
