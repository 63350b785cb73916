"""Questions that went to agencies, and the answers that came back: one row a file, never one a person.

Which question is about whom stands in the index beside the file, in numbers (`register/asked.py`).
"""

from django.db import models

from musterroll.register.models.column import (
    DELIVERY,
    OFFICES,
    HappenedInOffice,
    digest_column,
)
from musterroll.register.models.delivery import Delivery
from musterroll.register.models.entry import Entry
from musterroll.register.models.snapshot import Snapshot


class QuestionBatch(HappenedInOffice):
    """One night's questions to one source. `sha256` names the file that goes out, `asked_sha256` the index."""

    source = models.CharField(max_length=64, db_comment=OFFICES)
    number = models.IntegerField(db_comment=OFFICES)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, db_comment=OFFICES)
    rows = models.IntegerField(db_comment=OFFICES)
    sha256 = digest_column(OFFICES, unique=True)
    asked_sha256 = digest_column(OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=OFFICES)

    class Meta(HappenedInOffice.Meta):
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="question_batch_number_once"),
            models.UniqueConstraint(fields=["source", "snapshot"], name="question_batch_one_a_night"),
        ]


class AnswerBatch(HappenedInOffice):
    """What came back to one batch, as a delivery of its own. `answered_sha256` names the answers, in numbers."""

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, db_comment=DELIVERY)
    batch = models.ForeignKey(QuestionBatch, on_delete=models.PROTECT, related_name="answers", db_comment=OFFICES)
    answered_sha256 = digest_column(OFFICES)
