"""The four real lotteries of 1969 to 1972: the first is flagged, the others are not, by the published rules alone."""

import csv
import re
from pathlib import Path

import pytest

from musterroll.draw import fairness_table
from musterroll.engine import fairness_numpy

TABLES = Path(__file__).parent / "us-lottery"
PAGE = Path(__file__).parents[2] / "docs" / "spec" / "fairness.md"


def numbers(name: str) -> list[int]:
    with (TABLES / f"{name}.csv").open() as lines:
        return [int(row["rank"]) for row in csv.DictReader(lines)]


@pytest.mark.parametrize(
    ("drawn", "name", "verdict"),
    [
        ("1969", "lottery_1969_for_1970", "flag"),
        ("1970", "lottery_1970_for_1971", "unremarkable"),
        ("1971", "lottery_1971_for_1972", "unremarkable"),
        ("1972", "lottery_1972_for_1973", "unremarkable"),
    ],
)
def test_the_page_tells_what_was_found_of_each_lottery(drawn, name, verdict) -> None:
    report = fairness_numpy.examine_table(numbers(name), bytes(32), "0.001")
    row = re.search(rf"^\| {drawn} \|(.*)\|$", PAGE.read_text(), re.M)[1].replace("*", "").split("|")
    smallest = min(outcome.holm for outcome in report.outcomes)
    assert [cell.strip() for cell in row] == [
        *(f"{outcome.p:.6f}" for outcome in report.outcomes),
        "1" if smallest == 1 else f"{smallest:.6f}",
        verdict,
    ]
    assert report.verdict == verdict


def test_both_ways_of_computing_give_the_same_report() -> None:
    for name, seed in (("lottery_1969_for_1970", bytes(32)), ("lottery_1972_for_1973", b"\x01" * 32)):
        table = numbers(name)
        assert fairness_numpy.examine_table(table, seed, "0.001", 150) == fairness_table.examine(
            table, seed, "0.001", 150
        )


def test_a_table_of_chance_holds_each_number_once_and_differs_by_seed_and_place() -> None:
    tables = list(fairness_table.by_chance(bytes(32), 366, 3)) + list(fairness_table.by_chance(b"\x01" * 32, 366, 1))
    assert all(sorted(table) == list(range(1, 367)) for table in tables)
    assert len({tuple(table) for table in tables}) == 4
    assert [row.tolist() for row in fairness_numpy.by_chance(bytes(32), 366, 1, 2)] == tables[1:3]
