"""The daily counts in the log: how many acts about people each day held.

1. `stat`: for each finished day (UTC) that held entries of the kind `act`, in this year's log, one entry with the
   number of those before it. Anybody can count them again; they are opaque, so the number says nothing about anybody.
2. Counted and put into the log in one transaction, so that no act comes in between. A day is written once.
3. Written by the daily run and at the end of a year.
"""

from django.db import transaction

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.canonical import Json
from musterroll.entry import codec, grammar
from musterroll.entry.kind import Kind
from musterroll.ids import entry_uuid
from musterroll.register import home, sequencer, shards
from musterroll.register.models import Entry, Leaf
from musterroll.register.shards import Shard

_DAY = 86_400


def write(*, at: int) -> int:
    """Write the counts of the finished days before second `at` into the newest log; how many days."""
    sequencer.sequence(before=shards.first_second(shards.newest().year + 1))
    with transaction.atomic():
        sequencer.lock()
        shard = shards.newest()
        rows = [_entry(shard, day, number, at) for day, number in sorted(_uncounted(shard, at).items())]
        grown = sequencer.append(shard, rows)
    sequencer.write(shard, grown)
    return len(rows)


def _uncounted(shard: Shard, at: int) -> dict[int, int]:
    """Acts by day, of the finished days later than the last one that was counted."""
    mine = Leaf.objects.filter(index__gte=shard.start)
    last = mine.filter(entry__kind=Kind.STAT).order_by("-index").values_list("entry__entry", flat=True).first()
    since = 0 if last is None else dates.parse_day(_day_of(bytes(last))) + 1
    acts: dict[int, int] = {}
    found = mine.filter(entry__kind=Kind.ACT, entry__at__gte=since * _DAY, entry__at__lt=at - at % _DAY)
    for second in found.values_list("entry__at", flat=True).iterator(chunk_size=10_000):
        acts[second // _DAY] = acts.get(second // _DAY, 0) + 1
    return acts


def _entry(shard: Shard, day: int, number: int, at: int) -> tuple[int, bytes]:
    said: dict[str, Json] = {"act": number, "day": dates.format_day(day)}
    grammar.check(Kind.STAT, said)
    uuid = entry_uuid(home.current().keys.secret("entry"), f"stat/{shard.origin}/{said['day']}")
    entry = codec.public(Kind.STAT, said, at)
    return int(Entry.objects.create(uuid=uuid, kind=Kind.STAT, at=at, entry=entry).pk), entry


def _day_of(entry: bytes) -> str:
    said = codec.decode(entry)
    assert isinstance(said, codec.PublicEntry)  # of the kind `stat`
    return str(said.payload["day"])
