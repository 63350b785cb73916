"""Chapter: the language of conditions.

A small part of Python's syntax. Each row is a condition, a person, a day, and whether the condition holds.
"""

import pytest
from tests.lawtext import ATTRIBUTES, CALENDAR, HEAD, QUESTION, RULES, day, held, rule, small

from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.law.evaluate import View, lines_in_force
from musterroll.law.fold import fold
from musterroll.law.truth import Truth

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


def judged(condition: str, on: str, **facts: str) -> Truth:
    pack = small(rule(condition))
    found = pack.at(day(on)).rules["duty"][0]
    assert found is not None
    return View(pack, held(pack, **facts), day(on)).truth(found.when)


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ("serving", {"serving": "yes"}, T),
        ("not serving", {"serving": "yes"}, F),
        ("serving", {}, U),
        ("not serving", {}, U),
        ("serving or district == north", {"district": "north"}, T),
        ("serving and district == north", {"district": "south"}, F),
        ("district == north", {"district": "north"}, T),
        ("district != north", {"district": "north"}, F),
        ("district in (north, east)", {"district": "east"}, T),
        ("district not in (north, east)", {"district": "east"}, F),
        ("months_served >= 6", {"months_served": "6"}, T),
        ("months_served > 6", {"months_served": "6"}, F),
        ("months_served < 6", {"months_served": "5"}, T),
        ("months_served == 6", {"months_served": "6"}, T),
        ("months_served != 6", {"months_served": "6"}, F),
        ("6 <= months_served < 4 + 8", {"months_served": "11"}, T),
        ("months_served in [6, 12)", {"months_served": "12"}, F),
        ("months_served in [6, 12]", {"months_served": "12"}, T),
        ("months_served >= 0", {"months_served": "0"}, T),
    ],
)
def test_facts_are_compared_with_constants(condition: str, facts: dict[str, str], expected: Truth) -> None:
    assert judged(condition, "2020-06-01", **facts) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("months_served <= 12", T),  # 9 to 12 months: all of them are at most 12
        ("months_served <= 10", U),
        ("months_served <= 8", F),
        ("months_served == 10", U),
        ("months_served != 13", T),
    ],
)
def test_a_value_known_to_lie_between_two_decides_where_all_of_them_agree(condition: str, expected: Truth) -> None:
    assert judged(condition, "2020-06-01", months_served="9 .. 12") is expected


@pytest.mark.parametrize(
    ("condition", "on", "expected"),
    [
        ("granted_on <= on < granted_on + days(365)", "2020-01-09", F),
        ("granted_on <= on < granted_on + days(365)", "2020-01-10", T),
        ("granted_on <= on < granted_on + days(365)", "2021-01-08", T),
        ("granted_on <= on < granted_on + days(365)", "2021-01-09", F),  # 2020 has 366 days: days(365) is not years(1)
        ("on in [granted_on, granted_on + years(1))", "2021-01-09", T),
        ("on in [granted_on, granted_on + years(1))", "2021-01-10", F),  # half-open
        ("on in [granted_on, granted_on + years(1)]", "2021-01-10", T),  # closed
        ("on - days(10) >= granted_on", "2020-01-19", F),
        ("on - days(10) >= granted_on", "2020-01-20", T),
        ("granted_on + months(1) > on", "2020-02-09", T),
        ("granted_on + months(1) > on", "2020-02-10", F),
        ("granted_on == 2020-01-10", "2020-02-10", T),
        ("granted_on < 2020-01-10", "2020-02-10", F),
        ("2020-01-10 - days(1) < granted_on", "2020-02-10", T),
        ("granted_on != never", "2020-02-10", T),
        ("granted_on == never", "2020-02-10", F),
        ("never > granted_on", "2020-02-10", T),
        ("on >= 2020-03-01", "2020-02-29", F),
        ("on >= 2020-03-01", "2020-03-01", T),
        ("on < 2020-03-01", "2020-02-29", T),
        ("on <= 2020-03-01", "2020-03-01", T),
        ("on <= 2020-03-01", "2020-03-02", F),
        ("2020-03-01 + days(1) > on", "2020-03-01", T),
        ("granted_on > born", "2020-03-01", T),
        ("granted_on <= born + days(30)", "2020-03-01", F),
        ("born + days(3) <= granted_on - days(3)", "2020-03-01", T),
    ],
)
def test_dates_are_compared_with_the_day_and_with_one_another(condition: str, on: str, expected: Truth) -> None:
    assert judged(condition, on, granted_on="2020-01-10", born="2000-05-05") is expected


