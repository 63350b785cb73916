"""One small error in a law: what it is, where it is, and the law with it."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from musterroll.law.model import Condition, Period
from musterroll.law.pack import Pack

type Periods = tuple[Period, ...]
type Change = Callable[[Periods], Periods]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One error: its kind, the question and rule (or "") it is in, its place, and what is changed, in words.

    `swaps` gives, for errors inside conditions, the piece of each period (by number) and what stands in its stead.
    """

    kind: str
    question: str
    rule: str
    where: str
    cite: str
    what: str
    change: Change = dataclasses.field(compare=False, repr=False)
    swaps: tuple[tuple[int, Condition, Condition], ...] = ()

    def applied(self, pack: Pack) -> Pack:
        """The pack with this error in it. It is never published, and its digest stays that of the law itself."""
        apart = pack.apart
        return dataclasses.replace(apart, law=dataclasses.replace(apart.law, periods=self.change(apart.law.periods)))
