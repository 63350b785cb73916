"""`muster erase`: nothing is left of a person, by two people, on a ground of the law or a court's order."""

from pathlib import Path

import click

from musterroll import canonical
from musterroll.cli.acting import acting, at_work
from musterroll.register import erasure
from musterroll.register.acts.approve import propose
from musterroll.register.acts.erase import erase_person, erasure_digest
from musterroll.register.models import Approved, ErasureGround

GROUNDS = {"scope": ErasureGround.SCOPE, "law": ErasureGround.PACK, "court": ErasureGround.COURT}


@click.command()
@acting
@click.argument("case")
@click.option("--ground", required=True, type=click.Choice(list(GROUNDS)), help="Why: its scope, a line, a court.")
@click.option("--line", default="", help="With --ground law: the line of the law's procedure `erasure`.")
@click.option(
    "--order",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="With --ground court: the order; its digest is kept.",
)
@click.option("--approval", type=int, default=None, help="The number that `muster approve` gave.")
def erase(
    folder: Path, officer: str, case: str, ground: str, line: str, order: Path | None, approval: int | None
) -> None:
    """Erase the person of CASE (allocated to you for it). Without --approval: propose it."""
    kind = GROUNDS[ground]
    named = canonical.sha256_hex(order.read_bytes()) if order is not None else line
    with at_work(folder, officer) as (_, by, at):
        if approval is None:
            digest = erasure_digest(case, kind, named)
            number = propose(act=Approved.ERASE_PERSON, subject=case, digest=digest, by=by, at=at)
            click.echo(f"Proposal {number}: erase the person of {case}, digest {digest}")
            click.echo(f"Somebody of another office: muster approve {number} --officer ...; then again with --approval")
            return
        done = erase_person(case=case, ground=kind, named=named, approval=approval, by=by, at=at)
        removed = erasure.finish()
        erasure.compact()
        click.echo(
            f"Erased. {done.objects} objects of the roll written again, {done.rows} rows removed or emptied, "
            f"{removed} files removed. {done.records} records are passed over in every extract from now on."
        )
        click.echo("Backups and the database server's own log of changes are yours to expire.")