@pytest.mark.parametrize(
    ("condition", "on", "expected"),
    [
        ("age(born) >= 18", "2020-05-04", F),
        ("age(born) >= 18", "2020-05-05", T),
        ("age(born) > 17", "2020-05-05", T),
        ("age(born) < 18", "2020-05-04", T),
        ("age(born) <= 17", "2020-05-04", T),
        ("age(born) == 18", "2021-05-04", T),
        ("age(born) == 18", "2021-05-05", F),
        ("age(born) != 18", "2021-05-05", T),
        ("18 <= age(born) < 26", "2028-05-04", T),
        ("18 <= age(born) <= 25", "2028-05-05", F),
        ("18 < age(born)", "2020-05-05", F),
        ("age(born) < 18", "2002-05-04", F),  # not born yet: of no age
        ("age(born + months(6)) >= 18", "2020-11-05", T),
    ],
)
def test_an_age_is_attained_on_a_day(condition: str, on: str, expected: Truth) -> None:
    assert judged(condition, on, born="2002-05-05") is expected


@pytest.mark.parametrize(
    ("condition", "on", "expected"),
    [
        ("turning(born) >= 18", "2019-12-31", F),
        ("turning(born) >= 18", "2020-01-01", T),
        ("turning(born) == 18", "2019-12-31", F),
        ("turning(born) == 18", "2020-01-01", T),
        ("turning(born) == 18", "2020-12-31", T),
        ("turning(born) == 18", "2021-01-01", F),
        ("21 <= turning(born) <= 25", "2022-12-31", F),
        ("21 <= turning(born) <= 25", "2023-01-01", T),
        ("21 <= turning(born) <= 25", "2027-12-31", T),
        ("21 <= turning(born) <= 25", "2028-01-01", F),
        ("turning(born) > 18", "2020-12-31", F),
        ("turning(born) < 18", "2019-12-31", T),
        ("turning(born) < 18", "2002-05-04", F),  # not born yet
        ("turning(born + months(8)) == 18", "2021-01-01", T),
    ],
)
def test_whoever_attains_an_age_in_a_calendar_year_is_turning_it_from_its_first_to_its_last_day(
    condition: str, on: str, expected: Truth
) -> None:
    assert judged(condition, on, born="2002-05-05") is expected


@pytest.mark.parametrize(("born", "year"), [("2008-12-31", 2028), ("2009-01-01", 2029), ("2008-02-29", 2028)])
def test_the_last_and_the_first_day_of_a_year_and_29_february_belong_to_their_year(born: str, year: int) -> None:
    assert judged("turning(born) == 20", f"{year - 1}-12-31", born=born) is F
    assert judged("turning(born) == 20", f"{year}-01-01", born=born) is T
    assert judged("turning(born) == 20", f"{year}-12-31", born=born) is T


@pytest.mark.parametrize(
    ("condition", "on", "expected"),
    [
        ("on <= that_year(born + years(21), 7, 1)", "2029-06-30", T),
        ("on <= that_year(born + years(21), 7, 1)", "2029-07-01", T),
        ("on <= that_year(born + years(21), 7, 1)", "2029-07-02", F),
        ("that_year(born + years(20), 7, 1) <= on", "2028-06-30", F),  # a leap year
        ("that_year(born + years(20), 7, 1) <= on", "2028-07-01", T),
        ("on < that_year(born + years(21), 7, 1) + days(14)", "2029-07-14", T),
        ("on < that_year(born + years(21), 7, 1) + days(14)", "2029-07-15", F),
        ("on >= that_year(born + years(21), 1, 1) - days(1)", "2028-12-30", F),
        ("on >= that_year(born + years(21), 1, 1) - days(1)", "2028-12-31", T),
        ("that_year(born, 12, 31) <= 2008-12-30", "2029-01-01", F),
        ("that_year(born, 12, 31) <= 2008-12-31", "2029-01-01", T),
    ],
)
@pytest.mark.parametrize("born", ["2008-01-01", "2008-02-29", "2008-12-31"])
def test_a_fixed_day_of_the_year_in_which_a_date_falls(condition: str, on: str, expected: Truth, born: str) -> None:
    assert judged(condition, on, born=born) is expected


def test_a_fixed_day_of_a_year_turns_on_the_year_alone() -> None:
    condition = "on <= that_year(born + years(21), 7, 1)"
    assert judged(condition, "2029-07-02", born="2008-01-01 .. 2008-12-31") is F
    assert judged(condition, "2029-07-02", born="2008-12-31 .. 2009-01-01") is U
    assert judged(condition, "2029-07-02", born="never") is T
    assert judged(condition, "2029-07-02", born="none") is F


