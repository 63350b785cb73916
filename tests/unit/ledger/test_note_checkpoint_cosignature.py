"""Signed notes, checkpoints and cosignatures, first against the specifications' own examples."""

import pytest

from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, cosignature, note
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.note import COSIGNATURE, ED25519, Note, PrivateKey, PublicKey, Signature

# C2SP signed-note, "Example".
SPECIFIED_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPECIFIED_NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

LOG = PrivateKey("demo.register.example/ledger/2026", ED25519, bytes(range(32)))
WITNESS = PrivateKey("court.example/w1", COSIGNATURE, bytes(range(1, 33)))
CHECKPOINT = Checkpoint(LOG.name, 3, bytes(range(32)))


def code_of(action, *arguments) -> str:
    with pytest.raises(MusterRollError) as caught:
        action(*arguments)
    return caught.value.code


def test_the_specification_s_note_verifies_under_its_key():
    key = note.parse_vkey(SPECIFIED_VKEY)
    read = note.decode(SPECIFIED_NOTE)
    assert read.text == "This is an example message.\n"
    assert note.verify(read, [key]) == (key,)
    assert read.encode() == SPECIFIED_NOTE
    assert key.vkey == SPECIFIED_VKEY


def test_go_s_published_private_key_is_read_and_signs_the_same():
    # golang.org/x/mod/sumdb/note, ExampleSign: this very key signs this text with these bytes.
    skey = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    key = note.parse_skey(skey)
    assert key.skey == skey
    assert key.public_key.vkey == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert note.sign(text, key).line == line


def test_a_note_s_text_may_hold_empty_lines():
    text = "one\n\ntwo\n"
    signed = Note(text, (note.sign(text, LOG),))
    assert note.decode(signed.encode()) == signed


def test_lines_of_unknown_keys_are_passed_over():
    other = PrivateKey("another.example", ED25519, bytes(32))
    signed = Note("text\n", (note.sign("text\n", other), note.sign("text\n", LOG)))
    assert note.verify(signed, [LOG.public_key]) == (LOG.public_key,)
    assert code_of(note.verify, signed, [WITNESS.public_key]) == "note.unsigned"
    assert code_of(note.verify, signed, []) == "note.unsigned"


def test_one_false_line_of_a_known_key_condemns_the_note():
    true = note.sign("text\n", LOG)
    false = Signature(true.name, true.key_id, true.value[:-1] + b"\x00")
    assert code_of(note.verify, Note("text\n", (true, false)), [LOG.public_key]) == "note.signature"
    short = Signature(true.name, true.key_id, b"x")
    assert code_of(note.verify, Note("text\n", (short,)), [LOG.public_key]) == "note.signature"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",  # no signature
        b"text\n\n",  # no signature line after the empty one
        SPECIFIED_NOTE[:-1],  # the last newline is missing
        SPECIFIED_NOTE.replace(b"example message", b"example\tmessage"),  # a control character
        SPECIFIED_NOTE.replace(b"\xe2\x80\x94", b"-"),  # not an em dash
        SPECIFIED_NOTE.replace(b"example.com/foo", b"example+com"),  # a plus in the name
        SPECIFIED_NOTE.replace(b"example.com/foo", b"example.com/\xc2\xa0"),  # a Unicode space in the name
        SPECIFIED_NOTE.replace(b"eyaQM=", b"eyaQN="),  # base64 with loose bits
        SPECIFIED_NOTE.replace(b"eyaQM=", b"eyaQM"),  # base64 without padding
        "text\n\n— name ä===\n".encode(),
        "text\n\n— name AAAA\n".encode(),  # fewer than five bytes
        "text\n\n— name\n".encode(),
        b"\xff" + SPECIFIED_NOTE,  # not UTF-8
        SPECIFIED_NOTE + SPECIFIED_NOTE.splitlines(keepends=True)[-1] * 100,  # too many
    ],
)
def test_what_is_not_a_note_is_refused(data):
    assert code_of(note.decode, data) == "note.malformed"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name+00000000+",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",  # the id is another
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",  # algorithm 2
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",  # no name
    ],
)
def test_what_is_not_a_key_is_refused(text):
    assert code_of(note.parse_vkey, text) == "key.malformed"


