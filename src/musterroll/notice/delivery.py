"""Evidence of delivery, graded as it is (charter S6).

1. Sending is not delivering, and a mailbox is not a person. The only receipts are the person's own "I received this"
   and the carrier's hand-over.
2. Signing in, opening a page and a mail program's read receipt (RFC 8098) are no events: they are not evidence and are
   not kept.
3. A failure is written down for the register to put right. Nothing may follow from it for the person.
4. Events keep the names of the standards: the actions of RFC 3464 (2.3.3), and the evidence of ETSI EN 319 522-1 (6.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Grade(IntEnum):
    """How much is known about where a notice is; a higher one includes the lower ones."""

    NOTHING = 0
    """Nothing went out."""
    FAILED = 1
    """It went out and came to nothing."""
    SUBMITTED = 2
    """A carrier took it over: an MTA, a post office."""
    AT_MAILBOX = 3
    """It lies in the mailbox or letter box. Whether anybody saw it is unknown."""
    HANDED_OVER = 4
    """The carrier gave it to the person and says so."""
    RECEIVED = 5
    """The person said "I received this"."""

    @property
    def receipt(self) -> bool:
        """Whether the person has it. Only then may anything follow."""
        return self >= Grade.HANDED_OVER


class Event(StrEnum):
    """What happened to one attempt."""

    ACCEPTED = "accepted for relay"
    POSTPONED = "not taken yet"
    REFUSED = "refused"
    RELAYED = "relayed"
    DELAYED = "delayed"
    EXPANDED = "expanded"
    DELIVERED = "delivered"
    FAILED = "failed"
    HANDED_OVER = "handed over"
    NOT_HANDED_OVER = "not handed over"
    CONFIRMED = "the person received it"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an event shows, and its name in ETSI EN 319 522-1 (empty where that standard has none)."""

    grade: Grade
    etsi: str


MEANINGS: dict[Event, Meaning] = {
    Event.ACCEPTED: Meaning(Grade.SUBMITTED, "RelayToNonERDS"),
    Event.POSTPONED: Meaning(Grade.NOTHING, ""),
    Event.REFUSED: Meaning(Grade.FAILED, "RelayToNonERDSFailure"),
    Event.RELAYED: Meaning(Grade.SUBMITTED, "RelayToNonERDS"),
    Event.DELAYED: Meaning(Grade.SUBMITTED, ""),
    Event.EXPANDED: Meaning(Grade.SUBMITTED, ""),
    Event.DELIVERED: Meaning(Grade.AT_MAILBOX, "ContentConsignment"),
    Event.FAILED: Meaning(Grade.FAILED, "ContentConsignmentFailure"),
    Event.HANDED_OVER: Meaning(Grade.HANDED_OVER, "ContentHandover"),
    Event.NOT_HANDED_OVER: Meaning(Grade.FAILED, "ContentHandoverFailure"),
    Event.CONFIRMED: Meaning(Grade.RECEIVED, ""),
}

DSN_ACTIONS: dict[str, Event] = {
    "failed": Event.FAILED,
    "delayed": Event.DELAYED,
    "delivered": Event.DELIVERED,
    "relayed": Event.RELAYED,
    "expanded": Event.EXPANDED,
}
"""RFC 3464 2.3.3: the action of a delivery status notification. Another action is no evidence."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One event of one attempt, by a channel, at a second, with the digest of the carrier's own bytes where kept."""

    attempt: int
    channel: str
    event: Event
    at: int
    raw_sha256: str = ""


def grade_of(evidence: Iterable[Evidence]) -> Grade:
    """What all the evidence about one notice shows: the best of its attempts.

    A failure takes back that a carrier had it, not that it arrived.
    """
    attempts: dict[int, list[Grade]] = {}
    for item in evidence:
        attempts.setdefault(item.attempt, []).append(MEANINGS[item.event].grade)
    return max((_of_attempt(grades) for grades in attempts.values()), default=Grade.NOTHING)


def _of_attempt(grades: list[Grade]) -> Grade:
    best = max(grades)
    return Grade.FAILED if Grade.FAILED in grades and best < Grade.AT_MAILBOX else best
