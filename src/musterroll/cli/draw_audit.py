"""`muster draw spared, picked, open, audited`: whom a draw spared, and what an outside auditor sees of it.

`auditor-key` and `unseal` are for the auditor, on a machine of their own; no home is there.
"""

import os
from pathlib import Path

import click

from musterroll.cli.acting import acting, at_work
from musterroll.cli.draw_files import published, signature
from musterroll.draw import opening
from musterroll.register import log, openings
from musterroll.register.actor import Actor
from musterroll.register.acts import audit as audits

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_APPROVAL = click.option("--approval", required=True, type=int, help="The number that `muster approve` gave.")


@click.command()
@acting
@click.argument("name")
@click.option("--round", "round_number", required=True, type=int, help="The quicknet round that picks, a day ahead.")
def spared(folder: Path, officer: str, name: str, round_number: int) -> None:
    """Commit to everybody whom the draw NAME left out or passed over, before chance picks whom an auditor sees."""
    with at_work(folder, officer) as (_, by, at):
        audits.commit_spared(draw=name, round_number=round_number, by=by, at=at)
        click.echo(f"Committed; {published(name, at)}")


@click.command()
@acting
@click.argument("name")
@click.option(
    "--beacon", required=True, type=_FILE, help="The round that was named for the spared, as drand serves it."
)
@click.option("--entries", type=_FILE, help="The audit's round that the manifest names, as drand serves it.")
def picked(folder: Path, officer: str, name: str, beacon: Path, entries: Path | None) -> None:
    """Record the rounds that pick whom an auditor of the draw NAME sees."""
    of_entries = None if entries is None else signature(entries)
    with at_work(folder, officer) as (_, by, at):
        audits.pick_spared(draw=name, signature=signature(beacon), of_entries=of_entries, by=by, at=at)
        click.echo(f"Recorded; {published(name, at)}")


@click.command("open")
@acting
@click.argument("name")
@click.option("--auditor", required=True, help="The auditor outside, as the approval names them.")
@click.option("--key", required=True, help="The auditor's X25519 key, 64 hexadecimal digits.")
@_APPROVAL
def open_(folder: Path, officer: str, name: str, auditor: str, key: str, approval: int) -> None:
    """Seal what chance picked of the draw NAME into one file for the auditor; each person it is about sees it."""
    with at_work(folder, officer) as (_, by, at):
        digest = audits.open_to_auditor(draw=name, auditor=auditor, key=key, approval=approval, by=by, at=at)
        log.publish(by=Actor.program("publish"), at=at)
        click.echo(f"Sealed for {auditor}: {openings.path_of(digest)}")


@click.command()
@acting
@click.argument("name")
@click.option("--wrong", required=True, type=click.IntRange(0), help="How many of the entries opened were wrong.")
def audited(folder: Path, officer: str, name: str, wrong: int) -> None:
    """Record what the auditor of the draw NAME found."""
    with at_work(folder, officer) as (_, by, at):
        audits.record_audit(draw=name, wrong=wrong, by=by, at=at)
        click.echo(f"Recorded; {published(name, at)}")


@click.command("auditor-key")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The secret key to write.")
def auditor_key(out: Path) -> None:
    """For the auditor, on the auditor's own machine: make a key to which openings are sealed; the public half."""
    secret, public = openings.new_key()
    _keep(out, secret)
    click.echo(f"{public}")


@click.command()
@click.argument("sealed", type=_FILE)
@click.option("--secret", required=True, type=_FILE, help="The auditor's secret X25519 key: 32 bytes.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The openings to write.")
def unseal(sealed: Path, secret: Path, out: Path) -> None:
    """For the auditor, on the auditor's own machine: open the SEALED file. No home is needed."""
    data = openings.unseal(sealed.read_bytes(), secret.read_bytes())
    _keep(out, data)
    click.echo(f"{out}: {', '.join(f'{count} {name}' for name, count in opening.decode(data).counts().items())}")


def _keep(path: Path, data: bytes) -> None:
    """Write a new file that only this account can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
