"""What the source of the list says about who should be in it (docs/spec/draw.md, 5).

Level 0: published counts. Level 1: the source publishes one keyed hash a person, signed, and anybody sees that the list
and those left out are together exactly that.
1. `N = HMAC-SHA256(Ks, T(nullifier) || draw id || 0x00 || person)`; the source holds Ks, never the operator.
2. Those left out are published only where a named authority outside holds Ks, since its holder could list the exempt.
3. An opened record carries its N: so an audit sees that the nullifiers are those of the people in the list.
"""

import hmac
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from musterroll import canonical
from musterroll.draw.member import Members
from musterroll.errors import MusterRollError
from musterroll.ledger import tree

NULLIFIER_BYTES = 32
_TAG_NULLIFIER = canonical.tag("nullifier")
_TAG_SOURCE = canonical.tag("source")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_HASH = re.compile(r"[0-9a-f]{64}")
MOST_ROUNDED = 100
"""The widest that counts may be rounded: else considered and left out would agree with every list."""


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """Level 0: how many the register considered and how many it left out, rounded to `rounded_to` (1 for exact)."""

    considered: int
    excluded: int
    rounded_to: int
    level: int = 0

    def __post_init__(self) -> None:
        if self.level != 0 or not 1 <= self.rounded_to <= MOST_ROUNDED:
            raise ValueError(f"level 0, published counts, is rounded to at least 1 and at most {MOST_ROUNDED}")

    def agrees_with(self, size: int) -> bool:
        """Whether considered less excluded is the cohort, as far as rounding lets one see."""
        return abs(self.considered - self.excluded - size) <= (self.rounded_to if self.rounded_to > 1 else 0)

    @property
    def left_out(self) -> int:
        """How many were left out at least."""
        return max(0, self.excluded - (self.rounded_to if self.rounded_to > 1 else 0))

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {
            "level": self.level,
            "considered": self.considered,
            "excluded": self.excluded,
            "rounded_to": self.rounded_to,
        }


@dataclass(frozen=True, slots=True)
class SourceList:
    """Level 1: the source's signed list of nullifiers, and how the draw's files divide it.

    `key_holder` is who holds Ks, None where it is not stated; only then is there no `excluded_sha256`.
    """

    authority: str
    key: str
    size: int
    root: str
    signature: str
    nullifiers: str
    excluded: int
    key_holder: str | None = None
    excluded_sha256: str | None = None
    level: int = 1

    def __post_init__(self) -> None:
        if self.level != 1 or not self.authority or self.key_holder == "":
            raise ValueError("level 1 names the source, and the holder of its key by name")
        if not (_HASH.fullmatch(self.key) and _SIGNATURE.fullmatch(self.signature)):
            raise ValueError("a key has 64 hexadecimal digits, a signature 128")
        if self.excluded_sha256 is not None and self.key_holder is None:
            raise ValueError("those left out are published only where a named authority holds the source's key")

    def agrees_with(self, size: int) -> bool:
        """Whether the source's list less those left out is the cohort."""
        return self.size - self.excluded == size

    @property
    def left_out(self) -> int:
        """How many were left out."""
        return self.excluded

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        optional = {"key_holder": self.key_holder, "excluded_sha256": self.excluded_sha256}
        return {
            "level": self.level,
            "authority": self.authority,
            "key": self.key,
            "size": self.size,
            "root": self.root,
            "signature": self.signature,
            "nullifiers": self.nullifiers,
            "excluded": self.excluded,
        } | {name: value for name, value in optional.items() if value is not None}

    def check(self, source: bytes, nullifiers: bytes, excluded: bytes | None) -> None:
        """Raise MusterRollError `source.wrong` unless the three files are what this says, and fit together.

        The source's signature over `signed_message` is the caller's to check.
        """
        listed = split(source, "source.bin")
        left = [] if excluded is None else split(excluded, "excluded.bin")
        entered = sorted(split(nullifiers, "nullifiers.bin", ascending=False))
        if (len(listed), root(source).hex()) != (self.size, self.root):
            raise _wrong("source.bin", "it is not the list that the manifest names")
        if canonical.sha256_hex(nullifiers) != self.nullifiers:
            raise _wrong("nullifiers.bin", "it is not the file that the manifest names")
        if (None if excluded is None else canonical.sha256_hex(excluded)) != self.excluded_sha256:
            raise _wrong("excluded.bin", "it is not the file that the manifest names")
        if any(a == b for a, b in itertools.pairwise(entered)) or len(entered) != self.size - self.excluded:
            raise _wrong("nullifiers.bin", "somebody stands in it twice, or it is not as long as the list of entries")
        if not set(entered) <= set(listed):
            raise _wrong("nullifiers.bin", "somebody is in the draw whom the source does not know")
        if excluded is not None and sorted(entered + left) != listed:
            raise _wrong("excluded.bin", "those in the draw and those left out are not together the source's list")


type SourceTerms = SourceCounts | SourceList


def read(members: Members) -> SourceTerms:
    """What `members` state. Raises MusterRollError `manifest.member`."""
    if members.number("level") == 0:
        names = ("level", "considered", "excluded", "rounded_to")
        return members.make(SourceCounts, **{name: members.number(name) for name in names})
    return members.make(
        SourceList,
        level=members.number("level"),
        authority=members.text("authority"),
        key=members.hex("key"),
        size=members.number("size"),
        root=members.hex("root"),
        signature=members.text("signature"),
        nullifiers=members.hex("nullifiers"),
        excluded=members.number("excluded"),
        key_holder=members.text_or_absent("key_holder"),
        excluded_sha256=members.hex_or_absent("excluded_sha256"),
    )


def nullifier(ks: bytes, draw: str, person: str) -> bytes:
    """N of a person, computed where Ks is held."""
    return hmac.digest(ks, _TAG_NULLIFIER + draw.encode("ascii") + b"\x00" + person.encode("utf-8"), "sha256")


def root(source: bytes) -> bytes:
    """The root of `source.bin`."""
    return tree.root([tree.leaf_hash(source[i : i + NULLIFIER_BYTES]) for i in range(0, len(source), NULLIFIER_BYTES)])


def signed_message(draw: str, size: int, root: bytes) -> bytes:
    """What the source signs with its Ed25519 key: a list of this size and root, for this draw."""
    return _TAG_SOURCE + root + size.to_bytes(8, "big") + draw.encode("ascii")


def split(data: bytes, where: str, *, ascending: bool = True) -> list[bytes]:
    """The values of 32 bytes in a file. Raises MusterRollError `source.wrong` for another length or order."""
    if len(data) % NULLIFIER_BYTES:
        raise _wrong(where, f"it has {len(data)} bytes, which is no multiple of 32")
    values = [data[i : i + NULLIFIER_BYTES] for i in range(0, len(data), NULLIFIER_BYTES)]
    if ascending and any(a >= b for a, b in itertools.pairwise(values)):
        raise _wrong(where, "its values do not ascend, each once")
    return values


def files(ordered: Sequence[bytes], everybody: Sequence[bytes]) -> tuple[bytes, bytes, bytes]:
    """`source.bin`, `nullifiers.bin` and `excluded.bin`: N of the entries in their order, N of everybody."""
    return b"".join(sorted(everybody)), b"".join(ordered), b"".join(sorted(set(everybody) - set(ordered)))


def _wrong(where: str, why: str) -> MusterRollError:
    return MusterRollError(
        "source.wrong",
        f"The source's list and the draw do not fit together: {why}.",
        where=where,
        remedy="Fetch the files again; if it stays so, keep them: somebody was left out or put in after the list was "
        "signed.",
    )
