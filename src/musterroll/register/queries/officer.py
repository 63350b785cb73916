"""What an officer sees: queues of opaque references, and one record under an opening that is in the log (S8, S14).

1. Superseded names, sex and addresses are not here at all (S12), nor what is protected.
2. A queue shows case codes; there is no list of people, no search, and no order by anything a person did or left
   undone.
"""

from dataclasses import dataclass

from musterroll.dates import format_day, format_instant
from musterroll.engine.roll import person as rolled
from musterroll.errors import MusterRollError
from musterroll.register import overlay, permissions
from musterroll.register.actor import Actor
from musterroll.register.acts.writing import ref_of
from musterroll.register.models import Access, Case
from musterroll.register.queries import filing
from musterroll.register.queries.filed import FilingView
from musterroll.register.queries.person import facts_held, standing_view
from musterroll.register.queries.record import FactHeld, Particular, StandingView

OPEN_SECONDS = 3_600
"""How long one opening lets its officer read."""
SHOWN = ("given", "middle", "family", "address", "contact", "language")


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One case in an officer's queue: its code, its purpose and since when."""

    case: str
    purpose: str
    since: str


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """What an officer sees of one person."""

    ref: str
    purpose: str
    on: str
    standings: tuple[StandingView, ...]
    facts: tuple[FactHeld, ...]
    particulars: tuple[Particular, ...]


def queue(by: Actor) -> tuple[QueueItem, ...]:
    """The officer's own open cases, oldest first."""
    officer = permissions.officer_of(by)
    if officer is None:
        return ()
    rows = Case.objects.filter(officer=officer, caseend__isnull=True).order_by("id")
    return tuple(QueueItem(one.code, one.purpose, format_instant(one.at)) for one in rows)


def opened(access: int, *, by: Actor, at: int) -> OpenedRecord:
    """The record behind one opening. Raises MusterRollError `access.not-opened` for anybody else, or an hour later."""
    row = _opening(access, by=by, at=at)
    seen = overlay.now(row.person, at)
    parts = rolled.particulars(seen.roll.store, seen.roll.snapshot, row.person)
    return OpenedRecord(
        ref=ref_of(row.person),
        purpose=row.purpose,
        on=format_day(seen.on),
        standings=tuple(standing_view(seen, question) for question in seen.standings),
        facts=tuple(one for one in facts_held(seen) if not one.valid_to or one.valid_to > format_day(seen.on)),
        particulars=tuple(
            Particular(one.kind, one.text, "", "", seen.roll.agency(seen.roll.source_of.get(one.delivery, "register")))
            for one in parts
            if one.kind in SHOWN and not one.protected and one.valid_from <= seen.on < one.valid_to
        ),
    )


def filings_opened(access: int, *, by: Actor, at: int) -> tuple[FilingView, ...]:
    """The filings of the person behind one opening, as `opened`."""
    return filing.of_person(person_opened(access, by=by, at=at), at)


def person_opened(access: int, *, by: Actor, at: int) -> int:
    """The person behind one opening, as `opened`."""
    return int(_opening(access, by=by, at=at).person)


def _opening(access: int, *, by: Actor, at: int) -> Access:
    row = Access.objects.select_related("officer").filter(pk=access, officer__handle=by.name).first()
    if row is None or not row.at <= at <= row.at + OPEN_SECONDS:
        raise MusterRollError(
            "access.not-opened",
            "This record is not open to you.",
            where=f"opening {access}",
            remedy="Open it for your case, with its purpose; an opening lasts an hour.",
        )
    return row
