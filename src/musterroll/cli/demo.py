"""`muster demo`: the main job on the sample population, the truth report, then the portal."""

import resource
import time
from pathlib import Path

import click
from rich.console import Console

from musterroll.demo import calendar, run
from musterroll.portal import server
from musterroll.register import home

HOST = "127.0.0.1"


@click.command()
@click.option("--home", "folder", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--seed", default=11, show_default=True, type=click.IntRange(0), help="Makes everything that is random.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--serve/--no-serve", default=True, help="Serve the portal afterwards, until Ctrl-C.")
def demo(folder: Path, seed: int, port: int, serve: bool) -> None:
    """Run the whole journey on an invented town, tell how often it was wrong about people, and show the pages.

    Started again, it goes on where it was; when all is done it takes seconds.
    """
    console = Console(highlight=False, soft_wrap=True)
    begun = time.perf_counter()
    if serve:
        server.check_port(HOST, port)
    founding = home.Founding(fictional=True, origin=run.ORIGIN, calendar_offset_days=calendar.OFFSET, seed=str(seed))
    home.create(folder, founding)
    run.start_clock(folder)
    console.print("[bold]DEMONSTRATION[/bold]: invented people, a real beacon round, everything else as in earnest.")
    with home.open(folder) as opened:
        told = run.Told(
            step=lambda text: console.print(f"[bold]{time.perf_counter() - begun:6.1f} s[/bold]  {text}"),
            detail=lambda text: console.print(f"          {text}"),
        )
        console.print(run.run(opened, seed=seed, told=told))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        console.print(f"Done in {time.perf_counter() - begun:.1f} s, {memory} MB at most. Home: {folder}")
        console.print(
            f"Report: {folder / 'report' / 'truth.html'}   Check it yourself: muster verify {folder / 'published'}"
        )
        if serve:
            console.print(f"Pages: http://{HOST}:{port}/   (Ctrl-C ends)")
            server.serve(folder, HOST, port)
