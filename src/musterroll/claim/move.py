"""Whether a move may happen: rule 1 of docs/flow/proceeding.md, one check after the other.

1. The state fits; the role may; what it belongs to has begun and not ended (unless `outer ended: yes`).
2. The condition: an office's move, or one by time, needs it known to hold; the person's own is let in unless it is
   known not to hold (charter S1).
3. Not too late: the person is late only if the limit is known to have run out and he was told (S6); an office is in
   time only if it is known not to have run out. A waiver lets a late one in. Not too early, likewise.
4. Nothing binding happens while it is held (S5). Notice that must go before has gone before, and reached the person.
5. A body has a quorum, nobody barred, and the votes that carry it.
"""

from dataclasses import dataclass

from musterroll.claim.body import stands
from musterroll.claim.happening import Event, Instance, Refusal
from musterroll.claim.holding import holdings
from musterroll.claim.matter import Matter, Sight
from musterroll.claim.time_limit import Stretch, stretch
from musterroll.dates import format_day
from musterroll.law.model import All, Condition, Line, Not, Some, joined_parts
from musterroll.law.proceeding import PERSON, Move, Point, Span, StateKind
from musterroll.law.proceeding_names import UNANIMOUS, VOTES
from musterroll.law.truth import Truth

ORDER = (
    *("open", "state", "role", "outer", "condition", "late", "early", "held", "notice"),
    *("barred", "quorum", "votes", "tie"),
)
"""The kinds of reasons for which a move does not happen, in the order in which they are looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A move that is looked at: of which proceeding, by which event, on which day.

    `if_possible` asks what could be done, not what was: what would come with the event is then left open.
    """

    matter: Matter
    at: Instance
    move: Move
    event: Event
    on: int
    if_possible: bool = False


def refusal(asked: Asked) -> Refusal | None:
    """Why the move may not happen; None where it may."""
    for check in (_open_already, _state, _role, _outer, _condition, _late, _early, _held, _notice, _body):
        found = check(asked)
        if found:
            code, what, cites = found
            return Refusal(asked.event, code, what, tuple(dict.fromkeys((*cites, asked.move.cite))))
    return None


type Found = tuple[str, str, tuple[str, ...]] | None


def _open_already(asked: Asked) -> Found:
    """Only one of a name is open at a time, within one outer proceeding, unless the pack says `many: yes`."""
    matter, at = asked.matter, asked.at
    if at.history or matter.proceeding(at).many:
        return None
    if all(matter.ended(one) for one in matter.of(at.proceeding, at.outer)):
        return None
    return "open", "One of this kind is open already.", ()


def _state(asked: Asked) -> Found:
    if asked.at.formal in asked.move.states:
        return None
    return "state", f"This cannot be done where the matter stands ({asked.at.formal}).", ()


def _role(asked: Asked) -> Found:
    if asked.event.by in asked.move.by:
        return None
    return "role", f"This is not done by {asked.event.by}, but by {' or '.join(asked.move.by)}.", ()


def _outer(asked: Asked) -> Found:
    matter, proceeding = asked.matter, asked.matter.proceeding(asked.at)
    if not proceeding.within or asked.at.history:
        return None
    outer = matter.instances[asked.at.outer] if asked.at.outer >= 0 else None
    if outer is None or matter.pack.proceedings[outer.proceeding].kind(outer.formal) is StateKind.START:
        return "outer", f"There is nothing yet that this belongs to ({proceeding.within}).", ()
    if matter.ended(outer) and not asked.move.outer_ended:
        return "outer", f"What this belongs to has ended ({proceeding.within}).", ()
    return None


def _condition(asked: Asked) -> Found:
    condition = asked.matter.guard(asked.at, asked.move.number, asked.on)
    if condition is None:
        return None
    sight = Sight(asked.matter, asked.at, asked.on, asked.event)
    value = sight.truth(condition)
    own = asked.event.by == PERSON
    if value is Truth.TRUE or (own and value is Truth.UNKNOWN):
        return None
    if asked.if_possible and _possible(condition, sight, set(_open(asked))):
        return None
    words = "is not known to hold" if value is Truth.UNKNOWN else "does not hold"
    return "condition", f"What the law asks for {words}.", tuple(_cites(condition, sight))


def _open(asked: Asked) -> tuple[str, ...]:
    """What would come with the event, and so is not known before it."""
    votes = tuple(f"{asked.move.event}_{what}" for what in (*VOTES, UNANIMOUS))
    return (*asked.move.tells, *votes)


def _possible(condition: Condition, sight: Sight, left_open: set[str]) -> bool:
    """Whether it can become known to hold by what is left open alone."""
    if sight.truth(condition) is not Truth.UNKNOWN:
        return sight.truth(condition) is Truth.TRUE
    match condition:
        case Line(part=part):
            return _possible(part, sight, left_open)
        case All(parts):
            return all(_possible(part, sight, left_open) for part in parts)
        case Some(parts):
            return any(_possible(part, sight, left_open) for part in parts)
        case _:
            return sight.missing(condition) <= left_open


def _cites(condition: Condition, sight: Sight) -> list[str]:
    """The paragraphs of the lines that do not hold, those of definitions among them."""
    if isinstance(condition, Not) or sight.truth(condition) is Truth.TRUE:
        return []
    own = [condition.cite] if isinstance(condition, Line) else []
    return [*own, *(cite for part in joined_parts(condition) for cite in _cites(part, sight))]


def _late(asked: Asked) -> Found:
    matter, move = asked.matter, asked.move
    if move.waiver and asked.event.waived_by == move.waiver:
        return None
    for name in move.not_after:
        limit = stretch(matter, asked.at, matter.proceeding(asked.at).limits[name], asked.on, asked.event)
        late = limit.run_out(asked.on)
        if late is Truth.TRUE or (late is Truth.UNKNOWN and asked.event.by != PERSON):
            return "late", _too("late", "last", limit), (limit.span.cite,)
    return None


def _early(asked: Asked) -> Found:
    matter, move = asked.matter, asked.move
    waits = matter.proceeding(asked.at).waits
    for name in move.not_before:
        span = waits.get(name) or Span(name, "until", None, (Point(name),), False, "", "", "", (), move.cite)
        wait = stretch(matter, asked.at, span, asked.on, asked.event)
        over = wait.over(asked.on)
        if over is Truth.FALSE or (over is Truth.UNKNOWN and asked.event.by != PERSON):
            return "early", _too("early", "first", wait), (span.cite,)
    return None


def _too(what: str, which: str, one: Stretch) -> str:
    day = one.counted.day
    told = f"the {which} day is {format_day(day)}" if day is not None else f"the {which} day is not known"
    return f"This is too {what}: {told}."


def _held(asked: Asked) -> Found:
    if not asked.move.binds:
        return None
    found = holdings(asked.matter, asked.at.proceeding, asked.on)
    if not found:
        return None
    return "held", f"This is held as long as {found[0].proceeding} has not been decided.", (found[0].cite,)


def _notice(asked: Asked) -> Found:
    span = asked.move.notice
    if span is None:
        return None
    wait = stretch(asked.matter, asked.at, span, asked.on)
    if wait.over(asked.on) is Truth.TRUE and wait.counted.told:
        return None
    return "notice", _too("early", "first", wait), (span.cite,)


def _body(asked: Asked) -> Found:
    body = asked.matter.proceeding(asked.at).bodies.get(asked.event.by)
    if body is None or asked.if_possible:
        return None
    found = stands(body, asked.move.event, asked.event.votes)
    return (found.code, f"The decision does not stand: {found.what}.", (found.cite,)) if found.code else None
