"""What waits for the second of two people, and the digests that they compare (charter S9)."""

from dataclasses import dataclass

from musterroll.dates import format_instant
from musterroll.errors import MusterRollError
from musterroll.register import draw_policies
from musterroll.register.models import Approved, Delivery, DrawResult, Proposal


@dataclass(frozen=True, slots=True)
class Waiting:
    """One proposal that nobody has approved yet."""

    number: int
    act: str
    subject: str
    digest: str
    office: str
    at: str


def waiting() -> tuple[Waiting, ...]:
    """All proposals without an approval, oldest first."""
    rows = Proposal.objects.select_related("office").filter(approval__isnull=True).order_by("id")
    return tuple(
        Waiting(row.pk, row.act, row.subject, row.digest, row.office.code, format_instant(row.at)) for row in rows
    )


def number_of(*, act: Approved, subject: str, digest: str) -> int | None:
    """The number of the proposal of exactly this, None where nobody made it."""
    row = Proposal.objects.filter(act=act, subject=subject, digest=digest).first()
    return None if row is None else int(row.pk)


def order_digest(draw: str) -> str:
    """The digest of the order of the draw. Raises MusterRollError `draw.unknown`, `draw.no-result`."""
    row = DrawResult.objects.filter(draw=draw_policies.newest_draw(draw)).first()
    if row is None:
        raise MusterRollError(
            "draw.no-result", "This draw has no result yet.", where=draw, remedy="Publish the result first."
        )
    return str(row.order_sha256)


def delivery_digest(number: int) -> str:
    """The digest of a delivery's file. Raises MusterRollError `delivery.unknown`."""
    row = Delivery.objects.filter(number=number).first()
    if row is None:
        raise MusterRollError(
            "delivery.unknown",
            "There is no such delivery.",
            where=f"delivery {number}",
            remedy="See the reply in replies/ for its number.",
        )
    return str(row.sha256)
