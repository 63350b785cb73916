"""A row set aside on a list of those concerned: whoever it may be of is asked, and of all others silence is read."""

from pathlib import Path

import polars as pl
import pytest
from tests.nights import Hamlet, store, terms

from musterroll.engine import night

SERVES = 3


class Listed(Hamlet):
    """A hamlet of which the pay office's rows come as the test says."""

    def delivered(self, name: str) -> list[dict[str, str]]:
        rows = super().delivered(name)
        return rows if name != "pay" else [change for row in rows for change in self.damage(row)]


def no_key(row):
    return [{**row, "entry": ""}]


def key_twice(row):
    return [row, {**row, "tax_year": "2019"}]


def no_year(row):
    return [{**row, "tax_year": ""}]


def nothing_told(row):
    return [{**row, "entry": "", "ssn": "", "first_name": "", "last_name": ""}]


def night_of(place, damage):
    """A first night of the hamlet; the row of the first man who serves is damaged. Person 1 is he."""
    hamlet = Listed(3, place)
    grown = [one for one in hamlet.people if one.born.year < 2003 and one.sex == "Male"]
    hamlet.damage = lambda row: damage(row) if row["ssn"] == grown[0].number else [row]
    for one in grown[:SERVES]:
        one.serves = True
    kept = store(place)
    (tonight,) = hamlet.days([])
    done = night.run(kept, None, tonight, terms(hamlet.day, 0))
    return {name: kept.get_table(done.snapshot, name) for name in ("flat", "flat_wide", "delivery")}


@pytest.mark.parametrize("damage", [no_key, key_twice, no_year])
def test_of_a_row_set_aside_its_own_person_is_asked_and_nobody_else(tmp_path: Path, damage) -> None:
    tables = night_of(tmp_path, damage)
    sure, wide = (tables[name].select("person", "has_served", "serving") for name in ("flat", "flat_wide"))
    assert wide["person"].to_list() == [1]
    assert wide["serving"].to_list() == [None]  # the dwelling register says no, his row perhaps yes
    others = sure.filter(pl.col("person") > SERVES)
    assert others["has_served"].to_list() == [0] * (sure.height - SERVES)  # only the pay office gives it
    assert tables["delivery"].sort("delivery")["full"].to_list() == [True, True, True]


def test_a_row_that_tells_nothing_of_its_person_has_everybody_asked_who_is_not_on_the_list(tmp_path: Path) -> None:
    tables = night_of(tmp_path, nothing_told)
    assert tables["flat"]["has_served"].null_count() == tables["flat"].height
    assert tables["delivery"].sort("delivery")["full"].to_list() == [True, True, False]
