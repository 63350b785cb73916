"""Could an act be hidden, changed or backdated? A register that cheats, and who finds out.

Each test is one thing that somebody with full control of the register's machine may try.
"""

import uuid

import pytest

from musterroll.entry import chain, codec, seal
from musterroll.entry.chain import Head, Payload
from musterroll.entry.kind import Act, Kind
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, cosignature, note, tlogproof, witness
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.log import grow
from musterroll.ledger.note import COSIGNATURE, ED25519, Note, PrivateKey
from musterroll.ledger.policy import Group, Log, Policy, Witness
from musterroll.ledger.proof import consistency, inclusion
from musterroll.ledger.tile import TileReader
from musterroll.ledger.tlogproof import TlogProof

ORIGIN = "demo.register.example/ledger/2026"
REGISTER = PrivateKey(ORIGIN, ED25519, b"R" * 32)
WITNESSES = [
    PrivateKey(f"{name}.example/w", COSIGNATURE, name.encode().ljust(32)) for name in ("court", "dpa", "paper")
]
POLICY = Policy(
    (Log(REGISTER.public_key),),
    tuple(Witness(key.name.split(".")[0], key.public_key) for key in WITNESSES),
    (Group("outside", 3, ("court", "dpa", "paper")),),
    "outside",
)
NINE = 1_790_326_800  # 2026-09-25T09:00:00Z
HOUR = 3_600
ADA, KP = "adaadaadaadaadaa", b"K" * 32


