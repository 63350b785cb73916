"""Training of a linkage model, offline: the nightly run only predicts.

Deterministic: the same records, number and seed give the same file. u by random pairs, m by expectation maximisation
over three blockings that leave one another's comparisons free (Fellegi and Sunter, 1969; Splink 5). The m of "number
differs" is fixed: left alone, estimation takes borrowed numbers of relatives for one person's and finds 0.52.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from musterroll.engine.linkage_levels import DIFFERS, LEVEL_SETS, derived
from musterroll.engine.linkage_model import Model, settings_of
from musterroll.engine.linkage_splink import prepared, score_pairs
from musterroll.linkage.weight import CONFIRMED

FIXED_M: Mapping[tuple[str, str], float] = {("number", DIFFERS): 0.03}
TRAINING_BLOCKS = (
    'l."given" = r."given" AND l."family" = r."family" AND l."source" <> r."source"',
    'l."born_text" = r."born_text" AND l."source" <> r."source"',
    'l."number" = r."number" AND l."source" <> r."source"',
    'l."place" = r."place" AND l."given" = r."given" AND l."source" <> r."source"',
)
TOLD_BY = {
    "number": "number",
    "given": "given",
    "middle": "initial",
    "family": "family",
    "born": "born_text",
    "age": "told_year",
    "sex": "sex",
    "address": "place",
}
"""The column without which a comparison is silent."""

LEAST = 1e-5
"""No figure is smaller: a level never seen in training is rare, not impossible."""


def train(
    records: pl.DataFrame,
    *,
    number: int,
    trained_on: str,
    coverage: float,
    forms: tuple[tuple[str, ...], ...],
    not_names: frozenset[str],
    seed: int,
    founders: int,
) -> Model:
    """A model of the comparison frame `records`. Takes about half a minute for 36,000 records."""
    blank = Model(number, trained_on, coverage, _start(), forms, not_names)
    start = {key: figures for key, figures in _start().items() if key in FIXED_M}
    settings = blank.settings(founders) | {"comparisons": settings_of(start, frozenset(FIXED_M))}
    rows = derived(prepared(records, blank, at_most=1), blank.form_groups)
    connection = duckdb.connect(config={"threads": 1})
    try:
        table = DuckDBAPI(connection).register(rows.to_arrow(), dataset_display_name="records")
        linker = Linker(table, settings, log_level=None)
        linker.training.estimate_u_using_random_sampling(
            max_pairs=2e7, seed=seed, min_count_per_level=None, num_chunks=1
        )
        for block in TRAINING_BLOCKS:
            linker.training.estimate_parameters_using_expectation_maximisation(block)
        learnt = linker.misc.save_model_to_json()
    finally:
        connection.close()
    rough = replace(blank, figures=_figures(learnt))
    return replace(rough, figures=_without_matches(rough, records, rows, founders))


def _without_matches(
    rough: Model, records: pl.DataFrame, rows: pl.DataFrame, founders: int
) -> dict[tuple[str, str], tuple[float, float]]:
    """The figures with u freed of the pairs of one person that every random sample of pairs holds.

    They are few (1 in 20,000 here), but half of all pairs that agree on a birth date, and most that agree on a number.
    """
    matches = score_pairs(records, founders, rough).filter(pl.col("weight") >= CONFIRMED).select("left", "right")
    figures = {}
    for comparison in LEVEL_SETS:
        told = rows.filter(pl.col(TOLD_BY[comparison.name]).is_not_null())["record"].unique().to_frame("left")
        both = matches.join(told, on="left", how="semi").join(told.rename({"left": "right"}), on="right", how="semi")
        share = both.height / max(told.height * (told.height - 1) / 2, 1)
        for level in [*(one.name for one in comparison.levels), DIFFERS]:
            m, u = rough.figures[comparison.name, level]
            figures[comparison.name, level] = (m, _share((u - share * m) / (1 - share)))
    return figures


def _start() -> dict[tuple[str, str], tuple[float, float]]:
    """Any proper figures to begin with; only those of FIXED_M are handed on."""
    return {
        (comparison.name, level): (FIXED_M.get((comparison.name, level), 0.5), 0.5)
        for comparison in LEVEL_SETS
        for level in [*(one.name for one in comparison.levels), DIFFERS]
    }


def _figures(learnt: dict[str, Any]) -> dict[tuple[str, str], tuple[float, float]]:
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for comparison in learnt["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                m, u = (_share(level.get(f"{letter}_probability")) for letter in "mu")
                found[comparison["output_column_name"], level["label_for_charts"]] = (m, u)
    return found


def _share(value: float | None) -> float:
    return min(max(round(value or 0.0, 6), LEAST), 1 - LEAST)
