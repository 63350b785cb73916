"""`muster serve`: the portal of one home."""

from pathlib import Path

import click

from musterroll.portal import server


@click.command()
@click.option("--home", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(home: Path, host: str, port: int) -> None:
    """Serve the pages of a home until Ctrl-C."""
    server.serve(home, host, port)
