"""Facts, spells, members and links of one person, and the two times they have.

1. *Valid* is the world's time: a fact is true from `valid_from` up to, not including, `valid_to` (days).
2. *Known* is the register's time: it is held from `known_from` up to, not including, `known_to` (microseconds). A
   correction closes the known interval and adds a row; nothing is updated.
3. "As at `on`, known at `known_at`" is asked of both: the same question gives the same rows years later (charter S4).
4. A merged person's rows stay under both numbers; `Aliases` says whose they are (data-model 3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from musterroll.dates import FIRST_DAY, NEVER

OPEN_TIME = 2**63 - 1
"""`known_to` of what is still held."""


class Judgement(IntEnum):
    """Whether a record is a person's; the numbers are stored in `link.judgement` and in a fact's `link`."""

    CONFIRMED = 1
    POSSIBLE = 2
    REFUTED = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """What one row says of one attribute of one person: the hull `lo..hi`, named by (delivery, row, attribute, n)."""

    attribute: int
    lo: int
    hi: int
    link: Judgement
    record: int
    delivery: int
    row: int
    n: int = 0
    valid_from: int = FIRST_DAY
    valid_to: int = NEVER
    known_from: int = 0
    known_to: int = OPEN_TIME

    def __post_init__(self) -> None:
        if self.lo > self.hi or self.link is Judgement.REFUTED:
            raise ValueError("a fact is a hull from its smaller to its larger end, on a link that is not refuted")


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of days in a roster (enrolment, service, stay, grant), both ends partly known.

    The first day is `from_lo..from_hi`, the day after the last is `to_lo..to_hi`.
    """

    roster: str
    kind: str
    from_lo: int
    from_hi: int
    to_lo: int
    to_hi: int
    link: Judgement
    delivery: int
    row: int
    n: int = 0
    known_from: int = 0
    known_to: int = OPEN_TIME

    def __post_init__(self) -> None:
        if self.from_lo > self.from_hi or self.to_lo > self.to_hi or self.from_lo > self.to_hi:
            raise ValueError("a spell begins before it ends, each end a hull from its smaller to its larger day")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a dwelling or family: the role (None = blank, so any role), the hull of the birth date.

    `person` and `link` say who it is, where that is known; both None for somebody outside the register (charter S13).
    """

    group: int
    roster: str
    role: str | None
    born_lo: int
    born_hi: int
    delivery: int
    row: int
    n: int = 0
    person: int | None = None
    link: Judgement | None = None
    known_from: int = 0
    known_to: int = OPEN_TIME

    def __post_init__(self) -> None:
        if self.born_lo > self.born_hi or (self.person is None) != (self.link is None):
            raise ValueError("a birth date is a hull, and a person comes with the link that says so")


@dataclass(frozen=True, slots=True)
class Linked:
    """One link of the person: an agency's record, its source (`tax`, `tax#dependant`) and the judgement."""

    record: int
    source: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """All that the roll holds for the evaluation of one person. `members` are all members of the person's groups."""

    person: int
    facts: tuple[Fact, ...] = ()
    spells: tuple[Spell, ...] = ()
    members: tuple[Member, ...] = ()
    links: tuple[Linked, ...] = ()

    def known_at(self, known_at: int) -> "PersonFacts":
        """The same person as known at that time. Links are read as they stand in the snapshot."""
        return PersonFacts(
            self.person,
            tuple(_known(self.facts, known_at)),
            tuple(_known(self.spells, known_at)),
            tuple(_known(self.members, known_at)),
            self.links,
        )

    def with_facts(self, more: Iterable[Fact]) -> "PersonFacts":
        """The same person with facts overlaid: what was declared or found and is not in the roll yet (data-model 7)."""
        return PersonFacts(self.person, (*self.facts, *more), self.spells, self.members, self.links)


class _Known(Protocol):
    @property
    def known_from(self) -> int: ...
    @property
    def known_to(self) -> int: ...


def _known[T: _Known](items: Iterable[T], known_at: int) -> Iterable[T]:
    return (item for item in items if item.known_from <= known_at < item.known_to)


def as_at(facts: Iterable[Fact], on: int) -> tuple[Fact, ...]:
    """The facts that are true on the day `on`."""
    return tuple(fact for fact in facts if fact.valid_from <= on < fact.valid_to)


def changes_on(facts: Iterable[Fact], on: int) -> int:
    """The first day after `on` on which one of the facts begins or ceases to be true; NEVER when none does.

    No next change date of a standing may be later than this.
    """
    days = [day for fact in facts for day in (fact.valid_from, fact.valid_to) if on < day < NEVER]
    return min(days, default=NEVER)


def resolved(person: int, aliases: Mapping[int, int]) -> int:
    """The number under which `person` goes now: aliases are followed to their end.

    Raises ValueError when they run in a circle, which no merge can make.
    """
    seen = {person}
    while person in aliases:
        person = aliases[person]
        if person in seen:
            raise ValueError("aliases run in a circle")
        seen.add(person)
    return person
