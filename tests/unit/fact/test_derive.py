from dataclasses import replace

import pytest
from tests.unit.fact.people import (
    BORN,
    DIED,
    ON,
    POSTPONED,
    SERVING,
    SHARED_CARE,
    SHARES,
    THIRD,
    THIRD_CHILD,
    attribute,
    covered,
    day,
    fact,
    linked,
    member,
    pack,
    source,
    spell,
)

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.extract.schema import Silence
from musterroll.fact.attribute import State, ValueType
from musterroll.fact.coverage import register_coverage
from musterroll.fact.derivation import parse
from musterroll.fact.derive import covering_until, derived, held_of
from musterroll.fact.timeline import Judgement, Member, PersonFacts

POSSIBLE = Judgement.POSSIBLE
ME = 7
CIVIL = source("civil", "born", "died_on", silence=Silence.EVERYBODY)
PAY = source("pay", "serving", silence=Silence.THOSE_CONCERNED, delivery=2)
DWELLING = source("dwelling", "serving", rosters=("household",), delivery=3)
SOURCES = {1: "civil", 2: "pay", 3: "dwelling"}


def held(person, *attributes, derivations=(), wide=False, sources=(CIVIL, PAY, DWELLING), **more):
    law = pack(*attributes, derivations=derivations)
    return held_of(person, law, covered(*sources), ON, sources=SOURCES, wide=wide, **more)


# Facts


def test_somebody_of_whom_the_civil_register_has_no_death_row_is_alive():
    person = PersonFacts(ME, links=(linked("civil"),))
    found = held(person, DIED)["died_on"]
    assert (found.lo, found.hi, found.state) == (NEVER, NEVER, State.SINGLE)
    assert [(one.source, one.delivery, one.row) for one in found.evidence] == [("civil", 1, 0)]


def test_somebody_whom_the_civil_register_does_not_hold_is_not_taken_to_be_alive():
    assert held(PersonFacts(ME), DIED)["died_on"].state is State.UNKNOWN


def test_an_attribute_without_a_neutral_value_is_not_read_from_silence():
    assert held(PersonFacts(ME, links=(linked("civil"),)), BORN)["born"].state is State.UNKNOWN


def test_silence_does_not_speak_against_a_row():
    person = PersonFacts(ME, (fact(SERVING, 1, delivery=3),))
    assert held(person, SERVING)["serving"].exact == 1


def test_a_fact_of_a_source_that_is_not_fresh_is_stale():
    old = source("dwelling", "serving", as_of="2019-12-31", delivery=3)
    person = PersonFacts(ME, (fact(SERVING, 0, delivery=3),))
    found = held(person, SERVING, sources=(old, PAY))["serving"]
    assert (found.lo, found.state, len(found.evidence)) == (None, State.STALE, 1)


def test_a_protection_does_not_end_because_the_source_that_gave_it_is_late():
    late = source("pay", "serving", silence=Silence.THOSE_CONCERNED, as_of="2020-06-30", delivery=2)
    person = PersonFacts(ME, (fact(SERVING, 1, delivery=2), fact(SERVING, 0, delivery=3)), links=(linked("pay"),))
    assert held(person, SERVING)["serving"].exact == 1
    assert held(person, SERVING, sources=(late, DWELLING))["serving"].state is State.STALE
    maybe = PersonFacts(ME, (fact(SERVING, 1, delivery=2, link=POSSIBLE), fact(SERVING, 0, delivery=3)))
    assert held(maybe, SERVING, sources=(late, DWELLING), wide=True)["serving"].state is State.POSSIBLE


def test_a_fact_that_is_not_true_on_the_day_says_nothing():
    past = fact(SERVING, 1, delivery=2, valid_to=ON)
    person = PersonFacts(ME, (past,), links=(linked("pay"),))
    assert held(person, SERVING)["serving"].state is State.UNKNOWN


def test_what_was_entered_here_is_the_registers_own_word():
    own = register_coverage(["postponed_until"], {}, [])
    person = PersonFacts(ME, (fact(POSTPONED, ON + 90, delivery=-1),))
    found = held(person, POSTPONED, sources=(own,))["postponed_until"]
    assert (found.exact, [one.source for one in found.evidence]) == (ON + 90, ["register"])
    assert held(PersonFacts(ME), POSTPONED, sources=(own,))["postponed_until"].exact == FIRST_DAY


