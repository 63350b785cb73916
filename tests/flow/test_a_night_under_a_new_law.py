"""The night after an amendment comes into force, on the demonstration's roll (docs/flow/amendment.md, charter S9)."""

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import Demo
from tests.rolled import EXAMPLE, Rolled

from musterroll.dates import format_day
from musterroll.engine import linkage_model, night
from musterroll.law import pack as packs
from musterroll.law.pack import Pack
from musterroll.register.keys import SeededKeys

pytestmark = pytest.mark.demo


@pytest.fixture
def roll(demo: Demo, tmp_path: Path) -> Rolled:
    """The demonstration's roll, to write into."""
    shutil.copytree(demo.folder / "roll", tmp_path / "roll")
    shutil.copy(demo.folder / "home.json", tmp_path)
    return Rolled(tmp_path)


def terms(roll: Rolled, pack: Pack, earlier: Pack | None) -> night.Terms:
    """As the register would have them, the day after its last night."""
    last = roll.snapshots[-1]
    keys = SeededKeys(roll.seed)
    return night.Terms(
        pack=pack,
        earlier=earlier,
        sources=roll.sources,
        model=linkage_model.load(),
        secrets=night.Secrets(keys.secret("record"), keys.secret("ref")),
        on=last.on + 1,
        known=last.known_at + 86_400_000_000,
        through=last.through,
        buckets=last.buckets,
    )


def test_who_becomes_liable_by_a_new_law_is_told_first(roll: Rolled) -> None:
    older = roll.pack.with_parameters({"liable_to": 30})
    done = night.run(roll.store, roll.snapshots[-1], [], terms(roll, older, roll.pack))
    liable = roll.pack.questions["service"].index("liable")
    changes = done.moved.with_columns((pl.col("class") == liable).alias("now"))
    newly = changes.filter("now", "moved")
    assert newly.height > 50
    waits = older.parameters["worsening_notice"].at(done.snapshot.on)
    assert newly["effective_from"].unique().to_list() == [done.snapshot.on + waits]
    assert changes.filter(~pl.col("moved"))["effective_from"].unique().to_list() == [done.snapshot.on]
    assert set(changes["because"]) == {"law"}


def test_a_text_that_the_same_law_puts_into_force_on_a_later_day_is_told_first_as_well(roll: Rolled) -> None:
    last = roll.snapshots[-1]
    old = "values: {2019-01-01: 25}"
    pages = {page.name: page.read_text("utf-8") for page in sorted(EXAMPLE.glob("*.md"), key=_first)}
    assert [text.count(old) for text in pages.values()].count(1) == 1
    new = old.replace("}", f", {format_day(last.on + 1)}: 30}}")
    law = packs.from_text({name: text.replace(old, new) for name, text in pages.items()})
    done = night.run(roll.store, replace(last, packs=(law.digest,)), [], terms(roll, law, None))
    newly = done.moved.filter("moved", pl.col("class") == law.questions["service"].index("liable"))
    assert newly.height > 50
    assert set(newly["because"]) == {"law"}
    assert newly["effective_from"].min() > done.snapshot.on


def _first(page: Path) -> tuple[bool, str]:
    return page.name != "pack.md", page.name


def test_a_night_under_a_new_law_is_not_run_without_the_old_one(roll: Rolled) -> None:
    older = roll.pack.with_parameters({"liable_to": 30})
    with pytest.raises(ValueError, match="the law by which the last standings were found"):
        night.run(roll.store, roll.snapshots[-1], [], terms(roll, older, None))
