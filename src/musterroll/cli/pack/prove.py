"""`muster pack check`, `prove` and `mutate`: what the solver can tell of a pack."""

from pathlib import Path

import click

from musterroll.cli.pack.telling import FOLDERS, JSON, told
from musterroll.law import report


@click.command()
@FOLDERS
@JSON
def check(folders: tuple[Path, ...], as_json: bool) -> int:
    """Load the packs in FOLDERS, run their cases, prove what must hold, and tell everything that is wrong.

    Ends with 0 when they may be published, 1 when a finding forbids that, 2 when there is no pack.
    """
    return told("check", folders, report.check, as_json=as_json)
