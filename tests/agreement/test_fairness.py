"""The fairness figures of the engine are those of the plain stage, to the last bit."""

import hashlib

import numpy as np
import pytest
from tests.published import people

from musterroll.draw import fairness, order
from musterroll.draw.commitment import Cohort
from musterroll.engine import fairness_numpy


@pytest.mark.parametrize("count", [1, 10, 19, 20, 60, 80, 500, 1280, 3000])
def test_suite_b_is_the_same_both_ways(count) -> None:
    cohort = Cohort.of(people(count))
    seed = hashlib.sha256(count.to_bytes(4, "big")).digest()
    values = [
        np.array([int.from_bytes(order.key(seed, c)[:8], "big") for c in stratum], dtype=np.uint64)
        for stratum in cohort.commitments()
    ]
    assert fairness_numpy.examine(values, "0.001") == fairness.examine(cohort, seed, "0.001")


def test_large_parts_are_taken_piece_by_piece(monkeypatch) -> None:
    values = np.frombuffer(hashlib.shake_256(b"draw").digest(8 * 5000), dtype=">u8").astype(np.uint64)
    whole = fairness_numpy.examine([values[:2000], values[2000:]], "0.001")
    monkeypatch.setattr(fairness_numpy, "_PEOPLE", 777)
    assert fairness_numpy.examine([values[:2000], values[2000:]], "0.001") == whole
