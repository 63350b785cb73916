"""Declarations and laws as they go to workers: in a worker the same one is the same object, job after job.

What a worker has read once (each distinct text of a column) is remembered beside the declaration it was read by. A job
brings its declarations in bytes; equal bytes are unpacked once a process.
"""

import copyreg
import pickle
from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache
from typing import Any

from musterroll.extract.schema import Source
from musterroll.law.pack import Pack

_KEPT = 64
_packed: dict[int, tuple[object, bytes]] = {}


@lru_cache(maxsize=_KEPT)
def unpacked(data: bytes) -> Source | Pack:
    """The declaration or law in these bytes. Inverse of `packed`."""
    kind, members = pickle.loads(data)  # noqa: S301 - written by this program for its own workers
    made: Source | Pack = kind(**members)
    return made


def packed(one: Source | Pack) -> bytes:
    """A declaration or law in bytes, made once a process. Inverse of `unpacked`."""
    if id(one) not in _packed:
        if len(_packed) >= _KEPT:
            _packed.clear()
        members = {each.name: getattr(one, each.name) for each in fields(one)}
        _packed[id(one)] = (one, pickle.dumps((type(one), members)))  # it is kept, so that its id stays its own
    return _packed[id(one)][1]


def _handed(one: Source | Pack) -> tuple[Callable[[bytes], Any], tuple[bytes]]:
    return unpacked, (packed(one),)


copyreg.pickle(Source, _handed)
copyreg.pickle(Pack, _handed)
