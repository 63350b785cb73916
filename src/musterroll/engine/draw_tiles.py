"""The tree of a large list as C2SP tiles, one tile after another: never more in memory than one open tile a level.

The files are those of `musterroll.ledger.log.grow(0, leaves, ...)`; where they differ, this is wrong.
"""

import itertools
from collections.abc import Iterable, Iterator

from musterroll.ledger.tile import TILE_WIDTH, entries_path, tile_path
from musterroll.ledger.tree import leaf_hash, root


def tiles(leaves: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every tile and bundle of entries over `leaves`, which all have one length."""
    tree: list[list[bytes]] = []
    made: list[int] = []
    for index, bundle in enumerate(itertools.batched(leaves, TILE_WIDTH)):
        head = len(bundle[0]).to_bytes(2, "big")
        yield entries_path(index, len(bundle)), head + head.join(bundle)
        yield from _lay(0, [leaf_hash(leaf) for leaf in bundle], tree, made)
    for level, (row, full) in enumerate(zip(tree, made, strict=True)):
        if row:
            yield tile_path(level, full, len(row)), b"".join(row)


def _lay(level: int, hashes: list[bytes], tree: list[list[bytes]], made: list[int]) -> Iterator[tuple[str, bytes]]:
    if level == len(tree):
        tree.append([])
        made.append(0)
    row = tree[level]
    row += hashes
    if len(row) == TILE_WIDTH:
        yield tile_path(level, made[level]), b"".join(row)
        made[level] += 1
        above = root(row)
        row.clear()
        yield from _lay(level + 1, [above], tree, made)
