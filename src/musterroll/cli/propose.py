"""`muster propose`, `muster proposals`, `muster approve`: two people, from two offices (charter S9).

The first proposes exactly what is to be done; its digest is printed, so that the second can compute it from the same
files and compare before approving. The act itself takes the number of the approval.
"""

from pathlib import Path

import click

from musterroll import canonical, dates
from musterroll.cli.acting import acting, at_work
from musterroll.cli.home import HOME
from musterroll.draw import transcript
from musterroll.law import lock
from musterroll.law import pack as law_pack
from musterroll.register import home
from musterroll.register.acts import audit, enter, part
from musterroll.register.acts.approve import approve as approve_act
from musterroll.register.acts.approve import propose as propose_act
from musterroll.register.acts.call import approval_digest
from musterroll.register.acts.pack import check_is_new, publication_digest
from musterroll.register.models import Approved
from musterroll.register.queries.proposal import delivery_digest, order_digest, waiting


@click.group()
def propose() -> None:
    """Be the first of two people."""


@propose.command("law")
@acting
@click.argument("pack", type=click.Path(path_type=Path, file_okay=False, exists=True))
def propose_law(folder: Path, officer: str, pack: Path) -> None:
    """Propose to put the law in the folder PACK, with its source declarations, into force."""
    loaded, sources = reviewed(pack), declarations(pack)
    digest = publication_digest(loaded, sources)
    with at_work(folder, officer) as (_, by, at):
        check_is_new(loaded, sources)
        number = propose_act(act=Approved.PUBLISH_PACK, subject=loaded.name, digest=digest, by=by, at=at)
        _say(number, loaded.name, digest)


@propose.command("draw")
@acting
@click.argument("manifest", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def propose_draw(folder: Path, officer: str, manifest: Path) -> None:
    """Propose to commit the draw whose terms are in the file MANIFEST (`muster draw prepare` writes it)."""
    data = manifest.read_bytes()
    terms = transcript.decode(data)
    _propose(folder, officer, Approved.COMMIT_DRAW, terms.draw, canonical.sha256_hex(data))


@propose.command("part")
@acting
@click.argument("manifest", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def propose_part(folder: Path, officer: str, manifest: Path) -> None:
    """Propose to commit the later list of a draw whose terms are in MANIFEST (`muster draw prepare-part`)."""
    data = manifest.read_bytes()
    subject = part.subject_of(transcript.decode(data))
    _propose(folder, officer, Approved.COMMIT_PART, subject, canonical.sha256_hex(data))


@propose.command("opening")
@acting
@click.argument("draw")
@click.option("--auditor", required=True, help="The auditor outside.")
@click.option("--key", required=True, help="The auditor's X25519 key, 64 hexadecimal digits, known from elsewhere.")
def propose_opening(folder: Path, officer: str, draw: str, auditor: str, key: str) -> None:
    """Propose to open to an auditor outside what chance picked of DRAW: entries, spared, facts entered by hand."""
    with at_work(folder, officer) as (_, by, at):
        digest = audit.opening_digest(draw, auditor, key)
        _say(propose_act(act=Approved.OPEN_TO_AUDITOR, subject=draw, digest=digest, by=by, at=at), draw, digest)


@propose.command("order")
@acting
@click.argument("draw")
@click.option("--report-on", required=True, help="The legal day to report on, YYYY-MM-DD.")
def propose_order(folder: Path, officer: str, draw: str, report_on: str) -> None:
    """Propose to call by the published order of DRAW, for the day --report-on."""
    day = dates.parse_day(report_on, where="--report-on")
    with at_work(folder, officer) as (_, by, at):
        digest = approval_digest(order_digest(draw), day)
        _say(propose_act(act=Approved.ORDER_CALL, subject=draw, digest=digest, by=by, at=at), draw, digest)


@propose.command("delivery")
@acting
@click.argument("number", type=int)
def propose_delivery(folder: Path, officer: str, number: int) -> None:
    """Propose to let the quarantined delivery NUMBER in after all."""
    with at_work(folder, officer) as (_, by, at):
        digest, subject = delivery_digest(number), str(number)
        _say(propose_act(act=Approved.RELEASE_DELIVERY, subject=subject, digest=digest, by=by, at=at), subject, digest)


@propose.command("reject")
@acting
@click.argument("number", type=int)
def propose_rejection(folder: Path, officer: str, number: int) -> None:
    """Propose to keep the quarantined delivery NUMBER out for ever."""
    with at_work(folder, officer) as (_, by, at):
        digest, subject = delivery_digest(number), str(number)
        _say(propose_act(act=Approved.REJECT_DELIVERY, subject=subject, digest=digest, by=by, at=at), subject, digest)


@propose.command("fact")
@acting
@click.argument("case")
@click.option("--attribute", required=True)
@click.option("--answer", required=True)
@click.option("--since", default="")
def propose_fact(folder: Path, officer: str, case: str, attribute: str, answer: str, since: str) -> None:
    """Propose to enter a fact by hand that asks more of the person of CASE (muster case enter)."""
    digest = enter.digest_of(attribute, answer, since)
    _propose(folder, officer, Approved.ENTER_FACT, enter.subject_of(case, attribute), digest)


@click.command()
@HOME
def proposals(folder: Path) -> None:
    """List what waits for the second of two people."""
    with home.open(folder):
        lines = waiting()
        for one in lines:
            click.echo(
                f"{one.number:6}  {one.act:16} {one.subject:24} {one.digest}  proposed by {one.office}, {one.at}"
            )
        click.echo(f"{len(lines)} waiting.")


@click.command()
@acting
@click.argument("number", type=int)
def approve(folder: Path, officer: str, number: int) -> None:
    """Be the second of two people: approve proposal NUMBER, after comparing its digest with the files."""
    with at_work(folder, officer) as (_, by, at):
        click.echo(f"Approved: --approval {approve_act(proposal=number, by=by, at=at)}")


def reviewed(folder: Path) -> law_pack.Pack:
    """The law in a folder, whose text and rules are as its lock knows them. Raises `law.needs-review` where not."""
    pack = law_pack.load(folder)
    lock.refuse(pack, lock.beside(folder))
    return pack


def declarations(pack: Path) -> dict[str, str]:
    """The source declarations that lie in a pack's folder, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((pack / "sources").glob("*.yaml"))}


def _propose(folder: Path, officer: str, act: Approved, subject: str, digest: str) -> None:
    with at_work(folder, officer) as (_, by, at):
        _say(propose_act(act=act, subject=subject, digest=digest, by=by, at=at), subject, digest)


def _say(number: int, subject: str, digest: str) -> None:
    click.echo(f"Proposal {number}: {subject}, digest {digest}")
    click.echo(f"Somebody of another office: muster approve {number} --officer ...")
