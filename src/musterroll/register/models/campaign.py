"""Letters to several people that no call is about: queued as one sealed list, told one by one.

1. The list itself (person numbers, what each is told) lies sealed under its digest in HOME/letters/campaigns.
2. What is told is of a closed list. None of them asks anything of the person, and nothing follows from not reading it.
"""

from enum import StrEnum

from django.db import models

from musterroll.register.models.column import OFFICES, HappenedInOffice, digest_column, one_of
from musterroll.register.models.entry import Entry


class Telling(StrEnum):
    """What such a letter tells. Nobody writes another."""

    WORSENING = "worsening"
    ASKED = "asked"
    RECALLED = "recalled"


class Campaign(HappenedInOffice):
    """Letters queued by one night, or by one recall (`subject`: a snapshot, or what was recalled)."""

    telling = models.CharField(max_length=16, db_comment=OFFICES)
    subject = models.CharField(max_length=80, db_comment=OFFICES)
    sha256 = digest_column(OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=OFFICES)

    class Meta(HappenedInOffice.Meta):
        constraints = [
            one_of("campaign_telling", "telling", Telling),
            models.UniqueConstraint(fields=["telling", "subject"], name="campaign_once"),
        ]
