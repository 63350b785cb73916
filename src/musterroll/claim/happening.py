"""What happened to one person in their proceedings: events as they were made, entries as they count.

1. An event is what somebody did: a day, a proceeding, a name, a role, and what came with it. Time moves are no events.
2. A filing counts as of its postmark or its receipt where its move says so; any other event as of its day.
3. An entry is a move that took place. `effective` is the day from which it counts: of a worsening the day the person
   was told, and the law's period after it (charter S9); `NEVER` while nobody told them.
4. An event that is refused changes nothing and stays visible, with its paragraphs and its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from musterroll.claim.body import Votes
from musterroll.dates import NEVER
from musterroll.fact.attribute import Held
from musterroll.law.proceeding import Move, Proceeding


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody did on `day`. `told` is the day on which the person had word of it: their own, or a hand-over.

    `number` says which of several proceedings of this name is meant; 0 for the one that is open.
    """

    day: int
    proceeding: str
    name: str
    by: str
    facts: Mapping[str, Held] = field(default_factory=dict)
    told: int = NEVER
    posted: int = NEVER
    received: int = NEVER
    postmark: int = NEVER
    votes: Votes | None = None
    waived_by: str = ""
    number: int = 0

    def counts_on(self, proceeding: Proceeding) -> int:
        """The day as of which it counts."""
        arrived = {"postmark": self.postmark, "posted": self.posted, "received": self.received}
        for move in proceeding.of(self.name):
            for way in move.counts_as:
                if arrived[way] != NEVER:
                    return arrived[way]
        return self.day


@dataclass(frozen=True, slots=True)
class Entry:
    """A move that took place: the event's name, who made it (`time` for a time move), the state it led to."""

    event: str
    by: str
    day: int
    state: str
    effective: int
    move: Move
    cites: tuple[str, ...]
    told: int = NEVER
    posted: int = NEVER
    votes: Votes | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that did not happen: `code` is the kind of reason, `what` the reason, `cites` the paragraphs."""

    event: Event
    code: str
    what: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """One proceeding of one person. `outer` is the place of the one it belongs to, -1 for none."""

    proceeding: str
    number: int
    outer: int
    start: str
    history: tuple[Entry, ...] = ()
    facts: Mapping[str, tuple[Held, int]] = field(default_factory=dict)
    """Each fact's value, and the place in `history` of the event that told it."""

    @property
    def formal(self) -> str:
        """The state reached, whether or not it counts against the person yet."""
        return self.history[-1].state if self.history else self.start

    def state(self, on: int) -> str:
        """The state that counts on a day: of the last move that has taken effect."""
        return next((entry.state for entry in reversed(self.history) if entry.effective <= on), self.start)

    def last(self, event: str) -> Entry | None:
        """The last time that an event happened."""
        return next((entry for entry in reversed(self.history) if entry.event == event), None)

    def outdated(self, event: str) -> bool:
        """Whether the event last happened without leaving its state, and that state has been entered anew since."""
        place = next((at for at in range(len(self.history) - 1, -1, -1) if self.history[at].event == event), -1)
        if place < 0 or self.history[place].move.to:
            return False
        state = self.history[place].state
        return any(entry.move.to == state for entry in self.history[place + 1 :])

    def stretches(self, on: int) -> tuple[tuple[int, Entry], ...]:
        """The states that counted up to a day: from which day, and by which entry."""
        days = sorted({entry.effective for entry in self.history if entry.effective <= on})
        found: list[tuple[int, Entry]] = []
        for day in days:
            entry = next(one for one in reversed(self.history) if one.effective <= day)
            if not found or found[-1][1].state != entry.state:
                found.append((day, entry))
        return tuple(found)

    def entered(self, state: str, on: int) -> tuple[int, Entry] | None:
        """The day from which a state last counted, and the entry that led to it; None if it has not by then."""
        return next((one for one in reversed(self.stretches(on)) if one[1].state == state), None)
