"""Who was left out or passed over, and what was entered by hand: committed to, so that chance picks what is looked at.

1. Everybody who was excluded from a list or skipped at the call has one entry, with the ground inside; nobody can open
   it but the person and the register. The list's root is in the log before the round that picks the sample exists.
2. Facts entered by hand on the 60 days before the reference day are a list of their own; all of them are opened.
3. Somebody spared without a lawful ground therefore stands in the list, where an outside auditor may find them, or is
   missing from it, which the counts show. docs/spec/draw.md, 10.
"""

import hashlib
import heapq
import hmac
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from musterroll import canonical, dates
from musterroll.draw import entrant
from musterroll.draw.entrant import SALT_BYTES
from musterroll.draw.supplement import Label
from musterroll.errors import MusterRollError
from musterroll.ledger import tree

SAMPLE = 299
"""How many of the spared are opened, unless the law says more: of a list with one wrong in a hundred they show one with
a chance of 95 in 100."""
DAYS_BY_HAND = 60

_TAGS = {"spared": canonical.tag("spared"), "hand": canonical.tag("hand")}
_TAG_SALT = canonical.tag("spared-salt")
_TAG_HAND_SALT = canonical.tag("hand-salt")
_TAG_AUDIT = canonical.tag("audit")
_GROUND = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of `spared.bin` or of `hand.bin`, as `kind` says: the record's bytes and the 32-byte salt."""

    kind: str
    record: bytes
    salt: bytes

    def __post_init__(self) -> None:
        if self.kind not in _TAGS or len(self.salt) != SALT_BYTES:
            raise ValueError("an entry is of the spared or of facts by hand, and has a salt of 32 bytes")

    @property
    def commitment(self) -> bytes:
        """The 32 bytes that stand for this entry in the published file."""
        return commit(self.kind, self.salt, self.record)


def commit(kind: str, salt: bytes, record: bytes) -> bytes:
    """The commitment of an entry of `spared.bin` (`spared`) or `hand.bin` (`hand`)."""
    return hashlib.sha256(_TAGS[kind] + salt + record).digest()


def excluded(*, draw: str, person: str, ground: str, kp: bytes) -> Entry:
    """Somebody who is rightly not in the list; `ground` is a code such as `ended`, `kp` the person's own key."""
    record = {"draw": draw, "ground": _code(ground), "kind": "excluded", "person": person}
    return Entry("spared", canonical.encode(record), _salt(kp, _TAG_SALT, draw))


def skipped(*, draw: str, person: str, ground: str, stratum: str, place: Label, kp: bytes) -> Entry:
    """Somebody whose place was reached and passed over."""
    record = {"draw": draw, "ground": _code(ground), "kind": "skipped", "person": person}
    record |= {"place": str(place), "stratum": stratum}
    return Entry("spared", canonical.encode(record), _salt(kp, _TAG_SALT, draw))


def by_hand(*, draw: str, person: str, fact: str, entered: int, kp: bytes) -> Entry:
    """A fact that an officer entered on the day `entered`; `fact` is the id of that entry, in ASCII."""
    record = {"draw": draw, "entered": dates.format_day(entered), "fact": fact, "kind": "hand", "person": person}
    return Entry("hand", canonical.encode(record), _salt(kp, _TAG_HAND_SALT, draw, b"\x00" + fact.encode("ascii")))


@dataclass(frozen=True)
class SparedList:
    """The bytes of `spared.bin` or `hand.bin`. Raises MusterRollError `spared.list` for bytes that are none."""

    data: bytes

    def __post_init__(self) -> None:
        if len(self.data) % 32:
            raise _wrong(f"it has {len(self.data)} bytes, which is no multiple of 32")
        if any(a >= b for a, b in itertools.pairwise(self.commitments)):
            raise _wrong("its values do not ascend, each once")

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "SparedList":
        """The list over `entries`, in whatever order they come."""
        return cls(b"".join(sorted(entry.commitment for entry in entries)))

    @cached_property
    def commitments(self) -> tuple[bytes, ...]:
        """The commitments in order."""
        return tuple(self.data[i : i + 32] for i in range(0, len(self.data), 32))

    @property
    def size(self) -> int:
        """How many entries it has."""
        return len(self.data) // 32

    @cached_property
    def root(self) -> bytes:
        """The Merkle root over the commitments."""
        return tree.root([tree.leaf_hash(commitment) for commitment in self.commitments])

    def index_of(self, entry: Entry) -> int:
        """Where `entry` stands. Raises MusterRollError `spared.list`."""
        if entry.commitment not in self.commitments:
            raise _wrong("this entry is not in it")
        return self.commitments.index(entry.commitment)

    def json(self) -> dict[str, Any]:
        """As the ledger entry `draw.spared` names it."""
        return {"root": self.root.hex(), "size": self.size}


def payload(
    *, draw: str, manifest: str, spared: SparedList, hand: SparedList, round_number: int, sample: int = SAMPLE
) -> dict[str, Any]:
    """The members of the ledger entry `draw.spared`; `manifest` is the SHA-256 of the draw's manifest."""
    entrant.check_draw_id(draw)
    return {
        "draw": draw,
        "manifest": manifest,
        "spared": spared.json(),
        "hand": hand.json(),
        "round": round_number,
        "sample": sample,
    }


def sample(manifest: bytes, value: bytes, spared: SparedList, count: int = SAMPLE) -> tuple[int, ...]:
    """The indices of the entries to open, ascending. `value` is that of the round which the ledger entry names."""
    seed = canonical.sha256(_TAG_AUDIT + canonical.sha256(manifest) + value)

    def rank(index: int) -> bytes:
        return hashlib.sha256(_TAGS["spared"] + seed + spared.commitments[index]).digest()

    return tuple(sorted(heapq.nsmallest(count, range(spared.size), key=rank)))


def _salt(kp: bytes, tag: bytes, draw: str, rest: bytes = b"") -> bytes:
    entrant.check_draw_id(draw)
    if len(kp) != SALT_BYTES:
        raise ValueError("a person's key has 32 bytes")
    return hmac.digest(kp, tag + draw.encode("ascii") + rest, "sha256")


def _code(ground: str) -> str:
    if not _GROUND.fullmatch(ground):
        raise ValueError("a ground is a code of small letters and digits, with single spaces or hyphens")
    return ground


def _wrong(why: str) -> MusterRollError:
    return MusterRollError(
        "spared.list",
        f"This is not the list of those who were spared: {why}.",
        where="spared.bin or hand.bin",
        remedy="Fetch the file again; if it stays so, keep it: the list was changed after it was published.",
    )
