"""One judgement: whether a record is a person's, who says so, on what ground, since when.

1. A judgement is never changed: a later one supersedes it, and both stay (data model, section 4).
2. A human's judgement is never undone by a run: an officer or the person stands above every rule and model.
3. A confirmed link may be used against a person; a possible one may only protect; a refuted one says nothing (S1).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from musterroll.linkage.comparison import COMPARISONS


class Verdict(IntEnum):
    """The numbers are stored and never reused."""

    CONFIRMED = 1
    POSSIBLE = 2
    REFUTED = 3


class Author(StrEnum):
    """Who may judge."""

    FOUNDING = "founding"  # the record that founded the person
    NUMBER = "number"  # rule: personal number, verified
    EXACT = "exact"  # rule: full name and birth date, of one civil person only
    MODEL = "model"  # weight of evidence
    NAMESAKE = "namesake"  # rule: another founding record's of the same full name and birth date, who may be the same
    OFFICER = "officer"
    PERSON = "person"


HUMAN = frozenset({Author.OFFICER, Author.PERSON})


@dataclass(frozen=True, slots=True)
class Judgement:
    """`basis` is the rule's or model's version, or the act of a human; `weight` in 1/1000 bit; `at` in microseconds.

    `agreed` and `against` have one bit for each of COMPARISONS; a comparison of which either side is silent has none.
    """

    person: int
    record: int
    verdict: Verdict
    by: Author
    basis: int
    weight: int
    agreed: int
    against: int
    at: int

    def __post_init__(self) -> None:
        if self.agreed & self.against:
            raise ValueError("a comparison agrees or speaks against, not both")
        if (self.agreed | self.against) >> len(COMPARISONS):
            raise ValueError("a mask has a bit beyond the declared comparisons")

    @property
    def comparisons(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the comparisons that agreed, and of those that spoke against."""
        return names(self.agreed), names(self.against)


def names(mask: int) -> tuple[str, ...]:
    """The comparisons whose bits are set."""
    return tuple(name for bit, name in enumerate(COMPARISONS) if mask >> bit & 1)


def standing_judgement(judgements: list[Judgement]) -> Judgement | None:
    """The one that holds of several about the same person and record: the last human's, else the last.

    At one time the larger verdict number wins, so that a refusal is not lost. None when there are none.
    """
    if not judgements:
        return None
    return max(judgements, key=lambda one: (one.by in HUMAN, one.at, one.verdict))
