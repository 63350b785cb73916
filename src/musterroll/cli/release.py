"""`muster release`: letting a quarantined delivery in after all, by two people (charter S9)."""

from pathlib import Path

import click

from musterroll.cli.acting import acting, at_work
from musterroll.register.acts.delivery import release_delivery


@click.command()
@acting
@click.argument("number", type=int)
@click.option("--approval", required=True, type=int, help="The number that `muster approve` gave.")
def release(folder: Path, officer: str, number: int, approval: int) -> None:
    """Let the quarantined delivery NUMBER in; the next night takes it."""
    with at_work(folder, officer) as (_, by, at):
        release_delivery(number=number, approval=approval, by=by, at=at)
        click.echo(f"Delivery {number} is released.")
