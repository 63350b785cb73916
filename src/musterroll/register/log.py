"""The sequencer: entries of committed acts become the log, the log a signed, cosigned, published checkpoint.

1. Entries are taken in the order of the outbox. Their leaves and the new head are one transaction; the head names the
   size it went on from, once: two sequencers cannot both go on from one size.
2. The head is committed before anything is signed. Tiles are made from the tables and can be made again.
3. Nothing is signed where the published checkpoint, or a witness, is ahead of the database or disagrees with it: then
   this database is an old copy, and signing on would fork the log. Every witness is asked before anything is signed.
4. A checkpoint is published only when the policy's quorum has cosigned it; the quorum is never lowered.
5. Publishing at an instant that has been published changes nothing, so a run that was stopped can be done again and
   takes the same sizes (docs/flow/register.md).
6. When `at` lies in a later year than the log, the old log ends and the new one begins (`register.turn`).
"""

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, note, proof, tile, year
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.tlogproof import TlogProof
from musterroll.register import database, permissions, quorum, shards, turn
from musterroll.register.actor import Actor
from musterroll.register.checkpoints import check_not_behind, log_key, pinned, publish_file, publish_head
from musterroll.register.models import Entry, Leaf, PublishedCheckpoint
from musterroll.register.sequencer import sequence

__all__ = [
    "check_not_behind",
    "covering",
    "head",
    "index_of",
    "log_key",
    "pinned",
    "place_of",
    "proof_of",
    "public_keys",
    "publish",
    "sequence",
]


def public_keys() -> tuple[note.PublicKey, ...]:
    """What a policy names: the keys of this year's log, the newest last, and the key of the next year's."""
    origin = shards.newest().origin
    own = tuple(key.public_key for key in shards.own_keys(origin))
    if not shards.is_yearly(origin):
        return own
    domain, number = year.split(origin)
    return (*own, shards.own_keys(year.origin(domain, number + 1))[-1].public_key)


def head() -> Checkpoint:
    """The log of the newest year as the database holds it."""
    return shards.newest().head()


def publish(*, by: Actor, at: int, timeout: float = 10.0, whole: bool = True) -> Checkpoint:
    """Sequence (`sequencer.sequence`), sign, collect the witnesses' cosignatures and publish the checkpoint.

    Raises MusterRollError `log.behind`, `log.forked`, `witness.ahead`, `log.quorum`, `policy.missing`.
    """
    with database.told():
        permissions.check_may("publish_checkpoint", by)
        shard = shards.newest()
        if shards.year_of(at) > shard.year:
            shard = turn.to_year(shards.year_of(at), at=at, timeout=timeout)
        done = PublishedCheckpoint.objects.filter(at=at, size__gt=shard.start).order_by("-id").first()
        if done is not None:
            publish_file(shard, bytes(done.note))
            return checkpoint.parse(note.decode(bytes(done.note)).text)
        terms = pinned()
        check_not_behind()
        quorum.check_witnesses(shard, terms, timeout=timeout)
        sequence(whole=whole)
        return publish_head(shard, terms, at=at, timeout=timeout)


def index_of(entry: Entry) -> int | None:
    """The entry's place over all years, None while it waits. `place_of` gives its index in its year's log."""
    return Leaf.objects.filter(entry=entry).values_list("index", flat=True).first()


def place_of(entry: Entry) -> tuple[str, int] | None:
    """The origin of the log that holds the entry, and its index there; None while it waits."""
    place = index_of(entry)
    return None if place is None else (shards.of(place).origin, place - shards.of(place).start)


def covering(entry: Entry) -> PublishedCheckpoint | None:
    """The first published checkpoint that covers the entry."""
    place = index_of(entry)
    return None if place is None else PublishedCheckpoint.objects.filter(size__gt=place).order_by("size").first()


def proof_of(entry: Entry, *, by: int | None = None) -> bytes:
    """The `.tlog-proof` of an entry under the first published checkpoint that covers it.

    It carries the entry's own bytes. Raises MusterRollError `log.waiting` while there is no such checkpoint (or none
    published by the second `by`).
    """
    place, first = index_of(entry), covering(entry)
    if place is None or first is None or (by is not None and first.at > by):
        raise MusterRollError(
            "log.waiting",
            "No published checkpoint covers this entry yet.",
            remedy="Wait for the next checkpoint.",
            exit_code=2,
        )
    shard = shards.of(place)
    size = first.size - shard.start
    reader = tile.TileReader(size, tile.read_from(shard.folder))
    path = proof.inclusion(place - shard.start, size, reader.subtree)
    return TlogProof(place - shard.start, path, bytes(first.note), bytes(entry.entry)).encode()
