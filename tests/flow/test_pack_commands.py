"""`muster pack` as authors and lawyers use it: several folders, data for programs, exit codes, files written."""

import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, muster

from musterroll.law import scaffold


@pytest.fixture
def law(tmp_path: Path) -> Path:
    scaffold.write(tmp_path / "nowhere")
    return tmp_path / "nowhere"


@pytest.mark.parametrize("command", ["check", "prove", "cases", "coverage", "mutate"])
def test_each_question_takes_several_folders_and_gives_the_same_as_data(
    law: Path, tmp_path: Path, command: str
) -> None:
    shutil.copytree(law, tmp_path / "again")
    shown = muster("pack", command, law, tmp_path / "again")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.splitlines()[-1].startswith("2 packs: ")
    assert "[1 of 2]" in shown.stderr
    told = muster("pack", command, law, tmp_path / "again", "--json")
    data = json.loads(told.stdout)
    assert (data["format"], data["command"], data["exit_code"]) == ("muster-pack-report/1", command, 0)
    assert [one["pack"] for one in data["packs"]] == ["nowhere", "nowhere"]
    assert data["figures"] == {
        name: sum(one["figures"][name] for one in data["packs"]) for name in data["packs"][0]["figures"]
    }


@pytest.mark.parametrize("command", ["check", "prove", "cases", "coverage", "mutate"])
def test_a_folder_that_is_no_pack_ends_with_2_beside_one_that_is(law: Path, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    done = muster("pack", command, law, tmp_path / "empty")
    assert done.returncode == 2
    assert "it has no pack.md" in done.stderr
    data = json.loads(muster("pack", command, tmp_path / "empty", "--json").stdout)
    assert (data["exit_code"], data["packs"][0]["findings"][0]["code"]) == (2, "law.folder")


@pytest.mark.parametrize("command", ["cases", "coverage", "mutate"])
def test_what_differs_is_missing_or_survives_ends_with_1(law: Path, command: str) -> None:
    page = law / "duty.md"
    text = page.read_text("utf-8")
    old, new = "on 2019-12-31: not covered\non 2020-01-01: bound\n", "on 2020-01-01: free\n"
    if command == "mutate":
        old, new = "on 2019-12-31: not covered\n", ""
    if command == "coverage":
        old, new = "on 2024-03-31: on_leave\non 2024-04-01: bound\non 2024-04-02: bound\n", "on 2024-03-31: on_leave\n"
    assert old in text
    page.write_text(text.replace(old, new), "utf-8")
    done = muster("pack", command, law)
    assert done.returncode == 1
    assert {"cases": "DIFFERS", "coverage": "NOT SHOWN", "mutate": "SURVIVES"}[command] in done.stdout


def test_a_new_law_is_written_once_and_is_in_order(tmp_path: Path) -> None:
    made = muster("pack", "new", tmp_path / "ruritania")
    assert (made.returncode, made.stdout.splitlines()[-1]) == (0, f"Next: muster pack check {tmp_path / 'ruritania'}")
    assert muster("pack", "check", tmp_path / "ruritania").returncode == 0
    again = muster("pack", "new", tmp_path / "ruritania")
    assert again.returncode == 1
    assert "There is something of this name already" in again.stderr


def test_a_lock_remembers_reviews_and_a_changed_paragraph_forbids_publication(law: Path) -> None:
    assert muster("pack", "lock", law).stdout == "nowhere: 17 pairs, 17 not reviewed, 0 in need of review again\n"
    one = muster("pack", "lock", law, "--reviewed-by", "A. Counsel", "--on", "2026-11-22", "--paragraph", "sec. 4 (1)")
    assert one.stdout == "nowhere: 17 pairs, 15 not reviewed, 0 in need of review again\n"
    page = law / "duty.md"
    page.write_text(page.read_text("utf-8").replace("Exempt is who serves", "Exempt is whoever serves"), "utf-8")
    refused = muster("pack", "check", law)
    assert refused.returncode == 1
    assert "sec. 4 (1) needs review by a lawyer: its text changed and rule fire_brigade did not." in refused.stderr
    kept = muster("pack", "lock", law)
    assert kept.returncode == 1
    assert kept.stdout == "nowhere: 17 pairs, 15 not reviewed, 2 in need of review again\n"
    every = muster("pack", "lock", law, "--reviewed-by", "A. Counsel", "--on", "2026-11-23")
    assert every.stdout == "nowhere: 17 pairs, 0 not reviewed, 0 in need of review again\n"
    assert muster("pack", "check", law).stdout.splitlines()[-1].endswith(" 0 to look at")


@pytest.mark.parametrize("more", [("--reviewed-by", "A"), ("--on", "2026-11-22"), ("--paragraph", "sec. 4 (1)")])
def test_a_review_has_a_name_and_a_day(law: Path, more: tuple[str, str]) -> None:
    refused = muster("pack", "lock", law, *more)
    assert refused.returncode == 1
    assert "A review has a name and a day." in refused.stderr
    assert not (law / "pack.lock").exists()


def test_a_changed_law_tells_who_moves_and_the_same_law_moves_nobody(law: Path, tmp_path: Path) -> None:
    shutil.copytree(law, tmp_path / "later")
    page = tmp_path / "later" / "duty.md"
    page.write_text(page.read_text("utf-8").replace("age(born) >= 60", "age(born) >= 65"), "utf-8")
    moved = muster("pack", "diff", law, tmp_path / "later")
    assert moved.returncode == 1
    assert "WORSE  watch: free -> bound, on " in moved.stdout
    data = json.loads(muster("pack", "diff", law, tmp_path / "later", "--json").stdout)
    assert {one["becomes"] for one in data["packs"][0]["moves"] if one["worse"]} == {"bound", "on_leave"}
    assert muster("pack", "diff", law, law).returncode == 0
    assert muster("pack", "diff", law, tmp_path / "nothing").returncode == 2
    assert muster("pack", "diff", tmp_path / "nothing", law).returncode == 2


def test_a_page_is_not_written_for_a_pack_that_does_not_load(tmp_path: Path) -> None:
    done = muster("pack", "render", tmp_path, "-o", tmp_path / "page.html")
    assert done.returncode == 2
    assert not (tmp_path / "page.html").exists()


def test_the_shipped_packs_are_reviewed_by_nobody_and_their_locks_say_so() -> None:
    for name in ("example", "us", "lv"):
        lines = (ROOT / "packs" / name / "pack.lock").read_text("utf-8").splitlines()
        assert lines[0] == f"muster-lock/1 {name}"
        assert all(" not reviewed | " in line for line in lines if not line.startswith(("#", "muster-lock")))
