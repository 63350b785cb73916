"""Names of yearly logs, keys that follow one another, and what a time stamp says."""

from pathlib import Path

import pytest
from tests.simulators.tsa import Authority

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, rotation, stamp, year
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.note import COSIGNATURE, ED25519, Note, PrivateKey
from musterroll.ledger.rotation import Rotation, check_signed, keys_of, rotate

ORIGIN, NEXT = "register.example/ledger/2026", "register.example/ledger/2027"
FIRST, SECOND, THIRD = (PrivateKey(ORIGIN, ED25519, bytes([n]) * 32) for n in (1, 2, 3))
LATER = PrivateKey(NEXT, ED25519, b"4" * 32)
LAST = Checkpoint(ORIGIN, 7, b"r" * 32)
VECTORS = Path(__file__).parents[2] / "conformance" / "rfc3161"


def code_of(action, *arguments) -> str:
    with pytest.raises(MusterRollError) as caught:
        action(*arguments)
    return caught.value.code


def test_an_origin_is_read_as_it_is_written():
    assert year.split(ORIGIN) == ("register.example", 2026)
    assert year.origin(*year.split(ORIGIN)) == ORIGIN


@pytest.mark.parametrize(
    "origin", ["register.example", "register.example/ledger/26", "a b/ledger/2026", "/ledger/2026"]
)
def test_other_names_are_no_yearly_log(origin):
    with pytest.raises(ValueError):
        year.split(origin)


def test_a_year_has_four_digits():
    with pytest.raises(ValueError):
        year.origin("register.example", 10_000)


def test_a_year_says_which_checkpoint_it_continues():
    said = year.parse_link(year.link(LAST), NEXT)
    assert said == LAST
    year.check_link(said, LAST)


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "other.example/ledger/2026"},  # another register
        {"origin": NEXT},  # itself
        {"origin": "register.example/ledger/2028"},  # the future
        {"root": "00"},
        {"root": "R" * 64},
        {"size": -1},
        {"size": "7"},
        {"more": 1},
    ],
)
def test_a_year_that_says_anything_else_is_refused(change):
    assert code_of(year.parse_link, {**year.link(LAST), **change}, NEXT) == "year.link"
    without = year.link(LAST)
    del without["root"]
    assert code_of(year.parse_link, without, NEXT) == "year.link"


@pytest.mark.parametrize(
    ("published", "why"),
    [
        (Checkpoint(ORIGIN, 8, b"r" * 32), "had ended with 7 entries and was gone on with"),
        (Checkpoint(ORIGIN, 6, b"r" * 32), "expected 7 entries under"),
        (Checkpoint(ORIGIN, 7, b"s" * 32), "expected 7 entries under"),
    ],
)
def test_the_old_log_ends_where_the_new_one_says(published, why):
    with pytest.raises(MusterRollError, match=why):
        year.check_link(LAST, published)


# Keys


def test_a_new_key_reads_as_it_was_written():
    named = rotate(FIRST, SECOND.public_key, 5)
    assert rotation.parse(named.fields, 4) == named
    assert rotation.text(SECOND.public_key, 5).decode() == (
        f"muster-roll/key/v1\n{ORIGIN}\n5\n{SECOND.public_key.vkey}\n"
    )
    assert rotation.parse(rotate(FIRST, LATER.public_key, 0).fields, 99).new == LATER.public_key


def unsigned(old: PrivateKey, new, start: int) -> dict:
    """Members that fit one another and that the old key signed, whatever they say."""
    return {
        "from": start,
        "new": new.vkey,
        "old": old.public_key.vkey,
        "origin": new.name,
        "signature": rotation.encode_base64(old.sign_bytes(rotation.text(new, start))),
    }


@pytest.mark.parametrize(
    ("said", "index"),
    [
        (unsigned(FIRST, SECOND.public_key, 5), 5),  # from another place than its own
        (unsigned(FIRST, SECOND.public_key, 0), -1),
        (unsigned(FIRST, LATER.public_key, 1), 0),  # a later year's key counts from the start
        (unsigned(LATER, FIRST.public_key, 0), 0),  # an earlier year
        (unsigned(FIRST, PrivateKey("other.example/ledger/2027", ED25519, b"5" * 32).public_key, 0), 0),
        (unsigned(FIRST, PrivateKey("court.example", COSIGNATURE, b"6" * 32).public_key, 5), 4),
        ({**unsigned(FIRST, SECOND.public_key, 5), "origin": NEXT}, 4),
        ({**unsigned(FIRST, SECOND.public_key, 5), "more": 1}, 4),
        ({**unsigned(FIRST, SECOND.public_key, 5), "new": THIRD.public_key.vkey}, 4),  # not what was signed
        ({**unsigned(FIRST, SECOND.public_key, 5), "from": "5"}, 4),
        ({**unsigned(FIRST, SECOND.public_key, 5), "signature": "A"}, 4),
        ({**unsigned(FIRST, SECOND.public_key, 5), "old": 7}, 4),
        ({}, 4),
    ],
)
def test_what_the_old_key_did_not_say_in_this_way_names_no_new_key(said, index):
    assert code_of(rotation.parse, said, index) == "key.rotation"


