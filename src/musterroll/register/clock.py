"""The only place that reads a clock, and what stands in for it in a demonstration.

1. An instant is whole seconds since 1970-01-01T00:00Z (`musterroll.dates`); acts take it as their argument `at`.
2. The legal day of an instant is its UTC day less the home's `calendar_offset_days`: the sample population of a
   demonstration lives some years ago. In a home that is not fictional the offset is 0.
3. An injected clock is for fictional homes: the home refuses it elsewhere.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from musterroll.dates import day_of_instant, parse_instant
from musterroll.errors import MusterRollError


class Clock(Protocol):
    """Tells the time in whole seconds since 1970."""

    def now(self) -> int:
        """The present instant."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """The present instant."""
        return int(time.time())


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it was put, for a demonstration or a test."""

    at: int

    def now(self) -> int:
        """The instant it was put at."""
        return self.at


@dataclass(frozen=True, slots=True)
class FileClock:
    """A clock read from a file with one line `YYYY-MM-DDTHH:MM:SSZ`, shared by the processes of a demonstration."""

    path: Path

    def now(self) -> int:
        """The instant written in the file. Raises MusterRollError `clock.file` or `time.malformed`."""
        try:
            text = self.path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise MusterRollError(
                "clock.file",
                "The demonstration's clock cannot be read.",
                where=self.path.name,
                remedy="Run the demonstration again; it writes the clock at each step.",
                exit_code=2,
            ) from None
        return parse_instant(text, where=self.path.name)


def legal_day(at: int, offset: int) -> int:
    """The day in law (days since 1970) of the instant `at` in a home whose calendar is `offset` days ahead."""
    return day_of_instant(at) - offset
