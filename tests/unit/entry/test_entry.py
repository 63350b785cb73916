"""Ledger entries: what is in clear, what is sealed, and how the acts about one person hang together."""

import uuid

import pytest

from musterroll import canonical
from musterroll.entry import chain, codec, seal
from musterroll.entry.chain import Head, Payload
from musterroll.entry.kind import Act, Kind
from musterroll.errors import MusterRollError
from musterroll.ledger.tree import leaf_hash

KP = bytes(range(32))
NOON = 1_803_902_602  # 2027-03-01T12:03:22Z
SUBJECT = "abcdefghijklmnop"


def code_of(action, *arguments) -> str:
    with pytest.raises(MusterRollError) as caught:
        action(*arguments)
    return caught.value.code


def payload(after: Head, **changed) -> Payload:
    fields = {"act": Act.NOTICE_COMPOSED, "at": NOON, "actor": "office-1/clerk-2", "subject": SUBJECT, "after": after}
    return Payload(**{**fields, **changed})


def test_an_act_is_known_to_outsiders_by_its_hour_only():
    salt = seal.salt(KP, uuid.UUID(int=7))
    entry = codec.act(payload(Head()).encode(), salt, NOON)
    read = codec.decode(entry)
    assert isinstance(read, codec.ActEntry)
    assert len(entry) == 88
    assert read.hour == NOON - NOON % 3600
    assert canonical.decode(entry).keys() == {"c", "k", "t", "v"}
    seal.check(read.commitment, salt, payload(Head()).encode())


def test_two_acts_with_the_same_words_look_different():
    salts = {seal.salt(KP, uuid.UUID(int=number)) for number in range(3)}
    assert len({codec.act(b"the same", salt, NOON) for salt in salts}) == 3


def test_another_payload_or_salt_does_not_open_an_entry():
    salt = seal.salt(KP, uuid.UUID(int=7))
    committed = seal.commitment(salt, b"true")
    assert code_of(seal.check, committed, salt, b"false") == "entry.commitment"
    assert code_of(seal.check, committed, seal.salt(KP, uuid.UUID(int=8)), b"true") == "entry.commitment"


def test_a_public_entry_says_what_it_says():
    entry = codec.public(Kind.DRAW_MANIFEST, {"draw": "xx-2027-a", "sha256": "07d9"}, 1_788_249_600)
    assert entry == (b'{"k":"draw.manifest","p":{"draw":"xx-2027-a","sha256":"07d9"},"t":"2026-09-01T08:00:00Z","v":1}')
    assert codec.decode(entry) == codec.PublicEntry(
        Kind.DRAW_MANIFEST, {"draw": "xx-2027-a", "sha256": "07d9"}, 1_788_249_600
    )


def test_what_concerns_one_person_cannot_be_logged_in_clear():
    with pytest.raises(ValueError, match="never logged in clear"):
        codec.public(Kind.ACT, {}, NOON)
    assert [kind for kind in Kind if kind.opaque] == [Kind.ACT]


def test_a_long_entry_cannot_be_made():
    with pytest.raises(ValueError, match="1024 bytes"):
        codec.public(Kind.STAT, {"x": "y" * 1_000}, NOON)


def test_there_is_no_act_for_not_answering_not_appearing_or_signing_in():
    words = ("absen", "no_show", "no-show", "appear", "fail", "sign", "login", "return", "ignored", "silent", "wanted")
    assert not [act for act in (*Act, *Kind) for word in words if word in act.value]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"x" * 1_025, "entry.malformed"),
        (b"not json", "json.malformed"),
        (b"[]", "entry.malformed"),
        (b'{"v":2}', "entry.version"),
        (b'{"v":true}', "entry.version"),
        (b'{"k":"act"}', "entry.version"),
        (b'{"k":"act","t":"2027-03-01T14Z","v":1}', "entry.malformed"),
        (b'{"c":"short","k":"act","t":"2027-03-01T14Z","v":1}', "entry.malformed"),
        (
            b'{"c":"NlBV8dLOnsKZsAatb5rs3IjWj4Rjq6czS1bczByBroV","k":"act","t":"2027-03-01T14Z","v":1}',
            "entry.malformed",
        ),
        (
            b'{"c":"NlBV8dLOnsKZsAatb5rs3IjWj4Rjq6czS1bczByBroU","k":"act","t":"2027-03-01T14:03Z","v":1}',
            "time.malformed",
        ),
        (
            b'{"c":"NlBV8dLOnsKZsAatb5rs3IjWj4Rjq6czS1bczByBroU","k":"act","t":"2027-03-01T14x","v":1}',
            "entry.malformed",
        ),
        (
            b'{"c":"NlBV8dLOnsKZsAatb5rs3IjWj4Rjq6czS1bczByBroU","k":"act","p":{},"t":"2027-03-01T14Z","v":1}',
            "entry.malformed",
        ),
        (b'{"k":"no.such","p":{},"t":"2026-09-01T08:00:00Z","v":1}', "entry.malformed"),
        (b'{"k":"act","p":{},"t":"2026-09-01T08:00:00Z","v":1}', "entry.malformed"),
        (b'{"k":"stat","p":{},"t":"2026-09-01T08:00:00Z","v":1,"x":1}', "entry.malformed"),
        (b'{"k":"stat", "p":{},"t":"2026-09-01T08:00:00Z","v":1}', "entry.malformed"),
    ],
)
def test_what_is_not_an_entry_is_refused(data, code):
    assert code_of(codec.decode, data) == code


