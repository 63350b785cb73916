import pytest
from tests.unit.fact.people import BORN, SERVING, fact, member, spell

from musterroll.dates import NEVER
from musterroll.fact.timeline import Fact, Judgement, Member, PersonFacts, Spell, as_at, changes_on, resolved


def test_a_fact_is_true_from_its_first_day_up_to_the_day_after_its_last():
    served = fact(SERVING, 1, valid_from=10, valid_to=20)
    assert [bool(as_at([served], on)) for on in (9, 10, 19, 20)] == [False, True, True, False]


def test_the_next_change_is_the_first_later_day_on_which_a_fact_begins_or_ceases():
    facts = [fact(SERVING, 1, valid_from=10, valid_to=20), fact(SERVING, 1, valid_from=30), fact(BORN, 5)]
    assert [changes_on(facts, on) for on in (9, 10, 20, 30)] == [10, 20, 30, NEVER]


def test_what_was_known_then_is_what_had_been_learnt_and_not_yet_superseded():
    old = fact(BORN, 5, known_from=100, known_to=200)
    new = fact(BORN, 6, row=2, known_from=200)
    person = PersonFacts(1, (old, new), (spell("a", "2020-01-01", "2021-01-01"),), (member(1, "child"),))
    assert [person.known_at(time).facts for time in (99, 100, 199, 200)] == [(), (old,), (old,), (new,)]
    assert (person.known_at(50).spells, person.known_at(50).members) == (person.spells, person.members)


def test_what_is_declared_is_laid_over_what_the_roll_holds():
    declared = fact(SERVING, 1, delivery=9)
    assert PersonFacts(1).with_facts([declared]).facts == (declared,)


def test_a_merged_person_goes_by_the_last_number():
    assert [resolved(number, {1: 2, 2: 3}) for number in (1, 2, 3, 4)] == [3, 3, 3, 4]


def test_aliases_that_run_in_a_circle_are_a_fault_of_the_program():
    with pytest.raises(ValueError, match="circle"):
        resolved(1, {1: 2, 2: 1})


@pytest.mark.parametrize(
    "make",
    [
        lambda: fact(BORN, 6, 5),
        lambda: Fact(1, 5, 5, Judgement.REFUTED, 1, 1, 1),
        lambda: Spell("r", "k", 5, 4, 9, 9, Judgement.CONFIRMED, 1, 1),
        lambda: Spell("r", "k", 4, 4, 9, 8, Judgement.CONFIRMED, 1, 1),
        lambda: Spell("r", "k", 9, 9, 4, 4, Judgement.CONFIRMED, 1, 1),
        lambda: Member(1, "r", None, 6, 5, 1, 1),
        lambda: Member(1, "r", None, 5, 5, 1, 1, person=3),
    ],
)
def test_what_cannot_be_true_cannot_be_made(make):
    with pytest.raises(ValueError, match=r"fact|spell|birth"):
        make()
