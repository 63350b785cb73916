"""Which deliveries a night takes in, in which order, and what becomes of those it passes over.

1. A source's word goes forward only: a delivery older than what the roll holds of its source is never taken in.
2. Of several full deliveries the newest counts; the older ones are passed over. Daily changes are taken in order, one a
   night, so that none is lost.
3. A delivery that can no longer be read under the declarations in force is left where it lies and counted: one file
   does not stop the night.
4. The file of a delivery that the roll holds, or that was passed over, is removed: its rows are in the roll, sealed, or
   nobody will ever read them.
"""

from collections import defaultdict
from dataclasses import dataclass

import polars as pl
from django.db.models import Q

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.night_rows import Tonight
from musterroll.engine.roll import Snapshot
from musterroll.engine.roll.table import TABLES
from musterroll.errors import MusterRollError
from musterroll.register import intake, roll
from musterroll.register.models import Delivery, Outcome


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: `tonight` is taken in, `over` has been overtaken, `unreadable` is left for somebody to look at."""

    tonight: tuple[Tonight, ...]
    over: tuple[Delivery, ...]
    unreadable: int


def waiting(parent: Snapshot | None) -> Waiting:
    """Sort what was received, or released from quarantine, and is not in the roll yet."""
    held = _held(parent)
    numbers = set(held["delivery"].to_list())
    last = {source: (as_of, number) for source, as_of, number in _newest(held).iter_rows()}
    open_ = Q(outcome=Outcome.RECEIVED) | Q(outcome=Outcome.QUARANTINED, deliveryrelease__isnull=False)
    by_source: dict[str, list[Delivery]] = defaultdict(list)
    extracts = Delivery.objects.filter(open_).exclude(source__contains="#")  # answers come in beside them
    for row in extracts.exclude(number__in=numbers).order_by("as_of", "number"):
        by_source[row.source].append(row)
    over: list[Delivery] = []
    tonight: list[Tonight] = []
    unreadable = 0
    for source, rows in sorted(by_source.items()):
        late = [row for row in rows if (row.as_of, row.number) < last.get(source, (row.as_of, row.number))]
        candidates = [row for row in rows if row not in late]
        full = max((place for place, row in enumerate(candidates) if row.full), default=0)
        over += [*late, *candidates[:full]]
        for row in candidates[full : full + 1]:
            try:
                tonight.append(Tonight(row.number, intake.waiting(row)))
            except MusterRollError:
                unreadable += 1
    return Waiting(tuple(sorted(tonight, key=lambda one: one.delivery)), tuple(over), unreadable)


def clear(parent: Snapshot | None, over: tuple[Delivery, ...]) -> None:
    """Remove the files of deliveries that the roll holds, also where an earlier night was stopped before it did."""
    numbers = _held(parent)["delivery"].to_list()
    for row in (*Delivery.objects.filter(number__in=numbers), *over):
        intake.done(row)


def _held(parent: Snapshot | None) -> pl.DataFrame:
    columns = TABLES["delivery"].plain_schema
    frames = (
        [] if parent is None else [roll.store().get(ref).select(columns.names()) for ref in parent.refs("delivery")]
    )
    return pl.concat([columns.to_frame(), *frames])


def _newest(held: pl.DataFrame) -> pl.DataFrame:
    """Source, as-of day and number of the newest delivery of each source that the roll holds."""
    ordered = held.sort("as_of", "delivery")
    return ordered.group_by("source").agg(pl.col("as_of").last(), pl.col("delivery").last())
