"""What became of a delivery, written down once, and the release of a quarantined one by two people."""

from collections.abc import Iterable

from musterroll import dates
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.register import permissions, policies
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act, same
from musterroll.register.models import Approved, Delivery, DeliveryRelease, Outcome


@act
def record_delivery(
    *,
    source: str,
    as_of: int,
    sha256: str,
    manifest_sha256: str,
    rows: int,
    refused: int,
    content: str,
    outcome: Outcome,
    full: bool,
    profile: bytes,
    reasons: Iterable[str],
    by: Actor,
    at: int,
) -> int:
    """Record that a delivery was received, quarantined or refused; give its number, counted from 1.

    `reasons` are codes, never content. The same file with the same manifest is the same delivery: it keeps its number.
    An unchanged file with a new manifest is another one (it is fresh again); so is a file whose manifest was put
    right.
    """
    permissions.check_may("record_delivery", by)
    there = Delivery.objects.filter(source=source, sha256=sha256, manifest_sha256=manifest_sha256).first()
    if there is not None:
        same("delivery", outcome=(there.outcome, outcome), rows=(there.rows, rows), content=(there.content, content))
        return int(there.number)
    payload = {
        "as_of": dates.format_day(as_of),
        "content": content,
        "manifest": manifest_sha256,
        "outcome": outcome.value,
        "refused": refused,
        "rows": rows,
        "sha256": sha256,
        "source": source,
    }
    entry = writing.public(Kind.IMPORT, payload, label=f"import/{source}/{sha256}/{manifest_sha256}", at=at)
    number = Delivery.objects.count() + 1
    Delivery.objects.create(
        number=number,
        source=source,
        as_of=as_of,
        sha256=sha256,
        manifest_sha256=manifest_sha256,
        rows=rows,
        refused=refused,
        content=content,
        outcome=outcome,
        full=full,
        profile=profile,
        reasons=sorted(reasons),
        entry=entry,
        at=at,
    )
    return number


@act
def release_delivery(*, number: int, approval: int, by: Actor, at: int) -> None:
    """Let a quarantined delivery through. Two people have approved (its number, its file's digest)."""
    permissions.check_may("release_delivery", by)
    row = Delivery.objects.filter(number=number).first()
    if row is None:
        raise MusterRollError("delivery.unknown", "There is no such delivery.", where=f"delivery {number}")
    if DeliveryRelease.objects.filter(delivery=row).exists():
        return
    policies.check_quarantined(row)
    agreed = permissions.approved(Approved.RELEASE_DELIVERY, approval, subject=str(number), digest=row.sha256)
    entry = writing.public(
        Kind.IMPORT,
        {"outcome": "released", "sha256": row.sha256, "source": row.source},
        label=f"import.released/{row.source}/{row.sha256}/{row.manifest_sha256}",
        at=at,
    )
    DeliveryRelease.objects.create(delivery=row, approval=agreed, entry=entry, at=at)
