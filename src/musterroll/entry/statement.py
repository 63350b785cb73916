"""What the register signs for a person who looks at the acts about them: where their chain ends.

1. Eight lines, signed by the log's key: `muster-roll/head/v1`, the origin, the person's ref, the number and the
   commitment of the last act, size and root of the newest published checkpoint, and the second.
2. Every later list of the person's acts has that commitment at that number. If not, the statement and the list together
   show it to anybody: an act was taken out, changed or put in between.
3. It names nobody but by the ref, and is given to that person only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from musterroll import dates
from musterroll.entry.chain import Head
from musterroll.entry.codec import decode_commitment
from musterroll.errors import MusterRollError
from musterroll.ledger.checkpoint import DECIMAL, Checkpoint
from musterroll.ledger.note import Note, PrivateKey, PublicKey, decode_base64, encode_base64, verify
from musterroll.ledger.note import decode as decode_note
from musterroll.ledger.note import sign as sign_note

FIRST_LINE = "muster-roll/head/v1"


@dataclass(frozen=True, slots=True)
class Statement:
    """At second `at`, under `checkpoint`, the acts about `subject` ended with `head`."""

    subject: str
    head: Head
    checkpoint: Checkpoint
    at: int

    def __post_init__(self) -> None:
        if self.head.n < 1 or not self.subject or any(letter < " " for letter in self.subject):
            raise ValueError("a statement is of somebody about whom there are acts")

    @property
    def text(self) -> str:
        """The eight lines."""
        lines = (
            FIRST_LINE,
            self.checkpoint.origin,
            self.subject,
            self.head.n,
            self.head.prev,
            self.checkpoint.size,
            encode_base64(self.checkpoint.root),
            dates.format_instant(self.at),
        )
        return "".join(f"{line}\n" for line in lines)


def sign(statement: Statement, key: PrivateKey) -> bytes:
    """The statement as a signed note. Inverse of `open`; ValueError unless the key bears the origin's name."""
    if key.name != statement.checkpoint.origin:
        raise ValueError("a log signs with the key that bears its origin")
    return Note(statement.text, (sign_note(statement.text, key),)).encode()


def open(data: bytes, keys: Iterable[PublicKey], *, where: str = "statement") -> Statement:  # noqa: A001 - as `checkpoint.open`
    """The statement in a note that one of `keys` signed.

    Raises MusterRollError `statement.malformed`, `note.*`.
    """
    note = decode_note(data, where=where)
    try:
        first, origin, subject, n, c, size, root, at, rest = note.text.split("\n")
        if first != FIRST_LINE or rest or not DECIMAL.fullmatch(n) or not DECIMAL.fullmatch(size):
            raise ValueError("another first line, or no numbers")
        checkpoint = Checkpoint(origin, int(size), decode_base64(root))
        head = Head(int(n), decode_commitment(c, where=where))
        statement = Statement(subject, head, checkpoint, dates.parse_instant(at, where=where))
    except (ValueError, MusterRollError):
        raise MusterRollError(
            "statement.malformed",
            f"A statement of the head has eight lines and begins with {FIRST_LINE}.",
            where=where,
            remedy="Take the statement again as it was given, byte for byte.",
        ) from None
    verify(note, [key for key in keys if key.name == origin])
    return statement


def check(statement: Statement, commitments: Sequence[bytes]) -> None:
    """Raise MusterRollError `statement.head` unless `commitments`, of acts 1, 2, 3 ..., go on from the statement."""
    n = statement.head.n
    if len(commitments) < n or commitments[n - 1] != statement.head.commitment:
        raise MusterRollError(
            "statement.head",
            f"The acts shown do not go on from what the register signed: act {n} was another one, or is missing.",
            where=f"act {n} of this person",
            remedy="Keep the statement and this list: together they are the evidence, for anybody.",
        )
