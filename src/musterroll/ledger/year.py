"""Logs by the year: their names, and how one continues another (docs/spec/ledger.md, section 2.7).

1. The origin of a log is `<domain>/ledger/<year>`, the year in four digits.
2. The first entry of a later log says the last checkpoint of the one before: its origin, its size and its root.
3. The checkpoint so named is the last one of its log: a larger one shows that somebody went on with what had ended.
"""

import re
from collections.abc import Mapping
from typing import Any

from musterroll.errors import MusterRollError
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.tree import HASH_BYTES

_ORIGIN = re.compile(r"([^\s+]+)/ledger/([0-9]{4})")


def split(origin: str) -> tuple[str, int]:
    """Domain and year of a log. ValueError where the origin is not that of a yearly log."""
    spelt = _ORIGIN.fullmatch(origin)
    if spelt is None:
        raise ValueError("an origin is <domain>/ledger/<year>")
    return spelt.group(1), int(spelt.group(2))


def origin(domain: str, year: int) -> str:
    """The log of `domain` in `year`. Inverse of `split`."""
    if not 0 <= year <= 9999:
        raise ValueError("a year has four digits")
    return f"{domain}/ledger/{year:04}"


def link(last: Checkpoint) -> dict[str, Any]:
    """What the entry `year` says of the log before, whose last checkpoint is `last`. Inverse of `parse_link`."""
    return {"origin": last.origin, "root": last.root.hex(), "size": last.size}


def parse_link(said: Mapping[str, Any], after: str, *, where: str = "entry 0") -> Checkpoint:
    """The last checkpoint of the log before, as the first entry of the log `after` says it.

    Raises MusterRollError `year.link` where it is not of the same domain and an earlier year.
    """
    try:
        before = Checkpoint(said["origin"], said["size"], bytes.fromhex(said["root"]))
        (domain, year), (this, now) = split(before.origin), split(after)
        if domain != this or year >= now or len(before.root) != HASH_BYTES or link(before) != dict(said):
            raise ValueError("another domain, or no earlier year")
    except (ValueError, KeyError, TypeError):
        raise broken("its first entry does not say which log it continues", where) from None
    return before


def check_link(said: Checkpoint, published: Checkpoint, *, where: str = "entry 0") -> None:
    """Raise MusterRollError `year.link` unless `published`, the log before as it is served, is the one said."""
    if published.size > said.size:
        raise broken(f"{published.origin} had ended with {said.size} entries and was gone on with", where)
    if published != said:
        raise broken(
            f"expected {said.size} entries under {said.root.hex()}, "
            f"found {published.size} under {published.root.hex()}",
            where,
        )


def broken(why: str, where: str) -> MusterRollError:
    """Two years that do not hang together."""
    return MusterRollError(
        "year.link",
        f"This year's log does not continue the one before: {why}.",
        where=where,
        remedy="Keep both checkpoints: together they are the evidence.",
    )
