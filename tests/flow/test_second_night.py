"""The second night: what happened to people in the quarter reaches their standing, and time alone moves the others."""

import json
from datetime import date

import polars as pl
import pytest
from tests.conftest import Demo
from tests.rolled import Rolled

from musterroll.dates import day_of

pytestmark = pytest.mark.demo

FIRST, LAST = date(2020, 12, 31), date(2021, 3, 31)
ASKED = "asked"


class Town:
    """Everybody's class on both nights, by simulant, and what the simulation says happened between them."""

    def __init__(self, demo: Demo) -> None:
        rolled = Rolled(demo.folder)
        truth = demo.folder / "truth"
        self.changes = json.loads((truth / "changes.json").read_text(encoding="utf-8"))
        self.born = dict(pl.read_parquet(truth / "people.parquet").select("simulant", "born").iter_rows())
        rows = pl.read_parquet(truth / "rows.parquet").filter(pl.col("source") == "civil")
        question = rolled.pack.questions["service"]
        self.callable = {each.name for each in question.classes if each.callable}
        names = {number: each.name for number, each in enumerate(question.classes)}
        nights = []
        for snapshot in rolled.snapshots:
            keys = rolled.view(snapshot, "by_key").filter(pl.col("source") == "civil").select("record", "key")
            founding = rolled.held(snapshot, "link").filter(pl.col("by") == "founding").select("person", "record")
            standing = rolled.view(snapshot, "standing").filter(pl.col("question") == question.number)
            found = (
                standing.join(founding, on="person")
                .join(keys, on="record")
                .join(rows.select("key", "simulant").unique(), on="key")
            )
            nights.append({who: names.get(number, ASKED) for who, number in found.select("simulant", "class").rows()})
        self.before, self.after = nights

    def called_before(self, who: str) -> bool:
        return self.before.get(who) in self.callable

    def called_after(self, who: str) -> bool:
        return self.after.get(who) in self.callable

    def happened_to(self) -> set[str]:
        return {who for name in ("died", "entered", "enlisted", "moved") for who in self.changes[name]}


@pytest.fixture(scope="module")
def town(demo: Demo) -> Town:
    return Town(demo)


def in_the_quarter(born: int, years: int) -> bool:
    """Whether somebody reaches an age after the first night and by the second."""
    then = [day_of(day.replace(year=day.year - years)) for day in (FIRST, LAST)]
    return then[0] < born <= then[1]


def test_whoever_died_in_the_quarter_is_called_no_more(town):
    known = [who for who in town.changes["died"] if who in town.before]
    assert len(known) >= 3
    assert {town.after[who] for who in known} == {"ended"}


def test_whoever_enlisted_or_moved_into_an_institution_or_a_hall_is_called_no_more(town):
    halls = {"College", "Military", "Carceral", "Nursing home", "Other institutional"}
    moved = [who for who, housing in town.changes["housing"].items() if housing in halls]
    known = [who for who in [*town.changes["enlisted"], *moved] if town.called_before(who)]
    assert len(known) >= 3
    assert [who for who in known if town.called_after(who)] == []


def test_whoever_is_newly_called_came_of_age_in_the_quarter(town):
    new = [who for who in town.after if town.called_after(who) and not town.called_before(who)]
    assert len(new) > 5
    assert [who for who in new if not in_the_quarter(town.born[who], 18)] == []


def test_whoever_is_called_no_more_grew_too_old_or_something_happened_or_is_asked(town):
    ended = [who for who in town.before if town.called_before(who) and not town.called_after(who)]
    left = [who for who in ended if who not in town.happened_to() and not in_the_quarter(town.born[who], 26)]
    assert {town.after[who] for who in left} <= {ASKED}
    assert len(left) <= 3


def test_nobody_leaves_the_register_overnight(town):
    assert set(town.before) <= set(town.after)
