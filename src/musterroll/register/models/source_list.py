"""What the source of the list says about who should be in a draw, before it is committed (docs/spec/draw.md, 5)."""

from django.db import models

from musterroll.register.models.column import (
    PERSONAL,
    PERSONAL_DIGEST,
    PUBLIC,
    PUBLIC_DIGEST,
    Happened,
    HappenedInPublic,
    digest_column,
)
from musterroll.register.models.draw import Draw


class SourceList(HappenedInPublic):
    """A list that the source signed for a draw, as `source.bin`. Until the commitment the last one counts."""

    draw = models.CharField(max_length=64, db_comment=PUBLIC)
    authority = models.CharField(max_length=128, db_comment=PUBLIC)
    key = digest_column(PUBLIC)
    key_holder = models.CharField(max_length=128, blank=True, default="", db_comment=PUBLIC)
    source = models.BinaryField(db_comment=PUBLIC_DIGEST)
    root = digest_column(PUBLIC_DIGEST)
    signature = models.CharField(max_length=128, db_comment=PUBLIC)


class Nullifier(Happened):
    """The N that the source gave somebody of the roll. Whom the roll does not know has no row."""

    source = models.ForeignKey(SourceList, on_delete=models.PROTECT, db_comment=PERSONAL)
    person = models.BigIntegerField(db_comment=PERSONAL)
    n = models.BinaryField(db_comment=PERSONAL_DIGEST)

    class Meta(Happened.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "source"], name="nullifier_once")]


class DrawSource(HappenedInPublic):
    """How a committed draw divides the source's list: `nullifiers.bin`, and `excluded.bin` where there is one."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, db_comment=PUBLIC)
    source = models.ForeignKey(SourceList, on_delete=models.PROTECT, db_comment=PUBLIC)
    nullifiers = models.BinaryField(db_comment=PUBLIC_DIGEST)
    excluded = models.BinaryField(null=True, db_comment=PUBLIC_DIGEST)
