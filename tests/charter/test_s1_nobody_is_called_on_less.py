"""S1: nobody's standing gets worse from what is missing, stale or only possible. On the sample population's own roll.

Each test takes something away or makes it less sure and looks whether anybody is found callable who was not before.
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl
import pytest
from tests.conftest import Demo
from tests.rolled import Rolled

from musterroll.dates import parse_day
from musterroll.engine import standings
from musterroll.engine.fact_polars import FactTables, flatten
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE

pytestmark = pytest.mark.demo

SOURCES = ("civil", "dwelling", "pay", "tax", "benefit")


@pytest.fixture
def rolled(demo: Demo) -> Rolled:
    return Rolled(demo.folder)


def called(rolled: Rolled, tables: FactTables, on: int | None = None) -> set[int]:
    """Whom the law finds callable on these facts."""
    first = rolled.snapshots[0]
    day = first.on if on is None else on
    flat = flatten(tables, rolled.pack, day, first.known_at, rolled.sources)
    standing = standings.decide(rolled.pack, flat, day)
    classes = standings.callable_classes(rolled.pack, "service")
    return set(standing.filter(pl.col("class").is_in(classes))["person"])


def without(tables: FactTables, sources: Iterable[str]) -> FactTables:
    """The same roll had these sources never delivered anything."""
    gone = tables.deliveries.filter(pl.col("source").is_in(list(sources)))
    records = tables.seen.filter(pl.col("source").str.split("#").list.first().is_in(list(sources)))
    numbers = gone["delivery"].implode()
    return replace(
        tables,
        facts=tables.facts.filter(~pl.col("delivery").is_in(numbers)),
        members=tables.members.filter(~pl.col("delivery").is_in(numbers)),
        deliveries=tables.deliveries.filter(~pl.col("delivery").is_in(numbers)),
        links=tables.links.join(records.select("record"), on="record", how="anti"),
    )


def test_a_source_that_falls_silent_makes_nobody_callable(rolled: Rolled):
    tables = rolled.tables(rolled.snapshots[0])
    everybody = called(rolled, tables)
    assert len(everybody) > 300
    for source in SOURCES:
        assert called(rolled, without(tables, [source])) <= everybody, source
    assert called(rolled, without(tables, SOURCES)) == set()


@pytest.mark.parametrize("change", ["late", "not whole"])
def test_a_source_that_is_late_or_not_whole_makes_nobody_callable(rolled: Rolled, change: str):
    tables = rolled.tables(rolled.snapshots[0])
    everybody = called(rolled, tables)
    name, weak = {"late": ("as_of", pl.col("as_of") - 1_000), "not whole": ("full", pl.lit(False))}[change]
    for source in SOURCES:
        theirs = pl.when(pl.col("source") == source).then(weak).otherwise(pl.col(name))
        weaker = tables.deliveries.with_columns(theirs.alias(name))
        assert called(rolled, replace(tables, deliveries=weaker)) <= everybody, source


def test_deliveries_older_than_their_limit_make_nobody_callable(rolled: Rolled):
    assert called(rolled, rolled.tables(rolled.snapshots[0]), parse_day("2022-12-31")) == set()


def test_what_is_only_possible_protects_and_makes_nobody_callable(rolled: Rolled):
    tables = rolled.tables(rolled.snapshots[0])
    everybody = called(rolled, tables)
    sure = replace(
        tables,
        facts=tables.facts.filter(pl.col("link") == CONFIRMED),
        members=tables.members.filter(pl.col("link").is_null() | (pl.col("link") == CONFIRMED)),
        links=tables.links.filter(pl.col("judgement") == CONFIRMED),
    )
    assert everybody < called(rolled, sure)  # somebody is protected by a possible link, and nobody is called by one


@pytest.mark.parametrize("attribute", ["sex", "born", "serving", "has_served", "in_institution", "full_time_student"])
def test_a_fact_that_becomes_only_possible_makes_nobody_callable(rolled: Rolled, attribute: str):
    tables = rolled.tables(rolled.snapshots[0])
    number = rolled.pack.attributes[attribute].number
    unsure = pl.when(pl.col("attribute") == number).then(pl.lit(POSSIBLE, pl.UInt8)).otherwise("link")
    shaken = replace(tables, facts=tables.facts.with_columns(unsure.alias("link")))
    # the record it came from is only possibly the person's too, or its silence would speak
    sources = {"serving": ["pay"], "has_served": ["pay"]}.get(attribute, [])
    records = tables.seen.filter(pl.col("source").is_in(sources))["record"].implode()
    judged = pl.when(pl.col("record").is_in(records)).then(pl.lit(POSSIBLE, pl.UInt8)).otherwise("judgement")
    shaken = replace(shaken, links=tables.links.with_columns(judged.alias("judgement")))
    assert called(rolled, shaken) <= called(rolled, tables)


def test_a_household_whose_places_are_blank_makes_nobody_callable(rolled: Rolled):
    tables = rolled.tables(rolled.snapshots[0])
    blank = pl.lit(None, pl.String).alias("role")
    assert called(rolled, replace(tables, members=tables.members.with_columns(blank))) <= called(rolled, tables)


def test_two_sources_that_differ_make_nobody_callable(rolled: Rolled):
    tables = rolled.tables(rolled.snapshots[0])
    sex = rolled.pack.attributes["sex"].number
    civil = tables.deliveries.filter(pl.col("source") == "civil")["delivery"].implode()
    other = (pl.col("attribute") == sex) & ~pl.col("delivery").is_in(civil)
    swapped = [pl.when(other).then(1 - pl.col(end)).otherwise(end).alias(end) for end in ("lo", "hi")]
    assert called(rolled, replace(tables, facts=tables.facts.with_columns(swapped))) <= called(rolled, tables)
