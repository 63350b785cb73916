"""Two people from two offices (charter S9): one proposes exactly what is to be done, the other approves it."""

from musterroll.errors import MusterRollError
from musterroll.register import permissions
from musterroll.register.actor import Actor
from musterroll.register.acts.act import act
from musterroll.register.models import Approval, Approved, Proposal


@act
def propose(*, act: Approved, subject: str, digest: str, by: Actor, at: int) -> int:
    """Propose `act` on `subject`; `digest` names exactly what is to be done. Gives the proposal's number."""
    permissions.check_may("propose", by)
    officer = permissions.officer_of(by)
    assert officer is not None  # only officers may propose
    row, _ = Proposal.objects.get_or_create(
        act=act,
        subject=subject,
        digest=digest,
        defaults={"officer": officer, "office_id": officer.office_id, "at": at},
    )
    return int(row.pk)


@act
def approve(*, proposal: int, by: Actor, at: int) -> int:
    """Approve what somebody of another office proposed. Gives the approval's number."""
    row = Proposal.objects.filter(pk=proposal).first()
    if row is None:
        raise MusterRollError("approval.no-proposal", "There is no such proposal.", where=f"proposal {proposal}")
    officer = permissions.check_may_approve(row, by)
    approval, _ = Approval.objects.get_or_create(
        proposal=row,
        defaults={
            "proposed_by_id": row.officer_id,
            "proposed_office_id": row.office_id,
            "approved_by": officer,
            "approved_office_id": officer.office_id,
            "at": at,
        },
    )
    return int(approval.pk)


def two_people(*, act: Approved, subject: str, digest: str, first: Actor, second: Actor, at: int) -> int:
    """Propose and approve in one call, as two acts. For the demonstration and for tests."""
    return approve(proposal=propose(act=act, subject=subject, digest=digest, by=first, at=at), by=second, at=at)
