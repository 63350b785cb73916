"""The fairness figures of a draw, published before anybody is told (docs/spec/fairness.md).

1. The suite and its level were named in the manifest; nobody chooses a test after the draw.
2. The figures that need what the register knows of people are one p a test, and nothing about anybody.
3. A flag opens a review by an auditor, in the log. It never voids, repeats or delays a draw.
"""

from musterroll import canonical
from musterroll.draw import transcript
from musterroll.draw.fairness import Report
from musterroll.engine import draw_numpy, fairness_numpy
from musterroll.engine.draw_cohort import LargeCohort
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.register import draw_policies, permissions, places, roll
from musterroll.register import fairness as private
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import DrawResult, FairnessReport, Finding


@act
def publish_fairness(*, draw: str, by: Actor, at: int) -> str:
    """Compute and publish the figures of the draw's result; the verdict: `unremarkable`, `note` or `flag`."""
    permissions.check_may("publish_fairness", by)
    result = DrawResult.objects.select_related("draw").filter(draw=draw_policies.newest_draw(draw)).first()
    if result is None:
        raise MusterRollError(
            "draw.no-result", "This draw has no result yet.", where=draw, remedy="Publish the result first."
        )
    there = FairnessReport.objects.filter(result=result).first()
    if there is not None:
        return str(there.verdict)
    public, known = _public(result), private.examine(result, roll.current())
    sha256, manifest = canonical.sha256_hex(public.encode()), result.draw.manifest_sha256
    payload: dict[str, canonical.Json] = {
        "draw": draw,
        "manifest": manifest,
        "sha256": sha256,
        "verdict": public.verdict,
    }
    entry = writing.public(Kind.DRAW_FAIRNESS, payload, label=f"draw.fairness/{manifest}", at=at)
    review = None
    if Finding.FLAG in (public.verdict, known.verdict):
        asked: dict[str, canonical.Json] = {"draw": draw, "fairness": sha256, "manifest": manifest}
        review = writing.public(Kind.DRAW_REVIEW, asked, label=f"draw.review/{manifest}", at=at)
    FairnessReport.objects.create(
        result=result,
        report=public.encode(),
        private=known.encode(),
        sha256=sha256,
        verdict=public.verdict,
        entry=entry,
        review=review,
        at=at,
    )
    return public.verdict


def _public(result: DrawResult) -> Report:
    terms = transcript.decode(bytes(result.draw.manifest))
    alpha = terms.fairness.alpha if terms.fairness else private.ALPHA
    table, seed = places.table_of(result.draw), bytes.fromhex(result.seed)
    if table is not None:
        return fairness_numpy.examine_table(table.numbers, bytes.fromhex(result.draw.manifest_sha256), alpha)
    listed = places.cohort_of(result.draw)
    strata = LargeCohort.read(listed.data, listed.strata).commitments()
    return fairness_numpy.examine([draw_numpy.prefixes(stratum, seed) for stratum in strata], alpha)
