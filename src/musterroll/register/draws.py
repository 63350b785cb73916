"""A draw's published folder, made from what the acts hold (docs/spec/draw.md). Written again, it has the same bytes."""

from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine import bundle
from musterroll.engine.bundle import Bundle
from musterroll.register import home, log, places, policies, trust
from musterroll.register.acts.draw import cohort_of
from musterroll.register.models import Ceremony, DrawResult


def publish(draw: str) -> Path:
    """Write what is known of `draw` so far into its published folder; the folder.

    The manifest, and the ceremony once held, need a published checkpoint: MusterRollError `log.waiting` otherwise.
    """
    row = policies.newest_draw(draw)
    held = Ceremony.objects.filter(draw=row).first()
    result = DrawResult.objects.select_related("draw").filter(draw=row).first()
    trust.publish()
    folder = home.current().draws / draw
    bundle.write(
        folder,
        Bundle(
            manifest=bytes(row.manifest),
            cohort=cohort_of(row).data,
            manifest_proof=log.proof_of(row.entry),
            ceremony=held.symbols if held else None,
            ceremony_proof=log.proof_of(held.entry) if held else None,
            beacon=bytes(result.signature) if result else None,
            order=places.order_of(result) if result else None,
        ),
    )
    return folder
