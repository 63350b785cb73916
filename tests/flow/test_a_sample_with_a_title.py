"""An office's export has a title above its heading: the declaration that is proposed passes over it."""

import pytest
import xlsxwriter
from tests.conftest import muster

HEADING = ["Entry", "Family name", "Born", "Town"]
ROWS = [["1", "Low", "1990-01-01", "Aldham"], ["2", "Mill", "1991-02-03", ""], ["3", "Reed", "1988-05-06", "Kent"]]
FIELDS = [
    "{name: Entry, type: integer}",
    "{name: Family name, type: string}",
    "{name: Born, type: date, format: YYYY-MM-DD}",
    "{name: Town, type: string}",
]


def workbook(path, sheets):
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def proposed(folder, sample, *options):
    done = muster("source", "new", folder / "leave.yaml", "--sample", sample, *options)
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in (folder / "leave.yaml").read_text("utf-8").splitlines()]
    (folder / "leave.yaml").unlink()
    dialect = next(line.partition("   #")[0] for line in lines if line.startswith("dialect"))
    fields = [line.removeprefix("- ").partition("    #")[0] for line in lines if line.startswith("- {name")]
    return dialect.removeprefix("dialect: "), fields


TITLED = [["Officers on leave, May, June and July"], [], ["As of", "1 May"], HEADING, *ROWS]


def test_titles_and_blank_lines_above_the_heading_are_passed_over(tmp_path):
    book = workbook(tmp_path / "leave.xlsx", {"Cover": [["Read me"]], "May": TITLED, "June": [HEADING, *ROWS]})
    assert proposed(tmp_path, book, "--sheet", "May") == ('{delimiter: ",", skipRows: 3, sheet: May}', FIELDS)
    assert proposed(tmp_path, book, "--sheet", "June") == ('{delimiter: ",", sheet: June}', FIELDS)
    assert proposed(tmp_path, book)[0] == '{delimiter: ","}'
    table = tmp_path / "leave.csv"
    table.write_text("".join(";".join(row) + "\n" for row in TITLED), "utf-8")
    assert proposed(tmp_path, table) == ('{delimiter: ";", skipRows: 3}', FIELDS)
    table.write_text("".join(";".join([*row, "1,5"]) + "\n" for row in [HEADING, *ROWS]), "utf-8")
    assert proposed(tmp_path, table)[0] == '{delimiter: ";"}'


def test_who_declares_may_say_where_the_heading_stands(tmp_path):
    wide = [["Leave", "granted", "by the", "ministry"], HEADING, *ROWS]
    book = workbook(tmp_path / "leave.xlsx", {"May": wide})
    assert proposed(tmp_path, book, "--skip-rows", "1") == ('{delimiter: ",", skipRows: 1}', FIELDS)
    done = muster("source", "new", tmp_path / "leave.yaml", "--sample", book, "--skip-rows", "9")
    assert "Below the first 9 lines the sample has no heading." in done.stderr


def test_a_broken_line_of_a_sample_of_json_is_passed_over(tmp_path):
    lines = tmp_path / "leave.ndjson"
    lines.write_text('{"Entry": 1, "Town": "Kent"}\n{"Entry": 2, "To\n{"Entry": 3, "Town": "Low"}\n', "utf-8")
    assert proposed(tmp_path, lines)[1] == ["{name: Entry, type: integer}", "{name: Town, type: string}"]


@pytest.mark.parametrize(("option", "said"), [("--sheet", "It has: May."), ("--skip-rows", "not in the range")])
def test_a_sheet_that_is_not_there_is_told_with_those_that_are(tmp_path, option, said):
    book = workbook(tmp_path / "leave.xlsx", {"May": [HEADING, *ROWS]})
    done = muster("source", "new", tmp_path / "leave.yaml", "--sample", book, option, "-1")
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "leave.yaml").exists()
