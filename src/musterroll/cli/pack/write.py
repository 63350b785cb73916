"""`muster pack new` and `lock`: the two commands that write into a pack's folder."""

from datetime import datetime
from pathlib import Path

import click

from musterroll.cli.pack.telling import FOLDER
from musterroll.dates import day_of
from musterroll.errors import MusterRollError
from musterroll.law import lock as locks
from musterroll.law import scaffold
from musterroll.law.pack import load


@click.command()
@FOLDER
@click.option("--reviewed-by", metavar="NAME", help="A lawyer has compared the paragraphs with their rules.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the review.")
@click.option("--paragraph", "only", multiple=True, metavar="CITE", help="Only this paragraph was reviewed (repeat).")
def lock(folder: Path, reviewed_by: str | None, on: datetime | None, only: tuple[str, ...]) -> int:
    """Write pack.lock: which paragraph stands beside which rule, and who has compared the two.

    Without --reviewed-by nothing counts as reviewed that was not before, and what a lawyer had reviewed and somebody
    has changed since stays in need of review: then it ends with 1.
    """
    if (reviewed_by is None) != (on is None) or (only and reviewed_by is None):
        raise MusterRollError(
            "law.lock-reviewer",
            "A review has a name and a day.",
            where="--reviewed-by, --on",
            remedy="Give both, or neither and no --paragraph.",
        )
    pack = load(folder)
    review = locks.Review(reviewed_by, day_of(on.date())) if reviewed_by is not None and on is not None else None
    made = locks.locked(pack, locks.beside(folder), review, only)
    (folder / locks.FILE).write_bytes(locks.encode(made))
    stale = [one for one in locks.findings(pack, made) if one.forbids]
    for one in stale:
        click.echo(f"FORBIDS PUBLICATION  {one.code}  {one.where}\n    {one.what}\n    {one.remedy}", err=True)
    click.echo(
        f"{pack.name}: {len(made.pairs)} pairs, {made.unreviewed} not reviewed, {len(stale)} in need of review again"
    )
    return int(bool(stale))


@click.command()
@FOLDER
def new(folder: Path) -> int:
    """Write a small invented law into a new FOLDER, to be replaced piece by piece; its comments say how."""
    for page in scaffold.write(folder):
        click.echo(page)
    click.echo(f"Next: muster pack check {folder}")
    return 0
