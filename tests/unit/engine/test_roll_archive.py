"""Archive tables: nothing is updated, so what was known at any time is still there, before and after a fold."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musterroll.engine.fact_night import operations
from musterroll.engine.fact_rows import Built
from musterroll.engine.roll import SealKey, Snapshot, Store, Through, archive, person
from musterroll.engine.roll.seal import keyset
from musterroll.engine.roll.table import TABLES
from musterroll.fact.coverage import Delivery
from musterroll.fact.timeline import Judgement, Linked, Member, Spell

ALIAS = TABLES["alias"]
SEAL = SealKey(keyset(bytes(64)))
STEPS = st.lists(st.dictionaries(st.integers(1, 6), st.integers(1, 3), max_size=6), min_size=1, max_size=6)


def aliases(of: dict[int, int]) -> pl.DataFrame:
    return pl.DataFrame({"person": list(of), "into": list(of.values())}, schema=ALIAS.plain_schema)


def snapshot_of(tables: dict[str, object], known: int, buckets: int = 1) -> Snapshot:
    return Snapshot("", buckets, Through("log", 0), (), 18_627, known, tables)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_every_night_can_be_read_again_before_and_after_a_fold(tmp_path_factory, steps: Sequence[dict[int, int]]):
    store = Store(tmp_path_factory.mktemp("roll"), SEAL)
    refs, before = (), None
    for night, held in enumerate(steps, start=1):
        changes = archive.night(ALIAS, before, aliases(held), night * 10)
        refs = archive.append(store, refs, "alias", changes, night * 10)
        before = aliases(held)
    nights = snapshot_of({"alias": refs}, len(steps) * 10)
    folded = snapshot_of({"alias": archive.fold(store, nights, "alias")}, nights.known_at)
    for night, held in enumerate(steps, start=1):
        for time in (night * 10, night * 10 + 9):
            for roll in (nights, folded):
                found = archive.held(store, roll, "alias", time)
                rows = [] if found is None else found.select("person", "into").rows()
                assert rows == sorted(held.items())
                by_person = person.held(store, roll, "alias", "", (), time)
                assert [(row["person"], row["into"]) for row in by_person] == sorted(held.items())


def test_before_the_first_night_nothing_was_known(tmp_path):
    store = Store(tmp_path, SEAL)
    refs = archive.append(store, (), "alias", archive.adds(ALIAS, aliases({1: 2}), 10), 10)
    assert archive.held(store, snapshot_of({"alias": refs}, 10), "alias", 9).is_empty()
    assert archive.held(store, snapshot_of({}, 10), "alias") is None
    assert archive.fold(store, snapshot_of({}, 10), "alias") == ()


def test_yesterdays_extract_again_adds_nothing(tmp_path):
    store = Store(tmp_path, SEAL)
    refs = archive.append(store, (), "alias", archive.adds(ALIAS, aliases({1: 2}), 10), 10)
    changes = archive.night(ALIAS, archive.held(store, snapshot_of({"alias": refs}, 10), "alias"), aliases({1: 2}), 20)
    assert archive.append(store, refs, "alias", changes, 20) == refs


def test_a_link_whose_weight_alone_moved_stays_as_it_was():
    table = TABLES["link"]
    lines = {
        "person": [1, 2],
        "record": [10, 20],
        "judgement": [1, 1],
        "by": ["model"] * 2,
        "basis": [1, 1],
        "weight": [12_000, 13_000],
        "agreed": [3, 3],
        "against": [0, 0],
        "source": ["pay"] * 2,
    }
    before = pl.DataFrame(lines, schema=table.plain_schema)
    after = pl.DataFrame({**lines, "weight": [12_001, 13_001], "judgement": [1, 2]}, schema=table.plain_schema)
    changes = archive.night(table, before, after, 20, ignoring=["weight"])
    assert changes.select("person", "judgement", "op").rows() == [(2, 1, 0), (2, 2, 1)]
    assert archive.night(table, before, after, 20).height == 4


def test_a_night_after_a_fold_ends_what_a_base_object_holds(tmp_path):
    store = Store(tmp_path, SEAL)
    refs = archive.append(store, (), "alias", archive.adds(ALIAS, aliases({1: 2, 3: 4}), 10), 10)
    base = archive.fold(store, snapshot_of({"alias": refs}, 10), "alias")
    refs = archive.append(store, base, "alias", archive.ends(ALIAS, aliases({1: 2}), 20), 20)
    roll = snapshot_of({"alias": refs}, 20)
    again = snapshot_of({"alias": archive.fold(store, roll, "alias")}, 20)
    for one in (roll, again):
        assert archive.held(store, one, "alias").select("person").to_series().to_list() == [3]
        assert archive.held(store, one, "alias", 19).height == 2


def test_rows_past_their_time_limit_are_forgotten_and_held_ones_stay(tmp_path):
    store = Store(tmp_path, SEAL)
    first = {"delivery": [1, 1], "row": [1, 2], "reasons": ["required"] * 2, "columns": ["born"] * 2, "record": [7, 8]}
    rows = pl.DataFrame(first, schema=TABLES["refused"].plain_schema)
    refs = archive.append(store, (), "refused", archive.adds(TABLES["refused"], rows, 10), 10)
    refs = archive.append(store, refs, "refused", archive.ends(TABLES["refused"], rows.head(1), 20), 20)
    roll = snapshot_of({"refused": refs}, 20)
    for limit, records in ((20, [7, 8]), (21, [8])):
        kept = snapshot_of({"refused": archive.forget(store, roll, "refused", limit)}, 20)
        assert store.get_table(kept, "refused")["record"].to_list() == records
        assert archive.held(store, kept, "refused")["record"].to_list() == [8]
    assert archive.forget(store, snapshot_of({}, 20), "refused", 20) == ()


# A night's facts

FACT = TABLES["fact"]
MEMBER = TABLES["member"]
PARTICULAR = TABLES["particular"]


def facts(*rows: tuple[object, ...]) -> pl.DataFrame:
    """person, lo, valid_from, valid_to, record, row."""
    lines = [
        {
            "person": p,
            "attribute": 1,
            "lo": lo,
            "hi": lo,
            "valid_from": start,
            "valid_to": end,
            "link": 1,
            "record": record,
            "delivery": 1,
            "row": row,
            "n": 0,
        }
        for p, lo, start, end, record, row in rows
    ]
    return pl.DataFrame(lines, schema=FACT.plain_schema)


def members(*rows: tuple[object, ...]) -> pl.DataFrame:
    lines = [
        {
            "group": 1,
            "roster": "household",
            "role": "head",
            "person": p,
            "born_lo": 0,
            "born_hi": 0,
            "link": 1,
            "record": record,
            "delivery": 1,
            "row": row,
            "n": 0,
        }
        for p, record, row in rows
    ]
    return pl.DataFrame(lines, schema=MEMBER.plain_schema)


def particulars(*rows: tuple[object, ...]) -> pl.DataFrame:
    lines = [
        {
            "person": p,
            "kind": "address",
            "text": text,
            "protected": False,
            "valid_from": start,
            "valid_to": end,
            "record": record,
            "delivery": 1,
            "row": row,
            "n": 0,
        }
        for p, text, start, end, record, row in rows
    ]
    return pl.DataFrame(lines, schema=PARTICULAR.plain_schema)


ALWAYS, NEVER = -(2**31) + 1, 2**31 - 1
NO_ROWS = pl.DataFrame(schema={"delivery": pl.Int64, "row": pl.Int32})
NONE_ENDED = pl.DataFrame(schema={"delivery": pl.Int64, "row": pl.Int32, "as_of": pl.Int32})


def links(*rows: tuple[int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"person": pl.Int64, "record": pl.Int64, "judgement": pl.UInt8}, orient="row")


def after(before: Built, built: Built, **more: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """What is held after the night's operations."""
    given = {"rows": NO_ROWS, "ended": NONE_ENDED, "links": links(), **more}
    changes = operations(before, built, known=20, **given)
    held = {"fact": before.facts, "member": before.members, "particular": before.particulars}
    return {
        name: archive.as_known(TABLES[name], [archive.adds(TABLES[name], held[name], 10), changes[name]], 20)
        for name in changes
    }


