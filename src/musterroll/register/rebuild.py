"""The log's tables made again from what is published, after a database was lost and an older backup put in its place.

1. Only what the policy accepts is believed: the log's signature, the witnesses' quorum, tiles that lead to the signed
   root. The database has to be an earlier state of exactly that log; otherwise nothing is done.
2. Each published entry that the database lacks gets its row: one that waits there with the same bytes is that entry;
   of any other the bytes are kept, and the payload, the person and the number are gone. The acts themselves are not
   brought back: the log shows that they were, in that hour, and the people concerned hold their proofs.
3. The log then says in clear which entries were taken back (`config`, `rebuilt`).
4. Done again it changes nothing; stopped in between it goes on.
"""

from dataclasses import dataclass

from django.db import transaction

from musterroll import ids
from musterroll.canonical import Json
from musterroll.entry import codec, grammar
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.ledger import tile, year
from musterroll.ledger.policy import Accepted
from musterroll.ledger.tree import range_hash
from musterroll.register import checkpoints, database, home, permissions, sequencer, shards
from musterroll.register.actor import Actor
from musterroll.register.models import Entry, LogYear, PublishedCheckpoint
from musterroll.register.shards import Shard


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Of the log `origin`, entries `start` up to `size` were taken back; of `lost` of them only the bytes are left."""

    origin: str
    start: int
    size: int
    lost: int


def rebuild(*, by: Actor, at: int) -> tuple[Rebuilt, ...]:
    """Take back every published entry that the database lacks, year by year. Nothing lacking, nothing done.

    Raises MusterRollError `log.forked` where the database is not an earlier state of the published log, and those of
    `policy.accept` and `ledger.tile`.
    """
    with database.told():
        permissions.check_may("publish_checkpoint", by)
        done = []
        while True:
            shard = shards.newest()
            one = _one_year(shard, at)
            if one is not None:
                done.append(one)
            if not _begin_next(shard):
                return tuple(done)


def _one_year(shard: Shard, at: int) -> Rebuilt | None:
    accepted = _published(shard)
    if accepted is None or accepted.checkpoint.size < shard.head().size:
        return None
    checkpoint = accepted.checkpoint
    reader = tile.TileReader(checkpoint.size, tile.read_from(shard.folder))
    reader.check_root(checkpoint.root)
    before = shard.head()
    if before.size and range_hash(0, before.size, reader.subtree) != before.root:
        raise MusterRollError(
            "log.forked",
            f"The database is no earlier state of the published log: they differ within {before.size} entries.",
            where=str(shard.folder),
            remedy="Change nothing. Keep both: they are the evidence of what was changed.",
        )
    lost = 0
    for start in range(before.size, checkpoint.size, sequencer.MOST_AT_ONCE):
        end = min(start + sequencer.MOST_AT_ONCE, checkpoint.size)
        with transaction.atomic():
            sequencer.lock()
            if start == before.size:
                _say(shard, start, checkpoint.size, at)
            rows = []
            for index in range(start, end):
                entry = reader.entry(index)
                number, new = _row(shard, index, entry)
                rows.append((number, entry))
                lost += new
            grown = sequencer.append(shard, rows)
        sequencer.write(shard, grown)
    PublishedCheckpoint.objects.get_or_create(
        size=shard.start + checkpoint.size,
        defaults={"note": (shard.folder / "checkpoint").read_bytes(), "at": accepted.met_at or at},
    )
    return Rebuilt(shard.origin, before.size, checkpoint.size, lost) if before.size < checkpoint.size else None


def _published(shard: Shard) -> Accepted | None:
    path = shard.folder / "checkpoint"
    return checkpoints.pinned().accept(path.read_bytes(), where=str(path)) if path.exists() else None


def _row(shard: Shard, index: int, entry: bytes) -> tuple[int, int]:
    """The number in the outbox of the published entry, and whether its row had to be made."""
    waiting = Entry.objects.filter(leaf__isnull=True, entry=entry).order_by("id").values_list("id", flat=True).first()
    if waiting is not None:
        return waiting, 0
    said = codec.decode(entry, where=f"entry {index}")
    uuid = ids.entry_uuid(home.current().keys.secret("entry"), f"rebuilt/{shard.origin}/{index}")
    if isinstance(said, codec.ActEntry):
        made = Entry.objects.create(uuid=uuid, kind=Kind.ACT, at=said.hour, entry=entry, commitment=said.commitment)
    else:
        made = Entry.objects.create(uuid=uuid, kind=said.kind, at=said.at, entry=entry)
    return made.pk, 1


def _begin_next(shard: Shard) -> bool:
    """Whether a later year's published log goes on from this one; its place in the tables is then known."""
    later = sorted(
        int(one.parent.name)
        for one in shard.folder.parent.glob("[0-9][0-9][0-9][0-9]/checkpoint")
        if int(one.parent.name) > shard.year
    )
    if not later:
        return False
    following = Shard(year.origin(year.split(shard.origin)[0], later[0]), shard.start + shard.head().size)
    accepted = _published(following)
    assert accepted is not None  # its checkpoint was just found
    first = codec.decode(tile.TileReader(accepted.checkpoint.size, tile.read_from(following.folder)).entry(0))
    if not isinstance(first, codec.PublicEntry) or first.kind is not Kind.YEAR:
        raise year.broken("its first entry is not `year`", str(following.folder))
    year.check_link(year.parse_link(first.payload, following.origin), shard.head(), where=str(following.folder))
    LogYear.objects.create(year=following.year, start=following.start)
    return True


def _say(shard: Shard, start: int, size: int, at: int) -> None:
    said: dict[str, Json] = {"rebuilt": {"from": start, "size": size}}
    grammar.check(Kind.CONFIG, said)
    uuid = ids.entry_uuid(home.current().keys.secret("entry"), f"rebuilt/{shard.origin}/{start}/{size}")
    Entry.objects.get_or_create(
        uuid=uuid, defaults={"kind": Kind.CONFIG, "at": at, "entry": codec.public(Kind.CONFIG, said, at)}
    )
