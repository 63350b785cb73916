"""The fairness report of a draw, published before anybody is told (docs/spec/fairness.md)."""

from enum import StrEnum

from django.db import models

from musterroll.register.models.column import PUBLIC, PUBLIC_DIGEST, HappenedInPublic, digest_column, one_of
from musterroll.register.models.draw import DrawResult
from musterroll.register.models.entry import Entry


class Finding(StrEnum):
    """What the figures of a draw say. None of them changes a place."""

    UNREMARKABLE = "unremarkable"
    NOTE = "note"
    FLAG = "flag"


class FairnessReport(HappenedInPublic):
    """The public figures, and those that need what the register knows (`private`: one p a test, nothing of people).

    `review` is the entry by which a flag asks an auditor to look.
    """

    result = models.OneToOneField(DrawResult, on_delete=models.PROTECT, related_name="fairness", db_comment=PUBLIC)
    report = models.BinaryField(db_comment=PUBLIC)
    private = models.BinaryField(db_comment=PUBLIC)
    sha256 = digest_column(PUBLIC_DIGEST)
    verdict = models.CharField(max_length=16, db_comment=PUBLIC)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)
    review = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="+", db_comment=PUBLIC)

    class Meta(HappenedInPublic.Meta):
        constraints = [one_of("fairness_verdict", "verdict", Finding)]
