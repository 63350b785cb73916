"""One standing in which engine and reference differ stops a night, whatever the column (law-engine 6.4)."""

import random

import polars as pl
import pytest
from tests.lawtext import anybody, day, flat, small

from musterroll.dates import NEVER
from musterroll.engine import law_guard, law_polars
from musterroll.engine.law_words import words_of
from musterroll.errors import MusterRollError

PACK = small()
ON = day("2020-02-29")
NOBODY = pl.Series("person", [], dtype=pl.Int64)


def facts(people: int = 60) -> pl.DataFrame:
    chance = random.Random(5)
    frame = flat(PACK, [anybody(PACK, chance, sets=0.2) for _ in range(people)])
    return frame.with_columns(pl.lit(0, pl.UInt8).alias(f"{name}_state") for name in PACK.attributes)


def test_what_both_find_passes_and_is_counted() -> None:
    assert law_guard.check(PACK, facts(), ON, also=NOBODY) == 60
    bounded = facts().with_columns(changes_on=pl.Series([ON + 3, None] * 30, dtype=pl.Int32))
    assert law_guard.check(PACK, bounded, ON, also=NOBODY, sample=20) == 20


def test_whoever_changed_is_always_decided_again() -> None:
    everybody = facts()["person"]
    assert law_guard.check(PACK, facts(), ON, also=everybody, sample=1) == 60


@pytest.mark.parametrize("column", words_of(PACK).columns[2:])
def test_one_wrong_answer_in_any_column_stops_publication(column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = law_polars.evaluate

    def wrong(*asked: object) -> pl.DataFrame:
        answer = right(*asked)
        other = pl.col(column) ^ 1 if column != "next_change" else pl.lit(NEVER - 1, pl.Int32)
        only = pl.col("person") == 17
        return answer.with_columns(pl.when(only).then(other).otherwise(column).cast(answer[column].dtype).alias(column))

    monkeypatch.setattr(law_polars, "evaluate", wrong)
    with pytest.raises(MusterRollError) as refused:
        law_guard.check(PACK, facts(), ON, also=NOBODY)
    assert refused.value.code == "law.guard"
    assert column in str(refused.value)
    assert "17" not in str(refused.value)
