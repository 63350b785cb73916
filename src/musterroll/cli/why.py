"""`muster why`: an officer opens one record, for a case and a purpose; the opening is in the log before it is read."""

from pathlib import Path

import click

from musterroll import dates
from musterroll.cli.home import HOME
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.acts.access import open_record
from musterroll.register.models import Purpose
from musterroll.register.queries import why as history
from musterroll.register.queries.officer import OpenedRecord, opened
from musterroll.register.queries.why import Why
from musterroll.register.replay import Replayed


@click.command()
@HOME
@click.argument("person", required=False, default="")
@click.argument("attribute", required=False, default="")
@click.option("--officer", required=True, help="Your handle.")
@click.option("--purpose", required=True, type=click.Choice([each.value for each in Purpose]))
@click.option("--case", default="", help="The case allocated to you.")
@click.option("--code", default="", help="Or the one-time code of the person who is present.")
@click.option("--as-at", default="", help="The legal day judged, YYYY-MM-DD; today where not given.")
@click.option("--known-at", default="", help="What the register knew then, YYYY-MM-DDTHH:MM:SSZ; now where not given.")
@click.option("--attribute", "only", default="", help="Without PERSON: only facts of this attribute.")
def why(
    folder: Path,
    officer: str,
    purpose: str,
    case: str,
    code: str,
    person: str,
    attribute: str,
    as_at: str,
    known_at: str,
    only: str,
) -> None:
    """Show why somebody stands where they do; with PERSON (their reference) and ATTRIBUTE, the history of one fact.

    There is no search: a record opens by a case allocated to you, or by the person's own code. They see that you
    looked.
    """
    by = Actor.officer(officer)
    day = dates.parse_day(as_at, where="--as-at") if as_at else None
    time = dates.parse_instant(known_at, where="--known-at") if known_at else None
    with home.open(folder) as current:
        at = current.clock.now()
        access = open_record(purpose=Purpose(purpose), by=by, at=at, case=case, code=code, ref=person)
        if attribute:
            lines = lines_of(history.why(access, attribute, by=by, at=at, as_at=day, known_at=time))
        else:
            lines = told(opened(access, by=by, at=at), only)
        for line in lines:
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


def lines_of(found: Why) -> list[str]:
    """The history of one fact in lines."""
    lines = [
        f"{found.ref}  {found.label}: {found.value}  ({found.state})",
        f"  as at {found.as_at}, known at {found.known_at}",
        *(f"  matters by {one}" for one in found.articles),
    ]
    for one in found.statements:
        when = f"from {one.valid_from or 'always'}" + (f" to {one.valid_to}" if one.valid_to else "")
        held = f"learnt {one.learnt}" + (f", superseded {one.superseded}" if one.superseded else "")
        place = f", extract of {one.delivered_on}, delivery {one.delivery}, row {one.row}" if one.delivery else ""
        lines.append(f"  {'*' if one.counts else '-'} {one.value}  {when}; {held}")
        lines.append(f"      {one.agency}{place}")
        if one.link_ref:
            lines.append(f"      link {one.link_ref}: {one.link}, {one.judged}")
    lines += [f"  o {one.agency}: {one.means}" for one in found.silent]
    lines += [_replayed(one) for one in found.replayed]
    return lines


def _replayed(one: Replayed) -> str:
    said = f"  {one.question} on {dates.format_day(one.on)}: "
    if one.missing:
        return f"{said}cannot be decided again; missing: {one.missing}"
    if one.equal:
        return f"{said}{one.then or 'not established'}; decided again: equal, bit for bit"
    return f"{said}{one.then or 'not established'}; decided again: NOT equal ({', '.join(one.differs)})"
