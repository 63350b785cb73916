"""The years of the log: where each begins in the tables, its folder, and the keys that sign it.

1. Tables count entries over all years; a year's own index 0 is at its `start` (docs/spec/ledger.md, 2.7).
2. A log's key is the secret `log-YEAR`; the one that replaces it within the year `log-YEAR-2`, and so on. How often it
   was replaced is counted in the log itself, by its entries `key`.
3. The newest key signs always; an earlier one beside it as long as `trust/policy.txt` names it (overlap).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.entry import codec
from musterroll.entry.kind import Kind
from musterroll.ledger import note, tree, year
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.note import PrivateKey, PublicKey
from musterroll.ledger.rotation import Rotation, parse
from musterroll.register import home
from musterroll.register.models import Entry, Head, LogYear

NO_YEAR = 9998
"""Later than every clock says."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The log of one year, and at which place of the tables it begins."""

    origin: str
    start: int

    @property
    def year(self) -> int:
        """Its year. The one log of a home whose origin names none (invented people) never ends."""
        return year.split(self.origin)[1] if is_yearly(self.origin) else NO_YEAR

    @property
    def folder(self) -> Path:
        """Where it is published."""
        return home.current().path / "published" / "ledger" / self.origin.rsplit("/", 1)[-1]

    def head(self) -> Checkpoint:
        """The log as the database holds it."""
        last = Head.objects.filter(size__gt=self.start).order_by("-size").first()
        following = LogYear.objects.filter(start__gt=self.start).order_by("start").first()
        if following is not None:
            last = Head.objects.filter(size=following.start).first()
        if last is None:
            return Checkpoint(self.origin, 0, tree.EMPTY_ROOT)
        return Checkpoint(self.origin, last.size - self.start, bytes.fromhex(last.root))

    def root_at(self, size: int) -> str | None:
        """The root (hexadecimal) at one of its sizes that were heads; None for any other."""
        return Head.objects.filter(size=self.start + size).values_list("root", flat=True).first()


def is_yearly(origin: str) -> bool:
    """Whether the log's name says a year."""
    try:
        year.split(origin)
    except ValueError:
        return False
    return True


def every() -> tuple[Shard, ...]:
    """The logs of this register, the first year's first."""
    first = home.current().origin
    later = LogYear.objects.order_by("start").values_list("year", "start")
    return (Shard(first, 0), *(Shard(year.origin(year.split(first)[0], number), start) for number, start in later))


def newest() -> Shard:
    """The log that is written now."""
    return every()[-1]


def of(place: int) -> Shard:
    """The log that holds the leaf at this place of the tables."""
    return next(shard for shard in reversed(every()) if shard.start <= place)


def year_of(at: int) -> int:
    """The calendar year (UTC) of the second `at`."""
    return datetime.datetime.fromtimestamp(at, datetime.UTC).year


def first_second(number: int) -> int:
    """The first second of a year."""
    return int(datetime.datetime(number, 1, 1, tzinfo=datetime.UTC).timestamp())


def rotations(origin: str) -> tuple[Rotation, ...]:
    """The new keys that this log's own entries name for itself, in order."""
    found = []
    rows = Entry.objects.filter(kind=Kind.KEY, leaf__isnull=False).order_by("leaf__index")
    for entry, place in rows.values_list("entry", "leaf__index"):
        said = codec.decode(bytes(entry))
        assert isinstance(said, codec.PublicEntry)  # of the kind `key`
        if said.payload["origin"] == origin == of(place).origin:
            found.append(parse(said.payload, place - of(place).start))
    return tuple(found)


def own_keys(origin: str) -> tuple[PrivateKey, ...]:
    """Every key that this log has had, the newest last."""
    number = origin.rsplit("/", 1)[-1]
    names = [f"log-{number}", *(f"log-{number}-{n}" for n in range(2, len(rotations(origin)) + 2))]
    return tuple(secret(origin, name) for name in names)


def next_key(origin: str) -> PrivateKey:
    """The key that would replace the newest one of this log."""
    return secret(origin, f"log-{origin.rsplit('/', 1)[-1]}-{len(rotations(origin)) + 2}")


def secret(origin: str, name: str) -> PrivateKey:
    """The key of this secret's name."""
    return PrivateKey(origin, note.ED25519, home.current().keys.secret(name))


def signing_keys(origin: str, named: Iterable[PublicKey]) -> tuple[PrivateKey, ...]:
    """The newest key of the log, and before it the earlier ones that the policy still names."""
    *earlier, last = own_keys(origin)
    kept = set(named)
    return (*(key for key in earlier if key.public_key in kept), last)
