"""A night with deliveries, killed after its roll was committed: `muster nightly` does what is left, and no more."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT, muster
from tests.newcountry import nisos_people

pytestmark = pytest.mark.timeout(900)
NISOS = ROOT / "tests" / "newcountry" / "nisos"
KILLED = """
import os, sys
from musterroll.cli.main import main
from musterroll.register import night

def end(*_, **__):
    os._exit(9)

module, name = sys.argv.pop().split(".")
setattr(getattr(night, module), name, end)
main()
"""


def files(home: Path, folder: str) -> dict[str, bytes]:
    """The files of a folder of the home, by their names."""
    return {path.name: path.read_bytes() for path in (home / folder).rglob("*") if path.is_file()}


@pytest.mark.parametrize("place", ["waiting.clear", "after_night.follow"])
def test_killed_after_the_commit_it_does_what_is_left(tmp_path, place):
    nisos_people.write(tmp_path / "deliveries")
    home = tmp_path / "home"
    made = muster("init", "--fictional", "--home", home, "--pack", NISOS, "--sources", NISOS / "sources")
    assert made.returncode == 0, made.stderr
    command = [sys.executable, "-c", KILLED, "nightly", "--home", home, "--deliveries", tmp_path / "deliveries", place]
    killed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert killed.returncode == 9, killed.stderr  # in the first of two nights
    committed = files(home, "roll/snapshots")
    assert len(committed) == 1
    assert not files(home, "report")
    ended = muster("nightly", "--home", home, timeout=300)
    assert ended.returncode == 0, ended.stderr
    assert files(home, "roll/snapshots") == committed
    ((report, _), *_) = sorted(files(home, "report").items())
    assert report.split("-")[-1].split(".")[0] == next(iter(committed))[:16]
    assert len(files(home, "roll/touched")) == 1
    assert not files(home, "inbox")
    assert not (home / "roll" / "work").exists()
    assert "unreadable" not in ended.stdout
