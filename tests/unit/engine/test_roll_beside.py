"""What lies beside a snapshot: sealed, bound to it and to the way it was made, and gone with it."""

import pytest

from musterroll.engine.roll import SealKey, Snapshot, Store, Through
from musterroll.engine.roll.seal import keyset
from musterroll.errors import MusterRollError

NAMED, ANOTHER, WAY = "a" * 64, "b" * 64, "1" * 64


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path, SealKey(keyset(bytes(range(64)))))


def test_it_opens_beside_its_own_snapshot_made_the_same_way_only(store):
    store.put_beside(NAMED, "frames", b"Castillo", made_by=WAY)
    assert store.get_beside(NAMED, "frames", made_by=WAY) == b"Castillo"
    path = store.folder / "beside" / NAMED / "frames"
    assert b"Castillo" not in path.read_bytes()
    assert store.get_beside(NAMED, "frames", made_by="2" * 64) is None
    assert store.get_beside(NAMED, "others", made_by=WAY) is None
    (store.folder / "beside" / ANOTHER).mkdir()
    (store.folder / "beside" / ANOTHER / "frames").write_bytes(path.read_bytes())
    assert store.get_beside(ANOTHER, "frames", made_by=WAY) is None
    path.write_bytes(b"damaged")
    assert store.get_beside(NAMED, "frames", made_by=WAY) is None


def test_nobody_reads_it_without_the_key(store):
    store.put_beside(NAMED, "frames", b"Castillo", made_by=WAY)
    open_only = Store(store.folder, None)
    for act in (
        lambda: open_only.get_beside(NAMED, "frames", made_by=WAY),
        lambda: open_only.put_beside(NAMED, "frames", b"", made_by=WAY),
    ):
        with pytest.raises(MusterRollError) as refused:
            act()
        assert refused.value.code == "roll.seal-missing"


def test_it_goes_when_its_snapshot_is_not_retained(store):
    digests = [store.put_snapshot(Snapshot("", 1, Through("log", n), (), 0, 1)) for n in (0, 1)]
    for digest in digests:
        store.put_beside(digest, "frames", b"Castillo", made_by=WAY)
    half = store.folder / "beside" / digests[1] / "frames.1.part"
    half.write_bytes(b"half")
    store.sweep(digests[1:], before=0)  # nothing is so old
    assert store.get_beside(digests[0], "frames", made_by=WAY) == b"Castillo"
    store.sweep(digests[1:])
    assert sorted(path.name for path in (store.folder / "beside").iterdir()) == digests[1:]
    assert not half.exists()
    assert store.get_beside(digests[1], "frames", made_by=WAY) == b"Castillo"
