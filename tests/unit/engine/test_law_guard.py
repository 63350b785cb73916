"""One standing in which engine and reference differ stops a night, whatever the column (law-engine 6.4)."""

import random

import polars as pl
import pytest
from tests.conftest import ROOT
from tests.lawtext import anybody, day, flat, small

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.engine import law_conditions, law_guard, law_polars, standings
from musterroll.engine.fact_polars import Flat
from musterroll.engine.law_words import words_of
from musterroll.errors import MusterRollError
from musterroll.law import pack as packs

PACK = small()
QUESTION = next(iter(PACK.questions))
ON = day("2020-02-29")
NOBODY = pl.Series("person", [], dtype=pl.Int64)


def facts(people: int = 60) -> pl.DataFrame:
    chance = random.Random(5)
    frame = flat(PACK, [anybody(PACK, chance, sets=0.2) for _ in range(people)])
    return frame.with_columns(pl.lit(0, pl.UInt8).alias(f"{name}_state") for name in PACK.attributes)


def published(people: pl.DataFrame) -> pl.DataFrame:
    return law_polars.evaluate(PACK, QUESTION, people, ON)


def check(people: pl.DataFrame, standing: pl.DataFrame, **more: object) -> int:
    return law_guard.check(PACK, Flat(people, people.clear()), standing, ON, **{"also": NOBODY, **more})


def test_what_both_find_passes_and_is_counted() -> None:
    assert check(facts(), published(facts())) == 60
    bounded = facts().with_columns(changes_on=pl.Series([ON + 3, None] * 30, dtype=pl.Int32))
    assert check(bounded, published(bounded), sample=20) == 20


def test_whoever_changed_is_always_decided_again() -> None:
    assert check(facts(), published(facts()), also=facts()["person"], sample=1) == 60


@pytest.mark.parametrize("column", words_of(PACK).columns[2:])
def test_one_wrong_answer_in_any_column_stops_publication(column: str) -> None:
    right = published(facts())
    other = pl.col(column) ^ 1 if column != "next_change" else pl.lit(NEVER - 1, pl.Int32)
    only = pl.col("person") == 17
    wrong = right.with_columns(pl.when(only).then(other).otherwise(column).cast(right[column].dtype).alias(column))
    with pytest.raises(MusterRollError) as refused:
        check(facts(), wrong)
    assert refused.value.code == "law.guard"
    assert column in str(refused.value)
    assert "17" not in str(refused.value)


def test_a_standing_that_is_missing_or_stands_twice_stops_publication() -> None:
    right = published(facts())
    for wrong in (right.filter(pl.col("person") != 17), pl.concat([right, right.filter(pl.col("person") == 17)])):
        with pytest.raises(MusterRollError, match="Nothing is published"):
            check(facts(), wrong)


def test_what_is_only_possible_counts_where_somebody_would_be_called() -> None:
    """The published standing of such a person is the one on the widened facts (charter S1)."""
    pack = packs.load(ROOT / "packs" / "example")
    on = day("2021-01-01")
    sure = dict.fromkeys(law_conditions.inputs(pack.attributes))
    sure |= {"person": 1, "sex": 0, "enrolled": 1, "lives_in_dwelling": 1, "serving": 0, "has_served": 0}
    sure |= {"in_institution": 0, "shares_care": 0, "full_time_student": 0}
    dates = {"born": on - 20 * 365, "died_on": NEVER, "postponed_until": FIRST_DAY}
    dates |= dict.fromkeys(("third_child_born", "third_dependant_born", "youngest_child_born"), NEVER)
    sure |= {f"{name}_{end}": value for name, value in dates.items() for end in ("lo", "hi")}
    types = {"person": pl.Int64, **law_conditions.inputs(pack.attributes)}
    states = [pl.lit(0, pl.UInt8).alias(f"{name}_state") for name in pack.attributes]
    certain = pl.DataFrame([sure], schema=types).with_columns(states)
    wide = certain.with_columns(pl.lit(None, pl.UInt8).alias("serving"))
    flat_ = Flat(certain, wide)
    found = standings.decide(pack, flat_, on)
    assert standings.decide(pack, Flat(certain, wide.clear()), on)["class"].to_list() != found["class"].to_list()
    assert law_guard.check(pack, flat_, found, on, also=NOBODY) == 1
    with pytest.raises(MusterRollError, match="Nothing is published"):
        law_guard.check(pack, flat_, standings.decide(pack, Flat(certain, wide.clear()), on), on, also=NOBODY)
