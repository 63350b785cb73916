"""`muster-bench`: what measures the program. It makes invented people and reads fictional homes only."""

import csv
import sys
import time
from pathlib import Path

import click

from musterroll.cli.home import HOME
from musterroll.cli.main import run
from musterroll.demo import standings as demo_standings
from musterroll.demo.nation import writing
from musterroll.demo.nation.world import Nation
from musterroll.register import home


@click.group()
def bench() -> None:
    """Make a nation that does not exist, and ask a fictional home what it found."""


@bench.command()
@click.option("--people", required=True, type=click.IntRange(1, 90_000_000), help="How many people.")
@click.option("--agencies", default=8, show_default=True, type=click.IntRange(1, 8), help="How many agencies send.")
@click.option("--year", default=2026, show_default=True, type=click.IntRange(2020, 2100))
@click.option("--days", default=0, show_default=True, type=click.IntRange(0, 365), help="Days after New Year's Day.")
@click.option(
    "--step", default=1, show_default=True, type=click.IntRange(1, 365), help="Days from one delivery to the next."
)
@click.option(
    "--full-every", default=0, show_default=True, type=click.IntRange(0, 365), help="A whole extract each n-th time."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 1_000_000))
@click.option(
    "--noise", default=1, show_default=True, type=click.IntRange(0, 10), help="0: no errors; 1: ordinary ones."
)
@click.option("--pace", default=1.0, show_default=True, type=click.FloatRange(0.1, 1000), help="How often people move.")
@click.option("--form", default="parquet", show_default=True, type=click.Choice(["parquet", "csv", "ndjson", "own"]))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write.")
def generate(
    people: int,
    agencies: int,
    year: int,
    days: int,
    step: int,
    full_every: int,
    seed: int,
    noise: int,
    pace: float,
    form: str,
    out: Path,
) -> None:
    """Write a nation: its law, its agencies' declarations, what they send day by day, and the truth apart.

    Started again, it goes on where it stopped. The same numbers give the same bytes.
    """
    nation = Nation(people, year, seed, noise, pace)
    plan = writing.Plan(nation, agencies, days, form, full_every, step)
    begun = time.perf_counter()
    writing.write(out, plan, progress=lambda told: click.echo(f"{time.perf_counter() - begun:7.1f} s  {told}"))
    click.echo(f"Written: {out}. Next: muster init --fictional --home HOME --pack {out}/pack --sources {out}/sources")


@bench.command()
@HOME
@click.option("--format", "form", type=click.Choice(["csv"]), default="csv", show_default=True)
def standings(folder: Path, form: str) -> None:  # noqa: ARG001 - one format so far
    """Give everybody's standing in a fictional home: a line a person and question, on standard output."""
    with home.open(folder) as opened:
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(demo_standings.HEADING)
        for line in demo_standings.lines(opened.clock.now()):
            out.writerow(line)


def main(arguments: list[str] | None = None) -> None:
    """Run `muster-bench`."""
    run(bench, arguments)
