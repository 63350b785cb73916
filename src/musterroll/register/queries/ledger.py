"""The public page of the ledger: its size, its newest checkpoint and the witnesses that cosigned it."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from musterroll.dates import format_instant
from musterroll.entry.kind import Kind
from musterroll.ledger import checkpoint, note
from musterroll.ledger.policy import Accepted, Policy
from musterroll.register import home, log, shards
from musterroll.register.models import Entry, Leaf, PublishedCheckpoint
from musterroll.register.shards import Shard

SHOWN = 50
"""How many entries in clear the page shows, newest first."""


@dataclass(frozen=True, slots=True)
class CosignerView:
    """One witness on the newest published checkpoint."""

    name: str
    at: str


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """One entry in clear."""

    index: int
    kind: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The ledger as everybody may see it. `waiting` counts committed acts that no checkpoint covers yet."""

    origin: str
    size: int
    root: str
    published_at: str
    checkpoint: str
    cosigners: tuple[CosignerView, ...]
    quorum: int
    waiting: int
    kinds: tuple[tuple[str, int], ...]
    entries: tuple[PublicEntry, ...]


def public_ledger() -> LedgerView:
    """The newest published checkpoint and what stands under it."""
    last = PublishedCheckpoint.objects.order_by("-size").first()
    terms = log.pinned() if home.current().policy.exists() else None
    shard = shards.of(last.size - 1) if last else shards.newest()
    size = last.size - shard.start if last else 0
    note_bytes = bytes(last.note) if last else b""
    root = checkpoint.parse(note.decode(note_bytes).text).root.hex() if last else ""
    accepted = terms.accept(note_bytes) if last and terms else None
    mine = Leaf.objects.filter(index__gte=shard.start, index__lt=shard.start + size)
    counted = mine.values_list("entry__kind").annotate(number=Count("index"))
    return LedgerView(
        origin=shard.origin,
        size=size,
        root=root,
        published_at=format_instant(last.at) if last else "",
        checkpoint=note_bytes.decode(),
        cosigners=_cosigners(accepted),
        quorum=_least(terms) if terms else 0,
        waiting=Entry.objects.filter(leaf__isnull=True).count(),
        kinds=tuple(sorted((kind, number) for kind, number in counted)),
        entries=_entries(shard, mine),
    )


def _cosigners(accepted: Accepted | None) -> tuple[CosignerView, ...]:
    times = accepted.times if accepted else {}
    return tuple(CosignerView(name, format_instant(at)) for name, at in sorted(times.items()))


def _least(terms: Policy) -> int:
    """How many witnesses the policy's quorum asks for, where it is one group."""
    return next((group.least for group in terms.groups if group.name == terms.quorum), 1)


def _entries(shard: Shard, mine: QuerySet) -> tuple[PublicEntry, ...]:
    rows = mine.exclude(entry__kind=Kind.ACT).select_related("entry").order_by("-index")
    return tuple(
        PublicEntry(
            row.index - shard.start, row.entry.kind, format_instant(row.entry.at), bytes(row.entry.entry).decode()
        )
        for row in rows[:SHOWN]
    )
