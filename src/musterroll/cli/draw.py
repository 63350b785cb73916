"""`muster draw`: terms, commitment, ceremony, result and order of call, each an act of its own (charter S3).

Nobody hands in a list or an order: terms are written from the committed roll, the result follows from the beacon's
signature, the calls follow from the result.
"""

import json
from pathlib import Path

import click

from musterroll import canonical, dates
from musterroll.cli.acting import acting, at_work
from musterroll.cli.home import HOME
from musterroll.draw import transcript
from musterroll.errors import MusterRollError
from musterroll.register import draws, home, log, roll, terms
from musterroll.register.actor import Actor
from musterroll.register.acts import call as calls
from musterroll.register.acts import draw as acts

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_APPROVAL = click.option("--approval", required=True, type=int, help="The number that `muster approve` gave.")


@click.group()
def draw() -> None:
    """A public draw, from its terms to the order of call."""


@draw.command()
@HOME
@click.argument("name")
@click.option("--round", "beacon_round", required=True, type=int, help="The quicknet round, still to come.")
@click.option("--procedure", required=True, type=_FILE, help="The text that says how the ceremony is held.")
@click.option("--ceremony-over", required=True, help="When the ceremony is in the log: YYYY-MM-DDTHH:MM:SSZ.")
@click.option("--lead-days", default=7, show_default=True, type=click.IntRange(1))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The manifest to write.")
def prepare(
    folder: Path, name: str, beacon_round: int, procedure: Path, ceremony_over: str, lead_days: int, out: Path
) -> None:
    """Write the terms of the draw NAME over the committed roll into a file, for two people to read and approve."""
    dates.parse_instant(ceremony_over, where="--ceremony-over")
    plan = terms.Plan(
        name, beacon_round, canonical.sha256_hex(procedure.read_bytes()), ceremony_over, min_lead_days=lead_days
    )
    with home.open(folder) as opened:
        current = roll.current()
        frozen = acts.prepare_draw(draw=name, by=Actor.program("prepare"), at=opened.clock.now())
        made = terms.manifest(plan, current, frozen, opened.origin.split("/", 1)[0])
        out.write_bytes(made.encode())
        click.echo(f"{out}: {made.cohort.size} entrants in {len(made.cohort.strata)} strata, digest {made.digest}")


@draw.command()
@acting
@click.argument("manifest", type=_FILE)
@_APPROVAL
def commit(folder: Path, officer: str, manifest: Path, approval: int) -> None:
    """Commit the draw whose terms are in MANIFEST, as two people approved, and publish it."""
    with at_work(folder, officer) as (_, by, at):
        data = manifest.read_bytes()
        digest = acts.commit_draw(manifest=data, approval=approval, by=by, at=at)
        name = transcript.decode(data).draw
        click.echo(f"Committed: {name}, manifest {digest}; {_published(name, at)}")


@draw.command()
@acting
@click.argument("name")
@click.option("--symbols", required=True, help="The symbols drawn, in order.")
@click.option("--minutes", required=True, type=_FILE, help="The minutes of the ceremony; their digest is logged.")
def ceremony(folder: Path, officer: str, name: str, symbols: str, minutes: Path) -> None:
    """Record the public ceremony of the draw NAME, before its round."""
    with at_work(folder, officer) as (_, by, at):
        acts.hold_ceremony(draw=name, symbols=symbols, minutes=minutes.read_bytes(), by=by, at=at)
        click.echo(f"Recorded; {_published(name, at)}")


@draw.command()
@acting
@click.argument("name")
@click.option("--beacon", required=True, type=_FILE, help="The round as drand serves it (JSON with its signature).")
def result(folder: Path, officer: str, name: str, beacon: Path) -> None:
    """Compute and publish the result of the draw NAME from the beacon's round."""
    signature = _signature(beacon)
    with at_work(folder, officer) as (_, by, at):
        digest = acts.publish_result(draw=name, signature=signature, by=by, at=at)
        click.echo(f"Order {digest}; {_published(name, at)}")


@draw.command()
@acting
@click.argument("name")
@click.option("--report-on", required=True, help="The legal day to report on, YYYY-MM-DD.")
@_APPROVAL
def call(folder: Path, officer: str, name: str, report_on: str, approval: int) -> None:
    """Issue the order of call of the draw NAME, as two people approved. Nothing is sent by this (charter S11)."""
    day = dates.parse_day(report_on, where="--report-on")
    with at_work(folder, officer) as (_, by, at):
        number = calls.order_call(draw=name, report_on=day, approval=approval, by=by, at=at)
        click.echo(f"Order of call {number}; {_published(name, at)}")


def _published(name: str, at: int) -> str:
    """Publish a checkpoint that covers what was done, then the draw's folder; what was published."""
    size = log.publish(by=Actor.program("publish"), at=at).size
    return f"{size} entries published; {draws.publish(name)}"


def _signature(beacon: Path) -> bytes:
    try:
        return bytes.fromhex(json.loads(beacon.read_bytes())["signature"])
    except (ValueError, KeyError, TypeError):
        raise MusterRollError(
            "beacon.file",
            "This is not a round of the beacon: a JSON object with the signature in hexadecimal.",
            where=str(beacon),
            remedy="Fetch the round again, e.g. from https://api.drand.sh.",
        ) from None
