"""Chapter: how working days are counted.

Which days nobody works is declared and cited, for a stretch of time that is declared too. Beyond it the answer is not
guessed: what depends on it is unknown.
"""

import pytest
from tests.lawtext import ATTRIBUTES, HEAD, QUESTION, RULES, day, held, rule, small

from musterroll.dates import FIRST_DAY, NEVER, format_day
from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.law.calendar import PLAIN, Calendar, Shift
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing

COURT = """
```holidays court
covers: 1999-12-01 .. 2021-01-01
weekend: {is: [Saturday, Sunday], basis: (1)}
closed:
  - (2): [2020-12-24, 2020-12-25]
  - (3): [2020-12-31]
```
"""


def law(condition: str) -> Pack:
    """A law that binds whom the condition reaches; it needs no calendar of months and years."""
    return packs.from_text({"small.md": HEAD + ATTRIBUTES + COURT + QUESTION + rule(condition)})


def standing(pack: Pack, on: str, granted_on: str) -> Standing:
    return decide(pack, "duty", held(pack, granted_on=granted_on), day(on))


def calendar() -> Calendar:
    return law("granted_on <= on").at(day("2020-01-01")).calendar


@pytest.mark.parametrize(
    ("condition", "granted", "first_day"),
    [
        # the last day of 15 days is a Saturday, the next working day a Monday
        ("next_working(granted_on + days(15), court) <= on", "2020-12-04", "2020-12-21"),
        ("next_working(granted_on + days(15), court) <= on", "2020-12-02", "2020-12-17"),  # a Thursday: that day
        ("next_working(granted_on, court) <= on", "2020-12-24", "2020-12-28"),  # two closed days, a weekend
        ("granted_on + working_days(1, court) <= on", "2020-12-18", "2020-12-21"),  # a Friday: the Monday after
        ("granted_on + working_days(1, court) <= on", "2020-12-19", "2020-12-21"),  # a Saturday: the Monday after
        ("granted_on + working_days(5, court) <= on", "2020-12-18", "2020-12-29"),
        ("granted_on + days(3) + working_days(1, court) <= on", "2020-12-18", "2020-12-22"),
        ("granted_on + working_days(1, court) + days(2) <= on", "2020-12-18", "2020-12-23"),
        ("next_working(granted_on, court) - days(1) <= on", "2020-12-19", "2020-12-20"),
        ("next_working(granted_on, court) < on", "2020-12-19", "2020-12-22"),  # the day after
        ("on - days(1) >= next_working(granted_on, court)", "2020-12-19", "2020-12-22"),
    ],
)
def test_a_deadline_goes_on_to_the_working_day_that_the_pack_declares(
    condition: str, granted: str, first_day: str
) -> None:
    pack = law(condition)
    before = standing(pack, format_day(day(first_day) - 1), granted)
    assert (before.cls, format_day(before.next_change)) == ("free", first_day)
    assert standing(pack, first_day, granted).cls == "bound"


def test_it_is_compared_with_fixed_days_too() -> None:
    pack = law("next_working(granted_on, court) <= 2020-12-23")
    assert standing(pack, "2020-01-01", "2020-12-23").cls == "bound"
    assert standing(pack, "2020-01-01", "2020-12-24").cls == "free"


def test_beyond_what_is_covered_it_is_unknown_and_no_fact_is_asked_for() -> None:
    pack = law("granted_on + working_days(2, court) <= on")
    assert standing(pack, "2020-12-30", "2020-12-29").cls == "free"
    after = standing(pack, "2021-01-03", "2020-12-29")  # one working day is left in 2020; nobody knows those of 2021
    assert (after.cls, after.needs) == (None, ())
    assert standing(pack, "2020-12-31", "2020-12-29").cls == "free"  # but it is not before 2021
    assert standing(pack, "2021-05-01", "2020-12-28").cls == "bound"  # known to be over
    assert standing(pack, "2021-05-01", "2022-01-01").cls == "free"  # known not to have begun
    assert standing(pack, "2020-01-01", "1970-01-01").cls == "bound"  # long before what is covered, and long over


def test_sums_never_go_backwards_and_folding_finds_the_last_day_in_time() -> None:
    chosen = calendar()
    for shift in (
        Shift(roll="court"),
        Shift(days=15, roll="court"),
        Shift(roll="court", working=3),
        Shift(years=1, roll="court", working=1, then=-4),
    ):
        days = range(day("2019-11-20"), day("2021-01-20"))
        for add in (chosen.earliest, chosen.latest):
            sums = [add(one, shift) for one in days]
            assert sums == sorted(sums)
        assert all(chosen.earliest(one, shift) <= chosen.latest(one, shift) for one in days)
        for limit in (*range(day("2020-12-15"), day("2021-01-15")), day("1980-01-01"), day("2050-01-01")):
            certain, possible = chosen.last_certain(limit, shift), chosen.last_possible(limit, shift)
            assert certain == FIRST_DAY or chosen.latest(certain, shift) <= limit
            assert chosen.latest(certain + 1, shift) > limit
            assert chosen.earliest(possible, shift) <= limit < chosen.earliest(possible + 1, shift)


def test_what_never_happens_has_no_working_day_after_it() -> None:
    for end in (NEVER, FIRST_DAY):
        assert calendar().latest(end, Shift(roll="court", working=3)) == end