def chained(*changes) -> list[tuple[bytes, bytes]]:
    head, acts = Head(), []
    for number, change in enumerate(changes):
        words = payload(head, **change).encode()
        committed = seal.commitment(seal.salt(KP, uuid.UUID(int=number)), words)
        acts.append((words, committed))
        head = Head(head.n + 1, committed)
    return acts


def test_all_acts_about_a_person_hang_together():
    acts = chained({}, {"ground": "art. 12 (2)"}, {"details": {"notice": "N-1"}})
    assert chain.check(SUBJECT, []) == Head()
    assert chain.check(SUBJECT, acts) == Head(3, acts[2][1])
    assert chain.check(SUBJECT, acts[1:], after=Head(1, acts[0][1])) == Head(3, acts[2][1])
    assert chain.decode(acts[2][0]).details == {"notice": "N-1"}
    assert chain.decode(acts[1][0]).ground == "art. 12 (2)"


def test_a_removed_changed_or_reordered_act_shows():
    acts = chained({}, {}, {})
    for wrong in (acts[1:], [acts[0], acts[2]], [acts[1], acts[0]], [acts[0], (acts[1][0], b"\x01" * 32), acts[2]]):
        assert code_of(chain.check, SUBJECT, wrong) == "entry.chain"
    assert code_of(chain.check, "somebodyelse", acts) == "entry.chain"


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b'"text"',
        b"{}",
        b'{"act":"no.such","actor":"a","at":"2027-03-01T14:03:22Z","n":1,"prev":"","subject":"s"}',
        b'{"act":"claim.filed","actor":7,"at":"2027-03-01T14:03:22Z","n":1,"prev":"","subject":"s"}',
        b'{"act":"claim.filed","actor":"","at":"2027-03-01T14:03:22Z","n":1,"prev":"","subject":"s"}',
        b'{"act":"claim.filed","actor":"a","at":"2027-03-01T14:03:22Z","n":0,"prev":"","subject":"s"}',
        b'{"act":"claim.filed","actor":"a","at":"2027-03-01T14:03:22Z","n":2,"prev":"","subject":"s"}',
        b'{"act":"claim.filed","actor":"a","at":"2027-03-01T14:03:22Z","n":"1","prev":"","subject":"s"}',
        b'{"act":"claim.filed","actor":"a", "at":"2027-03-01T14:03:22Z","n":1,"prev":"","subject":"s"}',
        b'{"Act":1,"act":"claim.filed","actor":"a","at":"2027-03-01T14:03:22Z","n":1,"prev":"","subject":"s"}',
    ],
)
def test_what_is_not_the_payload_of_an_act_is_refused(data):
    assert code_of(chain.decode, data) == "entry.payload"


def test_values_that_cannot_be_are_programming_errors():
    for wrong in (
        lambda: seal.salt(b"short", uuid.UUID(int=0)),
        lambda: seal.commitment(b"short", b""),
        lambda: Head(-1),
        lambda: Head(1, b"short"),
        lambda: Head(0, bytes(32)),
        lambda: payload(Head(), subject=""),
        lambda: payload(Head(), details={"subject": "x"}),
        lambda: payload(Head(), details={"With Spaces": "x"}),
    ):
        with pytest.raises(ValueError):
            wrong()


def test_the_worked_value_of_the_specification():
    # docs/spec/ledger.md; draw-and-ledger 5.2 and 5.3
    salt = seal.salt(KP, uuid.UUID(int=0))
    assert salt.hex() == "86dddec1e8794c584bcb11b95915ce804fae95c0005940addb471a52213876af"
    words = (
        b'{"act":"decision.deferral","actor":"office-12/clerk-7","at":"2027-03-01T14:03:22Z","case":"2027-000123",'
        b'"n":1,"prev":"","subject":"6f2c1f64-0000-4000-8000-000000000001"}'
    )
    read = chain.decode(words)
    assert read.encode() == words
    entry = codec.act(words, salt, read.at)
    assert entry == b'{"c":"NlBV8dLOnsKZsAatb5rs3IjWj4Rjq6czS1bczByBroU","k":"act","t":"2027-03-01T14Z","v":1}'
    assert leaf_hash(entry).hex() == "7cefd024132f94f93108a289d5e004b8c5fe21af57158e590159beb8e64145d4"
