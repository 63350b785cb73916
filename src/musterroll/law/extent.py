"""How large a condition is when everything is written out: definitions and exceptions are put in where they are used.

1. Forty definitions, each using the one before twice, are two lines each and a million million conditions together.
   Such a law is refused before anybody evaluates, proves or prints it.
2. What is shared is measured once, so that measuring is quick however large the result.
"""

from musterroll.law.model import Condition, joined_parts

MOST_PARTS = 20_000
"""The most comparisons and joints in one condition; the largest rule of a real law has a few hundred."""

MOST_DEEP = 100
"""The most joints inside one another: far below what evaluators, provers and pages can go down."""


class Extent:
    """Measures the conditions of one reading of a law."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Condition, int, int]] = {}

    def too_large(self, condition: Condition) -> bool:
        """Whether a condition has more parts, or goes deeper, than a law may."""
        parts, deep = self._of(condition)
        return parts > MOST_PARTS or deep > MOST_DEEP

    def _of(self, condition: Condition) -> tuple[int, int]:
        if id(condition) not in self._known:
            inner = [self._of(part) for part in joined_parts(condition)]
            parts, deep = 1 + sum(one for one, _ in inner), 1 + max((one for _, one in inner), default=0)
            self._known[id(condition)] = condition, parts, deep
        _, parts, deep = self._known[id(condition)]
        return parts, deep
