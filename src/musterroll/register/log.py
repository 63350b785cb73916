"""The sequencer: entries of committed acts become the log, the log a signed, cosigned, published checkpoint.

1. Entries are taken in the order of the outbox. Their leaves and the new head are one transaction; the head names the
   size it went on from, once: two sequencers cannot both go on from one size.
2. The head is committed before anything is signed. Tiles are made from the tables and can be made again.
3. Nothing is signed where the published checkpoint, or a witness, is ahead of the database or disagrees with it: then
   this database is an old copy, and signing on would fork the log.
4. A checkpoint is published only when the policy's quorum has cosigned it; the quorum is never lowered.
5. Publishing at an instant that has been published changes nothing, so a run that was stopped can be done again and
   takes the same sizes (docs/flow/register.md).
"""

from pathlib import Path

from django.db import connection, transaction

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, note, policy, proof, tile, tree
from musterroll.ledger import log as growth
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.tlogproof import TlogProof
from musterroll.register import database, files, home, permissions, witnesses
from musterroll.register.actor import Actor
from musterroll.register.models import Entry, Head, Leaf, PublishedCheckpoint

_LOCK = 0x6D75737465726F6C
"""The number of the advisory lock that lets one sequencer at a time wait for nothing else."""


def log_key() -> note.PrivateKey:
    """The key with which the log signs its checkpoints; it bears the origin's name."""
    opened = home.current()
    year = opened.origin.rsplit("/", 1)[-1]
    return note.PrivateKey(opened.origin, note.ED25519, opened.keys.secret(f"log-{year}"))


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


def head() -> Checkpoint:
    """The log as the database holds it."""
    last = Head.objects.order_by("-size").first()
    if last is None:
        return Checkpoint(home.current().origin, 0, tree.EMPTY_ROOT)
    return Checkpoint(home.current().origin, last.size, bytes.fromhex(last.root))


def sequence() -> Checkpoint:
    """Give every waiting entry its place in the log; the new head. Its tiles are written before this returns."""
    folder = home.current().ledger
    with database.told():
        _mend(folder)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            before = head()
            waiting = list(Entry.objects.filter(leaf__isnull=True).order_by("id").values_list("id", "entry"))
            grown = growth.grow(before.size, [bytes(entry) for _, entry in waiting], tile.read_from(folder))
            if waiting:
                Leaf.objects.bulk_create(
                    [Leaf(index=before.size + i, entry_id=pk) for i, (pk, _) in enumerate(waiting)], batch_size=5_000
                )
                Head.objects.create(size=grown.size, root=grown.root.hex(), previous=before.size)
        _write(folder, grown)
        return head()


def publish(*, by: Actor, at: int, timeout: float = 10.0) -> Checkpoint:
    """Sequence, sign, collect the witnesses' cosignatures and publish the checkpoint.

    Raises MusterRollError `log.behind`, `log.forked`, `witness.ahead`, `log.quorum`, `policy.missing`.
    """
    with database.told():
        permissions.check_may("publish_checkpoint", by)
        done = PublishedCheckpoint.objects.filter(at=at).order_by("-id").first()
        if done is not None:
            _publish_file(bytes(done.note))
            return checkpoint.parse(note.decode(bytes(done.note)).text)
        terms = pinned()
        check_not_behind()
        current = sequence()
        last = PublishedCheckpoint.objects.order_by("-size").first()
        if last is not None and last.size == current.size:
            _publish_file(bytes(last.note))
            return current
        signed = checkpoint.sign(current, log_key())
        reader = tile.TileReader(current.size, tile.read_from(home.current().ledger))
        collected = witnesses.collect(
            signed,
            terms.witnesses,
            lambda old: proof.consistency(old, current.size, reader.subtree),
            last={} if last is None else dict.fromkeys((one.name for one in terms.witnesses), last.size),
            timeout=timeout,
        )
        for signature in collected.signatures:
            signed = signed.plus(signature)
        _check_quorum(terms, signed, collected.refused)
        PublishedCheckpoint.objects.create(size=current.size, note=signed.encode(), at=at)
        _publish_file(signed.encode())
        return current


def check_not_behind() -> None:
    """Refuse to sign where what is published is ahead of the database, or is another log.

    Raises MusterRollError `log.behind` or `log.forked`.
    """
    path = home.current().ledger / "checkpoint"
    if not path.exists():
        return
    published = checkpoint.open(path.read_bytes(), log_key().public_key, where=str(path))
    current = head()
    if published.size > current.size:
        raise MusterRollError(
            "log.behind",
            f"The published log has {published.size} entries, the database {current.size}: it is an old copy.",
            where=str(path),
            remedy="Sign nothing. Restore a newer backup, or rebuild the database from the published entries.",
        )
    known = Head.objects.filter(size=published.size).first()
    if published.size and (known is None or known.root != published.root.hex()):
        raise MusterRollError(
            "log.forked",
            f"The published log and the database differ within the first {published.size} entries.",
            where=str(path),
            remedy="Sign nothing. Keep both: they are the evidence of what was changed.",
        )


def index_of(entry: Entry) -> int | None:
    """The entry's place in the log, None while it waits."""
    return Leaf.objects.filter(entry=entry).values_list("index", flat=True).first()


def proof_of(entry: Entry, *, by: int | None = None) -> bytes:
    """The `.tlog-proof` of an entry under the first published checkpoint that covers it.

    It carries the entry's own bytes. Raises MusterRollError `log.waiting` while there is no such checkpoint (or none
    published by the second `by`).
    """
    index = index_of(entry)
    covering = PublishedCheckpoint.objects.filter(size__gt=-1 if index is None else index).order_by("size")
    first = covering.first()
    if index is None or first is None or (by is not None and first.at > by):
        raise MusterRollError(
            "log.waiting",
            "No published checkpoint covers this entry yet.",
            remedy="Wait for the next checkpoint.",
            exit_code=2,
        )
    reader = tile.TileReader(first.size, tile.read_from(home.current().ledger))
    path = proof.inclusion(index, first.size, reader.subtree)
    return TlogProof(index, path, bytes(first.note), bytes(entry.entry)).encode()


def _mend(folder: Path) -> None:
    """Make the files of the head again where a run was stopped before it had written them."""
    current = head()
    try:
        if current.size == 0 or tile.TileReader(current.size, tile.read_from(folder)).root() == current.root:
            return
    except MusterRollError:
        pass  # a missing or damaged file: all of them are made again below
    entries = [bytes(one) for one in Leaf.objects.order_by("index").values_list("entry__entry", flat=True)]
    _write(folder, growth.grow(0, entries, tile.read_from(folder)))


def _write(folder: Path, grown: growth.Growth) -> None:
    for path, data in grown.files:
        files.write_whole(folder / path, data)


def _check_quorum(terms: policy.Policy, signed: note.Note, refused: tuple[MusterRollError, ...]) -> None:
    try:
        terms.accept(signed.encode())
    except MusterRollError as problem:
        if problem.code != "policy.quorum":
            raise
        raise MusterRollError(
            "log.quorum",
            f"Too few witnesses cosigned; nothing is published. {' '.join(one.what for one in refused)}".strip(),
            where=f"checkpoint of size {checkpoint.parse(signed.text).size}",
            remedy="See that the witnesses run, then publish again. The quorum is never lowered.",
            exit_code=2,
        ) from None


def _publish_file(data: bytes) -> None:
    path = home.current().ledger / "checkpoint"
    if not path.exists() or path.read_bytes() != data:
        files.write_whole(path, data)
