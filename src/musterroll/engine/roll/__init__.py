"""The roll: what is true of everybody, in immutable files named by their content.

`table` declares the tables, `content` and `write` make their bytes, `seal` closes those that identify people, `store`
keeps objects and snapshots, `archive` reads what was known at one time and writes what changed in a night, `person`
reads one person. A roll file counts only when a committed act names the snapshot that names it.
"""

from musterroll.engine.roll.content import content
from musterroll.engine.roll.seal import SealKey
from musterroll.engine.roll.snapshot import ObjectRef, Snapshot, Through
from musterroll.engine.roll.store import Store

__all__ = ["ObjectRef", "SealKey", "Snapshot", "Store", "Through", "content"]
