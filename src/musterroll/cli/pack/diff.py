"""`muster pack diff`: what an amendment moves, and how many people of a register that would be."""

from dataclasses import replace
from pathlib import Path

import click

from musterroll.cli.pack.telling import JSON, told
from musterroll.dates import format_day, parse_day
from musterroll.law.pack import load
from musterroll.law.prove import report as proving
from musterroll.law.report import Report
from musterroll.register import home
from musterroll.register.queries import amendment

PACK = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("before", type=PACK)
@click.argument("after", type=PACK)
@click.option("--home", "folder", type=click.Path(path_type=Path), help="Count the people of this home's roll as well.")
@click.option("--on", default="", help="The day to count on, YYYY-MM-DD. Without it: the day the roll was decided on.")
@JSON
def diff(before: Path, after: Path, folder: Path | None, on: str, as_json: bool) -> int:
    """Tell who moves between which classes when the law in BEFORE becomes the law in AFTER, with somebody as example.

    With --home, count the people whom AFTER would move if it took the place of the law in force there: counts only,
    none below ten. Ends with 0 when nobody moves on the days compared, which is proved then, 1 when somebody does, 2
    when there is no pack.
    """
    if on and folder is None:
        raise click.UsageError("--on is the day on which people are counted: give --home too.")
    day = parse_day(on, where="--on") if on else None

    def look(pack: Path) -> Report:
        moved = proving.amendment(before, pack)
        return moved if folder is None or moved.exit_code > 1 else _counted(moved, pack, folder, day)

    return told("diff", (after,), look, as_json=as_json)


def _counted(moved: Report, after: Path, folder: Path, on: int | None) -> Report:
    """With the register's people by move; whom nothing moves is among them."""
    with home.open(folder):
        day, counts = amendment.moves(load(after), on)
    lines = [f"{count:>10}  {name}" for name, count in counts.items()]
    heading = f"In the register on {format_day(day)}, under the law in force and under this one:"
    return replace(
        moved,
        lines=(*moved.lines, heading, *lines),
        data={**moved.data, "people": {"on": format_day(day), "counts": counts}},
    )
