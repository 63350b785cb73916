"""Attack 1: people who do not exist are entered, to push real ones past the quota."""

import hashlib

import pytest
from tests.bundles.forged import LISTED, WHOLE, Forged

from musterroll.draw import source


class Ghost(Forged):
    """One more person in the list than the source knows of; the counts are made to fit."""

    def known_to_source(self) -> list[bytes]:
        return [*super().known_to_source()[1:], source.nullifier(b"k" * 32, "xx-2023-b", "XX999999999")]


def test_a_ghost_is_not_in_the_list_that_the_source_signed(forge, look) -> None:
    assert look(forge(LISTED, Ghost)).code == 1


def test_a_ghost_added_after_the_commitment_changes_length_and_root(forge, look) -> None:
    forged = forge(WHOLE)
    forged.files["cohort.bin"] += b"\xff" * 34
    forged.write_again()
    assert look(forged).refused("cohort.bin has another length")


@pytest.mark.parametrize(("ghosts", "opened", "least"), [(0.01, 299, 0.95), (0.001, 2_995, 0.95)])
def test_the_sample_finds_a_share_of_ghosts_with_the_chance_that_the_page_states(ghosts, opened, least) -> None:
    assert 1 - (1 - ghosts) ** opened >= least
    found, lists, size = 0, 60, 5_000
    for number in range(lists):  # whoever is a ghost, the later round picks: here entry i is one where i < share
        score = sorted(range(size), key=lambda i: hashlib.sha256(b"%d %d" % (number, i)).digest())
        found += any(i < ghosts * size for i in score[:opened])
    assert found / lists > least - 0.08


def test_other_entries_than_the_later_round_picks_cannot_be_opened_instead(forge, look) -> None:
    forged = forge(WHOLE)
    forged.say("audit.json", sample=[[0], [1], [2]])
    forged.write_again()
    assert look(forged).refused("these are not the entries that the audit's round picks")


def test_source_and_register_together_are_said_to_be_out_of_reach(trust) -> None:
    assert "not detectable if source and operator collude" in trust[1]
