"""A snapshot: which objects are the roll after one act, named by the SHA-256 of its canonical JSON.

`through` says up to which entry of the ledger the acts are taken in (origin and size): a snapshot holds exactly the
acts whose index is below that size, every other committed act is overlaid (data-model 7).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from musterroll import canonical
from musterroll.errors import MusterRollError

VERSION = 1


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """One object: `sha256` of the file's bytes (its name), `content` of its rows.

    `bucket` is the bucket of a base object or view, None where the table has none; `night` is the `known` time of a
    night object in microseconds, None for a base object or a view.
    """

    table: str
    sha256: str
    rows: int
    content: str
    sealed: bool
    bucket: int | None = None
    night: int | None = None

    def __post_init__(self) -> None:
        if len(self.sha256) != 64 or len(self.content) != 64 or self.rows < 0:
            raise ValueError("an object is named by two digests of 64 digits and has a number of rows")

    def as_json(self) -> dict[str, Any]:
        """The members of the snapshot's entry; those that are None are left out."""
        members = {
            "sha256": self.sha256,
            "rows": self.rows,
            "content": self.content,
            "sealed": self.sealed,
            "bucket": self.bucket,
            "night": self.night,
        }
        return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Through:
    """The part of a ledger that a snapshot has taken in: its origin and the number of entries."""

    origin: str
    size: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The roll after one act. `on` is the legal day evaluated, `known_at` the act's time in microseconds.

    `packs` are digests of the published packs in use; `parent` is "" for the first snapshot of a home.
    """

    parent: str
    buckets: int
    through: Through
    packs: tuple[str, ...]
    on: int
    known_at: int
    tables: Mapping[str, tuple[ObjectRef, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.buckets < 1 or self.through.size < 0:
            raise ValueError("a snapshot has at least one bucket and a ledger size of 0 or more")
        if any(ref.table != name for name, refs in self.tables.items() for ref in refs):
            raise ValueError("an object stands under its own table")

    def encode(self) -> bytes:
        """Canonical JSON: the bytes whose SHA-256 names the snapshot. Inverse of `decode`."""
        return canonical.encode(
            {
                "v": VERSION,
                "parent": self.parent,
                "buckets": self.buckets,
                "through": {"origin": self.through.origin, "size": self.through.size},
                "packs": sorted(self.packs),
                "on": self.on,
                "known_at": self.known_at,
                "tables": {name: [ref.as_json() for ref in refs] for name, refs in self.tables.items() if refs},
            }
        )

    @property
    def digest(self) -> str:
        """The name of the snapshot: 64 hexadecimal digits."""
        return canonical.sha256_hex(self.encode())

    def refs(self, table: str) -> tuple[ObjectRef, ...]:
        """The objects of one table; none when the roll does not hold it yet."""
        return self.tables.get(table, ())


def decode(data: bytes, *, where: str = "snapshot") -> Snapshot:
    """The snapshot in `data`. Raises MusterRollError `roll.snapshot-malformed` or `json.malformed`."""
    value = canonical.decode(data, where=where)
    try:
        if value["v"] != VERSION:
            raise ValueError
        return Snapshot(
            parent=value["parent"],
            buckets=value["buckets"],
            through=Through(**value["through"]),
            packs=tuple(value["packs"]),
            on=value["on"],
            known_at=value["known_at"],
            tables={
                name: tuple(ObjectRef(table=name, **members) for members in refs)
                for name, refs in value["tables"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise MusterRollError(
            "roll.snapshot-malformed",
            f"This is not a snapshot of a roll in version {VERSION}.",
            where=where,
            remedy="Use the program version that wrote it, or take the file again from a copy of the roll.",
        ) from None
