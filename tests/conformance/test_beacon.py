"""Real rounds of drand quicknet are accepted, and every forgery in the store is refused, by both implementations."""

import json
from pathlib import Path

import pytest
from py_arkworks_bls12381 import G1Point

from musterroll.draw import transcript
from musterroll.engine import beacon
from musterroll.errors import MusterRollError
from musterroll.verify import muster_verify

HERE = Path(__file__).parent
QUICKNET = json.loads((HERE / "drand" / "quicknet.json").read_bytes())
NEGATIVE = json.loads((HERE / "drand" / "negative.json").read_bytes())
HASHES = json.loads((HERE / "rfc9380" / "g1_sswu_ro.json").read_bytes())
KEY = bytes.fromhex(QUICKNET["chain"]["public_key"])
BOTH = pytest.mark.parametrize(
    "signed", [beacon.signed, muster_verify.quicknet_signed], ids=["the register's library", "the outsider's own"]
)


@BOTH
@pytest.mark.parametrize("row", QUICKNET["rounds"], ids=lambda row: str(row["round"]))
def test_a_real_round_is_accepted(row, signed):
    assert signed(KEY, row["round"], bytes.fromhex(row["signature"]))


@BOTH
@pytest.mark.parametrize("row", NEGATIVE["entries"], ids=lambda row: row["name"])
def test_a_forged_round_is_refused(row, signed):
    assert not signed(bytes.fromhex(row["public_key"]), row["round"], bytes.fromhex(row["signature"]))


@BOTH
def test_the_true_signature_beside_the_forgery_with_another_encoding_is_accepted(signed):
    row = NEGATIVE["valid_companion"]
    assert signed(bytes.fromhex(row["public_key"]), row["round"], bytes.fromhex(row["signature"]))


@BOTH
@pytest.mark.parametrize(
    ("why", "key", "signature"),
    [
        ("a byte too few", KEY, bytes.fromhex(QUICKNET["rounds"][0]["signature"])[:-1]),
        ("nothing", KEY, b""),
        ("no point of the curve", KEY, b"\x80" + bytes(46) + b"\x01"),
        ("a key that is no point", b"\x80" + bytes(95), bytes.fromhex(QUICKNET["rounds"][0]["signature"])),
        ("a key too short", KEY[:-1], bytes.fromhex(QUICKNET["rounds"][0]["signature"])),
        (
            "a key not below the field's order",
            b"\x9f" + b"\xff" * 95,
            bytes.fromhex(QUICKNET["rounds"][0]["signature"]),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_malformed_bytes_are_no_signature(why, key, signature, signed):
    assert not signed(key, 1, signature)


@pytest.mark.parametrize("row", HASHES["vectors"], ids=lambda row: row["msg"][:8] or "empty")
def test_hashing_to_the_curve_gives_the_points_of_rfc_9380(row):
    point = muster_verify.hash_to_g1(row["msg"].encode(), HASHES["dst"].encode())
    assert point == (int(row["x"], 16), int(row["y"], 16))


def test_hashing_to_the_curve_agrees_with_the_library():
    dst = muster_verify.QUICKNET_DST
    for i in range(20):
        x, y = muster_verify.hash_to_g1(i.to_bytes(8, "big"), dst)
        library = bytes(G1Point.hash_to_curve(i.to_bytes(8, "big"), dst).to_xy_bytes_be())
        assert library == x.to_bytes(48, "big") + y.to_bytes(48, "big")


def test_the_chains_name_follows_from_its_parameters():
    assert muster_verify.chain_hash() == QUICKNET["chain"]["hash"]


def test_the_value_of_a_round_is_the_hash_of_its_signature():
    row = QUICKNET["rounds"][-1]
    value = beacon.check_round(transcript.Drand.quicknet(row["round"]), bytes.fromhex(row["signature"]))
    assert value.hex() == row["randomness"]


def test_a_false_signature_is_named_with_what_to_do():
    row = next(row for row in NEGATIVE["entries"] if row["name"] == "torsion-1")
    with pytest.raises(MusterRollError) as refused:
        beacon.check_round(transcript.Drand.quicknet(row["round"]), bytes.fromhex(row["signature"]))
    assert str(refused.value) == (
        "This is not the beacon's signature of round 1000, so its value may not be used. Where: beacon.json. "
        "What to do: Fetch the round again, from another relay; a true signature is the same everywhere. "
        "[beacon.signature]"
    )


def test_a_manifest_cannot_bring_its_own_beacon():
    row = NEGATIVE["valid_companion"]
    own = transcript.Drand("00" * 32, row["public_key"], transcript.Drand.quicknet(6).scheme, 1692803367, 3, 6)
    with pytest.raises(MusterRollError, match=r"\[beacon.chain\]"):
        beacon.check_round(own, bytes.fromhex(row["signature"]))
