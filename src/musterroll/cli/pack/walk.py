"""`muster pack walk`: random courses of a pack's proceedings, looked at after every step."""

from pathlib import Path

import click

from musterroll.cli.pack.telling import FOLDERS, JSON, told
from musterroll.engine.courses import walks


@click.command()
@FOLDERS
@click.option("--walks", "count", default=100_000, show_default=True, type=click.IntRange(min=1), help="How many.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help="The same seed, the same walks.")
@click.option("--processes", default=0, type=click.IntRange(min=0), help="How many work at once; 0: one for each core.")
@JSON
def walk(folders: tuple[Path, ...], count: int, seed: int, processes: int, as_json: bool) -> int:
    """Walk through the proceedings in FOLDERS at random: file, decide, appeal, let time pass, lawfully and not.

    After every step it is looked whether what is held stayed held, nothing ran out or counted untold, nothing unknown
    let an office act, and a lawful next step is left. Ends with 0 when nothing went wrong, 1 when something did (the
    shortest course that shows it is told), 2 when there is no pack.
    """

    def progress(done: int) -> None:
        click.echo(f"  {done} of {count} walks", err=True)

    return told("walk", folders, lambda folder: walks.report(folder, count, seed, processes, progress), as_json=as_json)
