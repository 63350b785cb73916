"""`muster ledger`: the log's key, the policy that names its witnesses, publishing a checkpoint, and the log's care."""

from pathlib import Path

import click

from musterroll.cli import ledger_care, monitor
from musterroll.cli.home import HOME
from musterroll.ledger.note import parse_vkey
from musterroll.ledger.policy import Group, Log, Policy, Witness
from musterroll.register import home, log
from musterroll.register.actor import Actor
from musterroll.register.files import write_whole

GROUP = "outside"
LEAST_WITNESSES = 3
"""Charter S11: nothing is sent that fewer have seen."""


@click.group()
def ledger() -> None:
    """The log of every official act."""


for command in (*ledger_care.COMMANDS, monitor.monitor):
    ledger.add_command(command)


@ledger.command()
@HOME
@click.option("--every", is_flag=True, help="Also earlier keys of this year's log, and the key of the next year's.")
def key(folder: Path, every: bool) -> None:
    """Print the log's public key. Give it to the witnesses: muster witness key --log KEY.

    Before a year ends, give them the next year's too (--every).
    """
    with home.open(folder):
        for one in log.public_keys() if every else (log.log_key().public_key,):
            click.echo(one.vkey)


@ledger.command()
@HOME
@click.option(
    "--witness",
    "witnesses",
    required=True,
    multiple=True,
    nargs=3,
    metavar="NAME KEY URL",
    help="A short name, the key that `muster witness key` printed, and the address; at least three times.",
)
@click.option("--least", default=LEAST_WITNESSES, show_default=True, type=click.IntRange(LEAST_WITNESSES))
def policy(folder: Path, witnesses: tuple[tuple[str, str, str], ...], least: int) -> None:
    """Write trust/policy.txt: the log's keys, the witnesses, and how many of them have to cosign."""
    named = tuple(Witness(name, parse_vkey(vkey, where=f"--witness {name}"), url) for name, vkey, url in witnesses)
    if len(named) < least:
        raise click.UsageError(f"{least} witnesses have to cosign, and {len(named)} are named.")
    with home.open(folder) as opened:
        group = Group(GROUP, least, tuple(one.name for one in named))
        pinned = Policy(tuple(map(Log, log.public_keys())), named, (group,), GROUP)
        write_whole(opened.policy, pinned.encode())
        click.echo(f"{opened.policy}: {least} of {len(named)} witnesses. Hand it out apart from what is published.")


@ledger.command()
@HOME
def publish(folder: Path) -> None:
    """Put waiting entries into the log, sign a checkpoint, have it cosigned and publish it."""
    with home.open(folder) as opened:
        done = log.publish(by=Actor.program("publish"), at=opened.clock.now())
        click.echo(f"{done.origin}: {done.size} entries, root {done.root.hex()}")
