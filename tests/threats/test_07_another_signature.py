"""Attack 7: another spelling of the beacon's signature, or one shifted by torsion, gives another value to choose."""

import json
from pathlib import Path

import pytest
from tests.bundles.files import FIRST
from tests.bundles.forged import LISTED
from tests.published import ROUNDS

from musterroll import canonical

FORGERIES = json.loads((Path(__file__).parents[1] / "conformance/drand/negative.json").read_bytes())["entries"]
P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB


def infinite(signature: bytes) -> bytes:
    return b"\xc0" + bytes(47)


def other_sign(signature: bytes) -> bytes:
    return bytes([signature[0] ^ 0x20]) + signature[1:]


def not_reduced(signature: bytes) -> bytes:
    x = int.from_bytes(signature, "big") & ~(7 << 381)
    return ((x + P) % (1 << 381) | (signature[0] >> 5 << 381)).to_bytes(48, "big")


@pytest.mark.parametrize("change", [infinite, other_sign, not_reduced], ids=lambda change: change.__name__)
def test_another_spelling_of_the_signature_is_refused(forge, look, change) -> None:
    forged = forge(LISTED)
    signature = change(ROUNDS[FIRST])
    forged.say("beacon.json", signature=signature.hex(), randomness=canonical.sha256_hex(signature))
    forged.write_again()
    assert look(forged).refused("this is not the beacon's signature")


def test_the_stored_forgeries_have_torsion_among_them() -> None:
    """tests/conformance/test_beacon.py gives every one of them to both implementations."""
    assert sum(row["name"].startswith("torsion") for row in FORGERIES) >= 1
