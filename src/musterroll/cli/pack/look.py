"""`muster pack cases` and `coverage`: the worked cases of a pack, and what they show of its rules."""

from functools import partial
from pathlib import Path

import click

from musterroll.claim import worked
from musterroll.cli.pack.telling import FOLDERS, JSON, told
from musterroll.law import report


@click.command()
@FOLDERS
@JSON
def cases(folders: tuple[Path, ...], as_json: bool) -> int:
    """Run every worked case and course of the packs in FOLDERS and show each line.

    Ends with 0 when every line agrees with the law, 1 when one differs, 2 when there is no pack.
    """
    return told("cases", folders, partial(report.case_lines, courses=worked.run), as_json=as_json)
