"""`muster pack check`, `prove`, `coverage`, `mutate` and `diff`: what the solver can tell of a pack."""

from functools import partial
from pathlib import Path

import click

from musterroll.claim import worked
from musterroll.cli.pack.telling import FOLDERS, JSON, told
from musterroll.engine.courses import report as courses
from musterroll.law.prove import report as proving

_EVERY = 120
"""So many errors are looked at between two lines of progress."""


@click.command()
@FOLDERS
@JSON
def check(folders: tuple[Path, ...], as_json: bool) -> int:
    """Load the packs in FOLDERS, run their cases, prove what must hold, and tell everything that is wrong.

    Ends with 0 when they may be published, 1 when a finding forbids that, 2 when there is no pack.
    """
    return told("check", folders, partial(proving.check, courses=worked.run), as_json=as_json)


@click.command()
@FOLDERS
@JSON
def prove(folders: tuple[Path, ...], as_json: bool) -> int:
    """Tell what is proved of the laws in FOLDERS, of whom and of which days, and every finding of the proofs.

    Ends with 0 when nothing forbids publication, 1 when something does or could not be proved, 2 when there is no pack.
    """
    return told("prove", folders, proving.proofs, as_json=as_json)


@click.command()
@FOLDERS
@JSON
def mutate(folders: tuple[Path, ...], as_json: bool) -> int:
    """Put one small error after the other into rules and proceedings, and tell which no case or course notices.

    Ends with 0 when they notice every error that changes anything, 1 when one survives (the missing cases and courses
    are shown), 2 when there is no pack.
    """

    def progress(done: int, of: int) -> None:
        if done % _EVERY == 0:
            click.echo(f"  {done} of {of} errors in proceedings", err=True)

    look = partial(courses.mutants, progress=progress)
    return told("mutate", folders, look, as_json=as_json, last=proving.score)


@click.command()
@FOLDERS
@JSON
def coverage(folders: tuple[Path, ...], as_json: bool) -> int:
    """Tell what the cases show of the rules (each condition true, false, unknown), the courses of the proceedings.

    Ends with 0 when everything that can be shown is shown, 1 when something is not (what is missing is shown), 2
    when there is no pack.
    """
    return told("coverage", folders, courses.coverage, as_json=as_json, last=proving.share)
