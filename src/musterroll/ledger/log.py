"""What a growing log writes next.

1. `grow` takes the size that stands, new entries and a reader of the files that stand; it gives the files to write and
   the new root, and writes nothing itself.
2. The files depend on the sizes and the entries alone: growing in one step or in many ends in the same full tiles and
   the same last partial ones. `grow(0, every entry, ...)` writes a lost log anew.
3. Partial tiles of sizes in between are not made: only a size under a checkpoint needs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from musterroll.ledger.tile import TILE_WIDTH, Read, TileReader, encode_bundle, entries_path, tile_path
from musterroll.ledger.tree import leaf_hash, root


@dataclass(frozen=True, slots=True)
class Growth:
    """The log after new entries: its `size`, its `root`, and the `files` (path, bytes) to write, lowest level first."""

    size: int
    root: bytes
    files: tuple[tuple[str, bytes], ...]


def grow(size: int, entries: Sequence[bytes], read: Read) -> Growth:
    """The log of `size` entries with `entries` put after them. `read` gives the files of the log as it stands.

    Raises MusterRollError where a file that stands is missing or damaged. No entries, no files.
    """
    standing = TileReader(size, read)
    new_size = size + len(entries)
    if not entries:
        return Growth(size, standing.root(), ())
    files = _bundles(standing, entries)
    hashes = [leaf_hash(entry) for entry in entries]
    level, old = 0, size
    while hashes:
        index, open_width = divmod(old, TILE_WIDTH)
        row = [*(standing.hashes(level, index) if open_width else ()), *hashes]
        tiles = [row[start : start + TILE_WIDTH] for start in range(0, len(row), TILE_WIDTH)]
        files += [(tile_path(level, index + i, len(tile)), b"".join(tile)) for i, tile in enumerate(tiles)]
        hashes = [root(tile) for tile in tiles if len(tile) == TILE_WIDTH]
        level, old = level + 1, index
    written = dict(files)
    return Growth(new_size, TileReader(new_size, lambda path: written.get(path) or read(path)).root(), tuple(files))


def _bundles(standing: TileReader, entries: Sequence[bytes]) -> list[tuple[str, bytes]]:
    index, open_width = divmod(standing.size, TILE_WIDTH)
    row = [*(standing.entries(index) if open_width else ()), *entries]
    bundles = [row[start : start + TILE_WIDTH] for start in range(0, len(row), TILE_WIDTH)]
    return [(entries_path(index + i, len(bundle)), encode_bundle(bundle)) for i, bundle in enumerate(bundles)]
