"""Handing a notice to a channel, in two acts with the channel between them, and what is known of it afterwards.

1. `begin_attempt` is committed before the channel is called, and is where the gate stands (charter S11).
2. Nobody is told of a call who is no longer callable at that moment, nor a day to report that was put off since.
3. `record_attempt` closes it with the channel's answer. An attempt that was never closed is uncertain: whoever was at
   work died in between (musterroll.notice.channel).
4. Nothing here follows from a failure, for anybody (S6, X2).
"""

from musterroll import canonical
from musterroll.claim.progress import CallState
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.notice.channel import Answer, Capability, Next, Outcome, next_after
from musterroll.notice.channel import message_id as message_id_of
from musterroll.notice.delivery import Event
from musterroll.register import gate, home, permissions, policies
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.call import no_longer_callable
from musterroll.register.models import Attempt, Evidence, Notice, NoticeKind

EVENTS = {
    Outcome.ACCEPTED: Event.ACCEPTED,
    Outcome.POSTPONED: Event.POSTPONED,
    Outcome.REFUSED: Event.REFUSED,
}
"""What a channel's answer is evidence of. Uncertain is no evidence: the attempt stays open."""


def next_step(*, notice: str, capability: Capability, repeat_uncertain: bool = False) -> Next:
    """What may be done with a notice now."""
    return next_after(capability, _outcomes(_notice(notice)), repeat_uncertain=repeat_uncertain)


def may_go_now(notice: Notice, at: int) -> bool:
    """Whether the gate lets this notice through at `at`."""
    return gate.is_open_for(notice, at)


@act
def begin_attempt(*, notice: str, capability: Capability, by: Actor, at: int, repeat_uncertain: bool = False) -> str:
    """Write down that the notice is about to be handed to its channel; give the message id to send it under.

    Raises MusterRollError `gate.closed`, `notice.call-not-open`, or `attempt.not-now` where nothing may be sent now.
    """
    permissions.check_may("attempt_notice", by)
    row = _notice(notice)
    key = writing.key_of(row.person)
    gate.open_channel_for(row, at)
    if row.kind == NoticeKind.CALL:
        _check_still_called(row, at)
    outcomes = _outcomes(row)
    if next_after(capability, outcomes, repeat_uncertain=repeat_uncertain) is not Next.SEND:
        raise MusterRollError(
            "attempt.not-now",
            "Nothing may be sent now: the channel has it, or refused it, or nobody knows.",
            where=f"notice {notice}, {len(outcomes)} attempts",
            remedy="See what the channel can tell (docs/flow/notice.md), or let a person decide on another channel.",
        )
    n = len(outcomes) + 1
    message_id = message_id_of(notice, home.current().origin.split("/", 1)[0])
    entry = writing.personal(
        Act.NOTICE_ATTEMPTED,
        person=key,
        by=by,
        label=f"attempt/{notice}/{row.channel}/{n}",
        at=at,
        attempt=n,
        channel=row.channel,
        notice=notice,
    )
    Attempt.objects.create(notice=row, n=n, message_id=message_id, entry=entry, at=at)
    return message_id


@act
def record_attempt(*, notice: str, answer: Answer, by: Actor, at: int) -> None:
    """Close the notice's last attempt with the channel's answer. An uncertain answer leaves it open."""
    permissions.check_may("attempt_notice", by)
    row = _notice(notice)
    key = writing.key_of(row.person)
    attempt = row.attempts.order_by("-n").first()
    if attempt is None:
        raise MusterRollError(
            "attempt.none",
            "Nothing was handed to the channel, so it cannot have answered.",
            where=f"notice {notice}",
            remedy="Begin an attempt first.",
        )
    if answer.outcome not in EVENTS or attempt.evidence.exists():
        return
    event = EVENTS[answer.outcome]
    raw = canonical.sha256_hex(answer.words.encode())
    entry = writing.personal(
        Act.NOTICE_ATTEMPTED,
        person=key,
        by=by,
        label=f"attempt/{notice}/{row.channel}/{attempt.n}/{event.value}",
        at=at,
        answer=event.value,
        attempt=attempt.n,
        channel=row.channel,
        code=answer.code[:64],
        notice=notice,
        words=raw,
    )
    Evidence.objects.create(
        notice=row,
        attempt=attempt,
        channel=row.channel,
        event=event,
        code=answer.code[:64],
        raw_sha256=raw,
        entry=entry,
        at=at,
    )


def _check_still_called(notice: Notice, at: int) -> None:
    if policies.state_of(notice.call) is not CallState.OPEN:
        raise MusterRollError(
            "notice.call-not-open",
            "This call is held or withdrawn: no notice of it goes out.",
            where=f"notice {notice.number}",
            remedy="Nothing needs doing.",
        )
    if policies.names_another_day(notice):
        raise MusterRollError(
            "notice.other-day",
            "This letter names a day to report that has been put off since: it does not go out.",
            where=f"notice {notice.number}",
            remedy="The person's record says the day that counts; tell them on paper.",
        )
    if no_longer_callable(notice.person, at) is not None:
        raise MusterRollError(
            "notice.not-callable",
            "The person is no longer callable: no notice of this call goes out.",
            where=f"notice {notice.number}",
            remedy="Withdraw the call.",
        )


def _outcomes(notice: Notice) -> list[Outcome | None]:
    """The answers to the attempts so far, oldest first; None for one that was never closed."""
    back = {event: outcome for outcome, event in EVENTS.items()}
    found: list[Outcome | None] = []
    for attempt in notice.attempts.order_by("n"):
        first = attempt.evidence.order_by("id").first()
        found.append(None if first is None else back.get(Event(first.event), Outcome.ACCEPTED))
    return found


def _notice(number: str) -> Notice:
    row = Notice.objects.select_related("call", "campaign__entry").filter(number=number).first()
    if row is None:
        raise MusterRollError("notice.unknown", "There is no such notice.", where="notice number")
    return row