EMPTY = Built(facts(), members(), particulars())


def test_on_the_first_night_everything_is_new():
    built = Built(facts((1, 5, ALWAYS, NEVER, 70, 1)), members((1, 70, 1)), particulars((1, "A", 0, NEVER, 70, 1)))
    changes = operations(None, built, rows=NO_ROWS, ended=NONE_ENDED, links=links(), known=20)
    assert [changes[name]["op"].to_list() for name in ("fact", "member", "particular")] == [[1], [1], [1]]


def test_a_row_that_ended_leaves_what_was_true_until_then():
    before = Built(
        facts(
            (1, 5, ALWAYS, NEVER, 70, 1),  # a birth date: it was the row's word, and the row is gone
            (1, 1, 100, NEVER, 70, 2),  # lives in a dwelling, as of day 100
            (1, 1, 300, NEVER, 70, 3),  # would have begun later
        ),
        members((1, 70, 1)),
        particulars((1, "Old Street", 100, NEVER, 70, 2)),
    )
    gone = pl.DataFrame({"delivery": [1, 1, 1], "row": [1, 2, 3], "as_of": [200, 200, 200]})
    held = after(before, EMPTY, ended=gone)
    assert held["fact"].select("row", "valid_from", "valid_to").rows() == [(2, 100, 200)]
    assert held["particular"].select("text", "valid_to").rows() == [("Old Street", 200)]
    assert held["member"].is_empty()


