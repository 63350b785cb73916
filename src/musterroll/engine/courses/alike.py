"""Errors that change nothing because another line of the same event does the same (docs/flow/law-tests.md).

1. As of which day a filing counts is asked of its event, over all of its lines: a way that another line names in the
   same place is not missed.
2. Of an event on several lines the first that allows it is taken. A line whose condition lets somebody in, or no longer
   does, whom an earlier line lets in by the same roles, from the same states, within the same limits, is not asked.
3. Where an office's condition reads what comes with the event, it may also be asked before that is known: there the
   earlier line must be open to everybody by what comes alone.
"""

from collections.abc import Iterator

from musterroll.engine.courses.mutants import Error
from musterroll.law.model import Condition, attributes_of
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME, Move, Proceeding
from musterroll.law.proceeding_names import UNANIMOUS, VOTES
from musterroll.law.prove.guards import Guards
from musterroll.law.prove.solver import EFFORT, GaveUp


def counted_alike(one: Proceeding, changed: Proceeding, event: str) -> bool:
    """Whether an event counts as of the same day in both, however it arrived."""
    return _ways(one, event) == _ways(changed, event)


def taken_before(pack: Pack, one: Proceeding, move: Move, error: Error) -> bool:
    """Whether whoever the condition with the error lets in otherwise has been let in by an earlier line."""
    before = [other for other in one.of(move.event) if other.number < move.number and _guards(other) == _guards(move)]
    if TIME in move.by or not before:
        return False
    guards = Guards(pack, one, EFFORT)
    try:
        if set(move.by) != {PERSON} and _left_open(pack, move, error):
            before = [other for other in before if _open_to_all(pack, guards, other)]
        return bool(before) and not guards.differ(move, dict(error.instead), before)
    except GaveUp:
        return False


def _ways(one: Proceeding, event: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(way for move in one.of(event) for way in move.counts_as))


def _guards(move: Move) -> tuple[object, ...]:
    """All that is asked of a move beside its condition."""
    limits = (move.not_after, move.not_before, move.waiver, move.notice)
    return (set(move.by), set(move.states), *limits, move.binds, move.outer_ended)


def _comes(move: Move) -> set[str]:
    """What comes with the event, and so is not known before it."""
    return {*move.tells, *(f"{move.event}_{what}" for what in (*VOTES, UNANIMOUS))}


def _conditions(pack: Pack, proceeding: str, move: Move) -> Iterator[Condition]:
    for period in pack.law.periods:
        if (proceeding, move.number) in period.guards:
            yield period.guards[proceeding, move.number]


def _left_open(pack: Pack, move: Move, error: Error) -> bool:
    """Whether the condition, or the one with the error, reads what comes with the event."""
    both = [*_conditions(pack, error.proceeding, move), *(condition for _, condition in error.instead if condition)]
    return any(attributes_of(condition) & _comes(move) for condition in both)


def _open_to_all(pack: Pack, guards: Guards, move: Move) -> bool:
    """Whether a line asks for nothing but what comes with the event, and for something that can be so."""
    conditions = list(_conditions(pack, guards.name, move))
    return all(attributes_of(condition) <= _comes(move) for condition in conditions) and guards.can_hold(move)
