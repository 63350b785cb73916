"""What every test may use: the repository's root, and the demonstration's home, made once a session."""

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


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demonstration as `make demo` makes it, without serving. Read it; do not write into it."""
    folder = tmp_path_factory.mktemp("demonstration") / "home"
    done = muster("demo", "--no-serve", "--home", folder)
    assert done.returncode == 0, done.stderr
    return Demo(folder, done.stdout)


@pytest.fixture(scope="session")
def demo_home(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the finished demonstration's home, to open and to write into."""
    folder = tmp_path_factory.mktemp("copied") / "home"
    # Owners too: PostgreSQL started by root runs as another user, who owns its files.
    subprocess.run(["cp", "-a", demo.folder, folder], check=True)
    return folder
