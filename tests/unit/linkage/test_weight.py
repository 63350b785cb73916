import math

import pytest

from musterroll.linkage.weight import CONFIRMED, POSSIBLE, among, of_probability, probability, thousandths


@pytest.mark.parametrize(("bits", "weight"), [(0.0, 0), (1.2344, 1234), (1.2345, 1235), (-1.2345, -1235), (-0.0004, 0)])
def test_a_weight_is_whole_thousandths_of_a_bit(bits, weight):
    assert thousandths(bits) == weight


@pytest.mark.parametrize("bits", [math.inf, -math.inf, math.nan])
def test_no_weight_is_endless(bits):
    with pytest.raises(ValueError, match="finite"):
        thousandths(bits)


def test_ten_bits_are_odds_of_a_thousand_to_one():
    assert probability(CONFIRMED) == pytest.approx(1024 / 1025)


def test_a_possible_link_starts_at_one_in_a_thousand():
    assert pytest.approx(0.001, rel=1e-3) == probability(POSSIBLE)
    assert of_probability(0.5) == 0


@pytest.mark.parametrize("value", [0, 1, -0.1])
def test_certainty_has_no_weight(value):
    with pytest.raises(ValueError, match="between 0 and 1"):
        of_probability(value)


def test_an_absurd_weight_is_no_chance():
    assert probability(-2_000_000) == 0


def test_without_a_rival_only_somebody_unregistered_is_left():
    assert among(8000, [], 0.9) == 8000 + thousandths(math.log2(10))


def test_two_people_of_equal_evidence_share_a_record_evenly():
    assert among(20_000, [20_000], 0.9) == 0


def test_a_weak_rival_changes_little():
    assert 0 < among(8000, [], 0.9) - among(8000, [-8000], 0.9) < 100


@pytest.mark.parametrize("coverage", [0, 1])
def test_coverage_is_a_share(coverage):
    with pytest.raises(ValueError, match="share"):
        among(8000, [], coverage)
