"""Which deliveries a night takes in, in which order, and what becomes of those it passes over.

1. A source's word goes forward only: a delivery older than what the roll holds of its source is never taken in.
2. Of several full deliveries the newest counts; the older ones are passed over. Changes and corrections are taken in
   after the delivery that they go on from, one a night, so that none is lost; until then they wait.
3. A delivery that can no longer be read under the declarations in force is left where it lies and counted: one file
   does not stop the night.
4. The file of a delivery that the roll holds, or that was passed over, is removed: its rows are in the roll, sealed, or
   nobody will ever read them. So is one that two people rejected, should the command that did it have been stopped.
"""

from collections import defaultdict
from dataclasses import dataclass

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.roll import Snapshot
from musterroll.engine.roll.table import TABLES
from musterroll.engine.row_night import Tonight
from musterroll.errors import MusterRollError
from musterroll.extract.manifest import Manifest
from musterroll.register import chain, inbox, intake, policies, rejection, roll
from musterroll.register.models import Delivery, Recall, Recallable


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: `tonight` is taken in, `over` has been overtaken, `unreadable` is left for somebody to look at.

    `later` deliveries wait for their turn, or for the one that they go on from.
    """

    tonight: tuple[Tonight, ...]
    over: tuple[Delivery, ...]
    unreadable: int
    later: int = 0


def waiting(parent: Snapshot | None) -> Waiting:
    """Sort what was received, or released from quarantine, and is not in the roll yet."""
    held = _held(parent)
    numbers = set(held["delivery"].to_list())
    newest = {source: (as_of, number) for source, as_of, number in _newest(held).iter_rows()}
    by_source: dict[str, list[Delivery]] = defaultdict(list)
    extracts = Delivery.objects.filter(chain.OPEN).exclude(source__contains="#")  # answers come in beside them
    for row in extracts.exclude(number__in=numbers).order_by("as_of", "number"):
        by_source[row.source].append(row)
    over: list[Delivery] = []
    tonight: list[Tonight] = []
    unreadable = later = 0
    for source, rows in sorted(by_source.items()):
        late = [row for row in rows if _is_late(row, newest.get(source))]
        queue = [row for row in rows if row not in late]
        full = max((place for place, row in enumerate(queue) if row.full), default=0)
        over += [*late, *queue[:full]]
        last = chain.last_of(source, numbers)
        taken = False
        for row in queue[full:]:
            try:
                told = inbox.told_of(row)
                if taken or not _is_next(told, last):
                    later += 1
                    continue
                corrects = last if last is not None and told.corrects else None
                tonight.append(
                    Tonight(
                        row.number,
                        intake.waiting(row),
                        continues=corrects is not None and _is_whole_but_for_its_rows(corrects, held),
                        corrects=0 if corrects is None else corrects.number,
                    )
                )
                taken = True
            except MusterRollError:
                unreadable += 1
    return Waiting(tuple(sorted(tonight, key=lambda one: one.delivery)), tuple(over), unreadable, later)


def ready() -> bool:
    """Whether changes or corrections wait that the next night can take in: they go on from what the roll holds."""
    newest = policies.newest_snapshot()
    parent = None if newest is None else roll.store().get_snapshot(newest.digest)
    return any(not one.staged.manifest.full for one in waiting(parent).tonight)


def _is_late(row: Delivery, newest: tuple[int, int] | None) -> bool:
    """Whether the roll holds a newer word of the source. Changes of the same day may have come in any order."""
    if newest is None:
        return False
    return (row.as_of, row.number) < newest if row.full else row.as_of < newest[0]


def _is_next(told: Manifest, last: Delivery | None) -> bool:
    """Whether a delivery may be laid on the last one that the roll holds of its source."""
    goes_on_from = told.base or told.corrects
    return not goes_on_from or (last is not None and goes_on_from == last.sha256)


def _is_whole_but_for_its_rows(corrected: Delivery, held: pl.DataFrame) -> bool:
    """Whether nothing but rows set aside keeps this last delivery of its source from saying something by its silence.

    It is a whole extract, or went on from what was whole. After a recall of the same source nobody knows.
    """
    numbers = Delivery.objects.filter(source=corrected.source).values_list("number", flat=True)
    if Recall.objects.filter(what=Recallable.DELIVERY, subject__in=[str(number) for number in numbers]).exists():
        return False
    of_source = held.filter(pl.col("source") == corrected.source).sort("as_of", "delivery")
    before = of_source.filter(pl.col("delivery") < corrected.number)
    return corrected.full or (not before.is_empty() and bool(before["full"][-1]))


def clear(parent: Snapshot | None, over: tuple[Delivery, ...]) -> None:
    """Remove the files of deliveries that the roll holds, also where an earlier night was stopped before it did."""
    numbers = _held(parent)["delivery"].to_list()
    for row in (*Delivery.objects.filter(number__in=numbers), *over):
        intake.done(row)
    rejection.finish()


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
