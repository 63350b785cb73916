"""S14: counts leave through one function; queues show opaque references; sign-ins exist in demonstrations only."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.register.attempts import allocated, ref
from tests.registerhome import LETTERS_AT, WORKER

from musterroll.register.disclosure import HELD_BACK, LEAST, ROUNDED_TO, published


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 9, "b": 8}, {"a": HELD_BACK, "b": HELD_BACK}),
        ({"a": 10, "b": 12}, {"a": 10, "b": 10}),
        ({"a": 13, "b": 112}, {"a": 15, "b": 110}),
        ({"a": 9, "b": 40, "c": 30}, {"a": HELD_BACK, "b": 40, "c": HELD_BACK}),  # b and c would give a away
        ({"a": 0, "b": 40}, {"a": HELD_BACK, "b": HELD_BACK}),  # that nobody is in it says something too
        ({"a": 3, "b": 4, "c": 40}, {"a": HELD_BACK, "b": HELD_BACK, "c": 40}),
        ({}, {}),
    ],
)
def test_small_cells_are_held_back_and_others_rounded(counts, shown):
    assert published(counts) == shown


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 500)))
def test_no_small_cell_is_ever_shown_and_never_exactly_one_is_held_back(counts):
    shown = published(counts)
    assert (LEAST, ROUNDED_TO) == (10, 5)
    assert all(value == HELD_BACK or (value >= LEAST and value % ROUNDED_TO == 0) for value in shown.values())
    assert sum(value == HELD_BACK for value in shown.values()) != 1 or len(shown) == 1
    assert all(shown[name] == HELD_BACK for name, count in counts.items() if count < LEAST)


def test_the_counts_of_a_night_reach_the_log_through_that_function_only(rolled):
    from musterroll import canonical
    from musterroll.register.models import Entry

    entry = canonical.decode(bytes(Entry.objects.get(kind="roll").entry))
    assert entry["p"]["counts"] == {"service/exempt": HELD_BACK, "service/liable": HELD_BACK}


def test_an_officer_s_queue_shows_case_codes_and_nothing_about_people(rolled):
    from musterroll.register.queries.officer import queue

    case = allocated(rolled)["case"]
    (item,) = queue(WORKER)
    assert (item.case, item.purpose) == (case, "decide a claim")
    assert ref(0) not in repr(item)
    assert "Given0" not in repr(item)


def test_a_home_that_is_not_fictional_offers_nobody_to_sign_in_as(rolled):
    from musterroll.register import home
    from musterroll.register.queries.demo import sign_ins

    assert sign_ins(LETTERS_AT)
    rolled.home.founding = dataclasses.replace(
        rolled.home.founding, fictional=False, seed="", calendar_offset_days=0, wait_hours=home.PUBLIC_FOR_HOURS
    )
    assert sign_ins(LETTERS_AT) == ()


def test_the_public_pages_name_nobody(called):
    from musterroll.register.queries.draw import public_draws
    from musterroll.register.queries.ledger import public_ledger

    shown = repr((public_draws(LETTERS_AT), public_ledger()))
    for person in range(30):
        assert f"Given{person} " not in shown
        assert ref(person) not in shown
        assert f"XX{person:09}" not in shown
