"""`muster pack`: what lawyers and developers ask of a law pack."""

from pathlib import Path

import click

from musterroll.law import report

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.group()
def pack() -> None:
    """Look at a law pack, e.g. packs/us."""


@pack.command()
@FOLDER
def check(folder: Path) -> int:
    """Load the pack in FOLDER, run its cases, and tell everything that is wrong with it.

    Ends with 0 when it may be published, 1 when a finding forbids that, 2 when there is no pack.
    """
    findings, summary = report.check(folder)
    for one in findings:
        mark = "FORBIDS PUBLICATION" if one.forbids else "look"
        click.echo(f"{mark}  {one.code}  {one.where}\n    {one.what}\n    {one.remedy}", err=one.forbids)
    for name, why in summary.not_included:
        click.echo(f"not included  {name}: {why}")
    click.echo(summary.line)
    return summary.exit_code


@pack.command()
@FOLDER
def cases(folder: Path) -> int:
    """Run every worked case of the pack in FOLDER and show each line."""
    outcomes = report.case_report(folder)
    for one in outcomes:
        click.echo(
            f"{'agrees' if one.agrees else 'DIFFERS'}  {one.where}  {one.case}" + f": {one.differs}" * (not one.agrees)
        )
    click.echo(f"{len(outcomes)} lines, {sum(not one.agrees for one in outcomes)} differ")
    return int(any(not one.agrees for one in outcomes))
