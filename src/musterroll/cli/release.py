"""`muster release`, `muster reject`: two people let a quarantined delivery in, or keep it out for ever (charter S9)."""

from pathlib import Path

import click

from musterroll.cli.acting import acting, at_work
from musterroll.register import rejection
from musterroll.register.acts.delivery import release_delivery

APPROVAL = click.option("--approval", required=True, type=int, help="The number that `muster approve` gave.")


@click.command()
@acting
@click.argument("number", type=int)
@APPROVAL
def release(folder: Path, officer: str, number: int, approval: int) -> None:
    """Let the quarantined delivery NUMBER in; the next night takes it."""
    with at_work(folder, officer) as (_, by, at):
        release_delivery(number=number, approval=approval, by=by, at=at)
        click.echo(f"Delivery {number} is released.")


@click.command()
@acting
@click.argument("number", type=int)
@APPROVAL
def reject(folder: Path, officer: str, number: int, approval: int) -> None:
    """Keep the quarantined delivery NUMBER out for ever: its file is removed, the agency is told what to send."""
    with at_work(folder, officer) as (_, by, at):
        rejection.reject(number=number, approval=approval, by=by, at=at)
        click.echo(f"Delivery {number} is rejected. Its file is removed; the reply to the agency is in replies/.")
