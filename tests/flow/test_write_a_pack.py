"""The guide for authors is followed literally: each file written, each line replaced, each command run as it says."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import MUSTER, ROOT

GUIDE = ROOT / "docs" / "guide" / "write-a-pack.md"
_STEP = re.compile(
    r"^(?:(?P<verb>Write this into|Add this to) `(?P<file>[^`]+)`:\n\n````markdown\n(?P<text>.*?)^````$"
    r"|Replace in `(?P<changed>[^`]+)`:\n\n````markdown\n(?P<old>.*?)^````$\n\nby:\n\n````markdown\n(?P<new>.*?)^````$"
    r"|```console\n(?P<shell>.*?)^```$)",
    re.MULTILINE | re.DOTALL,
)


def commands(shell: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with the lines that it is to print; `...` stands for anything."""
    for one in re.split(r"^\$ ", shell, flags=re.MULTILINE)[1:]:
        command, *lines = one.strip("\n").split("\n")
        yield command, lines


def ran(command: str, folder: Path) -> str:
    words = shlex.split(command)
    words[0] = str(MUSTER) if words[0] == "muster" else words[0]
    done = subprocess.run(
        words,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "COLUMNS": "200"},
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr + done.stdout


def met(line: str, said: list[str]) -> bool:
    pattern = re.escape(line.rstrip()).replace(re.escape("..."), ".*")
    return any(re.fullmatch(pattern, one.rstrip()) for one in said)


@pytest.mark.timeout(600)
def test_the_guide_leads_from_nothing_to_a_proved_law(tmp_path: Path) -> None:
    steps = list(_STEP.finditer(GUIDE.read_text("utf-8")))
    asked = 0
    for step in steps:
        if step["shell"]:
            for command, lines in commands(step["shell"]):
                said = ran(command, tmp_path).splitlines()
                missing = [line for line in lines if not met(line, said)]
                assert missing == [], "\n".join([f"$ {command}", *said])
                asked += len(lines)
        elif step["old"]:
            page = tmp_path / step["changed"]
            assert page.read_text("utf-8").count(step["old"]) == 1, step["old"]
            page.write_text(page.read_text("utf-8").replace(step["old"], step["new"]), "utf-8")
        else:
            page = tmp_path / step["file"]
            page.parent.mkdir(exist_ok=True)
            before = page.read_text("utf-8") + "\n" if step["verb"] == "Add this to" else ""
            page.write_text(before + step["text"], "utf-8")
    assert asked > 25


def test_no_part_of_the_guide_is_passed_over() -> None:
    """Whatever stands in a fence is a step; nothing is only to be looked at."""
    rest = _STEP.sub("", GUIDE.read_text("utf-8"))
    assert "```" not in rest
