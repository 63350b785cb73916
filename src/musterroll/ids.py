"""Opaque identities, each a keyed hash so that nobody can guess or enumerate them (data-model: Identities).

Keys are arguments: they come from the home's key interface, never from here.
"""

import base64
import hashlib
import hmac
import uuid


def keyed(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 over `parts` joined by 0x00. Callers keep 0x00 out of every part but the last."""
    return hmac.new(key, b"\x00".join(parts), hashlib.sha256).digest()


def code(key: bytes, letter: str, kind: str, label: str) -> str:
    """The name of a matter, which says nothing of whom it concerns: a letter and 16 hexadecimal digits.

    64 bits: among ten million of a kind two are the same in one nation of 370,000. With 48 it was one of six.
    """
    return f"{letter}-{keyed(key, kind.encode(), label.encode()).hex()[:16]}"


def record_number(key: bytes, source: str, source_key: str) -> int:
    """The `record` of an agency's own entry: 63 bits, the same again in every delivery."""
    return int.from_bytes(keyed(key, source.encode(), source_key.encode())[:8], "big") >> 1


def person_ref(key: bytes, person: int) -> str:
    """The 16-letter `ref` under which a person number appears in addresses, letters and exports."""
    return base64.b32encode(keyed(key, person.to_bytes(8, "big"))[:10]).decode("ascii").lower()


def entry_uuid(key: bytes, label: str) -> uuid.UUID:
    """The id of one ledger entry, from the natural key of its act, so that an act done again is the same entry.

    A version 8 UUID (RFC 9562 section 5.8); the bits are set here because `uuid` of Python 3.12 stops at version 5.
    """
    drawn = int.from_bytes(keyed(key, label.encode())[:16], "big")
    return uuid.UUID(int=drawn & ~(0xF << 76) & ~(0x3 << 62) | (8 << 76) | (2 << 62))


def person_key(key: bytes, label: str) -> bytes:
    """`Kp`, 32 erasable bytes a person. `key` is fresh randomness in production, derived in a demonstration."""
    return keyed(key, label.encode())
