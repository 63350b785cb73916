"""`muster pack letter`: a letter of a pack as it would look, to be read before anybody gets it."""

from pathlib import Path

import click

from musterroll.cli.pack.telling import FOLDER
from musterroll.engine import letter_sample
from musterroll.law.pack import load


@click.command()
@FOLDER
@click.argument("kind")
@click.option("--language", default="en", show_default=True, help="The language of the letter.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The PDF file.")
def letter(folder: Path, kind: str, language: str, output: Path) -> int:
    """Write the letter KIND (call, withdrawn, worsening, ...) of the pack in FOLDER as a PDF, its places in brackets.

    It is marked as a demonstration and has nobody in it: whoever wrote its words, and whoever reviews them, reads it
    as it would be read.
    """
    made = letter_sample.sample(folder, load(folder), kind, language)
    output.write_bytes(made)
    click.echo(f"{output}: the letter {kind} in {language}, {len(made) // 1024} KB")
    return 0
