"""Draws: terms fixed and public first, then the ceremony, then the result that follows from both by itself."""

from django.db import models

from musterroll.register.models.approval import Approval
from musterroll.register.models.column import (
    OFFICES,
    PERSONAL,
    PUBLIC,
    PUBLIC_DIGEST,
    Happened,
    HappenedInPublic,
    digest_column,
)
from musterroll.register.models.entry import Entry
from musterroll.register.models.pack import Pack
from musterroll.register.models.snapshot import Snapshot


class Draw(HappenedInPublic):
    """One draw, as its manifest's exact bytes."""

    draw = models.CharField(max_length=64, db_comment=PUBLIC)
    attempt = models.SmallIntegerField(db_comment=PUBLIC)
    manifest = models.BinaryField(db_comment=PUBLIC)
    manifest_sha256 = digest_column(PUBLIC_DIGEST, unique=True)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, db_comment=PUBLIC)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, db_comment=PUBLIC)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)

    class Meta(HappenedInPublic.Meta):
        constraints = [
            models.UniqueConstraint(fields=["draw", "attempt"], name="draw_attempt_once"),
            models.CheckConstraint(condition=models.Q(attempt__gte=1), name="draw_attempt_from_one"),
        ]


class Entrant(Happened):
    """One person in one draw. The record opens the published commitment together with the person's salt."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, db_comment=PERSONAL)
    person = models.BigIntegerField(db_comment=PERSONAL)
    index = models.IntegerField(db_comment=PERSONAL)
    stratum = models.CharField(max_length=64, db_comment=PERSONAL)
    record = models.BinaryField(db_comment=PERSONAL)
    commitment = models.BinaryField(db_comment=PUBLIC_DIGEST)

    class Meta(Happened.Meta):
        constraints = [
            models.UniqueConstraint(fields=["draw", "person"], name="entrant_once"),
            models.UniqueConstraint(fields=["draw", "index"], name="entrant_index_once"),
        ]


class Ceremony(HappenedInPublic):
    """The symbols of the public ceremony, and the digest of its minutes."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, db_comment=PUBLIC)
    symbols = models.CharField(max_length=4096, db_comment=PUBLIC)
    minutes_sha256 = digest_column(PUBLIC_DIGEST)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)


class DrawResult(HappenedInPublic):
    """Seed and order, as they follow from manifest, ceremony and beacon."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, db_comment=PUBLIC)
    signature = models.BinaryField(db_comment=PUBLIC)
    seed = digest_column(PUBLIC)
    order = models.BinaryField(db_comment=PUBLIC)
    order_sha256 = digest_column(PUBLIC_DIGEST)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)
