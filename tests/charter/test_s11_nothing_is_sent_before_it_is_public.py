"""S11: a channel opens only when order and pack have stood under cosigned checkpoints for 72 hours. No off switch."""

import dataclasses

import pytest
from tests.register.attempts import composed
from tests.registerhome import CLERK, PROGRAM, RESULT_AT, Stage

from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor

HOURS = 3_600


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def test_a_channel_opens_after_72_hours_and_not_a_second_before(called):
    from musterroll.register import gate
    from musterroll.register.acts.attempt import begin_attempt

    order, opens = called.made["order"], RESULT_AT + 72 * HOURS
    assert not gate.is_open(order, opens - 1)
    assert gate.is_open(order, opens)
    ready = composed(called)
    early = {**ready, "at": opens - 1}
    assert code_of(begin_attempt, **early, by=CLERK) == "gate.closed"
    assert begin_attempt(**{**ready, "at": opens}, by=CLERK).startswith("notice.")


def test_an_order_that_no_checkpoint_covers_opens_nothing_however_long_one_waits(rolled):
    from tests.register.attempts import order
    from tests.registerhome import DRAWER

    from musterroll.register import gate
    from musterroll.register.acts.call import order_call

    number = order_call(**order(rolled), by=DRAWER)
    with pytest.raises(MusterRollError) as problem:
        gate.open_channel(number, RESULT_AT + 10_000 * HOURS)
    assert problem.value.code == "gate.closed"
    assert "once the witnesses have cosigned" in problem.value.where


def test_the_witnesses_time_counts_not_ours(rolled):
    """The register publishes with a clock of its own choice; the witnesses' clocks run on."""
    from tests.register.attempts import order
    from tests.registerhome import DRAWER

    from musterroll.register import gate, log
    from musterroll.register.acts.call import order_call

    number = order_call(**order(rolled), by=DRAWER)
    rolled.clock.at = RESULT_AT + 50 * HOURS  # when the witnesses saw it
    log.publish(by=PROGRAM, at=RESULT_AT)  # when we say that it was
    assert not gate.is_open(number, RESULT_AT + 121 * HOURS)
    assert gate.is_open(number, RESULT_AT + 122 * HOURS)


def test_a_policy_with_fewer_than_three_witnesses_opens_nothing(called):
    from musterroll.ledger.policy import Group
    from musterroll.register import gate, log

    terms = log.pinned()
    two = dataclasses.replace(
        terms, witnesses=terms.witnesses[:2], groups=(Group("outside", 2, ("court", "authority")),)
    )
    called.home.policy.write_bytes(two.encode())
    assert not gate.is_open(called.made["order"], RESULT_AT + 1_000 * HOURS)


def test_a_checkpoint_whose_cosignature_is_false_opens_nothing(called):
    from musterroll.ledger.note import COSIGNATURE, PrivateKey
    from musterroll.register import gate, log

    terms = log.pinned()
    strangers = tuple(
        dataclasses.replace(
            one, key=PrivateKey(one.key.name, COSIGNATURE, one.name.encode().ljust(32, b"?")).public_key
        )
        for one in terms.witnesses
    )
    called.home.policy.write_bytes(dataclasses.replace(terms, witnesses=strangers).encode())
    assert code_of(gate.is_open, called.made["order"], RESULT_AT + 1_000 * HOURS) in ("policy.quorum", "note.signature")


def test_no_setting_and_no_argument_shortens_the_time_in_a_real_home():
    from musterroll.register import gate, home

    assert code_of(home.Founding, fictional=False, origin="x", wait_hours=0) == "home.fictional-only"
    assert home.Founding(fictional=False, origin="x").wait_hours == 72
    assert set(gate.open_channel.__annotations__) == {"order", "at", "return"}


def test_a_demonstration_may_shorten_the_time_and_its_home_says_so(called: Stage):
    from musterroll.register import gate

    called.home.founding = dataclasses.replace(called.home.founding, wait_hours=1)
    assert gate.is_open(called.made["order"], RESULT_AT + HOURS)
    assert b'"wait_hours":1' in called.home.founding.encode()


def test_an_attempt_is_written_down_before_the_channel_is_called_and_never_repeated_blindly(called):
    from musterroll.notice.channel import Answer, Capability, Next, Outcome
    from musterroll.register.acts.attempt import begin_attempt, next_step, record_attempt
    from musterroll.register.models import Attempt

    ready = composed(called)
    step = {"notice": ready["notice"], "capability": Capability.BLIND}
    assert code_of(record_attempt, notice=ready["notice"], answer=Answer(Outcome.ACCEPTED, "", ""), by=CLERK, at=0) == (
        "attempt.none"
    )
    assert next_step(**step) is Next.SEND
    begin_attempt(**ready, by=CLERK)
    assert Attempt.objects.count() == 1
    assert next_step(**step) is Next.ASK_A_HUMAN  # the process died: nobody knows
    assert code_of(begin_attempt, **ready, by=CLERK) == "attempt.not-now"
    record_attempt(notice=ready["notice"], answer=Answer(Outcome.POSTPONED, "450", "later"), by=CLERK, at=ready["at"])
    assert next_step(**step) is Next.SEND


def test_sending_is_not_delivering_and_only_the_person_s_own_word_is_receipt(called):
    from tests.register.attempts import first_call

    from musterroll.notice.channel import Answer, Outcome
    from musterroll.register.acts.attempt import begin_attempt, record_attempt
    from musterroll.register.acts.receipt import confirm_receipt
    from musterroll.register.queries.person import letter, my_record

    person, ready = first_call().person, composed(called)
    shown = lambda: my_record(person, ready["at"]).notices[0]  # noqa: E731
    assert shown().grade == "nothing"
    begin_attempt(**ready, by=CLERK)
    record_attempt(notice=ready["notice"], answer=Answer(Outcome.ACCEPTED, "250", "ok"), by=CLERK, at=ready["at"])
    assert (shown().grade, shown().received) == ("submitted", False)
    confirm_receipt(notice=ready["notice"], by=Actor.person(person), at=ready["at"])
    assert (shown().grade, shown().received) == ("received", True)
    assert letter(person, ready["notice"]) == b"%PDF-letter"
    assert code_of(letter, person + 1, ready["notice"]) == "notice.unknown"
