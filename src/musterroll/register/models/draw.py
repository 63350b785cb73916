"""Draws: terms fixed and public first, then the ceremony, then the result that follows from both by itself.

1. A row is one list: the draw's own, a supplement of people found missing, or a stratum drawn anew. Each has its own
   manifest, entrants, ceremony and result; the order of call goes over all of them (docs/spec/draw.md, 8).
2. Of a draw id the last attempt counts. Another attempt has a ground that a reader can check (docs/spec/draw.md, 7).
"""

from enum import StrEnum

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
    one_of,
)
from musterroll.register.models.entry import Entry
from musterroll.register.models.pack import Pack
from musterroll.register.models.snapshot import Snapshot


class Part(StrEnum):
    """Which list of a draw a row is."""

    DRAW = "draw"
    SUPPLEMENT = "supplement"
    STRATUM = "stratum"


class Draw(HappenedInPublic):
    """One list of a draw, as its manifest's exact bytes. `number` counts the supplements, and the strata drawn anew."""

    draw = models.CharField(max_length=64, db_comment=PUBLIC)
    part = models.CharField(max_length=16, default="draw", db_comment=PUBLIC)
    number = models.SmallIntegerField(default=0, db_comment=PUBLIC)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts", db_comment=PUBLIC)
    stratum = models.CharField(max_length=128, blank=True, default="", db_comment=PUBLIC)
    attempt = models.SmallIntegerField(db_comment=PUBLIC)
    manifest = models.BinaryField(db_comment=PUBLIC)
    manifest_sha256 = digest_column(PUBLIC_DIGEST, unique=True)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, db_comment=PUBLIC)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, db_comment=PUBLIC)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)

    class Meta(HappenedInPublic.Meta):
        constraints = [
            one_of("draw_part", "part", Part),
            models.UniqueConstraint(fields=["draw", "part", "number", "attempt"], name="draw_attempt_once"),
            models.CheckConstraint(condition=models.Q(attempt__gte=1), name="draw_attempt_from_one"),
            models.UniqueConstraint(
                fields=["parent", "stratum"], condition=models.Q(part="stratum"), name="draw_stratum_anew_once"
            ),
            models.CheckConstraint(
                name="draw_part_of_a_draw",
                condition=models.Q(part="draw", number=0, parent__isnull=True, stratum="")
                | models.Q(part="supplement", number__gte=1, parent__isnull=False, attempt=1, stratum="")
                | (models.Q(part="stratum", number__gte=1, parent__isnull=False, attempt=1) & ~models.Q(stratum="")),
            ),
        ]


EMPTIED = pgtrigger.Trigger(
    name="no_update",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
    IF NEW.person IS NULL AND NEW.record = ''::bytea
      AND ROW(NEW.id, NEW.at, NEW.draw_id, NEW.index, NEW.stratum, NEW.commitment, NEW.day)
        IS NOT DISTINCT FROM ROW(OLD.id, OLD.at, OLD.draw_id, OLD.index, OLD.stratum, OLD.commitment, OLD.day)
      AND EXISTS (SELECT 1 FROM register_erasure WHERE person = OLD.person)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'an entrant is never changed, only emptied when the person is erased';
    """,
)
"""An erased person leaves the published commitment behind, which says nothing to anybody without the person's key."""


class Entrant(Happened):
    """One person in one draw. The record opens the published commitment together with the person's salt.

    Of somebody erased the commitment is left, without person and record. `day`, in a draw by table, is the date in the
    published list, as in a leap year.
    """

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, db_comment=PERSONAL)
    person = models.BigIntegerField(null=True, db_comment=PERSONAL)
    index = models.IntegerField(db_comment=PERSONAL)
    stratum = models.CharField(max_length=128, db_comment=PERSONAL)
    record = models.BinaryField(db_comment=PERSONAL)
    commitment = models.BinaryField(db_comment=PUBLIC_DIGEST)
    day = models.SmallIntegerField(null=True, db_comment=PUBLIC)

    class Meta(Happened.Meta):
        constraints = [
            models.UniqueConstraint(fields=["person", "draw"], name="entrant_once"),
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


class DrawnTable(HappenedInPublic):
    """What the drums gave: `table.csv`, a number for each date (docs/spec/draw.md, 9)."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, db_comment=PUBLIC)
    table = models.BinaryField(db_comment=PUBLIC)
    sha256 = digest_column(PUBLIC_DIGEST)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)


class Fallback(HappenedInPublic):
    """The round that the manifest named stayed silent for as long as the manifest says (docs/spec/draw.md, 7)."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, db_comment=PUBLIC)
    round = models.BigIntegerField(db_comment=PUBLIC)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)


class DrawResult(HappenedInPublic):
    """Seed and order, as they follow from manifest, ceremony and beacon. No signature: only after a fallback."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, db_comment=PUBLIC)
    signature = models.BinaryField(null=True, db_comment=PUBLIC)
    seed = digest_column(PUBLIC)
    order = models.BinaryField(db_comment=PUBLIC)
    order_sha256 = digest_column(PUBLIC_DIGEST)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)
