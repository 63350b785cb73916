"""Linkage of frames in memory: what is compared, what comes out, and a whole nation's run on few rows.

`link` is `linkage_night.link_all` with persons' numbers in place of founding records. `score_pairs` lets Splink look
for the pairs itself, as training does; a night hands it the pairs.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from musterroll.engine import linkage_night
from musterroll.engine.linkage_frame import Population
from musterroll.engine.linkage_levels import derived
from musterroll.engine.linkage_model import Model
from musterroll.linkage.comparison import COLUMNS, Compared, parts_of, readings
from musterroll.linkage.weight import POSSIBLE, THOUSANDTHS, probability, thousandths

COMPARED = pl.Schema(
    {
        "record": pl.Int64,
        "source": pl.String,
        "single": pl.Boolean,
        "number": pl.String,
        "given": pl.String,
        "middle": pl.String,
        "family": pl.String,
        "born": pl.Int32,
        "sex": pl.UInt8,
        "age": pl.Int32,
        "as_of": pl.Int32,
        "house": pl.String,
        "street": pl.String,
        "unit": pl.String,
        "po_box": pl.String,
        "town": pl.String,
        "postcode": pl.String,
        "born_until": pl.Int32,
        "given_keys": pl.String,
        "family_keys": pl.String,
    }
)
"""The comparison frame: one row for each delivered row of a record, as `linkage.comparison` folds it."""

LINKS = pl.Schema(
    {
        "person": pl.Int64,
        "record": pl.Int64,
        "judgement": pl.UInt8,
        "by": pl.String,
        "basis": pl.Int64,
        "weight": pl.Int32,
        "agreed": pl.Int64,
        "against": pl.Int64,
    }
)
HUMAN = pl.Schema({"person": pl.Int64, "record": pl.Int64, "judgement": pl.UInt8, "by": pl.String, "basis": pl.Int64})
"""The standing judgement of an officer or the person for each pair: one row a pair, the superseded left out."""

REFUSED = pl.Schema({"left": pl.Int64, "right": pl.Int64, "weight": pl.Int32, "reason": pl.String})
SCORES = pl.Schema({"left": pl.Int64, "right": pl.Int64, "weight": pl.Int32, "probability": pl.Float64})


@dataclass(frozen=True)
class Linked:
    """`links` has one row a person and record; `unattached` the records that belong to nobody, not even possibly."""

    links: pl.DataFrame
    refused_edges: pl.DataFrame
    unattached: pl.DataFrame
    stats: Mapping[str, int]


def prepared(records: pl.DataFrame, model: Model, *, at_most: int = 2) -> pl.DataFrame:
    """The comparison frame in one order, each row in its readings (`linkage.comparison.readings`).

    Only rows of which there may be another reading than the row itself are looked at one by one.
    """
    rows = records.select(COLUMNS).cast(COMPARED)
    words = pl.Series(sorted(model.not_names), dtype=pl.String).implode()
    years_apart = (
        pl.col("as_of").cast(pl.Date).dt.year() - pl.col("age") - pl.col("born").cast(pl.Date).dt.year()
    ).fill_null(0)
    doubtful = (
        pl.col("given").is_in(words).fill_null(value=False)
        | pl.col("family").is_in(words).fill_null(value=False)
        | ~years_apart.is_between(0, 1)
    )
    again = (Compared(*row) for row in rows.filter(doubtful).iter_rows())
    read = list(parts_of(one for row in again for one in readings(row, model.not_names)[:at_most]))
    return pl.concat([rows.filter(~doubtful), pl.DataFrame(read, schema=COMPARED, orient="row")]).unique().sort(COLUMNS)


def score_pairs(records: pl.DataFrame, founders: int, model: Model) -> pl.DataFrame:
    """Weight and probability of every pair worth looking at, by record numbers (left < right), none below POSSIBLE.

    `records` is a comparison frame (COMPARED); `founders` the number of founding records, which scales the prior. Of
    several rows of one record the best pair counts.
    """
    return _score(prepared(records, model), founders, model)


def _score(ordered: pl.DataFrame, founders: int, model: Model) -> pl.DataFrame:
    if ordered.height < 2:
        return pl.DataFrame(schema=SCORES)
    rows = derived(ordered, model.form_groups)
    connection = duckdb.connect()
    try:
        table = DuckDBAPI(connection).register(rows.to_arrow(), dataset_display_name="records")
        linker = Linker(table, model.settings(founders), log_level=None, validate_settings=False)
        found = linker.inference.predict(threshold_match_weight=POSSIBLE / THOUSANDTHS - 0.01, warning_mode="never")
        scored = pl.DataFrame(found.as_pyarrow_table())  # type: ignore[no-untyped-call]
    finally:
        connection.close()
    numbers = rows.select("row", "record")
    return (
        scored.select(
            pl.col("row_l", "row_r").cast(pl.UInt32),
            weight=pl.col("match_weight").map_elements(thousandths, return_dtype=pl.Int64).cast(pl.Int32),
        )
        .join(numbers.rename({"row": "row_l", "record": "a"}), on="row_l")
        .join(numbers.rename({"row": "row_r", "record": "b"}), on="row_r")
        .select(left=pl.min_horizontal("a", "b"), right=pl.max_horizontal("a", "b"), weight="weight")
        .filter(pl.col("weight") >= POSSIBLE)
        .group_by("left", "right")
        .agg(pl.col("weight").max())
        .sort("left", "right")
        .with_columns(probability=pl.col("weight").map_elements(probability, return_dtype=pl.Float64))
        .cast(SCORES)
    )


def link(records: pl.DataFrame, founders: pl.DataFrame, human: pl.DataFrame, model: Model) -> Linked:
    """The links of every record (frames: COMPARED, [record, person], HUMAN)."""
    numbers = founders.select(pl.col("record").alias("founder"), "person")
    population = Population(
        records.select(COLUMNS).cast(COMPARED),
        frozenset(),
        founded=frozenset(founders["record"]),
        human=human.cast(HUMAN).join(numbers, on="person").select("founder", "record", "judgement", "by", "basis"),
    )
    with tempfile.TemporaryDirectory(prefix="muster-link-") as folder:
        found = linkage_night.link_all(population, model, Path(folder))
        links = (
            found.read("link").join(numbers, on="founder").select(LINKS.names()).cast(LINKS).sort("person", "record")
        )
        return Linked(links, found.read("refused").cast(REFUSED), found.read("unattached"), found.stats)
