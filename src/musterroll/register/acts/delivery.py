"""What became of a delivery, written down once; and of a quarantined one two people's yes, or their no (charter S9)."""

from collections.abc import Iterable

from musterroll import dates
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.register import chain, permissions, policies
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act, same
from musterroll.register.models import Approval, Approved, Delivery, DeliveryRejection, DeliveryRelease, Entry, Outcome


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
    """Let a quarantined delivery through. Two people have approved (its number, its file's digest).

    Raises MusterRollError `delivery.rejected` where two people said no to it.
    """
    permissions.check_may("release_delivery", by)
    row = _delivery(number)
    if policies.released(row):
        return
    policies.check_not_rejected(row)
    agreed, entry = _decided(row, Approved.RELEASE_DELIVERY, approval, "released", at)
    DeliveryRelease.objects.create(delivery=row, approval=agreed, entry=entry, at=at)


@act
def reject_delivery(*, number: int, approval: int, by: Actor, at: int) -> None:
    """Keep a quarantined delivery out for ever, with what waits for it. Two people approved (number, file's digest).

    Raises MusterRollError `delivery.released` where two people let it through.
    """
    permissions.check_may("reject_delivery", by)
    row = _delivery(number)
    if policies.rejected(row):
        return
    policies.check_not_released(row)
    agreed, entry = _decided(row, Approved.REJECT_DELIVERY, approval, "rejected", at)
    waiting = chain.behind(row)
    no = DeliveryRejection.objects.create(delivery=row, approval=agreed, entry=entry, at=at)
    for one in waiting:
        DeliveryRejection.objects.create(delivery=one, behind=no, entry=_entry(one, "rejected", at), at=at)


def _delivery(number: int) -> Delivery:
    row = Delivery.objects.filter(number=number).first()
    if row is None:
        raise MusterRollError("delivery.unknown", "There is no such delivery.", where=f"delivery {number}")
    return row


def _decided(row: Delivery, what: Approved, approval: int, outcome: str, at: int) -> tuple[Approval, Entry]:
    """The approval of exactly this about a delivery in quarantine, and the entry that says what was decided."""
    policies.check_quarantined(row)
    agreed = permissions.approved(what, approval, subject=str(row.number), digest=row.sha256)
    return agreed, _entry(row, outcome, at)


def _entry(row: Delivery, outcome: str, at: int) -> Entry:
    return writing.public(
        Kind.IMPORT,
        {"outcome": outcome, "sha256": row.sha256, "source": row.source},
        label=f"import.{outcome}/{row.source}/{row.sha256}/{row.manifest_sha256}",
        at=at,
    )
