"""Buckets a few at a time: the jobs of a step, and how what they write becomes the night's objects of a table.

1. A bucket with enough operations has an object of its own; what is too little for one lies in one object with others.
2. A small night is not cut into more pieces than it has work for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from musterroll.engine.crew import Crew
from musterroll.engine.night_work import Work
from musterroll.engine.roll import ObjectRef, Store, archive, write
from musterroll.engine.roll.table import TABLES

_TOGETHER = 8
_BY_PIECES = frozenset({"turned", "compare", "say_scope"})
"""Steps that do some buckets in one go: what they do of each costs less than beginning."""


def buckets_a_piece(buckets: int) -> int:
    """How many buckets one job takes together: half of a small home's, a 32nd of a nation's, and never many."""
    return min(_TOGETHER, max(1, buckets // (32 if buckets >= 64 else 2)))


def pieces(buckets: int) -> list[tuple[int, tuple[int, ...]]]:
    """The jobs of a step: a number, and the buckets that it takes together."""
    step = buckets_a_piece(buckets)
    return [(n, tuple(range(n * step, min((n + 1) * step, buckets)))) for n in range(-(-buckets // step))]


def each(crew: Crew, work: Work, step: str, action: Callable[..., None], night: object) -> None:
    """Do a step of a night with every bucket, or with every piece, that it is not finished with."""
    jobs = pieces(work.buckets) if step in _BY_PIECES else [(bucket,) for bucket in range(work.buckets)]
    for _ in crew.map(action, [(night, *job) for job in jobs if work.done(step, job[0]) is None]):
        continue


def put_operations(
    store: Store,
    work: Work,
    step: str,
    name: str,
    operations: pl.DataFrame,
    known: int,
    piece: int,
    buckets: Sequence[int],
) -> dict[str, Any]:
    """Write the operations of each bucket that fill an object of its own; all others are kept for `collected`."""
    rest, own = operations, []
    if operations.height >= write.OWN_OBJECT and work.buckets > 1:
        column = pl.col(TABLES[name].bucket if name in TABLES else "record") % work.buckets
        split = [operations.filter(column == bucket) for bucket in buckets]
        own = [
            store.put(name, part, bucket=bucket, night=known).as_json()
            for bucket, part in zip(buckets, split, strict=True)
            if part.height >= write.OWN_OBJECT
        ]
        rest = pl.concat([part.clear() if part.height >= write.OWN_OBJECT else part for part in split])
    if rest.height:
        work.keep(step, f"{name}-{piece:04}", rest)
    return {"objects": own, "rest": rest.height}


def collected(
    store: Store, work: Work, step: str, name: str, answers: Iterable[Mapping[str, Any]], known: int, buckets: int
) -> list[ObjectRef]:
    """The night's objects of one table: those of whole buckets, and one of all that was too little for one.

    `answers` are what `put_operations` gave, piece by piece.
    """
    own, rest = [], []
    for piece, answer in enumerate(answers):
        own += [ObjectRef(table=name, **one) for one in answer["objects"]]
        if answer["rest"]:
            rest.append(work.kept(step, f"{name}-{piece:04}"))
    return [*own, *archive.together(store, name, rest, known, buckets=buckets)]
