"""Record numbers of many keys at once, equal to `ids.record_number`, and the digest by which a row is found again.

1. A number is 63 bits of HMAC-SHA256 under the home's key. HMAC is written out as its two SHA-256 (RFC 2104): twice as
   many keys a second as `hmac.digest`, five times as many as SHA-256 in DuckDB (measured, docs/flow/roll.md).
2. A row's digest is 64 bits mixed from its texts, column by column, eight bytes at a time. It finds the same row of the
   same record again without reading its texts; it protects nothing and nobody is decided by it: two unlike rows of one
   record have the same digest once in 2^64.
"""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

type Numbers = NDArray[np.uint64]

_BLOCK = 64
"""Bytes of a block of SHA-256, the length to which HMAC pads its key."""

_WORDS = 4
"""Words of eight bytes in a SHA-256."""

_ODD, _MULTIPLIER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_KEPT = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
"""What is kept of eight bytes when only the first `count` of them belong to a text."""


def record_numbers(key: bytes, source: str, keys: pl.Series) -> pl.Series:
    """`ids.record_number(key, source, each)` of every key (no nulls), in order."""
    if len(key) > _BLOCK:
        raise ValueError("the key of records is 32 bytes")
    drawn = np.frombuffer(drawn_for(key, source.encode() + b"\x00", keys.cast(pl.Binary).to_list()), ">u8")
    numbers = (drawn[::_WORDS].astype(np.uint64) >> np.uint64(1)).astype(np.int64)
    return pl.Series("record", numbers, pl.Int64)


def drawn_for(key: bytes, before: bytes, messages: Iterable[bytes]) -> bytes:
    """The HMAC-SHA256 of `before` and each message, one after another, 32 bytes each. `key` is no longer than a block.

    What begins every message is digested once.
    """
    padded = key.ljust(_BLOCK, b"\x00")
    inner = hashlib.sha256(bytes(each ^ 0x36 for each in padded) + before).copy
    outer = hashlib.sha256(bytes(each ^ 0x5C for each in padded)).copy
    drawn = []
    for each in messages:
        one, whole = inner(), outer()
        one.update(each)
        whole.update(one.digest())
        drawn.append(whole.digest())
    return b"".join(drawn)


def row_digests(rows: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """The digest of each row's texts in `columns`; null is read as the empty text.

    Begins at 0; for each column h = mix(h ^ (length + 1) * ODD), then for each eight bytes of its UTF-8, the last
    filled with 0, h = mix(h ^ them); mix(h) = (h * MULTIPLIER mod 2^64), then xor its own upper half.
    """
    digest = np.zeros(rows.height, np.uint64)
    for name in columns:
        starts, lengths, words = _bytes(rows[name])
        digest = _mixed(digest ^ ((lengths + 1).astype(np.uint64) * _ODD))
        places = np.flatnonzero(lengths)
        begun = 0
        while places.size:
            left = lengths[places] - begun
            read = words[starts[places] + begun] & _KEPT[np.minimum(left, 8)]
            digest[places] = _mixed(digest[places] ^ read)
            places, begun = places[left > 8], begun + 8
    return pl.Series("digest", digest.view(np.int64), pl.Int64)


def _mixed(digest: Numbers) -> Numbers:
    mixed = digest * _MULTIPLIER
    return mixed ^ (mixed >> np.uint64(32))


def _bytes(texts: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers]:
    """Where each text begins, how many bytes it has, and the eight bytes that begin at every place."""
    array = texts.fill_null("").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
    data = b"" if array.buffers()[2] is None else array.buffers()[2]
    padded = np.zeros(len(data) + 8, np.uint8)
    padded[: len(data)] = np.frombuffer(data, np.uint8)
    words: Numbers = np.ndarray((len(data) + 1,), "<u8", padded.data, strides=(1,))
    return offsets[:-1], np.diff(offsets), words
