"""Every time limit, counted once more by walking from day to day: the stage agrees on every day of 2020 to 2060.

The clerk who counts here has a calendar on the wall and nothing of the product (tests/hostile/slow_calendar.py).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.hostile.slow_calendar import (
    EPOCH,
    FIRST,
    LAST,
    PACKS,
    PLACES,
    SAMPLE,
    SHORE,
    WALL,
    WEEK,
    Way,
    asked,
    differing,
    grid,
    last_day,
    of_pack,
)

from musterroll.law import pack as packs

NAMES = sorted(folder.parent.name for folder in PACKS.glob("*/pack.md"))


def test_the_wall_shows_every_day_as_it_was_and_will_be() -> None:
    """Against the calendar of Python's library, which nothing else here uses."""
    for place, square in enumerate(WALL):
        day = date(1970, 1, 1) + timedelta(days=EPOCH + place)
        assert (square.text, square.weekday) == (day.isoformat(), WEEK[day.weekday()])


@pytest.mark.parametrize(
    ("way", "start", "end"),
    [
        (Way(15, "days"), "2021-03-20", "2021-04-04"),  # the day after is the first
        (Way(15, "days", "day of"), "2021-03-20", "2021-04-03"),
        (Way(15, "days", roll="next"), "2021-04-16", "2021-05-03"),  # 1 May is closed, and a Saturday
        (Way(15, "days", roll="previous"), "2021-04-16", "2021-04-30"),
        (Way(1, "working days"), "2021-04-30", "2021-05-03"),
        (Way(1, "months"), "2021-01-31", "2021-02-28"),
        (Way(1, "months", absent="next"), "2021-01-31", "2021-03-01"),
        (Way(1, "months", "day of"), "2021-01-31", "2021-02-28"),  # the thirtieth is looked for
        (Way(1, "months", "day of"), "2021-03-01", "2021-03-31"),
        (Way(1, "years"), "2024-02-29", "2025-02-28"),
        (Way(1, "years", leap="next"), "2024-02-29", "2025-03-01"),
        (Way(4, "years"), "2024-02-29", "2028-02-29"),
        (Way(30, "days", "before"), "2021-03-31", "2021-03-01"),
        (Way(30, "days", "clear before"), "2021-03-31", "2021-02-28"),
        (Way(0, "days", "day before"), "2021-03-01", "2021-02-28"),
    ],
)
def test_the_clerk_counts_as_the_law_books_say(way: Way, start: str, end: str) -> None:
    assert WALL[last_day(PLACES[start], way, SHORE)].text == end


def test_a_paused_day_uses_nothing_up() -> None:
    start = PLACES["2021-03-01"]
    paused = frozenset(range(start + 5, start + 12))
    assert WALL[last_day(start, Way(10, "days"), SHORE, paused)].text == "2021-03-18"
    assert WALL[last_day(start, Way(1, "months"), SHORE, paused)].text == "2021-04-08"


@pytest.mark.parametrize("part", range(4))
def test_the_stage_agrees_on_every_day_of_forty_one_years(part: int) -> None:
    """A part of the grid of lengths, conventions, last-day rules, absent days and pauses."""
    questions = [*grid()][::SAMPLE][part::4]
    assert questions
    assert [line for question in questions for line in differing(question)] == []


@pytest.mark.parametrize("way", [Way(15, "days", roll="previous"), Way(7, "days", "before", "previous")])
def test_the_stage_agrees_where_a_day_goes_back_to_a_working_day(way: Way) -> None:
    """Two years only: the stage looks such a day up in all of time."""
    assert list(differing(asked(way), FIRST, "2021-12-31")) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_stage_agrees_for_every_time_limit_of_the_packs(name: str) -> None:
    assert [line for question in of_pack(packs.load(PACKS / name)) for line in differing(question)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        lambda way: replace(way, amount=way.amount + 1),
        lambda way: replace(way, counts="day of" if way.counts == "day after" else "day after"),
        lambda way: replace(way, roll="" if way.roll else "next"),
        lambda way: replace(way, unit="working days" if way.unit == "days" else "days"),
    ],
)
def test_a_stage_that_counts_otherwise_is_found(wrong: Callable[[Way], Way]) -> None:
    way = Way(15, "days", roll="next")
    question = replace(asked(way), way=wrong(way))
    assert len(list(differing(question, FIRST, "2020-03-31"))) > 10


def test_a_pause_that_is_forgotten_is_found() -> None:
    question = asked(Way(15, "days"), pauses=((3, 9),))
    assert not list(differing(question, FIRST, "2020-01-31"))
    assert len(list(differing(replace(question, pauses=()), FIRST, "2020-01-31"))) == 0
    assert question.expected(0) != replace(question, pauses=()).expected(0)


def test_every_day_means_every_day() -> None:
    assert PLACES[LAST] - PLACES[FIRST] + 1 == 14_976
