"""Chapter: how time is counted.

A pack says for itself on which day the anniversary of 29 February falls, where a period of months ends that has no such
day, and whether an age is reached on the anniversary or the day before. There is no default.
"""

import pytest
from tests.lawtext import ATTRIBUTES, HEAD, QUESTION, day, held, rule

from musterroll.dates import FIRST_DAY, NEVER, format_day
from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.law.calendar import YEAR, Calendar, Overflow, Shift, civil, day_number, month_length
from musterroll.law.evaluate import decide


def calendar(overflow: Overflow) -> Calendar:
    return Calendar(overflow, overflow, 0, ())


def plus(text: str, shift: Shift, overflow: Overflow) -> tuple[str, str]:
    chosen = calendar(overflow)
    return format_day(chosen.earliest(day(text), shift)), format_day(chosen.latest(day(text), shift))


@pytest.mark.parametrize(
    ("start", "shift", "last", "following"),
    [
        ("2004-02-28", Shift(years=18), "2022-02-28", "2022-02-28"),
        ("2004-02-29", Shift(years=18), "2022-02-28", "2022-03-01"),  # no such day in 2022
        ("2004-02-29", Shift(years=20), "2024-02-29", "2024-02-29"),  # there is one in 2024
        ("2008-02-29", Shift(years=92), "2100-02-28", "2100-03-01"),  # 2100 is no leap year
        ("2020-01-31", Shift(months=1), "2020-02-29", "2020-03-01"),
        ("2020-08-31", Shift(months=6), "2021-02-28", "2021-03-01"),
        ("2020-12-15", Shift(months=1), "2021-01-15", "2021-01-15"),
        ("2020-01-31", Shift(months=1, days=10), "2020-03-10", "2020-03-11"),
        ("2020-03-10", Shift(days=-10), "2020-02-29", "2020-02-29"),
        ("2003-08-31", Shift(years=18, months=6), "2022-02-28", "2022-03-01"),  # eighteen and a half
        ("2007-01-01", Shift(years=20, roll=YEAR), "2027-01-01", "2027-01-01"),
        ("2007-12-31", Shift(years=20, roll=YEAR), "2027-01-01", "2027-01-01"),
        ("2008-02-29", Shift(years=19, roll=YEAR), "2027-01-01", "2027-01-01"),  # the doubtful days are of one year
        ("2007-12-31", Shift(years=20, days=1, roll=YEAR), "2028-01-01", "2028-01-01"),
    ],
)
def test_a_period_ends_on_the_day_the_pack_declares(start: str, shift: Shift, last: str, following: str) -> None:
    assert plus(start, shift, Overflow.LAST) == (last, last)
    assert plus(start, shift, Overflow.NEXT) == (following, following)
    assert plus(start, shift, Overflow.EITHER) == (last, following)


def test_what_never_happens_never_happens_later_either() -> None:
    for end in (NEVER, FIRST_DAY):
        assert calendar(Overflow.LAST).latest(end, Shift(years=18, days=30)) == end


def test_a_later_day_plus_the_same_period_is_never_an_earlier_day() -> None:
    for overflow in Overflow:
        chosen = calendar(overflow)
        for shift in (Shift(years=18), Shift(months=6), Shift(months=1, days=-3), Shift(years=20, roll=YEAR)):
            sums = [chosen.latest(one, shift) for one in range(day("2003-12-01"), day("2008-04-01"))]
            assert sums == sorted(sums)


def test_folding_a_limit_finds_the_last_day_that_is_in_time() -> None:
    for overflow in Overflow:
        chosen = calendar(overflow)
        shifts = (Shift(years=18), Shift(months=7), Shift(days=400), Shift(years=65, months=11, days=-9))
        for shift in (*shifts, Shift(years=20, roll=YEAR), Shift(years=65, days=-9, roll=YEAR)):
            for limit in (*range(day("2024-02-20"), day("2024-03-10")), day("2023-12-31"), day("2024-01-01")):
                certain, possible = chosen.last_certain(limit, shift), chosen.last_possible(limit, shift)
                assert chosen.latest(certain, shift) <= limit < chosen.latest(certain + 1, shift)
                assert chosen.earliest(possible, shift) <= limit < chosen.earliest(possible + 1, shift)


def test_days_and_dates_are_inverses_for_four_hundred_years() -> None:
    for number in range(day("1799-12-25"), day("2200-01-10"), 3):
        assert day_number(*civil(number)) == number
    assert [month_length(year, 2) for year in (1900, 2000, 2023, 2024)] == [28, 29, 28, 29]


