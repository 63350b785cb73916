"""`muster receive` and `muster nightly`: deliveries at the door, and the night that takes them in."""

import resource
import time
from pathlib import Path

import click
from rich.console import Console

from musterroll.cli.home import HOME
from musterroll.register import home, intake, log, night
from musterroll.register.actor import Actor

BY = Actor.program("nightly")


@click.command()
@HOME
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
def receive(folder: Path, files: tuple[Path, ...]) -> None:
    """Take in deliveries: each FILE is NAME.csv with NAME.manifest.json beside it.

    The same file again changes nothing. A delivery that looks wrong waits in quarantine for two people.
    """
    with home.open(folder) as opened:
        for file in files:
            taken = intake.receive(file, by=BY, at=opened.clock.now())
            if taken.again:
                click.echo(
                    f"{taken.source}: this very file and manifest came before, as delivery {taken.number} "
                    f"({taken.outcome.value}). Nothing has changed. [delivery.twice]"
                )
                continue
            click.echo(
                f"{taken.source}: delivery {taken.number} {taken.outcome.value}, {taken.rows} rows kept, "
                f"{taken.refused} set aside; reply in replies/"
            )
            for finding in taken.findings:
                click.echo(f"    {finding}")


@click.command()
@HOME
def nightly(folder: Path) -> None:
    """Run a night: link, decide everybody, commit the roll, withdraw calls that have ended, publish a checkpoint.

    Killed at any moment and started again, it ends in the same roll.
    """
    begun = time.perf_counter()
    console = Console(highlight=False, soft_wrap=True)
    with home.open(folder) as opened:
        at = opened.clock.now()
        done = night.run(at=at, progress=lambda step: console.print(f"{time.perf_counter() - begun:6.1f} s  {step}"))
        log.publish(by=BY, at=at)
    if done.over or done.unreadable:
        console.print(f"Passed over by newer deliveries: {done.over}; left waiting, unreadable: {done.unreadable}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    console.print(
        f"{done.deliveries} deliveries taken in; snapshot {done.digest[:16]}; calls withdrawn: {done.withdrawn}"
    )
    console.print(f"Done in {time.perf_counter() - begun:.1f} s, {memory} MB at most.")
