"""The day on which time makes a date reach the day of evaluation, for many at once, is the calendar's day."""

import random

import polars as pl
import pytest

from musterroll.dates import FIRST_DAY, NEVER, parse_day
from musterroll.engine.law_bits import Column
from musterroll.engine.law_due import Clock
from musterroll.law.calendar import YEAR, Calendar, Overflow, Shift
from musterroll.law.evaluate import HORIZON

SHIFTS = (
    *(Shift(years=years) for years in (1, 2, 3, 4, 18, 19, 26, 35, 100)),
    *(Shift(years=18, days=30), Shift(years=21, days=-1), Shift(months=1), Shift(months=18), Shift(months=24)),
    *(
        Shift(),
        Shift(days=365),
        Shift(days=-10),
        Shift(years=20, roll=YEAR),
        Shift(years=19, roll=YEAR),
        Shift(years=26, days=3, roll=YEAR),
        Shift(years=150),
    ),
)
EDGES = [
    parse_day(f"{year}-{day}")
    for year in (1872, 1896, 1900, 1904, 1960, 1999, 2000, 2003, 2004, 2024, 2025, 2096, 2099, 2100, 2101, 2104, 2180)
    for day in ("01-01", "02-28", "03-01", "08-31", "12-31")
] + [parse_day(f"{year}-02-29") for year in (1872, 1904, 1960, 2000, 2004, 2024, 2096, 2104)]


@pytest.mark.parametrize("overflow", Overflow)
@pytest.mark.parametrize("on", ["1950-06-01", "2004-02-29", "2026-11-22", "2099-12-31", "2100-03-01"])
def test_a_due_is_the_first_day_in_sight_that_the_calendar_gives(overflow: Overflow, on: str) -> None:
    """Of what is false the first day it can be, of what is unknown the last; of all else nothing."""
    chance = random.Random(on)
    calendar, day = Calendar(overflow, overflow, 0, ()), parse_day(on)
    lows = [*EDGES, NEVER, FIRST_DAY, *(chance.randrange(-20_000, 80_000) for _ in range(600))]
    highs = [chance.choice([lo, max(lo, min(NEVER, lo + chance.randrange(2_000)))]) for lo in lows]
    frame = pl.DataFrame({"lo": lows, "hi": highs}, schema={"lo": pl.Int32, "hi": pl.Int32})
    for end in (HORIZON, day + 400):
        clock = Clock(day, end, calendar)
        for shift in SHIFTS:
            last = calendar.last_possible(day, shift)
            ends = (pl.col(name).reinterpret(signed=False) for name in ("lo", "hi"))
            found = frame.select(clock.due(*ends, Column(pl.col("lo") > last), shift)).to_series().to_list()
            for lo, hi, due in zip(lows, highs, found, strict=True):
                reached = (calendar.earliest(lo, shift), calendar.latest(hi, shift))
                first = min((one for one in reached if one > day), default=NEVER)
                assert (day + 1 + due if due < clock.limit else NEVER) == (first if first < end else NEVER), (shift, lo)
