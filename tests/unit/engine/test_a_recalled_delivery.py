"""A recalled delivery leaves the rows as if it had never been taken in (charter S10)."""

import polars as pl
import pytest
from tests.nights import sources

from musterroll.dates import FIRST_DAY
from musterroll.engine.night_recalled import amended
from musterroll.engine.roll import SealKey, Snapshot, Store, Through, archive, seal
from musterroll.engine.roll.table import TABLES
from musterroll.engine.row_tables import table_for

CIVIL = sources()["civil"]
TABLE = table_for(CIVIL)
FIRST, SECOND, THIRD, TONIGHT = 1, 2, 3, 4
"""Nights, by their times."""


def row(record: int, delivery: int, number: int, name: str) -> dict:
    blank = {column: "" if kind == pl.String else 0 for column, kind in TABLE.plain_schema.items()}
    return {**blank, "record": record, "delivery": delivery, "row": number, "first_name": name}


def rows(*given: dict) -> pl.DataFrame:
    return pl.DataFrame(list(given), schema=TABLE.plain_schema)


def taken(*given: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(given), schema=TABLES["delivery"].plain_schema, orient="row")


@pytest.fixture
def roll(tmp_path):
    """Record 1 says Ada, then (delivery 2) Eve; record 2 never changes; record 3 came with delivery 2."""
    store = Store(tmp_path, SealKey(seal.keyset(b"k" * 64)))
    first = rows(row(1, 1, 1, "Ada"), row(2, 1, 2, "Bruno"))
    second = rows(row(1, 2, 1, "Eve"), row(3, 2, 3, "Falk"))
    table = archive.append(store, (), TABLE.name, archive.adds(TABLE, first, FIRST), FIRST)
    changes = pl.concat(
        [archive.ends(TABLE, first.filter(pl.col("record") == 1), SECOND), archive.adds(TABLE, second, SECOND)]
    )
    table = archive.append(store, table, TABLE.name, changes, SECOND)
    lines = archive.append(
        store, (), "delivery", archive.adds(TABLES["delivery"], taken((1, "civil", 10, True, 2)), FIRST), FIRST
    )
    lines = archive.append(
        store, lines, "delivery", archive.adds(TABLES["delivery"], taken((2, "civil", 20, True, 3)), SECOND), SECOND
    )
    return store, Snapshot("", 1, Through("", 0), (), 0, SECOND, {TABLE.name: table, "delivery": lines})


def followed(store: Store, roll: Snapshot) -> Snapshot:
    """One more whole extract, which repeats what the second one said."""
    third = archive.adds(TABLES["delivery"], taken((3, "civil", 30, True, 3)), THIRD)
    lines = archive.append(store, roll.refs("delivery"), "delivery", third, THIRD)
    return Snapshot("", 1, Through("", 0), (), 0, THIRD, {**roll.tables, "delivery": lines})


def held(store: Store, roll: Snapshot) -> list[tuple]:
    frame = archive.held(store, roll, TABLE.name)
    return sorted(frame.select("record", "delivery", "first_name").rows())


def lines(store: Store, roll: Snapshot) -> list[tuple]:
    return archive.held(store, roll, "delivery").sort("delivery").select("delivery", "full").rows()


def without(roll, *recalled: int, arrived: tuple = ()):
    store, parent = roll
    return amended(store, parent, recalled, sources(), arrived=arrived, known=TONIGHT)


def test_what_the_last_delivery_of_a_source_had_ended_is_held_again(roll):
    store, _ = roll
    out = without(roll, 2)
    assert held(store, out.parent) == [(1, 1, "Ada"), (2, 1, "Bruno")]
    assert lines(store, out.parent) == [(1, True)]


def test_the_records_concerned_are_changed_ones_and_nothing_of_the_delivery_stays_true_to_a_day(roll):
    out = without(roll, 2)
    assert sorted(out.changed.rows()) == [(1, "civil", False), (3, "civil", True)]
    assert sorted(out.ended.rows()) == [(1, "civil", 2, 1, FIRST_DAY), (3, "civil", 2, 3, FIRST_DAY)]


def test_where_others_followed_its_rows_end_and_nobody_reads_the_source_s_silence(roll):
    store, parent = roll
    later = followed(store, parent)
    out = amended(store, later, {2}, sources(), arrived=(), known=TONIGHT)
    assert held(store, out.parent) == [(2, 1, "Bruno")]
    assert lines(store, out.parent) == [(1, True), (3, False)]


def test_a_delivery_that_arrives_tonight_says_itself_what_is_held(roll):
    store, _ = roll
    out = without(roll, 2, arrived=("civil",))
    assert held(store, out.parent) == [(2, 1, "Bruno")]


def test_both_deliveries_recalled_leave_nothing(roll):
    store, _ = roll
    out = without(roll, 1, 2)
    assert (held(store, out.parent), lines(store, out.parent)) == ([], [])


def test_a_delivery_that_is_out_already_or_was_never_in_changes_nothing(roll):
    store, _ = roll
    out = without(roll, 2)
    again = amended(store, out.parent, {2, 7}, sources(), arrived=(), known=TONIGHT + 1)
    assert again.parent is out.parent
    assert again.changed.is_empty()


def test_what_was_held_before_is_still_known(roll):
    store, _ = roll
    out = without(roll, 2)
    then = archive.held(store, out.parent, TABLE.name, SECOND).select("record", "first_name").rows()
    assert sorted(then) == [(1, "Eve"), (2, "Bruno"), (3, "Falk")]
