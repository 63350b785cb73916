"""What goes with a place in the draw is found; what does not is not; few people are not tested."""

import hashlib

import pytest

from musterroll.draw import chance
from musterroll.draw import fairness_private as private

VALUES = [int.from_bytes(hashlib.sha256(i.to_bytes(4, "big")).digest()[:8], "big") for i in range(600)]
RANKED = sorted(VALUES)


def test_what_goes_with_the_draw_value_is_found_and_what_does_not_is_not() -> None:
    births = [i // 20 for i in range(600)]
    assert private.goes_with(VALUES, births) > 0.001
    assert private.goes_with(RANKED, births) < 1e-9
    assert private.goes_with(RANKED, births[::-1]) < 1e-9
    towns = ["north" if i % 2 else "south" for i in range(600)]
    assert private.differs_by(VALUES, towns) > 0.001
    assert private.differs_by(RANKED, ["north" if i < 300 else "south" for i in range(600)]) < 1e-9


def test_the_figures_are_those_of_the_textbook() -> None:
    # Five pairs in the order of x: ranks of y 2, 1, 4, 3, 5, rho 0.8; with a tie: 1.5, 1.5, 4, 3, 5, rho 0.8208.
    assert chance.spearman(2 * (2 + 2 + 12 + 12 + 25), 0, 5) == pytest.approx(chance.two_sided(0.8 * 2))
    rho = (1.5 + 3 + 12 + 12 + 25 - 45) / (10 * 9.5) ** 0.5
    assert chance.spearman(3 + 6 + 24 + 24 + 50, 6, 5) == pytest.approx(chance.two_sided(rho * 2))
    # Three groups of two, ranks 1 2 | 3 4 | 5 6: H = 32 / 7, two degrees of freedom.
    assert chance.kruskal_wallis([(2, 3), (2, 7), (2, 11)]) == pytest.approx(chance.chi_square(32 / 7, 2))


def test_who_has_no_value_is_left_out_and_few_are_not_tested() -> None:
    some = [i if i < 25 else None for i in range(600)]
    assert private.goes_with(VALUES, some) == private.goes_with(VALUES[:25], list(range(25)))
    assert private.goes_with(VALUES, [None] * 581 + [1] * 19) is None
    towns = ["a" if i < 25 else None for i in range(600)]
    assert private.differs_by(VALUES, towns) == 1.0
    assert private.differs_by(VALUES, [None] * 581 + ["a"] * 19) is None


def test_everybody_alike_differs_in_nothing() -> None:
    assert private.goes_with(VALUES, [7] * 600) == 1.0


@pytest.mark.parametrize(
    ("sizes", "sums", "expected"),
    [
        ({"a": 30, "b": 40}, {"a": 1, "b": 2}, [(30, 1), (40, 2)]),
        # Two small towns are one group of 25.
        ({"a": 30, "b": 15, "c": 10}, {"a": 1, "b": 2, "c": 3}, [(30, 1), (25, 5)]),
        # One is too small and joins the smallest of the others.
        ({"a": 30, "b": 40, "c": 10}, {"a": 1, "b": 2, "c": 3}, [(40, 4), (40, 2)]),
        ({"a": 15, "b": 10}, {"a": 1, "b": 2}, [(25, 3)]),
    ],
)
def test_small_groups_are_taken_together(sizes, sums, expected) -> None:
    assert private.together(sizes, sums) == expected


def test_a_report_names_each_test_and_corrects_all_of_them() -> None:
    report = private.examine(
        RANKED,
        orders={"B5": [i // 20 for i in range(600)], "B6": [None] * 600},
        groups={"B7": ["x" if i % 3 else "y" for i in range(600)]},
        alpha="0.001",
    )
    assert (report.suite, report.verdict) == (private.SUITE, "flag")
    assert [(o.name, o.p is None) for o in report.outcomes] == [("B5", False), ("B6", True), ("B7", False)]
    assert report.outcomes[0].holm == 2 * report.outcomes[0].p
