"""Broken deliveries are taken in rightly or refused so that the agency can act; memory is bounded."""

import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = 240


@pytest.mark.timeout(900)
def test_every_broken_delivery_is_read_rightly_or_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.hostile.deliveries"),
            *("--rounds", str(ROUNDS), "--seed", "5000", "--folder", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout
    assert f"{ROUNDS} rounds, 0 faults: none" in done.stdout
    assert "a row of 0.25 GB: delivery.row-too-long" in done.stdout
