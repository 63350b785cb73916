"""How often pure chance looks at least as odd: the distributions that the fairness tests need, and Holm's correction.

Formulas in place of simulation where the number of people makes them good: everybody gets the same figure.
1. `chi_square`: Abramowitz and Stegun 26.4; the incomplete gamma function by 6.5.29 (series) or 6.5.31 (fraction).
2. `kolmogorov`: Stephens (1970), the modified statistic of one sample against a known distribution.
3. `two_sided`: the normal distribution.
4. `spearman` and `kruskal_wallis`: the usual large-sample forms (Kendall 1948; Kruskal and Wallis 1952).
5. `holm`: Holm (1979), for asking several questions of one draw.
"""

import math
from collections.abc import Collection


def chi_square(statistic: float, freedom: int) -> float:
    """The chance that a chi-square variable of `freedom` degrees (1 or more) is at least `statistic`."""
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


def kolmogorov(distance: float, n: int) -> float:
    """The chance that `n` values of chance stand at least `distance` (0 to 1) from the distribution they come from."""
    scaled = distance * (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n))
    series = sum((1.0 if j % 2 else -1.0) * math.exp(-2 * (j * scaled) ** 2) for j in range(1, 101))
    return min(1.0, max(0.0, 2 * series))


def two_sided(z: float) -> float:
    """The chance that a normal variable is at least as far from its mean as `z` standard deviations."""
    return math.erfc(abs(z) / math.sqrt(2))


def spearman(products: int, ties: int, n: int) -> float:
    """The chance of a rank correlation at least as large, from sums of whole numbers.

    `products`: the sum of rank x doubled rank, ranks from 1 to `n`; equal values share the mean of their ranks in the
    doubled one. `ties`: the sum of t^3 - t over each run of t equal values. All values equal: 1.
    """
    spread = n**3 - n
    covariance = products - n * (n + 1) ** 2 // 2
    if spread == ties:
        return 1.0
    return two_sided(6 * covariance / math.sqrt(spread) / math.sqrt(spread - ties) * math.sqrt(n - 1))


def kruskal_wallis(groups: Collection[tuple[int, int]]) -> float:
    """The chance that groups of (size, sum of ranks) differ so much; nobody has another's rank. One group: 1."""
    n = sum(size for size, _ in groups)
    # 2 x sum - size x (n + 1) is the group's distance from its expected sum, doubled to stay a whole number.
    distances = sum((2 * ranks - size * (n + 1)) ** 2 / size for size, ranks in groups)
    return chi_square(3 * distances / (n * (n + 1)), len(groups) - 1) if len(groups) > 1 else 1.0


def holm(p: dict[str, float]) -> dict[str, float]:
    """The p of each test after Holm's step-down correction; equal p in the order of the names."""
    corrected: dict[str, float] = {}
    largest = 0.0
    for rank, name in enumerate(sorted(p, key=lambda name: (p[name], name))):
        largest = max(largest, min(1.0, (len(p) - rank) * p[name]))
        corrected[name] = largest
    return corrected
