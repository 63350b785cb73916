"""`muster ledger run | daily | replace-key | rebuild | audit`: what keeps the log going, and what mends it."""

import sys
import time
from pathlib import Path

import click

from musterroll.cli.home import HOME
from musterroll.errors import MusterRollError
from musterroll.register import counts, home, ledger_audit, log, rebuild, sequencer, software, stamps, turn
from musterroll.register.actor import Actor

WHOLE_SEARCH = 3_600
"""Seconds after which a running sequencer searches the whole outbox, not only its end."""


@click.command("run")
@HOME
@click.option("--integrate", default=1.0, show_default=True, help="Seconds between two looks for new entries.")
@click.option("--publish", "every", default=60.0, show_default=True, help="Seconds between two checkpoints.")
@click.option("--anchor", default=86_400.0, show_default=True, help="Seconds between two daily runs.")
@click.option("--rounds", type=click.IntRange(1), help="End after so many looks; without it, on Ctrl-C.")
def run(folder: Path, integrate: float, every: float, anchor: float, rounds: int | None) -> None:
    """Run the sequencer: integrate, publish and anchor at these intervals, beside everything else that works here."""
    with home.attach(folder) as opened:
        at_last = dict.fromkeys(("search", "publish", "anchor"), float("-inf"))
        left = rounds
        while left is None or left:
            left = None if left is None else left - 1
            now = time.monotonic()
            try:
                _turn(opened, now, at_last, every, anchor)
            except MusterRollError as problem:
                if problem.code in ("log.behind", "log.forked", "witness.ahead"):
                    raise  # a fork: nothing more is signed here
                click.echo(f"muster: {problem}", err=True)
            if left != 0:
                time.sleep(max(0.0, integrate - (time.monotonic() - now)))


def _turn(opened: home.Home, now: float, at_last: dict[str, float], every: float, anchor: float) -> None:
    by = Actor.program("sequencer")
    whole = now - at_last["search"] >= WHOLE_SEARCH
    sequencer.sequence(whole=whole)
    if whole:
        at_last["search"] = now
    if now - at_last["publish"] >= every:
        at_last["publish"] = now
        done = log.publish(by=by, at=opened.clock.now(), whole=False)
        click.echo(f"{done.origin}: {done.size} entries")
    if now - at_last["anchor"] >= anchor:
        at_last["anchor"] = now
        software.log_software(by=by, at=opened.clock.now())
        counts.write(at=opened.clock.now())
        for problem in stamps.stamp_due(by=by).refused:
            click.echo(f"muster: {problem}", err=True)


@click.command()
@HOME
def daily(folder: Path) -> None:
    """Count the finished days into the log, publish, and have the checkpoint stamped by the outside authorities."""
    with home.open(folder) as opened:
        by, at = Actor.program("daily"), opened.clock.now()
        software.log_software(by=by, at=at)
        days = counts.write(at=at)
        done = log.publish(by=by, at=at)
        stamped = stamps.stamp_due(by=by)
        click.echo(f"{done.origin}: {done.size} entries; {days} days counted, {len(stamped.files)} time stamps")
        for problem in stamped.refused:
            click.echo(f"muster: {problem}", err=True)
        if stamped.refused:
            sys.exit(2)


@click.command("replace-key")
@HOME
@click.option("--stolen", is_flag=True, help="The old key is not named in trust/policy.txt any more.")
def replace_key(folder: Path, stolen: bool) -> None:
    """Replace the log's key by a new one, which the old one names in the log; prints it."""
    with home.open(folder) as opened:
        new = turn.replace_key(stolen=stolen, by=Actor.program("keys"), at=opened.clock.now())
        click.echo(new.vkey)
        click.echo(
            "Give it to every witness (muster witness key --log KEY), hand out the new trust/policy.txt, then publish.",
            err=True,
        )


@click.command("rebuild")
@HOME
def take_back(folder: Path) -> None:
    """Take back from the published log what the database lacks, after it was restored from an older backup."""
    with home.open(folder) as opened:
        done = rebuild.rebuild(by=Actor.program("rebuild"), at=opened.clock.now())
        if not done:
            click.echo("The database lacks nothing that is published.")
        for one in done:
            click.echo(
                f"{one.origin}: entries {one.start} to {one.size - 1} are back; of {one.lost} of them the payload is "
                "lost. The acts themselves are not back: decide which have to be done again."
            )


@click.command()
@HOME
@click.option("--seed", required=True, help="Chosen by the auditor after the log was published, say by dice.")
@click.option("--sample", default=299, show_default=True, type=click.IntRange(1))
def audit(folder: Path, seed: str, sample: int) -> None:
    """For the auditor inside: do payloads open the public entries, and is none missing without an erasure?"""
    with home.open(folder):
        seen = ledger_audit.audit(seed=seed.encode(), sample=sample)
        click.echo(
            f"{seen.entries} entries looked at, {seen.acts} of them acts about {seen.people} people; "
            f"{seen.without_payload} acts in all have no payload, erasures account for {seen.covered}."
        )
        for problem in seen.findings:
            click.echo(f"WRONG {problem}")
        if seen.findings:
            sys.exit(1)
        click.echo("holds")


COMMANDS = (run, daily, replace_key, take_back, audit)
