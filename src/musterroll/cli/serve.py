"""`muster serve`: the portal of one home."""

from pathlib import Path

import click

from musterroll.cli.home import HOME
from musterroll.portal import server
from musterroll.register import home


@click.command()
@HOME
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(folder: Path, host: str, port: int) -> None:
    """Serve the pages of a home until Ctrl-C."""
    server.check_port(host, port)
    with home.open(folder):
        server.serve(folder, host, port)
