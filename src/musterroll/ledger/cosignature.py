"""Cosignatures: a witness says when it saw the log consistent (C2SP tlog-cosignature v1.0.1, Ed25519, type 0x04).

1. Signed are the lines `cosignature/v1` and `time <second>`, then the checkpoint's text, so that nothing else that a
   witness's key might sign can pass for it.
2. The signature is the second as a big-endian u64, then 64 bytes of Ed25519.
3. It says: at that second this was the largest consistent tree of that log that this witness had seen.
"""

from collections.abc import Iterable

from musterroll.ledger.note import COSIGNATURE, Note, PrivateKey, PublicKey, Signature, false_signature

_LATEST = 2**63 - 1


def cosign(text: str, key: PrivateKey, at: int) -> Signature:
    """The line with which `key` (of type 0x04) cosigns the checkpoint `text` at second `at`."""
    if key.algorithm != COSIGNATURE:
        raise ValueError("only a witness's key cosigns")
    if not 0 < at <= _LATEST:
        raise ValueError("a cosignature has a time")
    return Signature(key.name, key.public_key.id, at.to_bytes(8, "big") + key.sign_bytes(message(text, at)))


def message(text: str, at: int) -> bytes:
    """The bytes under the signature."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def times(note: Note, keys: Iterable[PublicKey]) -> dict[PublicKey, int]:
    """Which of the witnesses `keys` cosigned the note, each with its second; of two lines of one key the earlier.

    A checkpoint counts as seen from the first time on. Lines of unknown keys are passed over. Raises MusterRollError
    `note.signature` where a line of a known key is false.
    """
    seen: dict[PublicKey, int] = {}
    witnesses = [key for key in keys if key.algorithm == COSIGNATURE]
    for signature in note.signatures:
        for key in witnesses:
            if signature.by(key):
                at = int.from_bytes(signature.value[:8], "big")
                if not 0 < at <= _LATEST or not key.signed(message(note.text, at), signature.value[8:]):
                    raise false_signature(key)
                seen[key] = min(at, seen.get(key, at))
    return seen
