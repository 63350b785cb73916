"""A word becomes a filing, each event a step, and what follows from the steps is done in the act that took one.

1. A step is taken only where the stage lets it happen; refused, nothing is written, and the paragraph is said.
2. What ran out until then is written first, each lapse with an entry of its own: nothing lapses unseen.
3. `settle` is all that ever ends a hold: a filing that is over by the law closes its word; a call is withdrawn where
   the person is no longer callable, counts again where nothing holds it any more, and rests again where a later step
   of the person's holds it. Nobody is asked and nobody can
   do it by hand (charter S5): it stands in the log as done by the register itself, in whosever act it was found.
"""

from collections.abc import Mapping, Sequence

from musterroll import ids
from musterroll.canonical import Json
from musterroll.claim import course
from musterroll.claim.body import Votes
from musterroll.claim.progress import CallState, Happening, moved
from musterroll.dates import format_day
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import UNKNOWN, Held
from musterroll.law.proceeding import PERSON, TIME
from musterroll.register import home, overlay, policies, proceedings, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.call import no_longer_callable, withdraw_call
from musterroll.register.acts.standing import write_standings
from musterroll.register.models import (
    Approval,
    Because,
    Call,
    CallEvent,
    Declaration,
    Filing,
    FilingEnd,
    Step,
)
from musterroll.register.overlay import Now
from musterroll.register.proceedings import AGAIN, CORRECTION, FILED, Place

BY = Actor.program("filings")


def open_filing(declaration: Declaration, seen: Now, by: Actor, at: int) -> Filing:
    """Make the word a filing: its first step. `seen` is the person without any word of their own.

    Raises MusterRollError `filing.refused` where the law does not hear it.
    """
    held = seen.held.get(declaration.attribute, UNKNOWN)
    live = [
        one
        for one in Call.objects.filter(person__in=seen.numbers).order_by("id")
        if policies.state_of(one) is not CallState.WITHDRAWN
    ]
    said = Filing.objects.filter(person=declaration.person).count() + 1
    again = _heard_before(declaration, held, seen)
    label = f"filing/{declaration.person}/{said}"
    filing = Filing.objects.create(
        code=ids.code(home.current().keys.secret("entry"), "F", "filing", label),
        person=declaration.person,
        proceeding=CORRECTION,
        declaration=declaration,
        call=live[-1] if live else None,
        against_lo=held.lo,
        against_hi=held.hi,
        pack=seen.roll.pack.digest,
        at=at,
    )
    tells = {AGAIN: "yes" if again else "no"} if AGAIN in seen.roll.pack.proceedings[CORRECTION].facts else {}
    take_step(filing, FILED, PERSON, Act.CLAIM_FILED, seen.held, by, at, facts=tells)
    return filing


def take_step(
    filing: Filing,
    event: str,
    role: str,
    said: Act,
    held: Mapping[str, Held],
    by: Actor,
    at: int,
    *,
    facts: Mapping[str, str] | None = None,
    votes: Votes | None = None,
    because: Sequence[str] = (),
    approval: Approval | None = None,
    case: str = "",
) -> Step:
    """Write one step, after what ran out before it. Raises MusterRollError `filing.refused` where it may not happen."""
    on = home.current().legal_day(at)
    write_lapses(filing, held, at)
    check_may_happen(filing, event, role, held, at, facts=facts, votes=votes)
    details: dict[str, Json] = {
        "event": event,
        "filing": filing.code,
        "on": format_day(on),
        "role": role,
        **({"because": list(because)} if because else {}),
        **({"case": case} if case else {}),
        **({"votes": proceedings.votes_kept(votes)} if votes else {}),
    }
    return _write(filing, held, event, role, on, said, by, at, details, facts or {}, votes, because, approval)


def check_may_happen(
    filing: Filing,
    event: str,
    role: str,
    held: Mapping[str, Held],
    at: int,
    *,
    facts: Mapping[str, str] | None = None,
    votes: Votes | None = None,
) -> None:
    """Raise MusterRollError `filing.refused` unless the law lets this happen now."""
    on = home.current().legal_day(at)
    before = proceedings.matter_of(filing, held, on)
    tried = course.then(before, proceedings.event_of(filing, event, role, on, facts or {}, votes))
    if len(tried.refused) > len(before.refused):
        last = tried.refused[-1]
        raise MusterRollError(
            "filing.refused",
            f"The law does not let this happen now: {last.what}",
            where=f"{event} by {role}, {', '.join(last.cites)}" if last.cites else f"{event} by {role}",
            remedy="See what may be done, by whom and until when: muster case show, or the person's page.",
        )


def write_lapses(filing: Filing, held: Mapping[str, Held], at: int) -> int:
    """Write what time has done to the filing and nobody has written yet; how much that was."""
    place = proceedings.place_of(filing, held, home.current().legal_day(at))
    known = filing.steps.filter(role=TIME).count()
    for event, day in place.lapses[known:]:
        details: dict[str, Json] = {"event": event, "filing": filing.code, "on": format_day(day), "role": TIME}
        _write(filing, held, event, TIME, day, Act.CLAIM_LAPSED, BY, at, details, {}, None, (), None)
    return len(place.lapses) - known


