"""A year's log that grows, with its published files, proofs and cosigned checkpoints."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.published import WITNESS_KEYS

from musterroll.entry import codec
from musterroll.entry.kind import Kind
from musterroll.ledger import checkpoint, cosignature, log, proof
from musterroll.ledger.note import PrivateKey
from musterroll.ledger.tile import TileReader
from musterroll.ledger.tlogproof import TlogProof


def nothing(path: str) -> bytes:
    raise FileNotFoundError(path)


@dataclass
class YearLog:
    """A year's log that grows, and its published folder."""

    folder: Path
    origin: str
    key: PrivateKey
    entries: list[bytes] = field(default_factory=list)
    witnesses: tuple[str, ...] = tuple(WITNESS_KEYS)

    def add(self, kind: Kind, said: dict[str, Any], at: int) -> int:
        """The index of a new public entry."""
        self.entries.append(codec.public(kind, said, at))
        return len(self.entries) - 1

    def signed(self, at: int, key: PrivateKey | None = None) -> bytes:
        """The checkpoint over what there is, cosigned at second `at`."""
        root = self.reader().root()
        note = checkpoint.sign(checkpoint.Checkpoint(self.origin, len(self.entries), root), key or self.key)
        return note.plus(*(cosignature.cosign(note.text, WITNESS_KEYS[name], at) for name in self.witnesses)).encode()

    def prove(self, index: int, at: int) -> bytes:
        """The proof of an entry under the checkpoint over what there is."""
        reader = self.reader()
        path = proof.inclusion(index, reader.size, reader.subtree)
        return TlogProof(index, tuple(path), self.signed(at), self.entries[index]).encode()

    def files(self, at: int) -> dict[str, bytes]:
        """The published files."""
        return dict(log.grow(0, self.entries, nothing).files) | {"checkpoint": self.signed(at)}

    def reader(self) -> TileReader:
        return TileReader(len(self.entries), dict(log.grow(0, self.entries, nothing).files).__getitem__)
