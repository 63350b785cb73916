"""Chapter: what a case may give of a person, and under which reading it may ask."""

import pytest
from tests.lawtext import BASE, RULES, small

from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, State
from musterroll.law import cases
from musterroll.law import pack as packs

CASE = "\n```case one\ngiven: {%s}\non 2020-06-01: %s\n```\n"


def test_a_fact_may_be_one_of_several_values_or_lie_between_two() -> None:
    pack = small(RULES + CASE % ("district: north | east, born: 2001-01-01 .. 2001-12-31, serving: no", "bound"))
    (line,) = cases.lines(pack)
    assert line.held["district"] == Held(0, 2, State.CONFLICT, (), 0b101)
    assert line.held["born"].state is State.CONFLICT
    assert (line.readings, cases.differs(pack, line)) == ({}, "")


def test_one_value_named_twice_is_that_value() -> None:
    (line,) = cases.lines(small(RULES + CASE % ("district: south | south", "undetermined")))
    assert line.held["district"].exact == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("serving: no | yes", "`serving` cannot be one of several values"),
        ("months_served: 3 | 5", "`months_served` cannot be one of several values"),
        ("district: north | west", "`west` is no value of `district`"),
        ("town: t1 | t65", "`town` cannot be one of several values"),
        ("serving: no .. yes", "`serving` has no values between"),
        ("district: north .. south", "`district` has no values between"),
        ("months_served: 9 .. 3", "`months_served` runs backwards"),
        ("months_served: 601", "`601` is no value of `months_served`.*a number from 0 to 600"),
        ("height: 3", "`height` is not an attribute"),
        ("like: nobody", "there is no person `nobody`"),
    ],
)
def test_what_a_case_cannot_give_is_refused_with_its_line(given: str, says: str) -> None:
    town = BASE[BASE.index("```attribute district") : BASE.index("```attribute months_served")]
    values = ", ".join(f"t{number}" for number in range(70))
    town = town.replace("district", "town").replace("north, south, east", values).replace("number: 3", "number: 33")
    pack = packs.from_text({"small.md": f"{BASE}\n{town}{RULES}{CASE % (given, 'free')}"})
    with pytest.raises(MusterRollError, match=says) as refused:
        cases.run(pack)
    assert refused.value.where.startswith("small.md:")


def test_people_are_given_once_and_cases_change_them() -> None:
    person = "\n```person somebody\ngiven: {serving: yes, district: north}\n```\n"
    pack = small(RULES + person + CASE % ("like: somebody, district: unknown", "exempt"))
    assert cases.people(pack)["somebody"]["serving"].exact == 1
    (line,) = cases.lines(pack)
    assert line.held["district"].exact is None
    assert [one.agrees for one in cases.run(pack)] == [True]
