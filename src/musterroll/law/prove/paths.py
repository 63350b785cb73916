"""The moves of one proceeding as ways from state to state, whatever the days and the conditions (docs/flow/proof.md).

1. A way is a list of events from the start. Of several the shortest is told; of these the one whose moves stand first.
2. What must have happened in a state has happened on every way there.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from musterroll.law.proceeding import TIME, Move, Proceeding, StateKind

type Takes = Callable[[Move], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One move from one of its states to the state after it."""

    move: Move
    before: str
    after: str


@dataclass(frozen=True)
class Paths:
    """Where a proceeding can go. `ways` gives for each state that can be reached the shortest way there."""

    proceeding: Proceeding
    steps: tuple[Step, ...] = field(init=False)
    ways: dict[str, tuple[Move, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(_steps(self.proceeding)))
        object.__setattr__(self, "ways", self.without(lambda _: False))

    def without(self, left_out: Takes) -> dict[str, tuple[Move, ...]]:
        """The shortest way to each state that can be reached without some of the moves."""
        found: dict[str, tuple[Move, ...]] = {self.proceeding.start: ()}
        waiting = deque(found)
        while waiting:
            here = waiting.popleft()
            for step in self.from_(here):
                if step.after not in found and not left_out(step.move):
                    found[step.after] = (*found[here], step.move)
                    waiting.append(step.after)
        return found

    def from_(self, state: str) -> tuple[Step, ...]:
        """What leads on from a state, and what stays there."""
        return tuple(step for step in self.steps if step.before == state)

    def ends(self, state: str) -> bool:
        """Whether an end can be reached from a state."""
        seen, waiting = {state}, [state]
        while waiting:
            here = waiting.pop()
            if self.proceeding.kind(here) is StateKind.ENDED:
                return True
            after = {step.after for step in self.from_(here)} - seen
            seen |= after
            waiting += sorted(after)
        return False

    def happened(self, state: str, event: str) -> bool:
        """Whether an event must have happened (or the state of this name been entered) on every way to a state."""
        if self.proceeding.of(event):
            return state not in self.without(lambda move: move.event == event)
        return event == state or state not in self.without(lambda move: move.to == event)

    def may_have_happened(self, state: str, event: str) -> bool:
        """Whether some way to a state contains the event, or the state of this name."""
        named = self.proceeding.of(event)
        made = [step for step in self.steps if step.before in self.ways and step.move in named]
        after = {step.after for step in made} if named else {event}
        waiting = sorted(after)
        while waiting:
            more = {step.after for step in self.from_(waiting.pop())} - after
            after |= more
            waiting += sorted(more)
        return state in after

    def loops(self) -> Iterator[tuple[Step, ...]]:
        """Moves of time alone that lead back to where they began, each loop once."""
        told: set[str] = set()
        for state in self.ways:
            loop = () if state in told else self._back(state)
            if loop:
                told.update(step.before for step in loop)
                yield loop

    def _back(self, state: str) -> tuple[Step, ...]:
        found: dict[str, tuple[Step, ...]] = {}
        waiting: deque[tuple[str, tuple[Step, ...]]] = deque([(state, ())])
        while waiting:
            here, way = waiting.popleft()
            for step in self.from_(here):
                if TIME in step.move.by and step.after == state:
                    return (*way, step)
                if TIME in step.move.by and step.after not in found:
                    found[step.after] = (*way, step)
                    waiting.append((step.after, (*way, step)))
        return ()


def _steps(proceeding: Proceeding) -> Iterator[Step]:
    for move in proceeding.moves:
        for state in move.states:
            yield Step(move, state, move.to or state)


def told(way: Iterable[Move]) -> str:
    """A way for a sentence."""
    return ", ".join(f"`{move.event}`" for move in way) or "nothing has happened yet"
