"""Where the law names categories of people to call, the pack declares them line by line, and nobody chooses."""

from pathlib import Path

import pytest
from tests.lawtext import RULES, day, held, small

from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, State
from musterroll.law import calling
from musterroll.law import pack as packs
from musterroll.law.calling import Queued

US = packs.load(Path("packs/us"))
ON = day("2027-06-01")
NOBODY = {
    "postponement_expired_on": "never",
    "volunteered_on": "never",
    "ordered_on": "never",
    "inducted_on": "never",
    "was_deferred": "no",
}


def place(**facts: str) -> tuple[str, int] | None:
    """The paragraph of somebody's category, and their day in it."""
    found = calling.place_of(US, held(US, **{**NOBODY, **facts}), ON)
    return found and (calling.categories(US)[found[0]].cite, found[1])


@pytest.mark.parametrize(
    ("facts", "paragraph", "by_day"),
    [
        # 32 CFR 1624.4: volunteers first, whatever their age
        ({"volunteered_on": "2027-03-02", "born_on_record": "2007-01-05"}, "(a)", "2027-03-02"),
        # ordered before, deferred then: his own category, before his age group
        ({"ordered_on": "2027-02-01", "was_deferred": "yes", "born_on_record": "2003-08-01"}, "(c)", None),
        # his postponement has expired: in the order of expiration, under the order he has
        ({"ordered_on": "2027-03-01", "postponement_expired_on": "2027-05-14"}, "(b)", "2027-05-14"),
        # attains 20 in this calendar year, on whatever day
        ({"born_on_record": "2007-12-31"}, "(d)", None),
        ({"born_on_record": "2006-12-31"}, "(e)", None),
        ({"born_on_record": "2002-01-01"}, "(e)", None),
        # has attained 19
        ({"born_on_record": "2008-02-01"}, "(f)", None),
        # eighteen and six months, not yet 19: by the date of birth itself
        ({"born_on_record": "2008-07-15"}, "(g)", "2008-07-15"),
    ],
)
def test_the_categories_of_the_united_states_are_those_of_their_regulation(facts, paragraph, by_day) -> None:
    assert place(**facts) == (f"32 CFR 1624.4 {paragraph}", day(by_day) if by_day else 0)


def test_who_is_in_no_category_is_not_called() -> None:
    assert place(born_on_record="2009-03-01") is None  # not eighteen and a half
    assert place(born_on_record="1990-03-01") is None


def test_the_groups_follow_one_another_in_the_order_of_the_regulation() -> None:
    cites = [(one.cite.rsplit(" ", 1)[1], one.name) for one in calling.categories(US)]
    assert cites == [
        ("(a)", "volunteers"),
        ("(b)", "postponement expired"),
        ("(c)", "deferment expired"),
        ("(d)", "age 20"),
        *(("(e)", f"age {age}") for age in range(21, 35)),
        ("(f)", "age 19"),
        ("(g)", "age 18"),
    ]


def test_what_is_not_known_brings_nobody_forward() -> None:
    """Whether he volunteered is not known: he stands where he surely stands."""
    unsure = {**held(US, **NOBODY, born_on_record="2007-12-31")}
    unsure["volunteered_on"] = Held(day("2027-01-01"), day("2028-01-01"), State.CONFLICT)
    place_, _ = calling.place_of(US, unsure, ON)
    assert calling.categories(US)[place_].name == "age 20"
    nothing = {name: fact for name, fact in unsure.items() if name != "born_on_record"}
    assert calling.place_of(US, nothing, ON) is None


def test_a_day_known_only_between_two_days_counts_as_the_later_one() -> None:
    unsure = held(US, **NOBODY)
    unsure["born_on_record"] = Held(day("2008-07-15"), day("2008-07-20"), State.CONFLICT)
    assert calling.place_of(US, unsure, ON)[1] == day("2008-07-20")


def test_people_follow_one_another_by_category_then_day_then_number_then_the_public_key() -> None:
    def one(category: int, by_day: int, number: int, rest: bytes) -> Queued:
        return Queued(category, by_day, number.to_bytes(2, "big") + rest, rest)

    turn = [
        one(0, day("2027-03-01"), 300, b"a"),  # the first volunteer, whatever his number
        one(0, day("2027-03-02"), 1, b"b"),
        one(2, 0, 7, b"c"),
        one(2, 0, 8, b"a"),  # the same number: the key that anybody can compute
        one(2, 0, 8, b"b"),
        one(9, day("2008-06-01"), 366, b"z"),  # the oldest first
        one(9, day("2008-06-02"), 2, b"y"),
    ]
    assert calling.in_turn(reversed(turn)) == tuple(turn)


LINES = """
```procedure order_of_call
- (1): {granted: earliest granted_on, if: granted_on <= on}
- (2): {all others: number}
- law silent: {same number: seed}
```
"""


def test_a_pack_without_categories_calls_by_place_alone() -> None:
    assert calling.categories(small()) == ()
    assert [one.name for one in calling.categories(small(RULES + LINES))] == ["granted", "all others"]


def test_a_category_that_goes_by_a_day_takes_nobody_of_whom_the_day_is_not_held() -> None:
    pack = small(RULES + LINES.replace("if: granted_on <= on", "if: serving"))
    assert calling.place_of(pack, held(pack, serving="yes"), ON) is None
    assert calling.place_of(pack, held(pack, serving="yes", granted_on="2020-05-01"), ON) == (0, day("2020-05-01"))
    assert calling.place_of(pack, held(pack, serving="no"), ON) == (1, 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- law silent: {same number: seed}\n", ""),
        ("same number: seed", "same number: whoever calls"),
        ("all others: number", "all others: by name"),
        ("earliest granted_on,", "earliest district,"),
        ("- (1): {granted: earliest granted_on, if: granted_on <= on}\n- (2): {all others: number}\n", ""),
    ],
)
def test_categories_that_leave_something_to_somebody_s_choice_are_refused(old, new) -> None:
    with pytest.raises(MusterRollError, match=r"\[law.calling\]"):
        calling.categories(small(RULES + LINES.replace(old, new)))


def test_a_lottery_of_dates_is_what_the_united_states_pack_draws_by() -> None:
    selection = US.selection
    assert selection is not None
    assert (selection.order, selection.birth, selection.strata) == ("number of born_on_record", "born_on_record", ())
    assert selection.total.at(US.parameters, ON) == 0  # nobody is called without an act of Congress
