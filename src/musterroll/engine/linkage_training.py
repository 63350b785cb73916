"""Training of a linkage model, offline: the nightly run only predicts.

Deterministic: the same records, number and seed give the same file. u by random pairs, m by expectation maximisation
over three blockings that leave one another's comparisons free (Fellegi and Sunter, 1969; Splink 5). The m of "number
differs" is fixed: left alone, estimation takes borrowed numbers of relatives for one person's and finds 0.52.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from musterroll.engine.linkage_levels import DIFFERS, LEVEL_SETS, derived
from musterroll.engine.linkage_model import Model, settings_of

FIXED_M: Mapping[tuple[str, str], float] = {("number", DIFFERS): 0.03}
TRAINING_BLOCKS = (
    'l."given" = r."given" AND l."family" = r."family" AND l."source" <> r."source"',
    'l."born_text" = r."born_text" AND l."source" <> r."source"',
    'l."number" = r."number" AND l."source" <> r."source"',
    'l."place" = r."place" AND l."given" = r."given" AND l."source" <> r."source"',
)
LEAST = 1e-5
"""No figure is smaller: a level never seen in training is rare, not impossible."""


def train(
    records: pl.DataFrame,
    *,
    number: int,
    trained_on: str,
    coverage: float,
    forms: tuple[tuple[str, ...], ...],
    seed: int,
    founders: int,
) -> Model:
    """A model of the comparison frame `records`. Takes about ten seconds for 35,000 records."""
    blank = Model(number, trained_on, coverage, _start(), forms)
    start = {key: (m, u) for key, (m, u) in _start().items() if key in FIXED_M}
    settings = blank.settings(founders) | {"comparisons": settings_of(start, frozenset(FIXED_M))}
    connection = duckdb.connect(config={"threads": 1})
    try:
        api = DuckDBAPI(connection)
        rows = derived(records.sort(pl.all()), blank.form_groups)
        linker = Linker(api.register(rows.to_arrow(), dataset_display_name="records"), settings, log_level=None)
        linker.training.estimate_u_using_random_sampling(
            max_pairs=2e7, seed=seed, min_count_per_level=None, num_chunks=1
        )
        for block in TRAINING_BLOCKS:
            linker.training.estimate_parameters_using_expectation_maximisation(block)
        learnt = linker.misc.save_model_to_json()
    finally:
        connection.close()
    return Model(number, trained_on, coverage, _figures(learnt), forms)


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
