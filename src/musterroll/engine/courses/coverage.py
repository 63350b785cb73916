"""What the courses of a pack show of its proceedings, demand by demand (docs/flow/law-tests.md).

| of | demanded is a course in which |
|---|---|
| each move | each of its roles makes it; it is made from each of its states |
| each move, for each thing that it asks for | it is refused for that |
| each move that worsens | a line asks while it does not count yet, and when it does |
| each move by time with a condition | its time has come and it does not happen |
| each state but the start | a line finds it |
| each limit, each wait | a line asks on the day before it ends, on the day, on the day after |
| each hold | a line finds the other proceeding held by it; a later one finds it free |
| each pause | a limit ends later by it |

1. What counts is what the stage does with an event, or says of a step that a line asks about; a course need not say
   `refused` itself. Of an event on several lines each line is looked at by itself.
2. What nobody can show is not demanded: a wrong role where every role may; too late, where time has moved on then.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from musterroll.claim import move as moving
from musterroll.claim.course import moving_for
from musterroll.claim.happening import Event, Instance
from musterroll.claim.holding import holds_of
from musterroll.claim.matter import Matter, Sight
from musterroll.claim.time_limit import stretch
from musterroll.engine.courses.asked import Course, Seen, courses, seen
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME, Move, Proceeding, Span, StateKind
from musterroll.law.truth import Truth

DAYS = ((-1, "the day before"), (0, "the day of"), (1, "the day after"))
REFUSED = {
    "state": "it is refused in another state",
    "role": "it is refused to somebody who may not make it",
    "condition": "it is refused because its condition is not met",
    "late": "it is refused as too late",
    "early": "it is refused as too early",
    "held": "it is refused because it is held",
    "notice": "it is refused because notice was too short",
    "barred": "it does not stand because somebody barred sat",
    "quorum": "it does not stand for want of a quorum",
    "votes": "it does not stand because the votes do not carry it",
    "tie": "it does not stand because the votes are equal",
}

type Key = tuple[str, str, str, str]
"""A proceeding, a part of it, what is looked at, and a detail."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a course is to show: where the line stands, its paragraph, and what, in words."""

    key: Key
    where: str
    cite: str
    what: str


def covered(pack: Pack) -> tuple[tuple[Demand, str], ...]:
    """Every demand, and the course that shows it, or ""."""
    found: dict[Key, str] = {}
    for one in courses(pack):
        for key in shown(pack, one):
            found.setdefault(key, one.name)
    return tuple((demand, found.get(demand.key, "")) for demand in demands(pack))


def demands(pack: Pack) -> Iterator[Demand]:
    """Everything demanded of the courses of a pack, in the order of its lines."""
    held = {hold.target for one in pack.proceedings.values() for hold in one.holds}
    for one in pack.proceedings.values():
        for name, state in one.states.items():
            if state.kind is StateKind.START:
                continue
            yield Demand((one.name, name, "state", ""), state.where, state.cite, f"a line finds {one.name} `{name}`")
        for move in one.moves:
            for key, what in _of_move(pack, one, move, held=one.name in held):
                says = f"{one.name} `{move.event}`: {what}"
                yield Demand((one.name, str(move.number), *key), move.where, move.cite, says)
        for span in (*one.limits.values(), *one.waits.values()):
            for by, words in DAYS:
                says = f"{words} `{span.name}` of {one.name}"
                yield Demand((one.name, span.name, "day", str(by)), span.where, span.cite, says)
            for pause in span.pauses:
                says = f"`{span.name}` of {one.name} ends later because it pauses while `{pause.name}`"
                yield Demand((one.name, span.name, "pause", pause.name), span.where, span.cite, says)
        for number, hold in enumerate(one.holds):
            for way, words in (("held", "holds"), ("free", "has held and no longer holds")):
                says = f"{one.name} {words} `{hold.target}`"
                yield Demand((one.name, str(number), "hold", way), hold.where, hold.cite, says)


def _of_move(pack: Pack, one: Proceeding, move: Move, *, held: bool) -> Iterator[tuple[tuple[str, str], str]]:
    for role in move.by:
        yield ("by", role), f"it is made by {role}"
    if len(move.states) > 1:
        yield from ((("from", state), f"it is made from `{state}`") for state in move.states)
    if move.worsens:
        yield ("worsens", "waits"), "it has been made and does not count yet"
        yield ("worsens", "counts"), "it has been made and counts"
    guarded = any((one.name, move.number) in period.guards for period in pack.law.periods)
    if TIME in move.by:
        if guarded:
            yield ("refused", "condition"), "its time has come and its condition is not met"
        return
    bodies = [one.bodies[role] for role in move.by if role in one.bodies]
    asks = {
        "state": set(one.states) > set(move.states) and not (one.many and one.start in move.states),
        "role": {PERSON, *one.roles} > set(move.by),
        "condition": guarded,
        "late": any(not overtaken(pack, one, move, limit) for limit in move.not_after),
        "early": bool(move.not_before),
        "held": held and move.binds,
        "notice": bool(move.notice),
        "barred": any(body.barred for body in bodies),
        "quorum": bool(bodies),
        "votes": bool(bodies),
        "tie": any(body.tie != move.event for body in bodies),
    }
    yield from ((("refused", code), REFUSED[code]) for code, asked in asks.items() if asked)


