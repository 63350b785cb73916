"""`muster serve`: the portal of one home, and its door for agencies' deliveries."""

from pathlib import Path

import click

from musterroll.cli import night
from musterroll.cli.home import HOME
from musterroll.portal import server
from musterroll.register import home


@click.command()
@HOME
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(folder: Path, host: str, port: int) -> None:
    """Serve the pages of a home until Ctrl-C, and take in what agencies upload meanwhile."""
    server.check_port(host, port)
    with home.open(folder) as opened:

        def meanwhile() -> None:
            report = night.Report()
            night.take_in_uploads(opened, report)
            for line in report.lines:
                click.echo(line)

        server.serve(folder, host, port, meanwhile=meanwhile)