def settle(person: int, at: int) -> None:
    """Do what follows from where the person's filings stand: words close, calls end or count again."""
    seen = overlay.now(person, at, own_word=False)
    numbers = seen.numbers or frozenset({person})
    holding = []
    for filing in proceedings.open_filings(numbers):
        write_lapses(filing, seen.held, at)
        place = proceedings.place_of(filing, seen.held, seen.on)
        if place.over:
            _close(place, at)
        elif place.holds:
            holding.append(filing.declaration)
    calls = Call.objects.filter(person__in=numbers).select_related("order__result__draw", "entrant").order_by("id")
    for call in calls:
        state = policies.state_of(call)
        if state is CallState.WITHDRAWN:
            continue
        if no_longer_callable(call.person, at) is not None:
            withdraw_call(call=call.pk, by=BY, at=at)
        elif state is CallState.HELD and not overlay.has_open_word(person, at) and _held_by_word(call):
            _resume(call, seen, at)
    if holding:
        hold_calls(person, holding[-1], BY, at)


def hold_calls(person: int, declaration: Declaration, by: Actor, at: int) -> None:
    """Every open call of the person rests from now on."""
    said = Declaration.objects.filter(person=person).count()
    for call in (
        Call.objects.filter(person__in=overlay.numbers_now(person)).select_related("order", "entrant").order_by("id")
    ):
        state = policies.state_of(call)
        if state is CallState.WITHDRAWN or moved(state, Happening.FILED) is state:
            continue
        before = CallEvent.objects.filter(call=call).count()
        label = f"call.held/{call.order.digest}/{call.entrant.index}/{said}" + (f"/{before}" if before else "")
        entry = writing.personal(
            Act.CALL_HELD,
            person=call.person,
            by=by,
            label=label,
            at=at,
            because=Because.DECLARED.value,
            draw=call.order.result.draw.draw,
        )
        CallEvent.objects.create(
            call=call, state=CallState.HELD.value, because=Because.DECLARED, declaration=declaration, entry=entry, at=at
        )


def _write(
    filing: Filing,
    held: Mapping[str, Held],
    event: str,
    role: str,
    on: int,
    said: Act,
    by: Actor,
    at: int,
    details: dict[str, Json],
    facts: Mapping[str, str],
    votes: Votes | None,
    because: Sequence[str],
    approval: Approval | None,
) -> Step:
    n = filing.steps.count() + 1
    entry = writing.personal(
        said, person=filing.person, by=by, label=f"filing/{filing.code}/{n}", at=at, ground="", **details
    )
    return Step.objects.create(
        filing=filing,
        n=n,
        event=event,
        role=role,
        on=on,
        facts=dict(facts),
        votes=proceedings.votes_kept(votes),
        because=list(because),
        held=proceedings.recorded(roll.law_under(filing.pack), held),
        approval=approval,
        entry=entry,
        at=at,
    )


def _heard_before(declaration: Declaration, held: Held, seen: Now) -> bool:
    """Whether a word on the same fact was refused before, and nothing recorded of that fact has changed since."""
    earlier = Filing.objects.filter(
        person__in=seen.numbers,
        declaration__attribute=declaration.attribute,
        against_lo=held.lo,
        against_hi=held.hi,
        filingend__granted=False,
    )
    return any(proceedings.decided_by_office(one) for one in earlier)


def _close(place: Place, at: int) -> None:
    filing = place.filing
    entry = writing.personal(
        Act.CLAIM_CLOSED,
        person=filing.person,
        by=BY,
        label=f"filing/{filing.code}/end",
        at=at,
        filing=filing.code,
        granted=place.granted,
        state=place.position.state,
    )
    end = FilingEnd.objects.create(filing=filing, granted=place.granted, entry=entry, at=at)
    after = overlay.now(filing.person, at)
    write_standings(after, at, ended=end)


def _held_by_word(call: Call) -> bool:
    """Whether every hold of the call was by a word that became a filing: nothing else is ever lifted."""
    rows = CallEvent.objects.filter(call=call, state=CallState.HELD.value).select_related("declaration__filing")
    return all(one.declaration is not None and hasattr(one.declaration, "filing") for one in rows)


def _resume(call: Call, seen: Now, at: int) -> None:
    day = max(policies.report_on(call), policies.earliest_report(seen.roll.pack, seen.on))
    times = CallEvent.objects.filter(call=call).count() + 1
    entry = writing.personal(
        Act.CALL_RESUMED,
        person=call.person,
        by=BY,
        label=f"call.resumed/{call.order.digest}/{call.entrant.index}/{times}",
        at=at,
        because=Because.DECIDED.value,
        draw=call.order.result.draw.draw,
        report_on=format_day(day),
    )
    after = moved(CallState.HELD, Happening.NO_HOLD)
    CallEvent.objects.create(call=call, state=after.value, because=Because.DECIDED, report_on=day, entry=entry, at=at)
