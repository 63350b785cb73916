"""Proofs that an entry is in the log, and that a later log still holds an earlier one (RFC 6962 2.1.1 and 2.1.2).

1. `inclusion` and `check_inclusion`, `consistency` and `check_consistency` are inverses: what one makes the other
   accepts, and no other path is accepted.
2. Proving reads complete subtrees only, so the hashes may lie anywhere; checking needs nothing but its arguments.
3. A path with a hash too many or too few is wrong, even when the hashes that are there would fit.

The checks follow the steps of RFC 9162 sections 2.1.3.2 and 2.1.4.2, written out for transliteration.
"""

from collections.abc import Sequence

from musterroll.errors import MusterRollError
from musterroll.ledger.tree import EMPTY_ROOT, Subtree, node_hash, range_hash, split


def inclusion(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """The path that shows leaf `index` in the tree of `size` leaves: the leaf's sibling first, the root's child last.

    Raises ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(range_hash(middle, end, subtree))
            end = middle
        else:
            path.append(range_hash(start, middle, subtree))
            start = middle
    return tuple(reversed(path))


def consistency(old: int, new: int, subtree: Subtree) -> tuple[bytes, ...]:
    """The path that shows that the tree of `new` leaves begins with the tree of `old` leaves.

    Empty for `old` = 0 and `old` = `new`. Raises ValueError unless 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot hold a tree of {old}")
    if old in (0, new):
        return ()
    path: list[bytes] = []
    start, end = 0, new
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(range_hash(middle, end, subtree))
            end = middle
        else:
            path.append(range_hash(start, middle, subtree))
            start = middle
    if start:
        path.append(range_hash(start, end, subtree))
    return tuple(reversed(path))


def check_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> None:
    """Raise MusterRollError `ledger.inclusion` unless `path` leads from `leaf` at `index` to `root`."""
    if not 0 <= index < size:
        raise _not_included(index, size, "the index lies outside the tree")
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise _not_included(index, size, "the path is too long")
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise _not_included(index, size, "the path is too short")
    if found != root:
        raise _not_included(index, size, f"expected the root {root.hex()}, the path leads to {found.hex()}")


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Raise MusterRollError `ledger.consistency` unless `path` shows the new tree to begin with the old one."""
    if not 0 <= old <= new:
        raise _not_consistent(old, new, "the new tree is smaller")
    if old == 0 and old_root != EMPTY_ROOT:
        raise _not_consistent(old, new, f"an empty tree has the root {EMPTY_ROOT.hex()}, not {old_root.hex()}")
    if old in (0, new):
        if path:
            raise _not_consistent(old, new, "the path must be empty")
        if old == new and old_root != new_root:
            raise _not_consistent(old, new, f"two roots for one size: {old_root.hex()} and {new_root.hex()}")
        return
    hashes = list(path)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise _not_consistent(old, new, "the path is too short")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    found_old = found_new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise _not_consistent(old, new, "the path is too long")
        if at & 1 or at == last:
            found_old, found_new = node_hash(sibling, found_old), node_hash(sibling, found_new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise _not_consistent(old, new, "the path is too short")
    if found_old != old_root:
        raise _not_consistent(old, new, f"expected the old root {old_root.hex()}, found {found_old.hex()}")
    if found_new != new_root:
        raise _not_consistent(old, new, f"expected the new root {new_root.hex()}, found {found_new.hex()}")


def _not_included(index: int, size: int, why: str) -> MusterRollError:
    return MusterRollError(
        "ledger.inclusion",
        f"The proof does not show this entry in the log: {why}.",
        where=f"entry {index} of a log of {size}",
        remedy="Fetch the proof again; if it still fails, the entry is not in the signed log: keep both files.",
    )


def _not_consistent(old: int, new: int, why: str) -> MusterRollError:
    return MusterRollError(
        "ledger.consistency",
        f"The proof does not show that the log only grew: {why}.",
        where=f"from {old} to {new} entries",
        remedy="Keep both checkpoints and this proof: together they are the evidence if the log was changed.",
    )
