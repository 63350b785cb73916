"""Working days as a pack declares them: which days of a stretch are working days, and nothing beyond it.

1. A `holidays` block names the days on which nobody works, each line with its paragraph, and the days it covers.
2. The n-th working day after a day is counted from the next day on; the working day reached by a day is that day, or
   the first working day after it.
3. Beyond what is covered the answer is not guessed: it lies between the first day it can be and, where nothing bounds
   it, the end of time. So what depends on it is unknown there.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from musterroll.dates import NEVER


@dataclass(frozen=True, slots=True)
class Workdays:
    """The working days from `first` to the day before `end`, in order."""

    name: str
    first: int
    end: int
    days: tuple[int, ...]

    def earliest(self, day: int, count: int) -> int:
        """The first day that the `count`-th working day after `day` (0: the working day that `day` reaches) can be."""
        place = self._place(day, count)
        if day < self.first:
            return day + count
        return self.days[place] if place < len(self.days) else max(day + count, self.end)

    def latest(self, day: int, count: int) -> int:
        """The last day that it can be."""
        place = self._place(max(day, self.first - bool(count)), count)
        return self.days[place] if place < len(self.days) else NEVER - 1

    def _place(self, day: int, count: int) -> int:
        return bisect_right(self.days, day) + count - 1 if count else bisect_left(self.days, day)
