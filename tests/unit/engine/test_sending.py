"""A manifest says how many rows a workbook has: as many as the door finds, whatever stands above the heading."""

import pytest
import xlsxwriter

from musterroll.engine import extract_sandbox
from musterroll.engine.sending import rows_of
from musterroll.extract.declaration import load_source

SOURCE = """\
source: board
kind: health body's findings
agency: Medical Board
legal_basis: art. 1
purpose: administration
format: xlsx
dialect: {skipRows: %d, sheet: Findings}
schema:
  primaryKey: No.
  fields:
    - {name: No., type: string, constraints: {required: yes}}
    - {name: Grade, type: string, constraints: {enum: [A, B]}}
founds: nothing
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: nobody
facts:
  - {attribute: unfit, column: Grade, values: {A: no, B: yes}}
limits: {rows: [0, 100], rows_change: 50, refused: 10}
"""


@pytest.mark.parametrize(
    ("skipped", "above"),
    [
        (0, []),
        (2, ["Medical Board", "Extract of March"]),
        (3, ["Medical Board", "Extract of March", ""]),  # a blank line below the title is skipped like any other
        (1, [""]),
        (0, ["", ""]),  # blank lines that nobody counted are none
        (2, ["Medical Board", "Extract of March", ""]),
    ],
)
def test_the_manifest_counts_the_rows_of_a_workbook_as_the_door_does(tmp_path, skipped, above):
    file = tmp_path / "findings.xlsx"
    book = xlsxwriter.Workbook(str(file))
    book.add_worksheet("Cover").write(0, 0, "not this one")
    sheet = book.add_worksheet("Findings")
    for line, text in enumerate([*above, "No."]):
        sheet.write(line, 0, text)
    sheet.write(len(above), 1, "Grade")
    for number in range(4):
        sheet.write_row(len(above) + 1 + number + (number > 2), 0, [f"N{number}", "A"])  # a blank line among them
    book.close()
    source = load_source(SOURCE % skipped)
    with extract_sandbox.opened(file, "xlsx", source.dialect) as rows:
        found = sum(batch.num_rows for batch in rows)
    assert rows_of(source, file) == found == 4