def test_what_a_held_row_no_longer_says_ends_and_what_it_newly_says_begins():
    before = Built(
        facts((1, 5, ALWAYS, NEVER, 70, 1), (2, 6, ALWAYS, NEVER, 71, 2)), members((1, 70, 1)), particulars()
    )
    built = Built(facts((1, 5, ALWAYS, NEVER, 70, 1), (3, 6, ALWAYS, NEVER, 71, 2)), members(), particulars())
    here = pl.DataFrame({"delivery": [1, 1], "row": [1, 2]})
    held = after(before, built, rows=here)
    assert held["fact"].select("person", "known_from").rows() == [(1, 10), (3, 20)]
    assert held["member"].is_empty()


def test_what_an_earlier_row_gave_moves_with_its_record():
    earlier = Built(
        facts((1, 1, 100, 200, 70, 1), (2, 1, 100, 200, 71, 2), (3, 1, 100, 200, 72, 3)),
        members(),
        particulars((1, "Old Street", 100, 200, 70, 1), (2, "New Street", 100, 200, 71, 2)),
    )
    judged = links((1, 70, 3), (9, 70, 1), (2, 71, 2))  # another's now; only possible now; 72 is not spoken of
    held = after(earlier, EMPTY, links=judged)
    assert held["fact"].select("person", "link").rows() == [(2, 2), (3, 1), (9, 1)]
    assert held["particular"].select("person", "text").rows() == [(9, "Old Street")]


# One person


@pytest.fixture
def roll(tmp_path: Path) -> tuple[Store, Snapshot]:
    """Person 5, into whom person 8 was merged, in a roll of 16 buckets."""
    store = Store(tmp_path, SEAL)
    many = facts(*((n, n, ALWAYS, NEVER, n, n) for n in range(1, 40)), (8, 99, ALWAYS, NEVER, 80, 90))
    spells = pl.DataFrame(
        {
            "person": [5],
            "roster": ["enrolment"],
            "kind": ["active"],
            "from_lo": [1],
            "from_hi": [1],
            "to_lo": [9],
            "to_hi": [9],
            "link": [1],
            "record": [70],
            "delivery": [1],
            "row": [1],
            "n": [0],
        },
        schema=TABLES["spell"].plain_schema,
    )
    linked = links((5, 70, 1), (8, 80, 2), (6, 60, 1)).with_columns(
        *(pl.lit("number").alias(name) for name in ("by", "source")),
        *(pl.lit(0, pl.Int64).alias(name) for name in ("basis", "weight", "agreed", "against")),
    )
    household = pl.concat(
        [
            members((8, 80, 1)),
            members((None, 81, 2)).with_columns(pl.lit(None, pl.UInt8).alias("link")),
            members((6, 60, 3)).with_columns(pl.lit(2, pl.Int64).alias("group")),
        ]
    )
    taken = pl.DataFrame([(1, "civil", 18_627, True, 3)], schema=TABLES["delivery"].plain_schema, orient="row")
    kept = {
        "fact": many,
        "spell": spells,
        "link": linked,
        "alias": aliases({8: 5}),
        "member": household,
        "delivery": taken,
        "particular": particulars((5, "A", 0, NEVER, 70, 1), (6, "B", 0, NEVER, 60, 3)),
    }
    tables = {
        name: archive.append(store, (), name, archive.adds(TABLES[name], frame, 10), 10, buckets=16)
        for name, frame in kept.items()
    }
    seen = pl.DataFrame({"record": [70, 80, 60], "source": ["civil", "dwelling", "civil"], "delivery": [1, 1, 1]})
    tables["seen"] = store.put_buckets("seen", seen, 16)
    tables["group_of"] = store.put_buckets("group_of", pl.DataFrame({"person": [8, 6], "group": [1, 2]}), 16)
    return store, snapshot_of(tables, 10, 16)


