"""Rows held after a delivery: a row set aside is not an absence, and a list that grew shorter un-does nothing."""

import hashlib

import polars as pl
import pytest

from musterroll.dates import parse_day, parse_instant
from musterroll.engine.extract_rows import carried
from musterroll.engine.fact_night import operations
from musterroll.engine.fact_rows import Built
from musterroll.engine.night_rows import Rows, Tonight, take_in
from musterroll.engine.roll import SealKey, Snapshot, Store, Through, archive
from musterroll.engine.roll.seal import keyset
from musterroll.engine.roll.table import TABLES, row_table
from musterroll.extract.check import receive
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest

KEY = b"k" * 32
PAY = load_source("""
source: pay
kind: armed forces
agency: Pay Office
legal_basis: art. 20 (3)
purpose: administration
format: csv
encoding: utf-8
founds: nothing
rows_per_record: many
records_per_person: many
freshness_days: 120
silence: those concerned
schema:
  primaryKey: entry
  fields:
    - {name: entry, type: string, constraints: {required: yes}}
    - {name: name, type: string, role: given}
    - {name: year, type: integer, constraints: {required: yes}}
facts:
  - {attribute: serving, value: yes, valid_from: year year, valid_to: after year}
limits: {rows: [0, 10], rows_change: 100, refused: 100, unread: 100}
""")


def tonight(number: int, *rows: str, full: bool = True) -> Tonight:
    file = "\n".join(("entry,name,year", *rows, "")).encode()
    manifest = Manifest(
        source="pay",
        sender="Pay Office",
        as_of=parse_day("2020-12-31") + number,
        rows=len(rows),
        sha256=hashlib.sha256(file).hexdigest(),
        sent=parse_instant("2021-01-01T00:00:00Z"),
        full=full,
    )
    return Tonight(number, receive(PAY, manifest, file, previous=None, today=manifest.as_of))


def taken(tmp_path, *nights: Tonight) -> Rows:
    store, parent, rows = Store(tmp_path, SealKey(keyset(bytes(64)))), None, None
    for number, one in enumerate(nights, start=1):
        rows = take_in(store, parent, [one], {"pay": PAY}, record_key=KEY, known=number * 10)
        before = {} if parent is None else parent.tables
        tables = {
            name: archive.append(store, before.get(name, ()), name, changes, number * 10)
            for name, changes in rows.operations.items()
        }
        parent = Snapshot("", 1, Through("log", 0), (), 0, number * 10, tables)
    assert rows is not None
    return rows


def kept(rows: Rows) -> list[tuple[str, int]]:
    return rows.held["pay"].sort("entry", "row").select("entry", "delivery").rows()


def whole(rows: Rows) -> list[bool]:
    return rows.deliveries.sort("delivery")["full"].to_list()


FIRST = tonight(1, "P1,Ann,2019", "P2,Ben,2020")


@pytest.mark.parametrize(
    ("second", "held", "is_whole"),
    [
        (tonight(2, "P1,Ann,2019", "P2,Ben,2020"), [("P1", 1), ("P2", 1)], True),
        (tonight(2, "P2,Ben,2020"), [("P2", 1)], True),  # P1 left the list
        (tonight(2, "P1,Ann,", "P2,Ben,2020"), [("P1", 1), ("P2", 1)], True),  # P1's row was set aside: it stays
        (tonight(2, "P3,Cy,", "P1,Ann,2019", "P2,Ben,2020"), [("P1", 1), ("P2", 1)], False),  # whose row is P3's?
        (tonight(2, ",Ann,2019", "P2,Ben,2020"), [("P1", 1), ("P2", 1)], False),  # nobody knows whose: nothing ends
        (tonight(2, "P2,Ben,2021", full=False), [("P1", 1), ("P2", 2)], False),  # changes only
    ],
)
def test_a_row_set_aside_is_not_an_absence(tmp_path, second, held, is_whole):
    rows = taken(tmp_path, FIRST, second)
    assert kept(rows) == held
    assert whole(rows) == [True, is_whole]


def test_the_silence_of_a_first_extract_with_a_row_set_aside_is_not_read(tmp_path):
    assert whole(taken(tmp_path, tonight(1, "P1,Ann,", "P2,Ben,2020"))) == [False]
    assert whole(taken(tmp_path / "mended", tonight(1, "P1,Ann,"), tonight(2, "P1,Ann,2019"))) == [False, True]


def test_the_readable_row_of_a_record_is_not_doubled_when_another_was_set_aside():
    table = row_table("pay", ["entry"])
    rows = pl.DataFrame(
        {"record": [7, 7], "delivery": [1, 1], "row": [1, 2], "digest": [1, 2], "entry": ["P1", "P1"]},
        schema=table.plain_schema,
    )
    again = rows.head(1).with_columns(pl.lit(2, pl.Int64).alias("delivery"))
    assert carried(rows, again, full=True, unreadable=[7]).equals(rows)
    assert carried(rows, again, full=True, unreadable=[]).equals(rows.head(1))


def test_who_has_served_has_served_when_the_list_no_longer_names_them():
    lines = {"person": [1, 1], "attribute": [7, 6], "lo": [1, 1], "hi": [1, 1], "valid_from": [100, 100],
             "valid_to": [10_000, 10_000], "link": [1, 1], "record": [70, 70], "delivery": [1, 1], "row": [1, 1],
             "n": [1, 0]}  # fmt: skip
    served = pl.DataFrame(lines, schema=TABLES["fact"].plain_schema)
    none = [TABLES[name].plain_schema.to_frame() for name in ("fact", "member", "particular")]
    gone = pl.DataFrame({"delivery": [1], "row": [1], "as_of": [200]})
    here = pl.DataFrame(schema={"delivery": pl.Int64, "row": pl.Int32})
    links = pl.DataFrame({"person": [1], "record": [70], "judgement": [1]})
    given = {"rows": here, "ended": gone, "links": links, "known": 20}
    changes = operations(Built(served, *none[1:]), Built(*none), lasting=[7], **given)["fact"]
    # serving ends with the extract's day; having served is not touched
    assert changes.select("attribute", "op", "valid_to").rows() == [(6, 0, 10_000), (6, 1, 200)]
    # a record that other rows speak of now was corrected: what its old row said ends
    corrected = served.head(1).with_columns(pl.lit(9, pl.Int32).alias("row"), pl.lit(150, pl.Int32).alias("valid_from"))
    after = operations(Built(served, *none[1:]), Built(corrected, *none[1:]), lasting=[7], **given)["fact"]
    assert after.filter(pl.col("attribute") == 7).select("row", "op").rows() == [(1, 0), (9, 1), (1, 1)]
