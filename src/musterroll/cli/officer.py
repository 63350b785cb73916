"""`muster officer`: who may act, for which office, in which roles."""

from pathlib import Path

import click

from musterroll.cli.home import HOME
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.acts import appoint as acts
from musterroll.register.models import Role

_BY = click.option("--by", "by", default="", help="The supervisor who decides. None: the first officers of a new home.")


@click.group()
def officer() -> None:
    """Officers: a handle, an office, roles. There is always somebody of another office (charter S9)."""


@officer.command()
@HOME
@click.argument("handle")
@click.option("--office", required=True, help="The office's code, e.g. registry.")
@click.option("--title", default="", help="The office's name; needed once.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([each.value for each in Role]))
@_BY
def appoint(folder: Path, handle: str, office: str, title: str, roles: tuple[str, ...], by: str) -> None:
    """Let HANDLE act for an office. The first officers of a home are appointed without --by, before its first law."""
    with home.open(folder) as opened:
        acts.appoint(
            office=office,
            title=title or office,
            officer=handle,
            roles=[Role(role) for role in roles],
            by=_who(by),
            at=opened.clock.now(),
        )
        click.echo(f"{handle} of {office} may act as {', '.join(roles)}.")


@officer.command()
@HOME
@click.argument("handle")
@_BY
def dismiss(folder: Path, handle: str, by: str) -> None:
    """End everything that HANDLE may do, at once."""
    with home.open(folder) as opened:
        acts.dismiss(officer=handle, by=_who(by), at=opened.clock.now())
        click.echo(f"{handle} may do nothing from now on.")


def _who(by: str) -> Actor:
    return Actor.officer(by) if by else Actor.program("founding")
