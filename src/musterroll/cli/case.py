"""`muster case`: a matter about one person, allocated to one officer (charter S8)."""

from pathlib import Path

import click

from musterroll.cli import case_filing
from musterroll.cli.acting import acting, at_work
from musterroll.register.acts import access
from musterroll.register.acts.enter import enter_fact
from musterroll.register.acts.grant import grant_finding
from musterroll.register.models import Purpose


@click.group()
def case() -> None:
    """Cases: without one, or the person's own code, no record opens."""


@case.command()
@acting
@click.argument("ref")
@click.option("--to", "worker", required=True, help="The handle of the officer who works on it.")
@click.option("--purpose", required=True, type=click.Choice([each.value for each in Purpose]))
def allocate(folder: Path, officer: str, ref: str, worker: str, purpose: str) -> None:
    """Allocate a matter about the person with this REF (it is on the person's own papers) to an officer."""
    with at_work(folder, officer) as (_, by, at):
        code = access.allocate_case(ref=ref, officer=worker, purpose=Purpose(purpose), by=by, at=at)
        click.echo(f"Case {code} for {worker}, purpose {purpose}. The person sees every opening.")


@case.command()
@acting
@click.argument("code")
@click.option("--attribute", required=True, help="What is found, e.g. postponed_until.")
@click.option("--answer", required=True, help="As the pack writes values, e.g. 2027-06-30.")
def grant(folder: Path, officer: str, code: str, attribute: str, answer: str) -> None:
    """Grant what the person of case CODE applied for, where the law leaves the finding to the register."""
    with at_work(folder, officer) as (_, by, at):
        done = grant_finding(case=code, attribute=attribute, answer=answer, by=by, at=at)
        click.echo(f"{done.after} Calls withdrawn: {done.withdrawn}.")


@case.command()
@acting
@click.argument("code")
@click.option("--attribute", required=True, help="What the document shows, e.g. died_on.")
@click.option("--answer", required=True, help="As the pack writes values, e.g. 2027-06-30.")
@click.option("--since", default="", help="The day from which it holds, YYYY-MM-DD; without one, always.")
@click.option("--approval", type=int, default=None, help="Where it asks more of the person: what `approve` gave.")
def enter(folder: Path, officer: str, code: str, attribute: str, answer: str, since: str, approval: int | None) -> None:
    """Enter what a document shows of the person of case CODE, before the agency's register says so."""
    with at_work(folder, officer) as (_, by, at):
        done = enter_fact(case=code, attribute=attribute, answer=answer, since=since, approval=approval, by=by, at=at)
        click.echo(f"{done.after} Calls withdrawn: {done.withdrawn}.")
        if done.waits:
            click.echo("It asks more of the person: it counts after notice and the law's period, not today.")


@case.command()
@acting
@click.argument("code")
def close(folder: Path, officer: str, code: str) -> None:
    """Close the case CODE: the record can no longer be opened through it."""
    with at_work(folder, officer) as (_, by, at):
        access.close_case(case=code, by=by, at=at)
        click.echo(f"Case {code} is closed.")


for command in (case_filing.show, case_filing.decide, case_filing.told, case_filing.appeal):
    case.add_command(command)
