"""A linkage model that nobody reviewed links nobody outside a fictional home."""

import dataclasses

import pytest
from tests.registerhome import LETTERS_AT, rows_of_every_table

from musterroll.errors import MusterRollError


@pytest.fixture
def real(rolled):
    """The small town's home, as if its people were not invented."""
    rolled.home.founding = dataclasses.replace(
        rolled.home.founding, fictional=False, seed="", calendar_offset_days=0, wait_hours=72
    )
    return rolled


def test_a_night_of_a_real_home_links_nobody_by_a_model_without_reviewers(real):
    from musterroll.register import night, policies

    before, newest = rows_of_every_table(), policies.newest_snapshot().digest
    with pytest.raises(MusterRollError) as refused:
        night.run(at=LETTERS_AT)
    assert (refused.value.code, refused.value.exit_code) == ("model.not-reviewed", 2)
    assert refused.value.what == ("Model 1 was reviewed by 0 people; 2 are needed before it links real people.")
    assert (rows_of_every_table(), policies.newest_snapshot().digest) == (before, newest)


def test_two_reviewers_are_enough_and_one_is_not(real, monkeypatch):
    from musterroll.engine import linkage_model
    from musterroll.register import roll

    model = linkage_model.load()
    for people, enough in ((1, False), (2, True)):
        monkeypatch.setattr(linkage_model, "reviewed", lambda n=people: {(model.number, model.digest): n})
        if enough:
            assert roll.linkage_model() == model
        else:
            with pytest.raises(MusterRollError, match="was reviewed by 1 people"):
                roll.linkage_model()


def test_invented_people_are_linked_by_the_model_that_comes_with_the_program(rolled):
    from musterroll.register import roll

    assert roll.linkage_model().number == 1
