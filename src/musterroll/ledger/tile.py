"""The log as plain files (C2SP tlog-tiles v0.1.0): tiles of 256 hashes, bundles of 256 entries.

1. Tile n of level l holds the hashes of the complete subtrees of 256^l leaves, 256 of them, 32 bytes each. The
   rightmost tile of a level may be partial; its width is then in its path (`tile/0/x001/234.p/7`).
2. A bundle holds the entries of one level-0 tile, each behind its length as a big-endian u16.
3. What is read is not believed: a length that does not fit is an error, and only a proof that leads to a signed root
   makes a hash true. `TileReader` falls back to the full tile when a partial one has been removed.
"""

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

from musterroll.errors import MusterRollError
from musterroll.ledger.tree import HASH_BYTES, leaf_hash, range_hash, root

type Read = Callable[[str], bytes]
"""Gives the bytes of one file of the log by its path; raises FileNotFoundError where there is none."""

TILE_WIDTH = 256
TILE_HEIGHT = 8
LARGEST_ENTRY = 65_535


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Where tile `index` of `level` lies, `width` hashes wide (1 to 256; 256 is full)."""
    return f"tile/{level}/{_number(index)}{_partial(width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Where the bundle with the entries of level-0 tile `index` lies."""
    return f"tile/entries/{_number(index)}{_partial(width)}"


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle of at most 256 entries. Inverse of `decode_bundle`; ValueError for an entry too long."""
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise ValueError(f"an entry has at most {LARGEST_ENTRY} bytes, this one {len(entry)}")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def decode_bundle(data: bytes, width: int, *, where: str = "entry bundle") -> tuple[bytes, ...]:
    """The `width` entries in a bundle. Raises MusterRollError `ledger.bundle` for any other number or a cut one."""
    entries: list[bytes] = []
    place = 0
    while place < len(data):
        start = place + 2
        place = start + int.from_bytes(data[place:start], "big")
        if place > len(data) or start > len(data):
            raise _damaged("ledger.bundle", f"entry {len(entries)} is cut off", where)
        entries.append(data[start:place])
    if len(entries) != width:
        raise _damaged("ledger.bundle", f"it should hold {width} entries and holds {len(entries)}", where)
    return tuple(entries)


def read_from(folder: Path) -> Read:
    """A reader of the log published under `folder`."""
    return lambda path: (folder / path).read_bytes()


class TileReader:
    """The tree of `size` leaves as its tiles show it. Tiles read once are kept."""

    def __init__(self, size: int, read: Read) -> None:
        if size < 0:
            raise ValueError("a log has no negative size")
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], tuple[bytes, ...]] = {}
        self._bundles: dict[int, tuple[bytes, ...]] = {}

    def root(self) -> bytes:
        """The root that the tiles lead to. Compare it with the signed one before anything else is believed."""
        return range_hash(0, self.size, self.subtree)

    def check_root(self, signed: bytes) -> None:
        """Raise MusterRollError `ledger.root` unless the tiles lead to the root that a checkpoint signs."""
        found = self.root()
        if found != signed:
            raise MusterRollError(
                "ledger.root",
                f"The tiles do not belong to the signed checkpoint: expected the root {signed.hex()}, "
                f"found {found.hex()}.",
                where=f"log of {self.size} entries",
                remedy="Fetch the tiles again; if the roots still differ, keep both: the published files were changed.",
            )

    def subtree(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree of 2^level leaves, number `index`, for the functions of `proof`."""
        if (index + 1) << level > self.size:
            raise ValueError(f"subtree {index} of level {level} is not complete at {self.size}")
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = index << height
        place = first % TILE_WIDTH
        return root(self.hashes(tile_level, first // TILE_WIDTH)[place : place + (1 << height)])

    def leaf_hash(self, index: int) -> bytes:
        """The hash of entry `index`, as its tile says."""
        return self.subtree(0, index)

    def entry(self, index: int) -> bytes:
        """The bytes of entry `index`. Raises MusterRollError `ledger.bundle` where they do not hash to their leaf."""
        entry = self.entries(index // TILE_WIDTH)[index % TILE_WIDTH]
        if leaf_hash(entry) != self.leaf_hash(index):
            raise _damaged("ledger.bundle", f"entry {index} is not the one its tile names", f"entry {index}")
        return entry

    def hashes(self, level: int, index: int) -> tuple[bytes, ...]:
        """The hashes in tile `index` of `level`, as many as the tree of this size has there."""
        if (level, index) not in self._tiles:
            width = self._width(level, index)
            data, stored, path = self._fetch(lambda width: tile_path(level, index, width), width)
            if len(data) != stored * HASH_BYTES:
                raise _damaged("ledger.tile", f"it should hold {stored} hashes and has {len(data)} bytes", path)
            self._tiles[level, index] = tuple(data[i * HASH_BYTES : (i + 1) * HASH_BYTES] for i in range(width))
        return self._tiles[level, index]

    def entries(self, index: int) -> tuple[bytes, ...]:
        """The entries of level-0 tile `index`, as many as the tree of this size has there; not yet checked."""
        if index not in self._bundles:
            width = self._width(0, index)
            data, stored, path = self._fetch(lambda width: entries_path(index, width), width)
            self._bundles[index] = decode_bundle(data, stored, where=path)[:width]
        return self._bundles[index]

    def _width(self, level: int, index: int) -> int:
        width = min(TILE_WIDTH, (self.size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH)
        if width < 1:
            raise ValueError(f"a log of {self.size} has no tile {index} at level {level}")
        return width

    def _fetch(self, path_of: Callable[[int], str], width: int) -> tuple[bytes, int, str]:
        for stored in (width, TILE_WIDTH):
            try:
                return self._read(path_of(stored)), stored, path_of(stored)
            except FileNotFoundError:
                continue
        raise MusterRollError(
            "ledger.tile-missing",
            "A file of the log is missing.",
            where=path_of(width),
            remedy="Fetch the log again; the register can write every tile anew from its database.",
            exit_code=2,
        )


def _number(index: int) -> str:
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03}")
    return "/".join(reversed(groups))


def _partial(width: int) -> str:
    if not 1 <= width <= TILE_WIDTH:
        raise ValueError(f"a tile is 1 to {TILE_WIDTH} wide, not {width}")
    return "" if width == TILE_WIDTH else f".p/{width}"


def _damaged(code: str, why: str, where: str) -> MusterRollError:
    return MusterRollError(
        code, f"A file of the log is damaged: {why}.", where=where, remedy="Fetch the file again from the log."
    )
