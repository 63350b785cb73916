"""Checkpoints: what a log signs (C2SP tlog-checkpoint v1.0.0).

1. Three lines, each ended by a newline: the origin (which log), the number of entries in decimal, the root in base64.
2. No extension lines: no monitor could audit them, so a checkpoint that has any is refused.
3. The log's key bears the origin as its name.
"""

import re
from dataclasses import dataclass

from musterroll.errors import MusterRollError
from musterroll.ledger.note import Note, PrivateKey, PublicKey, decode_base64, encode_base64, verify
from musterroll.ledger.note import decode as decode_note
from musterroll.ledger.note import sign as sign_note
from musterroll.ledger.tree import HASH_BYTES

DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
"""A count or an index as C2SP writes it: no sign, no leading zero, below 10^19."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log `origin` held `size` entries under `root`."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or any(letter < " " for letter in self.origin):
            raise ValueError("an origin is one line")
        if not 0 <= self.size < 2**63 or len(self.root) != HASH_BYTES:
            raise ValueError("a checkpoint has a size below 2^63 and a root of 32 bytes")

    @property
    def text(self) -> str:
        """The three lines. Inverse of `parse`."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"


def parse(text: str, *, where: str = "checkpoint") -> Checkpoint:
    """The checkpoint in the text of a note. Raises MusterRollError `checkpoint.malformed`."""
    try:
        origin, size, root, rest = text.split("\n")
        if rest or not DECIMAL.fullmatch(size):
            raise ValueError("the second line is the number of entries")
        return Checkpoint(origin, int(size), decode_base64(root))
    except ValueError:
        raise MusterRollError(
            "checkpoint.malformed",
            "A checkpoint has exactly three lines: the log's origin, its size and its root.",
            where=where,
            remedy="Fetch the checkpoint again from the log.",
        ) from None


def sign(checkpoint: Checkpoint, key: PrivateKey) -> Note:
    """The checkpoint as a note signed by the log. ValueError unless the key bears the origin's name."""
    if key.name != checkpoint.origin:
        raise ValueError("a log signs with the key that bears its origin")
    return Note(checkpoint.text, (sign_note(checkpoint.text, key),))


def open(data: bytes, key: PublicKey, *, where: str = "checkpoint") -> Checkpoint:  # noqa: A001 - the field's own word
    """The checkpoint in a signed note, after the log's signature. Inverse of `sign`.

    Raises MusterRollError `note.malformed`, `note.unsigned`, `note.signature`, `checkpoint.malformed`, or
    `checkpoint.origin` where the key is another log's.
    """
    note = decode_note(data, where=where)
    verify(note, [key])
    checkpoint = parse(note.text, where=where)
    if checkpoint.origin != key.name:
        raise MusterRollError(
            "checkpoint.origin",
            f"This is the checkpoint of {checkpoint.origin}, signed with the key of {key.name}.",
            where=where,
            remedy="Fetch the checkpoint of the log that you mean.",
        )
    return checkpoint
