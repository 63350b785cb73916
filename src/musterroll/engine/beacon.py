"""The register's own check of a beacon round, with a maintained library (the outsider's verifier carries another).

1. Only drand quicknet, by its pinned chain hash, key, scheme and clock: a manifest cannot bring its own beacon.
2. The signature is one canonical, finite point of the prime-order subgroup. Without the subgroup check one round would
   have about 2^126 "valid" values to choose from, because the value is a hash of the signature's bytes.
3. `e(signature, G2) = e(H(SHA-256(u64 round)), group key)`; the value is SHA-256 of the signature.
"""

import hashlib

from py_arkworks_bls12381 import GT, G1Point, G2Point

from musterroll.draw import seed
from musterroll.draw.transcript import Drand
from musterroll.errors import MusterRollError

_SIGNATURE_BYTES = 48
_DST = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"


def check_round(item: Drand, signature: bytes) -> bytes:
    """The 32-byte value of the round that `item` names.

    Raises MusterRollError `beacon.chain` for another chain than quicknet, `beacon.signature` for a signature that is
    not the one of this round.
    """
    if item != Drand.quicknet(item.round):
        raise MusterRollError(
            "beacon.chain",
            "The manifest names a beacon that this software does not check: it knows drand quicknet only.",
            where="manifest.json, randomness",
            remedy="Name a round of quicknet.",
        )
    if not signed(bytes.fromhex(item.group_key), item.round, signature):
        raise MusterRollError(
            "beacon.signature",
            f"This is not the beacon's signature of round {item.round}, so its value may not be used.",
            where="beacon.json",
            remedy="Fetch the round again, from another relay; a true signature is the same everywhere.",
        )
    return seed.drand_value(signature)


def signed(group_key: bytes, round_number: int, signature: bytes) -> bool:
    """Whether `signature` is the one signature of a round under `group_key` (96 bytes, G2)."""
    message = hashlib.sha256(round_number.to_bytes(8, "big")).digest()
    try:
        point = G1Point.from_compressed_bytes(signature)
        key = G2Point.from_compressed_bytes(group_key)
    except (ValueError, TypeError):
        return False
    # The library checks subgroup and range; the two tests here hold if another version should be laxer.
    if len(signature) != _SIGNATURE_BYTES or bytes(point.to_compressed_bytes()) != signature:
        return False
    if not point.is_in_subgroup() or point == G1Point.identity() or key == G2Point.identity():
        return False
    return bool(GT.pairing_check([point, -G1Point.hash_to_curve(message, _DST)], [G2Point(), key]))
