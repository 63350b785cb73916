"""What a pending claim holds: nobody orders it, nobody can lift it but the moves that end it (charter S5).

1. While a proceeding is in a holding state that counts, no binding move of the held one can be made: of none of its
   instances, whether it belongs to the outer one at hand or not, and also while it has not begun.
2. When the holding state has been left, the hold goes on until the wait after it is over. A wait that nothing has begun
   holds nobody; one whose day is not known holds.
3. A worsening that does not count yet leaves the holding state as it was.
"""

from dataclasses import dataclass

from musterroll.claim.happening import Instance
from musterroll.claim.matter import Matter
from musterroll.claim.time_limit import stretch
from musterroll.law.proceeding import Hold
from musterroll.law.truth import Truth


@dataclass(frozen=True, slots=True)
class Holding:
    """One hold: which proceeding holds `target`, in which state, by which paragraph, and the first free day."""

    proceeding: str
    number: int
    state: str
    target: str
    cite: str
    first_free: int | None = None


def holdings(matter: Matter, target: str, on: int) -> tuple[Holding, ...]:
    """Everything that holds a proceeding on a day."""
    return tuple(one for at in matter.instances for one in holds_of(matter, at, on) if one.target == target)


def holds_of(matter: Matter, at: Instance, on: int) -> tuple[Holding, ...]:
    """What one proceeding holds on a day."""
    return tuple(found for hold in matter.proceeding(at).holds if (found := _holding(matter, at, hold, on)) is not None)


def _holding(matter: Matter, at: Instance, hold: Hold, on: int) -> Holding | None:
    state = at.state(on)
    if state in hold.states:
        return Holding(at.proceeding, at.number, state, hold.target, hold.cite)
    if not hold.then or not any(entry.state in hold.states for entry in at.history):
        return None
    wait = stretch(matter, at, matter.proceeding(at).waits[hold.then], on)
    if not wait.counted.begun or wait.over(on) is Truth.TRUE:
        return None
    return Holding(at.proceeding, at.number, state, hold.target, hold.cite, wait.counted.day)
