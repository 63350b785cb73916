"""Two engines that share nothing but the folding give one answer, in every column (law-engine 7, gate 13).

Here on many people; the plain reference is compared with the bulk engine in test_law_polars.
"""

import random
from pathlib import Path

import polars as pl
import pytest
from tests.generatedlaw import DAYS, law
from tests.lawtext import anybody, day, flat

from musterroll.engine import law_duckdb, law_polars
from musterroll.law import pack as packs
from musterroll.law.calendar import LEAP_DAY
from musterroll.law.pack import Pack

PACKS = Path(__file__).parents[2] / "packs"
KINDS, COPIES = 900, 11


def crowd(pack: Pack, chance: random.Random) -> pl.DataFrame:
    """`KINDS` people made up, and others who each have some facts of one and some of another of them."""
    made = flat(pack, [anybody(pack, chance, sets=0.2) for _ in range(KINDS)]).drop("person")
    mixed = [made]
    for _ in range(COPIES - 1):
        rows = {name: [chance.randrange(KINDS) for _ in range(KINDS)] for name in pack.attributes}
        mixed.append(made.select(pl.col(one).gather(rows[_fact(pack, one)]) for one in made.columns))
    return pl.concat(mixed).with_row_index("person").with_columns(pl.col("person").cast(pl.Int64))


def _fact(pack: Pack, column: str) -> str:
    """The attribute of a column."""
    return next(name for name in (column, column.rpartition("_")[0]) if name in pack.attributes)


def compared(pack: Pack, question: str, people: pl.DataFrame, on: int) -> int:
    """Values compared, person and question not counted; an AssertionError names the column."""
    fast = law_polars.evaluate(pack, question, people, on)
    slow = law_duckdb.evaluate(pack, question, people, on)
    assert fast.schema == slow.schema
    for column in fast.columns:
        assert (fast[column] == slow[column]).all(), f"{question}: {column}"
    return fast.height * (fast.width - 2)


@pytest.mark.parametrize("leap", LEAP_DAY)
def test_two_engines_agree_on_generated_laws(leap: str) -> None:
    """3 x 12 laws x 9,900 people x 6 columns: 2.1 million comparisons."""
    chance = random.Random(f"duckdb {leap}")
    laws = [law(chance, leap) for _ in range(12)]
    assert sum(compared(one, "duty", crowd(one, chance), day(chance.choice(DAYS))) for one in laws) > 710_000


@pytest.mark.parametrize(("name", "on"), [("example", "2021-02-28"), ("us", "2026-11-01")])
def test_two_engines_agree_on_the_packs_that_are_shipped(name: str, on: str) -> None:
    chance = random.Random(f"duckdb {name}")
    pack = packs.load(PACKS / name)
    people = crowd(pack, chance)
    assert all(compared(pack, question, people, day(on)) for question in pack.questions)
