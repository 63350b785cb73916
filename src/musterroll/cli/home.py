"""`muster init` and `muster status`: a home, and what is in it (counts only)."""

from pathlib import Path

import click

from musterroll.register import home
from musterroll.register.queries.state import state

HOME = click.option(
    "--home", "folder", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True, help="The home."
)


@click.command()
@HOME
@click.option("--origin", required=True, help="The ledger's name, e.g. register.example/ledger/2026.")
@click.option("--fictional", is_flag=True, help="Invented people only; everything says DEMONSTRATION, for ever.")
@click.option("--seed", default="", help="Fictional homes only: makes every key.")
@click.option("--buckets", default=1, show_default=True, type=click.IntRange(1, 4096))
def init(folder: Path, origin: str, fictional: bool, seed: str, buckets: int) -> None:
    """Create a home. Whether it is fictional is fixed now and never changes."""
    founding = home.Founding(fictional=fictional, origin=origin, buckets=buckets, seed=seed)
    home.create(folder, founding)
    with home.open(folder):
        click.echo(f"Home created: {folder}. Next: publish a pack (two people), then `muster receive`.")


@click.command()
@HOME
def status(folder: Path) -> None:
    """Say how far a home has come: law, deliveries, roll, draws, ledger. Counts only, rounded where people are few."""
    with home.open(folder):
        for label, value in state():
            click.echo(f"{label:24} {value}")
