"""The audit of the spared: who was left out or passed over, committed to before chance picks whom an auditor sees.

1. `Spared` is the public commitment: two lists of sealed entries by their roots (docs/spec/draw.md, 10).
2. `SparedEntry` is one person's own sealed entry, with which they can show that they are rightly out. Erased like the
   entry in a draw: the commitment stays, without person and record.
3. An opening hands sealed records to an outside auditor, by two people, and is shown to each person it was about.
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
from musterroll.register.models.draw import Draw
from musterroll.register.models.entry import Entry


class SparedList(StrEnum):
    """The lists of the audit: who was spared; facts entered by hand; and, in openings, the draw's own entries."""

    COHORT = "cohort"
    SPARED = "spared"
    HAND = "hand"


class Spared(HappenedInPublic):
    """The two lists by root and size, the round that picks, and how many it picks."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, db_comment=PUBLIC)
    spared_root = digest_column(PUBLIC_DIGEST)
    spared_size = models.IntegerField(db_comment=PUBLIC)
    hand_root = digest_column(PUBLIC_DIGEST)
    hand_size = models.IntegerField(db_comment=PUBLIC)
    round = models.BigIntegerField(db_comment=PUBLIC)
    sample = models.IntegerField(db_comment=PUBLIC)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)


EMPTIED = pgtrigger.Trigger(
    name="no_update",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
    IF NEW.person IS NULL AND NEW.record = ''::bytea
      AND ROW(NEW.id, NEW.at, NEW.spared_id, NEW.list, NEW.index, NEW.commitment)
        IS NOT DISTINCT FROM ROW(OLD.id, OLD.at, OLD.spared_id, OLD.list, OLD.index, OLD.commitment)
      AND EXISTS (SELECT 1 FROM register_erasure WHERE person = OLD.person)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a sealed entry is never changed, only emptied when the person is erased';
    """,
)


class SparedEntry(Happened):
    """One sealed entry: `index` is its place in its list."""

    spared = models.ForeignKey(Spared, on_delete=models.PROTECT, related_name="entries", db_comment=PERSONAL)
    person = models.BigIntegerField(null=True, db_index=True, db_comment=PERSONAL)
    list = models.CharField(max_length=8, db_comment=PERSONAL)
    index = models.IntegerField(db_comment=PERSONAL)
    record = models.BinaryField(db_comment=PERSONAL)
    commitment = models.BinaryField(db_comment=PUBLIC_DIGEST)

    class Meta(Happened.Meta):
        constraints = [
            one_of("spared_entry_list", "list", SparedList),
            models.UniqueConstraint(fields=["spared", "list", "index"], name="spared_entry_once"),
            models.CheckConstraint(
                name="spared_entry_emptied_whole", condition=models.Q(person__isnull=False) | models.Q(record=b"")
            ),
        ]
        triggers = [EMPTIED, *APPEND_ONLY[1:]]


class SparedRound(HappenedInPublic):
    """The rounds that pick whom an auditor sees, by their checked signatures: of the spared, and of the entries."""

    spared = models.OneToOneField(Spared, on_delete=models.PROTECT, related_name="picked", db_comment=PUBLIC)
    signature = models.BinaryField(db_comment=PUBLIC)
    of_entries = models.BinaryField(null=True, db_comment=PUBLIC)


class Opening(HappenedInPublic):
    """What was handed to an outside auditor, sealed: the file's digest, and how many entries of each list."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, db_comment=PUBLIC)
    auditor = models.CharField(max_length=120, db_comment=OFFICES)
    openings = digest_column(PUBLIC_DIGEST)
    cohort = models.IntegerField(db_comment=PUBLIC)
    spared = models.IntegerField(db_comment=PUBLIC)
    hand = models.IntegerField(db_comment=PUBLIC)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)


class Opened(Happened):
    """One person's entry was among them; they see it on their page."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, db_comment=PERSONAL)
    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    list = models.CharField(max_length=8, db_comment=PERSONAL)
    index = models.IntegerField(db_comment=PERSONAL)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [one_of("opened_list", "list", SparedList)]


class Audited(HappenedInPublic):
    """What the auditor found: how many of those opened were wrong."""

    opening = models.OneToOneField(Opening, on_delete=models.PROTECT, db_comment=PUBLIC)
    wrong = models.IntegerField(db_comment=PUBLIC)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)
