"""Attack 6: lists, salts and manifests are tried until the order pleases."""

from dataclasses import replace

from tests.bundles.files import FIRST, LEAD, time_of
from tests.bundles.forged import LISTED, Forged
from tests.published import ROUNDS

from musterroll.draw import order, seed


def test_every_try_gives_another_order_so_trying_is_all_that_there_is(forge) -> None:
    """The manifest is in the seed: a changed word in it, and everybody stands elsewhere."""
    forged = forge(LISTED)
    values = [seed.drand_value(ROUNDS[FIRST])]
    other = replace(forged.manifest, legal=forged.manifest.legal + " ").encode()
    tried = order.result(other, forged.cohort.data, values)
    assert [c for s in tried.strata for c in s] != [c for s in forged.order.strata for c in s]


class Tried(Forged):
    """The register waits for the round, tries as often as it likes, and logs the manifest that it likes best."""

    def publish(self, kind, manifest, at, folder) -> None:
        super().publish(kind, manifest, time_of(FIRST) + 60 if not folder else at, folder)


def test_a_manifest_that_came_after_the_value_shows_nothing(forge, look) -> None:
    said = look(forge(LISTED, Tried))
    assert said.code == 3
    assert "NOT SHOWN    that the manifest was fixed before the round" in said.text
    assert f"needed a quorum of witnesses by {utc(time_of(FIRST) - LEAD)}" in said.text


def utc(second: int) -> str:
    from musterroll import dates

    return dates.format_instant(second).replace("T", " ").replace("Z", " UTC")


def test_a_threshold_of_the_beacon_without_a_ceremony_is_said_to_remain(trust) -> None:
    assert "a threshold of drand's members, in a draw without a ceremony" in trust[6]
