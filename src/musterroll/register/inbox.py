"""Where deliveries lie between the door and the night: one folder each, named by the digests of file and manifest."""

from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.engine import delivery
from musterroll.extract import manifest
from musterroll.extract.manifest import Manifest
from musterroll.register import home
from musterroll.register.models import Delivery, Outcome


def folder(outcome: Outcome) -> Path:
    """Deliveries received wait in `inbox/`; those in quarantine, and what was refused, in `quarantine/`."""
    return home.current().path / ("inbox" if outcome is Outcome.RECEIVED else "quarantine")


def place(told: Manifest, digest: str) -> str:
    """The name under which a delivery lies: the digests of file and manifest, which together are its identity."""
    return f"{digest}-{canonical.sha256_hex(told.encode())[:16]}"


def folder_of(row: Delivery) -> Path:
    """Where a delivery lies staged."""
    return folder(Outcome(row.outcome)) / f"{row.sha256}-{row.manifest_sha256[:16]}"


def told_of(row: Delivery) -> Manifest:
    """The manifest of a delivery that waits. Raises MusterRollError `delivery.not-staged`."""
    path = folder_of(row) / delivery.MANIFEST
    if not path.exists():
        raise delivery.not_staged(folder_of(row))
    return manifest.decode(path.read_bytes())