def test_the_silence_of_two_sources_agrees():
    second = source("reserve", "serving", silence=Silence.THOSE_CONCERNED)
    assert held(PersonFacts(ME), SERVING, sources=(PAY, second))["serving"].state is State.AGREED


def test_looking_back_leaves_out_what_was_learnt_later():
    person = PersonFacts(ME, (fact(BORN, 5, known_from=100), fact(BORN, 9, row=2, known_from=200)))
    assert held(person, BORN, known_at=150)["born"].exact == 5
    assert held(person, BORN, known_at=250)["born"].state is State.CONFLICT


def test_a_possible_row_changes_only_the_second_evaluation():
    person = PersonFacts(ME, (fact(SERVING, 1, delivery=2, link=POSSIBLE),), links=(linked("pay", POSSIBLE),))
    assert held(person, SERVING)["serving"].exact == 0
    assert held(person, SERVING, wide=True)["serving"].state is State.POSSIBLE


# Households


def household(*others, role="head", link=Judgement.CONFIRMED):
    return (Member(1, "household", role, 0, 0, 3, 1, 0, ME, link), *others)


def third(members, *, wide=False):
    return derived(THIRD_CHILD, PersonFacts(ME, members=members), ON, wide=wide)


CHILDREN = (member(2, "child", "2010-05-05"), member(3, "child", "2012-05-05"), member(4, "child", "2014-05-05"))


def test_the_third_child_is_the_third_from_the_youngest():
    older = member(5, "child", "2001-01-01")
    assert third(household(*CHILDREN, older)) == (day("2010-05-05"), day("2010-05-05"))


def test_two_children_make_no_third_child():
    assert third(household(*CHILDREN[:2])) == (FIRST_DAY, FIRST_DAY)


def test_a_member_of_blank_role_may_be_a_child():
    assert third(household(*CHILDREN[:2], member(4, None, "2014-05-05"))) == (FIRST_DAY, day("2010-05-05"))


def test_an_adult_of_blank_role_cannot_make_a_minor_third_child():
    assert third(household(*CHILDREN[:2], member(4, None, "1980-01-01"))) == (FIRST_DAY, day("1980-01-01"))


def test_a_child_whose_birth_date_is_blank_leaves_the_hull_open():
    assert third(household(*CHILDREN[:2], member(4, "child"))) == (day("0001-01-01"), day("2010-05-05"))


def test_children_of_the_household_are_not_a_lodgers_children():
    assert third(household(*CHILDREN, role="other")) == (FIRST_DAY, FIRST_DAY)


def test_somebody_whose_own_role_is_blank_may_be_their_parent():
    assert third(household(*CHILDREN, role=None)) == (FIRST_DAY, day("2010-05-05"))


def test_a_child_who_stands_twice_on_confirmed_links_counts_once():
    again = (member(8, "child", "2010-05-05", who=20), member(9, "child", "2010-05-06", who=20))
    assert third(household(*CHILDREN[:1], *again)) == (FIRST_DAY, FIRST_DAY)


def test_a_child_sure_in_one_row_and_possible_in_another_is_sure():
    again = (member(8, "child", "2014-05-05", who=20), member(9, None, "2014-05-05", who=20))
    assert third(household(*CHILDREN[:2], *again)) == (day("2010-05-05"), day("2010-05-05"))


def test_a_row_that_may_be_of_two_people_is_one_member():
    either = (
        member(8, "child", "2014-05-05", who=20, link=POSSIBLE),
        member(8, "child", "2014-05-05", who=21, link=POSSIBLE),
    )
    assert third(household(*CHILDREN[:1], *either)) == (FIRST_DAY, FIRST_DAY)


def test_a_household_linked_as_possible_counts_in_the_second_evaluation_only():
    members = household(*CHILDREN, link=POSSIBLE)
    assert third(members) is None
    assert third(members, wide=True) == (FIRST_DAY, day("2010-05-05"))


