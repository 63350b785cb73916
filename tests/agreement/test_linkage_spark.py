"""Linkage on Spark's workers finds the pairs, weights, links and refusals of one machine, however damaged the rows."""

from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal
from tests.agreement.conftest import without_java
from tests.damagedpeople import FAMILY, GIVEN, frame, people

from musterroll.engine import linkage_night, linkage_spark
from musterroll.engine.linkage_frame import HUMAN, Population, told_apart
from musterroll.engine.linkage_levels import LEVEL_SETS
from musterroll.engine.linkage_model import load
from musterroll.linkage.comparison import fold

pytestmark = pytest.mark.timeout(900)  # workers start slowly where the machine has other work

MODEL = load()
WRITTEN = ("pair", "link", "free", "refused", "unattached")


def population(folder: Path, seed: int, count: int) -> Population:
    """Everybody in three files, as a night has them, with judgements, a merger and a record that founds a person."""
    told = told_apart(frame(people(seed, count)))
    files = []
    for number in range(3):
        files.append(folder / f"{number}.parquet")
        told.filter(pl.col("record") % 3 == number).write_parquet(files[-1])
    other = told.filter(pl.col("source") == "tax")["record"].unique().sort()
    human = [(1, other[0], 3, "officer", 7), (2, other[5], 1, "person", 8), (3, other[9], 2, "officer", 9)]
    return Population(
        files,
        frozenset({"civil"}),
        founded=frozenset({other[20]}),
        merged={5: 4},
        human=pl.DataFrame(human, schema=HUMAN, orient="row"),
    )


@without_java
def test_a_damaged_population_is_linked_on_two_workers_as_on_one_machine(tmp_path, context) -> None:
    everybody = population(tmp_path, 3, 240)
    alone = linkage_night.link_all(everybody, MODEL, tmp_path / "alone")
    spread = linkage_spark.link_all(everybody, MODEL, tmp_path / "spread", context, parts=4)
    for name in WRITTEN:
        assert_frame_equal(spread.read(name), alone.read(name))
    assert spread.stats == alone.stats
    told = alone.read("link").group_by("by", "judgement").len()
    assert {("number", 1), ("exact", 1), ("model", 1), ("model", 2), ("officer", 3)} <= set(
        told.rows_by_key(["by", "judgement"])
    )
    assert alone.read("refused").height > 5
    for name in ("frequency", "frequency_of", "crowded"):
        found = [pl.read_parquet(tmp_path / way / "terms" / f"{name}.parquet") for way in ("alone", "spread")]
        assert_frame_equal(*found)
    assert sorted(each.name for each in (tmp_path / "spread").iterdir()) == sorted(
        each.name for each in (tmp_path / "alone").iterdir()
    )


@without_java
def test_a_frame_in_memory_is_linked_on_terms_that_were_kept(tmp_path, context) -> None:
    few = Population(frame(people(5, 12)), frozenset({"civil"}))
    linkage_night.link_all(Population(frame(people(6, 30)), frozenset({"civil"})), MODEL, tmp_path / "before")
    terms = tmp_path / "before" / "terms"
    alone = linkage_night.link_all(few, MODEL, tmp_path / "alone", terms=terms)
    spread = linkage_spark.link_all(few, MODEL, tmp_path / "spread", context, parts=2, terms=terms)
    for name in WRITTEN:
        assert_frame_equal(spread.read(name), alone.read(name))


def test_every_condition_of_the_model_has_a_spelling_for_spark() -> None:
    known = ("length(", "left(", "abs(", "likeness(", "edits(", "arrays_overlap(", "startswith(", "endswith(", "NOT (",
             "AND (", "OR (", " (", "((")  # fmt: skip
    for comparison in LEVEL_SETS:
        for condition in (comparison.silent, *(level.sql for level in comparison.levels)):
            said = linkage_spark.spelled(condition)
            assert '"' not in said
            for word in known:
                said = said.replace(word, " ")
            assert "(" not in said.lstrip("("), condition


def test_similarities_on_a_worker_are_the_databases_own() -> None:
    names = [None, "", *(fold(name) for name in (*GIVEN, *FAMILY)), "王", "zoé", "castilo", "catsillo"]
    pairs = [(left, right) for left in names for right in names]
    left, right = (pa.array(side, pa.string()) for side in zip(*pairs, strict=True))
    found = list(
        zip(linkage_spark.likeness(left, right).to_pylist(), linkage_spark.edits(left, right).to_pylist(), strict=True)
    )
    connection = duckdb.connect()
    asked = "SELECT jaro_winkler_similarity(?::VARCHAR, ?::VARCHAR), damerau_levenshtein(?::VARCHAR, ?::VARCHAR)"
    assert found == [connection.execute(asked, (a, b, a, b)).fetchall()[0] for a, b in pairs]
