"""Pot checks: what is in the list, counted against the signed count of an office outside (docs/spec/draw.md, 6)."""

from enum import StrEnum

from django.db import models

from musterroll.register.models.column import PUBLIC, PUBLIC_DIGEST, HappenedInPublic, digest_column, one_of
from musterroll.register.models.entry import Entry


class Verdict(StrEnum):
    """What follows from the counts, by the rule on the page."""

    HOLDS = "holds"
    LOCKS = "locks"


class PotCheck(HappenedInPublic):
    """One check of one list (`root`), as the exact bytes of its three files."""

    draw = models.CharField(max_length=64, db_comment=PUBLIC)
    root = digest_column(PUBLIC_DIGEST)
    potcheck = models.BinaryField(db_comment=PUBLIC)
    sha256 = digest_column(PUBLIC_DIGEST, unique=True)
    count = models.BinaryField(db_comment=PUBLIC)
    signature = models.CharField(max_length=128, db_comment=PUBLIC)
    office = models.CharField(max_length=128, db_comment=PUBLIC)
    key = digest_column(PUBLIC)
    verdict = models.CharField(max_length=8, db_comment=PUBLIC)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)

    class Meta(HappenedInPublic.Meta):
        constraints = [one_of("potcheck_verdict", "verdict", Verdict)]
