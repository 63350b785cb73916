"""What holds of every course of events, looked at after each step, apart from the stage (docs/flow/law-tests.md).

| code | looked for | by |
|---|---|---|
| `held` | while a hold holds, no binding move of what it holds has been made, and none may be | S5 |
| `not-told` | nothing has lapsed against somebody who was not told what it runs from | S6 |
| `worse-too-soon` | no worsening counts before it was told and its period has passed | S9 |
| `by-unknown` | no move of an office, and none by time, was let in by something that is not known | S1 |
| `no-next-step` | a proceeding that has begun and not ended has a lawful next step | rule 6 |
| `refused-changes` | an event that was refused has changed nothing | rule 1 |
| `other-fold` | the same events give the same position, whatever came later, and asked again | S4, rule 7 |

What holds and when a worsening counts is found here anew, from the history alone, not asked of the stage.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from musterroll.claim import course as folding
from musterroll.claim import move as moving
from musterroll.claim.course import moving_for
from musterroll.claim.happening import Entry, Event, Instance
from musterroll.claim.matter import Matter, Sight
from musterroll.claim.next_step import may, steps
from musterroll.claim.time_limit import stretch
from musterroll.dates import NEVER, format_day
from musterroll.engine.courses.chance import Chance
from musterroll.fact.attribute import UNKNOWN, Attribute, Held, State, ValueType
from musterroll.law.model import attributes_of
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME
from musterroll.law.truth import Truth


@dataclass(frozen=True, slots=True)
class Violation:
    """What went against what must hold: its code, and in words."""

    code: str
    what: str


def after_step(before: Matter, now: Matter, event: Event | None, chance: Chance) -> Iterator[Violation]:
    """Everything wrong after one event, or after time has passed (`event` None)."""
    old = folding.at(before, now.day) if event else before
    if event and len(now.refused) > len(before.refused) and now.instances != old.instances:
        yield Violation("refused-changes", f"`{event.name}` was refused, and something has changed")
    for at in now.instances:
        was = next((one for one in before.instances if _same(one, at)), None)
        for entry in at.history[len(was.history) if was else 0 :]:
            yield from _of_entry(before, now, at, entry)
        yield from _worse(now, at)
        if _begun(at) and not now.ended(at) and not _leads_on(now, at):
            yield Violation("no-next-step", f"{at.proceeding} stands at `{at.formal}`, and nobody may do anything")
    for name in {one.target for at in now.instances for one in now.proceeding(at).holds}:
        if held_apart(now, name, now.day):
            yield from _binding(now, name)
    if event:
        yield from _by_unknown(old, now, event, chance)


def _begun(at: Instance) -> bool:
    """Whether it has ever left its start: what was only asked beforehand leaves nobody with anything open."""
    return any(entry.state != at.start for entry in at.history)


def _leads_on(now: Matter, at: Instance) -> bool:
    """Whether somebody may act, has somebody to tell, or time will: a worsening that was told takes effect by time."""
    if any(now.day < entry.effective < NEVER for entry in at.history):
        return True
    moves = [move for move in now.proceeding(at).moves if at.formal in move.states]
    asked = ((move.event, role) for move in moves for role in move.by if role != TIME)
    if any(may(now, at.proceeding, event, role, at.number).may for event, role in asked):
        return True
    return any(step.may for step in steps(now, at))


def _same(one: Instance, other: Instance) -> bool:
    return (one.proceeding, one.number) == (other.proceeding, other.number)


def _of_entry(before: Matter, now: Matter, at: Instance, entry: Entry) -> Iterator[Violation]:
    """One new entry: nothing binding while held; nothing by time against somebody not told.

    Where an event counted as of an earlier day everything is new: what else was done on one day is then not in order.
    """
    others = (each for one in now.instances if one is not at for each in one.history)
    in_order = bool(before.instances) or all(each.day != entry.day for each in others)
    if entry.move.binds and in_order and held_apart(_until(before, now, at, entry), at.proceeding, entry.day):
        yield Violation(
            "held", f"{at.proceeding} `{entry.event}` was made on {format_day(entry.day)} while it was held"
        )
    if entry.by != TIME or not entry.move.after:
        return
    said = now.proceeding(at)
    limit = said.limits.get(entry.move.after)
    names = now.pack.proceeding_names[at.proceeding]
    earlier = at.history[: at.history.index(entry)]
    for point in limit.points if limit else ():
        named = names.get(point.name)
        if named is None or named.proceeding != at.proceeding or named.what not in ("event", "told", "posted"):
            continue
        act = next((one for one in reversed(earlier) if one.event == named.item), None)
        if act is not None and act.by not in (PERSON, TIME) and not act.told <= entry.day:
            says = f"{at.proceeding} `{entry.event}` happened by time; the person has not been told of `{act.event}`"
            yield Violation("not-told", says)


def _until(before: Matter, now: Matter, at: Instance, entry: Entry) -> Matter:
    """The matter as it was when the entry was made: without it and what came later. On a day time moves first."""
    instances = []
    for one in now.instances:
        was = next((each for each in before.instances if _same(each, one)), None)
        history = one.history[: one.history.index(entry)] if _same(one, at) else one.history
        known = was.history if was else ()
        instances.append(
            replace(one, history=tuple(each for each in history if _came_before(each, entry) or each in known))
        )
    return replace(now, instances=tuple(instances), day=entry.day)


def _came_before(one: Entry, other: Entry) -> bool:
    return one.day < other.day or (one.day == other.day and one.by == TIME != other.by)


def _worse(now: Matter, at: Instance) -> Iterator[Violation]:
    """A worsening that the person has no word of, or not for long enough, is not where the proceeding stands."""
    last = at.history[-1] if at.history else None
    if last is None or last.move.worsens is None or counts_from(now, last) <= now.day:
        return
    before = at.history[-2].state if len(at.history) > 1 else at.start
    if last.state != before and at.state(now.day) == last.state and not _reached_before(now, at, last.state):
        yield Violation(
            "worse-too-soon", f"{at.proceeding} `{last.event}` counts before the person was told long enough"
        )


def _reached_before(now: Matter, at: Instance, state: str) -> bool:
    return at.start == state or any(
        one.state == state and (one.move.worsens is None or counts_from(now, one) <= now.day) for one in at.history[:-1]
    )


def counts_from(matter: Matter, entry: Entry) -> int:
    """The day from which an entry counts, from what was told of it alone."""
    worsens = entry.move.worsens
    if worsens is None:
        return entry.day
    if entry.told == NEVER:
        return NEVER
    days = matter.pack.parameters[worsens.parameter].at(entry.day) if worsens.parameter else worsens.days
    return max(entry.day, entry.told + days)


def held_apart(matter: Matter, target: str, on: int) -> bool:
    """Whether something holds a proceeding on a day: reckoned from the histories."""
    for at in matter.instances:
        for hold in matter.proceeding(at).holds:
            if hold.target != target:
                continue
            state = at.start
            held_once = False
            for entry in at.history:
                held_once = held_once or entry.state in hold.states
                if entry.effective <= on and (entry.move.worsens is None or counts_from(matter, entry) <= on):
                    state = entry.state
            if state in hold.states:
                return True
            if hold.then and held_once:
                wait = stretch(matter, at, matter.proceeding(at).waits[hold.then], on).counted
                if wait.begun and (wait.day is None or wait.day > on):
                    return True
    return False


def _binding(now: Matter, name: str) -> Iterator[Violation]:
    for move in now.pack.proceedings[name].moves:
        for role in move.by if move.binds else ():
            if role != TIME and may(now, name, move.event, role).may:
                other = [one for one in now.pack.proceedings[name].of(move.event) if not one.binds and role in one.by]
                if not other:
                    yield Violation("held", f"{name} `{move.event}` may be made by {role} although it is held")


def _by_unknown(old: Matter, now: Matter, event: Event, chance: Chance) -> Iterator[Violation]:
    """What an office was let do stays lawful whatever else becomes known of the person."""
    if event.by == PERSON or len(now.refused) > len(old.refused):
        return
    here = moving_for(old, event)
    for move in old.pack.proceedings[event.proceeding].of(event.name):
        asked = moving.Asked(old, here, move, event, now.day)
        if moving.refusal(asked) is not None:
            continue
        guard = old.guard(here, move.number, now.day)
        if guard is None:
            return
        held = completed(old.pack, old.held, attributes_of(guard), chance)
        if held is not old.held:
            sight = Sight(replace(old, held=held), here, now.day, event)
            if sight.truth(guard) is not Truth.TRUE:
                yield Violation("by-unknown", f"{event.proceeding} `{event.name}` was let in by what is not known")
        return


def completed(pack: Pack, held: Mapping[str, Held], names: frozenset[str], chance: Chance) -> Mapping[str, Held]:
    """The same person with what is not known made up; the very same where everything is known."""
    unknown = [name for name in pack.attributes if name in names and held.get(name, UNKNOWN).exact is None]
    if not unknown:
        return held
    made = {name: made_up(pack.attributes[name], held.get(name, UNKNOWN), chance) for name in unknown}
    return {**held, **made}


def made_up(attribute: Attribute, fact: Held, chance: Chance) -> Held:
    """Some exact value that a fact may have."""
    lo, hi = attribute.span if attribute.type is not ValueType.DATE else (_EARLY, _LATE)
    if fact.lo is not None and fact.hi is not None:
        lo, hi = fact.lo, fact.hi
    number = chance.between(lo, hi)
    if fact.among is not None:
        number = chance.one_of([code for code in range(len(attribute.values)) if fact.among >> code & 1])
    return Held(number, number, State.SINGLE)


_EARLY, _LATE = 0, 32_000
"""Days among which dates are made up: 1970 to 2057."""


def other_fold(pack: Pack, held: Mapping[str, Held], then: Matter, now: Matter) -> Iterator[Violation]:
    """What stood on an earlier day stands there still when everything that came later is known."""
    again = folding.run(pack, held, now.events, then.day)
    if again.instances != then.instances or again.refused != then.refused:
        yield Violation("other-fold", f"asked again of {format_day(then.day)}, the same events give another answer")
