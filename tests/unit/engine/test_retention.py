"""What ended longer ago than its limit leaves the archive and a tombstone; all else is read as before."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.unit.engine.test_roll_archive import ALWAYS, NEVER, SEAL, facts, particulars, snapshot_of
from tests.unit.fact.people import SERVING, attribute

from musterroll.engine.crew import Crew, crew
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.engine.roll.retention import Limits, fold_week, limits_of
from musterroll.engine.roll.table import TABLES, row_table
from musterroll.extract.declaration import load_source
from musterroll.extract.schema import FactMap, ParticularMap

DAY = 86_400_000_000
ON = 20_000
KNOWN = ON * DAY
PAY = load_source(Path(__file__).parents[3] / "packs" / "example" / "sources" / "pay.yaml")
LIMITS = Limits({("pay", 1): 365}, {("pay", "address"): 100}, {1: "pay", 2: "civil"})


@pytest.fixture
def roll(tmp_path: Path) -> tuple[Store, Snapshot]:
    store = Store(tmp_path, SEAL)
    first = facts(
        (1, 5, ALWAYS, NEVER, 70, 1),  # still true
        (2, 5, 100, ON - 366, 71, 2),  # over for longer than its limit
        (3, 5, 100, ON - 365, 72, 3),  # over for exactly as long
        (4, 5, ALWAYS, NEVER, 73, 4),  # will be corrected
        (5, 5, 100, ON - 366, 74, 5),
    )
    other = facts((6, 5, 100, ON - 5_000, 75, 6)).with_columns(pl.lit(2, pl.Int64).alias("delivery"))
    given = pl.concat([first, other])
    known = (ON - 700) * DAY
    refs = archive.append(store, (), "fact", archive.adds(TABLES["fact"], given, known), known, buckets=2)
    corrected = given.filter(pl.col("person") == 4)
    later = (ON - 366) * DAY
    changes = pl.concat(
        [
            archive.ends(TABLES["fact"], corrected, later),
            archive.adds(TABLES["fact"], corrected.with_columns(pl.lit(9, pl.Int32).alias("lo")), later),
        ]
    )
    refs = archive.append(store, refs, "fact", changes, later, buckets=2)
    parts = particulars((1, "Old Street", 0, ON - 101, 70, 1), (1, "New Street", ON - 101, NEVER, 70, 1))
    parts = parts.with_columns(pl.int_range(pl.len(), dtype=pl.Int16).alias("n"))
    streets = archive.append(
        store, (), "particular", archive.adds(TABLES["particular"], parts, known), known, buckets=2
    )
    return store, snapshot_of({"fact": refs, "particular": streets}, KNOWN, 2)


def folded(store: Store, snapshot: Snapshot, limits: Limits, hands: Crew | None = None, **more: object) -> Snapshot:
    tables = fold_week(store, snapshot, limits, on=ON, known=KNOWN, crew=hands or Crew(), **more)
    return replace(snapshot, tables={**snapshot.tables, **tables})


def test_what_ended_longer_ago_than_its_limit_goes_and_leaves_a_tombstone(roll):
    store, snapshot = roll
    after = folded(store, snapshot, LIMITS)
    assert archive.held(store, after, "fact")["person"].to_list() == [1, 3, 4, 6]  # of 6 another source spoke
    every = store.get_table(after, "fact").filter(pl.col("person") == 4)
    assert every["lo"].to_list() == [9]  # the mistaken word went; the correction stays
    assert archive.held(store, after, "particular")["text"].to_list() == ["New Street"]
    stones = archive.held(store, after, "tombstone").sort("person", "of", "row")
    assert stones.select("person", "of", "attribute", "row", "rule").rows() == [
        (1, "particular", 0, 1, "pay address 100"),
        (2, "fact", 1, 2, "pay 1 365"),
        (4, "fact", 1, 4, "pay 1 365"),
        (5, "fact", 1, 5, "pay 1 365"),
    ]


def test_the_facts_of_an_open_matter_stay(roll):
    store, snapshot = roll
    after = folded(store, snapshot, LIMITS, keep=[2, 5])
    assert archive.held(store, after, "fact")["person"].to_list() == [1, 2, 3, 4, 5, 6]


def test_without_limits_the_fold_reads_as_before_at_any_time(roll):
    store, snapshot = roll
    after = folded(store, snapshot, Limits())
    assert "tombstone" not in after.tables
    assert {ref.night for refs in after.tables.values() for ref in refs} == {None}
    for time in ((ON - 700) * DAY, (ON - 366) * DAY - 1, KNOWN):
        assert archive.held(store, after, "fact", time).equals(archive.held(store, snapshot, "fact", time))
    assert folded(store, after, Limits()).tables == after.tables


def test_a_fold_on_the_next_week_keeps_the_tombstones_and_adds_to_them(roll):
    store, snapshot = roll
    once = folded(store, snapshot, LIMITS)
    late = replace(once, known_at=KNOWN + 7 * DAY)
    tables = fold_week(store, late, LIMITS, on=ON + 7, known=KNOWN + 7 * DAY, crew=Crew())
    twice = replace(late, tables={**late.tables, **tables})
    assert archive.held(store, twice, "tombstone")["person"].to_list() == [1, 2, 3, 4, 5]


def test_any_number_of_workers_folds_into_the_same_objects(roll):
    store, snapshot = roll
    with crew(2) as hands:
        assert folded(store, snapshot, LIMITS, hands).tables == folded(store, snapshot, LIMITS).tables


def test_rows_as_delivered_go_ninety_days_after_they_ended(tmp_path):
    store, table = Store(tmp_path, SEAL), row_table("pay", ["entry"])
    rows = pl.DataFrame(
        {"record": [1, 2, 3], "delivery": 1, "row": [1, 2, 3], "digest": 0, "entry": ["A", "B", "C"]}
    ).select([pl.col(name).cast(kind) for name, kind in table.plain_schema.items()])
    refs: tuple[object, ...] = ()
    for known, changes in (
        (1, archive.adds(table, rows, 1)),
        (KNOWN - 91 * DAY, archive.ends(table, rows.head(2), KNOWN - 91 * DAY)),
    ):
        refs = archive.append(store, refs, "row.pay", changes, known)
    snapshot = snapshot_of({"row.pay": refs}, KNOWN)
    after = folded(store, snapshot, Limits(), keep_rows=[2])
    assert store.get_table(after, "row.pay")["record"].to_list() == [2, 3]
    assert archive.held(store, after, "row.pay")["record"].to_list() == [3]


def test_a_declaration_says_how_long_what_it_gives_is_kept():
    serving = SERVING.name
    old = replace(
        PAY,
        facts=(FactMap(serving, value="yes", kept_days=30), FactMap(serving, value="yes", kept_days=60),
               FactMap("has_served", value="yes"), FactMap("unasked", value="yes", kept_days=1)),
        particulars=(ParticularMap("address", ("entry",), kept_days=9), ParticularMap("given", ("entry",))),
    )  # fmt: skip
    deliveries = pl.DataFrame({"delivery": [4, 5], "source": ["pay", "pay#answers"]})
    attributes = {serving: SERVING, "has_served": attribute("has_served", 7, SERVING.type)}
    limits = limits_of({"pay": old}, attributes, deliveries)
    assert limits == Limits({("pay", SERVING.number): 60}, {("pay", "address"): 9}, {4: "pay", 5: "pay#answers"})
    assert limits.of("fact").rows() == [
        (number, str(SERVING.number), 60, f"pay {SERVING.number} 60") for number in (4, 5)
    ]
