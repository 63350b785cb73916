"""The auditor's look inside: do the payloads in the database open the leaves that are public, and is none missing?

1. The sample follows from a seed that the auditor names: `SHA-256(seed || number)` modulo the size of the log, so that
   the register cannot choose it, and anybody can say afterwards which entries it was.
2. Of each entry in it: the published bytes are the row's; the payload opens the commitment with the person's key; and
   all acts about that person hang together, from the first one.
3. Over the whole log: as many acts are without payload as erasures say (`erasure.stat`, member `acts`), apart from
   those that were taken back after a loss (`config`, `rebuilt`). So a payload dropped without an erasure is found.
4. Findings name places in the log and nobody. They are for the auditor who stands in the register, with its keys.
"""

from collections import Counter
from dataclasses import dataclass

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.entry import chain, codec, seal
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.ledger import tile
from musterroll.register import database, shards
from musterroll.register.acts import writing
from musterroll.register.models import Entry, Leaf, PersonKey


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked at, in counts, and what was found: a code, where, what."""

    entries: int
    acts: int
    people: int
    without_payload: int
    covered: int
    findings: tuple[MusterRollError, ...]


def audit(*, seed: bytes, sample: int) -> Audit:
    """Look at `sample` entries of the whole log, chosen by `seed`, and count all payloads."""
    with database.told():
        size = Leaf.objects.count()
        places = chosen(seed, sample, size)
        findings: list[MusterRollError] = []
        people: dict[int, None] = {}
        acts = 0
        for place in places:
            row = Leaf.objects.select_related("entry").get(index=place)
            findings += _published(place, row.entry)
            if row.entry.kind == Kind.ACT:
                acts += 1
                findings += _opened(place, row.entry)
                if row.entry.person is not None:
                    people[row.entry.person] = None
        for person in people:
            findings += _chain(person)
        without, covered = _without_payload()
        if without != covered:
            findings.append(
                _found(
                    "audit.payload-missing",
                    f"{without} acts have no payload, and erasures account for {covered}"
                    + (
                        ": an erasure has to be done again, the database is older than it."
                        if without < covered
                        else "."
                    ),
                    "the whole log",
                )
            )
        return Audit(len(places), acts, len(people), without, covered, tuple(findings))


def chosen(seed: bytes, sample: int, size: int) -> tuple[int, ...]:
    """The places of the sample in a log of `size`: ascending, each once, all of them where that is fewer."""
    if sample >= size:
        return tuple(range(size))
    places: set[int] = set()
    number = 0
    while len(places) < sample:
        places.add(int.from_bytes(canonical.sha256(seed + number.to_bytes(8, "big")), "big") % size)
        number += 1
    return tuple(sorted(places))


def _published(place: int, entry: Entry) -> list[MusterRollError]:
    shard = shards.of(place)
    size = shard.head().size
    try:
        shown = tile.TileReader(size, tile.read_from(shard.folder)).entry(place - shard.start)
    except MusterRollError as problem:
        return [problem]
    if shown != bytes(entry.entry):
        return [_found("audit.entry", "The published entry is not the one in the database.", _where(place))]
    return []


def _opened(place: int, entry: Entry) -> list[MusterRollError]:
    said = codec.decode(bytes(entry.entry))
    if not isinstance(said, codec.ActEntry) or said.commitment != bytes(entry.commitment):
        return [_found("audit.commitment", "The database keeps another commitment than the entry.", _where(place))]
    if entry.payload is None:
        return []  # counted over the whole log
    kp = PersonKey.objects.filter(person=entry.person).values_list("kp", flat=True).first()
    if kp is None:
        return [_found("audit.key-missing", "The person's key is gone, the payload is not.", _where(place))]
    try:
        seal.check(said.commitment, seal.salt(bytes(kp), entry.uuid), bytes(entry.payload))
    except MusterRollError as problem:
        return [_found(problem.code, problem.what, _where(place))]
    return []


def _chain(person: int) -> list[MusterRollError]:
    rows = list(Entry.objects.filter(person=person).order_by("n"))
    if [row.n for row in rows] != list(range(1, len(rows) + 1)):
        places = list(Leaf.objects.filter(entry__person=person).values_list("index", flat=True))
        return [_found("entry.chain", "Acts about one person are missing between others.", _where(max(places)))]
    try:
        chain.check(writing.ref_of(person), [(bytes(one.payload or b""), bytes(one.commitment)) for one in rows])
    except MusterRollError as problem:
        return [problem]
    return []


def _without_payload() -> tuple[int, int]:
    """How many acts in the log are without payload, and how many should be."""
    empty = Entry.objects.filter(kind=Kind.ACT, payload__isnull=True)
    places = list(empty.values_list("leaf__index", flat=True))
    covered: Counter[str] = Counter()
    rebuilt: set[int] = set()
    for kind, entry, place in Entry.objects.filter(kind__in=(Kind.ERASURE_STAT, Kind.CONFIG)).values_list(
        "kind", "entry", "leaf__index"
    ):
        said = codec.decode(bytes(entry))
        assert isinstance(said, codec.PublicEntry)  # of a kind in clear
        if kind == Kind.ERASURE_STAT:
            covered["erased"] += int(said.payload.get("acts", 0))  # type: ignore[arg-type]
        elif isinstance(taken := said.payload.get("rebuilt"), dict):
            start = shards.of(place).start if place is not None else shards.newest().start
            rebuilt.update(range(start + int(taken["from"]), start + int(taken["size"])))  # type: ignore[arg-type]
    return sum(place not in rebuilt for place in places), covered["erased"]


def _where(place: int) -> str:
    shard = shards.of(place)
    return f"{shard.origin}, entry {place - shard.start}"


def _found(code: str, what: str, where: str) -> MusterRollError:
    return MusterRollError(code, what, where=where, remedy="Keep the published files and a backup of this database.")
