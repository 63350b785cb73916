"""The log's own tables: leaves in their order, heads, published checkpoints. Tiles are made from these at any time.

1. A leaf is one entry at one index; no index twice, no entry twice. Indices and sizes here run on over all years: the
   log of a later year begins at the `start` of its row in `LogYear`, and its own index 0 is there.
2. A head names the one before it, and no two heads name the same: that is the compare-and-swap by which two
   sequencers cannot both go on from one size. A head row is committed before its checkpoint is signed.
3. A published checkpoint is kept as the exact bytes of its note, with the witnesses' cosignatures and their times.
"""

from django.db import models

from musterroll.register.models.column import (
    APPEND_ONLY,
    INTERNAL,
    PUBLIC,
    PUBLIC_DIGEST,
    HappenedInPublic,
    digest_column,
)
from musterroll.register.models.entry import Entry


class Leaf(models.Model):
    """One entry's place in the log."""

    index = models.BigIntegerField(primary_key=True, db_comment=PUBLIC)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=INTERNAL)

    class Meta:
        triggers = APPEND_ONLY


class Head(models.Model):
    """The log at one size. Size 0 is the start, and has no row."""

    size = models.BigIntegerField(primary_key=True, db_comment=PUBLIC)
    root = digest_column(PUBLIC_DIGEST)
    previous = models.BigIntegerField(unique=True, db_comment=PUBLIC)

    class Meta:
        triggers = APPEND_ONLY
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=models.F("previous")), name="head_only_grows")
        ]


class LogYear(models.Model):
    """A later year's log begins at `start`: its entry `year` is there. The register's first year has no row."""

    year = models.SmallIntegerField(primary_key=True, db_comment=PUBLIC)
    start = models.BigIntegerField(unique=True, db_comment=PUBLIC)

    class Meta:
        triggers = APPEND_ONLY


class PublishedCheckpoint(HappenedInPublic):
    """A checkpoint as it was published. `at` is when it was."""

    size = models.BigIntegerField(unique=True, db_comment=PUBLIC)
    note = models.BinaryField(db_comment=PUBLIC)