def test_one_of_two_rows_that_may_be_mine_is_somebody_elses():
    rows = (
        Member(1, "household", "head", 0, 0, 3, 1, 0, ME, POSSIBLE),
        Member(1, "household", "child", day("2010-05-05"), day("2010-05-05"), 3, 2, 0, ME, POSSIBLE),
        *CHILDREN[1:],
    )
    assert third(rows, wide=True) == (FIRST_DAY, day("2010-05-05"))


def test_another_possible_household_adds_only_possible_children():
    second = (
        Member(2, "household", "head", 0, 0, 3, 21, 0, ME, POSSIBLE),
        *(member(22 + n, "child", "2015-01-01", group=2) for n in range(3)),
    )
    assert third(household(*CHILDREN, *second)) == (day("2010-05-05"), day("2010-05-05"))
    assert third(household(*CHILDREN, *second), wide=True) == (day("2010-05-05"), day("2015-01-01"))


@pytest.mark.parametrize(
    ("others", "shared"),
    [
        ((member(2, "spouse", "1990-01-01"),), (1, 1)),
        ((member(2, None, "1990-01-01"),), (0, 1)),
        ((member(2, "child", "2010-01-01"),), (0, 0)),
        ((), (0, 0)),
    ],
)
def test_care_is_shared_with_another_adult_of_the_household_and_never_with_oneself(others, shared):
    assert derived(SHARED_CARE, PersonFacts(ME, members=household(*others)), ON) == shared


def test_a_derived_column_is_the_rosters_word():
    person = PersonFacts(ME, members=household(*CHILDREN), links=(linked("dwelling"),))
    found = held(person, THIRD, derivations=(THIRD_CHILD,))["third_child_born"]
    assert (found.exact, found.state, found.evidence[0].source) == (day("2010-05-05"), State.SINGLE, "dwelling")


def test_nobody_knows_the_children_of_somebody_in_no_dwelling():
    assert held(PersonFacts(ME), THIRD, derivations=(THIRD_CHILD,))["third_child_born"].state is State.UNKNOWN


def test_a_source_not_declared_or_too_old_says_nothing_of_children():
    person = PersonFacts(ME, members=household(*CHILDREN), links=(linked("dwelling"),))
    late = source("dwelling", rosters=("household",), as_of="2019-12-31")
    for sources, state in (((CIVIL,), State.UNKNOWN), ((late,), State.STALE)):
        found = held(person, THIRD, derivations=(THIRD_CHILD,), sources=sources)["third_child_born"]
        assert (found.lo, found.state) == (None, state)


def test_somebody_on_no_list_of_dependants_has_none_until_a_possible_list_says_more():
    tax = source("tax", rosters=("household",), silence=Silence.THOSE_CONCERNED)
    possible = PersonFacts(ME, members=household(*CHILDREN, link=POSSIBLE), links=(linked("tax", POSSIBLE),))
    for person, sure, wide in (
        (PersonFacts(ME), (FIRST_DAY, FIRST_DAY), (FIRST_DAY, FIRST_DAY)),
        (possible, (FIRST_DAY, FIRST_DAY), (FIRST_DAY, day("2010-05-05"))),
    ):
        for is_wide, ends in ((False, sure), (True, wide)):
            found = held(person, THIRD, derivations=(THIRD_CHILD,), sources=(tax,), wide=is_wide)
            assert (found["third_child_born"].lo, found["third_child_born"].hi) == ends


def test_a_register_without_deliveries_of_its_own_can_give_a_roster():
    own = source("register", rosters=("household",), silence=Silence.THOSE_CONCERNED, fresh=None, as_of="")
    found = held(PersonFacts(ME), THIRD, derivations=(THIRD_CHILD,), sources=(own,))["third_child_born"]
    assert (found.exact, found.evidence[0].delivery) == (FIRST_DAY, 0)


def test_two_who_share_care_are_found_by_the_same_rows():
    person = PersonFacts(ME, members=household(member(2, "partner", "1990-01-01")), links=(linked("dwelling"),))
    assert held(person, SHARES, derivations=(SHARED_CARE,))["shares_care"].exact == 1


# Other forms and fewer


