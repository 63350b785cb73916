"""When time starts to run after a notice (the pack's data, one rule a channel).

1. Time starts with a receipt only: the carrier's hand-over or the person's own "I received this". A rule that would
   start it with sending, with a mailbox or with a number of days after posting cannot be made (charter S6, X4).
2. A channel without a rule starts no time. Neither does an outage of ours, a stale address or returned post.
3. Whether the day of receipt counts is the law's word: `day after` or `same day`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from musterroll.dates import day_of_instant
from musterroll.errors import MusterRollError
from musterroll.notice.delivery import MEANINGS, Evidence, Grade

DAY_AFTER = "day after"
SAME_DAY = "same day"


@dataclass(frozen=True, slots=True)
class Rule:
    """On `channel`, time starts when the evidence reaches `grade`; `counts` says from which day. `article`: where."""

    channel: str
    grade: Grade
    counts: str
    article: str

    def __post_init__(self) -> None:
        if self.counts not in (DAY_AFTER, SAME_DAY) or not self.article:
            raise ValueError("a rule counts from the `day after` or the `same day`, and cites its article")
        if not self.grade.receipt:
            raise MusterRollError(
                "service.deemed",
                "This rule would start time without a receipt: a notice is never deemed served by being sent.",
                where=f"{self.article}, channel {self.channel}",
                remedy="Let time start with `handed over` or `received`. This cannot be switched off (charter S6).",
            )


def starts_on(rules: Sequence[Rule], evidence: Iterable[Evidence], *, offset_days: int = 0) -> int | None:
    """The first day that counts after the earliest receipt that a rule accepts; None while no time runs.

    `offset_days` is the calendar of a fictional home. A person's own confirmation on any channel fits the rule of the
    channel on which it was given.
    """
    days = [
        day_of_instant(item.at) - offset_days + (rule.counts == DAY_AFTER)
        for item in evidence
        for rule in rules
        if rule.channel == item.channel and MEANINGS[item.event].grade >= rule.grade
    ]
    return min(days, default=None)
