"""The figures on the page about truth are those that were measured, and they keep the promise."""

import json
from pathlib import Path

import pytest

from musterroll.demo import truth_page

ROOT = Path(__file__).parents[2]
RESULTS = json.loads((ROOT / "benchmarks" / "results" / "truth.json").read_text(encoding="utf-8"))
LIMITS = {"18-25": 0.005, "18-59": 0.008}


def test_the_page_shows_what_was_measured():
    page = (ROOT / "docs" / "flow" / "truth.md").read_text(encoding="utf-8")
    assert truth_page.table(RESULTS) in page, "run `make bench-truth`: it writes the table"


def test_ten_configurations_were_measured():
    assert len({(one["year"], one["seed"], one["noise"], one["ages"]) for one in RESULTS}) == 10


@pytest.mark.parametrize(
    "one", [one for one in RESULTS if one["noise"] == 1], ids=lambda one: f"{one['year']} {one['seed']} {one['ages']}"
)
def test_with_ordinary_errors_the_register_is_right_about_people(one):
    assert one["wrongful"] <= LIMITS[one["ages"]] * one["called"]
    assert one["wrongful_knowable"] == 0
    assert one["undetermined_callable"] <= 0.11 * one["truly_callable"]
    assert one["missed"] <= 0.02 * one["truly_callable"]
