"""Many random courses of one pack, in several processes: what `muster pack walk` tells.

1. A walk is its seed and its number: how many processes there are changes nothing.
2. Of each kind of violation the shortest course is told, and how many walks went against it.
"""

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from musterroll.engine.courses.walk import Found, Ground, walk
from musterroll.law import pack as packs
from musterroll.law.article import Pages
from musterroll.law.pack import Pack
from musterroll.law.report import Report, looked_at

_CHUNK = 250
_EVERY = 10_000

type Wrong = tuple[int, str, str, str]
"""The number of a walk, the code of what went wrong, in words, and the course."""


def report(
    folder: Path, count: int, seed: int, processes: int = 1, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """What so many walks of the pack in a folder went against. `processes` 0: one for each core."""

    def told(pack: Pack) -> Report:
        if not pack.proceedings:
            return Report(pack.name, (("walks", 0), ("went wrong", 0)), 0, digest=pack.digest)
        wrong = list(_wrong(pack, count, seed, processes or os.cpu_count() or 1, progress))
        shortest: dict[str, Wrong] = {}
        for one in wrong:
            shortest[one[1]] = min(shortest.get(one[1], one), one, key=lambda each: (len(each[3]), each[0]))
        lines = []
        for code, many in sorted(Counter(one[1] for one in wrong).items()):
            number, _, what, text = shortest[code]
            lines += [
                f"WRONG  {code}: {many} walks; shortest, seed {seed} walk {number}: {what}",
                *text.splitlines(),
                "",
            ]
        return Report(
            pack.name,
            (("walks", count), ("went wrong", len(wrong))),
            int(bool(wrong)),
            lines=tuple(lines),
            data={
                "seed": seed,
                "wrong": [
                    {"walk": number, "code": code, "what": what, "course": text} for number, code, what, text in wrong
                ],
            },
            digest=pack.digest,
        )

    return looked_at(folder, told)


def _wrong(pack: Pack, count: int, seed: int, processes: int, progress: Callable[[int], None]) -> Iterator[Wrong]:
    chunks = [(seed, at, min(at + _CHUNK, count)) for at in range(0, count, _CHUNK)]
    if processes == 1 or len(chunks) < processes:
        _begin(pack.pages)
        yield from _together(map(_of_chunk, chunks), progress)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(pack.pages,)) as pool:
        yield from _together(pool.map(_of_chunk, chunks), progress)


def _together(answers: Iterable[list[Wrong]], progress: Callable[[int], None]) -> Iterator[Wrong]:
    for number, wrong in enumerate(answers, 1):
        yield from wrong
        if number * _CHUNK % _EVERY == 0:
            progress(number * _CHUNK)


def _begin(pages: Pages) -> None:
    global _ground
    _ground = Ground.of(packs.of_pages(pages))


def _of_chunk(chunk: tuple[int, int, int]) -> list[Wrong]:
    assert _ground is not None
    seed, first, end = chunk
    found = (walk(_ground, seed, number) for number in range(first, end))
    return [_as_text(one) for one in found if one]


def _as_text(one: Found) -> Wrong:
    return one.number, one.violation.code, one.violation.what, one.text


_ground: Ground | None = None
"""What the walks of this process begin with."""
