"""The tiles of a large list, laid one after another, are those of the log that holds the same entries."""

import hashlib

import pytest

from musterroll.engine.draw_tiles import tiles
from musterroll.ledger import log


def _nothing(path: str) -> bytes:
    raise FileNotFoundError(path)


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 512, 700, 65_536, 66_000])
def test_the_tiles_are_those_of_a_log(count: int) -> None:
    leaves = [hashlib.sha256(i.to_bytes(4, "big")).digest() + b"\x00\x01" for i in range(count)]
    made = list(tiles(leaves))
    assert len(dict(made)) == len(made)
    assert dict(made) == dict(log.grow(0, leaves, _nothing).files)


def test_nobody_has_no_tiles() -> None:
    assert list(tiles([])) == []
