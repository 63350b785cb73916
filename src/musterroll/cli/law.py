"""`muster law`: putting a law into force."""

from pathlib import Path

import click

from musterroll.cli.acting import acting, at_work
from musterroll.cli.propose import declarations, reviewed
from musterroll.register.acts.pack import publish_pack


@click.group()
def law() -> None:
    """The law that this register works by."""


@law.command()
@acting
@click.argument("pack", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--approval", required=True, type=int, help="The number that `muster approve` gave.")
def publish(folder: Path, officer: str, pack: Path, approval: int) -> None:
    """Put the law in the folder PACK into force, with the source declarations beside it, as two people approved."""
    loaded = reviewed(pack)
    with at_work(folder, officer) as (_, by, at):
        digest = publish_pack(pack=loaded, sources=declarations(pack), approval=approval, by=by, at=at)
        click.echo(f"In force: {loaded.title}, version {loaded.version}, digest {digest}")
