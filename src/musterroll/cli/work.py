"""`muster work`: what waits for an officer, in the order of the day it is due (charter S8, X2)."""

from collections import Counter
from pathlib import Path

import click

from musterroll.cli.acting import acting, at_work
from musterroll.register import worklist
from musterroll.register.acts.work import take_work
from musterroll.register.disclosure import published

KIND = click.option("--kind", default="", type=click.Choice(["", *worklist.KINDS]), help="Only matters of this kind.")
SHOWN = 40
"""How many items a screen shows."""


@click.group()
def work() -> None:
    """Worklists: conflicts of sources, doubtful links, protections about to lapse, ended merges, filings to decide."""


@work.command("list")
@acting
@KIND
def list_(folder: Path, officer: str, kind: str) -> None:
    """List what nobody has taken: opaque codes, no names, first due first."""
    with at_work(folder, officer):
        items = worklist.waiting(kind)
        for one in items[:SHOWN]:
            click.echo(f"{one.item}  due {one.due}  {one.kind}")
        for name, count in published(Counter(one.kind for one in items)).items():
            click.echo(f"  waiting: {name} {count}")


@work.command()
@acting
@KIND
def take(folder: Path, officer: str, kind: str) -> None:
    """Take the first matter that nobody has taken; it becomes your case. Nobody chooses one."""
    with at_work(folder, officer) as (_, by, at):
        code = take_work(kind=kind, by=by, at=at)
        click.echo(f"Case {code}. Open it for its purpose (muster why, muster judge); the person sees every opening.")
