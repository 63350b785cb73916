"""Members of entries, the statement that a person is given, and what a monitor keeps."""

import pytest

from musterroll.entry import grammar, monitor, seen, statement
from musterroll.entry.chain import Head
from musterroll.entry.kind import Kind
from musterroll.entry.seen import Seen
from musterroll.entry.statement import Statement
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, cosignature
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.note import COSIGNATURE, ED25519, Note, PrivateKey
from musterroll.ledger.note import sign as sign_note
from musterroll.ledger.policy import Log, Policy, Witness
from musterroll.ledger.rotation import rotate

ORIGIN = "register.example/ledger/2026"
LOG = PrivateKey(ORIGIN, ED25519, b"L" * 32)
CURRENT = Checkpoint(ORIGIN, 9, b"r" * 32)
DIGEST, OTHER = "1" * 64, "2" * 64
GIVEN = Statement("adaadaadaadaadaa", Head(3, b"c" * 32), CURRENT, 1_790_326_800)


def code_of(action, *arguments) -> str:
    with pytest.raises(MusterRollError) as caught:
        action(*arguments)
    return caught.value.code


def test_every_kind_in_clear_has_its_members():
    assert set(grammar.SHAPES) == {kind for kind in Kind if not kind.opaque}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.IMPORT, {"outcome": "released", "sha256": DIGEST, "source": "civil"}),
        (Kind.PACK, {"name": "example", "sha256": DIGEST, "version": "1"}),
        (Kind.PACK, {"name": "example", "sha256": DIGEST, "sources": {"civil": DIGEST}, "version": 1}),
        (Kind.CONFIG, {"software": {"verify.py": DIGEST}}),
        (Kind.CONFIG, {"rebuilt": {"from": 3, "size": 9}}),
        (Kind.DRAW_MANIFEST, {"attempt": 1, "draw": "xx-2027-a", "sha256": DIGEST, "supersedes": None}),
        (Kind.DRAW_MANIFEST, {"attempt": 2, "draw": "xx-2027-a", "sha256": DIGEST, "supersedes": OTHER}),
        (Kind.STAT, {"act": 0, "day": "2026-09-25"}),
        (
            Kind.ROLL,
            {
                "counts": {"service/liable": 25, "service/exempt": "not shown"},
                "known_at": "2026-09-25T09:00:00Z",
                "on": "2026-09-25",
                "packs": [DIGEST],
                "parent": "",
                "sha256": DIGEST,
            },
        ),
    ],
)
def test_what_the_page_allows_passes(kind, said):
    grammar.check(kind, said)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.STAT, {"act": 1}),
        (Kind.STAT, {"act": 1, "day": "2026-09-25", "more": 1}),
        (Kind.STAT, {"act": -1, "day": "2026-09-25"}),
        (Kind.STAT, {"act": True, "day": "2026-09-25"}),
        (Kind.STAT, {"act": 1, "day": "2026-09-31"}),
        (Kind.STAT, {"act": 1, "day": 20_260_925}),
        (Kind.CONFIG, {"software": {"verify.py": "not a digest"}}),
        (Kind.CONFIG, {"software": [DIGEST]}),
        (Kind.CONFIG, {"rebuilt": 3}),
        (Kind.CONFIG, {"granted": ["cases", 7], "office": "board"}),
        (Kind.CONFIG, {"granted": "cases", "office": "board"}),
        (Kind.CONFIG, {"granted": ["cases"], "office": "Ada Example"}),
        (Kind.DRAW_MANIFEST, {"attempt": 0, "draw": "xx-2027-a", "sha256": DIGEST, "supersedes": None}),
        (Kind.RECALL, {"digest": DIGEST, "recalled": "pack", "subject": "two\nlines"}),
        (Kind.RECALL, {"digest": DIGEST, "recalled": "pack", "subject": "x" * 256}),
        (Kind.KEY, {"from": 1, "new": "n", "old": "o", "origin": ORIGIN, "signature": "AAAA"}),
        (Kind.KEY, {"from": 1, "new": "n", "old": "o", "origin": ORIGIN, "signature": "no base64"}),
        (Kind.DRAW_POTCHECK, {"draw": "a", "root": DIGEST, "sha256": DIGEST, "verdict": "perhaps"}),
    ],
)
def test_anything_else_is_refused_without_repeating_what_it_says(kind, said):
    with pytest.raises(MusterRollError, match=r"does not have these members.*entry\.members") as refused:
        grammar.check(kind, said)
    assert "Ada" not in str(refused.value)


# The statement of the head


def test_a_statement_reads_as_it_was_signed():
    signed = statement.sign(GIVEN, LOG)
    assert statement.open(signed, [LOG.public_key]) == GIVEN
    assert len(signed.decode().partition("\n\n")[0].split("\n")) == 8


