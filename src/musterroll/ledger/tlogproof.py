"""A proof that an entry is in a log, in one file that can be checked without the log (C2SP tlog-proof v1).

1. Lines: `c2sp.org/tlog-proof@v1`, `extra <base64>` if there is any, `index <number>`, the path's hashes in base64, an
   empty line, and the checkpoint with its signatures, byte for byte.
2. `extra` is not protected by the format. Muster Roll puts the entry's own bytes there where the proof travels alone (a
   draw's bundle): checking them as the entry protects them, and the reader then sees what was logged.
3. Who checks names the entry. A proof of an entry that nobody has read shows nothing.
"""

from dataclasses import dataclass

from musterroll.errors import MusterRollError
from musterroll.ledger.checkpoint import DECIMAL
from musterroll.ledger.note import decode_base64, encode_base64
from musterroll.ledger.policy import Accepted, Policy
from musterroll.ledger.proof import check_inclusion
from musterroll.ledger.tree import HASH_BYTES, leaf_hash

FIRST_LINE = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class TlogProof:
    """The `index` of an entry, the `path` from its leaf to the root, and the bytes of the signed `checkpoint`."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def __post_init__(self) -> None:
        if not 0 <= self.index < 2**63 or any(len(step) != HASH_BYTES for step in self.path):
            raise ValueError("a proof has an index below 2^63 and a path of 32-byte hashes")

    def encode(self) -> bytes:
        """The bytes of a `.tlog-proof` file. Inverse of `decode`."""
        extra = [f"extra {encode_base64(self.extra)}"] if self.extra else []
        lines = [FIRST_LINE, *extra, f"index {self.index}", *map(encode_base64, self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def decode(data: bytes, *, where: str = "tlog-proof") -> TlogProof:
    """The proof in a file. Raises MusterRollError `tlogproof.malformed`."""
    head, separator, checkpoint = data.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
        if first != FIRST_LINE or not separator:
            raise ValueError("another first line, or no checkpoint")
        extra = decode_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
        word, _, index = lines.pop(0).partition(" ") if lines else ("", "", "")
        if word != "index" or not DECIMAL.fullmatch(index):
            raise ValueError("no index")
        return TlogProof(int(index), tuple(map(decode_base64, lines)), checkpoint, extra)
    except ValueError:
        raise MusterRollError(
            "tlogproof.malformed",
            f"A proof begins with {FIRST_LINE}, then has the index, the path and a signed checkpoint.",
            where=where,
            remedy="Fetch the proof again where it was given to you.",
        ) from None


def check(proof: TlogProof, entry: bytes, policy: Policy, *, where: str = "tlog-proof") -> Accepted:
    """The checkpoint under which `entry` is shown to be in the log, accepted by `policy`.

    Raises MusterRollError `ledger.inclusion`, or what `Policy.accept` raises.
    """
    accepted = policy.accept(proof.checkpoint, where=where)
    checkpoint = accepted.checkpoint
    check_inclusion(proof.index, checkpoint.size, leaf_hash(entry), proof.path, checkpoint.root)
    return accepted
