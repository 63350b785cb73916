"""Deliveries that go on from others: which one is next, which waits, and which can never be right.

    full -> changes -> changes -> ...          each names the file it goes on from by its digest (`base`)
      \\- correction                            names the file whose rows set aside it mends (`corrects`)

1. Changes are next where their base is the last delivery of their source that the roll holds, or one in the queue that
   nothing else goes on from. Corrections do not count as a base: the agency goes on from what it sent before.
2. Where the base has not come yet (or is in quarantine), changes wait. They are taken in after it or never.
3. Where something else went on from that base already, or two people said no to it, they are out of order. What
   waited for it when they said no is rejected with it: it could never be taken in (`behind`).
4. A correction mends the last delivery of its source and no other: once another one went on, changes carry the mended
   rows, and the next whole register mends everything.
"""

from enum import Enum

from django.db.models import Q

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.errors import MusterRollError
from musterroll.extract.manifest import Manifest
from musterroll.register import inbox, policies, roll
from musterroll.register.models import Delivery, Outcome

CORRECTION = "correction"
"""Among a delivery's reasons: it corrects another one."""

OPEN = Q(outcome=Outcome.RECEIVED, deliveryrejection__isnull=True) | Q(
    outcome=Outcome.QUARANTINED, deliveryrelease__isnull=False
)


class Place(Enum):
    """Where a delivery stands in its source's chain."""

    NEXT = "next"
    WAITS = "waits"
    OUT_OF_ORDER = "out of order"
    REJECTED = "goes on from a rejected one"


def place(told: Manifest) -> Place:
    """Where a delivery stands that has just arrived."""
    if not told.base:
        return Place.NEXT
    queue = waiting(told.source)
    last = last_of(told.source, held())
    followed = {one.base for one in queue}
    known = {one.sha256 for one in queue if not one.corrects} | ({last.sha256} if last else set())
    if told.base in known:
        return Place.OUT_OF_ORDER if told.base in followed else Place.NEXT
    before = Delivery.objects.filter(source=told.source, sha256=told.base)
    if before.filter(number__in=held()).exists():
        return Place.OUT_OF_ORDER
    last_word = before.order_by("number").last()
    return Place.REJECTED if last_word is not None and policies.rejected(last_word) else Place.WAITS


def corrected(told: Manifest) -> Delivery | None:
    """The delivery that a correction mends. Raises MusterRollError `delivery.corrects` where it mends none."""
    if not told.corrects:
        return None
    row = Delivery.objects.filter(OPEN, source=told.source, sha256=told.corrects).order_by("number").last()
    if row is None or row.as_of > told.as_of:
        raise MusterRollError(
            "delivery.corrects",
            "The delivery that this file corrects was not taken in, or is a newer copy than the correction.",
            where=f"delivery of {told.source}",
            remedy="Name the digest of the file whose rows were set aside, or send the whole register.",
        )
    return row


def last_of(source: str, numbers: set[int]) -> Delivery | None:
    """The last delivery of a source among those of these numbers, corrections left aside."""
    rows = Delivery.objects.filter(source=source, number__in=numbers).order_by("-as_of", "-number")
    return next((row for row in rows if CORRECTION not in row.reasons), None)


def held() -> set[int]:
    """The numbers of the deliveries that the roll holds."""
    newest = policies.newest_snapshot()
    if newest is None:
        return set()
    snapshot = roll.store().get_snapshot(newest.digest)
    frames = [roll.store().get(ref)["delivery"] for ref in snapshot.refs("delivery")]
    return {number for frame in frames for number in frame}


def waiting(source: str) -> list[Manifest]:
    """The manifests of the deliveries of a source that wait for a night."""
    return [told for _, told in _queue(source)]


def behind(rejected: Delivery) -> list[Delivery]:
    """What waits for a delivery that is being rejected, and for nothing else: each after the one it goes on from."""
    source = rejected.source
    others = Delivery.objects.filter(OPEN, source=source).exclude(number=rejected.number)
    gone, found = {rejected.sha256} - set(others.values_list("sha256", flat=True)), []
    for row, told in _queue(source):
        if (told.base or told.corrects) in gone:
            found.append(row)
            gone.add(row.sha256)
    return found


def _queue(source: str) -> list[tuple[Delivery, Manifest]]:
    rows = Delivery.objects.filter(OPEN, source=source).exclude(number__in=held())
    return [(row, inbox.told_of(row)) for row in rows.order_by("number") if inbox.folder_of(row).exists()]
