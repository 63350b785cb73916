"""The example in docs/spec/ledger.md is true to the byte: whoever ports this to another language tests against it."""

import hashlib
import re
import uuid
from pathlib import Path

from musterroll.entry import chain, codec, grammar, kind, seal, statement
from musterroll.ledger import checkpoint, cosignature, policy, rotation, stamp, tlogproof, year
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.log import grow
from musterroll.ledger.note import COSIGNATURE, ED25519, PrivateKey
from musterroll.ledger.proof import inclusion
from musterroll.ledger.tile import TileReader
from musterroll.ledger.tlogproof import TlogProof
from musterroll.ledger.tree import leaf_hash, root

PAGE = Path("docs/spec/ledger.md").read_text()
PARTS = dict(re.findall(r"^```([a-z]+)\n(.*?)^```$", PAGE, re.M | re.S))
ENTRIES = [line.encode() for line in PARTS["entries"].splitlines()]
ORIGIN = "register.example/ledger/2027"
LOG = PrivateKey(ORIGIN, ED25519, hashlib.sha256(b"example log").digest())
WITNESSES = [
    PrivateKey(f"{name}.example/witness", COSIGNATURE, hashlib.sha256(f"example {name}".encode()).digest())
    for name in ("court", "dpa", "paper")
]
FIRST_SEEN = 1_803_945_660  # 2027-03-02T00:01:00Z


def missing(path: str) -> bytes:
    raise FileNotFoundError(path)


def test_the_entries_are_entries_and_hash_to_the_leaves_and_the_root():
    assert [type(codec.decode(entry)).__name__ for entry in ENTRIES] == ["PublicEntry", "ActEntry", "PublicEntry"]
    *leaves, top = PARTS["hashes"].split()
    assert [leaf_hash(entry).hex() for entry in ENTRIES] == leaves
    assert root([leaf_hash(entry) for entry in ENTRIES]).hex() == top


def test_the_second_entry_seals_the_payload():
    payload = PARTS["payload"].rstrip("\n").encode()
    salt = seal.salt(bytes(range(32)), uuid.UUID(int=0))
    assert f"{len(payload)} bytes" in PAGE
    assert salt.hex() in PAGE
    assert codec.act(payload, salt, chain.decode(payload).at) == ENTRIES[1]


def test_the_files_are_those_named():
    files = dict(grow(0, ENTRIES, missing).files)
    assert sorted(files) == ["tile/0/000.p/3", "tile/entries/000.p/3"]
    assert files["tile/entries/000.p/3"].hex().startswith("009c7b226b22")


def test_checkpoint_policy_and_proof_are_made_from_the_keys_on_the_page():
    grown = grow(0, ENTRIES, missing)
    signed = checkpoint.sign(Checkpoint(ORIGIN, 3, grown.root), LOG)
    signed = signed.plus(*(cosignature.cosign(signed.text, key, FIRST_SEEN + n) for n, key in enumerate(WITNESSES)))
    assert PARTS["checkpoint"].encode() == signed.encode()
    subtree = TileReader(3, dict(grown.files).__getitem__).subtree
    assert PARTS["proof"].encode() == TlogProof(1, inclusion(1, 3, subtree), signed.encode()).encode()
    trusted = policy.decode(PARTS["policy"].encode())
    assert trusted.encode() == PARTS["policy"].encode()
    accepted = tlogproof.check(tlogproof.decode(PARTS["proof"].encode()), ENTRIES[1], trusted)
    assert accepted.met_at == FIRST_SEEN + 2
    assert "The policy is met at 2027-03-02T00:01:02Z" in PAGE


def test_the_next_year_s_first_entry_continues_this_log():
    said = codec.decode(PARTS["year"].rstrip("\n").encode())
    grown = grow(0, ENTRIES, missing)
    assert isinstance(said, codec.PublicEntry)
    assert year.parse_link(said.payload, "register.example/ledger/2028") == Checkpoint(ORIGIN, 3, grown.root)


def test_both_new_keys_are_named_by_the_key_of_the_policy():
    second = PrivateKey(ORIGIN, ED25519, hashlib.sha256(b"example log 2").digest())
    following = PrivateKey("register.example/ledger/2028", ED25519, hashlib.sha256(b"example log 2028").digest())
    for line, new, start in zip(PARTS["keys"].splitlines(), (second, following), (4, 0), strict=True):
        said = codec.decode(line.encode())
        assert isinstance(said, codec.PublicEntry)
        grammar.check(said.kind, said.payload)
        assert rotation.parse(said.payload, 3) == rotation.rotate(LOG, new.public_key, start)


def test_the_statement_of_the_head_is_signed_by_the_log():
    said = statement.open(PARTS["head"].encode(), [LOG.public_key])
    second = codec.decode(ENTRIES[1])
    assert isinstance(second, codec.ActEntry)
    assert (said.subject, said.head) == ("abcdefghijklmnop", chain.Head(1, second.commitment))
    assert said.checkpoint == Checkpoint(ORIGIN, 3, grow(0, ENTRIES, missing).root)
    assert statement.sign(said, LOG) == PARTS["head"].encode()


def test_the_stored_stamps_are_of_the_checkpoint_on_the_page():
    folder = Path("tests/conformance/rfc3161")
    assert (folder / "checkpoint").read_bytes() == PARTS["checkpoint"].encode()
    for name in ("court-stamp", "post-stamp"):
        assert stamp.check((folder / f"{name}.tsr").read_bytes(), PARTS["checkpoint"].encode()).serial == 1


def test_every_member_of_an_entry_is_on_the_page():
    draws = Path("docs/spec/draw.md").read_text()
    for one, shapes in grammar.SHAPES.items():
        members = {name.removesuffix("?") for shape in shapes for name in shape}
        assert [name for name in members if f"`{name}`" not in PAGE + draws] == [], one


def test_every_kind_of_entry_is_on_the_page():
    assert [one for one in kind.Kind if f"`{one.value}`" not in PAGE] == []


def test_every_act_about_a_person_is_on_the_page():
    assert [one for one in kind.Act if f"| `{one.value}` |" not in PAGE] == []
