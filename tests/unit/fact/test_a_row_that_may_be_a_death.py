"""A row that does not say what it is may be a death only where no other row of its record is one."""

from tests.unit.fact.test_record import CREATED, DIED_ON, MAYBE, said, source

from musterroll.dates import NEVER

UNNAMED = {"day": "2020-05-01"}


def test_a_row_without_a_kind_of_event_is_no_second_death():
    assert [one[:3] for one in said(source(MAYBE), CREATED, UNNAMED)] == [(2, DIED_ON, NEVER)]
    assert said(source(MAYBE), CREATED, UNNAMED, {"event": "death", "day": "2020-05-02"}) == []
