"""Which objects are the roll: a roll file counts only when a snapshot named here names it."""

from django.db import models

from musterroll.register.models.column import OFFICES, PUBLIC, PUBLIC_DIGEST, HappenedInPublic, digest_column
from musterroll.register.models.entry import Entry


class Snapshot(HappenedInPublic):
    """One state of the roll. No two follow the same parent, so there is one history."""

    digest = digest_column(PUBLIC_DIGEST, unique=True)
    parent = digest_column(PUBLIC_DIGEST, unique=True, blank=True)
    on = models.IntegerField(db_comment=PUBLIC)
    known_at = models.BigIntegerField(db_comment=PUBLIC)
    through = models.BigIntegerField(db_comment=PUBLIC)
    counts = models.JSONField(db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)
