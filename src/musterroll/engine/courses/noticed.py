"""Which errors in proceedings the courses of a pack notice (docs/flow/law-tests.md).

1. A line of a course notices an error when the stage with the error no longer says as the line does. A line that does
   not agree with the law itself notices nothing.
2. Only courses that the proceeding is involved in are run again: those beside the error's own article first, then the
   line that noticed the last error.
3. Errors are looked at in several processes; the answer is the same in any number of them.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from musterroll.claim.worked import CourseLine
from musterroll.claim.worked_expect import differs
from musterroll.engine.courses.asked import courses
from musterroll.engine.courses.mutants import Error, of
from musterroll.law import pack as packs
from musterroll.law.article import Pages
from musterroll.law.pack import Pack

_CHUNK = 24
_FEW = 100
"""So few errors are looked at sooner than other processes begin."""


@dataclass(frozen=True)
class _Line:
    line: CourseLine
    involved: frozenset[str]


def noticed(
    pack: Pack, processes: int = 1, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> tuple[tuple[Error, CourseLine | None], ...]:
    """Each error of a pack, and the first line that notices it; None if none does.

    `progress` is told how many errors have been looked at, of how many.
    """
    errors, lines = of(pack), _lines(pack)
    chunks = [range(at, min(at + _CHUNK, len(errors))) for at in range(0, len(errors), _CHUNK)]
    places: list[int] = []
    if processes == 1 or len(errors) < _FEW:
        for chunk in chunks:
            places += _look(pack, [errors[one] for one in chunk], lines)
            progress(len(places), len(errors))
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(pack.pages,)) as pool:
            for found in pool.map(_of_chunk, chunks):
                places += found
                progress(len(places), len(errors))
    return tuple(
        (error, lines[place].line if place >= 0 else None) for error, place in zip(errors, places, strict=True)
    )


def _lines(pack: Pack) -> list[_Line]:
    found = []
    for one in courses(pack):
        involved = one.involved(pack)
        for line in one.lines:
            if not _differs(pack, line):
                found.append(_Line(line, involved))
    return found


def _look(pack: Pack, errors: Sequence[Error], lines: list[_Line]) -> list[int]:
    order = list(range(len(lines)))
    found = []
    for error in errors:
        changed = error.change(pack)
        beside = sorted(order, key=lambda place: not error.cite.startswith(lines[place].line.article))
        place = next(
            (one for one in beside if error.proceeding in lines[one].involved and _differs(changed, lines[one].line)),
            -1,
        )
        if place >= 0:
            order.remove(place)
            order.insert(0, place)
        found.append(place)
    return found


def _differs(pack: Pack, line: CourseLine) -> bool:
    return bool(differs(pack, line.of, line.held, line.events, line.on, line.expected)[1])


def _begin(pages: Pages) -> None:
    global _room
    pack = packs.of_pages(pages)
    _room = (pack, of(pack), _lines(pack))


def _of_chunk(numbers: Sequence[int]) -> list[int]:
    assert _room is not None
    pack, errors, lines = _room
    return _look(pack, [errors[number] for number in numbers], lines)


_room: tuple[Pack, tuple[Error, ...], list[_Line]] | None = None
