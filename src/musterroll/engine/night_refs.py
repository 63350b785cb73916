"""The opaque names of many persons at once, equal to `ids.person_ref`: HMAC as its two SHA-256 (RFC 2104)."""

import base64
import hashlib

import polars as pl

_BLOCK = 64
_BYTES = 10
_LETTERS = 16


def of(key: bytes, people: pl.Series) -> pl.Series:
    """The `ref` of each person number, in order."""
    padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\x00")
    inner, outer = bytes(each ^ 0x36 for each in padded), bytes(each ^ 0x5C for each in padded)
    sha256 = hashlib.sha256
    numbers = people.to_numpy().astype(">i8").tobytes()
    drawn = b"".join(
        [
            sha256(outer + sha256(inner + numbers[at : at + 8]).digest()).digest()[:_BYTES]
            for at in range(0, len(numbers), 8)
        ]
    )
    letters = base64.b32encode(drawn).decode("ascii").lower()
    return pl.Series("ref", [letters[at : at + _LETTERS] for at in range(0, len(letters), _LETTERS)], pl.String)
