"""`muster nightly --weekly` in a home: what is committed is folded, also when it was killed on either side of it."""

import json
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
from pathlib import Path
from musterroll.register import home, night, waiting
from musterroll.demo import founding

def end(made):
    Path(sys.argv[2]).write_text(made.snapshot.digest)
    if sys.argv[3] == "before":
        os._exit(9)

with home.open(Path(sys.argv[1])) as opened:
    if sys.argv[3] == "after":
        waiting.clear = lambda *_: os._exit(9)
    at = founding.later(opened, opened.clock.now() + 86400)
    night.run(at=at, weekly=True, before_commit=end)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home after two nights."""
    folder = tmp_path_factory.mktemp("nisos")
    nisos_people.write(folder / "deliveries")
    made = muster("init", "--fictional", "--home", folder / "home", "--pack", NISOS, "--sources", NISOS / "sources")
    assert made.returncode == 0, made.stderr
    told = muster("nightly", "--home", folder / "home", "--deliveries", folder / "deliveries", timeout=500)
    assert "2 nights" in told.stdout, told.stderr
    return folder / "home"


def newest(home: Path) -> tuple[str, dict]:
    """The last snapshot, by its digest, as it was written."""
    found = {path.stem: json.loads(path.read_bytes()) for path in (home / "roll" / "snapshots").glob("*.json")}
    parents = {one["parent"] for one in found.values()}
    (last,) = set(found) - parents
    return last, found[last]


def nights_in(snapshot: dict) -> set[int]:
    """The nights of which objects lie unfolded."""
    return {ref["night"] for refs in snapshot["tables"].values() for ref in refs if "night" in ref}


def test_the_weekly_night_commits_the_folded_tables(home):
    _, before = newest(home)
    assert len(nights_in(before)) == 2
    done = muster("nightly", "--home", home, "--weekly", timeout=300)
    assert done.returncode == 0, done.stderr
    digest, after = newest(home)
    assert f"snapshot {digest[:16]}" in done.stdout
    assert nights_in(after) <= {after["known_at"]}
    again = muster("nightly", "--home", home, timeout=300)
    assert again.returncode == 0, again.stderr
    assert newest(home)[1]["parent"] == digest


@pytest.mark.parametrize("side", ["before", "after"])
def test_killed_on_either_side_of_the_commit_it_ends_in_the_same_folded_roll(home, tmp_path, side):
    told = tmp_path / "digest"
    command = [sys.executable, "-c", KILLED, str(home), str(told), side]
    killed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert killed.returncode == 9, killed.stderr
    ended = muster("nightly", "--home", home, timeout=300)  # nobody says again that it is weekly
    assert ended.returncode == 0, ended.stderr
    digest, snapshot = newest(home)
    assert digest == told.read_text()
    assert nights_in(snapshot) <= {snapshot["known_at"]}
    assert not (home / "roll" / "work").exists()


def test_a_folder_of_deliveries_is_no_weekly_night_and_nothing_is_done(home, tmp_path):
    before = newest(home)
    told = muster("nightly", "--home", home, "--weekly", "--deliveries", tmp_path)
    assert told.returncode == 2
    assert "nightly.weekly" in told.stderr
    assert newest(home) == before
