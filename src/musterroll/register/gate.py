"""The gate before every channel (charter S11): nothing is sent before it is public.

1. A channel opens for a call only when the entries of its order and of the pack it rests on are in the log under
   checkpoints cosigned by the policy's quorum, and by at least three witnesses, for at least 72 hours.
2. The fairness figures of the draw are public by then, under such a checkpoint too.
3. There is no off switch. A fictional home may be created with a shorter time; then every page says so.
4. A withdrawal whose call went out has been through it: its order was public then, and what takes a call back waits for
   nothing.
5. Whoever calls a channel shows it the gate's word for that notice (`Passed`). It is made here and nowhere else.
6. The time counted is the witnesses', as it stands in their cosignatures; our own clock is asked only what time it is.
"""

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.notice.channel import Passed
from musterroll.register import home, log, policies, roll
from musterroll.register.models import Attempt, Entry, FairnessReport, Notice, NoticeKind, PublishedCheckpoint

LEAST_WITNESSES = 3


def open_since(entry: Entry) -> int | None:
    """The first second from which a channel may open for what this entry says; None while nobody can know."""
    seen = public_since(entry)
    return None if seen is None else seen + home.current().founding.wait_hours * 3_600


def public_since(entry: Entry) -> int | None:
    """The second by which the quorum, and at least three witnesses, had seen this entry; None where they have not."""
    index = log.index_of(entry)
    if index is None:
        return None
    terms = log.pinned()
    for published in PublishedCheckpoint.objects.filter(size__gt=index).order_by("size"):
        accepted = terms.accept(bytes(published.note), where=f"checkpoint of size {published.size}")
        seen = sorted(accepted.times.values())
        if accepted.met_at is not None and len(seen) >= LEAST_WITNESSES:
            return max(accepted.met_at, seen[LEAST_WITNESSES - 1])
    return None


def is_open(order: int, at: int) -> bool:
    """Whether a channel may open at the instant `at` for the calls of this order."""
    return all(since is not None and since <= at for since in _since(order))


def open_channel(order: int, at: int) -> None:
    """Raise MusterRollError `gate.closed` unless `is_open`."""
    _open(_since(order), at)


def _open(since: list[int | None], at: int) -> None:
    if any(one is None or one > at for one in since):
        known = [one for one in since if one is not None]
        when = dates.format_instant(max(known)) if len(known) == len(since) else "once the witnesses have cosigned"
        hours = home.current().founding.wait_hours
        raise MusterRollError(
            "gate.closed",
            f"Nothing is sent before what it rests on and the law have been public for {hours} hours under checkpoints "
            f"cosigned by the quorum and at least {LEAST_WITNESSES} witnesses, and before a draw's fairness figures "
            "are.",
            where=f"opens: {when}",
            remedy="Publish a checkpoint if that is missing, then wait. This cannot be switched off.",
        )


def is_open_for(notice: Notice, at: int) -> bool:
    """Whether a channel may open at the instant `at` for this notice."""
    return _has_been_through(notice) or all(since is not None and since <= at for since in _since_notice(notice))


def open_channel_for(notice: Notice, at: int) -> Passed:
    """The gate's word for this notice. Raises MusterRollError `gate.closed` unless `is_open_for`."""
    if not _has_been_through(notice):
        _open(_since_notice(notice), at)
    return Passed(notice.number, at)


def _has_been_through(notice: Notice) -> bool:
    """Whether this is a withdrawal of a call whose own notice was handed to a channel, hence after its gate opened."""
    told = Attempt.objects.filter(notice__call=notice.call, notice__kind=NoticeKind.CALL)
    return notice.kind == NoticeKind.WITHDRAWAL and told.exists()


def _since_notice(notice: Notice) -> list[int | None]:
    """A call's notice waits for its order and law, a letter of a campaign for the campaign and the law in force."""
    if notice.call is not None:
        return _since(notice.call.order_id)
    return [open_since(notice.campaign.entry), open_since(roll.in_force().entry)]


def _since(order: int) -> list[int | None]:
    row = policies.order_of(order)
    report = FairnessReport.objects.select_related("entry").filter(result=row.result_id).first()
    return [open_since(row.entry), open_since(row.pack.entry), public_since(report.entry) if report else None]
