"""What was sent, and what is known of its arrival: one notice, attempt by attempt, as a table."""

import pytest

from musterroll.notice.channel import Capability, Next, Outcome, next_after
from musterroll.notice.delivery import Event, Evidence, Grade, grade_of
from musterroll.notice.service import DAY_AFTER, Rule, starts_on

DAY = 86_400
RULES = (
    Rule("post", Grade.HANDED_OVER, DAY_AFTER, "art. 13 (4)"),
    Rule("portal", Grade.RECEIVED, DAY_AFTER, "art. 13 (4)"),
)


@pytest.mark.parametrize(
    ("story", "events", "grade", "time_runs_from_day"),
    [
        (
            "the mail server took it over, and nothing was heard since",
            [(1, "e-mail", Event.ACCEPTED)],
            "SUBMITTED",
            None,
        ),
        ("it lies in the mailbox; nobody knows who reads it", [(1, "e-mail", Event.DELIVERED)], "AT_MAILBOX", None),
        (
            "the address is stale: the mail came back",
            [(1, "e-mail", Event.ACCEPTED), (2, "e-mail", Event.FAILED)],
            "FAILED",
            None,
        ),
        ("the carrier found nobody at home and left a card", [(3, "post", Event.NOT_HANDED_OVER)], "FAILED", None),
        ("the carrier put it into the letter box", [(3, "post", Event.DELIVERED)], "AT_MAILBOX", None),
        ("the carrier handed it over and has the signature", [(3, "post", Event.HANDED_OVER)], "HANDED_OVER", 4),
        (
            "the person said: I received this",
            [(1, "e-mail", Event.ACCEPTED), (5, "portal", Event.CONFIRMED)],
            "RECEIVED",
            6,
        ),
        (
            "the mail came back, but the person found it in their record and says so",
            [(1, "e-mail", Event.FAILED), (7, "portal", Event.CONFIRMED)],
            "RECEIVED",
            8,
        ),
    ],
)
def test_time_runs_from_a_receipt_only(story, events, grade, time_runs_from_day):
    evidence = [Evidence(1, channel, event, day * DAY) for day, channel, event in events]
    assert grade_of(evidence) is Grade[grade], story
    assert starts_on(RULES, evidence) == time_runs_from_day, story


def test_a_crash_between_writing_down_and_sending_never_sends_twice_by_itself():
    # The attempt is in the database, the answer is not: the mail may be out or not.
    assert next_after(Capability.BLIND, [None]) is Next.ASK_A_HUMAN
    assert next_after(Capability.RECONCILABLE, [None]) is Next.LOOK_UP
    # The pack allows the repeat on this channel: the same number, the same message id, one notice in law.
    assert next_after(Capability.BLIND, [None], repeat_uncertain=True) is Next.SEND


def test_a_server_that_asks_to_wait_is_asked_again_and_not_for_ever():
    attempts: list[Outcome | None] = []
    while next_after(Capability.BLIND, attempts) is Next.SEND:
        attempts.append(Outcome.POSTPONED)
    assert len(attempts) == 5
