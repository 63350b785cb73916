"""The verifier's own Ed25519: the vectors of RFC 8032, and agreement with a library on true and false signatures."""

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from musterroll.verify.muster_verify import ED_ORDER, Q, ed25519_signed

VECTORS = json.loads((Path(__file__).parent / "rfc8032" / "ed25519.json").read_bytes())["vectors"]


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["public"][:8])
def test_the_signatures_of_rfc_8032_are_accepted_and_no_other_message(row):
    public, message, signature = (bytes.fromhex(row[name]) for name in ("public", "message", "signature"))
    assert ed25519_signed(public, message, signature)
    assert not ed25519_signed(public, message + b"\x00", signature)


def test_it_agrees_with_the_library_on_changed_signatures():
    for i in range(24):
        digest = hashlib.sha256(bytes([i])).digest()
        key = Ed25519PrivateKey.from_private_bytes(digest)
        public, signature = key.public_key().public_bytes_raw(), bytearray(key.sign(digest))
        if i % 3:
            signature[digest[0] % 64] ^= 1 << digest[1] % 8
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(bytes(signature), digest)
            accepted = True
        except InvalidSignature:
            accepted = False
        assert ed25519_signed(public, digest, bytes(signature)) == accepted == (i % 3 == 0)


def test_other_spellings_of_a_signature_or_key_are_refused():
    row = VECTORS[1]
    public, message, signature = (bytes.fromhex(row[name]) for name in ("public", "message", "signature"))
    s = int.from_bytes(signature[32:], "little")
    assert not ed25519_signed(public, message, signature[:32] + (s + ED_ORDER).to_bytes(32, "little"))
    assert not ed25519_signed(public, message, signature[:-1])
    assert not ed25519_signed(public, message, signature + b"\x00")
    assert not ed25519_signed((Q + 1).to_bytes(32, "little"), message, signature)  # y = 1, not canonical
    assert not ed25519_signed((1 | 1 << 255).to_bytes(32, "little"), message, signature)  # x = 0 with a sign
    assert not ed25519_signed((2).to_bytes(32, "little"), message, signature)  # no point of the curve
    assert not ed25519_signed(public[:-1], message, signature)
