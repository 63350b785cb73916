"""The tree, its proofs and its files, against RFC 6962's published values and against each other."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musterroll.errors import MusterRollError
from musterroll.ledger.log import grow
from musterroll.ledger.proof import check_consistency, check_inclusion, consistency, inclusion
from musterroll.ledger.tile import TileReader, decode_bundle, encode_bundle, entries_path, read_from, tile_path
from musterroll.ledger.tree import EMPTY_ROOT, leaf_hash, root, split

# Entries and roots 1 to 8 of certificate-transparency's reference tests (RFC 6962's own example tree).
REFERENCE_ENTRIES = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


def written(size: int, prefix: bytes = b"entry ") -> dict[str, bytes]:
    return dict(grow(0, [prefix + str(i).encode() for i in range(size)], no_file).files)


def reading(files: dict[str, bytes]):
    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    return read


def code_of(action, *arguments) -> str:
    with pytest.raises(MusterRollError) as caught:
        action(*arguments)
    return caught.value.code


def test_roots_are_those_of_the_reference_tree():
    assert root([]) == EMPTY_ROOT
    for size, expected in enumerate(REFERENCE_ROOTS, 1):
        assert root([leaf_hash(entry) for entry in REFERENCE_ENTRIES[:size]]).hex() == expected


def test_proofs_are_those_that_rfc_6962_draws():
    # RFC 6962 2.1.3: seven leaves; names of the nodes as in the figure there.
    leaves = [leaf_hash(bytes([i])) for i in range(7)]
    files = dict(grow(0, [bytes([i]) for i in range(7)], no_file).files)
    subtree = TileReader(7, reading(files)).subtree
    a, b, c, d, e, f, j = leaves
    g, h, i = root([a, b]), root([c, d]), root([e, f])
    k, left = root([a, b, c, d]), root([e, f, j])
    assert inclusion(0, 7, subtree) == (b, h, left)
    assert inclusion(3, 7, subtree) == (c, g, left)
    assert inclusion(4, 7, subtree) == (f, j, k)
    assert inclusion(6, 7, subtree) == (i, k)
    assert consistency(3, 7, subtree) == (c, d, g, left)
    assert consistency(4, 7, subtree) == (left,)
    assert consistency(6, 7, subtree) == (i, j, k)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.data())
def test_every_entry_of_every_log_can_be_shown_and_no_other(size, data):
    files = written(size)
    reader = TileReader(size, reading(files))
    index = data.draw(st.integers(0, size - 1))
    top = reader.root()
    path = inclusion(index, size, reader.subtree)
    leaf = reader.leaf_hash(index)
    assert top == root([leaf_hash(b"entry %d" % i) for i in range(size)])
    assert reader.entry(index) == b"entry %d" % index
    check_inclusion(index, size, leaf, path, top)
    assert code_of(check_inclusion, index, size, leaf_hash(b"other"), path, top) == "ledger.inclusion"
    assert code_of(check_inclusion, index, size, leaf, (*path, top), top) == "ledger.inclusion"
    assert code_of(check_inclusion, size, size, leaf, path, top) == "ledger.inclusion"
    if path:
        assert code_of(check_inclusion, index, size, leaf, path[:-1], top) == "ledger.inclusion"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 600), st.data())
def test_every_earlier_log_can_be_shown_to_be_the_beginning_and_no_other(new, data):
    reader = TileReader(new, reading(written(new)))
    old = data.draw(st.integers(0, new))
    old_root = root([leaf_hash(b"entry %d" % i) for i in range(old)])
    path = consistency(old, new, reader.subtree)
    check_consistency(old, old_root, new, reader.root(), path)
    assert code_of(check_consistency, old, b"\x00" * 32, new, reader.root(), path) == "ledger.consistency"
    assert code_of(check_consistency, old, old_root, new, reader.root(), (*path, old_root)) == "ledger.consistency"
    if path:
        assert code_of(check_consistency, old, old_root, new, reader.root(), path[:-1]) == "ledger.consistency"
        assert code_of(check_consistency, old, old_root, new, b"\x00" * 32, path) == "ledger.consistency"
    if 0 < old < new:
        assert code_of(check_consistency, old, old_root, new, reader.root(), ()) == "ledger.consistency"
        assert code_of(check_consistency, new, old_root, old, reader.root(), path) == "ledger.consistency"


def test_a_later_root_that_does_not_follow_is_refused_even_where_the_old_one_fits():
    reader = TileReader(4, reading(written(4)))
    path = consistency(2, 4, reader.subtree)
    old = root([leaf_hash(b"entry 0"), leaf_hash(b"entry 1")])
    with pytest.raises(MusterRollError, match="expected the new root"):
        check_consistency(2, old, 4, b"\x01" * 32, path)


def test_proofs_of_what_cannot_be_are_programming_errors():
    reader = TileReader(3, reading(written(3)))
    for wrong in (lambda: inclusion(3, 3, reader.subtree), lambda: consistency(4, 3, reader.subtree)):
        with pytest.raises(ValueError):
            wrong()
    with pytest.raises(ValueError):
        reader.subtree(1, 1)
    with pytest.raises(ValueError):
        reader.hashes(0, 1)
    with pytest.raises(ValueError):
        TileReader(-1, no_file)


def test_a_tree_divides_at_the_largest_power_of_two_below_it():
    assert [split(size) for size in (2, 3, 4, 5, 8, 9)] == [1, 2, 2, 4, 4, 8]


def test_paths_are_those_of_the_specification():
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path(2, 0, 1) == "tile/2/000.p/1"
    assert entries_path(1_000) == "tile/entries/x001/000"
    assert entries_path(999, 255) == "tile/entries/999.p/255"
    with pytest.raises(ValueError):
        tile_path(0, 0, 0)


def test_seventy_thousand_entries_make_the_tiles_of_the_specification():
    # C2SP tlog-tiles: 273 full level-0 tiles and widths 112, one full level-1 tile and 17, and 1.
    files = written(70_000)
    tiles = [path for path in files if not path.startswith("tile/entries/")]
    assert sorted(path for path in tiles if ".p/" in path) == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    full = [path for path in tiles if ".p/" not in path]
    assert len([path for path in full if path.startswith("tile/0/")]) == 273
    assert [path for path in full if path.startswith("tile/1/")] == ["tile/1/000"]
    assert len(full) == 274
    assert all(len(files[path]) == 8192 for path in full)
    assert TileReader(70_000, reading(files)).root() == root([leaf_hash(b"entry %d" % i) for i in range(70_000)])


def test_two_hundred_and_fifty_six_entries_fill_one_tile_and_open_the_next_level():
    assert sorted(written(256)) == ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_a_log_that_grows_in_steps_ends_as_one_that_grew_at_once(steps):
    files: dict[str, bytes] = {}
    size = 0
    for step in steps:
        growth = grow(size, [b"entry %d" % i for i in range(size, size + step)], reading(files))
        files.update(growth.files)
        size += step
        assert growth.size == size
    at_once = written(size)
    assert growth.root == TileReader(size, reading(at_once)).root()
    assert all(files[path] == content for path, content in at_once.items())


def test_a_removed_partial_tile_is_read_from_the_full_one():
    small, large = written(300), written(600)
    for path in ("tile/0/001.p/44", "tile/entries/001.p/44"):
        del small[path]
    reader = TileReader(300, reading({**large, **small}))
    assert reader.root() == root([leaf_hash(b"entry %d" % i) for i in range(300)])
    assert [reader.entry(index) for index in (298, 299)] == [b"entry 298", b"entry 299"]


def test_files_that_were_changed_or_cut_are_refused():
    files = written(3)
    tile, bundle = "tile/0/000.p/3", "tile/entries/000.p/3"

    def reader(**changed: bytes) -> TileReader:
        return TileReader(3, reading({**files, **changed}))

    assert code_of(reader(**{tile: files[tile][:-1]}).root) == "ledger.tile"
    assert code_of(reader(**{tile: files[tile] * 2}).root) == "ledger.tile"
    assert code_of(reader(**{bundle: files[bundle][:-1]}).entry, 0) == "ledger.bundle"
    assert code_of(reader(**{bundle: files[bundle] + b"\x00"}).entry, 0) == "ledger.bundle"
    assert code_of(reader(**{bundle: files[bundle] + b"\x00\x00"}).entry, 0) == "ledger.bundle"
    assert code_of(reader(**{bundle: files[bundle].replace(b"1", b"7")}).entry, 1) == "ledger.bundle"
    assert code_of(TileReader(3, no_file).root) == "ledger.tile-missing"
    good = reader()
    good.check_root(good.root())
    assert code_of(good.check_root, EMPTY_ROOT) == "ledger.root"


def test_a_bundle_holds_entries_of_any_length_that_two_bytes_can_say():
    entries = (b"", b"x" * 65_535)
    assert decode_bundle(encode_bundle(entries), 2) == entries
    with pytest.raises(ValueError):
        encode_bundle([b"x" * 65_536])


def test_nothing_new_writes_nothing(tmp_path: Path):
    for path, content in written(5).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    growth = grow(5, [], read_from(tmp_path))
    assert growth.files == ()
    assert growth.root == root([leaf_hash(b"entry %d" % i) for i in range(5)])
    assert grow(0, [], no_file).root == EMPTY_ROOT
