"""`muster init` and `muster status`: a home, and what is in it (counts only)."""

from pathlib import Path

import click

from musterroll.cli.source_check import founderless, looks
from musterroll.demo import founding as invented
from musterroll.errors import MusterRollError
from musterroll.extract import declaration
from musterroll.register import home
from musterroll.register.queries.state import state

HOME = click.option(
    "--home", "folder", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True, help="The home."
)


@click.command()
@HOME
@click.option("--origin", default="", help="The ledger's name, e.g. register.example/ledger/2026.")
@click.option("--fictional", is_flag=True, help="Invented people only; everything says DEMONSTRATION, for ever.")
@click.option("--seed", default="", help="Fictional homes only: makes every key.")
@click.option("--buckets", type=click.IntRange(1, 4096), help="Into how many parts the roll is cut; fixed for ever.")
@click.option("--people", type=click.IntRange(1), help="About how many people: chooses the buckets.")
@click.option("--pack", "pack", type=click.Path(path_type=Path), help="Fictional homes only: the law to publish.")
@click.option(
    "--sources",
    type=click.Path(path_type=Path, file_okay=False),
    help="Fictional homes only: the folder with the agencies' declarations (else PACK/sources).",
)
def init(
    folder: Path,
    origin: str,
    fictional: bool,
    seed: str,
    buckets: int | None,
    people: int | None,
    pack: Path | None,
    sources: Path | None,
) -> None:
    """Create a home. Whether it is fictional is fixed now and never changes.

    With --fictional and --pack, two invented officers publish the law and the declarations, so that deliveries can be
    taken in at once: muster nightly --home HOME --deliveries DIR.
    """
    if (pack or sources) and not fictional:
        raise MusterRollError(
            "init.published-by-people",
            "In a home that is not fictional two people of two offices publish the law; no command does it for them.",
            where="--pack, --sources",
            remedy="Create the home without them; then `muster propose law` and `muster approve`.",
        )
    if not origin and not fictional:
        raise click.UsageError("Missing option '--origin'.")
    founding = home.Founding(
        fictional=fictional,
        origin=origin or invented.ORIGIN,
        buckets=buckets or home.buckets_for(people or 1),
        seed=seed or (invented.SEED if fictional else ""),
    )
    if pack is not None:
        declared = sources or pack / "sources"
        law, names = invented.create(folder, founding, pack, declared)
        click.echo(f"Home created: {folder}. DEMONSTRATION: invented people only.")
        click.echo(f"In force: {law.title}, version {law.version}, digest {law.digest[:16]}; {law.coverage}.")
        click.echo(f"Sources: {', '.join(names)}.")
        files = {file: declaration.load_source(file) for file in sorted(declared.glob("*.yaml"))}
        for file, read in files.items():
            for text in looks(file, read, law):
                click.echo(text)
        for text in founderless(files.values()):
            click.echo(text)
        click.echo(f"Next: muster nightly --home {folder} --deliveries DIR")
        return
    home.create(folder, founding)
    with home.open(folder):
        click.echo(f"Home created: {folder}. Next: publish a pack (two people), then `muster receive`.")


@click.command()
@HOME
def status(folder: Path) -> None:
    """Say how far a home has come: law, deliveries, roll, draws, ledger. Counts only, rounded where people are few."""
    with home.open(folder):
        for label, value in state():
            click.echo(f"{label:24} {value}")
