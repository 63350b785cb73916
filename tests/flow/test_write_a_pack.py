"""The guide for authors is followed literally: each file written, each line replaced, each command run as it says."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import guidelaw


def commands(shell: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with the lines that it is to print; `...` stands for anything."""
    for one in re.split(r"^\$ ", shell, flags=re.MULTILINE)[1:]:
        command, *lines = one.strip("\n").split("\n")
        yield command, lines


PROGRAMS = {
    "muster": "from musterroll.cli.main import main; main()",
    "muster-bench": "from musterroll.cli.bench import main; main()",
}


def ran(command: str, folder: Path) -> str:
    words = shlex.split(command)
    if words[0] in PROGRAMS:
        words = [sys.executable, "-c", PROGRAMS[words[0]], *words[1:]]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        words,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=280,
        env={**environment, "COLUMNS": "200"},
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr + done.stdout


def met(line: str, said: list[str]) -> bool:
    pattern = re.escape(line.rstrip()).replace(re.escape("..."), ".*")
    return any(re.fullmatch(pattern, one.rstrip()) for one in said)


@pytest.mark.timeout(900)
def test_the_guide_leads_from_nothing_to_a_proved_law(tmp_path: Path) -> None:
    asked = 0
    for step in guidelaw.steps():
        if not step["shell"]:
            guidelaw.do(step, tmp_path)
            continue
        for command, lines in commands(step["shell"]):
            said = ran(command, tmp_path).splitlines()
            missing = [line for line in lines if not met(line, said)]
            assert missing == [], "\n".join([f"$ {command}", *said])
            asked += len(lines)
    assert asked > 25


def test_no_part_of_the_guide_is_passed_over() -> None:
    """Whatever stands in a fence is a step; nothing is only to be looked at."""
    rest = guidelaw.STEP.sub("", guidelaw.GUIDE.read_text("utf-8"))
    assert "```" not in rest
