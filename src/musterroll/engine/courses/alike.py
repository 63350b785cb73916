"""Errors that change nothing because another line of the same event does the same (docs/flow/law-tests.md).

1. As of which day a filing counts is asked of its event, over all of its lines: a way that another line names in the
   same place is not missed.
2. Of an event on several lines the first that allows it is taken. A line whose condition lets somebody in, or no longer
   does, whom an earlier line lets in by the same roles, from the same state, within the same limits, is not asked.
"""

from musterroll.law.proceeding import TIME, Move, Proceeding


def counted_alike(one: Proceeding, changed: Proceeding, event: str) -> bool:
    """Whether an event counts as of the same day in both, however it arrived."""
    return _ways(one, event) == _ways(changed, event)


def _ways(one: Proceeding, event: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(way for move in one.of(event) for way in move.counts_as))


def tried_before(one: Proceeding, move: Move, state: str) -> list[Move]:
    """The lines of the same event that come before a move and ask nothing but their condition that it does not ask."""
    if TIME in move.by:
        return []
    return [
        line
        for line in one.of(move.event)
        if line.number < move.number
        and state in line.states
        and {*move.by} <= {*line.by}
        and {*line.not_after} <= {*move.not_after}
        and {*line.not_before} <= {*move.not_before}
        and line.waiver == move.waiver
        and line.notice in (None, move.notice)
        and line.binds <= move.binds
        and line.outer_ended >= move.outer_ended
    ]
