"""The seed: a hash of the manifest and of values that nobody could know when the manifest was published.

`seed = SHA-256(T(seed) || SHA-256(manifest) || u16(k) || for each source in the manifest's order: u16(len) || value)`.
The manifest's own hash ties the order to this list, these quotas and this law.
"""

import hashlib
from collections.abc import Sequence

from musterroll import canonical
from musterroll.draw.transcript import Ceremony
from musterroll.errors import MusterRollError

_TAG_SEED = canonical.tag("seed")


def ceremony_value(symbols: str, terms: Ceremony) -> bytes:
    """The value of a public ceremony: the symbols drawn, in ASCII. Raises MusterRollError `ceremony.symbols`."""
    if len(symbols) != terms.length or not set(symbols) <= set(terms.alphabet):
        raise MusterRollError(
            "ceremony.symbols",
            f"The ceremony gives exactly {terms.length} symbols of the alphabet that the manifest names.",
            where="ceremony.txt",
            remedy="Write the symbols as they were drawn, with no space and no line end.",
        )
    return symbols.encode("ascii")


def drand_value(signature: bytes) -> bytes:
    """The value of a beacon round whose signature has been checked (`engine.beacon`)."""
    return hashlib.sha256(signature).digest()


def derive(manifest: bytes, values: Sequence[bytes]) -> bytes:
    """The 32-byte seed from the manifest's exact bytes and one value a source, in the manifest's order."""
    message = [_TAG_SEED, canonical.sha256(manifest), len(values).to_bytes(2, "big")]
    for value in values:
        message += [len(value).to_bytes(2, "big"), value]
    return canonical.sha256(b"".join(message))
