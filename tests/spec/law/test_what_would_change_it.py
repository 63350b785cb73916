"""Chapter: what would have to be otherwise for a lighter class: stated as what the law asks for (law-engine 6.5).

Nobody is told to change a fact. What others establish is named with who establishes it.
"""

from pathlib import Path

import pytest
from tests.lawtext import BASE, RULES, day, held, rule, small

from musterroll.fact.attribute import State as Firm
from musterroll.fact.attribute import one_of
from musterroll.law import cases
from musterroll.law import pack as packs
from musterroll.law.evaluate import decide
from musterroll.law.prove import nearest
from musterroll.law.prove.nearest import IMMUTABLE, changes
from musterroll.law.wording import Wording

EXAMPLE = packs.load(Path(__file__).parents[3] / "packs" / "example")
ORDINARY = cases.people(EXAMPLE)["an ordinary man"]
ON = day("2021-01-01")


def test_the_smallest_sets_of_facts_are_found_each_with_its_class() -> None:
    found = changes(EXAMPLE, "service", ORDINARY, ON, most=20)
    assert found.complete
    assert {(way.cls, *(one.attribute for one in way.facts)) for way in found.ways} == {
        ("exempt", "serving"),
        ("exempt", "has_served"),
        ("exempt", "in_institution"),
        ("exempt", "third_child_born"),
        ("exempt", "third_dependant_born"),
        ("exempt", "youngest_child_born"),
        ("deferred", "full_time_student"),
        ("deferred", "postponed_until"),
    }


def test_each_answer_is_what_the_law_says_at_both_ends_of_its_span() -> None:
    for way in changes(EXAMPLE, "service", ORDINARY, ON, most=20).ways:
        for one in way.facts:
            for value in {one.lo, one.hi}:
                fact = one_of(1, Firm.SINGLE) if value == 0 else type(ORDINARY["born"])(value, value, Firm.SINGLE)
                assert decide(EXAMPLE, "service", {**ORDINARY, one.attribute: fact}, ON).cls == way.cls


def test_at_most_so_many_are_told() -> None:
    assert len(changes(EXAMPLE, "service", ORDINARY, ON).ways) == 3


def test_birth_sex_citizenship_residence_registration_and_own_orders_stay_as_they_are() -> None:
    assert {kind.value for kind in IMMUTABLE} == {
        *("birth", "legal sex", "citizenship", "residence area", "registration", "own earlier order"),
    }
    found = changes(EXAMPLE, "service", ORDINARY, ON, most=50)
    assert not any(EXAMPLE.attributes[one.attribute].kind in IMMUTABLE for way in found.ways for one in way.facts)


def test_a_protected_fact_is_named_with_who_establishes_it_and_never_in_the_imperative() -> None:
    words = {way.facts[0].attribute: way.words for way in changes(EXAMPLE, "service", ORDINARY, ON, most=20).ways}
    assert words["postponed_until"] == (
        "Deferred: the law asks for last day of a postponement: on or after 1 January 2021 "
        "(established by the Registry's own decision)."
    )
    assert words["serving"] == (
        "Exempt: the law asks for service in the armed forces now: yes (established by the armed forces)."
    )
    assert words["third_child_born"] == (
        "Exempt: the law asks for day of birth of the third child living with the person: "
        "2 January 2003 to 1 January 2021 (established by the dwelling register)."
    )
    serving = next(
        way.facts[0] for way in changes(EXAMPLE, "service", ORDINARY, ON, most=20).ways if "now: yes" in way.words
    )
    assert (serving.protected, serving.by) == (True, ("the armed forces",))


def test_where_no_class_is_lighter_nothing_is_said() -> None:
    exempt = {**ORDINARY, **held(EXAMPLE, serving="yes")}
    assert changes(EXAMPLE, "service", exempt, ON).ways == ()


def test_of_somebody_undetermined_nothing_is_said() -> None:
    unknown = {name: fact for name, fact in ORDINARY.items() if name != "serving"}
    assert changes(EXAMPLE, "service", unknown, ON).ways == ()


def test_a_fact_that_is_not_established_may_have_to_be() -> None:
    both = rule("serving and months_served > 6", name="spared", gives="exempt")
    pack = small(both + rule("age(born) >= 18"))
    (way,) = changes(pack, "duty", held(pack, born="2000-05-17", serving="no"), ON).ways
    assert {one.attribute for one in way.facts} == {"serving", "months_served"}


