"""The law of the authors' guide, written out as a reader who follows docs/guide/write-a-pack.md would write it.

    python -m tests.guidelaw FOLDER

leaves FOLDER/halm, a law with strata, calls, words against the record, a court, and three languages: the proof that a
law of which nobody has thought needs no change of the program.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

GUIDE = Path(__file__).parents[1] / "docs" / "guide" / "write-a-pack.md"
STEP = re.compile(
    r"^(?:(?P<verb>Write this into|Add this to) `(?P<file>[^`]+)`:\n\n````(?:markdown|yaml|text)\n(?P<text>.*?)^````$"
    r"|Replace in `(?P<changed>[^`]+)`:\n\n````markdown\n(?P<old>.*?)^````$\n\nby:\n\n````markdown\n(?P<new>.*?)^````$"
    r"|```console\n(?P<shell>.*?)^```$)",
    re.MULTILINE | re.DOTALL,
)


def steps() -> Iterator[re.Match[str]]:
    """Every step of the guide, in order."""
    yield from STEP.finditer(GUIDE.read_text("utf-8"))


def do(step: re.Match[str], folder: Path) -> None:
    """Do a step that writes or replaces; a command is not run here."""
    if step["old"]:
        page = folder / step["changed"]
        assert page.read_text("utf-8").count(step["old"]) == 1, step["old"]
        page.write_text(page.read_text("utf-8").replace(step["old"], step["new"]), "utf-8")
    elif not step["shell"]:
        page = folder / step["file"]
        page.parent.mkdir(parents=True, exist_ok=True)
        before = page.read_text("utf-8") + "\n" if step["verb"] == "Add this to" else ""
        page.write_text(before + step["text"], "utf-8")


def copies(step: re.Match[str], folder: Path) -> None:
    """The one kind of command that makes files: `cp -r FROM TO`."""
    for source, target in re.findall(r"^\$ cp -r (\S+) (\S+)$", step["shell"] or "", re.MULTILINE):
        shutil.copytree(folder / source, folder / target)


def written(folder: Path) -> Path:
    """The law at the end of the guide, in FOLDER/halm."""
    for step in steps():
        do(step, folder)
        copies(step, folder)
    return folder / "halm"


if __name__ == "__main__":
    print(written(Path(sys.argv[1])))