def form(take, *, of="household where role = child", fewer="none", gives="date"):
    return parse("x", {"gives": gives, "from": of, "take": take, "fewer": fewer, "basis": "art. 1"})


@pytest.mark.parametrize(
    ("derivation", "members", "hull"),
    [
        (form("latest born"), household(*CHILDREN), ("2014-05-05", "2014-05-05")),
        (form("earliest born", fewer="never"), household(*CHILDREN), ("2010-05-05", "2010-05-05")),
        (form("earliest born", fewer="never"), household(), ("never", "never")),
        (form("earliest born", fewer="never"), household(member(2, None, "2010-01-01")), ("2010-01-01", "never")),
        (form("latest born", fewer="never"), household(), ("never", "never")),
        (form("latest born", fewer="never"), household(member(2, None, "2010-01-01")), ("2010-01-01", "never")),
        (form("2nd latest born", fewer="unknown"), household(*CHILDREN[:1]), None),
        (form("2nd latest born", fewer="unknown"), household(*CHILDREN[:1], member(9, None, "2010-01-01")), None),
        (form("2nd latest born", fewer="unknown"), household(*CHILDREN[:2]), ("2010-05-05", "2010-05-05")),
    ],
)
def test_the_forms_over_members(derivation, members, hull):
    found = derived(derivation, PersonFacts(ME, members=members), ON)
    assert found == (None if hull is None else (day(hull[0]), day(hull[1])))


FIRST = spell("active", "2019-01-01", "2019-07-01")
SECOND = spell("active", "2020-12-01", "2021-03-01", row=2)
MAYBE = spell("active", "2021-01-15", "2021-02-01", row=3, link=POSSIBLE)
SERVICE = "enrolment where kind = active"
TOTAL = form("total days", of="enrolment", gives="int", fewer="0")


@pytest.mark.parametrize(
    ("derivation", "spells", "wide", "hull"),
    [
        (form("latest to", of=SERVICE), (FIRST, SECOND), False, (day("2021-03-01"),) * 2),
        (form("earliest from", of=SERVICE), (FIRST, SECOND), False, (day("2019-01-01"),) * 2),
        (form("latest to", of=SERVICE), (spell("reserve", "2020-01-01", "2020-02-01"),), False, None),
        (form("latest to", of=SERVICE), (MAYBE,), False, None),
        (form("latest to", of=SERVICE), (MAYBE,), True, (FIRST_DAY, day("2021-02-01"))),
        (form("any", of=SERVICE, gives="bool", fewer="no"), (FIRST,), False, (1, 1)),
        # 181 days of 2019 and the 31 days of December 2020, up to and with the day
        (TOTAL, (FIRST, SECOND), False, (212, 212)),
        (TOTAL, (spell("a", "2020-12-31", "2021-01-01", slack=1),), False, (0, 1)),
        (form("covering from", of=SERVICE), (FIRST, SECOND), False, (day("2020-12-01"),) * 2),
        (form("covering to", of=SERVICE), (FIRST, SECOND), False, (day("2021-03-01"),) * 2),
        (form("covering to", of=SERVICE, fewer="never"), (FIRST,), False, (NEVER, NEVER)),
        (form("covering to", of=SERVICE, fewer="unknown"), (FIRST,), False, None),
        (form("covering to", of=SERVICE), (SECOND, MAYBE), True, (day("2021-02-01"), day("2021-03-01"))),
    ],
)  # fmt: skip
def test_the_forms_over_spells(derivation, spells, wide, hull):
    assert derived(derivation, PersonFacts(ME, spells=spells), ON, wide=wide) == hull


def test_the_spell_that_covers_the_day_is_chosen_until_it_ends():
    assert covering_until((FIRST, SECOND), ON) == day("2021-03-01")
    assert covering_until((FIRST,), ON) == NEVER


def test_a_number_of_days_may_be_an_attribute():
    served = attribute("days_served", 30, ValueType.INT, neutral="0")
    days = PersonFacts(ME, spells=(FIRST,), links=(linked("pay"),))
    rolls = source("pay", rosters=("enrolment",))
    found = held(days, served, derivations=(replace(TOTAL, name="days_served"),), sources=(rolls,))
    assert found["days_served"].exact == 181