def test_a_vague_birth_date_within_one_year_decides_and_across_two_does_not() -> None:
    assert judged("turning(born) == 20", "2027-06-01", born="2007-01-01 .. 2007-12-31") is T
    assert judged("turning(born) == 20", "2027-06-01", born="2007-12-31 .. 2008-01-01") is U


@pytest.mark.parametrize("condition", ["age(born) < 18", "age(born) >= 18", "granted_on <= on < granted_on + days(9)"])
def test_what_never_happened_has_no_age_and_has_not_begun(condition: str) -> None:
    assert judged(condition, "2020-01-01", born="never", granted_on="never") is F


def test_what_ended_before_every_date_is_over_and_of_no_age() -> None:
    assert judged("age(born) < 18", "2020-01-01", born="none") is F
    assert judged("on <= granted_on", "2020-01-01", granted_on="none") is F


def test_a_vague_date_is_between_two_of_another_fact_only_where_all_agree() -> None:
    vague = {"born": "2000-01-01 .. 2000-12-31"}
    assert judged("born < granted_on", "2020-01-01", **vague, granted_on="2001-01-01") is T
    assert judged("born < granted_on", "2020-01-01", **vague, granted_on="2000-06-01") is U
    assert judged("born < granted_on", "2020-01-01", **vague, granted_on="1999-06-01") is F
    assert judged("born < granted_on", "2020-01-01", **vague) is U


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("serving +", "this is not a condition"),
        ("on in [granted_on, granted_on", "this is not a condition"),
        ("serving if serving else serving", "neither true nor false"),
        ("5", "neither true nor false"),
        ("known(serving)", "`known\\(...\\)` stands in procedures only"),
        ("not known(serving)", "`known\\(...\\)` stands in procedures only"),
        ("known(serving) == serving", "`known\\(...\\)` does not exist"),
        ("district", "`district` is not a yes-or-no attribute"),
        ("wealth", "`wealth` is not declared"),
        ("wealth > 5", "`wealth` is not declared"),
        ("district == west", "compared with a value it does not have.*north, south, east"),
        ("district == 5", "compared with a value it does not have"),
        ("district in north", "`in` stands before an interval"),
        ("months_served in (1, 2)", "`in` stands before an interval"),
        ("district < north", "two things of different kinds"),
        ("born == 5", "two things of different kinds"),
        ("months_served == 'five'", "something that the language does not have"),
        ("months_served == 1.5", "something that the language does not have"),
        ("months_served == True", "something that the language does not have"),
        ("months_served is 5", "this comparison does not exist"),
        ("months_served * 2 == 4", "something that the language does not have"),
        ("months_served + 2 == 4", "these two cannot be added"),
        ("on >= born - years(18)", "only days can be taken away"),
        ("on >= 2020-01-01 + years(1)", "only days are added to a fixed date"),
        ("born + days(born) <= on", "`days\\(...\\)` has the wrong content"),
        ("age(on) >= 18", "`age\\(...\\)` has the wrong content"),
        ("turning(on) >= 18", "`turning\\(...\\)` has the wrong content"),
        ("that_year(on, 7, 1) <= on", "`that_year\\(...\\)` has the wrong content"),
        ("that_year(born, 2, 29) <= on", "`that_year\\(...\\)` has the wrong content"),
        ("that_year(born, 13, 1) <= on", "`that_year\\(...\\)` has the wrong content"),
        ("that_year(that_year(born, 7, 1), 7, 1) <= on", "`that_year\\(...\\)` has the wrong content"),
        ("that_year(born, 7) <= on", "something that the language does not have"),
        ("that_year(born, 7, 1) + months(1) <= on", "only days are counted"),
        ("age(that_year(born, 7, 1)) >= 18", "an age is not counted from a working day, nor from a fixed day"),
        ("age(born) >= -1", "an age is not negative"),
        ("on >= on", "says nothing about a person"),
        ("born + years(1) <= granted_on", "compared over months, years or working days"),
        ("2020-02-30 <= on", "written YYYY-MM-DD"),
        ("_day(5) <= on", "used inside the language"),
        ("serving.__class__", "neither true nor false"),
        ("not [x for x in serving]", "neither true nor false"),
        ("months_served <= 1000001", "a number is too large"),
        ("months_served > -1", "a number that it cannot have.*Its range is 0 to 600"),
        ("months_served == 601", "a number that it cannot have"),
        ("serving == yes", "`yes` is not declared"),
        ("months_served <= -serving", "something that the language does not have"),
    ],
)
def test_what_the_language_does_not_have_is_refused_with_its_place(condition: str, says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        small(rule(condition))
    assert refused.value.remedy
    assert refused.value.where.startswith("small.md:")


@pytest.mark.parametrize(
    ("condition", "remedy"),
    [
        ("district = north", "What is the same is compared by two signs: `==`."),
        ("months_served >= 6 and district = north", "What is the same is compared by two signs: `==`."),
        ("months_served >= 6 years", "Write it with names, numbers, dates, comparisons, and, or, not."),
        ("months_served == 6 years", "Write it with names, numbers, dates, comparisons, and, or, not."),
        ("months_served != 6 years", "Write it with names, numbers, dates, comparisons, and, or, not."),
    ],
)
def test_whoever_writes_one_sign_for_the_same_is_told_of_two(condition: str, remedy: str) -> None:
    with pytest.raises(MusterRollError, match="this is not a condition") as refused:
        small(rule(condition))
    assert refused.value.remedy == remedy


def test_a_parameter_stands_for_the_number_in_force_on_the_day() -> None:
    pack = small(
        rule("months_served < longest")
        + """
```parameter longest
unit: number
basis: (2)
values: {2000-01-01: 6, 2020-07-01: 12}
```
"""
    )
    person = held(pack, months_served="9")
    answers = [
        View(pack, person, one).truth(found.when)
        for one in (day("2020-06-30"), day("2020-07-01"))
        if (found := pack.at(one).rules["duty"][0])
    ]
    assert answers == [F, T]
    assert pack.parameters["longest"].at(day("2020-07-01")) == 12
    with pytest.raises(KeyError):
        pack.parameters["longest"].at(day("1999-01-01"))


def test_a_definition_is_written_like_a_rule_and_used_by_its_name() -> None:
    pack = small(
        rule("grown and not serving")
        + """
```definition grown
means:
  - (2): age(born) >= 18
```
"""
    )
    person = held(pack, born="2000-01-01", serving="no")
    found = pack.at(day("2020-01-01")).rules["duty"][0]
    assert found is not None
    assert View(pack, person, day("2020-01-01")).truth(found.when) is T


def test_definitions_may_not_run_in_a_circle() -> None:
    with pytest.raises(MusterRollError, match="in a circle: young -> fresh -> young"):
        packs.from_text(
            {
                "p": HEAD
                + CALENDAR
                + ATTRIBUTES
                + QUESTION
                + rule("young")
                + """
```definition young
means:
  - (2): fresh
```

```definition fresh
means:
  - (2): young
```
"""
            }
        )


LETTERS = """
```procedure enquiry
- (1): {letter: ask_birth_day, if: not known(born)}
- (2): {letter: confirm_birth_day, if: known(born) and age(born) >= 18}
- (3): {answer within: 30 days}
```
"""


def test_a_procedure_may_ask_whether_something_is_known() -> None:
    pack = small(RULES + LETTERS)
    on = day("2020-06-01")
    for facts, first, second in (
        ({"born": "2000-01-01"}, F, T),
        ({"born": "2000-01-01 .. 2000-02-01"}, T, F),  # known in part is not known
        ({"born": "2010-01-01"}, F, F),
        ({}, T, F),
    ):
        found = lines_in_force(pack, "enquiry", held(pack, **facts), on)
        assert [truth for _, truth in found] == [first, second, T]
    assert [term.value for term, _ in found] == ["ask_birth_day", "confirm_birth_day", "30 days"]
    assert found[0][0].only_if == "not known(born)"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("not known(born)", "not known(wealth)", "`wealth` is not declared"),
        ("not known(born)", "'known(born, serving)'", "neither true nor false"),
        (", if: not known(born)", "", "`letter` stands twice"),
        ("if: not known(born)", "if: [known(born)]", "`letter` stands twice or holds no text"),
        ("{letter: ask_birth_day, if: not known(born)}", "{if: not known(born)}", "a line cites nothing"),
    ],
)
def test_a_condition_of_a_procedure_is_read_like_any_other(old: str, new: str, says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        small(RULES + LETTERS.replace(old, new))
    assert refused.value.where.startswith("small.md:")


def test_only_one_person_is_asked_of_a_procedure() -> None:
    pack = small(RULES + LETTERS)
    period = pack.at(day("2020-06-01"))
    with pytest.raises(TypeError, match="asked of one person"):
        fold(period.only_if["enquiry", 1], day("2020-06-01"), period.calendar)
