"""`muster pack render`: the page on which a lawyer reviews a pack."""

from pathlib import Path

import click

from musterroll.cli.pack.telling import FOLDER
from musterroll.engine import law_page
from musterroll.law import lock
from musterroll.law.pack import load
from musterroll.law.prove import report as proving
from musterroll.law.prove.showable import showable


@click.command()
@FOLDER
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The HTML file.")
def render(folder: Path, output: Path) -> int:
    """Write one HTML page of the pack in FOLDER: the law left, its rules in plain words right, its cases below.

    The page loads nothing and runs nothing. It can be mailed, printed and signed.
    """
    pack = load(folder)
    click.echo("Proving the law and looking what its cases show; the page is written then.", err=True)
    checked = proving.check(folder)
    covered = showable(pack).coverage
    text = law_page.html(
        pack, findings=checked.findings, figures=checked.figures, coverage=covered, lock=lock.beside(folder)
    )
    output.write_text(text, "utf-8")
    click.echo(f"{output}: {pack.title}, {len(text.encode()) // 1024} KB, digest {pack.digest[:16]}")
    return 0