def test_a_law_may_know_several_calendars_of_working_days() -> None:
    bank = COURT.replace("holidays court", "holidays bank").replace("2020-12-24, 2020-12-25", "2020-12-21")
    either = "next_working(granted_on, court) <= on or next_working(granted_on, bank) <= on"
    pack = packs.from_text({"p": HEAD + ATTRIBUTES + COURT + bank + QUESTION + rule(either)})
    assert standing(pack, "2020-12-21", "2020-12-21").cls == "bound"  # the court sits
    assert standing(pack, "2020-12-24", "2020-12-24").cls == "bound"  # the bank is open
    assert standing(pack, "2020-12-26", "2020-12-26").cls == "free"


def test_a_place_may_have_no_weekend() -> None:
    pack = packs.from_text(
        {
            "p": HEAD
            + ATTRIBUTES
            + COURT.replace("[Saturday, Sunday]", "none")
            + QUESTION
            + rule("next_working(granted_on, court) <= on")
        }
    )
    assert standing(pack, "2020-12-19", "2020-12-19").cls == "bound"
    assert standing(pack, "2020-12-25", "2020-12-24").cls == "free"


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("holidays court", "holidays year", "law.holidays", "not one word that can stand in a rule"),
        ("covers: 1999-12-01 .. 2021-01-01", "covers: 1999-12-01 ..", "law.holidays", "`covers` is not FROM .. TO"),
        ("covers: 1999-12-01 .. 2021-01-01", "covers: 2000-01-01 .. 2000-01-01", "law.holidays", "covers no day"),
        ("covers: 1999-12-01 .. 2021-01-01", "covers: 1899-12-01 .. 2021-01-01", "law.holidays", "more than 100 years"),
        ("[Saturday, Sunday]", "[Caturday]", "law.holidays", "not made of days of the week"),
        ("weekend: {is: [Saturday, Sunday], basis: (1)}", "weekend: {is: none}", "law.block", "`basis` is missing"),
        ("  - (3): [2020-12-31]", "  - 2020-12-31", "law.uncited", "closed days cite nothing"),
        ("  - (3): [2020-12-31]", "  - (9): [2020-12-31]", "law.uncited", "`(9)` is no paragraph"),
        ("  - (3): [2020-12-31]", "  - (3): [2021-12-31]", "law.holidays", "2021-12-31 is not covered"),
        ("  - (3): [2020-12-31]", "  - (3): [2020-12-32]", "date.malformed", "exists in the calendar"),
        (
            "covers: 1999-12-01 .. 2021-01-01",
            "covers: 2000-01-03 .. 2021-01-01",
            "law.expression",
            "the holidays `court` do not reach back far enough",
        ),
    ],
)
def test_holidays_that_say_nothing_or_too_little_are_refused(old: str, new: str, code: str, says: str) -> None:
    text = HEAD + ATTRIBUTES + COURT + QUESTION + rule("granted_on + working_days(3, court) <= on")
    assert old in text
    with pytest.raises(MusterRollError) as refused:
        packs.from_text({"small.md": text.replace(old, new)})
    assert (refused.value.code, says in refused.value.what) == (code, True), str(refused.value)
    assert refused.value.where.startswith("small.md:")


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("next_working(granted_on, bank) <= on", "no holidays `bank` are declared"),
        ("next_working(on, court) <= granted_on", "has the wrong content"),
        ("next_working(granted_on + working_days(1, court), court) <= on", "has the wrong content"),
        ("granted_on + working_days(0, court) <= on", "has the wrong content"),
        ("granted_on + weekdays(3, court) <= on", "`weekdays\\(...\\)` does not exist"),
        ("granted_on - working_days(1, court) <= on", "only days can be taken away"),
        ("on + working_days(1, court) >= granted_on", "working days are counted from a fact's date"),
        (
            "granted_on + working_days(1, court) + working_days(1, court) <= on",
            "after a working day, or a fixed day of a year, only days are counted",
        ),
        ("2020-01-01 + working_days(1, court) <= on", "only days are added to a fixed date"),
        ("next_working(granted_on, court) <= born", "compared over months, years or working days"),
        ("age(next_working(born, court)) >= 18", "an age is not counted from a working day"),
    ],
)
def test_what_cannot_be_counted_in_working_days_is_refused(condition: str, says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        small(COURT + rule(condition))
    assert refused.value.remedy


def test_working_days_of_one_reading_only() -> None:
    doubt = """
```interpretation eve
doubt: whether the eve is closed
readings: {closed: it is, open: it is not}
chosen: closed
by: the authors
```
"""
    closed = COURT.replace("  - (3): [2020-12-31]", "  - interpretation eve closed: [2020-12-23]")
    pack = packs.from_text(
        {"p": HEAD + ATTRIBUTES + doubt + closed + QUESTION + rule("next_working(granted_on, court) <= on")}
    )
    assert standing(pack, "2020-12-23", "2020-12-23").cls == "free"
    assert standing(pack.with_readings({"eve": "open"}), "2020-12-23", "2020-12-23").cls == "bound"


def test_a_shift_that_makes_no_sense_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="never taken away"):
        Shift(working=-1, roll="court")
    with pytest.raises(ValueError, match="those of a declared calendar"):
        Shift(working=1)
    with pytest.raises(KeyError):
        PLAIN.latest(5, Shift(roll="court"))
    assert small(RULES).at(day("2020-01-01")).calendar.workdays == ()
