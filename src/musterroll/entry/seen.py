"""What a monitor has seen of one log, and how it is kept from one look to the next.

1. Kept is what later entries are held against: the newest checkpoint, when others saw it, acts by day, which manifest
   of each draw lives, the keys that were named. Not the entries: they are public.
2. It names nobody: what it is made from is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from musterroll import canonical
from musterroll.errors import MusterRollError
from musterroll.ledger import year
from musterroll.ledger.checkpoint import Checkpoint, parse
from musterroll.ledger.note import decode as decode_note
from musterroll.ledger.rotation import Rotation
from musterroll.ledger.rotation import parse as parse_rotation


@dataclass(frozen=True, slots=True)
class Seen:
    """One log as it was seen last. `met_at` is when the quorum of its newest checkpoint was complete."""

    note: bytes
    met_at: int
    acts: Mapping[str, int] = field(default_factory=dict)
    """By day."""
    counted: str = ""
    """The last day that the log counted."""
    live: Mapping[str, str] = field(default_factory=dict)
    """By draw: the manifest that lives."""
    once: tuple[str, ...] = ()
    """What may be said once: kind and manifest."""
    rotations: tuple[Rotation, ...] = ()
    continues: Checkpoint | None = None
    """What its first entry says of the log before."""

    @property
    def checkpoint(self) -> Checkpoint:
        """The newest checkpoint."""
        return parse(decode_note(self.note).text)


def encode(logs: Mapping[str, Seen]) -> bytes:
    """What was seen of each log, by origin. Inverse of `decode`."""
    return canonical.encode({"logs": {origin: _fields(seen) for origin, seen in logs.items()}, "v": 1})


def decode(data: bytes, *, where: str = "state of the monitor") -> dict[str, Seen]:
    """What was kept. Raises MusterRollError `monitor.state`."""
    said = canonical.decode(data, where=where)
    try:
        if said["v"] != 1:
            raise ValueError("version")
        return {origin: _seen(fields) for origin, fields in said["logs"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise MusterRollError(
            "monitor.state",
            "What the monitor kept cannot be read.",
            where=where,
            remedy="Put the file back from a copy. Without it the monitor begins anew and knows no earlier checkpoint.",
            exit_code=2,
        ) from None


def _fields(seen: Seen) -> dict[str, Any]:
    return {
        "acts": dict(seen.acts),
        "continues": None if seen.continues is None else year.link(seen.continues),
        "counted": seen.counted,
        "live": dict(seen.live),
        "met_at": seen.met_at,
        "note": seen.note.decode(),
        "once": list(seen.once),
        "rotations": [one.fields for one in seen.rotations],
    }


def _seen(said: Mapping[str, Any]) -> Seen:
    link = said["continues"]
    return Seen(
        note=said["note"].encode(),
        met_at=said["met_at"],
        acts=said["acts"],
        counted=said["counted"],
        live=said["live"],
        once=tuple(said["once"]),
        rotations=tuple(parse_rotation(one, one["from"] - 1) for one in said["rotations"]),
        continues=None if link is None else Checkpoint(link["origin"], link["size"], bytes.fromhex(link["root"])),
    )
