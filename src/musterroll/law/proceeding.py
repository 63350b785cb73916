"""What is done about a person, as a pack declares it: orders, claims, appeals (docs/flow/proceeding.md). Plain values.

1. A proceeding has states and moves between them; a move outside the table does not happen.
2. Every line carries the paragraph it comes from (or `law silent`); `cite` is that paragraph, `where` file and line.
3. Facts are of closed values, days are counted by spans: limits (a last day) and waits (a first day), both written in
   the same way. Nothing here says what follows on a day: `claim` does.
4. `NEXT_MEETING` is no event: it is what a tie may lead to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from musterroll.fact.attribute import Attribute
from musterroll.law.calendar import Shift

PERSON = "person"
TIME = "time"
SILENT = "law silent"
NEXT_MEETING = "next_meeting"
SILENT_NOTICE = 30
"""Days after which a worsening counts where the law sets none (charter S9)."""


class StateKind(Enum):
    """What a state means. Code knows these, never a pack's own names."""

    START = "start"
    PENDING = "pending"
    OPEN = "open"
    OBLIGES = "obliges"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Role:
    """Who may act: an office or a body. The person concerned and time need no declaration."""

    name: str
    cite: str
    where: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Fact:
    """What is held of a proceeding beside its days; `attribute` has its type and its closed values."""

    attribute: Attribute
    cite: str
    where: str = field(compare=False, default="")

    @property
    def name(self) -> str:
        """The fact's name."""
        return self.attribute.name


@dataclass(frozen=True, slots=True)
class Body:
    """A board: how many must be present (`majority of members`, `all` or a number), what carries a decision.

    `decides` is `majority of present`, `majority of votes`, `majority of members` or `unanimous`; `tie` is
    `next_meeting`, or the event that an equal division of votes brings about. `barred` are the relations in which
    nobody who sits may stand to the person.
    """

    name: str
    quorum: str
    decides: str
    tie: str
    barred: tuple[str, ...]
    cite: str
    barred_cite: str = ""
    where: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class State:
    """Where a proceeding can stand."""

    name: str
    kind: StateKind
    cite: str
    where: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Length:
    """An amount (or the `parameter` that sets it) of `days`, `months`, `years` or `working days` of a calendar."""

    amount: int
    unit: str
    parameter: str = ""
    working: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A day that a span starts from or goes to: a name, and a period added to its day."""

    name: str
    shift: Shift = Shift()  # noqa: RUF009 - a frozen value


@dataclass(frozen=True, slots=True)
class Pause:
    """While a proceeding is in this state, a limit's days are not counted. The name is as the pack writes it."""

    name: str
    proceeding: str
    state: str


@dataclass(frozen=True, slots=True)
class Span:
    """A limit's last day or a wait's first day, as written.

    `form` is `from` (a length after a day), `before` (a length before it) or `until` (the day itself). `counts` is
    `day after` or `day of` for `from`; `day before` or empty for `until`; `clear` or empty for `before`. Of several
    `points` the later one is meant, or the earlier one (`earlier`). `roll` is `next` or `previous` working day of the
    calendar `working`, or empty: as it falls.
    """

    name: str
    form: str
    length: Length | None
    points: tuple[Point, ...]
    earlier: bool
    counts: str
    roll: str
    working: str
    pauses: tuple[Pause, ...]
    cite: str
    where: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Worsening:
    """From which day a move that makes things worse counts: so many days after the person was told (charter S9)."""

    days: int
    parameter: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One line under `moves`. `to` is empty where the proceeding stays in its state (`-> same`).

    `only_if` is the condition as written, `when` where in the block a list of lines stands; read, both together are
    `Period.guards[proceeding, number]`, in which each line has its paragraph.
    """

    number: int
    event: str
    states: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    cite: str
    tells: tuple[str, ...] = ()
    only_if: str = ""
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    after: str = ""
    waiver: str = ""
    binds: bool = False
    worsens: Worsening | None = None
    ends: tuple[tuple[str, str], ...] = ()
    notice: Span | None = None
    counts_as: tuple[str, ...] = ()
    outer_ended: bool = False
    when: tuple[str | int, ...] = ()
    where: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Hold:
    """While this proceeding is in one of `states`, and until the wait `then` is over, the other one cannot bind."""

    target: str
    states: tuple[str, ...]
    then: str
    cite: str
    where: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Silence:
    """What the law leaves open, and what the pack chose."""

    what: str
    choice: str


@dataclass(frozen=True)
class Proceeding:
    """One proceeding, with everything it names checked. `within` is the proceeding it belongs to, or empty."""

    name: str
    title: str
    article: str
    within: str
    many: bool
    roles: Mapping[str, Role]
    facts: Mapping[str, Fact]
    bodies: Mapping[str, Body]
    states: Mapping[str, State]
    moves: tuple[Move, ...]
    limits: Mapping[str, Span]
    waits: Mapping[str, Span]
    holds: tuple[Hold, ...]
    silent: tuple[Silence, ...]
    where: str = field(compare=False, default="")

    @cached_property
    def start(self) -> str:
        """The state before anything has happened."""
        return next(state.name for state in self.states.values() if state.kind is StateKind.START)

    @cached_property
    def events(self) -> tuple[str, ...]:
        """The names of what can happen in it, each once, in the order of its moves."""
        return tuple(dict.fromkeys(move.event for move in self.moves))

    @property
    def counts_months(self) -> bool:
        """Whether one of its spans is counted in months or years, and so needs a calendar."""
        spans = (*self.limits.values(), *self.waits.values(), *(move.notice for move in self.moves if move.notice))
        return any(
            (span.length is not None and span.length.unit in ("months", "years"))
            or any(point.shift.in_months for point in span.points)
            for span in spans
        )

    def of(self, event: str) -> tuple[Move, ...]:
        """The moves that an event can be; none for no event of this proceeding."""
        return tuple(move for move in self.moves if move.event == event)

    def kind(self, state: str) -> StateKind:
        """What a state means."""
        return self.states[state].kind
