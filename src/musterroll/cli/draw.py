"""`muster draw`: terms, commitment, ceremony, result and order of call, each an act of its own (charter S3).

Nobody hands in a list or an order: terms are written from the committed roll, the result follows from the beacon's
signature, the calls follow from the result.
"""

from pathlib import Path

import click

from musterroll import canonical, dates
from musterroll.cli import draw_audit as audit
from musterroll.cli.acting import acting, at_work
from musterroll.cli.draw_files import published, signature
from musterroll.cli.home import HOME
from musterroll.draw import table as tables
from musterroll.draw import transcript
from musterroll.draw.because import FALLBACK, POTCHECK, Because
from musterroll.register import draw_policies, home, log, roll, terms
from musterroll.register.actor import Actor
from musterroll.register.acts import call as calls
from musterroll.register.acts import draw as acts
from musterroll.register.acts import part as parts
from musterroll.register.acts.fairness import publish_fairness
from musterroll.register.acts.potcheck import check_pot
from musterroll.register.acts.source_list import take_source_list
from musterroll.register.models import Part

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_PART = click.option("--part", default="", help="A later list of the draw: supplement-01, stratum-01.")
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
@click.option("--table-on", default="", help="Where the law has drums: the day on which they are drawn, YYYY-MM-DD.")
@click.option("--because", default="", help="Draw again: the SHA-256 of the failed pot check, or `fallback`.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The manifest to write.")
def prepare(
    folder: Path,
    name: str,
    beacon_round: int,
    procedure: Path,
    ceremony_over: str,
    lead_days: int,
    table_on: str,
    because: str,
    out: Path,
) -> None:
    """Write the terms of the draw NAME over the committed roll into a file, for two people to read and approve."""
    dates.parse_instant(ceremony_over, where="--ceremony-over")
    plan = terms.Plan(
        name,
        beacon_round,
        canonical.sha256_hex(procedure.read_bytes()),
        ceremony_over,
        min_lead_days=lead_days,
        table_on=table_on,
    )
    with home.open(folder) as opened:
        if because:
            plan = terms.again(plan, draw_policies.newest_draw(name), because)
        if because == FALLBACK:
            fallen = terms.fallback(draw_policies.newest_draw(name))
            out.write_bytes(fallen.encode())
            click.echo(f"{out}: the second source in place of the beacon's round, digest {fallen.digest}")
            return
        current = roll.current()
        frozen = acts.prepare_draw(draw=name, by=Actor.program("prepare"), at=opened.clock.now())
        made = terms.manifest(plan, current, frozen, opened.origin.split("/", 1)[0])
        out.write_bytes(made.encode())
        click.echo(f"{out}: {made.cohort.size} entrants in {len(made.cohort.strata)} strata, digest {made.digest}")


@draw.command()
@acting
@click.argument("name")
@click.option("--list", "listed", required=True, type=_FILE, help="person,n: the number a person knows, and its N.")
@click.option("--signature", "signed", required=True, type=_FILE, help="The source's, 128 hexadecimal digits.")
@click.option("--authority", required=True, help="The source.")
@click.option("--key", required=True, help="Its Ed25519 key, 64 hexadecimal digits, known from elsewhere.")
@click.option("--key-holder", default="", help="Who outside holds the key of the N; else those left out are unlisted.")
def source(
    folder: Path, officer: str, name: str, listed: Path, signed: Path, authority: str, key: str, key_holder: str
) -> None:
    """Take the source's list of who should be in the draw NAME. Before it is counted and its terms are written."""
    with at_work(folder, officer) as (_, by, at):
        size = take_source_list(
            draw=name,
            pairs=listed.read_bytes(),
            signature=_hexadecimal(signed),
            authority=authority,
            key=key,
            key_holder=key_holder,
            by=by,
            at=at,
        )
        click.echo(f"Taken: {size} people in the list of {authority}. Delete the file now.")


@draw.command()
@acting
@click.argument("name")
@click.option("--count", required=True, type=_FILE, help="count.json, as the office outside made it.")
@click.option(
    "--signature",
    "signed",
    required=True,
    type=_FILE,
    help="count.sig: the office's signature, 128 hexadecimal digits.",
)
@click.option("--office", required=True, help="The office that counted.")
@click.option("--key", required=True, help="Its Ed25519 key, 64 hexadecimal digits, known from elsewhere.")
@click.option("--per-mille", required=True, type=click.IntRange(1, 200), help="How far a cell may be off, declared.")
def potcheck(
    folder: Path, officer: str, name: str, count: Path, signed: Path, office: str, key: str, per_mille: int
) -> None:
    """Count the list of the draw NAME against an outside office's count. A cell that is off locks the draw."""
    with at_work(folder, officer) as (_, by, at):
        verdict = check_pot(
            draw=name,
            count=count.read_bytes(),
            signature=_hexadecimal(signed),
            office=office,
            key=key,
            per_mille=per_mille,
            by=by,
            at=at,
        )
        size = log.publish(by=Actor.program("publish"), at=at).size
        click.echo(f"The pot check {verdict}; {size} entries published.")


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
        click.echo(f"Committed: {name}, manifest {digest}; {published(name, at)}")


@draw.command()
@acting
@click.argument("name")
@click.option("--symbols", required=True, help="The symbols drawn, in order.")
@click.option("--minutes", required=True, type=_FILE, help="The minutes of the ceremony; their digest is logged.")
@_PART
def ceremony(folder: Path, officer: str, name: str, symbols: str, minutes: Path, part: str) -> None:
    """Record the public ceremony of the draw NAME, before its round."""
    with at_work(folder, officer) as (_, by, at):
        acts.hold_ceremony(draw=name, symbols=symbols, minutes=minutes.read_bytes(), by=by, at=at, part=part)
        click.echo(f"Recorded; {published(name, at)}")


