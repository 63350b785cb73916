"""An amendment is rehearsed with one command: who could move, and how many here would (docs/flow/amendment.md)."""

import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, muster

EXAMPLE = ROOT / "packs" / "example"


@pytest.fixture
def amended(tmp_path: Path) -> Path:
    """The example republic, with liability ending at 23 in place of 26."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    page = folder / "liability.md"
    text = page.read_text("utf-8")
    for written in ("liable_from <= age(born) <= liable_to", "age(born) > liable_to"):
        assert written in text
        text = text.replace(written, written.replace("liable_to", "22"))
    page.write_text(text, "utf-8")
    return folder


def test_the_same_law_moves_nobody_and_that_is_proved() -> None:
    done = muster("pack", "diff", EXAMPLE, EXAMPLE)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "example -> example: 0 moves, 0 of them worse"


def test_every_move_has_a_person_and_a_day(amended: Path) -> None:
    done = muster("pack", "diff", EXAMPLE, amended)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.partition(", on ")[0] for line in lines[:-1]] == [
        "service: liable -> not_liable",
        "service: exempt -> not_liable",
        "service: deferred -> not_liable",
    ]
    assert all("born: " in line for line in lines[:-1])


@pytest.mark.demo
def test_the_people_of_a_register_are_counted_and_nobody_is_named(amended: Path, demo_home: Path) -> None:
    done = muster("pack", "diff", EXAMPLE, amended, "--home", demo_home, "--json")
    assert done.returncode == 1, done.stderr
    (told,) = json.loads(done.stdout)["packs"]
    counts = told["people"]["counts"]
    assert told["people"]["on"] == "2021-03-31"
    assert counts["service: liable -> not_liable"] > 50
    assert all(count == "not shown" or (count >= 10 and count % 5 == 0) for count in counts.values())


def test_a_folder_without_a_law_and_a_day_that_is_none_are_refused(tmp_path: Path) -> None:
    assert muster("pack", "diff", tmp_path, EXAMPLE).returncode == 2
    done = muster("pack", "diff", EXAMPLE, EXAMPLE, "--home", tmp_path, "--on", "tomorrow")
    assert done.returncode == 1
    assert "--on" in done.stderr
    assert muster("pack", "diff", EXAMPLE, EXAMPLE, "--on", "2021-01-01").returncode == 2
