"""Chapter: a row of a CSV file is cut inside quotation marks. The rows after it are read, and it is set aside.

Read on, the cell that stays open would take the next rows into itself. How many rows there are the manifest says.
"""

import hashlib
from dataclasses import replace

import pytest

from musterroll.dates import parse_day
from musterroll.errors import MusterRollError
from musterroll.extract.check import receive
from musterroll.extract.declaration import load_source
from musterroll.extract.lines import truncated
from musterroll.extract.manifest import Manifest
from musterroll.extract.mended import may_mend, mended
from musterroll.extract.schema import Dialect, Format

LIST = load_source(
    """
source: homes
kind: dwelling register
agency: Ministry
legal_basis: art. 1
purpose: administration
format: csv
encoding: utf-8
founds: nothing
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: nobody
schema:
  primaryKey: entry
  fields:
    - {name: entry, type: string, constraints: {required: yes}}
    - {name: number, type: string, role: number}
    - {name: home, type: string}
facts: []
particulars: [{kind: address, columns: [home]}]
limits: {rows: [0, 100], refused: 100}
"""
)
DAY = parse_day("2021-01-05")
HEADING = "entry,number,home\n"
GOOD = '1,100,"5 Mill Lane, Aldham"\n'
CUT = '2,200,"5 Mill La\n'
LAST = '3,300,"7 Oak Road, Borgar"\n'


def received(*lines, source=LIST, rows=None, digest=""):
    file = "".join(lines).encode(source.encoding)
    told = hashlib.sha256(file).hexdigest()
    manifest = Manifest("homes", DAY, len(lines) - 1 if rows is None else rows, digest or told)
    return receive(source, manifest, file, previous=None, today=DAY)


def refusal(*lines, **told):
    with pytest.raises(MusterRollError) as refused:
        received(*lines, **told)
    return refused.value.code


@pytest.mark.parametrize(
    "broken",
    [
        CUT,
        '2,"2\n',
        '"2\n',
        '2,"200"x,"5 Mill Lane, Aldham"\n',  # a mark behind which something stands
        '2,200,"5 Mill ""La\n',
        '2,200,"5 Mill La\r\n',
        '2,200,"5 Mill Lane",4,"x\n',  # a whole row stands before it, and something else
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_the_rows_beside_a_broken_one_are_read(broken, encoding):
    found = received(HEADING, GOOD, broken, LAST, source=replace(LIST, encoding=encoding))
    assert [row.texts["home"] for row in found.rows] == ["5 Mill Lane, Aldham", "7 Oak Road, Borgar"]
    assert [(row.row, row.notes[0].reason) for row in found.refused] == [(2, "cells")]


def test_a_broken_row_at_the_end_is_set_aside_too():
    found = received(HEADING, GOOD, CUT)
    assert [row.row for row in found.refused] == [2]


def test_what_stands_above_the_heading_and_notes_stay_what_they_are():
    dialect = Dialect(skip_rows=1, comment="#")
    found = received(
        'as of "today\n', HEADING, "\n", '# it"\n', GOOD, CUT, source=replace(LIST, dialect=dialect), rows=2
    )
    assert (len(found.rows), len(found.refused)) == (1, 1)


def test_a_file_without_a_heading_has_as_many_cells_as_columns():
    found = received(CUT, GOOD, source=replace(LIST, dialect=Dialect(header=False)), rows=2)
    assert (len(found.rows), len(found.refused)) == (1, 1)


@pytest.mark.parametrize(
    ("lines", "told", "code"),
    [
        ((HEADING, GOOD, CUT, LAST), {"digest": "0" * 64}, "delivery.csv"),  # something happened on its way
        ((HEADING, GOOD, CUT, LAST), {"rows": 4}, "delivery.csv"),  # nobody knows how many rows these are
        ((HEADING, '1,100,"5 Mill Lane\nAldham"\n', CUT, LAST), {"rows": 3}, "delivery.csv"),  # a cell of two lines
        (('entry,number,"home\n', GOOD, LAST), {}, "delivery.csv"),  # the heading itself
        ((HEADING, GOOD, CUT), {"rows": 1}, "delivery.truncated"),
        ((HEADING, GOOD, LAST), {"rows": 1}, "delivery.rows"),
    ],
)
def test_a_file_is_refused_as_before_where_its_lines_are_not_its_rows(lines, told, code):
    assert refusal(*lines, **told) == code


def test_what_is_left_of_a_broken_line():
    lines = [HEADING, GOOD, CUT, '"2\n']
    assert list(mended(LIST, lines)) == [HEADING, GOOD, '"2","200"\n', '""\n']
    assert list(mended(LIST, ["entry\n", '"2\n'])) == ["entry\n", '"",""\n']


def test_only_text_with_quotation_marks_is_mended():
    cut = truncated(LIST, "somewhere")
    assert may_mend(LIST, cut)
    assert not may_mend(replace(LIST, format=Format.NDJSON), cut)
    assert not may_mend(replace(LIST, dialect=Dialect(quote="")), cut)
    assert not may_mend(LIST, MusterRollError("delivery.digest", "Another file."))
