"""The tests of suite B find bad mixing, agree with known figures, and decide nothing."""

import hashlib
import json
import math

import pytest
from tests.published import people

from musterroll.draw import chance, fairness
from musterroll.draw.commitment import Cohort


@pytest.mark.parametrize(
    ("statistic", "freedom", "expected"),
    [
        (3.841458820694124, 1, 0.05),
        (0.5, 2, math.exp(-0.25)),
        (18.307038053275146, 10, 0.05),
        (293.2478350807012, 255, 0.05),
        (200.0, 255, 0.9952868),
        (0.0, 3, 1.0),
        (2000.0, 255, 0.0),
    ],
)
def test_the_chi_square_distribution_has_its_known_values(statistic, freedom, expected) -> None:
    assert chance.chi_square(statistic, freedom) == pytest.approx(expected, abs=2e-4)


def test_a_draw_of_hashes_is_unremarkable() -> None:
    report = fairness.examine(Cohort.of(people(60)), bytes(32), "0.001")
    assert report.verdict == "unremarkable"
    told = json.loads(report.encode())
    assert told["suite"] == fairness.SUITE
    assert [row["test"] for row in told["tests"]] == ["B1", "B2", "B3", "B4"]
    assert told["tests"][0]["p"] is None  # 60 people are too few for sixteen groups
    assert told["meaning"] == "A flag asks an auditor to look. It never voids or repeats a draw."


def test_few_people_are_not_tested_at_all() -> None:
    report = fairness.examine(Cohort.of(people(10)), bytes(32), "0.001")
    assert [o.p for o in report.outcomes] == [None] * 4
    assert report.verdict == "unremarkable"


def keys(count: int) -> list[bytes]:
    return [hashlib.sha256(i.to_bytes(4, "big")).digest() for i in range(count)]


@pytest.mark.parametrize("count", [100, 1280])
def test_keys_crowded_in_one_corner_are_found(count: int) -> None:
    assert fairness.first_byte(keys(count)) > 0.001
    assert fairness.first_byte([bytes([k[0] // 8]) + k[1:] for k in keys(count)]) < 1e-9


def test_values_that_are_not_uniform_are_found() -> None:
    values = [int.from_bytes(k[:8], "big") for k in keys(300)]
    assert fairness.uniform(values) > 0.001
    assert fairness.uniform([value // 2 for value in values]) < 1e-9


def test_neighbours_that_resemble_each_other_are_found() -> None:
    values = [int.from_bytes(k[:8], "big") for k in keys(300)]
    assert fairness.neighbours(values) > 0.001
    assert fairness.neighbours(sorted(values)) < 1e-9


def test_a_stratum_that_comes_early_is_found() -> None:
    values = [int.from_bytes(k[:8], "big") for k in keys(300)]
    assert fairness.stratum_means([values[:150], values[150:]]) > 0.001
    ranked = sorted(values)
    assert fairness.stratum_means([ranked[:150], ranked[150:]]) < 1e-9


def test_holms_correction_is_the_one_of_the_textbook() -> None:
    corrected = chance.holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert corrected == pytest.approx({"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06})


@pytest.mark.parametrize(
    ("smallest", "verdict"), [(0.0009, "flag"), (0.001, "flag"), (0.0099, "note"), (0.011, "unremarkable")]
)
def test_the_level_announced_beforehand_decides_what_is_said(smallest: float, verdict: str) -> None:
    assert fairness.judge(smallest, "0.001") == verdict
