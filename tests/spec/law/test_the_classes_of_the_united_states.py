"""Chapter: in which class a registrant of the United States stands (packs/us, 32 CFR parts 1630 and 1633).

The man below is D of the pack's cases: in an exercise in which an act of Congress authorizes induction from 1 January
2027 he was ordered on 1 March to report. Nothing was found, claimed or reported of him.
"""

import random
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pytest
from tests.lawtext import anybody, without

from musterroll.dates import NEVER, parse_day
from musterroll.fact.attribute import PROTECTED_KINDS, UNKNOWN, Held, State
from musterroll.law import cases
from musterroll.law import pack as packs
from musterroll.law.declare import value_of
from musterroll.law.evaluate import decide

US = packs.load(Path(__file__).parents[3] / "packs" / "us")
LINES = tuple(line for line in cases.lines(US) if line.question == "class" and not line.readings)
D = next(line.held for line in LINES if line.case == "E1: D, nothing claimed")
ON = parse_day("2027-04-01")

# the least that puts D into each class; what is said of the others is what would contradict it
GROUNDS = {
    "1-H": {"rsn_not_required": "yes"},
    "4-F": {"acceptability": "not_acceptable"},
    "4-T": {
        "us_citizen": "no",
        "treaty_exempts": "yes",
        "treaty_applied_on": "2027-03-05",
        "resided_365_days_on": "none",
    },
    "1-W": {"alternative_ordered_on": "2027-03-20", "alternative_released_on": "never"},
    "1-C": {"component": "regular", "member_until": "never"},
    "1-D-E": {"officer_programme_until": "never"},
    "4-W": {
        "alternative_ordered_on": "2025-03-20",
        "alternative_released_on": "2027-03-20",
        "alternative_release": "completed",
    },
    "4-A-A": {"foreign_months": "12", "allied_nation": "yes", "reciprocal_nation": "yes"},
    "4-A": {"honorable_months": "12"},
    "4-G": {"family_loss": "line_of_duty"},
    "4-C": {"us_citizen": "yes", "dual_national": "yes", "treaty_exempts": "yes"},
    "4-B": {"office_until": "never"},
    "1-D-D": {"rotc_until": "never", "commission_agreed": "yes", "membership_agreed": "yes"},
    "4-D": {"minister_until": "never"},
    "3-A-S": {"hardship_separated_on": "2027-01-31"},
    "3-A": {
        "support_duty": "others",
        "hardship_found": "hardship",
        "hardship_granted_on": "2027-03-10",
        "hardship_granted_until": "never",
    },
    "2-D": {"divinity_course": "school", "divinity_certified_until": "never", "divinity_granted_until": "never"},
    "1-O-S": {"objector_separated_on": "2027-01-31"},
    "1-O": {"objector_until": "never", "acceptable_by_request": "yes"},
    "1-A-O": {"noncombatant_until": "never"},
    "1-A": {},
}
"""From the lowest of the table in 32 CFR 1633.6 to the highest; last Class 1-A, which is not in it."""

CARVED_OUT = {frozenset(("4-A", "1-D-D")): "1-D-D"}
"""32 CFR 1630.40(a): who is eligible for 1-D-D is not in 4-A, although 4-A is the lower class."""


def said(words: Mapping[str, str]) -> dict[str, Held]:
    values = {name: value_of(US.attributes[name], text, name) for name, text in words.items()}
    return {name: Held(value, value, State.SINGLE) for name, value in values.items()}


def but(*changes: Mapping[str, str]) -> dict[str, Held]:
    """D, but for these facts."""
    return {**D, **{name: fact for change in changes for name, fact in said(change).items()}}


