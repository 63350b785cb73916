"""How far a command is: a line for each step, and on a terminal a bar below them until it ends.

1. Where nobody looks (a file, a pipe, a timer's log) there are lines only, the same as above the bar.
2. A bar counts steps or files, never people.
"""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

NIGHT = (
    "rows",
    "links",
    "persons",
    "facts",
    "groups",
    "people",
    "members",
    "standings",
    "snapshot",
    "commit",
    "calls",
    "report",
)
"""The steps of a night, in order; a weekly one has two more (`WEEKLY`) before its commit."""
WEEKLY = ("everybody anew", "fold")


class Steps:
    """A bar over `console`, and `begun` from which seconds are counted. Used as a context, so that the bar goes."""

    def __init__(self, console: Console, begun: float) -> None:
        self.console = console
        self.begun = begun
        self._bar: Progress | None = None
        if console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
        self._task = self._bar.add_task("", total=None, visible=False) if self._bar is not None else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, what: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self, name: str, *, among: Sequence[str] = NIGHT) -> None:
        """A step of a night begins: a line says so, and when."""
        self.console.print(f"{time.perf_counter() - self.begun:6.1f} s  {name}")
        steps = (*NIGHT[: NIGHT.index("commit")], *WEEKLY, *NIGHT[NIGHT.index("commit") :]) if name in WEEKLY else among
        if name in steps:
            self.show(name, steps.index(name), len(steps))

    def show(self, what: str, done: int, of: int) -> None:
        """Move the bar, without a line: `done` of so many, and what is being done now."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=what, completed=done, total=of, visible=True)