def test_one_person_is_read_with_all_that_concerns_them(roll):
    store, snapshot = roll
    read = person.read(store, snapshot, 5)
    assert sorted((fact.lo, fact.known_from) for fact in read.facts) == [(5, 10), (8, 10), (99, 10)]
    assert read.spells == (Spell("enrolment", "active", 1, 1, 9, 9, Judgement.CONFIRMED, 1, 1, 0, 10),)
    assert read.links == (Linked(70, "civil", Judgement.CONFIRMED), Linked(80, "dwelling", Judgement.POSSIBLE))
    assert [(one.person, one.link) for one in read.members] == [(5, Judgement.CONFIRMED), (None, None)]
    assert isinstance(read.members[0], Member)
    assert [one.text for one in person.particulars(store, snapshot, 5)] == ["A"]
    assert person.deliveries(store, snapshot) == (Delivery(1, "civil", 18_627, True),)


def test_nothing_is_held_of_somebody_unknown_or_before_anything_was_learnt(roll):
    store, snapshot = roll
    assert person.read(store, snapshot, 4_000).facts == ()
    assert person.read(store, snapshot, 5, known_at=9).facts == ()
    assert person.deliveries(store, snapshot, known_at=9) == ()


def test_a_folded_roll_reads_the_same(roll):
    store, snapshot = roll
    names = ("fact", "spell", "link", "alias", "member", "delivery")
    tables = {**snapshot.tables, **{name: archive.fold(store, snapshot, name) for name in names}}
    assert person.read(store, snapshot_of(tables, 10, 16), 5) == person.read(store, snapshot, 5)


def test_a_view_is_read_by_any_of_its_columns(roll):
    store, snapshot = roll
    assert person.rows(store, snapshot, "seen", "source", ["dwelling"]) == [
        {"record": 80, "source": "dwelling", "delivery": 1}
    ]
    assert person.rows(store, snapshot, "seen", "source", ["nobody"]) == []
    assert len(person.rows(store, snapshot, "seen", "", ())) == 3


def test_of_a_view_with_a_night_laid_over_it_what_stands_is_read(tmp_path):
    store = Store(tmp_path, SEAL)
    keys = {"source": ["civil"] * 3, "key": ["a", "b", "c"], "record": [1, 2, 3]}
    refs = store.put_buckets("by_key", pl.DataFrame(keys), 2)
    nameless = pl.DataFrame({"source": [None], "key": [None], "record": [1]}, schema=TABLES["by_key"].plain_schema)
    come = pl.DataFrame({"source": ["civil"], "key": ["d"], "record": [4]})
    operations = pl.concat([archive.ends(TABLES["by_key"], nameless, 20), archive.adds(TABLES["by_key"], come, 20)])
    patched = snapshot_of({"by_key": archive.append(store, refs, "by_key", operations, 20, buckets=2)}, 20, 2)
    for column, values, found in (
        ("key", ["a", "d"], ["d"]),
        ("record", [1, 2, 4], ["b", "d"]),
        ("", (), ["b", "c", "d"]),
    ):
        assert [row["key"] for row in person.rows(store, patched, "by_key", column, values)] == found
