"""What can happen to a call between its issue and its end: one table, and nothing outside it.

1. A filing holds an open call at once and without anybody's action (charter S5).
2. A call ends as soon as the person is no longer callable, whether it is open or held, by whatever brought that about:
   a late fact, a corrected link, a decision.
3. A call that rests counts again when no filing holds it any more, as the law's proceeding says, and by nothing else:
   there is no move by which anybody lifts a hold.
4. A call that has ended never opens again: calling the person anew needs the next place of a draw.
"""

from enum import Enum

from musterroll.errors import MusterRollError


class CallState(Enum):
    """Where a call stands. Only `OPEN` obliges anybody to anything."""

    OPEN = "open"
    HELD = "held"
    WITHDRAWN = "withdrawn"


class Happening(Enum):
    """What moves a call."""

    FILED = "filed"
    NOT_CALLABLE = "not callable"
    NO_HOLD = "nothing holds it"


MOVES: dict[tuple[CallState, Happening], CallState] = {
    (CallState.OPEN, Happening.FILED): CallState.HELD,
    (CallState.OPEN, Happening.NOT_CALLABLE): CallState.WITHDRAWN,
    (CallState.HELD, Happening.FILED): CallState.HELD,
    (CallState.HELD, Happening.NOT_CALLABLE): CallState.WITHDRAWN,
    (CallState.HELD, Happening.NO_HOLD): CallState.OPEN,
}
"""Every lawful move. The diagram in docs/flow/claim.md is printed from it."""


def moved(state: CallState, happening: Happening) -> CallState:
    """The state after `happening`. Raises MusterRollError `claim.ended` for a call that has ended."""
    try:
        return MOVES[state, happening]
    except KeyError:
        raise MusterRollError(
            "claim.ended",
            "This call has been withdrawn: nothing more can happen to it.",
            remedy="Nothing needs doing; the person owes nothing under this call.",
        ) from None


def diagram() -> str:
    """The table as Mermaid text."""
    lines = [f"    {a.value} --> {b.value}: {why.value}" for (a, why), b in MOVES.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> open: call issued", *lines, "    withdrawn --> [*]"])
