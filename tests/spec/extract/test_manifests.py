"""Chapter: what an agency says about a file, and how the register knows that the agency said it."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.spec.extract.test_bad_deliveries import TODAY, message
from tests.spec.extract.test_bad_deliveries import manifest as made

from musterroll.canonical import decode as read_json
from musterroll.canonical import encode as write_json
from musterroll.errors import MusterRollError
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest, decode, sign, verify

OURS = bytes(range(32))
THEIRS = bytes(range(1, 33))
KEYS = {
    name: Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()
    for name, key in (("2026-a", OURS), ("2026-b", THEIRS))
}
COUNTS = {"district": {"Šiauliai": 2}, "birth_year": {"1998": 1, "1999": 1}}


def refused(about, keys):
    with pytest.raises(MusterRollError) as refusal:
        verify(about, keys)
    return str(refusal.value)


def malformed(**change):
    """The rule that a manifest with these members breaks."""
    told = {**read_json(made().encode()), **change}
    with pytest.raises(MusterRollError) as refusal:
        decode(write_json({name: value for name, value in told.items() if value is not None}))
    assert refusal.value.code == "manifest.malformed"
    return refusal.value.what.removeprefix("The manifest is not as agreed: ")


def test_a_manifest_says_all_it_can_and_is_read_as_it_was_written():
    plain = made(file="civil.csv", format="csv", counts=COUNTS)
    told = sign(plain, OURS, "2026-a")
    assert decode(told.encode()) == told
    assert replace(told, key="", signature="") == plain


def test_a_manifest_of_the_first_version_is_still_read_and_holds_exactly_its_members():
    first = made(v=1)
    assert decode(first.encode()) == first
    members = "as_of, demonstration, full, rows, sender, sent, sha256, source, v"
    assert malformed(v=1, file="civil.csv") == f"it has exactly the members {members}."
    assert malformed(v=1, sender=None) == f"it has exactly the members {members}."


def test_the_least_that_a_manifest_says_is_source_day_rows_and_digest_of_a_whole_register():
    digest = "ab" * 32
    least = write_json({"v": 2, "source": "civil", "as_of": "2020-12-31", "rows": 3, "sha256": digest})
    assert decode(least) == Manifest(source="civil", as_of=made().as_of, rows=3, sha256=digest)
    assert decode(least).full
    assert b"sent" not in decode(least).encode()


@pytest.mark.parametrize("name", ["base", "corrects", "answers"])
def test_what_goes_on_from_another_file_is_no_whole_register(name):
    told = {**read_json(made().encode()), name: "ab" * 32}
    del told["full"]
    assert decode(write_json(told)) == made(**{name: "ab" * 32, "full": False})


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"sha256": None, "rows": None}, "it lacks rows, sha256."),
        ({"counts": []}, "`counts` are lists of [value, count], a value once, in an object by what is counted."),
        ({"counts": {"sex": {"M": 1}}}, "`counts` are lists of [value, count], a value once, in an object by what"),
        ({"counts": {"sex": [["M"]]}}, "`counts` are lists of [value, count], a value once, in an object by what"),
        ({"counts": {"sex": [["M", -1]]}}, "`counts` are lists of [value, count], a value once, in an object by what"),
        ({"counts": {"sex": [["M", True]]}}, "`counts` are lists of [value, count], a value once, in an object by"),
        ({"counts": {"sex": [["M", 1], ["M", 2]]}}, "`counts` are lists of [value, count], a value once, in an object"),
        ({"full": False, "base": "ab" * 32, "answers": "cd" * 32}, "it continues a delivery (`base`), corrects one"),
        ({"answers": "ab" * 32}, "a delivery with `base`, `corrects` or `answers` is not `full`."),
    ],
)
def test_a_manifest_that_is_not_as_agreed_is_refused_with_the_rule(change, rule):
    assert malformed(**change).startswith(rule)


def test_a_signed_manifest_is_believed_even_with_other_white_space():
    told = sign(made(counts=COUNTS), OURS, "2026-a")
    verify(decode(told.encode()), KEYS)
    verify(decode(told.encode().replace(b'"counts":', b'\n  "counts" : ')), KEYS)


def test_a_manifest_that_nobody_signed_is_refused():
    assert refused(made(), KEYS) == (
        "The manifest is not signed, and this source signs its deliveries. Where: manifest of civil. What to do: Ask "
        "the agency to sign the manifest with one of its declared keys. [manifest.unsigned]"
    )


def test_a_key_that_was_not_declared_or_was_withdrawn_signs_nothing():
    assert refused(sign(made(), OURS, "2026-a"), {"2026-b": KEYS["2026-b"]}) == (
        "The manifest is signed with a key that the declaration does not name. Where: manifest of civil. What to do: "
        "Ask the agency which key it uses. A new key comes into force with a new declaration only; a key that was "
        "withdrawn signs nothing any more. [manifest.key-unknown]"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"source": "tax"},
        {"as_of": TODAY},
        {"rows": 3},
        {"sha256": "0" * 64},
        {"sender": "Tax Office"},
        {"sent": 0},
        {"full": False},
        {"demonstration": True},
        {"file": "tax.csv"},
        {"format": "csv"},
        {"full": False, "base": "0" * 64},
        {"counts": {"sex": {"M": 2}}},
        {"key": "2026-b"},
        {"signature": "0" * 128},
    ],
)
def test_nothing_in_a_signed_manifest_can_be_changed(change):
    told = replace(sign(made(), OURS, "2026-a"), **change)
    assert refused(told, KEYS) == (
        "The signature is not of this manifest: it was changed on its way, or somebody else signed it. Where: "
        f"manifest of {told.source}. What to do: Use nothing of this delivery. Ask the agency, by another way than it "
        "came, what it sent. [manifest.signature]"
    )


def test_somebody_elses_key_under_the_agencys_name_signs_nothing():
    assert "[manifest.signature]" in refused(sign(made(), THEIRS, "2026-a"), KEYS)


SIGNING = """
source: civil
kind: civil register
agency: Registry
legal_basis: art. 1
purpose: administration
schema: {primaryKey: nr, fields: [{name: nr, constraints: {required: yes}}]}
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: nobody
signing_keys:
  - {id: old, ed25519: KEY, until: 2026-01-31}
  - {id: new, ed25519: KEY, from: 2026-01-15}
"""


def test_a_key_has_its_days_and_two_may_overlap_while_one_takes_over():
    keys = load_source(SIGNING.replace("KEY", "ab" * 32)).signing_keys
    assert [(key.key_id, key.public) for key in keys] == [("old", bytes.fromhex("ab" * 32)), ("new", keys[0].public)]
    assert keys[1].first < keys[0].last


def test_a_file_in_another_format_than_declared_is_refused_before_it_is_opened():
    assert message(b"PK", made(format="xlsx")) == (
        "The file is xlsx; declared is csv. Where: delivery of civil. What to do: Ask the agency to send the file as "
        "csv, not packed. [delivery.format]"
    )


def test_a_manifest_may_say_how_many_bytes_the_file_has():
    assert decode(made(size=4_711).encode()).size == 4_711
    assert b"size" not in made().encode()
    assert malformed(size=-1) == "`size` is not negative."
    assert malformed(size="4711").startswith("texts are texts, `v`, `rows` and `size` whole numbers")
