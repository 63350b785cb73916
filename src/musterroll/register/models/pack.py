"""Law packs in force, as the canonical bytes that verifiers read as well, with the source declarations read under them.

`sources` are the declarations' texts (YAML) by source name.
"""

from django.db import models

from musterroll.register.models.approval import Approval
from musterroll.register.models.column import OFFICES, PUBLIC, PUBLIC_DIGEST, HappenedInPublic, digest_column
from musterroll.register.models.entry import Entry


class Pack(HappenedInPublic):
    """One version of a pack. The newest published one of a name is in force."""

    digest = digest_column(PUBLIC_DIGEST, unique=True)
    name = models.CharField(max_length=64, db_comment=PUBLIC)
    version = models.CharField(max_length=64, db_comment=PUBLIC)
    canonical = models.BinaryField(db_comment=PUBLIC)
    sources = models.JSONField(db_comment=PUBLIC)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)

    class Meta(HappenedInPublic.Meta):
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="pack_version_once")]
