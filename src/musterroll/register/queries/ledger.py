"""The public page of the ledger: its size, its newest checkpoint and the witnesses that cosigned it."""

from dataclasses import dataclass


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