def test_a_period_of_years_is_never_taken_away() -> None:
    with pytest.raises(ValueError, match="never taken away"):
        Shift(years=-1)


CHOSEN = """
```calendar
leap_day: {{is: {leap}, basis: (1)}}
month_end: {{is: last day, basis: (1)}}
age_attained: {{is: {age}, basis: (2)}}
```
"""


@pytest.mark.parametrize(
    ("leap", "age", "first_day"),
    [
        ("1 March", "on anniversary", "2022-03-01"),
        ("28 February", "on anniversary", "2022-02-28"),
        ("1 March", "day before", "2022-02-28"),
        ("28 February", "day before", "2022-02-27"),
    ],
)
def test_somebody_born_on_29_february_reaches_an_age_as_the_pack_says(leap: str, age: str, first_day: str) -> None:
    text = HEAD + CHOSEN.format(leap=leap, age=age) + ATTRIBUTES + QUESTION + rule("age(born) >= 18")
    pack = packs.from_text({"p": text})
    person = held(pack, born="2004-02-29")
    assert decide(pack, "duty", person, day(first_day) - 1).cls == "free"
    assert decide(pack, "duty", person, day(first_day)).cls == "bound"


def test_where_the_law_is_silent_the_doubtful_day_is_left_undetermined_and_no_fact_is_asked_for() -> None:
    text = HEAD + CHOSEN.format(leap="either", age="on anniversary") + ATTRIBUTES + QUESTION + rule("age(born) >= 18")
    pack = packs.from_text({"p": text})
    person = held(pack, born="2004-02-29")
    answers = [decide(pack, "duty", person, day(one)) for one in ("2022-02-27", "2022-02-28", "2022-03-01")]
    assert [one.cls for one in answers] == ["free", None, "bound"]
    assert answers[1].needs == ()
    assert [format_day(one.next_change) for one in answers[:2]] == ["2022-02-28", "2022-03-01"]


def test_a_pack_that_adds_years_without_a_calendar_does_not_load() -> None:
    with pytest.raises(MusterRollError, match=r"need a calendar.*Declare `calendar`.*\[law\.expression\]") as refused:
        packs.from_text({"p.md": HEAD + ATTRIBUTES + QUESTION + rule("age(born) >= 18")})
    assert refused.value.where.startswith("p.md:")
    assert refused.value.where.endswith("art. 1 (1)")


def test_a_pack_that_counts_days_only_needs_no_calendar() -> None:
    pack = packs.from_text({"p": HEAD + ATTRIBUTES + QUESTION + rule("granted_on + days(30) <= on")})
    person = held(pack, granted_on="2020-01-01")
    assert [decide(pack, "duty", person, day(one)).cls for one in ("2020-01-30", "2020-01-31")] == ["free", "bound"]


DATED = CHOSEN.format(leap="1 March", age="on anniversary").replace(
    "leap_day: {is: 1 March, basis: (1)}",
    "leap_day:\n  - {is: 28 February, basis: (1), in force: .. 2022-03-01}\n"
    "  - {is: 1 March, basis: (2), in force: 2022-03-01 ..}",
)


def test_a_line_of_the_calendar_may_change_with_the_law() -> None:
    pack = packs.from_text({"p": HEAD + DATED + ATTRIBUTES + QUESTION + rule("age(born) >= 18")})
    person = held(pack, born="2004-02-29")
    before = decide(pack, "duty", person, day("2022-02-28"))
    assert (before.cls, format_day(before.next_change)) == ("bound", "2022-03-01")
    assert pack.at(day("2022-03-01")).calendar.leap_day is Overflow.NEXT
    other = held(pack, born="2008-02-29")
    assert [decide(pack, "duty", other, day(one)).cls for one in ("2026-02-28", "2026-03-01")] == ["free", "bound"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("in force: 2022-03-01 ..", "in force: 2022-03-02 ..", "0 lines in force on 2022-03-01"),
        ("in force: 2022-03-01 ..", "in force: 2022-02-01 ..", "2 lines in force on 2022-02-01"),
        (", in force: .. 2022-03-01", "", "2 lines in force on 2022-03-01"),
    ],
)
def test_on_every_day_exactly_one_line_of_the_calendar_holds(old: str, new: str, says: str) -> None:
    with pytest.raises(MusterRollError) as refused:
        packs.from_text({"p": HEAD + DATED.replace(old, new) + ATTRIBUTES + QUESTION + rule("age(born) >= 18")})
    assert refused.value.code == "law.calendar"
    assert says in refused.value.what
