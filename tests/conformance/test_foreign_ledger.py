"""Our ledger against one that other hands wrote (aics-tlog, Apache-2.0): what one makes the other reads, both ways."""

import hashlib

import aics_tlog
import pytest
from aics_tlog import cosign as foreign_cosign
from aics_tlog import note as foreign_note
from aics_tlog import tiles as foreign_tiles
from aics_tlog.checkpoint import verify_checkpoint
from aics_tlog.tiles import MemoryTileReader, materialise_tiles
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, cosignature, note
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.log import grow
from musterroll.ledger.note import COSIGNATURE, ED25519, PrivateKey, Signature
from musterroll.ledger.proof import check_consistency, check_inclusion, consistency, inclusion
from musterroll.ledger.tile import TileReader, entries_path, tile_path
from musterroll.ledger.witness import Request, add_checkpoint

SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 511, 700, 65_536, 66_000]
LOG = PrivateKey("demo.register.example/ledger/2026", ED25519, b"L" * 32)
WITNESSES = [PrivateKey(f"w{n}.example", COSIGNATURE, bytes([n]) * 32) for n in range(1, 4)]


def entries(size: int) -> list[bytes]:
    return [b'{"k":"stat","n":%d}' % number for number in range(size)]


def missing(path: str) -> bytes:
    raise FileNotFoundError(path)


def reader(size: int, files: dict[str, bytes]) -> TileReader:
    return TileReader(size, lambda path: files[path] if path in files else missing(path))


@pytest.mark.parametrize("size", SIZES)
def test_both_write_the_same_files_and_the_same_root(size):
    grown = grow(0, entries(size), missing)
    assert dict(grown.files) == materialise_tiles(entries(size))
    assert grown.root == foreign_tiles.tree_root_from_tiles(MemoryTileReader(dict(grown.files)), size)


@pytest.mark.parametrize("size", [3, 255, 700, 66_000])
def test_both_prove_the_same_and_each_accepts_the_other(size):
    files = dict(grow(0, entries(size), missing).files)
    ours, theirs = reader(size, files), MemoryTileReader(files)
    top = ours.root()
    # Spread over the log, the corners of tiles among them.
    for index in sorted({0, 1, size // 3, 255 % size, 256 % size, size - 1}):
        path = inclusion(index, size, ours.subtree)
        assert list(path) == foreign_tiles.inclusion_proof_from_tiles(theirs, index, size)
        assert aics_tlog.verify_leaf_inclusion(entries(size)[index], index, size, path, top)
        check_inclusion(index, size, ours.leaf_hash(index), path, top)
    for old in sorted({1, 2, size // 2, 256 % size, size - 1, size}):
        path = consistency(old, size, ours.subtree)
        assert list(path) == foreign_tiles.consistency_proof_from_tiles(theirs, old, size)
        old_root = aics_tlog.MerkleTree(entries(old)).root()
        assert aics_tlog.verify_consistency(old, size, old_root, top, path)
        check_consistency(old, old_root, size, top, path)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.lists(st.integers(0, 3), max_size=7))
def test_both_refuse_the_same_proofs(index, size, picks):
    # Hashes from a small set, so that many wrong paths come near to right ones.
    tree = aics_tlog.MerkleTree(entries(size))
    pool = [*(tree.inclusion_proof(index) if index < size else []), tree.root(), bytes(32)]
    path = [pool[pick % len(pool)] for pick in picks]
    leaf = aics_tlog.leaf_hash(entries(index + 1)[index])
    assert aics_tlog.verify_inclusion(leaf, index, size, path, tree.root()) == accepted(
        lambda: check_inclusion(index, size, leaf, path, tree.root())
    )
    old, new = sorted((index, size))
    whole = aics_tlog.MerkleTree(entries(new))
    good = list(whole.consistency_proof(old, new))
    for tried in (good, path, good[:-1], [*good, bytes(32)]):
        old_root = whole.root(old)
        assert aics_tlog.verify_consistency(old, new, old_root, whole.root(), tried) == accepted(
            lambda old_root=old_root, tried=tried: check_consistency(old, old_root, new, whole.root(), tried)
        )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=600), st.integers(0, 2**32))
def test_random_logs_have_one_root_one_set_of_files_and_one_set_of_proofs(leaves, pick):
    size = len(leaves)
    grown = grow(0, leaves, missing)
    tree = aics_tlog.MerkleTree(leaves)
    assert grown.root == tree.root()
    assert dict(grown.files) == materialise_tiles(leaves)
    if size:
        index, old = pick % size, 1 + pick % size
        subtree = reader(size, dict(grown.files)).subtree
        assert list(inclusion(index, size, subtree)) == list(tree.inclusion_proof(index))
        assert list(consistency(old, size, subtree)) == list(tree.consistency_proof(old, size))


def test_a_log_that_grows_in_pieces_ends_in_the_files_that_others_make_at_once():
    files: dict[str, bytes] = {}
    whole = entries(1_700)
    size = 0
    for step in (1, 254, 1, 1, 255, 300, 400, 488):
        part = whole[size : size + step]
        files.update(grow(size, part, lambda path: files[path] if path in files else missing(path)).files)
        size += step
    made = materialise_tiles(whole)
    assert size == len(whole)
    assert {path: files[path] for path in made} == made


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32), st.integers(1, 2**40))
def test_random_checkpoints_and_cosignatures_read_alike(size, root, at):
    ours = Checkpoint(LOG.name, size, root)
    signed = checkpoint.sign(ours, LOG)
    signed = signed.plus(cosignature.cosign(signed.text, WITNESSES[0], at))
    read = foreign_note.parse_note(signed.encode())
    keys = [foreign_note.parse_vkey(WITNESSES[0].public_key.vkey)]
    result = verify_checkpoint(
        read, foreign_note.parse_vkey(LOG.public_key.vkey), keys, quorum=1, expected_origin=LOG.name
    )
    assert result.log_ok
    assert not result.error
    _, theirs = foreign_cosign.sign_cosignature(
        Ed25519PrivateKey.from_private_bytes(WITNESSES[0].seed), WITNESSES[0].name, at, LOG.name, size, root
    )
    assert theirs.signature == signed.signatures[1].value