def test_keys_follow_one_another_and_a_stranger_s_entry_changes_nothing():
    keys = keys_of(
        ORIGIN,
        [FIRST.public_key, LATER.public_key],
        [
            rotate(THIRD, SECOND.public_key, 2),  # by a key that nobody trusts
            rotate(FIRST, SECOND.public_key, 5),
            rotate(FIRST, THIRD.public_key, 6),  # by a key that is replaced
            rotate(SECOND, LATER.public_key, 0),  # for another log
        ],
    )
    assert (keys.trusted, keys.replaced) == ((FIRST.public_key, SECOND.public_key), {FIRST.public_key: 5})


@pytest.mark.parametrize(
    ("size", "by", "code"),
    [
        (4, [FIRST], ""),
        (5, [FIRST], "key.replaced"),
        (5, [SECOND], ""),
        (5, [FIRST, SECOND], ""),  # overlap
        (9, [THIRD], "note.unsigned"),
    ],
)
def test_from_the_size_said_on_only_the_new_key_counts(size, by, code):
    keys = keys_of(ORIGIN, [FIRST.public_key], [rotate(FIRST, SECOND.public_key, 5)])
    current = Checkpoint(ORIGIN, size, b"r" * 32)
    signed = Note(current.text, tuple(checkpoint.sign(current, key).signatures[0] for key in by))
    if code:
        assert code_of(check_signed, signed, current, keys) == code
    else:
        check_signed(signed, current, keys)


def test_a_rotation_that_is_made_is_signed():
    with pytest.raises(ValueError):
        Rotation(FIRST.public_key, SECOND.public_key, 5, bytes(64))


# Time stamps


def test_a_stamp_says_what_was_stamped_and_when():
    data = (VECTORS / "checkpoint").read_bytes()
    said = stamp.check((VECTORS / "court-stamp.tsr").read_bytes(), data)
    assert dates.format_instant(said.at) == "2027-03-02T06:00:00Z"
    assert code_of(stamp.check, (VECTORS / "other-bytes.tsr").read_bytes(), data) == "stamp.other"


TOKEN = (VECTORS / "court-stamp.tsr").read_bytes()


def changed(old: str, new: str) -> bytes:
    """The token with some of its bytes (hexadecimal) exchanged for as many others."""
    old_bytes, new_bytes = bytes.fromhex(old), bytes.fromhex(new)
    assert len(old_bytes) == len(new_bytes)
    assert TOKEN.count(old_bytes) >= 1
    return TOKEN.replace(old_bytes, new_bytes, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing of the kind",
        TOKEN + b"\x00\x00",
        TOKEN[:-1],
        TOKEN[:40],
        b"\x30\x80" + TOKEN[4:],  # an indefinite length
        b"\x30\x84\x00\x00" + TOKEN[2:],  # a length with a leading zero
        b"\x30\x81\x03\x30\x01\x00",  # a short length spelt long
        b"\x31" + TOKEN[1:],
        changed("3003020100", "3003040100"),  # the status is no number
        changed("06092a864886f70d010702", "06092a864886f70d010703"),  # not signed data
        changed("060b2a864886f70d0109100104", "060b2a864886f70d0109100105"),  # not a TSTInfo
        changed("04" + "20", "04" + "1f"),
        changed("180f3230", "170f3230"),  # another kind of time
        changed("180f32303237", "180f3230325a"),  # no digits
        changed("180f3230323730333032", "180f3230323731333032"),  # the thirteenth month
        changed("3050020101", "3050020102"),  # another version
    ],
)
def test_what_is_no_stamp_is_refused_and_never_crashes(data):
    assert code_of(stamp.read, data) == "stamp.malformed"


def test_another_digest_than_sha256_is_refused():
    info = TOKEN.index(bytes.fromhex("060b2a864886f70d0109100104"))
    at = TOKEN.index(stamp.SHA256, info)
    assert code_of(stamp.read, TOKEN[:at] + stamp.SHA256[:-1] + b"\x02" + TOKEN[at + 9 :]) == "stamp.malformed"


def test_a_digest_of_another_length_is_refused():
    token = Authority("court-stamp", lambda: 1).token(b"s" * 31, 1_803_967_200, None)
    assert code_of(stamp.read, token) == "stamp.malformed"


def test_a_refusal_of_the_authority_is_told_as_one():
    assert code_of(stamp.read, bytes.fromhex("30053003020102")) == "stamp.refused"
    assert code_of(stamp.read, bytes.fromhex("30053003020100")) == "stamp.malformed"  # granted, and no token


def test_no_change_of_one_byte_crashes_the_reader():
    for place in range(0, len(TOKEN), 3):
        tried = TOKEN[:place] + bytes([TOKEN[place] ^ 0x81]) + TOKEN[place + 1 :]
        try:
            stamp.read(tried)
        except MusterRollError:
            continue
