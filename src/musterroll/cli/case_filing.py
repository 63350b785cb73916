"""`muster case show|decide|told|appeal`: deciding on what a person said against the record (docs/flow/claim.md)."""

from pathlib import Path

import click

from musterroll import canonical
from musterroll.claim.body import Votes
from musterroll.cli.acting import acting, at_work
from musterroll.register.actor import Actor
from musterroll.register.acts import decide as deciding
from musterroll.register.acts import told as telling
from musterroll.register.acts.access import open_record
from musterroll.register.acts.appeal import appeal_decision
from musterroll.register.acts.approve import propose
from musterroll.register.models import Approved, Purpose
from musterroll.register.queries import filing as filings
from musterroll.register.queries.filed import FilingView
from musterroll.register.queries.officer import filings_opened

FILING = click.option("--filing", default="", help="The filing's code, where the person has several.")
APPROVAL = click.option("--approval", type=int, default=None, help="What `muster approve` gave to the second person.")


@click.command()
@acting
@click.argument("code")
def show(folder: Path, officer: str, code: str) -> None:
    """Show where the filings of the person of case CODE stand. The person sees that you looked."""
    with at_work(folder, officer) as (_, by, at):
        access = open_record(purpose=Purpose.DECIDE_CLAIM, by=by, at=at, case=code)
        found = filings_opened(access, by=by, at=at)
        for line in [line for one in found for line in lines_of(one)] or ["No filing."]:
            click.echo(line)


@click.command()
@acting
@click.argument("code")
@FILING
@click.option("--event", required=True, help="The law's name for the decision, e.g. granted or refused.")
@click.option("--because", required=True, multiple=True, help='A paragraph of the reasons, e.g. "art. 4 (1)".')
@click.option("--members", type=int, default=None, help="Of a body: how many members it has.")
@click.option("--present", type=int, default=None, help="How many of them were present.")
@click.option("--favour", type=int, default=None, help="How many voted for the decision.")
@click.option("--against", type=int, default=None, help="How many voted against it.")
@click.option("--barred", multiple=True, help="A relation to the person in which somebody who sat stands.")
@APPROVAL
def decide(
    folder: Path,
    officer: str,
    code: str,
    filing: str,
    event: str,
    because: tuple[str, ...],
    members: int | None,
    present: int | None,
    favour: int | None,
    against: int | None,
    barred: tuple[str, ...],
    approval: int | None,
) -> None:
    """Decide on a filing of the person of case CODE. What makes things worse is proposed first, for a second person."""
    stated = any(one is not None for one in (members, present, favour, against)) or barred
    votes = Votes(members, present, against, favour, barred) if stated else None
    with at_work(folder, officer) as (_, by, at):
        which = filing or filings.only_one(code, by=by)
        if approval is None and filings.takes_two(code, which, event, by=by, at=at):
            digest = deciding.decision_digest(which, event, because, votes)
            _propose(Approved.DECIDE_FILING, which, digest, by, at)
            return
        done = deciding.decide_filing(
            case=code, filing=which, event=event, because=because, votes=votes, approval=approval, by=by, at=at
        )
        click.echo(f"Filing {which}, step {done.step}: {done.formal}. What counts now: {done.state}. {done.after}")
        click.echo("Now tell the person: the decision stands in their record, and no time runs before they were told.")


@click.command()
@acting
@click.argument("code")
@FILING
@click.option("--step", type=int, required=True, help="The number of the decision (muster case show).")
@click.option("--slip", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=True)
@APPROVAL
def told(folder: Path, officer: str, code: str, filing: str, step: int, slip: Path, approval: int | None) -> None:
    """Record that a carrier handed a decision to the person of case CODE: SLIP is the carrier's paper. Two people."""
    with at_work(folder, officer) as (_, by, at):
        which = filing or filings.only_one(code, by=by)
        digest = canonical.sha256_hex(slip.read_bytes())
        if approval is None:
            _propose(Approved.RECORD_HAND_OVER, which, telling.hand_over_digest(which, step, digest), by, at)
            return
        telling.record_hand_over(
            case=code, filing=which, step=step, slip_sha256=digest, approval=approval, by=by, at=at
        )
        click.echo(f"Filing {which}, step {step}: handed over, recorded today. Time runs from today.")


@click.command()
@acting
@click.argument("code")
@FILING
@click.option("--event", required=True, help="The law's name for the person's step, e.g. appealed.")
def appeal(folder: Path, officer: str, code: str, filing: str, event: str) -> None:
    """Enter what the person of case CODE wrote on paper against a decision."""
    with at_work(folder, officer) as (_, by, at):
        which = filing or filings.only_one(code, by=by)
        step = appeal_decision(filing=which, event=event, case=code, by=by, at=at)
        click.echo(f"Filing {which}, step {step}: {event}. It holds whatever the law lets it hold, from now on.")


def lines_of(one: FilingView) -> list[str]:
    """A filing as lines of text."""
    lines = [f"Filing {one.code}: {one.label}: {one.value}, against {one.against}. Filed {one.filed_on}."]
    for step in one.steps:
        because = f", because {', '.join(step.because)}" if step.because else ""
        told = f", told {step.told_on} ({step.how})" if step.told_on else ", not told yet" if step.decision else ""
        lines.append(f"  {step.number}  {step.on}  {step.event} by {step.role}{because}{told}")
    lines.append(f"  stands at: {one.formal}" + (f"; what counts: {one.state}" if one.state != one.formal else ""))
    for limit in one.limits:
        lines.append(f"  last day of {limit.name}: {limit.last_day or limit.why} ({limit.article})")
    for next_step in one.may:
        until = f", until {next_step.until}" if next_step.until else ""
        lines.append(f"  may: {next_step.event} by {next_step.by}{until} ({next_step.article})")
    held = f"yes, until {one.free_on}" if one.free_on else "yes" if one.holds else "no"
    lines.append(f"  holds the call: {held}")
    return lines


def _propose(act: Approved, subject: str, digest: str, by: Actor, at: int) -> None:
    number = propose(act=act, subject=subject, digest=digest, by=by, at=at)
    click.echo(f"Proposal {number}: {subject}, digest {digest}")
    click.echo(f"Somebody of another office: muster approve {number} --officer ..., then this again with --approval.")
