"""`muster source`: declarations of what agencies may send."""

from pathlib import Path

import click

from musterroll.extract import declaration, schema
from musterroll.extract.schema import Source
from musterroll.law import pack as law_pack

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))


@click.group()
def source() -> None:
    """Look at a source's declaration, e.g. packs/example/sources/civil.yaml."""


@source.command()
@FILE
@click.option("--pack", "folder", type=click.Path(path_type=Path), help="The pack; else the folder above sources/.")
def check(file: Path, folder: Path | None) -> None:
    """Say whether FILE may be read under the pack: closed kind, lawful purpose, every column cited."""
    read = declaration.load_source(file)
    law = law_pack.load(folder or file.parents[1])
    articles = {name: attribute.basis for name, attribute in law.attributes.items()}
    schema.check_cited(read, articles, {one.roster for one in law.derivations})
    click.echo(f"{read.name}: {len(read.columns)} columns, each for a purpose; {len(read.cut)} cut at the door")


@source.command()
@FILE
def explain(file: Path) -> None:
    """Say in plain words what FILE lets in, what for, and what its silence means."""
    for line in told(declaration.load_source(file)):
        click.echo(line)


def told(read: Source) -> list[str]:
    """The declaration in sentences, a line each."""
    lines = [
        f"{read.agency} ({read.kind.value}), under {read.legal_basis}.",
        f"Its word is fresh for {read.freshness_days} days; its silence speaks of {read.silence.value}.",
        "It founds persons." if read.founds else "It founds nobody: its rows are linked to people, or stay unattached.",
    ]
    for name, column in read.columns.items():
        used = [f"linkage as {column.role}"] if column.role else []
        used += [f"the fact {each.attribute}" for each in read.facts if name in (each.column, *each.when)]
        used += [f"the roster {each.roster}" for each in read.rosters if name in (each.group, each.role, each.born)]
        used += [f"the particular {each.kind}" for each in read.particulars if name in each.columns]
        used += ["the entry's key"] if name == read.key else []
        lines.append(f"  {name}: {'; '.join(dict.fromkeys(used))}")
    if read.cut:
        lines.append(f"Cut at the door, because no article cites them: {', '.join(read.cut)}.")
    return lines
