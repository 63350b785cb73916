"""Work that is done bucket by bucket, by several worker processes at once.

1. Jobs are independent: each reads and writes files of its own and gives back a small answer. Answers come in the order
   of the jobs, whatever worker did them, so that nothing depends on how many there are.
2. One worker is this process itself: a small home starts no others.
3. Workers end with the process that started them, also when it is killed.
4. A job that fails ends the work: its error is raised here.
5. What waits for the disk or reads the roll alone may be done `beside` something else, by a thread.
"""

import copyreg
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import musterroll.engine.handed_on  # noqa: F401 - a declaration is the same object job after job

_EVERY = 1.0
"""Seconds between a worker's looks at whether its parent is there."""
_TURNS = 16
"""In so many turns a worker does its share of the jobs: at the end of a step others wait for one turn of one worker."""


def _unchanging(members: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(members)


copyreg.pickle(MappingProxyType, lambda mapping: (_unchanging, (dict(mapping),)))  # a declaration holds some


@dataclass(frozen=True, slots=True)
class Crew:
    """The workers of one night; `workers` is 1 where the work is done in this process."""

    workers: int = 1
    _pool: Executor | None = None

    def map[A](self, function: Callable[..., A], jobs: Iterable[tuple[Any, ...]]) -> Iterator[A]:
        """What `function` gives for the arguments of each job, in order. It is a module's own function."""
        listed = list(jobs)
        if self._pool is None or len(listed) < 2:
            return (function(*job) for job in listed)
        together = max(1, len(listed) // (_TURNS * self.workers))
        return self._pool.map(function, *zip(*listed, strict=True), chunksize=together)


@contextmanager
def crew(workers: int) -> Iterator[Crew]:
    """A crew for as long as a night takes."""
    if workers < 2:
        yield Crew()
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(os.getpid(),)) as pool:
        yield Crew(workers, pool)


@contextmanager
def beside(action: Callable[..., object], *arguments: object) -> Iterator[None]:
    """Do something beside what is done here; both are over at the end, and an error of either is raised."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(action, *arguments)
        yield
        done.result()


def _begin(parent: int) -> None:
    threading.Thread(target=_watch, args=(parent, threading.Event()), daemon=True).start()


def _watch(parent: int, never: threading.Event) -> None:
    while not never.wait(_EVERY):
        if os.getppid() != parent:
            os._exit(1)
