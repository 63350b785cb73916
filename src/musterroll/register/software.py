"""Which verifiers belong to this version of the program: their digests, in the log in clear.

Whoever has `verify.html` or `verify.py` from anywhere compares it with the log, and sees since when it has been this.
Each set of digests is written once; `muster ledger daily` writes it when a new version first runs.
"""

from django.db import transaction

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.canonical import Json
from musterroll.engine import bundle
from musterroll.entry.kind import Kind
from musterroll.register import database, permissions
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.models import Entry


def digests() -> dict[str, Json]:
    """SHA-256 of both verifiers, by the names that they have in a bundle."""
    return {"verify.html": bundle.page(), "verify.py": bundle.software()}


def log_software(*, by: Actor, at: int) -> bool:
    """Write the digests into the outbox, unless these stand there already; whether they were written."""
    with database.told(), transaction.atomic():
        permissions.check_may("publish_checkpoint", by)
        said: dict[str, Json] = {"software": digests()}
        needle = canonical.encode(said)[1:-1]
        rows = Entry.objects.filter(kind=Kind.CONFIG).order_by("-id").values_list("entry", flat=True)
        newest = next((bytes(one) for one in rows if b'"software":' in bytes(one)), b"")
        if needle in newest:
            return False
        writing.public(Kind.CONFIG, said, label=f"software/{canonical.sha256_hex(needle)}/{at}", at=at)
        return True
