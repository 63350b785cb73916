"""Nights after a recall, and after an agency's answer: the roll is as if the bad delivery had never come (S10)."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.nights import Hamlet, law, store, terms, views

from musterroll.dates import NEVER, day_of
from musterroll.engine import night
from musterroll.engine.fact_said import STRUCK
from musterroll.engine.roll import archive
from musterroll.engine.roll.table import CONFIRMED, TABLES

BAD = 4
"""The number of the dwelling register's second delivery."""


@pytest.fixture
def hamlet(tmp_path: Path) -> Hamlet:
    made = Hamlet(5, tmp_path)
    for one in made.people[:4]:
        one.serves = True
    return made


def first_night(kept, hamlet: Hamlet, buckets: int = 1):
    return night.run(
        kept, None, hamlet.tonight(("civil", "dwelling", "pay"), 1), terms(hamlet.day, 0, buckets)
    ).snapshot


def bad_delivery(hamlet: Hamlet):
    """A tenth of the people vanish, everybody else is a student or in prison: what no plausible extract says."""
    for place, one in enumerate(hamlet.people):
        one.housing = "College" if place % 2 else "Carceral"
        one.here = place % 10 != 0
    return hamlet.tonight(("dwelling",), BAD)


@pytest.mark.parametrize("buckets", [1, 4])
def test_after_a_recall_everybody_stands_where_they_would_without_the_delivery(hamlet, tmp_path, buckets):
    kept = store(tmp_path)
    first = first_night(kept, hamlet, buckets)
    hamlet.day += timedelta(days=1)
    second = night.run(kept, first, bad_delivery(hamlet), terms(hamlet.day, 1, buckets)).snapshot
    hamlet.day += timedelta(days=1)
    without = night.run(kept, first, [], terms(hamlet.day, 2, buckets)).snapshot
    taken_back = night.run(kept, second, [], terms(hamlet.day, 2, buckets, recalled=frozenset({BAD}))).snapshot
    assert views(kept, second)["standing"].rows() != views(kept, first)["standing"].rows()
    for name, frame in views(kept, without).items():
        assert_frame_equal(views(kept, taken_back)[name], frame), name
    assert BAD not in archive.held(kept, taken_back, "fact")["delivery"].to_list()


def test_a_recall_on_a_later_night_on_which_nothing_else_moves_takes_back_as_much(hamlet, tmp_path):
    kept = store(tmp_path)
    first = first_night(kept, hamlet)
    hamlet.day += timedelta(days=1)
    second = night.run(kept, first, bad_delivery(hamlet), terms(hamlet.day, 1)).snapshot
    hamlet.day += timedelta(days=60)
    third = night.run(kept, second, [], terms(hamlet.day, 2)).snapshot
    hamlet.day += timedelta(days=1)
    without = night.run(kept, first, [], terms(hamlet.day, 3)).snapshot
    taken_back = night.run(kept, third, [], terms(hamlet.day, 3, recalled=frozenset({BAD}))).snapshot
    for name, frame in views(kept, without).items():
        assert_frame_equal(views(kept, taken_back)[name], frame), name


def test_the_night_after_the_recall_has_nothing_more_to_do(hamlet, tmp_path):
    kept = store(tmp_path)
    first = first_night(kept, hamlet)
    hamlet.day += timedelta(days=1)
    second = night.run(kept, first, bad_delivery(hamlet), terms(hamlet.day, 1)).snapshot
    out = {"recalled": frozenset({BAD})}
    third = night.run(kept, second, [], terms(hamlet.day, 2, **out)).snapshot
    fourth = night.run(kept, third, [], terms(hamlet.day, 3, **out)).snapshot
    for name in ("fact", "delivery", "row.dwelling"):
        assert fourth.refs(name) == third.refs(name)


def test_a_good_extract_after_the_recall_is_taken_in_like_any_other(hamlet, tmp_path):
    kept = store(tmp_path)
    first = first_night(kept, hamlet)
    hamlet.day += timedelta(days=1)
    second = night.run(kept, first, bad_delivery(hamlet), terms(hamlet.day, 1)).snapshot
    for one in hamlet.people:
        one.housing, one.here = "Household", True
    hamlet.day += timedelta(days=1)
    good = hamlet.tonight(("dwelling",), BAD + 1)
    third = night.run(kept, second, good, terms(hamlet.day, 2, recalled=frozenset({BAD}))).snapshot
    straight = night.run(kept, first, good, terms(hamlet.day, 2)).snapshot
    assert_frame_equal(views(kept, third)["standing"], views(kept, straight)["standing"])


def test_an_answer_sticks_through_extracts_that_repeat_what_it_overruled(hamlet, tmp_path):
    kept = store(tmp_path)
    first = first_night(kept, hamlet)
    student = law().attributes["full_time_student"].number
    held = archive.held(kept, first, "fact").filter((pl.col("attribute") == student) & (pl.col("lo") == 0))
    person, record = held.select("person", "record").row(0)
    struck = pl.DataFrame([(record, student, 0, 0)], schema=STRUCK, orient="row")
    day = day_of(hamlet.day)
    fact = {"person": person, "attribute": student, "lo": 1, "hi": 1, "valid_from": day, "valid_to": NEVER}
    fact |= {"link": CONFIRMED, "record": record, "delivery": 9, "row": 1, "n": 0}
    answer = pl.DataFrame([fact], schema=TABLES["fact"].plain_schema)
    line = pl.DataFrame([(9, "dwelling#answers", day, False, 1)], schema=TABLES["delivery"].plain_schema, orient="row")
    hamlet.day += timedelta(days=1)
    told = {"struck": struck, "restruck": frozenset({record}), "declared": answer, "further": line}
    second = night.run(kept, first, [], terms(hamlet.day, 1, **told)).snapshot
    assert said(kept, second, record, student) == [(9, 1)]
    hamlet.day += timedelta(days=1)
    repeated = hamlet.tonight(("dwelling",), 10)  # word for word, as of a later day
    third = night.run(kept, second, repeated, terms(hamlet.day, 2, struck=struck)).snapshot
    assert said(kept, third, record, student) == [(9, 1)]
    lifted = {"restruck": frozenset({record}), "outspoken": answer}
    fourth = night.run(kept, third, [], terms(hamlet.day, 3, **lifted)).snapshot
    assert [value for _, value in said(kept, fourth, record, student)] == [0]


def said(kept, snapshot, record: int, attribute: int) -> list[tuple[int, int]]:
    rows = archive.held(kept, snapshot, "fact")
    theirs = rows.filter((pl.col("record") == record) & (pl.col("attribute") == attribute))
    return sorted(theirs.select("delivery", "lo").rows())
