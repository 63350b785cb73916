"""Who was erased, on what ground; and by what tomorrow's extract does not bring them back.

1. The number stays, so that it is never given again, and so that whoever asks by the person's ref is told that they
   were erased, and when. Nothing else of them does.
2. A record's number is a keyed digest of the agency's key (musterroll.ids): without the home's key it names nobody.
   Which records belonged to one person is not kept.
"""

from enum import StrEnum

from django.db import models

from musterroll.register.models.approval import Approval
from musterroll.register.models.column import (
    APPEND_ONLY,
    INTERNAL,
    OFFICES,
    PUBLIC,
    Form,
    HappenedInOffice,
    Kept,
    Shown,
    column,
    one_of,
)
from musterroll.register.models.entry import Entry


class ErasureGround(StrEnum):
    """Why somebody may be erased. Nobody writes another ground."""

    SCOPE = "the law does not register this person"
    PACK = "a ground of the law"
    COURT = "a court's order"


class Erasure(HappenedInOffice):
    """Somebody was erased. `named` is the law's line, or the SHA-256 of the court's order."""

    person = models.BigIntegerField(unique=True, db_comment=INTERNAL)
    ground = models.CharField(max_length=48, db_comment=OFFICES)
    named = models.CharField(max_length=120, db_comment=OFFICES)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)

    class Meta(HappenedInOffice.Meta):
        constraints = [one_of("erasure_ground", "ground", ErasureGround)]


class ErasedRecord(models.Model):
    """A record whose rows are passed over in every extract from now on."""

    record = models.BigIntegerField(primary_key=True, db_comment=column(Shown.PROGRAM, Kept.HOME, Form.DIGEST))

    class Meta:
        triggers = APPEND_ONLY
