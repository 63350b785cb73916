"""Days and instants as integers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musterroll import dates
from musterroll.errors import MusterRollError


@given(st.dates())
def test_a_date_and_its_day_are_inverses(value):
    assert dates.date_of(dates.day_of(value)) == value
    assert dates.parse_day(dates.format_day(dates.day_of(value))) == dates.day_of(value)


def test_never_is_later_than_every_date_and_is_written_never():
    assert dates.parse_day("never") == dates.NEVER > dates.day_of(date.max)
    assert dates.format_day(dates.NEVER) == "never"
    assert dates.day_of(date.min) > dates.FIRST_DAY


@pytest.mark.parametrize("text", ["2021-02-30", "20210228", "2021-2-28", "", "yesterday", "2021-02-28T00"])
def test_a_date_that_is_not_in_the_calendar_is_refused(text):
    with pytest.raises(MusterRollError) as refused:
        dates.parse_day(text, where="row 3")
    assert str(refused.value) == (
        "A date is written YYYY-MM-DD and exists in the calendar. Where: row 3. "
        "What to do: Correct the date; write `never` for what is known not to have happened. [date.malformed]"
    )


def test_instants_are_utc_seconds():
    assert dates.parse_instant("2026-09-21T14:13:39Z") == 1790000019
    assert dates.format_instant(1790000019) == "2026-09-21T14:13:39Z"
    assert dates.day_of_instant(1790000019) == dates.day_of(date(2026, 9, 21))
    with pytest.raises(MusterRollError, match=r"time\.malformed"):
        dates.parse_instant("2026-09-21 14:13")
