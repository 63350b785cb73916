"""What a night leaves to be established: conflicts the law asks about, and questions an agency can answer."""

from pathlib import Path

import pytest
from tests.nights import Hamlet, law, store, terms

from musterroll.engine import night, night_needs

SEX = law().attributes["sex"].number


@pytest.fixture
def disagreeing(tmp_path: Path):
    """Every man of the civil register is a woman in the dwelling register."""
    kept, hamlet = store(tmp_path), Hamlet(2, tmp_path)
    for one in hamlet.people:
        one.serves = one.number == hamlet.people[0].number
    tonight = hamlet.tonight(("civil", "pay"), 1)
    for one in hamlet.people:
        one.sex = "Female"
    tonight += hamlet.tonight(("dwelling",), 3)
    return kept, night.run(kept, None, tonight, terms(hamlet.day, 0)).snapshot


def test_a_fact_that_sources_tell_differently_and_the_law_asks_for_is_a_matter(disagreeing):
    kept, snapshot = disagreeing
    matters = night_needs.matters(kept, snapshot, law())
    conflicts = matters.filter(matters["kind"] == "conflict")
    assert conflicts.height > 0
    assert set(conflicts["about"].to_list()) == {SEX}


def test_the_agency_that_is_declared_to_answer_is_asked_about_its_own_entry(disagreeing):
    kept, snapshot = disagreeing
    conflicts = {row[0] for row in night_needs.matters(kept, snapshot, law()).iter_rows() if row[1] == "conflict"}
    (asked,) = night_needs.questions(kept, snapshot, law(), {"civil": ("sex",)})
    assert set(asked["source"].to_list()) == {"civil"}
    assert set(asked["person"].to_list()) == conflicts
    assert not list(night_needs.questions(kept, snapshot, law(), {}))
