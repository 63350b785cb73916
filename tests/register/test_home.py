"""A home: what is fixed at its creation, who may open it, what happens to its database."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.registerhome import ORIGIN

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.register import home, keys, postgres
from musterroll.register.clock import FileClock, SetClock, legal_day

FICTIONAL = home.Founding(fictional=True, origin=ORIGIN, seed="a seed")
REAL = home.Founding(fictional=False, origin="register.example/ledger/2026")


def refused(action, *args, **kwargs):
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value


def test_a_home_is_made_once_and_making_it_again_with_the_same_values_changes_nothing(tmp_path):
    home.create(tmp_path / "h", FICTIONAL)
    before = sorted(path.name for path in (tmp_path / "h").rglob("*"))
    home.create(tmp_path / "h", FICTIONAL)
    assert sorted(path.name for path in (tmp_path / "h").rglob("*")) == before
    for name in ("keys", "inbox", "quarantine", "replies", "letters", "roll"):
        assert (tmp_path / "h" / name).stat().st_mode & 0o777 == 0o700, name


@pytest.mark.parametrize(
    ("people", "buckets"),
    [(199_999, 1), (200_000, 16), (1_999_999, 16), (2_000_000, 64), (29_999_999, 64), (30_000_000, 256)],
)
def test_the_number_of_buckets_follows_the_number_of_people(people, buckets):
    assert home.buckets_for(people) == buckets


def test_a_fictional_home_can_never_become_a_real_one(tmp_path):
    home.create(tmp_path, FICTIONAL)
    assert refused(home.create, tmp_path, REAL).code == "home.exists"


@pytest.mark.parametrize(
    "values",
    [
        {"seed": "x"},  # keys that somebody could derive
        {"calendar_offset_days": 1},  # another calendar than the law's
        {"wait_hours": 1},  # sending before it is public (S11)
    ],
)
def test_what_only_a_demonstration_may_do_is_refused_to_a_real_home(values):
    assert refused(home.Founding, fictional=False, origin="x", **values).code == "home.fictional-only"


def test_a_demonstration_needs_a_seed():
    assert refused(home.Founding, fictional=True, origin="x").code == "home.seed"


def test_a_home_may_be_named_from_the_folder_one_stands_in(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    home.create(Path("h"), FICTIONAL)
    with home.open(Path("h")) as opened:
        assert opened.path == (tmp_path / "h").resolve()


def test_what_home_json_says_is_read_back(tmp_path):
    for founding in (FICTIONAL, REAL):
        assert home.decode(founding.encode()) == founding
    for broken in (b"[]", b"{}", b'{"v":2}', REAL.encode().replace(b"origin", b"orixin")):
        assert refused(home.decode, broken).code == "home.file"


def test_a_folder_that_is_no_home_is_said_to_be_none(tmp_path):
    problem = refused(home.open, tmp_path)
    assert (problem.code, problem.exit_code) == ("home.missing", 2)


def test_a_real_home_needs_a_database_server_of_its_own(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home.create(tmp_path, REAL)
    problem = refused(home.open, tmp_path)
    assert (problem.code, problem.exit_code) == ("database.required", 2)


def test_a_real_home_s_clock_cannot_be_set(tmp_path):
    home.create(tmp_path, REAL)
    assert refused(home.open, tmp_path, clock=SetClock(0)).code == "home.clock"


def test_nothing_is_open_before_a_home_is_opened():
    assert home.Home.now_open is None
    assert refused(home.current).code == "home.closed"


def test_a_database_that_belongs_to_another_home_is_refused(cluster, tmp_path, monkeypatch):
    database, folder = cluster.fresh(None)
    monkeypatch.setenv("DATABASE_URL", cluster.url(database))
    home.create(folder, FICTIONAL)
    home.open(folder).close()
    other = home.Founding(fictional=True, origin="other.example/ledger/2026", seed="a seed")
    home.create(tmp_path, other)
    assert refused(home.open, tmp_path).code == "home.other-database"
    cluster.drop(database, folder)


# Keys and clock


def test_a_demonstration_s_keys_follow_from_its_seed():
    one, same, other = keys.SeededKeys("1"), keys.SeededKeys("1"), keys.SeededKeys("2")
    assert one.secret("ref") == same.secret("ref")
    assert len({one.secret("ref"), one.secret("record"), other.secret("ref"), one.fresh_person_key(1)}) == 4
    assert one.fresh_person_key(1) == same.fresh_person_key(1) != one.fresh_person_key(2)


def test_a_real_home_s_keys_are_made_once_readable_by_nobody_else(tmp_path):
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    made = keys.FileKeys(folder)
    secret = made.secret("ref")
    assert len(secret) == 32
    assert keys.FileKeys(folder).secret("ref") == secret != made.secret("record")
    assert sorted(path.name for path in folder.iterdir()) == ["record", "ref"]
    assert (folder / "ref").stat().st_mode & 0o777 == 0o600
    assert made.fresh_person_key(1) != made.fresh_person_key(1)


def test_keys_that_others_could_read_or_that_are_damaged_are_not_used(tmp_path):
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    made = keys.FileKeys(folder)
    made.secret("ref")
    (folder / "ref").write_bytes(b"short")
    assert refused(made.secret, "ref").code == "keys.broken"
    folder.chmod(0o750)
    assert refused(made.secret, "record").code == "keys.open"


def test_the_legal_day_is_the_day_of_the_clock_less_the_offset(tmp_path):
    file = tmp_path / "clock"
    file.write_text("2026-06-24T02:00:00Z\n")
    at = FileClock(file).now()
    assert dates.format_day(legal_day(at, 0)) == "2026-06-24"
    assert dates.format_day(legal_day(at, 2001)) == "2020-12-31"
    assert refused(FileClock(tmp_path / "none").now).code == "clock.file"


# The built-in PostgreSQL


@pytest.fixture(scope="module")
def closed_folder(tmp_path_factory) -> Path:
    """A folder above the home that only we may enter, as `mktemp -d` makes them."""
    folder = tmp_path_factory.mktemp("closed")
    folder.chmod(0o700)
    home.create(folder / "h", FICTIONAL)
    return folder


def muster(folder: Path, then: str) -> subprocess.CompletedProcess:
    begin = "from pathlib import Path\nfrom musterroll.register import home\n"
    script = f"{begin}with home.open(Path({str(folder)!r})) as h:\n    {then}\n"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)


def running(folder: Path) -> int | None:
    file = folder / "pg" / "postmaster.pid"
    return int(file.read_text().split()[0]) if file.exists() else None


def test_the_server_of_a_demonstration_opens_no_folder_to_others_and_ends_with_the_program(closed_folder):
    home_folder = closed_folder / "h"
    done = muster(home_folder, "print(h.server.url)")
    assert done.returncode == 0, done.stderr
    assert "host=" in done.stdout
    assert running(home_folder) is None
    assert closed_folder.stat().st_mode & 0o777 == 0o700
    assert (home_folder / "pg").stat().st_mode & 0o777 == 0o700


def test_a_server_left_over_from_a_killed_run_is_used_again(closed_folder):
    home_folder = closed_folder / "h"
    killed = muster(home_folder, "import os; os.kill(os.getpid(), 9)")
    assert killed.returncode == -signal.SIGKILL
    left = running(home_folder)
    assert left is not None
    again = muster(home_folder, "print((h.path / 'pg' / 'postmaster.pid').read_text().split()[0])")
    assert (again.stdout.strip(), again.stderr) == (str(left), "")
    assert running(home_folder) is None


def test_a_second_muster_on_one_home_is_told_that_it_is_busy(closed_folder):
    run = f"subprocess.run([sys.executable, '-c', {BUSY!r}], capture_output=True, text=True)"
    second = f"import subprocess, sys; print({run}.stdout)"
    assert muster(closed_folder / "h", second.replace("HOME", str(closed_folder / "h"))).stdout.strip() == "home.busy 2"


BUSY = """
from pathlib import Path
from musterroll.errors import MusterRollError
from musterroll.register import home
try:
    home.open(Path('HOME'))
