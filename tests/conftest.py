"""What every test may use: the repository's root, and the demonstration's home, made once a session.

`make test` runs two processes. What shares something dear runs in one of them, one after the other: the demonstration's
home, the small register's PostgreSQL, and otherwise the tests of one file.
"""

import fcntl
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MUSTER = Path(sys.executable).with_name("muster")


@dataclass(frozen=True)
class Demo:
    """A finished demonstration: its folder, and what the command printed."""

    folder: Path
    printed: str


def muster(*arguments: object, check: bool = False, timeout: float = 280) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, from the repository's root."""
    return subprocess.run(
        [MUSTER, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=check,
        timeout=timeout,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
    )


KILLED = "test_killed_again"
"""The one test that only compares with the finished demonstration, and takes long: it may run beside the others."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests belong together, the dear ones first."""
    places = {"demonstration": 0, "register": 1, "killed": 2}
    groups = {item: _group(item) for item in items}
    items.sort(key=lambda item: places.get(groups[item], len(places)))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(groups[item]))


def _group(item: pytest.Item) -> str:
    fixtures = getattr(item, "fixturenames", ())
    if item.name.startswith(KILLED):
        return "killed"
    if "demo" in fixtures:
        return "demonstration"
    return "register" if "cluster" in fixtures else item.nodeid.split("::")[0]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """The demonstration as `make demo` makes it, without serving. Read it; do not write into it.

    Made once, whichever process asks first; the others wait for it.
    """
    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / "demonstration"
    place.mkdir(exist_ok=True)
    printed = place / "printed.txt"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            done = muster("demo", "--no-serve", "--home", place / "home")
            assert done.returncode == 0, done.stderr
            printed.write_text(done.stdout)
    return Demo(place / "home", printed.read_text())


@pytest.fixture(scope="session")
def demo_home(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the finished demonstration's home, to open and to write into."""
    folder = tmp_path_factory.mktemp("copied") / "home"
    # Owners too: PostgreSQL started by root runs as another user, who owns its files.
    subprocess.run(["cp", "-a", demo.folder, folder], check=True)
    return folder
