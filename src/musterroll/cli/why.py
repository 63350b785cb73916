"""`muster why`: an officer opens one record, for a case and a purpose; the opening is in the log before it is read."""

from pathlib import Path

import click

from musterroll.cli.home import HOME
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.acts.access import open_record
from musterroll.register.models import Purpose
from musterroll.register.queries.officer import OpenedRecord, opened


@click.command()
@HOME
@click.option("--officer", required=True, help="Your handle.")
@click.option("--purpose", required=True, type=click.Choice([each.value for each in Purpose]))
@click.option("--case", default="", help="The case allocated to you.")
@click.option("--code", default="", help="Or the one-time code of the person who is present.")
@click.option("--attribute", default="", help="Only facts of this attribute.")
def why(folder: Path, officer: str, purpose: str, case: str, code: str, attribute: str) -> None:
    """Show why somebody stands where they do, with every fact and its source.

    There is no search: a record opens by a case allocated to you, or by the person's own code. They see that you
    looked.
    """
    by = Actor.officer(officer)
    with home.open(folder) as current:
        at = current.clock.now()
        access = open_record(purpose=Purpose(purpose), by=by, at=at, case=case, code=code)
        for line in told(opened(access, by=by, at=at), attribute):
            click.echo(line)


def told(record: OpenedRecord, attribute: str) -> list[str]:
    """The record in lines, one fact a line."""
    lines = [f"{record.ref}  as at {record.on}  opened to {record.purpose}"]
    for standing in record.standings:
        lines.append(f"{standing.question}: {standing.headline}")
        lines += [
            f"    {one.article} {one.paragraph}  {one.label}: {one.value}  ({one.source or 'nobody says otherwise'})"
            for one in standing.because
        ]
        lines += [f"    not established: {one.label}; can answer: {', '.join(one.answers)}" for one in standing.needs]
    for fact in record.facts:
        if attribute in ("", fact.attribute):
            said = f"{fact.agency}, extract of {fact.delivered_on}, row {fact.row}, {fact.link}"
            lines.append(f"  {fact.label}: {fact.value}  ({said})")
    return lines
