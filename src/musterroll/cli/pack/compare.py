"""`muster pack compare`: laws side by side on one page, made from their packs alone."""

from pathlib import Path

import click

from musterroll.cli.pack.telling import FOLDERS
from musterroll.engine import law_page
from musterroll.errors import MusterRollError
from musterroll.law.pack import load


@click.command()
@FOLDERS
@click.option(
    "-o",
    "--output",
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The HTML file.",
)
@click.option(
    "--language", default="en", show_default=True, help="The language of the page, and of the packs' sentences."
)
@click.option(
    "--pages", default="", metavar="PREFIX", help="Lead on to PREFIX + NAME.html, as `muster pack render` wrote it."
)
def compare(folders: tuple[Path, ...], output: Path, language: str, pages: str) -> int:
    """Write one HTML page with the laws in FOLDERS side by side: who, age, standings, selection, time limits, appeals.

    Each sentence is made from the packs and names its paragraphs, which are quoted at the end. The page loads nothing
    and runs nothing.
    """
    packs = [load(folder) for folder in folders]
    names = [pack.name for pack in packs]
    if len(set(names)) < len(names):
        raise MusterRollError(
            "law.same-name",
            "Two of these packs have the same name.",
            where=", ".join(names),
            remedy="Compare packs of different names; `muster pack diff` compares two versions of one law.",
        )
    text = law_page.comparison(packs, language=language, pages=pages)
    output.write_text(text, "utf-8")
    click.echo(f"{output}: {len(packs)} laws ({', '.join(names)}), {len(text.encode()) // 1024} KB")
    return 0
