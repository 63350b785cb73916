"""How the list is divided, as the manifest states it and as a reader checks it (docs/spec/draw.md, 4).

1. By birth year alone, or by a declared order of birth year, legal sex and one level of territory; by nothing else
   (charter S3). Who is divided how follows from the rules in `strata`.
2. A stratum has at least 20 people, unless everybody together is fewer, or a cited article forbids merging.
3. A reader takes the ids apart: classes of one attribute do not overlap where everything before is the same.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from musterroll.draw import strata
from musterroll.draw.entrant import Candidate, Entrant
from musterroll.draw.member import Members
from musterroll.draw.strata import BIRTH_YEAR, LEAST, TERRITORIES, Class

NEIGHBOUR = strata.MERGE
PRODUCT = "product/v1"
NOTHING = "none/v1"


@dataclass(frozen=True, slots=True)
class Partition:
    """By which attributes a list is divided, how many people a stratum has at least, and how small ones merge.

    `by` is the text `birth-year` with `neighbour/v1`, else a tuple. `article` is the one that forbids merging.
    """

    least: int = LEAST
    by: str | tuple[str, ...] = BIRTH_YEAR
    merge: str = NEIGHBOUR
    article: str | None = None

    def __post_init__(self) -> None:
        if self.least < LEAST or (self.by == BIRTH_YEAR) != (self.merge == NEIGHBOUR):
            raise ValueError(f"the cohort is divided by {BIRTH_YEAR} into strata of at least {LEAST}, by its rule")
        if self.merge not in {NEIGHBOUR, PRODUCT, NOTHING} or not set(self.attributes) <= set(strata.ATTRIBUTES):
            raise ValueError("the cohort is divided by birth year, sex or territory, merged by a known rule")
        if len(set(self.attributes)) != len(self.attributes) or len(set(TERRITORIES) & set(self.attributes)) > 1:
            raise ValueError("the cohort is divided by each attribute once, and by one level of territory")
        if (self.merge == NOTHING) != bool(self.article) or (self.merge == NOTHING and not self.attributes):
            raise ValueError("the article that forbids merging is cited where nothing is merged, and only there")

    @classmethod
    def product(cls, *by: str, least: int = LEAST) -> "Partition":
        """Divided by several attributes in this order, or, with none, into one stratum."""
        return cls(least, by, PRODUCT)

    @property
    def attributes(self) -> tuple[str, ...]:
        """What it divides by, in order."""
        return (self.by,) if isinstance(self.by, str) else self.by

    def divide(self, candidates: Sequence[Candidate], *, draw: str) -> tuple[Entrant, ...]:
        """The candidates as entrants, in their order. Raises MusterRollError as `strata.divide`."""
        least = None if self.merge == NOTHING else self.least
        return strata.divide(candidates, draw=draw, by=self.attributes, least=least)

    def classes(self, stratum: str) -> tuple[Class, ...]:
        """The classes that a stratum's id names, one an attribute. Raises ValueError."""
        names = stratum.split(".") if self.attributes else []
        if len(names) != len(self.attributes) or (not self.attributes and stratum != strata.EVERYBODY):
            raise ValueError(f"`{stratum}` is no stratum by {', '.join(self.attributes) or 'nothing'}")
        return tuple(strata.parse(attribute, name) for attribute, name in zip(self.attributes, names, strict=True))

    def check(self, ids: Sequence[str], sizes: Sequence[int]) -> None:
        """Raise ValueError unless strata of these ids and sizes can come of this rule."""
        if self.merge != NOTHING and len(sizes) > 1 and min(sizes) < self.least:
            raise ValueError(f"a stratum has fewer than {self.least} people")
        divided = [self.classes(stratum) for stratum in ids]
        if self.merge == NOTHING and not all(one.single for classes in divided for one in classes):
            raise ValueError("nothing is merged where an article forbids it")
        for depth in range(len(self.attributes)):
            below: dict[tuple[Class, ...], set[Class]] = {}
            for classes in divided:
                below.setdefault(classes[:depth], set()).add(classes[depth])
            for siblings in below.values():
                # Ascending by where they begin, the unknown last: each must then end before the next begins.
                known = sorted((one for one in siblings if one.first is not None), key=lambda one: one.first)  # type: ignore[arg-type, return-value]
                unknown = [one for one in siblings if one.first is None]
                if not all(a.before(b) for a, b in itertools.pairwise([*known, *unknown])):
                    raise ValueError("strata do not overlap")

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        by = self.by if isinstance(self.by, str) else list(self.by)
        stated: dict[str, Any] = {"by": by, "least": self.least, "merge": self.merge}
        return stated if self.article is None else stated | {"article": self.article}

    @classmethod
    def read(cls, members: Members) -> "Partition":
        """The rule that `members` state."""
        return members.make(
            cls,
            least=members.number("least"),
            by=members.text_or_texts("by"),
            merge=members.text("merge"),
            article=members.text_or_absent("article"),
        )
