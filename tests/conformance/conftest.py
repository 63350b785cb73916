"""One small published folder, made once and copied for each test that spoils it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from tests.published import Published, publish

from musterroll.verify import muster_verify


@dataclass(frozen=True)
class Shown:
    """What the verifier said."""

    code: int
    text: str


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture
def published(original: Published, tmp_path: Path) -> Published:
    """A copy that a test may spoil."""
    home = original.folder.parent
    shutil.copytree(home, tmp_path / "home")
    moved = {
        name: tmp_path / "home" / getattr(original, name).relative_to(home) for name in ("folder", "bundle", "policy")
    }
    return replace(original, **moved)


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Shown]]:
    """The verifier, its signature checks remembered from run to run (they are functions of their arguments alone)."""
    for name in ("ed25519_signed", "quicknet_signed", "suite_a"):
        monkeypatch.setattr(muster_verify, name, _remembered(name))

    def run(folder: Path, *, policy: Path | None = None, receipt: Path | None = None) -> Shown:
        lines: list[str] = []
        options = [None if path is None else str(path) for path in (policy, receipt)]
        code = muster_verify.verify(str(folder), *options, lines.append)
        text = "\n".join(lines)
        assert "this program failed" not in text, text
        return Shown(code, text)

    return run


@cache
def _remembered(name: str):
    return cache(getattr(muster_verify, name))
