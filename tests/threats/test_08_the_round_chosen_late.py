"""Attack 8: the round is chosen late, or among several, when its value can already be known."""

from dataclasses import replace

import pytest
from tests.bundles.files import DAY, FIRST, LEAD, SECOND, stamp_on, time_of
from tests.bundles.forged import LISTED, Forged

from musterroll.draw import transcript


class ADaySooner(Forged):
    """The witnesses saw the manifest a second after the last moment."""

    def publish(self, kind, manifest, at, folder) -> None:
        super().publish(kind, manifest, time_of(FIRST) - LEAD - 29 if not folder else at, folder)


def test_a_quorum_that_came_a_second_too_late_shows_nothing(forge, look) -> None:
    said = look(forge(LISTED, ADaySooner))
    assert said.code == 3
    assert "NOT SHOWN    that the manifest was fixed before the round" in said.text


def test_another_round_than_the_one_in_the_manifest_is_refused(forge, look) -> None:
    from tests.bundles.files import served

    forged = forge(LISTED)
    forged.files["beacon.json"] = served(SECOND)
    forged.write_again()
    assert look(forged).refused("this is another round than the one named")


def test_two_rounds_to_choose_from_cannot_be_named(forge) -> None:
    manifest = forge(LISTED).manifest
    with pytest.raises(ValueError, match="exactly one round"):
        replace(manifest, randomness=(*manifest.randomness, transcript.Drand.quicknet(SECOND)))


def test_an_outside_time_stamp_that_came_too_late_says_so(forge, look) -> None:
    forged = forge(LISTED)
    note = forged.note_of("manifest.tlog-proof")
    forged.files["manifest.court.tsr"] = stamp_on(note, time_of(FIRST) - LEAD - DAY)
    forged.write_again()
    assert look(forged).code == 0
    forged.files["manifest.court.tsr"] = stamp_on(note, time_of(FIRST))
    forged.write_again()
    said = look(forged)
    assert said.code == 3
    assert "that it was in time: needed by" in said.text


def test_a_colluding_quorum_is_said_to_remain(trust) -> None:
    assert "a colluding quorum and time-stamp authority" in trust[8]
