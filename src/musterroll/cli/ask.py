"""`muster ask`: which questions went to which agency, and the key that signed them."""

from pathlib import Path

import click

from musterroll.cli.home import HOME
from musterroll.dates import format_instant
from musterroll.register import asking, home, log
from musterroll.register.models import QuestionBatch


@click.group()
def ask() -> None:
    """Questions to agencies: each night one signed file a source that is declared to answer."""


@ask.command("list")
@HOME
def list_(folder: Path) -> None:
    """List the batches that went out: source, number, how many questions, digest. Never whom they are about."""
    with home.open(folder):
        for one in QuestionBatch.objects.order_by("id"):
            click.echo(
                f"{format_instant(one.at)}  {one.source:16} {one.number:5}  {one.rows:9} questions  {one.sha256}"
            )
        click.echo(f"The files lie in {asking.out()}, one folder a source; agencies fetch them there.")


@ask.command()
@HOME
def key(folder: Path) -> None:
    """Print the key by which an agency checks that a file of questions is the register's."""
    with home.open(folder):
        click.echo(log.log_key().public_key.vkey)
