"""What a channel can do, what came of an attempt, and what may be done next.

1. An attempt is written down before the channel is called and closed after it answered. One that was never closed is
   uncertain: the process died in between, and nobody knows whether something went out.
2. What may follow an uncertain attempt depends on what the channel can do, not on courage: an *idempotent* one refuses
   the second copy itself; a *reconcilable* one is asked first whether it has the first; a *blind* one is sent to again
   only where the pack says so, with the same number and message id, so that two copies are one notice in law.
3. No channel takes a message without the gate's word for exactly this notice (`Passed`).
4. A refusal is final for that channel. There is no retry for ever: after `MOST_ATTEMPTS` a human decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from musterroll.errors import MusterRollError

MOST_ATTEMPTS = 5


class Capability(StrEnum):
    """What a channel promises about the second copy of a message."""

    IDEMPOTENT = "idempotent"
    RECONCILABLE = "reconcilable"
    BLIND = "blind"


class Outcome(StrEnum):
    """What the channel answered. None of these is delivery, and none of them is receipt (charter S6)."""

    ACCEPTED = "accepted"
    """It took the message over and will try."""
    POSTPONED = "postponed"
    """It did not take the message; later it may."""
    REFUSED = "refused"
    """It will never take this message."""
    UNCERTAIN = "uncertain"
    """No answer: it may have the message or not."""


class Next(StrEnum):
    """What may be done after the attempts made so far."""

    SEND = "send"
    LOOK_UP = "look up"
    WAIT = "wait"
    """The channel has it: wait for evidence of delivery."""
    ASK_A_HUMAN = "ask a human"
    """Another channel, or paper: a person decides, nothing goes out by itself."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The gate's word that this notice may go out (charter S11). Every channel asks for it; only the gate gives it."""

    notice: str
    at: int


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out by electronic mail. It says that there is a notice, never what is in it."""

    notice: str
    message_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    language: str = "en"

    def check(self, passed: Passed) -> None:
        """Raise MusterRollError `gate.not-passed` unless the gate let exactly this notice through."""
        if passed.notice != self.notice:
            raise MusterRollError(
                "gate.not-passed",
                "A channel takes only the notice that the gate let through.",
                where="notice number",
                remedy="Ask the gate for this notice. This cannot be switched off.",
            )

    def __post_init__(self) -> None:
        for line in (self.notice, self.message_id, self.sender, self.recipient, self.subject, self.language):
            if not line or not line.isprintable():
                raise ValueError("the lines of a message are not empty and have no line breaks")
        if self.message_id.count("@") != 1 or any(sign in self.message_id for sign in "<> "):
            raise ValueError("a message id is `local@domain`")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: the outcome, the channel's own code, and its words for the evidence."""

    outcome: Outcome
    code: str
    words: str


def message_id(notice: str, domain: str) -> str:
    """The Message-ID of a notice: the same for every copy (RFC 5322 3.6.4)."""
    return f"notice.{notice.lower()}@{domain}"


def next_after(capability: Capability, attempts: Sequence[Outcome | None], *, repeat_uncertain: bool = False) -> Next:
    """What may follow `attempts`, oldest first; None is one that was never closed.

    `repeat_uncertain` is the pack's word on blind channels.
    """
    if not attempts:
        return Next.SEND
    last = attempts[-1] or Outcome.UNCERTAIN
    if last is Outcome.ACCEPTED:
        return Next.WAIT
    again = Next.SEND if len(attempts) < MOST_ATTEMPTS else Next.ASK_A_HUMAN
    if last is Outcome.POSTPONED or (last is Outcome.UNCERTAIN and capability is Capability.IDEMPOTENT):
        return again
    if last is Outcome.UNCERTAIN and capability is Capability.RECONCILABLE:
        return Next.LOOK_UP
    if last is Outcome.UNCERTAIN and repeat_uncertain:
        return again
    return Next.ASK_A_HUMAN
