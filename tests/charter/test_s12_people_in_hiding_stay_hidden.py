"""S12: a protected contact leaves a forwarding token only, in the roll and in whatever is made of it."""

import polars as pl

from musterroll.engine.fact_rows import build, forwarding_token
from musterroll.engine.roll import SealKey, Snapshot, Store, Through, archive, person
from musterroll.engine.roll.seal import keyset
from musterroll.engine.roll.table import TABLES, row_table
from musterroll.extract.declaration import load_source

DECLARED = """
source: dwelling
kind: dwelling register
agency: Dwelling Register
legal_basis: art. 1
purpose: administration
format: csv
encoding: utf-8
founds: nothing
rows_per_record: one
records_per_person: one
freshness_days: 100
silence: nobody
schema:
  primaryKey: entry
  fields:
    - {name: entry, type: string, constraints: {required: yes}}
    - {name: street, type: string, role: street}
    - {name: house, type: string, role: house}
    - {name: barred, type: string, constraints: {enum: [court order]}}
particulars:
  - {kind: address, columns: [house, street], protected_when: {barred: court order}}
"""
KEY = b"k" * 32
HIDDEN = {"entry": "A1", "street": "Hidden Lane", "house": "12", "barred": "court order"}
OPEN = {"entry": "A2", "street": "Long Road", "house": "3", "barred": ""}


def rows() -> pl.DataFrame:
    lines = [
        {"record": n, "delivery": 1, "row": n, "digest": n, **texts} for n, texts in enumerate((HIDDEN, OPEN), start=1)
    ]
    return pl.DataFrame(lines, schema=row_table("dwelling", list(HIDDEN)).plain_schema)


def particulars() -> pl.DataFrame:
    source = load_source(DECLARED)
    taken = pl.DataFrame({"delivery": [1], "as_of": [18_627]})
    links = pl.DataFrame({"person": [1, 2], "record": [1, 2], "judgement": [1, 1]})
    return build({"dwelling": rows()}, {"dwelling": source}, taken, links, {}, record_key=KEY).particulars


def test_a_barred_address_is_never_written_into_the_roll():
    found = particulars().sort("person")
    assert found.select("person", "kind", "protected").rows() == [(1, "address", True), (2, "address", False)]
    token, shown = found["text"].to_list()
    assert shown == "3 Long Road"
    assert token == forwarding_token(KEY, "address", "12 Hidden Lane")
    assert token.startswith("forward:")
    assert "Hidden" not in token


def test_the_token_says_nothing_without_the_key_and_is_the_same_tomorrow():
    assert forwarding_token(KEY, "address", "12 Hidden Lane") == forwarding_token(KEY, "address", "12 Hidden Lane")
    assert forwarding_token(b"x" * 32, "address", "12 Hidden Lane") != forwarding_token(
        KEY, "address", "12 Hidden Lane"
    )
    assert forwarding_token(KEY, "contact", "12 Hidden Lane") != forwarding_token(KEY, "address", "12 Hidden Lane")


def test_whoever_reads_the_person_gets_the_token_and_the_mark(tmp_path):
    store = Store(tmp_path, SealKey(keyset(bytes(64))))
    refs = archive.append(store, (), "particular", archive.adds(TABLES["particular"], particulars(), 10), 10)
    snapshot = Snapshot("", 1, Through("log", 0), (), 18_627, 10, {"particular": refs})
    (read,) = person.particulars(store, snapshot, 1)
    assert read.protected
    assert "Hidden" not in read.text
    assert b"Hidden" not in store.open(refs[0])
