"""Intervals of small shares, against published values (Brown, Cai and DasGupta 2001; Newcombe 1998, table I)."""

import pytest

from musterroll.demo.truth import ppm, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 0, 0.0, 1.0),
    ],
)
def test_a_share_has_its_published_interval(part, whole, low, high):
    found = wilson(part, whole)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_millionths_of_nothing_are_nothing():
    assert (ppm(1, 3), ppm(0, 0)) == (333_333, 0)
