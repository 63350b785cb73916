"""What a witness does with a checkpoint (C2SP tlog-witness v1.0.0, add-checkpoint), without network, file or clock.

The checks, in this order, each with the answer that the specification gives it:

1. the request can be read, and the old size is not above the new one (400);
2. the log is one that this witness knows (404);
3. a key trusted for this log signed, and no line of a trusted key is false (403);
4. the old size is the one that this witness cosigned last (409, with that size);
5. an old size of zero has no proof, equal sizes have equal roots, the proof shows that the log only grew (422).

The caller stores `Answer.seen` before it gives the answer, and lets no second request in between: otherwise a witness
could be led back to a smaller log.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.errors import MusterRollError
from musterroll.ledger.checkpoint import DECIMAL, Checkpoint, parse
from musterroll.ledger.cosignature import cosign
from musterroll.ledger.note import Note, PrivateKey, PublicKey, decode_base64, encode_base64, verify
from musterroll.ledger.note import decode as decode_note
from musterroll.ledger.proof import check_consistency
from musterroll.ledger.tree import EMPTY_ROOT, HASH_BYTES

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
MOST_PROOF_LINES = 63


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks: it had `old` entries when this witness last saw it, `path` leads to the checkpoint in `note`."""

    old: int
    path: tuple[bytes, ...]
    note: Note

    def __post_init__(self) -> None:
        if self.old < 0 or len(self.path) > MOST_PROOF_LINES:
            raise ValueError(f"a request has an old size and at most {MOST_PROOF_LINES} proof lines")

    def encode(self) -> bytes:
        """The body of the request. Inverse of `decode`."""
        proof = "".join(f"{encode_base64(step)}\n" for step in self.path)
        return f"old {self.old}\n{proof}\n".encode() + self.note.encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status with its body; `seen` is what to store first, or None where nothing changes."""

    status: int
    content_type: str
    body: bytes
    seen: Checkpoint | None


def decode(body: bytes) -> Request:
    """The request in `body`. Raises MusterRollError `witness.request`, `note.malformed`."""
    head, _, note = body.partition(b"\n\n")
    try:
        first, *proof = head.decode("ascii").split("\n")
        word, _, old = first.partition(" ")
        path = tuple(decode_base64(line) for line in proof)
        if word != "old" or not DECIMAL.fullmatch(old) or any(len(step) != HASH_BYTES for step in path):
            raise ValueError("old size and proof lines")
        return Request(int(old), path, decode_note(note))
    except ValueError:
        raise MusterRollError(
            "witness.request",
            "A request has the line `old <size>`, at most 63 hashes in base64, an empty line and the checkpoint.",
            where="add-checkpoint",
            remedy="See C2SP tlog-witness.",
        ) from None


def add_checkpoint(
    key: PrivateKey,
    logs: Mapping[str, tuple[PublicKey, ...]],
    seen: Mapping[str, Checkpoint],
    body: bytes,
    at: int,
) -> Answer:
    """The witness's answer to `body` at second `at`.

    `logs` are the keys it trusts for each origin, `seen` the last checkpoint it cosigned for each origin.
    """
    try:
        request = decode(body)
        checkpoint = parse(request.note.text)
    except MusterRollError as problem:
        return _refused(400, problem)
    if request.old > checkpoint.size:
        return _said(400, "The old size is above the new one.")
    if checkpoint.origin not in logs:
        return _said(404, f"This witness does not know the log {checkpoint.origin}.")
    try:
        verify(request.note, logs[checkpoint.origin])
    except MusterRollError as problem:
        return _refused(403, problem)
    last = seen.get(checkpoint.origin, Checkpoint(checkpoint.origin, 0, EMPTY_ROOT))
    if request.old != last.size:
        return Answer(409, SIZE, f"{last.size}\n".encode(), None)
    try:
        check_consistency(last.size, last.root, checkpoint.size, checkpoint.root, request.path)
    except MusterRollError as problem:
        return _refused(422, problem)
    return Answer(200, TEXT, cosign(checkpoint.text, key, at).line.encode(), checkpoint)


def _refused(status: int, problem: MusterRollError) -> Answer:
    return _said(status, f"{problem.what} [{problem.code}]")


def _said(status: int, words: str) -> Answer:
    return Answer(status, TEXT, f"{words}\n".encode(), None)
