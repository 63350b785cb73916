"""What the commands of a draw publish at their end, and the rounds of the beacon that they read."""

import json
from pathlib import Path

from musterroll.errors import MusterRollError
from musterroll.register import draws, log
from musterroll.register.actor import Actor


def published(name: str, at: int) -> str:
    """Publish a checkpoint that covers what was done, then the draw's folder; what was published."""
    size = log.publish(by=Actor.program("publish"), at=at).size
    return f"{size} entries published; {draws.publish(name)}"


def signature(beacon: Path) -> bytes:
    """The signature in a round as drand serves it. Raises MusterRollError `beacon.file`."""
    try:
        return bytes.fromhex(json.loads(beacon.read_bytes())["signature"])
    except (ValueError, KeyError, TypeError):
        raise MusterRollError(
            "beacon.file",
            "This is not a round of the beacon: a JSON object with the signature in hexadecimal.",
            where=str(beacon),
            remedy="Fetch the round again, e.g. from https://api.drand.sh.",
        ) from None