def test_two_facts_may_have_to_be_otherwise_together() -> None:
    both = rule("serving and months_served > 6", name="spared", gives="exempt")
    pack = small(both + rule("age(born) >= 18"))
    person = held(pack, born="2000-05-17", serving="no", months_served="2")
    (way,) = changes(pack, "duty", person, ON).ways
    assert {one.attribute for one in way.facts} == {"serving", "months_served"}
    assert "months served: at least 7" in way.words
    assert "; " in way.words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("months_served <= 6", "months served: at most 6"),
        ("months_served > 6", "months served: at least 7"),
        ("months_served == 6", "months served: 6"),
        ("6 <= months_served <= 7", "months served: 6 to 7"),
        ("waived_on <= on", "day of the waiver: on or before 1 January 2021"),
        ("waived_on > on", "day of the waiver: on or after 2 January 2021"),
        ("waived_on == never", "day of the waiver: never"),
        ("waived_on == 2020-01-01", "day of the waiver: 1 January 2020"),
    ],
)
def test_values_are_told_as_the_span_that_the_law_allows(condition: str, words: str) -> None:
    base = BASE + (
        "\n```attribute waived_on\nnumber: 78\nkind: own declaration\ntype: date\nbasis: (1)\n"
        "label: day of the waiver\nproof: person\nunknown: asked\nanswers: [person]\n```\n"
    )
    pack = small(rule(condition, name="spared", gives="exempt") + rule("age(born) >= 18"), base)
    other = {"waived_on <= on": "2022-01-01", "waived_on > on": "2019-01-01"}.get(condition, "2015-01-01")
    months = "2" if condition != "months_served <= 6" else "20"
    person = held(pack, born="2000-05-17", months_served=months, waived_on=other)
    (way,) = changes(pack, "duty", person, ON).ways
    assert words in way.words


def test_a_span_reaches_over_values_that_only_other_rules_tell_apart() -> None:
    others = "".join(
        rule(f"months_served > {months} and serving", name=f"other{months}", gives="free") for months in (6, 9, 12, 15)
    )
    pack = small(rule("3 < months_served <= 20", name="spared", gives="exempt") + others + rule("age(born) >= 18"))
    person = held(pack, born="2000-05-17", months_served="2", serving="no")
    words = [way.words for way in changes(pack, "duty", person, ON).ways]
    assert any("months served: 4 to 20" in one for one in words)
    looking = nearest._Looking(pack, "duty", person, ON, nearest.EFFORT)
    looking.found = held(pack, months_served="11")
    assert looking.way(("months_served",), Wording(pack)).facts[0].asks == "months served: 4 to 20"


def test_an_answer_that_the_evaluator_does_not_confirm_is_a_programming_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "answer", lambda view, period, asked: "bound")
    pack = small()
    with pytest.raises(RuntimeError, match="does not confirm"):
        changes(pack, "duty", held(pack, born="2000-05-17", serving="no"), ON)


def test_facts_that_are_only_partly_known_stay_so() -> None:
    pack = small(rule("granted_on <= on", name="spared", gives="exempt") + RULES)
    person = held(pack, born="2000-01-01 .. 2000-12-31", granted_on="never", serving="no")
    person["district"] = one_of(0b011, Firm.CONFLICT)
    found = changes(pack, "duty", person, ON)
    assert [[one.attribute for one in way.facts] for way in found.ways] == [["serving"]]


def test_a_value_that_is_one_of_several_may_have_to_be_one() -> None:
    base = BASE + (
        "\n```attribute trade\nnumber: 78\nkind: own declaration\ntype: enum\nvalues: [baker, smith, miller]\n"
        "basis: (1)\nlabel: trade\nproof: person\nunknown: asked\nanswers: [person]\n```\n"
    )
    pack = small(rule("trade == baker", name="spared", gives="exempt") + rule("age(born) >= 18"), base)
    person = held(pack, born="2000-05-17")
    person["trade"] = one_of(0b110, Firm.CONFLICT)
    (way,) = changes(pack, "duty", person, ON).ways
    assert way.words == "Exempt: the law asks for trade: baker."


def test_where_the_solver_gives_up_this_is_told() -> None:
    found = changes(EXAMPLE, "service", ORDINARY, ON, most=20, effort=1)
    assert not found.complete
