"""Whether an office outside the register signed what it is said to have signed (RFC 8032).

Key and signature are published as they are given, and verifiers take lower-case hexadecimal only: so does this.
"""

import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_KEY = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")


def signed(message: bytes, *, signature: str, key: str) -> bool:
    """Whether `signature` (128 lower-case hexadecimal digits) is that of `message` by the Ed25519 `key` (64)."""
    if not _KEY.fullmatch(key) or not _SIGNATURE.fullmatch(signature):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True