except MusterRollError as problem:
    print(problem.code, problem.exit_code)
"""


def test_a_database_that_goes_away_is_said_plainly(closed_folder):
    gone = "from musterroll.register import models; h.server.stop(); models.Entry.objects.count()"
    done = muster(closed_folder / "h", gone)
    assert "[database.gone]" in done.stderr
    assert "start the same command again" in done.stderr


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path):
    long = tmp_path / ("x" * 120)
    long.mkdir()
    if os.geteuid() == 0:
        shutil.chown(long, "nobody")
    place = postgres._socket_folder(long)
    assert len(str(place)) < 60
    assert place.stat().st_mode & 0o777 == 0o700
    assert postgres._socket_folder(tmp_path) == tmp_path.resolve()
    place.chmod(0o755)
    assert refused(postgres._socket_folder, long).code == "database.socket"
    place.rmdir()


def test_every_module_of_the_register_can_be_the_first_that_is_imported():
    names = "\n".join(
        f"musterroll.register.{path.stem}"
        for path in sorted(Path(home.__file__).parent.glob("*.py"))
        if path.stem not in ("__init__", "apps")
    )
    script = "import importlib, os, sys\nfor name in sys.argv[1].split():\n    child = os.fork()\n    if child == 0:\n"
    script += "        try:\n            importlib.import_module(name)\n        except Exception as problem:\n"
    script += (
        "            print(name, problem)\n        sys.stdout.flush()\n        os._exit(0)\n    os.waitpid(child, 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, names], capture_output=True, text=True)
    assert done.stdout == ""
