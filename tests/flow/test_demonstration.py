"""The whole journey on the sample town: what the demonstration promises, and what it leaves behind."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import MUSTER, ROOT, muster

pytestmark = pytest.mark.demo

FIGURES = {"called", "wrongful", "wrongful_knowable", "missed", "undetermined_callable", "truly_callable"}


@pytest.fixture(scope="module")
def report(demo):
    return json.loads((demo.folder / "report" / "truth.json").read_text())


def test_the_report_has_two_configurations_with_the_naive_ways_beside(report):
    assert [(one["year"], one["noise"], one["ages"]) for one in report] == [(2020, 1, "18-25"), (2020, 1, "18-59")]
    for one in report:
        assert set(one) >= FIGURES
        assert set(one["naive"]) >= FIGURES
        assert set(one["naive"]["ways"]) == {"B", "C", "D"}


@pytest.mark.parametrize(("place", "wrongful"), [(0, 0.005), (1, 0.008)])
def test_the_register_is_right_about_people(report, place, wrongful):
    one = report[place]
    assert one["called"] > 300
    assert one["wrongful"] <= wrongful * one["called"]
    assert one["undetermined_callable"] <= 0.12 * one["truly_callable"]
    assert one["missed"] <= 0.03 * one["truly_callable"]


def test_no_wrongful_call_up_could_have_been_known_from_a_row(report):
    assert [one["wrongful_knowable"] for one in report] == [0, 0]


def test_the_naive_ways_are_wrong_about_two_in_five(report):
    assert all(one["naive"]["wrongful"] > 0.4 * one["naive"]["called"] for one in report)


def test_each_wrongful_call_up_is_listed_with_why(report):
    for one in report:
        assert len(one["wrongful_each"]) == one["wrongful"]
        assert all(each["why"] and each["reasons"] for each in one["wrongful_each"])


def test_an_outsider_finds_that_all_holds(demo):
    done = muster("verify", demo.folder / "published")
    assert done.returncode == 0, done.stdout
    assert "Result 0: ALL HOLDS" in done.stdout


def test_mail_says_only_that_there_is_a_notice(demo):
    mails = [path.read_bytes() for path in (demo.folder / "mail" / "new").iterdir()]
    letters = list((demo.folder / "letters").glob("*.pdf"))
    assert len(mails) == len(letters) > 40
    for mail in mails:
        assert b"DEMONSTRATION" in mail
        assert b"http" not in mail


def test_the_truth_key_is_in_no_delivery(demo):
    files = list((demo.folder / "deliveries").rglob("*.csv"))
    assert len(files) == 9
    assert all("simulant" not in path.read_text(encoding="utf-8").split("\n", 1)[0] for path in files)


def test_every_published_text_says_demonstration(demo):
    published = demo.folder / "published"
    manifest = next(published.glob("draws/*/manifest.json")).read_text()
    assert "DEMONSTRATION" in manifest
    assert "DEMONSTRATION" in (demo.folder / "report" / "truth.html").read_text()
    assert "demonstration" in demo.printed.lower()


def test_a_second_muster_on_the_same_home_is_refused(demo):
    with demo.alone(), (demo.folder / "lock").open("rb+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = muster("status", "--home", demo.folder)
    assert done.returncode == 2
    assert "Another muster is at work on this home." in done.stderr
    assert "[home.busy]" in done.stderr


def test_started_again_it_changes_nothing(demo):
    before = fingerprint(demo.folder)
    with demo.alone():
        again = muster("demo", "--no-serve", "--home", demo.folder)
    assert again.returncode == 0, again.stderr
    assert fingerprint(demo.folder) == before


@pytest.mark.timeout(900)
def test_killed_again_and_again_it_ends_in_the_same_roll_draw_and_letters(demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed") / "home"
    folder.mkdir()
    for name in ("deliveries", "truth"):
        shutil.copytree(demo.folder / name, folder / name)
    (folder / "truth" / "unsettled.json").unlink()
    command = [MUSTER, "demo", "--no-serve", "--home", folder]
    for word in ("comes into force", "Night 1", "The draw is committed"):
        kill_after(command, word)
    cut = subprocess.run([sys.executable, "-c", CUT, folder], cwd=ROOT, env=without_database(), capture_output=True)
    assert cut.returncode == 9, cut.stderr
    for word in ("The ceremony", "Night 2", "Letters"):
        kill_after(command, word)
    done = muster("demo", "--no-serve", "--home", folder)
    assert done.returncode == 0, done.stderr
    assert fingerprint(folder) == fingerprint(demo.folder)


CUT = """
import os, sys
from musterroll.cli.main import main
from musterroll.demo import run
held = run.hold_ceremony
run.hold_ceremony = lambda **terms: (held(**terms), os._exit(9))
sys.argv = ["muster", "demo", "--no-serve", "--home", sys.argv[1]]
main()
"""
"""The demonstration, gone right after the ceremony was committed: its entry waits, and no checkpoint covers it."""


def without_database() -> dict[str, str]:
    """The environment, so that the demonstration brings its own database."""
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def kill_after(command: list[object], word: str) -> None:
    """Start the demonstration, and kill it with everything it started a moment after it has said `word`."""
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env=without_database(),
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if word in line:
                break
        time.sleep(0.7)
        os.killpg(process.pid, signal.SIGKILL)


def fingerprint(folder: Path) -> dict[str, bytes]:
    """Everything that outsiders and people see, and which objects are the roll."""
    files = [
        path
        for name in ("published", "letters", "replies", "report", "roll/snapshots")
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    ]
    mail = sorted(path.name for path in (folder / "mail" / "new").iterdir())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files} | {"mail": "\n".join(mail).encode()}
