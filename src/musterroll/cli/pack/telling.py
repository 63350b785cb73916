"""How a report about packs is shown: lines and findings for a reader, or one JSON object."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from musterroll.law.report import Report, figure, together

FOLDERS = click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False))
FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
JSON = click.option("--json", "as_json", is_flag=True, help="The same as data, one object on standard output.")


def told(
    command: str,
    folders: tuple[Path, ...],
    look: Callable[[Path], Report],
    *,
    as_json: bool,
    last: Callable[[Report], str] = figure,
) -> int:
    """Look at each folder, show what was found, end with the figure; the exit code."""
    reports = []
    for number, folder in enumerate(folders, 1):
        if len(folders) > 1:
            click.echo(f"[{number} of {len(folders)}] {folder}", err=True)
        report = look(folder)
        reports.append(report)
        if not as_json:
            _show(report)
            if len(folders) > 1:
                click.echo(last(report))
    whole = together(command, reports)
    if as_json:
        data(whole.data)
    else:
        click.echo(last(whole))
    return whole.exit_code


def data(members: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    click.echo(json.dumps(members, ensure_ascii=False, indent=2))


def _show(report: Report) -> None:
    for one in report.findings:
        mark = "FORBIDS PUBLICATION" if one.forbids else "look"
        click.echo(f"{mark}  {one.code}  {one.where}\n    {one.what}\n    {one.remedy}", err=one.forbids)
    for line in report.lines:
        click.echo(line)
