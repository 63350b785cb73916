"""Quotas follow from sizes alone."""

import pytest

from musterroll.draw import quota
from musterroll.errors import MusterRollError


@pytest.mark.parametrize(
    ("total", "sizes", "floor", "expected"),
    [
        (10, [50, 30, 20], 0, (5, 3, 2)),
        (10, [1, 1, 1], 0, (1, 1, 1)),  # more wanted than there are: everybody
        (0, [5, 5], 0, (0, 0)),
        (7, [21, 21, 21], 0, (3, 2, 2)),  # equal remainders: the earlier stratum
        (10, [61, 32, 7], 0, (6, 3, 1)),  # 6.1 3.2 0.7: the largest remainder
        (10, [97, 2, 1], 0, (10, 0, 0)),
        (10, [97, 2, 1], 1, (8, 1, 1)),  # the law says at least one
        (100, [960, 25, 15], 3, (94, 3, 3)),  # 96 2.5 1.5: both are raised to the floor
        (3, [40, 30, 20], 1, (1, 1, 1)),
    ],
)
def test_quotas_are_proportional_by_the_largest_remainder(total, sizes, floor, expected) -> None:
    assert quota.apportion(total, sizes, floor) == expected


@pytest.mark.parametrize(("total", "sizes", "floor"), [(1, [5, 5], 1), (10, [5, 1], 2)])
def test_floors_that_cannot_be_met_are_refused(total, sizes, floor) -> None:
    with pytest.raises(MusterRollError, match=r"\[quota.floor\]"):
        quota.apportion(total, sizes, floor)


@pytest.mark.parametrize(("total", "sizes", "floor"), [(-1, [5], 0), (1, [5], -1), (1, [0], 0)])
def test_negative_wants_and_empty_strata_are_programming_errors(total, sizes, floor) -> None:
    with pytest.raises(ValueError, match="not negative"):
        quota.apportion(total, sizes, floor)


def test_quotas_always_add_up_and_never_exceed_a_stratum() -> None:
    for total in range(0, 70, 3):
        for sizes in ([1, 2, 3], [20, 20, 20], [60, 1, 1], [5] * 7):
            for floor in (0, 1):
                if floor * len(sizes) <= min(total, sum(sizes)):
                    shares = quota.apportion(total, sizes, floor)
                    assert sum(shares) == min(total, sum(sizes))
                    assert all(floor <= share <= size for share, size in zip(shares, sizes, strict=True))
