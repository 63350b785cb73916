"""Packs broken at random load or are refused in words; the long run is `python -m tests.hostile.fuzz --minutes 10`."""

from pathlib import Path

import pytest
from tests.hostile import fuzz

ROUNDS = 80


@pytest.mark.timeout(240)
def test_a_pack_broken_at_random_loads_or_is_refused_in_words(tmp_path: Path) -> None:
    said: list[str] = []
    came, faults = fuzz.rounds(1, lambda number: number > ROUNDS, tmp_path, said.append)
    assert faults == [], "\n".join(said)
    assert came.total() == ROUNDS
    assert {"loads", "law.yaml", "law.page"} <= set(came), came


def test_a_round_is_made_from_its_number_alone(tmp_path: Path) -> None:
    laws = fuzz.originals(tmp_path)
    chance = fuzz.random.Random(7), fuzz.random.Random(7)
    assert fuzz.broken(laws[0], chance[0]) == fuzz.broken(laws[0], chance[1])


def test_what_is_no_error_in_words_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(folder: Path) -> None:
        raise KeyError("order")

    monkeypatch.setattr(fuzz.packs, "load", fails)
    said: list[str] = []
    _, faults = fuzz.rounds(5, lambda number: number > 6, tmp_path, said.append)
    assert faults == [5, 6]
    assert said[0].startswith("round 5:\n")
    assert "KeyError: 'order'" in said[0]
