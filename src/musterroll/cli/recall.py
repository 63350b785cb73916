"""`muster recall`: two people take back a bad delivery, linkage model or law, and everything that rests on it (S10).

What is recalled is named by a number or a digest; there is no option that names a person, a row, a value or a rule.
"""

from pathlib import Path

import click

from musterroll.cli.acting import acting, at_work
from musterroll.errors import MusterRollError
from musterroll.register.acts import recall as acts
from musterroll.register.acts.approve import approve as approve_act
from musterroll.register.acts.approve import propose as propose_act
from musterroll.register.acts.recall import Reach
from musterroll.register.disclosure import published
from musterroll.register.models import Approved, Recallable
from musterroll.register.queries.proposal import number_of

WHAT = click.argument("what", type=click.Choice([each.value for each in Recallable]))
SUBJECT = click.argument("subject")


@click.group()
def recall() -> None:
    """Recall a delivery (its number), a linkage model (its number) or a law (its digest)."""


@recall.command()
@acting
@WHAT
@SUBJECT
def propose(folder: Path, officer: str, what: str, subject: str) -> None:
    """Be the first of two people: say what is bad, and see how far the recall would reach."""
    thing = Recallable(what)
    with at_work(folder, officer) as (_, by, at):
        digest, name = acts.digest_of(thing, subject), acts.subject_of(thing, subject)
        number = propose_act(act=Approved.RECALL, subject=name, digest=digest, by=by, at=at)
        click.echo(f"Proposal {number}: recall {name}, digest {digest}")
        _say(acts.reach(what=thing, subject=subject))
        click.echo(f"Somebody of another office: muster recall approve {what} {subject} --officer ...")


@recall.command()
@acting
@WHAT
@SUBJECT
def approve(folder: Path, officer: str, what: str, subject: str) -> None:
    """Be the second of two people: agree, and it is done in the same moment."""
    thing = Recallable(what)
    with at_work(folder, officer) as (_, by, at):
        digest, name = acts.digest_of(thing, subject), acts.subject_of(thing, subject)
        proposal = number_of(act=Approved.RECALL, subject=name, digest=digest)
        if proposal is None:
            raise MusterRollError(
                "approval.no-proposal",
                "Nobody has proposed this recall.",
                where=name[:80],
                remedy=f"Somebody of another office: muster recall propose {what} {subject} --officer ...",
            )
        approval = approve_act(proposal=proposal, by=by, at=at)
        _say(acts.recall(what=thing, subject=subject, approval=approval, by=by, at=at))
        click.echo(f"Recalled: {name}. The next night leaves it out; until then nobody is called.")


def _say(reach: Reach) -> None:
    """The counts, through the one function by which counts of people leave the register (charter S14)."""
    counts = {"people": reach.people, "places in draws": reach.places, "calls": reach.calls, "letters": reach.letters}
    for name, count in published(counts).items():
        click.echo(f"  {name:16} {count}")
