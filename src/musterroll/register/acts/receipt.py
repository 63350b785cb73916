"""The person says "I received this": the one receipt that this system makes itself (charter S6)."""

from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.notice.delivery import Event
from musterroll.register import permissions
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Evidence, Notice

PORTAL = "portal"


@act
def confirm_receipt(*, notice: str, by: Actor, at: int) -> None:
    """Record that the person says they received the notice. Saying it again changes nothing."""
    row = Notice.objects.filter(number=notice).first()
    if row is None or row.person != by.number:
        # The same words whether there is none or it is somebody else's: nobody learns which numbers exist.
        raise MusterRollError(
            "notice.unknown",
            "You have no notice with this number.",
            remedy="Compare the number with your letter.",
        )
    permissions.check_may("confirm_receipt", by, person=row.person)
    key = writing.key_of(row.person)
    if row.evidence.filter(event=Event.CONFIRMED).exists():
        return
    entry = writing.personal(Act.NOTICE_RECEIVED, person=key, by=by, label=f"received/{notice}", at=at, notice=notice)
    Evidence.objects.create(notice=row, channel=PORTAL, event=Event.CONFIRMED, entry=entry, at=at)
