"""Who is written to about their call, and when.

1. Before a letter is composed, and again before it goes out, the person is decided again. Whoever is no longer callable
   gets no letter: the call is withdrawn at once.
2. Whose call was withdrawn after its letter had been composed gets a letter that says so. Nobody else does: who was
   never told of a call need not learn of it by its end.
3. Letters are composed once and kept; sending is a second step, in which an attempt is written down before the channel
   is called (docs/flow/notice.md). Killed in between, the attempt is uncertain and is never repeated silently.
4. One person whom this channel cannot reach does not stop the others; the letter stays in their record.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.claim.progress import CallState
from musterroll.engine import letter_typst
from musterroll.notice.channel import Next
from musterroll.notice.letter import Letter
from musterroll.register import campaign as lists
from musterroll.register import gate, home, overlay, policies, roll, trust
from musterroll.register.actor import Actor
from musterroll.register.acts.attempt import begin_attempt, may_go_now, next_step, record_attempt
from musterroll.register.acts.call import no_longer_callable, withdraw_call
from musterroll.register.acts.campaign import compose_telling
from musterroll.register.acts.notice import compose_notice
from musterroll.register.channels import smtp
from musterroll.register.letter import (
    Stationery,
    call_letter,
    is_silent,
    is_within_reach,
    mailbox_of,
    telling_letter,
    withdrawal_letter,
)
from musterroll.register.models import Call, CallEvent, Campaign, Notice, NoticeKind, Telling

BY = Actor.program("notify")
ASKED_WITHIN = 36 * 3_600
"""Seconds after a night within which its questions are still worth a letter that says that they were put."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The notice numbers of all letters there are: of open calls, of withdrawn ones, in the order of calls; and those
    that no call is about, campaign by campaign."""

    calls: tuple[str, ...]
    withdrawals: tuple[str, ...]
    tellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """How many mails were handed over, and how many people this channel cannot reach."""

    handed: int
    unreachable: int


def compose(
    *,
    paper: Stationery,
    at: int,
    tellings_of: Collection[Telling] = (Telling.WORSENING, Telling.RECALLED),
    progress: Callable[[], None] = lambda: None,
) -> Composed:
    """Compose the letter of every open call, of every withdrawn one whose first letter there is, and those queued.

    Letters that only say that an agency was asked are composed where that is wanted (`muster notify` does), and within
    `ASKED_WITHIN` of the question: the person's page has said it since the same day.
    """
    calls, withdrawals = [], []
    trust.publish()
    with roll.store().kept_open():
        for call in Call.objects.select_related("order__result__draw").order_by("pk"):
            if not _ended(call, at) and policies.state_of(call) is CallState.OPEN:
                calls.append(_composed(call, NoticeKind.CALL) or _compose_call(call, paper, at))
            elif number := _withdrawal(call, paper, at):
                withdrawals.append(number)
            progress()
        now = [one for one in queued(tellings_of) if one.telling != Telling.ASKED or one.at > at - ASKED_WITHIN]
        tellings = [number for campaign in now for number in _tell(campaign, paper, at, progress)]
    return Composed(tuple(calls), tuple(withdrawals), tuple(tellings))


def queued(tellings: Collection[Telling]) -> list[Campaign]:
    """The campaigns of these kinds, oldest first."""
    return list(Campaign.objects.filter(telling__in=tellings).select_related("entry").order_by("pk"))


def _tell(campaign: Campaign, paper: Stationery, at: int, progress: Callable[[], None]) -> Iterator[str]:
    """Compose the letters of one campaign that are still to be told; give the numbers of all there are.

    Who is out of reach gets none yet, and nothing counts for them meanwhile (charter S9). A worsening that is over, or
    is waited for no longer, is told to nobody.
    """
    kind = NoticeKind(campaign.telling)
    composed = {(one.person, one.about): one.number for one in Notice.objects.filter(campaign=campaign)}
    for of in lists.opened(campaign.sha256):
        progress()
        there = composed.get((of.person, of.about))
        if there is not None:
            yield there
            continue
        seen = overlay.now(of.person, at)
        if not paper.tells(kind) or not is_within_reach(seen, at):
            continue
        if kind is NoticeKind.WORSENING and overlay.waits_until(seen, of.about) is None:
            continue
        letter = telling_letter(campaign, of, seen, paper)
        yield compose_telling(
            campaign=campaign.pk,
            of=of,
            channel=smtp.NAME,
            title=letter.heading,
            words=letter.paragraphs,
            letter=letter_typst.compose(letter, paper.words, at=at),
            by=BY,
            at=at,
        )


def send(*, paper: Stationery, channel: smtp.Smtp, at: int, progress: Callable[[], None] = lambda: None) -> Sent:
    """Tell everybody by mail who has a composed notice that may be sent now; withdrawals first.

    Raises MusterRollError `gate.closed` where a call's order and law have not been public for long enough.
    """
    handed = unreachable = 0
    with roll.store().kept_open():
        rows = (
            Notice.objects.select_related("call__order__result__draw", "campaign__entry")
            .filter(channel=smtp.NAME)
            .order_by("pk")
        )
        for row in sorted(rows, key=lambda one: one.kind != NoticeKind.WITHDRAWAL):
            progress()
            notice = _due(row, paper, channel, at)
            if notice is None:
                continue
            mailbox = mailbox_of(notice.person, at)
            if mailbox is None:
                unreachable += 1
                continue
            _hand_over(notice, mailbox, paper, channel, at)
            handed += 1
    return Sent(handed, unreachable)


def _due(notice: Notice, paper: Stationery, channel: smtp.Smtp, at: int) -> Notice | None:
    """What is to be sent on this notice: itself, the withdrawal of a call that has just ended, or nothing."""
    if next_step(notice=notice.number, capability=channel.capability) not in (Next.SEND, Next.LOOK_UP):
        return None
    if notice.call is None:
        return notice if may_go_now(notice, at) else None
    if notice.kind == NoticeKind.WITHDRAWAL:
        seen = overlay.now(notice.person, at, own_word=False)
        return notice if may_go_now(notice, at) and not is_silent(seen, paper) else None
    if policies.state_of(notice.call) is not CallState.OPEN or policies.names_another_day(notice):
        return None
    if not _ended(notice.call, at):
        return notice
    number = _withdrawal(notice.call, paper, at)
    return _due(Notice.objects.select_related("call").get(number=number), paper, channel, at) if number else None


def _hand_over(notice: Notice, mailbox: str, paper: Stationery, channel: smtp.Smtp, at: int) -> None:
    answer, passed = None, gate.open_channel_for(notice, at)
    if next_step(notice=notice.number, capability=channel.capability) is Next.SEND:
        message_id = begin_attempt(notice=notice.number, capability=channel.capability, by=BY, at=at)
    else:
        # An attempt that was never closed: whoever sent it was stopped in between. The channel knows.
        message_id = notice.attempts.latest("n").message_id
        answer = channel.kept(message_id) if channel.kept else None
    if answer is None:
        message = paper.mail.fill(
            number=notice.number,
            message_id=message_id,
            office=paper.office.name,
            sender=paper.sender,
            recipient=mailbox,
            demonstration=paper.words.demonstration if home.current().fictional else "",
        )
        answer = channel.send(message, passed=passed, at=at, attempt=message_id)
    record_attempt(notice=notice.number, answer=answer, by=BY, at=at)


def _ended(call: Call, at: int) -> bool:
    """Whether the call is over; one whose person is no longer callable is withdrawn now."""
    if policies.state_of(call) is CallState.WITHDRAWN:
        return True
    if no_longer_callable(call.person, at) is None:
        return False
    withdraw_call(call=call.pk, by=BY, at=at)
    return True


def _compose_call(call: Call, paper: Stationery, at: int) -> str:
    return _compose(call, NoticeKind.CALL, call_letter(call, overlay.now(call.person, at), paper), paper, at)


def _withdrawal(call: Call, paper: Stationery, at: int) -> str | None:
    """The number of the withdrawal's notice, composed now where it is missing; None where there is to be none."""
    event = CallEvent.objects.filter(call=call, state=CallState.WITHDRAWN.value).first()
    if event is None or _composed(call, NoticeKind.CALL) is None:
        return None
    there = _composed(call, NoticeKind.WITHDRAWAL)
    if there is not None:
        return there
    seen = overlay.now(call.person, at, own_word=False)
    if is_silent(seen, paper):
        return None
    return _compose(call, NoticeKind.WITHDRAWAL, withdrawal_letter(call, event, seen, paper, at=at), paper, at)


def _composed(call: Call, kind: NoticeKind) -> str | None:
    there = Notice.objects.filter(call=call, kind=kind, channel=smtp.NAME).first()
    return str(there.number) if there else None


def _compose(call: Call, kind: NoticeKind, letter: Letter, paper: Stationery, at: int) -> str:
    return compose_notice(
        call=call.pk,
        kind=kind,
        channel=smtp.NAME,
        title=letter.heading,
        words=letter.paragraphs,
        letter=letter_typst.compose(letter, paper.words, at=at),
        by=BY,
        at=at,
    )
