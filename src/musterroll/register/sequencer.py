"""The sequencer: which place each committed act has in the log, and the files that follow from it.

1. Entries are taken in the order of the outbox. Their leaves and the new head are one transaction; the head names the
   size it went on from, once: two sequencers cannot both go on from one size. A lock lets the second one wait.
2. Tiles are made from the tables after the head is committed, and can be made again at any time.
3. A batch is one transaction, so a backlog of millions needs no more memory than a batch.
"""

from collections.abc import Sequence

from django.db import connection, transaction

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.errors import MusterRollError
from musterroll.ledger import log as growth
from musterroll.ledger import tile
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.register import database, files, shards
from musterroll.register.models import Entry, Head, Leaf, PublishedCheckpoint
from musterroll.register.shards import Shard

_LOCK = 0x6D75737465726F6C
"""The number of the advisory lock that lets one sequencer at a time wait for nothing else."""

MOST_AT_ONCE = 65_536
"""So many entries are one transaction of the sequencer; 256 level-0 tiles."""

LOOK_BACK = 100_000
"""How far below the newest sequenced entry a search that is not whole looks for acts that were long in committing."""


def sequence(*, before: int | None = None, whole: bool = True) -> Checkpoint:
    """Give every waiting entry its place in the log; the new head. Its tiles are written before this returns.

    `before`: only entries of an earlier second. A search that is not `whole` looks at the end of the outbox only, which
    costs a busy sequencer the same however long the log is. An act that took long to commit may lie below it: search
    whole now and then.
    """
    with database.told():
        shard = shards.newest()
        mend(shard)
        after = 0 if whole else _newest() - LOOK_BACK
        while _step(shard, before, after):
            pass
        return shard.head()


def _newest() -> int:
    """The highest number in the outbox that has a place."""
    return Leaf.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0


def _step(shard: Shard, before: int | None, after: int) -> bool:
    """Sequence one batch; whether there may be more."""
    waiting = Entry.objects.filter(leaf__isnull=True, id__gt=after).order_by("id")
    if before is not None:
        waiting = waiting.filter(at__lt=before)
    with transaction.atomic():
        lock()
        if shard != shards.newest():
            return False  # another sequencer has begun a new year: what waits is for its log
        rows = list(waiting.values_list("id", "entry")[:MOST_AT_ONCE])
        grown = append(shard, rows)
    write(shard, grown)
    return len(rows) == MOST_AT_ONCE


def lock() -> None:
    """Wait until no other sequencer is at work; until this transaction ends none will be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def append(shard: Shard, rows: Sequence[tuple[int, bytes]]) -> growth.Growth:
    """Put `rows` (number in the outbox, bytes) at the end of the log: leaves and head, not yet the files."""
    before = shard.head()
    grown = growth.grow(before.size, [bytes(entry) for _, entry in rows], tile.read_from(shard.folder))
    if rows:
        place = shard.start + before.size
        with connection.cursor() as cursor:
            cursor.execute(
                'INSERT INTO register_leaf ("index", entry_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[])',
                [list(range(place, place + len(rows))), [number for number, _ in rows]],
            )
        Head.objects.create(size=place + len(rows), root=grown.root.hex(), previous=place)
    return grown


def mend(shard: Shard) -> None:
    """Make the files of the log again where a run was stopped before it had written them, or some were lost.

    Also those of every size that was published: proofs under earlier checkpoints are made from them.
    """
    current = shard.head()
    try:
        if current.size == 0 or tile.TileReader(current.size, tile.read_from(shard.folder)).root() == current.root:
            return
    except MusterRollError:
        pass  # a missing or damaged file: all of them are made again below
    published = PublishedCheckpoint.objects.filter(size__gt=shard.start, size__lte=shard.start + current.size)
    whole = range(MOST_AT_ONCE, current.size, MOST_AT_ONCE)
    size = 0
    for stop in sorted(
        {*(one - shard.start for one in published.values_list("size", flat=True)), *whole, current.size}
    ):
        rows = Leaf.objects.filter(index__gte=shard.start + size, index__lt=shard.start + stop).order_by("index")
        entries = [bytes(one) for one in rows.values_list("entry__entry", flat=True)]
        write(shard, growth.grow(size, entries, tile.read_from(shard.folder)))
        size = stop


def write(shard: Shard, grown: growth.Growth) -> None:
    """Write the files of a growth that is committed."""
    for path, data in grown.files:
        files.write_whole(shard.folder / path, data)
