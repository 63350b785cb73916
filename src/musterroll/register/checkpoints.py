"""Signing and publishing checkpoints.

1. The head is committed before anything is signed. Nothing is signed where the published checkpoint is ahead of the
   database or disagrees with it: then this database is an old copy, and signing on would fork the log.
2. A checkpoint is published only when the policy's quorum has cosigned it (`register.quorum`).
"""

from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, note, policy, proof, tile
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.register import files, home, quorum, shards, witnesses
from musterroll.register.models import PublishedCheckpoint
from musterroll.register.shards import Shard


def log_key() -> note.PrivateKey:
    """The key with which the log signs its checkpoints; it bears the origin's name."""
    return shards.own_keys(shards.newest().origin)[-1]


def pinned() -> policy.Policy:
    """The policy that verifiers pin. Raises MusterRollError `policy.missing`."""
    path = home.current().policy
    try:
        return policy.decode(path.read_bytes(), where=str(path))
    except FileNotFoundError:
        raise MusterRollError(
            "policy.missing",
            "No policy says who the witnesses are.",
            where=str(path),
            remedy="Write trust/policy.txt (docs/spec/ledger.md): the log's key, at least three witnesses, a quorum.",
            exit_code=2,
        ) from None


def publish_head(shard: Shard, terms: policy.Policy, *, at: int, timeout: float) -> Checkpoint:
    """Sign the head of this log, collect cosignatures, publish. Nothing new: the published one stays."""
    current = shard.head()
    last = PublishedCheckpoint.objects.filter(size__gt=shard.start).order_by("-size").first()
    if last is not None and last.size == shard.start + current.size:
        publish_file(shard, bytes(last.note))
        return current
    signed = note.Note(current.text, ())
    for key in shards.signing_keys(shard.origin, [one.key for one in terms.logs]):
        signed = signed.plus(*checkpoint.sign(current, key).signatures)
    reader = tile.TileReader(current.size, tile.read_from(shard.folder))
    collected = witnesses.collect(
        signed,
        terms.witnesses,
        lambda old: proof.consistency(old, current.size, reader.subtree),
        last={} if last is None else dict.fromkeys((one.name for one in terms.witnesses), last.size - shard.start),
        timeout=timeout,
    )
    signed = signed.plus(*collected.signatures)
    quorum.check_met(shard, terms, signed, collected.refused, at)
    PublishedCheckpoint.objects.create(size=shard.start + current.size, note=signed.encode(), at=at)
    publish_file(shard, signed.encode())
    quorum.met(shard)
    return current


def check_not_behind() -> None:
    """Refuse to sign where what is published is ahead of the database, or is another log.

    Raises MusterRollError `log.behind` or `log.forked`.
    """
    folder = shards.newest().folder
    later = [one for one in folder.parent.glob("[0-9][0-9][0-9][0-9]/checkpoint") if one.parent.name > folder.name]
    if later:
        raise _behind(f"{max(later).parent.name} has begun, and the database ends in {folder.name}", max(later))
    shard = shards.newest()
    path = shard.folder / "checkpoint"
    if not path.exists():
        return
    signed = note.decode(path.read_bytes(), where=str(path))
    note.verify(signed, [key.public_key for key in shards.own_keys(shard.origin)])
    published, current = checkpoint.parse(signed.text, where=str(path)), shard.head()
    if published.size > current.size:
        raise _behind(f"the published log has {published.size} entries, the database {current.size}", path)
    if published.size and shard.root_at(published.size) != published.root.hex():
        raise MusterRollError(
            "log.forked",
            f"The published log and the database differ within the first {published.size} entries.",
            where=str(path),
            remedy="Sign nothing. Keep both: they are the evidence of what was changed.",
        )


def _behind(why: str, path: Path) -> MusterRollError:
    return MusterRollError(
        "log.behind",
        f"The database is an old copy: {why}.",
        where=str(path),
        remedy="Sign nothing. Restore a newer backup, or rebuild from the published entries: `muster ledger rebuild`.",
    )


def publish_file(shard: Shard, data: bytes) -> None:
    """Put a signed checkpoint where it is published, unless it is there."""
    path = shard.folder / "checkpoint"
    if not path.exists() or path.read_bytes() != data:
        files.write_whole(path, data)
