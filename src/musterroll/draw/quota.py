"""How many of each stratum are called: proportional to its size, so that no group is aimed at (charter S3).

`largest-remainder/v1`:
1. No more are wanted than there are entries.
2. A stratum's share is wanted x its size / all sizes. It gets the whole part; what is left over goes one each to the
   largest remainders, ties to the stratum that stands first.
3. With a floor (where the law says "at least one"), strata that fall below it get the floor, are set aside with it,
   and the rest is shared among the others in the same way, until none falls below.
"""

from collections.abc import Sequence

from musterroll.errors import MusterRollError

RULE = "largest-remainder/v1"


def apportion(total: int, sizes: Sequence[int], floor: int = 0) -> tuple[int, ...]:
    """The quota of each stratum of `sizes` people, adding up to `total` or to everybody, if they are fewer.

    Raises MusterRollError `quota.floor` where the floors alone exceed the total or a stratum's size.
    """
    if total < 0 or floor < 0 or any(size < 1 for size in sizes):
        raise ValueError("a total and a floor are not negative, and every stratum has somebody")
    wanted = min(total, sum(sizes))
    if floor * len(sizes) > wanted or any(size < floor for size in sizes):
        raise MusterRollError(
            "quota.floor",
            f"{len(sizes)} strata with at least {floor} each cannot be filled by a total of {wanted}.",
            where="selection",
            remedy="Raise the total, or let strata merge until each can give its floor.",
        )
    quotas = [floor] * len(sizes)
    rest = list(range(len(sizes)))
    while True:
        # The floors fit into the total, so what is left is at least a floor each: somebody of the rest is never below.
        left = wanted - floor * (len(sizes) - len(rest))
        shares = dict(zip(rest, _largest_remainder(left, [sizes[i] for i in rest]), strict=True))
        below = [i for i in rest if shares[i] < floor]
        if not below:
            break
        rest = [i for i in rest if i not in below]
    for i in rest:
        quotas[i] = shares[i]
    return tuple(quotas)


def _largest_remainder(wanted: int, sizes: list[int]) -> list[int]:
    everybody = sum(sizes)
    shares = [wanted * size // everybody for size in sizes]
    remainders = [wanted * size % everybody for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: wanted - sum(shares)]:
        shares[i] += 1
    return shares
