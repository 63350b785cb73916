"""Bad deliveries as an officer meets them: one message, an exit code, the file kept, nothing else changed."""

import shutil

import pytest
from tests.conftest import muster

pytestmark = pytest.mark.demo


def kept(home):
    return {path.name for path in (home / "quarantine").glob("*.csv")}


def roll(home):
    return {path.name for path in (home / "roll" / "snapshots").iterdir()}


def test_a_truncated_file_a_repeated_one_and_a_missing_manifest(demo_home, tmp_path):
    sent = demo_home / "deliveries" / "night-2"
    lines = (sent / "pay.csv").read_bytes().splitlines(keepends=True)
    for name in ("pay.csv", "pay.manifest.json"):
        shutil.copy(sent / name, tmp_path / name)
    (tmp_path / "pay.csv").write_bytes(b"".join(lines[:100]))
    before = roll(demo_home)

    cut = muster("receive", "--home", demo_home, tmp_path / "pay.csv")
    assert cut.returncode == 1
    assert cut.stderr == (
        "muster: The file ends early: it has 99 rows, and its manifest says 519. Where: delivery of pay. "
        "What to do: Ask the agency to send the whole file again. [delivery.truncated]\n"
    )
    assert len(kept(demo_home)) == 1
    assert roll(demo_home) == before

    again = muster("receive", "--home", demo_home, sent / "pay.csv")
    assert again.returncode == 0
    assert "pay: this very file and manifest came before, as delivery " in again.stdout
    assert "Nothing has changed. [delivery.twice]" in again.stdout

    (tmp_path / "pay.manifest.json").unlink()
    alone = muster("receive", "--home", demo_home, tmp_path / "pay.csv")
    assert alone.returncode == 2
    assert "Where: pay.manifest.json." in alone.stderr
    assert "Traceback" not in cut.stderr + again.stderr + alone.stderr
