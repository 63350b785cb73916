"""The example on docs/flow/claim.md is run as it stands there, and its page names every module of the stage."""

import contextlib
import io
import re
from pathlib import Path

from musterroll.law.pack import load

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "flow" / "claim.md").read_text("utf-8")


def test_the_example_prints_what_the_page_says() -> None:
    code, printed = re.findall(r"```python\n(.*?)```\n\n```\n(.*?)```", PAGE, re.DOTALL)[0]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {"pack": load(ROOT / "packs" / "example")})
    assert out.getvalue() == printed


def test_every_module_of_the_stage_is_on_the_page() -> None:
    table = PAGE.partition("| module of `claim/` |")[2].partition("\n\n")[0]
    named = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    there = {file.stem for file in (ROOT / "src" / "musterroll" / "claim").glob("*.py")}
    assert there - named == {"__init__", "filing", "progress", "worked_expect"}
    assert named < there