class Ledger:
    """The register's side: entries, files, signed checkpoints; and what each witness has seen."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.files: dict[str, bytes] = {}
        self.seen: dict[str, dict[str, Checkpoint]] = {key.name: {} for key in WITNESSES}

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def write(self, *entries: bytes) -> None:
        self.files.update(grow(len(self.entries), entries, self.read).files)
        self.entries += entries

    def tiles(self) -> TileReader:
        return TileReader(len(self.entries), self.read)

    def signed(self) -> Note:
        return checkpoint.sign(Checkpoint(ORIGIN, len(self.entries), self.tiles().root()), REGISTER)

    def published(self, at: int) -> tuple[Note, list[int]]:
        """The checkpoint with what each witness said, and their statuses."""
        signed, statuses = self.signed(), []
        for key in WITNESSES:
            seen = self.seen[key.name]
            old = seen[ORIGIN].size if seen else 0
            size = len(self.entries)
            path = consistency(old, size, self.tiles().subtree) if old <= size else ()
            body = witness.Request(old, path, self.signed()).encode()
            answer = witness.add_checkpoint(key, {ORIGIN: (REGISTER.public_key,)}, seen, body, at)
            statuses.append(answer.status)
            if answer.seen:
                seen[ORIGIN] = answer.seen
                signed = signed.plus(note.parse_signature(answer.body.decode()))
        return signed, statuses

    def proof(self, index: int, signed: Note) -> TlogProof:
        return TlogProof(index, inclusion(index, len(self.entries), self.tiles().subtree), signed.encode())


def act(head: Head, what: Act, at: int, number: int) -> tuple[bytes, bytes, bytes]:
    """An entry about Ada: payload, salt, and the entry itself."""
    words = Payload(what, at, "office-1/clerk-2", ADA, head, "art. 13 (1)").encode()
    salt = seal.salt(KP, uuid.UUID(int=number))
    return words, salt, codec.act(words, salt, at)


@pytest.fixture
def ledger() -> Ledger:
    made = Ledger()
    made.write(codec.public(Kind.PACK, {"name": "example", "sha256": "07d9"}, NINE))
    made.write(act(Head(), Act.CALL_ISSUED, NINE, 0)[2], act(Head(), Act.CALL_HELD, NINE, 1)[2])
    assert made.published(NINE + 60)[1] == [200, 200, 200]
    return made


def code_of(action, *arguments) -> str:
    with pytest.raises(MusterRollError) as caught:
        action(*arguments)
    return caught.value.code


def test_honest_growth_is_cosigned_and_every_entry_can_be_shown(ledger):
    ledger.write(codec.public(Kind.STAT, {"act": 2}, NINE + HOUR))
    signed, statuses = ledger.published(NINE + HOUR)
    assert statuses == [200, 200, 200]
    for index, entry in enumerate(ledger.entries):
        assert tlogproof.check(ledger.proof(index, signed), entry, POLICY).met_at == NINE + HOUR


def test_an_entry_taken_out_is_refused_by_every_witness(ledger):
    left = [
        *ledger.entries[:1],
        *ledger.entries[2:],
        codec.public(Kind.STAT, {}, NINE),
        codec.public(Kind.STAT, {}, NINE),
    ]
    rewritten = Ledger()
    rewritten.seen = ledger.seen
    rewritten.write(*left)
    assert rewritten.published(NINE + HOUR)[1] == [422, 422, 422]


def test_an_entry_changed_in_the_files_shows_to_everybody_who_reads(ledger):
    signed = checkpoint.parse(ledger.signed().text)
    ledger.files["tile/entries/000.p/3"] = ledger.files["tile/entries/000.p/3"].replace(b"07d9", b"07d8")
    assert code_of(ledger.tiles().entry, 0) == "ledger.bundle"
    ledger.files["tile/0/000.p/3"] = bytes(96)
    assert code_of(ledger.tiles().check_root, signed.root) == "ledger.root"


def test_a_register_on_an_old_backup_is_told_so(ledger):
    old = Ledger()
    old.seen = ledger.seen
    old.write(ledger.entries[0])
    # It asks from the size that the witnesses name, but its own log is smaller.
    assert old.published(NINE + HOUR)[1] == [400, 400, 400]
    body = witness.Request(0, (), old.signed()).encode()
    answer = witness.add_checkpoint(
        WITNESSES[0], {ORIGIN: (REGISTER.public_key,)}, old.seen[WITNESSES[0].name], body, NINE
    )
    assert (answer.status, answer.body) == (409, b"3\n")


def test_a_second_history_for_some_readers_lacks_the_quorum(ledger):
    second = Ledger()
    second.write(codec.public(Kind.PACK, {"name": "another"}, NINE))
    signed, _ = second.published(NINE)
    # Two colluding witnesses are not three.
    alone = second.signed().plus(*(cosignature.cosign(signed.text, key, NINE) for key in WITNESSES[:2]))
    assert code_of(POLICY.accept, alone.encode()) == "policy.quorum"


def test_an_act_written_with_an_earlier_time_shows_when_it_was_really_logged(ledger):
    # It says nine o'clock; the witnesses saw it first two days later.
    ledger.write(act(Head(), Act.NOTICE_COMPOSED, NINE, 2)[2])
    signed, _ = ledger.published(NINE + 48 * HOUR)
    accepted = tlogproof.check(ledger.proof(3, signed), ledger.entries[3], POLICY)
    assert codec.decode(ledger.entries[3]).hour == NINE
    assert accepted.met_at == NINE + 48 * HOUR


def test_a_clock_turned_back_at_one_witness_does_not_complete_the_quorum_earlier(ledger):
    ledger.write(codec.public(Kind.STAT, {}, NINE))
    signed = ledger.signed()
    lines = [
        cosignature.cosign(signed.text, key, at) for key, at in zip(WITNESSES, (1, NINE, NINE + HOUR), strict=True)
    ]
    assert POLICY.accept(signed.plus(*lines).encode()).met_at == NINE + HOUR


def test_outsiders_learn_nothing_about_a_person_from_the_log(ledger):
    published = b"".join(ledger.files.values())
    for word in (ADA.encode(), b"call.issued", b"call.held", b"clerk-2", b"art. 13"):
        assert word not in published
    # Two acts, in one hour, of the same length: which is which cannot be told.
    first, second = ledger.entries[1:]
    assert len(first) == len(second)
    assert first[-25:] == second[-25:]


def test_a_person_who_has_seen_their_file_finds_out_what_is_missing_later():
    head, shown = Head(), []
    for number, what in enumerate((Act.CALL_ISSUED, Act.CALL_HELD, Act.RECORD_OPENED)):
        words, salt, _ = act(head, what, NINE + number, number)
        head = Head(head.n + 1, seal.commitment(salt, words))
        shown.append((words, head.commitment))
    first_view = chain.check(ADA, shown[:2])
    assert chain.check(ADA, shown[2:], after=first_view) == head
    # Somebody read the record, and that act is to disappear: the numbering has a gap.
    words, salt, _ = act(Head(3, shown[2][1]), Act.CALL_RESUMED, NINE + 9, 9)
    assert code_of(chain.check, ADA, [*shown[:2], (words, seal.commitment(salt, words))]) == "entry.chain"


def test_when_a_person_is_erased_their_entries_stay_and_say_nothing(ledger):
    words, salt, entry = act(Head(), Act.CALL_ISSUED, NINE, 0)
    assert entry == ledger.entries[1]
    # With the salt it opens; the key is dropped, and every other key gives another salt.
    seal.check(codec.decode(entry).commitment, salt, words)
    guess = seal.salt(b"X" * 32, uuid.UUID(int=0))
    assert code_of(seal.check, codec.decode(entry).commitment, guess, words) == "entry.commitment"
    ledger.tiles().check_root(checkpoint.parse(ledger.signed().text).root)
