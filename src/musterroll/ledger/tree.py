"""The Merkle tree of RFC 6962 section 2.1, over SHA-256.

1. A leaf is `SHA-256(0x00 || entry)`, a node `SHA-256(0x01 || left || right)`: no leaf can pass for a node.
2. A tree of n > 1 leaves splits at the largest power of two below n; the odd one out is promoted, never doubled.
3. The root of no leaves is the SHA-256 of nothing.
"""

import hashlib
from collections.abc import Callable, Sequence

type Subtree = Callable[[int, int], bytes]
"""`subtree(level, index)`: the hash of the complete subtree of 2^level leaves that starts at leaf index * 2^level."""

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The 32-byte hash of one entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32-byte hash over two subtrees, `left` holding the earlier leaves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than `size`, where the tree of `size` > 1 leaves divides."""
    return int(1 << ((size - 1).bit_length() - 1))


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over `leaf_hashes`, level by level. Use `tile.TileReader.root` for a tree that lies in files."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    while len(level) > 1:
        above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def range_hash(start: int, end: int, subtree: Subtree) -> bytes:
    """The Merkle tree hash of leaves `start` to `end` - 1, from complete subtrees.

    `start` is a multiple of the largest power of two not above `end - start`, as in every step of RFC 6962's recursion.
    """
    size = end - start
    if size == 0:
        return EMPTY_ROOT
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtree(level, start >> level)
    middle = start + split(size)
    return node_hash(range_hash(start, middle, subtree), range_hash(middle, end, subtree))
