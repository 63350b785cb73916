"""Where one proceeding stands on a day, in one value: what a page shows and an act asks.

1. `state` is what counts for the person; `formal_state` what has been done, which differs while a worsening waits
   (`takes_effect`, None while the person has not been told).
2. `limits` and `waits` have a day, or the reason why none can be named; `counts` is false of a limit that does not run
   against the person because nobody told them.
3. `held_by` is what keeps binding moves of this proceeding from being made; `holds` what it keeps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from musterroll.claim import course
from musterroll.claim.happening import Entry, Event, Refusal
from musterroll.claim.holding import Holding, holdings, holds_of
from musterroll.claim.matter import Matter
from musterroll.claim.next_step import Step, steps
from musterroll.claim.time_limit import stretch
from musterroll.dates import NEVER
from musterroll.fact.attribute import Held
from musterroll.law.pack import Pack
from musterroll.law.proceeding import Span


@dataclass(frozen=True, slots=True)
class Limit:
    """The last day for something; `why` says why none can be named. `left` is what remains while it pauses."""

    last_day: int | None
    why: str
    cite: str
    counts: bool
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """The first day on which something may be done; `why` says why none can be named."""

    first_day: int | None
    why: str
    cite: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where a proceeding stands."""

    proceeding: str
    number: int
    state: str
    formal_state: str
    takes_effect: int | None
    history: tuple[Entry, ...]
    facts: Mapping[str, Held]
    limits: Mapping[str, Limit]
    waits: Mapping[str, Wait]
    held_by: tuple[Holding, ...]
    holds: tuple[Holding, ...]
    refused: tuple[Refusal, ...]
    next_steps: tuple[Step, ...]


def stand(pack: Pack, proceeding: str, held: Mapping[str, Held], events: Iterable[Event], on: int) -> Position:
    """Where a proceeding of a person stands on a day, after what happened up to it. Raises KeyError for none such."""
    return position(course.run(pack, held, events, on), proceeding)


def position(matter: Matter, proceeding: str, number: int = 0) -> Position:
    """Where the proceeding of this name (and number) stands on the matter's day, also one that has not begun."""
    here = matter.current(proceeding, number)
    said = matter.proceeding(here)
    waiting = here.history[-1].effective if here.history else matter.day
    return Position(
        proceeding,
        here.number,
        here.state(matter.day),
        here.formal,
        waiting if matter.day < waiting < NEVER else None,
        here.history,
        {name: held for name, (held, _) in here.facts.items()},
        {name: _limit(matter, proceeding, span, number) for name, span in said.limits.items()},
        {name: _wait(matter, proceeding, span, number) for name, span in said.waits.items()},
        holdings(matter, proceeding, matter.day),
        holds_of(matter, here, matter.day),
        tuple(one for one in matter.refused if one.event.proceeding == proceeding),
        steps(matter, here),
    )


def _limit(matter: Matter, proceeding: str, span: Span, number: int) -> Limit:
    counted = stretch(matter, matter.current(proceeding, number), span, matter.day).counted
    why = counted.why or ("" if counted.told else "the person has not been told: it does not run out")
    return Limit(counted.day, why, span.cite, counted.told, counted.left)


def _wait(matter: Matter, proceeding: str, span: Span, number: int) -> Wait:
    counted = stretch(matter, matter.current(proceeding, number), span, matter.day).counted
    return Wait(counted.day, counted.why, span.cite)
