"""Attempts, evidence and time: what may be done, what is known, and when time starts to run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musterroll.errors import MusterRollError
from musterroll.notice import check_code
from musterroll.notice.channel import MOST_ATTEMPTS, Capability, Message, Next, Outcome, Passed, message_id, next_after
from musterroll.notice.delivery import DSN_ACTIONS, MEANINGS, Event, Evidence, Grade, grade_of
from musterroll.notice.service import DAY_AFTER, SAME_DAY, Rule, starts_on

KEY = b"k" * 32
ACCEPTED, POSTPONED, REFUSED, UNCERTAIN = Outcome.ACCEPTED, Outcome.POSTPONED, Outcome.REFUSED, Outcome.UNCERTAIN
DIED_BETWEEN = None  # the attempt was written down, the process died, nobody closed it


@pytest.mark.parametrize(
    ("attempts", "idempotent", "reconcilable", "blind", "blind_repeated"),
    [
        ([], "send", "send", "send", "send"),
        ([ACCEPTED], "wait", "wait", "wait", "wait"),
        ([REFUSED], "ask a human", "ask a human", "ask a human", "ask a human"),
        ([POSTPONED], "send", "send", "send", "send"),
        ([UNCERTAIN], "send", "look up", "ask a human", "send"),
        ([DIED_BETWEEN], "send", "look up", "ask a human", "send"),
        ([DIED_BETWEEN, ACCEPTED], "wait", "wait", "wait", "wait"),
        ([POSTPONED] * MOST_ATTEMPTS, "ask a human", "ask a human", "ask a human", "ask a human"),
        ([UNCERTAIN] * MOST_ATTEMPTS, "ask a human", "look up", "ask a human", "ask a human"),
    ],
)
def test_what_may_follow_depends_on_what_the_channel_can_do(attempts, idempotent, reconcilable, blind, blind_repeated):
    assert next_after(Capability.IDEMPOTENT, attempts) == idempotent
    assert next_after(Capability.RECONCILABLE, attempts) == reconcilable
    assert next_after(Capability.BLIND, attempts) == blind
    assert next_after(Capability.BLIND, attempts, repeat_uncertain=True) == blind_repeated


def test_every_copy_of_a_notice_has_one_message_id():
    assert message_id("2026-000017", "registry.example") == "notice.2026-000017@registry.example"


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "two\nlines"},
        {"recipient": "a@b.invalid\r\nBcc: c@d.invalid"},
        {"sender": ""},
        {"message_id": "no-domain"},
        {"message_id": "<a@b>"},
    ],
)
def test_a_message_cannot_smuggle_another_header(wrong):
    fields = {
        "notice": "2026-000017",
        "message_id": "notice.2026-000017@registry.example",
        "sender": "registry@registry.example",
        "recipient": "ada@example.invalid",
        "subject": "You have a notice",
        "text": "Sign in.\n",
    }
    assert Message(**fields).language == "en"
    with pytest.raises(ValueError):
        Message(**{**fields, **wrong})


def told(*events: Event, attempt: int = 1, channel: str = "e-mail", day: int = 10) -> list[Evidence]:
    return [Evidence(attempt, channel, event, day * 86_400 + 3_600) for event in events]


@pytest.mark.parametrize(
    ("evidence", "grade"),
    [
        ([], Grade.NOTHING),
        (told(Event.POSTPONED), Grade.NOTHING),
        (told(Event.POSTPONED, Event.ACCEPTED), Grade.SUBMITTED),
        (told(Event.REFUSED), Grade.FAILED),
        (told(Event.ACCEPTED, Event.DELAYED, Event.RELAYED), Grade.SUBMITTED),
        (told(Event.ACCEPTED, Event.FAILED), Grade.FAILED),  # it came back
        (told(Event.ACCEPTED, Event.DELIVERED), Grade.AT_MAILBOX),
        (told(Event.DELIVERED, Event.FAILED), Grade.AT_MAILBOX),  # one of two mailboxes refused it
        (told(Event.FAILED) + told(Event.ACCEPTED, attempt=2), Grade.SUBMITTED),  # another attempt is under way
        (told(Event.DELIVERED) + told(Event.REFUSED, attempt=2), Grade.AT_MAILBOX),
        (told(Event.NOT_HANDED_OVER), Grade.FAILED),
        (told(Event.ACCEPTED, Event.HANDED_OVER), Grade.HANDED_OVER),
        (told(Event.ACCEPTED, Event.FAILED, Event.CONFIRMED), Grade.RECEIVED),  # the person's word stands
    ],
)
def test_the_grade_is_what_is_known_and_not_more(evidence, grade):
    assert grade_of(evidence) is grade


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(Event))))
def test_only_a_hand_over_or_the_persons_own_word_is_receipt(events):
    evidence = [Evidence(attempt, "e-mail", event, 0) for attempt, event in events]
    receipts = {Event.HANDED_OVER, Event.CONFIRMED}
    assert grade_of(evidence).receipt == any(event in receipts for _, event in events)


def test_every_event_has_a_meaning_and_every_action_of_rfc_3464_an_event():
    assert set(MEANINGS) == set(Event)
    assert set(DSN_ACTIONS) == {"failed", "delayed", "delivered", "relayed", "expanded"}


BY_POST = Rule("post", Grade.HANDED_OVER, DAY_AFTER, "art. 13 (4)")
BY_PORTAL = Rule("portal", Grade.RECEIVED, SAME_DAY, "art. 13 (4)")


@pytest.mark.parametrize(
    ("evidence", "starts"),
    [
        ([], None),
        (told(Event.ACCEPTED, Event.DELIVERED, channel="post"), None),  # in the letter box: no time runs
        (told(Event.HANDED_OVER, channel="post"), 11),  # the day after
        (told(Event.CONFIRMED, channel="portal"), 10),  # the same day
        (told(Event.HANDED_OVER, channel="portal"), None),  # that rule wants the person's own word
        (told(Event.HANDED_OVER, channel="courier"), None),  # no rule for this channel
        (told(Event.CONFIRMED, channel="portal", day=14) + told(Event.HANDED_OVER, channel="post"), 11),
    ],
)
def test_time_starts_with_a_receipt_and_with_nothing_else(evidence, starts):
    assert starts_on([BY_POST, BY_PORTAL], evidence) == starts


def test_a_demonstration_counts_in_its_own_calendar():
    assert starts_on([BY_PORTAL], told(Event.CONFIRMED, channel="portal"), offset_days=4) == 6


def test_a_rule_says_from_which_day_it_counts_and_where_that_stands():
    for wrong in ({"counts": "at once"}, {"article": ""}):
        with pytest.raises(ValueError):
            Rule(**{"channel": "post", "grade": Grade.RECEIVED, "counts": SAME_DAY, "article": "art. 1", **wrong})


@pytest.mark.parametrize("grade", [grade for grade in Grade if not grade.receipt])
def test_no_rule_can_deem_a_notice_served(grade):
    with pytest.raises(MusterRollError, match="never deemed served") as caught:
        Rule("post", grade, DAY_AFTER, "art. 99")
    assert caught.value.code == "service.deemed"


def test_the_check_code_belongs_to_one_number_and_one_register():
    code = check_code.make(KEY, "2026-000017")
    assert check_code.check(KEY, "2026-000017", code)
    assert not check_code.check(KEY, "2026-000018", code)
    assert not check_code.check(b"another", "2026-000017", code)
    assert check_code.printed("2026-000017", code) == f"MUSTER 2026-000017 {code}"


def test_the_check_code_is_read_kindly():
    code = check_code.make(KEY, "2026-000017")
    for typed in (code.lower(), code.replace("-", ""), f" {code} ", code.replace("0", "o").replace("1", "l")):
        assert check_code.check(KEY, "2026-000017", typed)
    for wrong in ("", code[:-1], code + "0", "ä" * 11):
        assert not check_code.check(KEY, "2026-000017", wrong)


@given(st.integers(0, 10**6))
def test_every_check_code_has_its_form(number):
    code = check_code.make(KEY, f"2026-{number:07}")
    assert [len(part) for part in code.split("-")] == [4, 4, 3]
    assert not set("ILOU") & set(code)


@pytest.mark.parametrize("number", ["", "abc", "2026 17", "x" * 40, "-2026"])
def test_what_is_no_notice_number_has_no_check_code(number):
    with pytest.raises(ValueError):
        check_code.make(KEY, number)
    assert not check_code.check(KEY, number, "7K2M-9QXB-0DA")


def test_next_steps_are_few():
    assert set(Next) == {"send", "look up", "wait", "ask a human"}


def test_a_message_goes_only_with_the_gate_s_word_for_exactly_its_notice():
    message = Message("2026-000017", "notice.x@y.example", "a@y.example", "b@z.example", "You have a notice", "Text")
    message.check(Passed("2026-000017", 1))
    with pytest.raises(MusterRollError) as refused:
        message.check(Passed("2026-000018", 1))
    assert refused.value.code == "gate.not-passed"
