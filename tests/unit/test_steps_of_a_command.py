"""What a command says of its progress: lines everywhere, a bar on a terminal."""

import io
import re
from pathlib import Path

from rich.console import Console

import musterroll
from musterroll.cli.steps import NIGHT, WEEKLY, Steps

SOURCES = Path(musterroll.__file__).parent


def said(*, terminal: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=80, highlight=False, markup=False)
    with Steps(console, 0.0) as steps:
        steps.show("civil.csv", 1, 3)
        for name in NIGHT:
            steps.step(name)
    return out.getvalue()


def test_without_a_terminal_there_are_the_lines_and_nothing_else():
    lines = said(terminal=False).splitlines()
    assert [re.sub(r"^ *\d+\.\d s  ", "", line) for line in lines] == list(NIGHT)


def test_on_a_terminal_a_bar_stands_below_the_same_lines_and_goes_at_the_end():
    told = said(terminal=True)
    assert "\x1b[" in told
    assert "11/12" in told
    assert told.rstrip().endswith("\x1b[2K")  # the last thing is that the bar's line is wiped
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told)
    assert all(f" s  {name}" in plain for name in NIGHT)


def test_every_step_that_a_night_tells_has_its_place_in_the_bar():
    told = set()
    for path in [*SOURCES.glob("engine/night*.py"), SOURCES / "register" / "night.py"]:
        told |= set(re.findall(r'progress\("([^"]+)"\)', path.read_text()))
    assert told - set(NIGHT) - set(WEEKLY) == set()
    assert {"rows", "facts", "commit"} < told
