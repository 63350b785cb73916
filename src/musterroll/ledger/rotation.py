"""A new key for a log, named by the old one (docs/spec/ledger.md, section 2.8).

1. The old key signs four lines: `muster-roll/key/v1`, the origin, from which size, and the new key. No checkpoint
   begins with that line, so that one signature never passes for the other.
2. Within one log the new key counts from the size that covers the entry itself, and the old one is replaced there. For
   a later year's log it counts from the start.
3. A reader trusts what its policy names, and what a trusted key that was not replaced names. Entries by other keys add
   nothing and take nothing away. Root and quorum do not depend on any of this: they are checked first.
4. A checkpoint that only replaced keys signed does not count: whoever made it may have stolen one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from musterroll.errors import MusterRollError
from musterroll.ledger import year
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.note import (
    ED25519,
    Note,
    PrivateKey,
    PublicKey,
    decode_base64,
    encode_base64,
    parse_vkey,
    verify,
)

FIRST_LINE = "muster-roll/key/v1"


@dataclass(frozen=True, slots=True)
class Rotation:
    """`old` says that checkpoints of the log that `new` is named after are signed with `new` from `start` entries."""

    old: PublicKey
    new: PublicKey
    start: int
    signature: bytes

    def __post_init__(self) -> None:
        if (self.old.algorithm, self.new.algorithm) != (ED25519, ED25519):
            raise ValueError("keys of logs have type 1")
        (domain, now), (same, then) = year.split(self.old.name), year.split(self.new.name)
        if domain != same or then < now or (self.start < 1 if then == now else self.start):
            raise ValueError("a key is replaced in its own log, or named for a later year's from the start")
        if not self.old.signed(text(self.new, self.start), self.signature):
            raise ValueError("the old key did not sign this")

    @property
    def fields(self) -> dict[str, Any]:
        """The members of the entry. Inverse of `parse`."""
        return {
            "from": self.start,
            "new": self.new.vkey,
            "old": self.old.vkey,
            "origin": self.new.name,
            "signature": encode_base64(self.signature),
        }


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that are trusted for one log, and from which size on each of them is replaced."""

    trusted: tuple[PublicKey, ...]
    replaced: Mapping[PublicKey, int]


def text(new: PublicKey, start: int) -> bytes:
    """What the old key signs."""
    return f"{FIRST_LINE}\n{new.name}\n{start}\n{new.vkey}\n".encode()


def rotate(old: PrivateKey, new: PublicKey, start: int) -> Rotation:
    """The statement of `old` that `new` follows it. ValueError for another domain, an earlier year or a wrong start."""
    return Rotation(old.public_key, new, start, old.sign_bytes(text(new, start)))


def parse(said: Mapping[str, Any], index: int, *, where: str = "entry of a key") -> Rotation:
    """The statement in the members of entry `index` of a log. Raises MusterRollError `key.rotation`."""
    try:
        rotation = Rotation(
            parse_vkey(said["old"]), parse_vkey(said["new"]), said["from"], decode_base64(said["signature"])
        )
        if rotation.fields != dict(said):
            raise ValueError("its members are not those of a new key")
        if rotation.new.name == rotation.old.name and rotation.start != index + 1:
            raise ValueError("a new key counts from the checkpoint that covers its entry")
    except (ValueError, KeyError, TypeError, AttributeError, MusterRollError) as problem:
        why = problem.what if isinstance(problem, MusterRollError) else str(problem)
        raise MusterRollError(
            "key.rotation",
            f"This entry does not name a new key of the log: {why.rstrip('.')}.",
            where=where,
            remedy="Trust no new key because of it. Keep the entry and the checkpoint that covers it.",
        ) from None
    return rotation


def keys_of(origin: str, pinned: Iterable[PublicKey], rotations: Iterable[Rotation]) -> Keys:
    """Which keys count for the log `origin`: `pinned` ones, and those that `rotations`, in order, name for it."""
    trusted = dict.fromkeys(key for key in pinned if key.name == origin)
    replaced: dict[PublicKey, int] = {}
    for rotation in rotations:
        own = rotation.old.name == rotation.new.name == origin
        if own and rotation.old in trusted and rotation.old not in replaced:
            trusted[rotation.new] = None
            replaced[rotation.old] = rotation.start
    return Keys(tuple(trusted), replaced)


def check_signed(note: Note, checkpoint: Checkpoint, keys: Keys) -> None:
    """Raise MusterRollError unless a key that counts at this size signed the checkpoint.

    `note.unsigned` and `note.signature` as for any note, `key.replaced` where only replaced keys signed.
    """
    signers = verify(note, keys.trusted)
    if all(keys.replaced.get(key, checkpoint.size + 1) <= checkpoint.size for key in signers):
        raise MusterRollError(
            "key.replaced",
            f"Only a key that was replaced at {min(keys.replaced[key] for key in signers)} entries signed this "
            f"checkpoint of {checkpoint.size}.",
            where=checkpoint.origin,
            remedy="Keep it: somebody uses a key that the log has given up, perhaps a stolen one.",
        )
