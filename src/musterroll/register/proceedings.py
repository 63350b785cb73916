"""Where a filing stands: its events, as rows, asked of the stage `claim` under the law under which it was filed.

1. Nothing is decided here. The stage finds states, limits, waits, holds and next steps from the pack and the events.
2. The register itself knows eight names of a pack (docs/flow/claim.md); everything else is the pack's.
3. What time did is never handed to the stage: it finds it again, on the day that was recorded.
4. Rows later than `known_at` are left out: where a filing stood, as it was known then, can always be found again (S4).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.canonical import Json
from musterroll.claim import course
from musterroll.claim.body import Votes
from musterroll.claim.happening import Event
from musterroll.claim.matter import Matter
from musterroll.claim.position import Position, position
from musterroll.dates import NEVER
from musterroll.fact.attribute import UNKNOWN, Held, State
from musterroll.law.declare import value_of
from musterroll.law.model import attributes_of
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME, StateKind
from musterroll.register import home, roll
from musterroll.register.models import Filing, Step

CALL, ISSUED, REPORT_ON = "call", "issued", "report_on"
"""A pack's proceeding about a call, its issue, and the day to report that is told with it."""
CORRECTION, FILED, AGAIN, GRANTED, WITHDRAWN = "correction", "filed", "again", "granted", "withdrawn"
"""The proceeding about a word, its filing and what may be told with it, the word found right, the word taken back."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a filing stands on a day, and where that leaves the call.

    `holds` the call on that day or not; `free_on` is the first day on which it holds it no more, where that is known;
    `kind` what the state is that counts.
    """

    filing: Filing
    on: int
    position: Position
    holds: bool
    free_on: int | None
    kind: StateKind

    @property
    def over(self) -> bool:
        """Whether all is over: it has ended, and that counts, and it holds nothing."""
        return self.kind is StateKind.ENDED and self.position.state == self.position.formal_state and not self.holds

    @property
    def granted(self) -> bool:
        """Whether the word was found right."""
        return any(one.event == GRANTED for one in self.position.history)

    @property
    def offices(self) -> tuple[str, ...]:
        """The roles of which one has to decide now; none where that is not what is waited for."""
        if self.kind is not StateKind.PENDING:
            return ()
        may = [one.by for one in self.position.next_steps if one.may and one.by not in (PERSON, TIME)]
        return tuple(dict.fromkeys(may))

    @property
    def lapses(self) -> list[tuple[str, int]]:
        """What time did to it, as the stage finds it: event and day."""
        return [(one.event, one.day) for one in self.position.history if one.by == TIME]


def decides(pack: Pack) -> bool:
    """Whether this law has somebody decide on a word."""
    return CORRECTION in pack.proceedings


def place_of(filing: Filing, held: Mapping[str, Held], on: int, *, known_at: int | None = None) -> Place:
    """Where the filing stands on the legal day `on`, by what was known at `known_at` (all where none is named)."""
    return placed(filing, matter_of(filing, held, on, known_at=known_at))


def matter_of(filing: Filing, held: Mapping[str, Held], on: int, *, known_at: int | None = None) -> Matter:
    """The filing's events to the legal day `on`, run by the law under which it was filed.

    Each step is seen with what was recorded of the person when it was taken; `held` is what is recorded now.
    """
    pack = roll.law_under(filing.pack)
    steps = [one for one in _steps(filing, known_at) if one.on <= on]
    matter = course.begin(pack, _recorded(steps[0]) if steps else held)
    for event in _of_call(filing, pack):
        matter = course.then(matter, event)
    for one in steps:
        matter = replace(matter, held=_recorded(one))
        matter = course.at(matter, one.on) if one.role == TIME else course.then(matter, _of_step(one, known_at))
    return course.at(replace(matter, held=held), on)


def recorded(pack: Pack, held: Mapping[str, Held]) -> dict[str, Json]:
    """What a step keeps of a person: the attributes on which moves and time limits of this law turn."""
    read: set[str] = set()
    for period in pack.law.periods:
        for guard in period.guards.values():
            read |= attributes_of(guard)
    for proceeding in pack.proceedings.values():
        for span in (*proceeding.limits.values(), *proceeding.waits.values()):
            read |= {point.name for point in span.points}
    known = {name: held[name] for name in sorted(read & pack.attributes.keys()) if name in held}
    return {name: [one.lo, one.hi, one.among] for name, one in known.items()}


