"""A small invented law that loads and is proved, for an author to replace piece by piece: `muster pack new`.

1. The pages beside this file are the law; NAME in them is the new folder's name.
2. Nothing that is there already is written over.
"""

import re
from importlib import resources
from pathlib import Path

from musterroll.errors import MusterRollError

PAGES = ("pack.md", "duty.md", "words.md")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def write(folder: Path) -> tuple[Path, ...]:
    """The pages written into a new folder. Raises MusterRollError `law.new-name`, `law.new-folder`."""
    if not _NAME.fullmatch(folder.name):
        raise MusterRollError(
            "law.new-name",
            "A pack is called by its folder, and this is no name for one.",
            where=str(folder),
            remedy="Take small letters, digits and `-`, such as packs/ruritania.",
        )
    try:
        folder.mkdir(parents=True)
    except OSError:
        raise MusterRollError(
            "law.new-folder",
            "There is something of this name already, or no folder can be made here.",
            where=str(folder),
            remedy="Give a folder that does not exist yet.",
        ) from None
    here = resources.files(__name__)
    for page in PAGES:
        text = here.joinpath(page).read_text("utf-8").replace("NAME", folder.name)
        (folder / page).write_text(text, "utf-8")
    return tuple(folder / page for page in PAGES)