def test_a_later_list_goes_on_from_the_statement():
    statement.check(GIVEN, [b"a" * 32, b"b" * 32, b"c" * 32, b"d" * 32])
    for cheated in (
        [b"a" * 32, b"b" * 32],  # the tail is cut
        [b"a" * 32, b"c" * 32, b"d" * 32],  # one is taken out
        [b"a" * 32, b"b" * 32, b"x" * 32],  # one is changed
    ):
        assert code_of(statement.check, GIVEN, cheated) == "statement.head"


def test_only_the_log_signs_statements_and_only_of_somebody_with_acts():
    with pytest.raises(ValueError):
        statement.sign(GIVEN, PrivateKey("other.example/ledger/2026", ED25519, b"O" * 32))
    with pytest.raises(ValueError):
        Statement("adaadaadaadaadaa", Head(), CURRENT, 1)
    stranger = PrivateKey(ORIGIN, ED25519, b"S" * 32)
    assert code_of(statement.open, statement.sign(GIVEN, stranger), [LOG.public_key]) == "note.unsigned"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("head/v1", "head/v2"),
        lambda text: text + "more\n",
        lambda text: text.replace("\n3\n", "\n03\n"),
        lambda text: text.replace("\n3\n", "\n0\n"),
        lambda text: text.replace("\n9\n", "\n-9\n"),
        lambda text: text.replace("Z\n", "\n"),
        lambda text: text.replace("\nY2Nj", "\nY2N"),
    ],
)
def test_a_statement_of_another_form_is_refused(change):
    text = change(GIVEN.text)
    assert text != GIVEN.text
    data = Note(text, (sign_note(text, LOG),)).encode()
    assert code_of(statement.open, data, [LOG.public_key]) == "statement.malformed"


# The monitor


def test_what_was_seen_is_kept_and_read_again():
    kept = {
        ORIGIN: Seen(
            note=checkpoint.sign(CURRENT, LOG).encode(),
            met_at=7,
            acts={"2026-09-25": 3},
            counted="2026-09-25",
            live={"xx-2027-a": DIGEST},
            once=(f"draw.result {DIGEST}",),
            rotations=(rotate(LOG, PrivateKey(ORIGIN, ED25519, b"2" * 32).public_key, 5),),
            continues=Checkpoint("register.example/ledger/2025", 3, b"x" * 32),
        )
    }
    assert seen.decode(seen.encode(kept)) == kept
    assert kept[ORIGIN].checkpoint == CURRENT


@pytest.mark.parametrize("data", [b"{}", b'{"logs":{},"v":2}', b'{"logs":[],"v":1}', b'{"logs":{"a":{}},"v":1}'])
def test_a_state_of_another_form_is_refused(data):
    assert code_of(seen.decode, data) == "monitor.state"


def test_a_checkpoint_that_is_none_is_found_and_a_missing_file_is_not_a_finding():
    policy = Policy((Log(LOG.public_key),), (), (), "none")
    followed = monitor.follow(lambda path: b"no note", policy, None)
    assert [one.problem.code for one in followed.findings] == ["note.malformed"]
    assert followed.seen is None

    def gone(path: str) -> bytes:
        raise FileNotFoundError(path)

    with pytest.raises(FileNotFoundError):
        monitor.follow(gone, policy, None)


def test_a_policy_that_asks_no_witness_is_not_followed():
    # Nobody else has seen such a log: that it only grows shows nothing.
    policy = Policy((Log(LOG.public_key),), (), (), "none")
    followed = monitor.follow(lambda path: checkpoint.sign(CURRENT, LOG).encode(), policy, None)
    assert [one.problem.code for one in followed.findings] == ["policy.quorum"]


def test_a_file_that_cannot_be_had_is_no_finding_but_the_end_of_this_run():
    court = PrivateKey("court.example", COSIGNATURE, b"C" * 32)
    policy = Policy((Log(LOG.public_key),), (Witness("court", court.public_key),), (), "court")
    note = checkpoint.sign(CURRENT, LOG)
    data = note.plus(cosignature.cosign(note.text, court, 100)).encode()

    def only_the_checkpoint(path: str) -> bytes:
        if path == "checkpoint":
            return data
        raise FileNotFoundError(path)

    assert code_of(monitor.follow, only_the_checkpoint, policy, None) == "ledger.tile-missing"


def test_a_year_whose_log_before_was_never_seen_is_left_at_that():
    note = checkpoint.sign(CURRENT, LOG).encode()
    before = Checkpoint("register.example/ledger/2025", 3, b"x" * 32)
    assert list(monitor.check_years({ORIGIN: Seen(note, 7, continues=before)})) == []
