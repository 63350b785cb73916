"""Tables of drums at the command line: a permutation is taken, anything else is refused and its cells are named."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from musterroll.cli.main import muster
from musterroll.errors import MusterRollError

TABLES = Path(__file__).parents[1] / "conformance" / "us-lottery"


def as_table(name: str, folder: Path) -> Path:
    """The stored table as `table.csv`: a date and its number a line."""
    path = folder / "table.csv"
    with (TABLES / name).open(encoding="ascii", newline="") as file:
        rows = [(f"{int(row['month']):02}-{int(row['day']):02}", row["rank"]) for row in csv.DictReader(file)]
    path.write_text("date,number\n" + "".join(f"{date},{number}\n" for date, number in sorted(rows)), "ascii")
    return path


def check(path: Path, days: int) -> str:
    result = CliRunner().invoke(muster, ["draw", "check-table", str(path), "--days", str(days)], catch_exceptions=True)
    if isinstance(result.exception, MusterRollError):
        return str(result.exception)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("lottery_1969_for_1970.csv", 366),
        ("lottery_1970_for_1971.csv", 365),
        ("lottery_1971_for_1972.csv", 366),
        ("lottery_1972_for_1973.csv", 365),
    ],
)
def test_a_table_in_which_each_date_has_another_number_is_taken(name, days, tmp_path):
    assert f"{days} dates, each with another number" in check(as_table(name, tmp_path), days)


def test_two_tables_as_they_were_published_are_refused_with_the_cells_named(tmp_path):
    blank = check(as_table("as_published_1970_for_1971.csv", tmp_path), 365)
    assert "[table.cells]" in blank
    assert "01-01 has no number" in blank
    assert "no date has 133" in blank
    double = check(as_table("as_published_1972_for_1973.csv", tmp_path), 365)
    assert "[table.cells]" in double
    assert "168 stands at 02-04 and at 12-19" in double
    assert "no date has 68" in double
