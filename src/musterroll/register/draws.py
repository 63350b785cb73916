"""A draw's published folder, made from what the acts hold (docs/spec/draw.md, 12). Written anew, it has the same bytes.

Supplements and strata drawn anew lie in folders of their own inside it, each with its own manifest and proofs.
"""

from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.draw import transcript
from musterroll.engine import bundle
from musterroll.engine.bundle import Before, Bundle, PotcheckFiles, SparedFiles
from musterroll.register import draw_policies, home, log, places, source_lists, stamps, trust
from musterroll.register import spared as lists
from musterroll.register.models import (
    Ceremony,
    Draw,
    DrawnTable,
    DrawResult,
    FairnessReport,
    PotCheck,
    Spared,
    SparedList,
    SparedRound,
)


def publish(draw: str) -> Path:
    """Write what is known of `draw` so far into its published folder; the folder.

    What is logged needs a published checkpoint: MusterRollError `log.waiting` otherwise.
    """
    row = draw_policies.newest_draw(draw)
    trust.publish()
    folder = home.current().draws / draw
    bundle.write(folder, _bundle(row))
    return folder


def _bundle(row: Draw) -> Bundle:
    terms = transcript.decode(bytes(row.manifest))
    held = Ceremony.objects.filter(draw=row).first()
    result = DrawResult.objects.select_related("draw").filter(draw=row).first()
    drawn = DrawnTable.objects.filter(draw=row).first()
    report = FairnessReport.objects.filter(result=result).first() if result else None
    parts = Draw.objects.filter(parent=row).select_related("parent").order_by("part", "number")
    signature = result.signature if result else None
    picked = SparedRound.objects.filter(spared__draw=row).first()
    return Bundle(
        manifest=bytes(row.manifest),
        cohort=places.cohort_of(row).data,
        manifest_proof=log.proof_of(row.entry),
        ceremony=held.symbols if held else None,
        ceremony_proof=log.proof_of(held.entry) if held else None,
        beacon=None if signature is None else bytes(signature),
        order=places.order_of(result) if result else None,
        audit=bytes(picked.of_entries) if picked and picked.of_entries is not None else None,
        stamps=stamps.of(row.entry),
        source=source_lists.published(row),
        potcheck=_counted(terms.potcheck.sha256) if terms.potcheck else None,
        before=_before(terms),
        table=bytes(drawn.table) if drawn else None,
        table_proof=log.proof_of(drawn.entry) if drawn else None,
        spared=_spared(row, picked),
        fairness=bytes(report.private) if report else None,
        parts=tuple(_bundle(part) for part in parts),
    )


def _counted(sha256: str | None) -> PotcheckFiles | None:
    check = PotCheck.objects.filter(sha256=sha256).first()
    return check and PotcheckFiles(bytes(check.potcheck), bytes(check.count), check.signature)


def _before(terms: transcript.Manifest) -> Before | None:
    """What another attempt, or a stratum drawn anew, follows from."""
    if terms.because is None:
        return None
    earlier = Draw.objects.filter(manifest_sha256=terms.supersedes).first()
    return Before(bytes(earlier.manifest) if earlier else None, _counted(terms.because.sha256))


def _spared(row: Draw, picked: SparedRound | None) -> SparedFiles | None:
    made = Spared.objects.filter(draw=row).first()
    if made is None:
        return None
    return SparedFiles(
        spared=lists.listed(made, SparedList.SPARED).data,
        hand=lists.listed(made, SparedList.HAND).data,
        proof=log.proof_of(made.entry),
        round=made.round,
        sample=made.sample,
        signature=bytes(picked.signature) if picked else None,
    )
