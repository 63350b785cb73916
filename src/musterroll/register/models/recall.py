"""Recalls (charter S10): a delivery, a linkage model or a pack version counts as if it had never been.

A row names the bad thing and nothing else. There is no column for a person, a row, a value or a rule: nobody can be
found, spared or chosen through a recall.
"""

from enum import StrEnum

from django.db import models

from musterroll.register.models.approval import Approval
from musterroll.register.models.column import OFFICES, PUBLIC, HappenedInPublic, one_of
from musterroll.register.models.entry import Entry


class Recallable(StrEnum):
    """What can be recalled. Nobody recalls anything else."""

    DELIVERY = "delivery"
    MODEL = "model"
    PACK = "pack"


class Recall(HappenedInPublic):
    """Two people recalled one delivery (by number), model (by number) or pack (by digest)."""

    what = models.CharField(max_length=16, db_comment=PUBLIC)
    subject = models.CharField(max_length=64, db_comment=PUBLIC)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)

    class Meta(HappenedInPublic.Meta):
        constraints = [
            one_of("recall_what", "what", Recallable),
            models.UniqueConstraint(fields=["what", "subject"], name="recall_once"),
        ]
