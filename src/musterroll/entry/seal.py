"""How an act about a person is sealed into one opaque number, and opened again by who holds the salt.

1. Each person has one key `Kp` of 32 bytes. The salt of an entry is `HMAC-SHA256(Kp, T(act-salt) || id)`, the id being
   the entry's 16-byte UUID: fresh for each entry, the same again when an act is done again after a crash.
2. The commitment is `SHA-256(T(act) || salt || payload)`. Nobody can guess the payload without the salt.
3. To prove one act, show its salt: it opens that entry and no other. To erase a person, drop `Kp` and the payloads:
   the leaves stay, and say nothing to anybody any more.

(docs/spec/ledger.md gives the worked value.)
"""

import hashlib
import hmac
import uuid

from musterroll.canonical import tag
from musterroll.errors import MusterRollError

_SALT_TAG = tag("act-salt")
_ACT_TAG = tag("act")
SALT_BYTES = 32


def salt(kp: bytes, entry: uuid.UUID) -> bytes:
    """The 32-byte salt of `entry` from the person's key `kp`."""
    if len(kp) != SALT_BYTES:
        raise ValueError("a person's key has 32 bytes")
    return hmac.new(kp, _SALT_TAG + entry.bytes, hashlib.sha256).digest()


def commitment(salt: bytes, payload: bytes) -> bytes:
    """The 32 bytes that stand in the ledger for `payload`."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 32 bytes")
    return hashlib.sha256(_ACT_TAG + salt + payload).digest()


def check(committed: bytes, salt: bytes, payload: bytes) -> None:
    """Raise MusterRollError `entry.commitment` unless `salt` and `payload` open the commitment."""
    if not hmac.compare_digest(commitment(salt, payload), committed):
        raise MusterRollError(
            "entry.commitment",
            "The act shown is not the one in the ledger: salt and payload give another commitment.",
            where=f"commitment {committed.hex()}",
            remedy="Compare with the person's own copy; if it opens the entry, the register's copy was altered.",
        )
