"""Deliveries of agencies: what was received, quarantined or refused, never what was in them."""

from enum import StrEnum

from django.db import models

from musterroll.register.models.approval import Approval
from musterroll.register.models.column import (
    DELIVERY,
    OFFICES,
    PUBLIC,
    PUBLIC_DIGEST,
    HappenedInOffice,
    HappenedInPublic,
    digest_column,
    one_of,
)
from musterroll.register.models.entry import Entry


class Outcome(StrEnum):
    """What became of a delivery. A quarantined one moves nobody until two people release it, or for ever (S9)."""

    RECEIVED = "received"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


class Delivery(HappenedInPublic):
    """One file of one agency with one manifest. `number` is what rows and facts of the roll name."""

    number = models.IntegerField(unique=True, db_comment=DELIVERY)
    source = models.CharField(max_length=64, db_comment=PUBLIC)
    as_of = models.IntegerField(db_comment=PUBLIC)
    sha256 = digest_column(PUBLIC_DIGEST)
    manifest_sha256 = digest_column(PUBLIC_DIGEST)
    rows = models.IntegerField(db_comment=PUBLIC)
    refused = models.IntegerField(db_comment=PUBLIC)
    content = digest_column(PUBLIC_DIGEST, blank=True)
    outcome = models.CharField(max_length=16, db_comment=PUBLIC)
    full = models.BooleanField(db_comment=DELIVERY)
    profile = models.BinaryField(db_comment=DELIVERY)
    reasons = models.JSONField(db_comment=DELIVERY)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)

    class Meta(HappenedInPublic.Meta):
        constraints = [
            one_of("delivery_outcome", "outcome", Outcome),
            models.UniqueConstraint(fields=["source", "sha256", "manifest_sha256"], name="delivery_once"),
        ]


class DeliveryRelease(HappenedInOffice):
    """Two people let a quarantined delivery through."""

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, db_comment=OFFICES)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)


class DeliveryRejection(HappenedInOffice):
    """Two people said no to a quarantined delivery: it stays out for ever, and what goes on from it (`behind`) too."""

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, db_comment=OFFICES)
    approval = models.OneToOneField(Approval, null=True, on_delete=models.PROTECT, db_comment=OFFICES)
    behind = models.ForeignKey("self", null=True, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)

    class Meta(HappenedInOffice.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approval__isnull=True) ^ models.Q(behind__isnull=True),
                name="delivery_rejection_two_people",
            )
        ]
