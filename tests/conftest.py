"""What every test may use: the repository's root, and the demonstration's home, made once a session.

`make test` runs two processes, the tests of one file in one of them. They share the demonstration: whoever opens its
home, or copies it, does so alone (`Demo.alone`).
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else opens or copies the home meanwhile, in whichever process."""
        with (self.folder.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


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


def bench(*words: object) -> subprocess.CompletedProcess[str]:
    """`muster-bench` as a process."""
    command = [sys.executable, "-c", "from musterroll.cli.bench import main; main()", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=280, check=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that need the demonstration first, so that the two processes end together."""
    dear = {item.path for item in items if "demo" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path not in dear)


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
    with demo.alone():
        subprocess.run(["cp", "-a", demo.folder, folder], check=True)
    return folder
