"""S5: a "this is wrong" holds everything that is open, at once and without anybody's action."""

import pytest
from tests.register.attempts import approved, composed, first_call
from tests.registerhome import CLERK, DRAW, DRAWER, LETTERS_AT, PROGRAM, REPORT_ON, RESULT_AT, TODAY

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor


def say(person: int, attribute: str, answer: str, at: int = LETTERS_AT, **more):
    from musterroll.register.acts.declare import declare

    return declare(person=person, attribute=attribute, answer=answer, by=Actor.person(person), at=at, **more)


def state(call) -> str:
    from musterroll.register import policies

    return policies.state_of(call).value


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


@pytest.mark.parametrize(
    ("attribute", "answer", "after"),
    [
        ("full_time_student", "yes", "deferred"),
        ("in_institution", "yes", "exempt"),
        ("died_on", "2021-01-05", "not liable"),
        ("serving", "yes", "exempt"),
        ("born", "1990-01-01", ""),  # two dates: which one is right is not established
        ("lives_in_dwelling", "no", ""),
    ],
)
def test_the_call_rests_in_the_same_moment_whatever_is_said(called, attribute, answer, after):
    from musterroll.register.models import StandingNow

    call = first_call()
    declared = say(call.person, attribute, answer)
    assert state(call) == "held"
    assert declared.held == (DRAW,)
    now = StandingNow.objects.get(person=call.person)
    assert (now.effect, now.callable) == (after, after == "liable")


def test_the_hold_is_one_act_with_the_word_or_neither_is(called, ledger_refuses):
    from django.db import connection

    from musterroll.register.models import Declaration, StandingNow

    call = first_call()
    with connection.cursor() as cursor:  # the ledger takes the declaration and refuses the hold
        cursor.execute(
            "CREATE FUNCTION refuse_hold() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF NEW.act = 'call.held' THEN RAISE EXCEPTION 'the ledger refuses'; END IF; RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse_hold BEFORE INSERT ON register_entry FOR EACH ROW EXECUTE FUNCTION refuse_hold()"
        )
    with pytest.raises(Exception, match="the ledger refuses"):
        say(call.person, "serving", "yes")
    assert state(call) == "open"
    assert Declaration.objects.count() == StandingNow.objects.count() == 0


def test_no_notice_of_a_call_that_rests_goes_out(called):
    from musterroll.register.acts.attempt import begin_attempt

    ready = composed(called)
    say(first_call().person, "serving", "yes")
    assert code_of(begin_attempt, **ready, by=CLERK) == "notice.call-not-open"


def test_whoever_has_an_open_word_is_passed_over_by_the_order_of_call(rolled):
    from tests.register.attempts import result

    from musterroll.register.acts.call import approval_digest, order_call
    from musterroll.register.acts.draw import publish_result
    from musterroll.register.acts.fairness import publish_fairness
    from musterroll.register.models import Call

    digest = publish_result(**result(rolled), by=DRAWER)
    publish_fairness(draw=DRAW, by=DRAWER, at=RESULT_AT)
    for person in range(25):
        if person != 7:
            say(person, "serving", "yes", at=RESULT_AT)
    approval = approved("order_call", DRAW, approval_digest(digest, REPORT_ON), DRAWER, RESULT_AT)
    order_call(draw=DRAW, report_on=REPORT_ON, approval=approval, by=DRAWER, at=RESULT_AT)
    assert [call.person for call in Call.objects.all()] == [7]


def test_the_person_s_own_word_alone_holds_a_call_and_does_not_end_it(called):
    from musterroll.register.acts.call import withdraw_call

    call = first_call()
    say(call.person, "serving", "yes")
    assert code_of(withdraw_call, call=call.pk, by=PROGRAM, at=LETTERS_AT) == "call.still-callable"
    assert state(call) == "held"


def test_what_was_said_twice_is_one_word_and_a_second_word_follows_the_first(called):
    from musterroll.register.models import Declaration

    person = first_call().person
    first = say(person, "serving", "yes")
    assert say(person, "serving", "yes", at=LETTERS_AT + 60).receipt == first.receipt
    say(person, "full_time_student", "yes")
    say(person, "serving", "no")
    assert Declaration.objects.filter(person=person).count() == 3


def test_a_word_that_agrees_with_what_is_recorded_holds_nothing(called):
    declared = say(first_call().person, "has_served", "no")
    assert (declared.held, state(first_call())) == ((), "open")


def test_a_corrected_word_takes_the_place_of_the_first_also_after_a_night(called):
    from musterroll.register import log, overlay
    from musterroll.register.night import _declared

    person = first_call().person
    say(person, "full_time_student", "yes")
    assert overlay.has_open_word(person, LETTERS_AT)
    say(person, "full_time_student", "no")
    assert overlay.now(person, LETTERS_AT).standings["service"].callable
    assert not overlay.has_open_word(person, LETTERS_AT)
    log.sequence()
    rows = _declared(0, log.head().size)  # what the night takes into the roll
    assert rows.select("person", "delivery", "row", "lo").rows() == [(person, overlay.OWN_WORD, 0, 0)]


def test_nobody_grants_themselves_what_only_the_register_decides(called):
    from musterroll.register.queries.person import my_record

    person = first_call().person
    assert code_of(say, person, "postponed_until", "2030-01-01") == "declare.own-decision"
    assert "postponed_until" not in {one.attribute for one in my_record(person, LETTERS_AT).disputable}


def test_the_page_shows_the_word_and_its_receipt_at_once(called):
    from musterroll.register.queries.person import my_record

    call = first_call()
    before = my_record(call.person, LETTERS_AT)
    declared = say(call.person, "full_time_student", "yes")
    after = my_record(call.person, LETTERS_AT)
    assert (before.calls[0].state, after.calls[0].state, after.calls[0].why) == ("open", "held", "this is wrong")
    assert [(one.attribute, one.value, one.receipt) for one in after.own_words] == [
        ("full_time_student", "yes", declared.receipt)
    ]
    assert after.standings[0].own_word
    assert not before.standings[0].own_word


def test_an_answer_that_the_question_cannot_have_is_refused_in_words_and_holds_nothing(called):
    call = first_call()
    assert code_of(say, call.person, "property", "yes") == "declare.attribute"
    assert code_of(say, call.person, "serving", "perhaps") == "declare.value"
    assert code_of(say, call.person, "born", "2000-02-30") == "declare.value"
    assert code_of(say, call.person, "serving", "yes", since="yesterday") == "date.malformed"
    assert state(call) == "open"


def test_a_word_counts_from_the_day_that_the_person_names(called):
    from musterroll.register import overlay

    person = first_call().person
    say(person, "full_time_student", "yes", since=dates.format_day(TODAY + 3_650))
    assert overlay.now(person, LETTERS_AT).standings["service"].callable


def test_a_late_fact_of_an_agency_ends_a_call_that_rests(called):
    from tests.register.attempts import ended

    from musterroll.register.acts.call import withdraw_call

    say(first_call().person, "serving", "yes")
    ready = ended(called)
    assert withdraw_call(**ready, by=PROGRAM)
    assert state(first_call()) == "withdrawn"
    assert not withdraw_call(**ready, by=PROGRAM)
