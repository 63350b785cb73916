"""A law whose words or rules changed since somebody compared them is not proposed to anybody (law-engine 6.1)."""

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, muster

from musterroll.law import lock
from musterroll.law.pack import load

EXAMPLE = ROOT / "packs" / "example"


@pytest.mark.parametrize("command", [["propose", "law"], ["law", "publish", "--approval", "1"]])
def test_a_changed_paragraph_is_refused_before_any_home_is_opened(tmp_path: Path, command: list[str]) -> None:
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    (folder / lock.FILE).write_bytes(lock.encode(lock.Lock("example", lock.pairs(load(folder)))))
    page = folder / "liability.md"
    quoted = next(line for line in page.read_text().splitlines() if line.startswith("> ("))
    page.write_text(page.read_text().replace(quoted, f"{quoted} except on Sundays"))
    done = muster(*command, str(folder), "--officer", "law-1", "--home", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "law.needs-review" in done.stderr
    assert "muster pack lock" in done.stderr
