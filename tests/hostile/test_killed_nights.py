"""A night killed with kill -9 goes on and ends in the same bytes (`killed_nights` kills as often as one likes)."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_night_killed_at_random_points_ends_in_the_same_bytes() -> None:
    command = [sys.executable, "-m", "tests.hostile.killed_nights", "--points", "6"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 rolls that came out otherwise" in done.stdout
