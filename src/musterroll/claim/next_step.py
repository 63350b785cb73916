"""What may be done on a day, by whom, until when, and why not: there is always a lawful next step until all has ended.

1. A step that the rules refuse is told with its reason and its paragraphs. What would come with the event (facts,
   votes) is left open: it is asked whether there is a way in which it may be done.
2. Time is a step too: the day on which its move comes, where it can be named.
3. Where something waits for the person to be told, telling them is the step of whoever acted (charter S6).
"""

from dataclasses import dataclass

from musterroll.claim import move as moving
from musterroll.claim.course import due_day, moving_for
from musterroll.claim.happening import Event, Instance
from musterroll.claim.matter import Matter
from musterroll.claim.time_limit import stretch
from musterroll.dates import NEVER
from musterroll.fact.attribute import UNKNOWN
from musterroll.law.proceeding import PERSON, TIME, Move

TELL = "told"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that may, or may not, be done: `until` is its last day, of a step of time the day on which it comes."""

    event: str
    by: str
    may: bool
    until: int | None
    code: str
    what: str
    cites: tuple[str, ...]


def steps(matter: Matter, here: Instance) -> tuple[Step, ...]:
    """Every step from where a proceeding stands, in the order of the pack; those that may not be taken too."""
    proceeding = matter.proceeding(here)
    found = []
    anew = matter.ended(here) or proceeding.many
    for move in proceeding.moves:
        if here.formal in move.states or (anew and proceeding.start in move.states):
            for role in move.by:
                found.append(_by_time(matter, here, move) if role == TIME else _step(matter, here, move, role))
    return (*found, *_tellings(matter, here))


def may(matter: Matter, proceeding: str, event: str, role: str, number: int = 0) -> Step:
    """Whether a role may do something on the matter's day; of several lines the one that allows it."""
    asked = Event(matter.day, proceeding, event, role, number=number)
    here = moving_for(matter, asked)
    moves = matter.pack.proceedings[proceeding].of(event)
    found = [
        _by_time(matter, here, move)
        if role == TIME in move.by and here.formal in move.states
        else _step(matter, here, move, role)
        for move in moves
    ]
    allowed = [step for step in found if step.may]
    if allowed or len(found) == 1:
        return (allowed or found)[0]
    if not found:
        return Step(event, role, False, None, "state", "The law has no such step here.", ())
    best = max(found, key=lambda step: (*moving.ORDER, "time", TELL).index(step.code))
    cites = tuple(dict.fromkeys(cite for step in (best, *found) for cite in step.cites))
    return Step(event, role, False, None, best.code, best.what, cites)


def _step(matter: Matter, here: Instance, move: Move, role: str) -> Step:
    at = here
    if here.formal not in move.states and matter.proceeding(here).start in move.states:
        at = matter.fresh(here.proceeding)
    open_yet = dict.fromkeys(move.tells, UNKNOWN)
    event = Event(matter.day, here.proceeding, move.event, role, open_yet, number=at.number)
    refused = moving.refusal(moving.Asked(matter, at, move, event, matter.day, if_possible=True))
    if refused:
        return Step(move.event, role, False, None, refused.code, refused.what, refused.cites)
    limits = [stretch(matter, at, matter.proceeding(at).limits[name], matter.day) for name in move.not_after]
    days = [one.counted.day for one in limits if one.counted.day is not None and one.counted.told]
    cites = (move.cite, *(one.span.cite for one in limits))
    return Step(move.event, role, True, min(days, default=None), "", "", tuple(dict.fromkeys(cites)))


def _by_time(matter: Matter, here: Instance, move: Move) -> Step:
    proceeding = matter.proceeding(here)
    span = proceeding.limits.get(move.after) or proceeding.waits[move.after]
    cites = tuple(dict.fromkeys((move.cite, span.cite)))
    counted = stretch(matter, here, span, matter.day).counted
    if not counted.told:
        return Step(move.event, TIME, False, None, "told", "The person has not been told: no time runs out.", cites)
    day = due_day(matter, here, proceeding, move, NEVER - 2) if counted.begun else None
    if day is not None:
        return Step(move.event, TIME, True, day, "", "", cites)
    return Step(move.event, TIME, False, None, "time", f"No day can be named: {counted.why or 'not now'}.", cites)


def _tellings(matter: Matter, here: Instance) -> tuple[Step, ...]:
    """What the person has still to be told of on this day: the offices' acts of which nothing shows that they know."""
    last = {entry.event: entry for entry in here.history}
    return tuple(
        Step(f"{TELL} {entry.event}", entry.by, True, None, TELL, "", entry.cites)
        for entry in last.values()
        if entry.by not in (PERSON, TIME) and entry.told > matter.day
    )