def overtaken(pack: Pack, one: Proceeding, move: Move, limit: str) -> bool:
    """Whether the person is never too late for a move: in each of its states time moves on when the limit is over."""
    by_time = [
        state
        for other in one.moves
        if other.after == limit and not any((one.name, other.number) in period.guards for period in pack.law.periods)
        for state in other.states
    ]
    return set(move.by) == {PERSON} and set(move.states) <= set(by_time)


def shown(pack: Pack, one: Course) -> set[Key]:
    """What one course shows."""
    found: set[Key] = set()
    have_held: set[tuple[str, int, int]] = set()
    for moment in seen(pack, one):
        if moment.event:
            found.update(_tried(moment.matter, moment.event))
        else:
            found.update(_of_line(moment))
            found.update(_held(moment.matter, have_held))
    return found


def _tried(matter: Matter, event: Event, *, if_possible: bool = False) -> Iterator[Key]:
    """For each line of an event what the stage says of it, the first that fits being made."""
    here = moving_for(matter, event)
    for move in matter.pack.proceedings[event.proceeding].of(event.name):
        refused = moving.refusal(moving.Asked(matter, here, move, event, matter.day, if_possible))
        if refused:
            yield event.proceeding, str(move.number), "refused", refused.code


def _of_line(moment: Seen) -> Iterator[Key]:
    matter, line = moment.matter, moment.line
    assert line is not None
    for one in line.expected:
        if one.form == "may":
            proceeding = matter.pack.proceedings[one.proceeding]
            every = {role for move in proceeding.of(one.name) for role in move.by if role != TIME}
            for role in {one.role} if one.role else every:
                event = Event(matter.day, one.proceeding, one.name, role, number=one.number)
                yield from _tried(matter, event, if_possible=True)
    for name in matter.pack.proceedings:
        for here in matter.of(name) or [matter.fresh(name)]:
            yield from _of_instance(matter, here)


def _of_instance(matter: Matter, here: Instance) -> Iterator[Key]:
    name, said = here.proceeding, matter.proceeding(here)
    yield name, here.formal, "state", ""
    yield name, here.state(matter.day), "state", ""
    before = here.start
    for entry in here.history:
        number = str(entry.move.number)
        yield name, number, "by", entry.by
        yield name, number, "from", before
        if entry.move.worsens:
            yield name, number, "worsens", "counts" if entry.effective <= matter.day else "waits"
        before = entry.state
    for span in (*said.limits.values(), *said.waits.values()):
        yield from _of_span(matter, here, span)
    for move in said.moves:
        if move.after and here.formal in move.states and _due_but_for_condition(matter, here, said, move):
            yield name, str(move.number), "refused", "condition"


def _of_span(matter: Matter, here: Instance, span: Span) -> Iterator[Key]:
    counted = stretch(matter, here, span, matter.day).counted
    if counted.day is None:
        return
    yield here.proceeding, span.name, "day", str(matter.day - counted.day)
    for pause in span.pauses:
        without = replace(span, pauses=tuple(other for other in span.pauses if other != pause))
        if stretch(matter, here, without, matter.day).counted.day != counted.day:
            yield here.proceeding, span.name, "pause", pause.name


def _due_but_for_condition(matter: Matter, here: Instance, said: Proceeding, move: Move) -> bool:
    """The time of a move has come; only its condition keeps it from happening."""
    guard = matter.guard(here, move.number, matter.day)
    if guard is None or Sight(matter, here, matter.day).truth(guard) is Truth.TRUE:
        return False
    limit = said.limits.get(move.after)
    one = stretch(matter, here, limit or said.waits[move.after], matter.day)
    return (one.run_out(matter.day) if limit else one.over(matter.day)) is Truth.TRUE


def _held(matter: Matter, before: set[tuple[str, int, int]]) -> Iterator[Key]:
    """Which holds hold, and which have held before in this course and do not any more."""
    for here in matter.instances:
        holding = holds_of(matter, here, matter.day)
        for number, hold in enumerate(matter.proceeding(here).holds):
            key = (here.proceeding, here.number, number)
            if any((one.target, one.cite) == (hold.target, hold.cite) for one in holding):
                before.add(key)
                yield here.proceeding, str(number), "hold", "held"
            elif key in before:
                yield here.proceeding, str(number), "hold", "free"
