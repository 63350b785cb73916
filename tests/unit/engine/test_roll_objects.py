"""Objects of the roll: the same rows are the same bytes, sealed where they identify people, checked when read."""

import errno
import hashlib
import os
import struct
from pathlib import Path

import polars as pl
import pytest
import tink
from hypothesis import given
from hypothesis import strategies as st
from tink import daead, secret_key_access
from tink.proto import tink_pb2

from musterroll.engine.roll import ObjectRef, SealKey, Snapshot, Store, Through, archive, content, snapshot, write
from musterroll.engine.roll.seal import keyset
from musterroll.engine.roll.table import TABLES, Holds, Table, flat_table, row_table, table_of
from musterroll.errors import MusterRollError

LINK = TABLES["link"]
KNOWN = 1_790_000_000_000_000
OF_LINKS = ObjectRef("link", "a" * 64, 1, "c" * 64, False)


def links(*persons: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "person": persons,
            "record": [person * 10 for person in persons],
            "judgement": [1] * len(persons),
            "by": ["number"] * len(persons),
            "basis": [None] * len(persons),
            "weight": [12_345] * len(persons),
            "agreed": [3] * len(persons),
            "against": [0] * len(persons),
            "source": ["civil"] * len(persons),
            "op": [1] * len(persons),
            "known": [KNOWN] * len(persons),
        },
        schema=LINK.schema,
    )


def keys(*texts: str) -> pl.DataFrame:
    return pl.DataFrame({"source": ["civil"] * len(texts), "key": texts, "record": range(len(texts))}).cast(
        {"record": pl.Int64}
    )


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "roll", SealKey(keyset(bytes(range(64)))))


# content


