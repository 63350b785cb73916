"""S9: a fact entered by hand protects at once with one officer; what asks more takes two people, notice and a time."""

import pytest
from tests.register.attempts import approved, first_call, ref
from tests.registerhome import HOMELESS, LETTERS_AT, STUDENT, SUPERVISOR, WORKER

from musterroll.errors import MusterRollError


def case_of(person: int) -> str:
    from musterroll.register.acts.access import allocate_case
    from musterroll.register.models import Purpose

    return allocate_case(ref=ref(person), officer=WORKER.name, purpose=Purpose.ESTABLISH, by=SUPERVISOR, at=LETTERS_AT)


def enter(case: str, attribute: str, answer: str, **more):
    from musterroll.register.acts.enter import enter_fact

    return enter_fact(case=case, attribute=attribute, answer=answer, by=WORKER, at=LETTERS_AT, **more)


def agreed(case: str, attribute: str, answer: str) -> int:
    from musterroll.register.acts.enter import digest_of, subject_of

    return approved("enter_fact", subject_of(case, attribute), digest_of(attribute, answer, ""), WORKER, LETTERS_AT)


def callable_now(person: int) -> bool:
    from musterroll.register import overlay

    return overlay.now(person, LETTERS_AT).standings["service"].callable


@pytest.mark.parametrize(
    ("attribute", "answer"),
    [("died_on", "2020-12-01"), ("serving", "yes"), ("full_time_student", "yes"), ("in_institution", "yes")],
)
def test_what_protects_counts_in_the_same_moment_and_the_open_call_is_withdrawn(called, attribute, answer):
    from musterroll.register import policies

    call = first_call()
    done = enter(case_of(call.person), attribute, answer)
    assert (done.withdrawn, done.waits) == (1, False)
    assert policies.state_of(call).value == "withdrawn"
    assert not callable_now(call.person)


@pytest.mark.parametrize(("person", "attribute", "answer"), [(HOMELESS, "lives_in_dwelling", "yes")])
def test_what_asks_more_takes_two_people_and_waits_for_the_night(called, person, attribute, answer):
    from musterroll.register import overlay
    from musterroll.register.models import Declaration

    case = case_of(person)
    with pytest.raises(MusterRollError) as problem:
        enter(case, attribute, answer)
    assert problem.value.code == "approval.missing"
    assert Declaration.objects.count() == 0
    done = enter(case, attribute, answer, approval=agreed(case, attribute, answer))
    assert done.waits
    assert not callable_now(person)
    assert overlay.now(person, LETTERS_AT).coming["service"].callable  # the night finds it, and it waits there


def test_a_fact_beside_which_an_agency_protects_changes_nothing_and_needs_nobody_else(called):
    done = enter(case_of(STUDENT), "full_time_student", "no")
    assert (done.withdrawn, done.waits) == (0, False)
    assert not callable_now(STUDENT)  # one confirmed source that says so is enough (the law favours yes)


def test_what_the_register_itself_decides_is_not_entered_from_a_document(called):
    with pytest.raises(MusterRollError) as problem:
        enter(case_of(0), "postponed_until", "2030-01-01")
    assert problem.value.code == "enter.attribute"


def test_the_person_sees_who_entered_it(called):
    from musterroll.register.queries.person import my_record

    person = first_call().person
    enter(case_of(person), "serving", "yes")
    assert [(one.attribute, one.value, one.agency) for one in my_record(person, LETTERS_AT).facts if one.row == 0] == [
        ("serving", "yes", "Registry")
    ]