@draw.command()
@acting
@click.argument("name")
@click.option("--beacon", type=_FILE, help="The round as drand serves it (JSON with its signature).")
@_PART
def result(folder: Path, officer: str, name: str, beacon: Path | None, part: str) -> None:
    """Compute and publish the result of the draw NAME from the beacon's round (none after a fallback to a ceremony)."""
    signed = None if beacon is None else signature(beacon)
    with at_work(folder, officer) as (_, by, at):
        digest = acts.publish_result(draw=name, signature=signed, by=by, at=at, part=part)
        click.echo(f"Order {digest}; {published(name, at)}")


@draw.command()
@acting
@click.argument("name")
def silent(folder: Path, officer: str, name: str) -> None:
    """Record that the round of the draw NAME has stayed silent; the next attempt may turn to the second source."""
    with at_work(folder, officer) as (_, by, at):
        acts.declare_silent(draw=name, by=by, at=at)
        click.echo(f"Recorded; {log.publish(by=Actor.program('publish'), at=at).size} entries published.")


@draw.command()
@acting
@click.argument("name")
@click.option("--file", "table", required=True, type=_FILE, help="table.csv: date,number, one line a date.")
def table(folder: Path, officer: str, name: str, table: Path) -> None:
    """Record the table that the drums gave for the draw NAME; one that is no permutation is refused, cell by cell."""
    with at_work(folder, officer) as (_, by, at):
        digest = acts.record_table(draw=name, table=table.read_bytes(), by=by, at=at)
        click.echo(f"Table {digest}; {published(name, at)}")


@draw.command("check-table")
@click.argument("table", type=_FILE)
@click.option("--days", default=tables.LEAP, show_default=True, type=click.IntRange(365, 366))
def check_table(table: Path, days: int) -> None:
    """Check a TABLE of drums (date,number) before it is recorded: each date, each number once. No home is needed."""
    read = tables.decode(table.read_bytes(), days)
    click.echo(f"{len(read.numbers)} dates, each with another number from 1 to {len(read.numbers)}.")


@draw.command("prepare-part")
@HOME
@click.argument("name")
@click.option("--stratum", default="", help="Draw this stratum anew; without it, a supplement of people found missing.")
@click.option("--because", default="", help="With --stratum: the SHA-256 of the pot check that found it wrong.")
@click.option("--round", "beacon_round", required=True, type=int, help="The quicknet round, still to come.")
@click.option("--procedure", required=True, type=_FILE, help="The text that says how the ceremony is held.")
@click.option("--ceremony-over", required=True, help="When the ceremony is in the log: YYYY-MM-DDTHH:MM:SSZ.")
@click.option("--lead-days", default=7, show_default=True, type=click.IntRange(1))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The manifest to write.")
def prepare_part(
    folder: Path,
    name: str,
    stratum: str,
    because: str,
    beacon_round: int,
    procedure: Path,
    ceremony_over: str,
    lead_days: int,
    out: Path,
) -> None:
    """Write the terms of a later list of the draw NAME into a file, for two people to read and approve."""
    dates.parse_instant(ceremony_over, where="--ceremony-over")
    plan = terms.Plan(
        name,
        beacon_round,
        canonical.sha256_hex(procedure.read_bytes()),
        ceremony_over,
        min_lead_days=lead_days,
        because=Because(POTCHECK, because) if stratum else None,
    )
    with home.open(folder) as opened:
        parent = draw_policies.newest_draw(name)
        entrants = parts.prepare_part(draw=name, stratum=stratum, by=Actor.program("prepare"), at=opened.clock.now())
        number = parts.next_number(parent, Part.STRATUM if stratum else Part.SUPPLEMENT)
        made = terms.part(plan, parent, entrants, number=number, stratum=stratum)
        out.write_bytes(made.encode())
        click.echo(f"{out}: {parts.subject_of(made)}, {made.cohort.size} entrants, digest {made.digest}")


@draw.command("commit-part")
@acting
@click.argument("manifest", type=_FILE)
@_APPROVAL
def commit_part(folder: Path, officer: str, manifest: Path, approval: int) -> None:
    """Commit the supplement, or the stratum drawn anew, whose terms are in MANIFEST, as two people approved."""
    with at_work(folder, officer) as (_, by, at):
        data = manifest.read_bytes()
        digest = parts.commit_part(manifest=data, approval=approval, by=by, at=at)
        made = transcript.decode(data)
        click.echo(f"Committed: {parts.subject_of(made)}, manifest {digest}; {published(made.draw, at)}")


@draw.command()
@acting
@click.argument("name")
def fairness(folder: Path, officer: str, name: str) -> None:
    """Publish the fairness figures of the draw NAME: nobody is called before."""
    with at_work(folder, officer) as (_, by, at):
        verdict = publish_fairness(draw=name, by=by, at=at)
        click.echo(f"Fairness: {verdict}; {published(name, at)}")


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
        click.echo(f"Order of call {number}; {published(name, at)}")


for _command in (audit.spared, audit.picked, audit.open_, audit.audited, audit.auditor_key, audit.unseal):
    draw.add_command(_command)


def _hexadecimal(path: Path) -> str:
    """What a signature's file says; bytes that are no text become a text that no act takes for a signature."""
    return path.read_text(encoding="ascii", errors="replace").strip()