def test_lines_of_ml_dsa_keys_are_passed_over_by_witness_and_reader():
    # A witness of the newest kind: type 0x06, a signature of 2,420 bytes after the time.
    text = Checkpoint(LOG.name, 3, hashlib.sha256(b"root").digest()).text
    line = Signature("pq.example", b"\x06abc", (1_790_000_000).to_bytes(8, "big") + bytes(2_420))
    log_line = Signature(LOG.name, b"\x06xyz", bytes(2_420))
    signed = checkpoint.sign(checkpoint.parse(text), LOG).plus(log_line, line)
    read = note.decode(signed.encode())
    assert note.verify(read, [LOG.public_key]) == (LOG.public_key,)
    assert cosignature.times(read, [key.public_key for key in WITNESSES]) == {}
    answer = add_checkpoint(WITNESSES[0], {LOG.name: (LOG.public_key,)}, {}, Request(0, (), signed).encode(), at=7)
    assert answer.status == 200
    with pytest.raises(MusterRollError):
        note.parse_vkey("pq.example+06616263+" + note.encode_base64(b"\x06" + bytes(1_312)))


def accepted(check) -> bool:
    try:
        check()
    except MusterRollError:
        return False
    return True


@pytest.mark.parametrize("index", [0, 1, 255, 256, 999, 1_000, 1_234_067, 10**9])
def test_both_name_the_files_alike(index):
    assert tile_path(1, index) == foreign_tiles.tile_path(1, index)
    assert tile_path(0, index, 7) == foreign_tiles.tile_path(0, index, 7)
    assert entries_path(index, 255) == foreign_tiles.entry_bundle_path(index, 255)


def test_a_foreign_reader_accepts_our_signed_and_cosigned_checkpoint():
    ours = Checkpoint(LOG.name, 3, hashlib.sha256(b"root").digest())
    signed = checkpoint.sign(ours, LOG)
    signed = signed.plus(*(cosignature.cosign(signed.text, key, 1_790_000_000 + n) for n, key in enumerate(WITNESSES)))
    read = foreign_note.parse_note(signed.encode())
    log_key = foreign_note.parse_vkey(LOG.public_key.vkey)
    witness_keys = [foreign_note.parse_vkey(key.public_key.vkey) for key in WITNESSES]
    result = verify_checkpoint(read, log_key, witness_keys, quorum=3, expected_origin=LOG.name)
    assert result.log_ok
    assert result.error is None or not result.error
    assert read.to_bytes() == signed.encode()


def test_we_accept_what_a_foreign_log_and_a_foreign_witness_sign():
    text = Checkpoint(LOG.name, 3, bytes(32)).text
    line = foreign_note.sign_note(text, Ed25519PrivateKey.from_private_bytes(LOG.seed), LOG.name)
    _, cosigned = foreign_cosign.sign_cosignature(
        Ed25519PrivateKey.from_private_bytes(WITNESSES[0].seed),
        WITNESSES[0].name,
        1_790_000_000,
        LOG.name,
        3,
        bytes(32),
    )
    whole = foreign_note.Note(text, (line, cosigned))
    read = note.decode(whole.to_bytes())
    assert note.verify(read, [LOG.public_key]) == (LOG.public_key,)
    assert cosignature.times(read, [WITNESSES[0].public_key]) == {WITNESSES[0].public_key: 1_790_000_000}
    assert read.signatures[0] == Signature(line.name, line.key_id, line.signature)
