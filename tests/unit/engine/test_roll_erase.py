"""A roll without somebody: their rows are in no object of any table, everybody else's are as they were."""

from pathlib import Path

import polars as pl
import pytest
from tests.unit.engine.test_roll_objects import keys

from musterroll.engine.roll import SealKey, Snapshot, Store, Through, archive
from musterroll.engine.roll.erase import erase
from musterroll.engine.roll.seal import keyset
from musterroll.engine.roll.table import TABLES, row_table

KNOWN = 10
LINK = TABLES["link"]


def links(*persons: int) -> pl.DataFrame:
    """One link each, to the record of ten times the number."""
    said = {"judgement": 1, "by": "number", "weight": 12_345, "op": 1, "known": KNOWN}
    rows = [
        {name: said.get(name) for name in LINK.night_schema} | {"person": one, "record": one * 10} for one in persons
    ]
    return pl.DataFrame(rows, schema=LINK.night_schema)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "roll", SealKey(keyset(bytes(64))))


def roll(store: Store, buckets: int, **tables: list[tuple[pl.DataFrame, int | None]]) -> Snapshot:
    """A snapshot of these tables: frames, each with the night it belongs to (None: a view, one object a bucket)."""
    refs = {}
    for name, frames in tables.items():
        made = []
        for frame, night in frames:
            if night is None:
                made += store.put_buckets(name, frame, buckets)
            else:
                made.append(store.put(name, frame, night=night, buckets=buckets))
        refs[name] = tuple(made)
    snapshot = Snapshot("", buckets, Through("log", 3), ("p" * 64,), 18_627, KNOWN, refs)
    store.put_snapshot(snapshot)
    return snapshot


def numbers(store: Store, snapshot: Snapshot) -> set[int]:
    """Every number of a person or record in any object."""
    found: set[int] = set()
    for refs in snapshot.tables.values():
        for ref in refs:
            frame = store.get(ref)
            for column in {"person", "record", "into", "left", "right"} & set(frame.columns):
                found |= set(frame[column].drop_nulls())
    return found


@pytest.mark.parametrize("buckets", [1, 3])
def test_their_rows_are_gone_from_every_object_and_all_others_stay(store, buckets):
    before = roll(
        store,
        buckets,
        link=[(links(1, 2, 5), 10), (links(3, 5), 20)],
        by_key=[(keys("a", "b", "c", "d"), None)],
    )
    found = erase(store, before, persons=[5], records=[50, 2])
    assert numbers(store, found.snapshot) == numbers(store, before) - {5, 50, 2} | {2}  # person 2 is another one
    links_after = pl.concat([store.get(ref) for ref in found.snapshot.refs("link")])
    assert sorted(links_after["person"]) == [1, 2, 3]
    keys_after = pl.concat([store.get(ref) for ref in found.snapshot.refs("by_key")])
    assert sorted(keys_after["key"]) == ["a", "b", "d"]


def test_an_object_without_them_keeps_its_name_and_the_others_are_told_with_their_new_ones(store):
    before = roll(store, 1, link=[(links(1, 2), 10), (links(5), 20), (links(3, 5), 30)])
    first, second, third = before.refs("link")
    found = erase(store, before, persons=[5], records=[])
    kept, rest = found.snapshot.refs("link")
    assert kept == first
    assert rest.night == 30
    assert set(found.replaced) == {(second.sha256, ""), (third.sha256, rest.sha256)}


def test_the_snapshot_goes_on_from_the_one_before_and_says_the_same_of_the_rest(store):
    before = roll(store, 1, link=[(links(1, 5), 10)])
    after = erase(store, before, persons=[5], records=[50]).snapshot
    assert (after.parent, after.through, after.packs) == (before.digest, before.through, before.packs)
    assert (after.on, after.known_at) == (before.on, before.known_at)
    assert store.get_snapshot(after.digest) == after


def test_after_the_sweep_no_file_holds_them(store):
    before = roll(store, 1, by_key=[(keys("secret-key-of-five", "b"), None)], link=[(links(1, 5), 10)])
    after = erase(store, before, persons=[5], records=[0]).snapshot
    store.sweep([after.digest])
    left = [store.get(ref) for refs in after.tables.values() for ref in refs]
    assert len(list(store.folder.glob("objects/*/*"))) == len(left) == 2
    assert not any("secret-key-of-five" in str(frame.to_dicts()) for frame in left)


def test_a_record_under_somebody_else_s_number_goes_too(store):
    stray = links(4).with_columns(record=pl.lit(50, pl.Int64))  # a link that was refuted
    before = roll(store, 3, link=[(pl.concat([links(5), stray, links(7)]), 10)])
    after = erase(store, before, persons=[5], records=[50]).snapshot
    assert numbers(store, after) == {7, 70}


def test_where_nobody_of_them_is_nothing_is_written_but_the_snapshot(store):
    before = roll(store, 1, link=[(links(1, 2), 10)], delivery=[])
    found = erase(store, before, persons=[9], records=[90])
    assert found.replaced == ()
    assert found.snapshot.refs("link") == before.refs("link")


def test_somebody_else_s_row_stays_and_says_nothing_of_an_erased_relative(store):
    columns = ["entry", "name", "wife", "#spouse"]
    said = [
        (1, 1, 1, 7, "E1", "Ann", "", None),
        (2, 1, 2, 8, "E2", "Ben", "Cleo", 50),
        (5, 1, 3, 9, "E5", "Eve", "", None),
    ]
    table = row_table("tax", columns)
    rows = pl.DataFrame(said, schema=table.plain_schema, orient="row")
    before = roll(store, 1, **{"row.tax": [(archive.adds(table, rows, 10), 10)]})
    relatives = {"row.tax": {"#spouse": ("wife",)}}
    after = erase(store, before, persons=[], records=[50, 5], relatives=relatives).snapshot
    (ref,) = after.refs("row.tax")
    left = store.get(ref).select("record", "name", "wife", "#spouse")
    assert left.rows() == [(1, "Ann", "", None), (2, "Ben", "", None)]
