"""Chance that can be had again: a seed and a number give the same choices on every machine (splitmix64)."""

from collections.abc import Sequence

_ALL = (1 << 64) - 1


class Chance:
    """A row of choices."""

    def __init__(self, seed: int, number: int = 0) -> None:
        self._state = (seed * 0x9E3779B97F4A7C15 + number * 0xD1342543DE82EF95) & _ALL

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _ALL
        mixed = self._state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & _ALL
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _ALL
        return mixed ^ (mixed >> 31)

    def between(self, lo: int, hi: int) -> int:
        """A whole number from `lo` to `hi`."""
        return lo + self._next() % (hi - lo + 1)

    def one_of[T](self, these: Sequence[T]) -> T:
        """One of several."""
        return these[self._next() % len(these)]

    def percent(self, share: int) -> bool:
        """True so many times in a hundred."""
        return self._next() % 100 < share