def contradict(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return any(other.get(name, text) != text for name, text in one.items())


def like_him(chance: random.Random) -> dict[str, Held]:
    """A man of whom a few made-up facts are other than D's, and the facts of one or two grounds."""
    made_up = anybody(US, chance, hidden=0, vague=0)
    grounds = but(*(GROUNDS[name] for name in chance.sample(list(GROUNDS), chance.randint(0, 2))))
    return {**grounds, **{name: made_up[name] for name in chance.sample(list(D), chance.randint(0, 4))}}


def test_the_classes_are_twenty_one_and_are_tried_in_the_order_of_the_table() -> None:
    names = [one.name for one in US.questions["class"].classes]
    tried = [names[index] for index in US.at(ON).tried["class"]]
    assert tried == list(GROUNDS)
    assert len(tried) == 21


@pytest.mark.parametrize("name", GROUNDS)
def test_each_ground_alone_leads_to_its_class(name: str) -> None:
    assert decide(US, "class", but(GROUNDS[name]), ON).cls == name


def test_of_two_grounds_the_lower_class_wins_save_where_a_section_says_otherwise() -> None:
    """All pairs of grounds that can hold of one man together."""
    pairs = [pair for pair in combinations(GROUNDS, 2) if not contradict(GROUNDS[pair[0]], GROUNDS[pair[1]])]
    found = {pair: decide(US, "class", but(GROUNDS[pair[0]], GROUNDS[pair[1]]), ON).cls for pair in pairs}
    assert found == {pair: CARVED_OUT.get(frozenset(pair), pair[0]) for pair in pairs}
    assert len(pairs) == 208


@pytest.mark.parametrize("name", [name for name in GROUNDS if name != "1-A"])
def test_whoever_may_have_a_ground_is_not_in_class_1_a(name: str) -> None:
    """A claim that is open, or a report that is not clear, is enough (charter S1, S5)."""
    held = {**but(GROUNDS[name]), **dict.fromkeys(GROUNDS[name], UNKNOWN)}
    standing = decide(US, "class", held, ON)
    assert (standing.cls, standing.callable) == (None, False)
    assert name in standing.possible


def test_without_an_act_of_congress_nobody_is_being_processed() -> None:
    """Of everybody in the pack's cases, on every day of theirs. No act authorizes induction (50 U.S.C. 3815(c))."""
    none = Held(NEVER, NEVER, State.SINGLE)
    for line in LINES:
        assert decide(US, "class", {**line.held, "induction_authority": none}, line.on).cls == "1-H"


def test_while_nobody_has_established_that_there_is_an_act_nobody_can_be_called() -> None:
    for line in LINES:
        assert not decide(US, "class", {**line.held, "induction_authority": UNKNOWN}, line.on).callable


def test_hiding_facts_never_changes_a_class_that_is_still_decided() -> None:
    """Hide and seek with 1,500 made-up men: what is decided on part of the facts is what all the facts say."""
    chance, decided = random.Random(6), 0
    for _ in range(1_500):
        man = like_him(chance)
        known = decide(US, "class", man, ON)
        partly = decide(US, "class", without(man, set(chance.sample(list(D), 3))), ON)
        decided += partly.cls is not None
        assert partly.cls in (known.cls, None)
        assert set(known.possible) <= set(partly.possible)
    assert decided > 300


def test_only_the_facts_that_are_listed_as_burdens_ever_weigh_against_anybody() -> None:
    """Of 150 made-up men no other protected fact gives a heavier class than its neutral value (charter S2)."""
    chance = random.Random(7)
    weight = {one.name: (one.effect.burden, one.callable) for one in US.questions["class"].classes}
    protected = [one for one in US.attributes.values() if one.kind in PROTECTED_KINDS and one.name not in US.burdens]
    for _ in range(150):
        man = like_him(chance)
        standing = decide(US, "class", man, ON)
        for attribute in protected if standing.cls else ():
            plain = decide(US, "class", {**man, **said({attribute.name: attribute.neutral})}, ON)
            assert plain.cls is None or weight[standing.cls or ""] <= weight[plain.cls]


def test_only_the_two_classes_that_the_law_selects_from_can_be_called() -> None:
    assert [one.name for one in US.questions["class"].classes if one.callable] == ["1-A-O", "1-A"]  # 32 CFR 1624.4
