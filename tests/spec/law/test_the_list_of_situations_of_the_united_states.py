"""Chapter: the 198 situations worked out from the text before the pack of the United States was written, all run.

Each is a case or a course of packs/us, or one of the four below, which are no answer about one person: whose record it
is, who comes first, and what a draw refuses.
"""

import re
from pathlib import Path

import pytest
from tests import situations
from tests.lawtext import day, held
from tests.published import DRAW

from musterroll.claim import course, worked
from musterroll.dates import NEVER, parse_day
from musterroll.draw import order
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate
from musterroll.draw.table import Table
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, State
from musterroll.law import calling
from musterroll.law import pack as packs
from musterroll.law.calling import Queued
from musterroll.linkage.cluster import TWO_FOUNDERS, Edge, Rules, cluster

US = packs.load(Path(__file__).parents[3] / "packs" / "us")
COURSES = worked.lines(US)


def test_every_situation_of_the_list_is_run_and_the_page_says_what_it_gave() -> None:
    made = situations.rows(US)
    assert list(made) == [
        f"{letter}{number}" for letter, most in situations.LISTED.items() for number in range(1, most + 1)
    ]
    page = situations.PAGE.read_text("utf-8")
    assert [line for line in page.splitlines() if re.match(r"\| [A-F]\d", line)] == list(made.values())
    assert situations.written(page, US) == page  # else: python -m tests.situations


def test_orders_and_claims_are_wholly_courses() -> None:
    run = {situation for line in COURSES for situation in situations.names(line.case)}
    assert {f"C{number}" for number in range(1, 23)} <= run
    assert {f"D{number}" for number in range(1, 26)} <= run


def test_nothing_is_filed_before_an_order_in_standby() -> None:
    """32 CFR 1633.3, 1636.2: whatever the claim, whatever the day, while no act of Congress authorizes induction."""
    never = Held(NEVER, NEVER, State.SINGLE)
    tried = 0
    for line in COURSES:
        if any(event.proceeding == "claim" for event in line.events):
            matter = course.run(US, {**line.held, "induction_authority": never}, line.events, line.on)
            assert not [one for one in matter.instances if one.proceeding in ("order", "claim", "appearance")]
            tried += 1
    assert tried > 100


# --- A27


def test_a27_two_registrations_of_one_name_and_birth_date_are_never_held_to_be_one_person() -> None:
    """However much speaks for it: the registration is the founding record, and two of them are never merged."""
    rules = Rules(frozenset({1, 2}), {}, lambda _founder, _record: None)
    found = cluster([Edge(1, 2, 60_000), Edge(2, 3, 40_000)], rules)
    assert (found.of[1], found.of[2], found.of[3]) == (1, 2, 2)
    assert [one.reason for one in found.refused] == [TWO_FOUNDERS]


# --- B13 and F18: who is called first


NOBODY = {
    "volunteered_on": "never",
    "ordered_on": "never",
    "inducted_on": "never",
    "was_deferred": "no",
    "postponement_expired_on": "never",
}
ON = day("2027-06-01")


def queued(number: int, rest: bytes, **facts: str) -> Queued:
    found = calling.place_of(US, held(US, **{**NOBODY, **facts}), ON)
    assert found is not None
    return Queued(*found, number.to_bytes(2, "big") + rest, rest)


def test_b13_of_two_men_with_one_number_the_public_key_says_who_is_first() -> None:
    first, second = (queued(40, rest, born_on_record="2007-06-15") for rest in (b"a", b"b"))
    assert calling.in_turn([second, first]) == (first, second)
    assert US.procedures["order_of_call"].terms[-1].cite == "interpretation AMB-2"


def test_f18_volunteer_then_postponed_then_expired_deferment_then_age_20() -> None:
    volunteer = queued(366, b"a", volunteered_on="2027-03-02", born_on_record="2004-01-05")
    ordered = {"ordered_on": "2027-03-01", "born_on_record": "2007-01-05"}
    early = queued(200, b"b", postponement_expired_on="2027-05-14", **ordered)
    late = queued(1, b"c", postponement_expired_on="2027-05-15", **ordered)
    deferred = queued(300, b"d", ordered_on="2027-02-01", was_deferred="yes", born_on_record="2003-08-01")
    age_20 = queued(1, b"e", born_on_record="2007-12-31")
    turn = (volunteer, early, late, deferred, age_20)
    assert calling.in_turn(reversed(turn)) == turn
    cites = [calling.categories(US)[one.category].cite for one in turn]
    assert cites == [f"32 CFR 1624.4 ({letter})" for letter in "abbcd"]


# --- B15


def test_b15_a_drawing_of_365_days_with_somebody_born_on_29_february_is_refused() -> None:
    leap = Candidate("XX1", parse_day("2008-02-29"), bytes(32)).entrant(DRAW, "born-2008")
    with pytest.raises(MusterRollError, match=r"29 February needs a table of 366 days.*\[cohort.undated\]"):
        order.rank_by_table(Cohort.of([leap], dated=True), bytes(32), Table(tuple(range(1, 366))))
    assert order.rank_by_table(Cohort.of([leap], dated=True), bytes(32), Table(tuple(range(1, 367)))) == (
        (leap.commitment,),
    )
