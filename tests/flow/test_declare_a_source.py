"""The guide for agencies is followed literally: each file written, each line replaced, each command run as it says."""

import hashlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.flow.test_write_a_pack import commands, met

GUIDE = ROOT / "docs" / "guide" / "declare-a-source.md"
_STEP = re.compile(
    r"^(?:Write this into `(?P<file>[^`]+)`:\n\n````\w+\n(?P<text>.*?)^````$"
    r"|Replace in `(?P<changed>[^`]+)`:\n\n````\w+\n(?P<old>.*?)^````$\n\nby:\n\n````\w+\n(?P<new>.*?)^````$"
    r"|```console\n(?P<shell>.*?)^```$)",
    re.MULTILINE | re.DOTALL,
)
PROGRAMS = {
    "muster": "from musterroll.cli.main import main; main()",
    "muster-bench": "from musterroll.cli.bench import main; main()",
}


def ran(command: str, folder: Path) -> str:
    def digest(found: re.Match[str]) -> str:
        return hashlib.sha256((folder / found[1]).read_bytes()).hexdigest()

    words = shlex.split(re.sub(r"DIGEST\(([^)]+)\)", digest, command))
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


@pytest.mark.timeout(900)
def test_the_guide_leads_from_a_file_to_a_home_that_answers(tmp_path: Path) -> None:
    asked = 0
    for step in _STEP.finditer(GUIDE.read_text("utf-8")):
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
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(step["text"], "utf-8")
    assert asked > 50


def test_no_part_of_the_guide_is_passed_over() -> None:
    """Whatever stands in a fence is a step; nothing is only to be looked at."""
    assert "```" not in _STEP.sub("", GUIDE.read_text("utf-8"))
