"""Recalling a bad delivery, linkage model or law: one act finds everybody touched and takes back what went out (S10).

1. What is recalled is named by its number or digest. There is no way to name a person, a row, a value or a rule.
2. Two people from two offices (S9): the keeper proposes, a supervisor of another office agrees, and it is done.
3. Every call of somebody touched that was made since is withdrawn, open or held, in this transaction: the day to report
   is off, and no time that ran from its letter counts. Its place in the draw stays reached.
4. Who was told something is told that it is taken back: the withdrawal of a call by the next letters, all else by a
   sealed campaign. Nobody is told twice.
5. From the next night on the roll is what it would be without the delivery, or with the model's links as possible ones
   only, or under the law before. Until that night nobody is called (`policies.check_no_recall_waits`).
6. What comes back are counts. They reach a screen through the disclosure function only.
"""

from dataclasses import dataclass

from musterroll import canonical
from musterroll.claim.progress import CallState, Happening, moved
from musterroll.entry.kind import Act, Kind
from musterroll.errors import MusterRollError
from musterroll.register import campaign, permissions, policies, touched
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.campaign import queue_campaign
from musterroll.register.models import (
    Approved,
    Because,
    Call,
    CallEvent,
    Delivery,
    Entrant,
    Notice,
    NoticeKind,
    Pack,
    Recall,
    Recallable,
    Telling,
)
from musterroll.register.touched import Touched


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a recall reaches, in counts: people, their places in draws, calls that rest or oblige, letters sent."""

    people: int
    places: int
    calls: int
    letters: int


def subject_of(what: Recallable, subject: str) -> str:
    """What two people agree on: `delivery/7`, `model/1`, `pack/<digest>`."""
    return f"{what.value}/{subject}"


def digest_of(what: Recallable, subject: str) -> str:
    """The digest that the second person compares: of a delivery's file, a model's name, or the law.

    Raises MusterRollError `recall.unknown` for what was never here.
    """
    match what:
        case Recallable.DELIVERY:
            row = Delivery.objects.filter(number=int(subject)).first() if subject.isdecimal() else None
            found = None if row is None else str(row.sha256)
        case Recallable.MODEL:
            found = canonical.sha256_hex(subject_of(what, subject).encode()) if subject.isdecimal() else None
        case _:
            found = Pack.objects.filter(digest=subject).values_list("digest", flat=True).first()
    if found is None:
        raise MusterRollError(
            "recall.unknown",
            f"No such {what.value} was ever taken in here.",
            where=subject_of(what, subject)[:80],
            remedy="Name a delivery or a linkage model by its number, a law by its digest of 64 digits.",
        )
    return found


def reach(*, what: Recallable, subject: str) -> Reach:
    """How many people, places, calls and letters a recall touches: for the disclosure function, not for a screen."""
    found = touched.by(what, subject)
    calls = _calls(found)
    letters = Notice.objects.filter(at__gte=found.since or 0).values_list("person", flat=True)
    entrants = Entrant.objects.filter(draw__at__gte=found.since or 0).values_list("person", flat=True)
    told = set(letters) if found.since is not None else set()
    drawn = set(entrants) if found.since is not None else set()
    return Reach(found.people, len(found.among(drawn)), len(calls), len(found.among(told)))


@act
def recall(*, what: Recallable, subject: str, approval: int, by: Actor, at: int) -> Reach:
    """Recall it. Two people have approved (`subject_of`, `digest_of`). Done again it changes nothing."""
    permissions.check_may("recall", by)
    digest = digest_of(what, subject)
    before = reach(what=what, subject=subject)
    if Recall.objects.filter(what=what, subject=subject).exists():
        return before
    agreed = permissions.approved(Approved.RECALL, approval, subject=subject_of(what, subject), digest=digest)
    payload: dict[str, canonical.Json] = {"digest": digest, "recalled": what.value, "subject": subject}
    entry = writing.public(Kind.RECALL, payload, label=f"recall/{what.value}/{subject}", at=at)
    Recall.objects.create(what=what, subject=subject, approval=agreed, entry=entry, at=at)
    found = touched.by(what, subject)
    for call in _calls(found):
        _withdraw(call, by, at)
    _tell(found, subject_of(what, subject), by, at)
    return before


def _calls(found: Touched) -> list[Call]:
    """The calls of people touched that were made since and have not ended, in their order."""
    if found.since is None:
        return []
    rows = list(
        Call.objects.filter(at__gte=found.since).select_related("order__result__draw", "entrant").order_by("pk")
    )
    concerned = found.among({one.person for one in rows})
    return [one for one in rows if one.person in concerned and policies.state_of(one) is not CallState.WITHDRAWN]


def _withdraw(call: Call, by: Actor, at: int) -> None:
    key = writing.key_of(call.person)
    state = policies.state_of(call)
    entry = writing.personal(
        Act.CALL_WITHDRAWN,
        person=key,
        by=by,
        label=f"call.withdrawn/{call.order.digest}/{call.entrant.index}",
        at=at,
        because=Because.RECALLED.value,
        draw=call.order.result.draw.draw,
    )
    after = moved(state, Happening.NOT_CALLABLE)
    CallEvent.objects.create(call=call, state=after.value, because=Because.RECALLED, entry=entry, at=at)


def _tell(found: Touched, subject: str, by: Actor, at: int) -> None:
    """Queue a letter to everybody touched who was told since that a worsening waits: it is off, and counts anew."""
    if found.since is None:
        return
    told = Notice.objects.filter(at__gte=found.since, kind=NoticeKind.WORSENING).values_list("person", "about")
    concerned = found.among({person for person, _ in told})
    letters = sorted({(person, about) for person, about in told if person in concerned})
    queue_campaign(
        telling=Telling.RECALLED,
        subject=subject,
        letters=[campaign.Letter(person, about, 0) for person, about in letters],
        by=by,
        at=at,
    )