def test_a_private_key_is_never_shown():
    assert LOG.seed.hex() not in repr(LOG)
    assert "seed" not in repr(LOG)
    for text in ("PRIVATE+KEY+x+00000000+AAAA", LOG.skey.replace("PRIVATE", "PUBLIC"), LOG.skey[:-4] + "AAA=", ""):
        with pytest.raises(MusterRollError) as caught:
            note.parse_skey(text)
        assert caught.value.code == "key.malformed"
        assert LOG.skey.rsplit("+", 1)[1] not in str(caught.value)
    wrong_id = LOG.skey.replace(LOG.public_key.id.hex(), "00000000")
    assert code_of(note.parse_skey, wrong_id) == "key.malformed"
    assert code_of(note.parse_skey, "PRIVATE+KEY+x+00000000+") == "key.malformed"
    assert note.parse_skey(WITNESS.skey) == WITNESS


def test_values_that_cannot_be_are_programming_errors():
    for wrong in (
        lambda: PublicKey("a b", ED25519, bytes(32)),
        lambda: PublicKey("a", 9, bytes(32)),
        lambda: PublicKey("a", ED25519, bytes(31)),
        lambda: PrivateKey("a", ED25519, bytes(31)),
        lambda: Note("no newline", ()),
        lambda: note.sign("text\n", WITNESS),
        lambda: cosignature.cosign("text\n", LOG, 1),
        lambda: cosignature.cosign("text\n", WITNESS, 0),
        lambda: Checkpoint("", 0, bytes(32)),
        lambda: Checkpoint("a\nb", 0, bytes(32)),
        lambda: Checkpoint("a", -1, bytes(32)),
        lambda: Checkpoint("a", 0, bytes(31)),
        lambda: checkpoint.sign(Checkpoint("another.example", 0, bytes(32)), LOG),
        lambda: note.parse_signature("- a b\n"),
    ):
        with pytest.raises(ValueError):
            wrong()


def test_a_checkpoint_comes_back_as_it_was_signed():
    signed = checkpoint.sign(CHECKPOINT, LOG)
    assert signed.text == "demo.register.example/ledger/2026\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    assert checkpoint.open(signed.encode(), LOG.public_key) == CHECKPOINT


def test_a_checkpoint_of_another_log_is_refused():
    text = Checkpoint("another.example", 3, bytes(32)).text
    signed = Note(text, (note.sign(text, LOG),))
    assert code_of(checkpoint.open, signed.encode(), LOG.public_key) == "checkpoint.origin"


@pytest.mark.parametrize(
    "text",
    [
        "origin\n3\n",
        "origin\n03\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n-3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n3\nAAEC\n",
        "\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nextension\n",
        "origin\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nextension",
        "origin\n9999999999999999999\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text):
    assert code_of(checkpoint.parse, text) == "checkpoint.malformed"


def test_a_cosignature_says_when_and_covers_the_whole_checkpoint():
    line = cosignature.cosign(CHECKPOINT.text, WITNESS, 1_679_315_147)
    assert cosignature.message(CHECKPOINT.text, 1_679_315_147) == (
        b"cosignature/v1\ntime 1679315147\n" + CHECKPOINT.text.encode()
    )
    signed = checkpoint.sign(CHECKPOINT, LOG).plus(line)
    assert cosignature.times(signed, [WITNESS.public_key, LOG.public_key]) == {WITNESS.public_key: 1_679_315_147}
    assert cosignature.times(signed, []) == {}
    assert checkpoint.open(signed.encode(), LOG.public_key) == CHECKPOINT


def test_of_two_cosignatures_of_one_witness_the_earlier_time_counts():
    lines = [cosignature.cosign(CHECKPOINT.text, WITNESS, at) for at in (200, 100, 300)]
    signed = checkpoint.sign(CHECKPOINT, LOG).plus(*lines)
    assert cosignature.times(signed, [WITNESS.public_key]) == {WITNESS.public_key: 100}


def test_a_cosignature_with_another_time_is_false():
    line = cosignature.cosign(CHECKPOINT.text, WITNESS, 100)
    for value in ((99).to_bytes(8, "big") + line.value[8:], bytes(8) + line.value[8:], line.value[:-1]):
        signed = checkpoint.sign(CHECKPOINT, LOG).plus(Signature(line.name, line.key_id, value))
        assert code_of(cosignature.times, signed, [WITNESS.public_key]) == "note.signature"


def test_one_key_for_two_purposes_has_two_ids():
    assert PublicKey("a", ED25519, bytes(32)).id != PublicKey("a", COSIGNATURE, bytes(32)).id