def plainly(frame: pl.DataFrame) -> str:
    """The digest as the module's docstring says it, with plain loops."""

    def bits(flags):
        out = bytearray((len(flags) + 7) // 8)
        for place, flag in enumerate(flags):
            out[place // 8] |= int(flag) << place % 8
        return bytes(out)

    names = {
        pl.Int64: "int64",
        pl.Int32: "int32",
        pl.Int16: "int16",
        pl.UInt8: "uint8",
        pl.Boolean: "bool",
        pl.String: "string",
    }
    codes = {"int64": "<q", "int32": "<i", "int16": "<h", "uint8": "<B"}
    data = b"muster-roll/content/v1\x00" + struct.pack("<Q", frame.height)
    for name in frame.columns:
        kind = names[type(frame.schema[name])]
        values = frame[name].to_list()
        data += struct.pack("<I", len(name.encode())) + name.encode() + struct.pack("<I", len(kind)) + kind.encode()
        data += bits([value is not None for value in values])
        if kind == "string":
            texts = [(value or "").encode() for value in values]
            offsets = [sum(map(len, texts[:n])) for n in range(len(texts) + 1)]
            data += b"".join(struct.pack("<q", offset) for offset in offsets) + b"".join(texts)
        elif kind == "bool":
            data += bits([bool(value) for value in values])
        else:
            data += b"".join(struct.pack(codes[kind], value or 0) for value in values)
    return hashlib.sha256(data).hexdigest()


MIXED = pl.DataFrame(
    {
        "a": [1, None, -(2**62)],
        "b": pl.Series([None, -5, 2**31 - 1], dtype=pl.Int32),
        "c": pl.Series([1, 2, None], dtype=pl.Int16),
        "d": pl.Series([255, 0, 1], dtype=pl.UInt8),
        "e": [True, None, False],
        "f": ["Žofie", None, ""],
    }
)


@pytest.mark.parametrize(
    "frame", [MIXED, MIXED.clear(), MIXED.head(1), MIXED.slice(1)], ids=["all", "none", "one", "slice"]
)
def test_content_is_the_digest_that_its_page_describes(frame):
    assert content(frame) == plainly(frame)


def test_content_stays_the_same_for_ever():
    assert content(MIXED) == "ebd36aac32406fc5d138551afd2ac778b4cb43e4044d9bc265a91a87468f4c53"


def test_content_tells_an_empty_text_from_none_and_one_column_from_another():
    texts = [pl.DataFrame({"a": values}, schema={"a": pl.String}) for values in ([""], [None], ["", ""])]
    digests = {content(frame) for frame in (*texts, texts[0].rename({"a": "b"}))}
    assert len(digests) == 4


def test_a_fraction_has_no_place_in_the_roll():
    with pytest.raises(ValueError, match="no table"):
        content(pl.DataFrame({"a": [1.5]}))


# tables


def test_a_table_that_identifies_people_is_sealed():
    for table in TABLES.values():
        assert table.sealed or all(column.holds is not Holds.IDENTITY for column in table.columns)
    assert {name for name, table in TABLES.items() if table.sealed} == {
        "refused",
        "particular",
        "member",
        "by_key",
        "group_of",
        "linkage_terms",
        "vanished",
    }
    assert row_table("civil", ["ssn"]).sealed
    with pytest.raises(ValueError, match="sealed"):
        Table("leak", False, False, "", (), row_table("civil", ["ssn"]).columns, LINK.kept)


def test_a_table_names_its_rows_by_its_own_columns():
    with pytest.raises(ValueError, match="named once"):
        Table("odd", False, False, "", ("nothing",), (), LINK.kept)


def test_tables_are_found_by_name_and_an_unknown_one_is_refused():
    assert table_of("row.civil", {"record": pl.Int64(), "ssn": pl.String(), "known": pl.Int64()}) == row_table(
        "civil", ["ssn"]
    )
    columns = {"person": pl.Int64(), "sex": pl.UInt8()}
    assert table_of("flat", columns) == flat_table(columns)
    assert table_of("flat_wide", columns).name == "flat_wide"
    with pytest.raises(MusterRollError) as refused:
        table_of("wishes", {})
    assert refused.value.code == "roll.table-unknown"


# objects


def test_the_same_rows_in_any_order_are_the_same_object(store):
    first = store.put("link", links(3, 1, 2), night=KNOWN)
    again = store.put("link", links(2, 3, 1).select(reversed(links().columns)), night=KNOWN)
    assert first == again
    assert store.get(first)["person"].to_list() == [1, 2, 3]
    assert (first.rows, first.night, first.sealed) == (3, KNOWN, False)


def test_a_sealed_object_opens_with_its_key_and_shows_nothing_without(store, tmp_path):
    ref = store.put("by_key", keys("794-92-3033"))
    assert store.get(ref)["key"].to_list() == ["794-92-3033"]
    assert b"794-92-3033" not in store.path(ref).read_bytes()
    assert store.put("by_key", keys("794-92-3033")) == ref  # done again: the same bytes
    for key, code in ((None, "roll.seal-missing"), (SealKey(keyset(bytes(64))), "roll.seal-broken")):
        with pytest.raises(MusterRollError) as refused:
            Store(tmp_path / "roll", key).get(ref)
        assert refused.value.code == code


def test_a_campaign_opens_a_sealed_object_once_and_keeps_nothing_after_it(store):
    ref = store.put("by_key", keys("794-92-3033"))
    with store.kept_open():
        first = store.get(ref)
        store.path(ref).unlink()
        with store.kept_open():
            assert store.get(ref).equals(first)
        assert store.get(ref).equals(first)
    with pytest.raises(MusterRollError) as refused:
        store.get(ref)
    assert refused.value.code == "roll.object-missing"


def test_a_sealed_object_cannot_be_passed_off_as_another_tables(store):
    ref = store.put("by_key", keys("a"))
    with pytest.raises(MusterRollError) as refused:
        store.get(ObjectRef("group_of", ref.sha256, ref.rows, ref.content, True))
    assert refused.value.code == "roll.seal-broken"


@given(st.binary(min_size=64, max_size=64), st.binary(min_size=1, max_size=300), st.text(max_size=20))
def test_an_envelope_is_the_one_that_tink_writes(secret, data, content):
    key = SealKey(keyset(secret))
    handle = tink.proto_keyset_format.parse(keyset(secret), secret_key_access.TOKEN)
    cipher, bound = handle.primitive(daead.DeterministicAead), f"muster-roll/roll-object/v1\0by_key\0{content}".encode()
    sealed = cipher.encrypt_deterministically(data, bound)
    assert key.seal(data, table="by_key", content=content) == sealed
    assert key.open(sealed, table="by_key", content=content) == data


@pytest.mark.parametrize("broken", [b"", b"\1\0\0\0\1", b"\1\0\0\0\1" + bytes(15), b"\1\0\0\0\2" + bytes(40)])
def test_what_is_no_envelope_of_the_key_does_not_open(broken):
    with pytest.raises(MusterRollError) as refused:
        SealKey(keyset(bytes(64))).open(broken, table="by_key", content="")
    assert refused.value.code == "roll.seal-broken"


def other_envelope() -> bytes:
    """A key set of which an envelope does not name the key."""
    made = tink_pb2.Keyset.FromString(keyset(bytes(64)))
    made.key[0].output_prefix_type = tink_pb2.RAW
    return made.SerializeToString()


@pytest.mark.parametrize("key", [b"not a key set", other_envelope()])
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(MusterRollError) as refused:
        SealKey(key)
    assert refused.value.code == "roll.seal-key"
    with pytest.raises(ValueError, match="64"):
        keyset(b"short")


def test_a_damaged_object_is_named_and_nothing_of_it_is_read(store):
    ref = store.put("link", links(1), night=KNOWN)
    data = bytearray(store.path(ref).read_bytes())
    data[40] ^= 1
    store.path(ref).write_bytes(data)
    with pytest.raises(MusterRollError) as refused:
        store.get(ref)
    assert refused.value.code == "roll.object-damaged"
    assert ref.sha256 in refused.value.what
    store.path(ref).unlink()
    with pytest.raises(MusterRollError) as refused:
        store.get(ref)
    assert (refused.value.code, refused.value.exit_code) == ("roll.object-missing", 2)


def test_an_object_that_is_no_parquet_is_refused():
    with pytest.raises(MusterRollError) as refused:
        write.decode(b"PAR1 and nothing more", where="ab.parquet")
    assert (refused.value.code, refused.value.where) == ("roll.object-unreadable", "ab.parquet")


FULL_OR_LOCKED = [(errno.ENOSPC, "roll.no-space"), (errno.EACCES, "roll.not-writable")]


@pytest.mark.parametrize(("number", "code"), FULL_OR_LOCKED)
def test_a_full_or_locked_disk_leaves_nothing_behind(store, monkeypatch, number, code):
    def full(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(MusterRollError) as refused:
        store.put("link", links(1), night=KNOWN)
    assert (refused.value.code, refused.value.exit_code) == (code, 2)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(("number", "code"), FULL_OR_LOCKED)
def test_a_snapshot_is_not_written_while_the_disk_has_not_taken_what_it_names(store, monkeypatch, number, code):
    def full(_):
        raise OSError(number, os.strerror(number))

    named = {"link": (store.put("link", links(1), night=KNOWN),)}
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MusterRollError) as refused:
        store.put_snapshot(Snapshot("", 1, Through("log", 0), (), 0, KNOWN, named))
    assert (refused.value.code, refused.value.exit_code) == (code, 2)
    assert not list(store.folder.glob("snapshots/*"))


def test_before_a_snapshot_all_that_is_new_in_it_lies_on_the_disk(store, monkeypatch):
    waited, really = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (waited.append(os.fstat(file).st_ino), really(file)))
    first, second = (store.put("link", links(n), night=KNOWN) for n in (1, 2))
    assert waited == []
    one = Snapshot("", 1, Through("log", 0), (), 0, KNOWN, {"link": (first,)})
    digests = [store.put_snapshot(one)]
    two = Snapshot(digests[0], 1, Through("log", 1), (), 0, KNOWN, {"link": (first, second)})
    digests.append(store.put_snapshot(two))
    snapshots = [store.folder / "snapshots" / f"{digest}.json" for digest in digests]
    written = [store.path(first), snapshots[0], store.path(second), snapshots[1]]
    assert waited == [path.stat().st_ino for path in written]


def test_an_object_that_the_disk_did_not_keep_whole_is_written_again(store):
    ref = store.put("link", links(1), night=KNOWN)
    lost = bytes(store.path(ref).stat().st_size)
    store.path(ref).write_bytes(lost)
    assert store.put("link", links(1), night=KNOWN) == ref
    assert store.get(ref).height == 1


def test_a_roll_below_a_file_cannot_be_written(tmp_path):
    (tmp_path / "roll").write_text("a file where the folder should be")
    with pytest.raises(MusterRollError) as refused:
        Store(tmp_path / "roll", None).put("link", links(1), night=KNOWN)
    assert refused.value.code == "roll.not-writable"


def test_rows_lacking_a_column_are_a_fault_of_the_program(store):
    with pytest.raises(ValueError, match="lacks"):
        store.put("link", links(1).drop("by"), night=KNOWN)


# buckets


def test_a_view_is_an_object_a_bucket_and_reads_as_one(store):
    seen = pl.DataFrame({"record": [1, 2, 3, 17], "source": ["a"] * 4, "delivery": [1] * 4})
    refs = store.put_buckets("seen", seen, 16)
    assert [(ref.bucket, ref.rows) for ref in refs] == [(1, 2), (2, 1), (3, 1)]
    whole = Snapshot("", 16, Through("log", 0), (), 0, 0, {"seen": refs})
    assert store.get_table(whole, "seen")["record"].to_list() == [1, 2, 3, 17]
    assert store.get_table(whole, "by_ref") is None
    people = pl.DataFrame({"ref": ["b", "a"], "person": [1, 2]})
    (one,) = store.put_buckets("by_ref", people, 16)  # a table without a bucket column
    refs = Snapshot("", 16, Through("log", 0), (), 0, 0, {"by_ref": (one,)})
    assert (one.bucket, store.get_table(refs, "by_ref")["ref"].to_list()) == (None, ["a", "b"])


def test_a_night_object_keeps_the_buckets_together(store):
    ref = store.put("link", links(1, 2, 3, 4), night=KNOWN, buckets=2)
    assert store.get(ref)["person"].to_list() == [2, 4, 1, 3]
    for buckets in (2, 3):
        whole = store.put("link", links(*range(40_000)), night=KNOWN, buckets=buckets)
        assert [store.get_bucket([whole], one, buckets)[0]["person"].to_list() for one in range(buckets)] == [
            list(range(one, 40_000, buckets)) for one in range(buckets)
        ]
    (none,) = store.get_bucket([ref], 3, 7, ["person"])
    assert none.columns == ["person"]


def test_a_bucket_is_read_without_the_others(store):
    refs = store.put_buckets("link", links(*range(1, 9)), 2)
    store.path(refs[1]).unlink()
    (frame,) = store.get_bucket(refs, 0, 2, ["person"])
    assert frame["person"].to_list() == [2, 4, 6, 8]


def test_a_view_is_patched_by_a_night_laid_over_it(store):
    seen = pl.DataFrame({"record": [1, 2, 3], "source": ["a"] * 3, "delivery": [1] * 3})
    refs = store.put_buckets("seen", seen, 2)
    ended = seen.head(1).with_columns(op=pl.lit(0), known=pl.lit(KNOWN))
    added = pl.DataFrame({"record": [4], "source": ["a"], "delivery": [2], "op": [1], "known": [KNOWN]})
    night = archive.append(store, refs, "seen", pl.concat([ended, added], how="vertical_relaxed"), KNOWN, buckets=2)
    roll = Snapshot("", 2, Through("log", 0), (), 0, KNOWN, {"seen": night})
    assert store.get_table(roll, "seen")["record"].to_list() == [2, 3, 4]
    folded = Snapshot("", 2, Through("log", 0), (), 0, KNOWN, {"seen": archive.fold(store, roll, "seen")})
    assert store.get_table(folded, "seen").rows() == store.get_table(roll, "seen").rows()
    assert archive.held_bucket(store, folded, "seen", 0, columns=["source"])["record"].to_list() == [2, 4]


# snapshots


def test_a_snapshot_is_named_by_its_canonical_bytes(store):
    ref = store.put("link", links(1), night=KNOWN)
    one = Snapshot("", 1, Through("log.example/2026", 7), ("b" * 64, "a" * 64), 18_627, KNOWN, {"link": (ref,)})
    digest = store.put_snapshot(one)
    assert digest == one.digest
    read = store.get_snapshot(digest)
    assert (read.encode(), read.refs("link"), read.refs("fact")) == (one.encode(), (ref,), ())
    assert one.encode().startswith(b'{"buckets":1,"known_at":1790000000000000,"on":18627,"packs":["aaa')


@pytest.mark.parametrize("data", [b'{"v":2}', b"[]", b'{"v":1,"parent":""}', b'{"v":1,"tables":3}'])
def test_what_is_no_snapshot_is_refused(data):
    with pytest.raises(MusterRollError) as refused:
        snapshot.decode(data)
    assert refused.value.code == "roll.snapshot-malformed"


@pytest.mark.parametrize(
    "make",
    [
        lambda: ObjectRef("link", "short", 1, "c" * 64, False),
        lambda: Snapshot("", 0, Through("log", 0), (), 0, 0),
        lambda: Snapshot("", 1, Through("log", -1), (), 0, 0),
        lambda: Snapshot("", 1, Through("log", 0), (), 0, 0, {"fact": (OF_LINKS,)}),
    ],
)  # fmt: skip
def test_a_snapshot_that_makes_no_sense_cannot_be_made(make):
    with pytest.raises(ValueError, match=r"digests|bucket|table"):
        make()


def test_what_no_retained_snapshot_names_is_swept(store):
    kept, orphan = store.put("link", links(1), night=KNOWN), store.put("link", links(2), night=KNOWN)
    digest = store.put_snapshot(Snapshot("", 1, Through("log", 0), (), 0, KNOWN, {"link": (kept,)}))
    half = store.path(orphan).with_name("half.parquet.1.part")
    half.write_bytes(b"half")
    assert store.sweep([digest], before=0) == ()  # nothing is so old
    assert sorted(store.sweep([digest])) == sorted([store.path(orphan).name, half.name])
    assert store.get(kept).height == 1
    with pytest.raises(MusterRollError) as refused:
        store.get_snapshot("0" * 64)
    assert refused.value.code == "roll.snapshot-missing"
