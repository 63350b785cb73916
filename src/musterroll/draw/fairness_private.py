"""Suite B, the private part: does a place in the draw go with anything about the person? (docs/spec/fairness.md)

It needs what only the register knows, so the operator runs it and an auditor runs it again; one p a test is published.
It finds slips such as the visa lottery's of 2011, whose first two days held nine of ten winners.
1. B5: rank correlation with the birth date. B6: with the order in which people came into the register.
2. B7: differences between municipalities. B8: between first letters of the family name.
3. B9: between those of whom an attribute that the law protects is held and the others, one test an attribute.
4. Groups under 20 people are taken together; who has no value is left out; under 20 people nothing is tested.
5. What differs by chance is found in one draw of a thousand (alpha, after Holm). A flag never voids or repeats a draw.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from musterroll.draw import chance, fairness
from musterroll.draw.fairness import Report

SUITE = "muster-roll/fairness-b-private/v1"


def examine(
    values: Sequence[int],
    *,
    orders: Mapping[str, Sequence[int | None]],
    groups: Mapping[str, Sequence[str | None]],
    alpha: str,
) -> Report:
    """The tests named in `orders` and `groups`, each over one thing known of every entrant, at level `alpha`.

    `values`: the first 64 bits of each entrant's key; all sequences stand in the same order of entrants.
    """
    found = {name: goes_with(values, known) for name, known in orders.items()}
    found |= {name: differs_by(values, known) for name, known in groups.items()}
    return fairness.report(found, alpha, SUITE)


def goes_with(values: Sequence[int], known: Sequence[int | None]) -> float | None:
    """B5 and B6: the p of the rank correlation between draw values and `known`."""
    pairs = [(value, at) for value, at in zip(values, known, strict=True) if at is not None]
    n = len(pairs)
    if n < fairness.SMALLEST:
        return None
    doubled: dict[int, int] = {}
    below = ties = 0
    for at, count in sorted(Counter(at for _, at in pairs).items()):
        doubled[at] = 2 * below + count + 1
        below += count
        ties += count**3 - count
    products = sum(rank * doubled[at] for rank, (_, at) in enumerate(sorted(pairs), start=1))
    return chance.spearman(products, ties, n)


def differs_by(values: Sequence[int], known: Sequence[str | None]) -> float | None:
    """B7 to B9: the p of the difference between groups."""
    pairs = sorted((value, group) for value, group in zip(values, known, strict=True) if group is not None)
    if len(pairs) < fairness.SMALLEST:
        return None
    sums: Counter[str] = Counter()
    for rank, (_, group) in enumerate(pairs, start=1):
        sums[group] += rank
    return chance.kruskal_wallis(together(Counter(group for _, group in pairs), sums))


def together(sizes: Mapping[str, int], sums: Mapping[str, int]) -> list[tuple[int, int]]:
    """(size, sum of ranks) of each group; the small ones are one, which joins the smallest if too few."""
    large = sorted((size, sums[group]) for group, size in sizes.items() if size >= fairness.SMALLEST)
    small = [(size, sums[group]) for group, size in sizes.items() if size < fairness.SMALLEST]
    rest = (sum(size for size, _ in small), sum(ranks for _, ranks in small))
    if rest[0] >= fairness.SMALLEST or not large:
        return [*large, rest] if rest[0] else large
    return [(large[0][0] + rest[0], large[0][1] + rest[1]), *large[1:]]
