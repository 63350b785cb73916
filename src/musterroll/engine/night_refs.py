"""The opaque names of many persons at once, equal to `ids.person_ref`: HMAC-SHA256, its first ten bytes in base 32."""

import hashlib

import numpy as np
import polars as pl
import pyarrow as pa

from musterroll.engine.record_numbers import drawn_for

_BLOCK, _SHA256 = 64, 32
_BYTES = 10
_LETTERS, _BITS = 16, 5
_ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)
"""RFC 4648, in small letters."""


def of(key: bytes, people: pl.Series) -> pl.Series:
    """The `ref` of each person number, in order."""
    numbers = people.to_numpy().astype(">i8").tobytes()
    messages = (numbers[at : at + 8] for at in range(0, len(numbers), 8))
    drawn = drawn_for(hashlib.sha256(key).digest() if len(key) > _BLOCK else key, b"", messages)
    few = np.frombuffer(drawn, np.uint8).reshape(-1, _SHA256)[:, :_BYTES]
    bits = np.unpackbits(few, axis=1).reshape(-1, _BITS)
    letters = _ALPHABET[bits @ np.array([16, 8, 4, 2, 1], np.uint8)]
    ends = np.arange(0, letters.size + 1, _LETTERS, dtype=np.int64)
    texts = pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(letters))
    return pl.Series("ref", texts)
