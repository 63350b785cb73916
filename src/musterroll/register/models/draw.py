"""Draws: terms fixed and public first, then the ceremony, then the result that follows from both by itself."""

import pgtrigger
from django.db import models

from musterroll.register.models.approval import Approval
from musterroll.register.models.column import (
    APPEND_ONLY,
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


EMPTIED = pgtrigger.Trigger(
    name="no_update",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
    IF NEW.person IS NULL AND NEW.record = ''::bytea
      AND ROW(NEW.id, NEW.at, NEW.draw_id, NEW.index, NEW.stratum, NEW.commitment)
        IS NOT DISTINCT FROM ROW(OLD.id, OLD.at, OLD.draw_id, OLD.index, OLD.stratum, OLD.commitment)
      AND EXISTS (SELECT 1 FROM register_erasure WHERE person = OLD.person)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'an entrant is never changed, only emptied when the person is erased';
    """,
)
"""An erased person leaves the published commitment behind, which says nothing to anybody without the person's key."""


class Entrant(Happened):
    """One person in one draw. The record opens the published commitment together with the person's salt.

    Of somebody erased the commitment is left, without person and record.
    """

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, db_comment=PERSONAL)
    person = models.BigIntegerField(null=True, db_comment=PERSONAL)
    index = models.IntegerField(db_comment=PERSONAL)
    stratum = models.CharField(max_length=64, db_comment=PERSONAL)
    record = models.BinaryField(db_comment=PERSONAL)
    commitment = models.BinaryField(db_comment=PUBLIC_DIGEST)

    class Meta(Happened.Meta):
        constraints = [
            models.UniqueConstraint(fields=["draw", "person"], name="entrant_once"),
            models.UniqueConstraint(fields=["draw", "index"], name="entrant_index_once"),
            models.CheckConstraint(
                name="entrant_emptied_whole", condition=models.Q(person__isnull=False) | models.Q(record=b"")
            ),
        ]
        triggers = [EMPTIED, *APPEND_ONLY[1:]]


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
