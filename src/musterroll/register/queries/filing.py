"""Where a person's filings stand, in words: for that person, and for an officer under an opening of their case (S8).

1. Every day, limit and next step is the stage's, with its article; nothing is computed here.
2. Words are the pack's (`proceeding.NAME.state.STATE` and so on); a name that has none is shown as the pack writes it.
"""

from dataclasses import dataclass

from musterroll.dates import FIRST_DAY, NEVER, format_day
from musterroll.errors import MusterRollError
from musterroll.law.proceeding import PERSON, TIME
from musterroll.law.wording import Wording
from musterroll.register import overlay, permissions, policies, proceedings, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import decide
from musterroll.register.models import Filing, Office, Purpose, Step
from musterroll.register.overlay import Now
from musterroll.register.proceedings import FILED, WITHDRAWN, Place
from musterroll.register.queries.filed import FilingView, LimitView, MayView, StepView
from musterroll.register.queries.value import hull_text


def of_person(person: int, at: int) -> tuple[FilingView, ...]:
    """All filings of a person, the newest first."""
    seen = overlay.now(person, at, own_word=False)
    rows = Filing.objects.filter(person__in=seen.numbers or {person}).select_related("declaration").order_by("-id")
    return tuple(_view(row, seen) for row in rows)


def only_one(case: str, *, by: Actor) -> str:
    """The one filing of the case's person that is not over. Raises MusterRollError `access.*`, `filing.which`."""
    person = _person_of(case, by)
    codes = [one.code for one in proceedings.open_filings(overlay.numbers_now(person))]
    if len(codes) != 1:
        raise MusterRollError(
            "filing.which",
            f"The person of this case has {len(codes)} filings that are not over.",
            where=f"case {case}",
            remedy="Name one with --filing; muster case show lists them.",
        )
    return str(codes[0])


def takes_two(case: str, filing: str, event: str, *, by: Actor, at: int) -> bool:
    """Whether this decision of the officer's office takes two people. Raises `access.*`, `filing.unknown`."""
    row = decide.filing_of(filing, _person_of(case, by))
    officer = permissions.officer_of(by)
    assert officer is not None  # the case is one of theirs
    return decide.takes_two(row, event, officer.office.code, overlay.now(row.person, at, own_word=False))


def _person_of(case: str, by: Actor) -> int:
    return int(policies.allocated_to(case, permissions.officer_of(by), Purpose.DECIDE_CLAIM).person)


def _view(row: Filing, seen: Now) -> FilingView:
    place = proceedings.place_of(row, seen.held, seen.on)
    position = place.position
    wording = Wording(roll.law_under(row.pack))
    names = _Names(wording, row.proceeding)
    word = row.declaration
    attribute = roll.law_under(row.pack).attributes[word.attribute]
    recorded = (row.against_lo, row.against_hi)
    over = hasattr(row, "filingend")
    return FilingView(
        code=row.code,
        label=wording.label(word.attribute),
        value=hull_text(attribute, word.lo, word.hi),
        against="" if None in recorded else hull_text(attribute, *recorded),
        filed_on=format_day(row.steps.get(n=1).on),
        state=position.state,
        formal=position.formal_state,
        state_words=names.state(position.state),
        formal_words=names.state(position.formal_state),
        counts_from=_day(position.takes_effect),
        steps=tuple(_step(one, names) for one in row.steps.select_related("told").order_by("n")),
        limits=() if over else _limits(place, names),
        may=() if over else _may(place, names),
        holds=place.holds and not over,
        free_on=_day(place.free_on),
        over=over,
        granted=place.granted,
        may_take_back=not over
        and any(one.may and one.by == PERSON and one.event == WITHDRAWN for one in position.next_steps),
    )


TOLD = "told "
"""How the stage begins the name of a step that is to tell the person."""


@dataclass(frozen=True, slots=True)
class _Names:
    """The pack's words of one proceeding."""

    wording: Wording
    proceeding: str

    def state(self, name: str) -> str:
        return self._of("state", name)

    def event(self, name: str) -> str:
        return self._of("event", name)

    def limit(self, name: str) -> str:
        return self._of("limit", name)

    def who(self, role: str) -> str:
        if role in (PERSON, TIME):
            return self.wording.sentence(f"role.{role}", role)
        office = Office.objects.filter(code=role).values_list("title", flat=True).first()
        return office or self.wording.sentence(f"role.{role}", _plain(role))

    def _of(self, kind: str, name: str) -> str:
        return self.wording.sentence(f"proceeding.{self.proceeding}.{kind}.{name}", _plain(name))


def _step(row: Step, names: _Names) -> StepView:
    told = getattr(row, "told", None)
    return StepView(
        number=row.n,
        event=row.event,
        words=names.event(row.event),
        role=row.role,
        who=names.who(row.role),
        on=format_day(row.on),
        because=tuple(row.because),
        decision=row.role not in (PERSON, TIME),
        told_on="" if told is None else format_day(told.on),
        how="" if told is None else told.how,
    )


def _limits(place: Place, names: _Names) -> tuple[LimitView, ...]:
    return tuple(
        LimitView(name, names.limit(name), _day(limit.last_day), limit.why, limit.cite)
        for name, limit in place.position.limits.items()
        if limit.last_day is None or limit.last_day >= place.on
    )


def _may(place: Place, names: _Names) -> tuple[MayView, ...]:
    return tuple(
        MayView(
            one.event,
            names.event(one.event),
            one.by,
            names.who(one.by),
            _day(one.until),
            ", ".join(one.cites),
            own=one.by == PERSON and one.event not in (FILED, WITHDRAWN),
        )
        for one in place.position.next_steps
        if one.may and one.by != TIME and not one.event.startswith(TOLD)
    )


def _day(day: int | None) -> str:
    return "" if day is None or day in (NEVER, FIRST_DAY) else format_day(day)


def _plain(name: str) -> str:
    return name.replace("_", " ")