def placed(filing: Filing, matter: Matter) -> Place:
    """Where a filing stands in a matter, on the matter's day."""
    here = position(matter, filing.proceeding)
    holdings = [one for one in here.holds if one.target == CALL]
    known = [one.first_free for one in holdings if one.first_free is not None]
    free_on = max(known) if known and len(known) == len(holdings) else None
    kind = roll.law_under(filing.pack).proceedings[filing.proceeding].kind(here.state)
    return Place(filing, matter.day, here, bool(holdings), free_on, kind)


def event_of(
    filing: Filing, name: str, by: str, on: int, facts: Mapping[str, str], votes: Votes | None, *, told: int = NEVER
) -> Event:
    """An event as the stage takes it; `facts` as the pack writes values."""
    declared = roll.law_under(filing.pack).proceedings[filing.proceeding].facts
    given = {}
    for fact, value in facts.items():
        read = value_of(declared[fact].attribute, value, fact)
        given[fact] = Held(read, read, State.SINGLE)
    return Event(on, filing.proceeding, name, by, facts=given, told=told, votes=votes)


def votes_kept(votes: Votes | None) -> dict[str, Json]:
    """Votes as a row keeps them: numbers, and no name. Inverse of `votes_of`."""
    if votes is None:
        return {}
    numbers = {"against": votes.against, "favour": votes.favour, "members": votes.members, "present": votes.present}
    return {name: number for name, number in numbers.items() if number is not None}


def votes_of(kept: Mapping[str, int]) -> Votes | None:
    """Votes from a row."""
    if not kept:
        return None
    return Votes(kept.get("members"), kept.get("present"), kept.get("against"), kept.get("favour"))


def open_filings(persons: Collection[int]) -> list[Filing]:
    """The filings of these people that are not over, oldest first."""
    rows = Filing.objects.filter(person__in=persons, filingend__isnull=True)
    return list(rows.select_related("declaration", "call__order").order_by("id"))


def decided_by_office(filing: Filing) -> bool:
    """Whether an office has said anything but yes to it."""
    return filing.steps.exclude(role__in=(PERSON, TIME)).exclude(event=GRANTED).exists()


def was_appealed(filing: Filing) -> bool:
    """Whether the person has taken a further step after an office had decided."""
    steps = list(filing.steps.order_by("n").values_list("role", flat=True))
    offices = [at for at, role in enumerate(steps) if role not in (PERSON, TIME)]
    return bool(offices) and PERSON in steps[offices[0] :]


def worsens(filing: Filing, event: str, role: str) -> bool:
    """Whether the law says of this move that it makes things worse."""
    moves = roll.law_under(filing.pack).proceedings[filing.proceeding].of(event)
    return any(move.worsens is not None for move in moves if role in move.by)


def _steps(filing: Filing, known_at: int | None) -> list[Step]:
    rows = filing.steps.select_related("told").order_by("n")
    return [one for one in rows if known_at is None or one.at <= known_at]


def _recorded(step: Step) -> dict[str, Held]:
    """What was recorded of the person when a step was taken. Inverse of `recorded`."""
    return {
        name: UNKNOWN if lo is None else Held(lo, hi, State.SINGLE, among=among)
        for name, (lo, hi, among) in step.held.items()
    }


def _of_step(step: Step, known_at: int | None) -> Event:
    told = getattr(step, "told", None)
    on = NEVER if told is None or (known_at is not None and told.at > known_at) else told.on
    return event_of(step.filing, step.event, step.role, step.on, step.facts, votes_of(step.votes), told=on)


def _of_call(filing: Filing, pack: Pack) -> list[Event]:
    """The call's issue. That it was taken back is not told: a word about a fact outlives the call that it held."""
    call = filing.call
    if call is None or CALL not in pack.proceedings:
        return []
    issued = next(move for move in pack.proceedings[CALL].moves if move.event == ISSUED)
    report_on = call.order.report_on
    facts = {REPORT_ON: Held(report_on, report_on, State.SINGLE)} if REPORT_ON in issued.tells else {}
    return [Event(home.current().legal_day(call.order.at), CALL, ISSUED, issued.by[0], facts=facts)]
