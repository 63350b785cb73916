"""Chapter: what is cut at the door is not read, whatever it holds: a list of courses refuses no file."""

import hashlib
import json

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from musterroll.dates import parse_day
from musterroll.engine import extract_stage
from musterroll.errors import MusterRollError
from musterroll.extract import check
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest

DAY = parse_day("2021-01-05")
DECLARED = """
source: college
kind: education
agency: College
legal_basis: art. 1
purpose: administration
format: {form}
founds: nothing
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: those concerned
schema:
  primaryKey: nr
  fields:
    - {{name: nr, type: string, constraints: {{required: yes}}}}
    - {{name: name, type: string, role: family}}
cut: [courses, Marks]
facts: [{{attribute: student, value: yes}}]
limits: {{rows: [1, 10]}}
"""
ROWS = [
    {"nr": "1", "courses": ["a", "b"], "name": "Low", "marks": {"a": 1}},
    {"nr": "2", "courses": [], "name": "Tamm", "marks": {"a": None}},
]


def taken(folder, form, file):
    path = folder / f"college.{form}"
    path.write_bytes(file)
    manifest = Manifest("college", DAY, 2, hashlib.sha256(file).hexdigest())
    source = load_source(DECLARED.format(form=form))
    staged = extract_stage.stage(source, manifest, path, folder / "staged", previous=None, today=DAY)
    return pl.concat(map(pl.read_parquet, staged.parts())).select("nr", "name").rows()


def parquet(folder, rows):
    path = folder / "written"
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path.read_bytes()


def test_columns_of_lists_and_structures_are_not_read_where_they_are_cut(tmp_path):
    assert taken(tmp_path, "parquet", parquet(tmp_path, ROWS)) == [("1", "Low"), ("2", "Tamm")]


def test_another_such_column_refuses_the_file_and_says_where_it_may_be_listed(tmp_path):
    rows = [{**row, "name": [row["name"]]} for row in ROWS]
    with pytest.raises(MusterRollError, match="neither texts, numbers nor days: name") as refused:
        taken(tmp_path, "parquet", parquet(tmp_path, rows))
    assert "listed under `cut`" in str(refused.value)


def test_members_of_lists_and_objects_are_not_read_where_they_are_cut(tmp_path):
    file = "".join(json.dumps(row).replace("marks", "Marks") + "\n" for row in ROWS)
    assert taken(tmp_path, "ndjson", file.encode()) == [("1", "Low"), ("2", "Tamm")]
    manifest = Manifest("college", DAY, 2, hashlib.sha256(file.encode()).hexdigest())
    source = load_source(DECLARED.format(form="ndjson"))
    plain = check.receive(source, manifest, file.encode(), previous=None, today=DAY)
    assert (len(plain.rows), plain.refused) == (2, ())
