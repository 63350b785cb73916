"""What the officers' commands have in common: who acts, and a home opened for them."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from musterroll.cli.home import HOME
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.home import Home

OFFICER = click.option("--officer", required=True, help="Your handle, as you were appointed.")


def acting[**P](command: Callable[P, Any]) -> Callable[P, Any]:
    """Options that every officer's command has: the home, and the officer."""
    return HOME(OFFICER(command))


@contextlib.contextmanager
def at_work(folder: Path, officer: str) -> Iterator[tuple[Home, Actor, int]]:
    """The home open, the officer acting, and the instant."""
    with home.open(folder) as opened:
        yield opened, Actor.officer(officer), opened.clock.now()
