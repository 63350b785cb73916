"""Attack 12: a low place is passed over when people are called."""

import pytest
from tests.bundles.forged import LISTED, WHOLE, Forged

from musterroll.draw import call
from musterroll.errors import MusterRollError


def test_every_place_up_to_the_last_one_called_has_one_disposition(forge) -> None:
    """Called, or skipped on a lawful ground: nobody is silently missing from the order of call."""
    forged = forge(LISTED)
    ranked = forged.order.strata
    passed = {ranked[0][0]: call.Ground.EXEMPT, ranked[-1][1]: call.Ground.DEFERRED}
    settled = call.order_of_call(forged.manifest, forged.order, passed)
    for stratum, quota in zip(ranked, (s.quota for s in forged.manifest.cohort.strata), strict=True):
        own = [d for d in settled if d.commitment in set(stratum)]
        assert [d.commitment for d in own] == list(stratum[: len(own)])
        assert sum(d.ground is None for d in own) == quota
    assert {d.commitment: d.ground for d in settled if d.ground} == passed


class Unsampled(Forged):
    """The list of those who were passed over is fixed only after the round that picks among them."""

    def spare(self) -> None:
        from tests.bundles import build

        kept = build.DAY
        build.DAY = -60  # the entry comes a minute after the round
        try:
            super().spare()
        finally:
            build.DAY = kept


def test_skips_are_committed_to_before_the_round_that_picks_among_them(forge, look) -> None:
    assert look(forge(WHOLE, Unsampled)).refused("the spared were fixed after the round that picks among them")


def test_not_answering_is_no_ground() -> None:
    with pytest.raises((MusterRollError, ValueError)):
        call.Ground("not answered")


def test_a_bought_finding_is_said_to_be_beyond_arithmetic(trust) -> None:
    assert "a bought finding: the audit looks at grounds, arithmetic cannot" in trust[12]
