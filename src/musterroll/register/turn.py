"""The end of a year's log and the beginning of the next one, and a new key for a log.

1. Into the old log goes what waits of the old year, the counts of its last days, and the entry that names the next
   log's key. Then its checkpoint is cosigned and published, and is the last one. Without quorum no new year begins.
2. The new log's first entry says that checkpoint; it, the leaf, the head and the year's row are one transaction.
3. Stopped anywhere in between, the same call goes on where it was, and writes the same entries.
4. A new key within a year is named by the old one, in an entry that the first checkpoint under the new key covers.
"""

import uuid

from django.db import transaction

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import ids
from musterroll.entry import codec, grammar
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.ledger import year
from musterroll.ledger.note import PublicKey
from musterroll.ledger.policy import Log
from musterroll.ledger.rotation import rotate
from musterroll.register import checkpoints, counts, database, files, home, permissions, quorum, sequencer, shards
from musterroll.register.actor import Actor
from musterroll.register.models import Entry, LogYear
from musterroll.register.shards import Shard


def to_year(number: int, *, at: int, timeout: float) -> Shard:
    """End the newest log and begin that of the year `number`. Raises MusterRollError `log.quorum` and its like."""
    old, terms = shards.newest(), checkpoints.pinned()
    following = year.origin(year.split(old.origin)[0], number)
    checkpoints.check_not_behind()
    quorum.check_witnesses(old, terms, timeout=timeout)
    sequencer.sequence(before=shards.first_second(number))
    counts.write(at=at)
    _name_key(old, shards.own_keys(following)[-1].public_key, 0, at)
    while True:
        last = checkpoints.publish_head(old, terms, at=at, timeout=timeout)
        with transaction.atomic():
            sequencer.lock()
            if shards.newest() != old:
                return shards.newest()
            if old.head() != last:
                continue  # another sequencer put something behind it
            new = Shard(following, old.start + last.size)
            LogYear.objects.create(year=number, start=new.start)
            first = _write(Kind.YEAR, year.link(last), f"year/{following}", at)
            grown = sequencer.append(new, [(first.pk, bytes(first.entry))])
        sequencer.write(new, grown)
        return new


def replace_key(*, stolen: bool, by: Actor, at: int) -> PublicKey:
    """Replace the newest log's key; the new one. The policy then names both, or only the new one where it is `stolen`.

    The witnesses have to be told before the next checkpoint (all of them at once where the old key is stolen).
    """
    with database.told():
        permissions.check_may("publish_checkpoint", by)
        shard, terms = shards.newest(), checkpoints.pinned()
        if not shards.is_yearly(shard.origin):
            raise MusterRollError(
                "log.not-yearly",
                "The key of a log that names no year is not replaced.",
                where=shard.origin,
                remedy="Make a home whose origin ends in a year: muster init --origin DOMAIN/ledger/YEAR.",
            )
        checkpoints.check_not_behind()
        sequencer.sequence()
        old, new = checkpoints.log_key().public_key, shards.next_key(shard.origin).public_key
        _name_key(shard, new, None, at)
        kept = [one for one in terms.logs if not (stolen and one.key == old)]
        logs = (*kept, Log(new)) if new not in {one.key for one in kept} else tuple(kept)
        files.write_whole(
            home.current().policy, type(terms)(logs, terms.witnesses, terms.groups, terms.quorum).encode()
        )
        return new


def _name_key(shard: Shard, new: PublicKey, start: int | None, at: int) -> None:
    """Put the entry that names `new` at the end of the log, once. `start` None: from the checkpoint that covers it."""
    label = f"key/{new.vkey}"
    if Entry.objects.filter(uuid=_uuid(label)).exists():
        return
    with transaction.atomic():
        sequencer.lock()
        if shards.newest() != shard:
            raise MusterRollError("log.turned", "The year's log has just ended.", remedy="Do it again.")
        place = shard.head().size + 1 if start is None else start
        said = rotate(shards.own_keys(shard.origin)[-1], new, place)
        entry = _write(Kind.KEY, said.fields, label, at)
        grown = sequencer.append(shard, [(entry.pk, bytes(entry.entry))])
    sequencer.write(shard, grown)


def _write(kind: Kind, said: dict, label: str, at: int) -> Entry:
    grammar.check(kind, said)
    return Entry.objects.create(uuid=_uuid(label), kind=kind, at=at, entry=codec.public(kind, said, at))


def _uuid(label: str) -> uuid.UUID:
    return ids.entry_uuid(home.current().keys.secret("entry"), label)
