"""Two rows in figures: which level of each comparison of the model holds, and how many bits it weighs.

1. The weight of a level is log2(m / u) of the model's figures; where a side is silent a comparison weighs nothing.
2. What is not in the rows is not in these steps: how many people there are, how rare the names, who else is near. It is
   the rest of a link's weight, and is shown as that.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from musterroll.engine.linkage_levels import DIFFERS, LEVEL_SETS, LevelSet, derived
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_splink import COMPARED
from musterroll.linkage.comparison import Compared, parts_of
from musterroll.linkage.weight import thousandths


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison: the level that holds ("" where a side is silent), and its weight in thousandths of a bit."""

    comparison: str
    level: str
    weight: int


def steps(left: Compared, right: Compared, model: Model) -> tuple[Step, ...]:
    """Every comparison of the model for two rows, in the model's order."""
    pair = _pair(left, right, model)
    levels = pair.select("comparison", "level").rows()
    return tuple(_step(name, level, model) for name, level in levels)


def rest(weight: int, told: Sequence[Step]) -> int:
    """What of a link's weight is not in the two rows: the prior, the rarity of names, and who else is near."""
    return weight - sum(one.weight for one in told)


def _step(name: str, level: str | None, model: Model) -> Step:
    if level is None:
        return Step(name, "", 0)
    m, u = model.figures[name, level]
    return Step(name, level, thousandths(math.log2(m / u)))


def _pair(left: Compared, right: Compared, model: Model) -> pl.DataFrame:
    rows = derived(pl.DataFrame(parts_of([left, right]), schema=COMPARED, orient="row"), model.form_groups)
    both = ", ".join(f'{side}."{name}" AS "{name}_{side}"' for side in ("l", "r") for name in rows.columns)
    selects = ", ".join(f'{_level(one)} AS "{one.name}"' for one in LEVEL_SETS)
    connection = duckdb.connect()
    try:
        connection.register("rows", rows.to_arrow())
        # `both` and `selects` are made of our own columns and levels
        found = connection.sql(
            f"SELECT {selects} FROM (SELECT {both} FROM rows l, rows r WHERE l.row = 0 AND r.row = 1)"
        ).fetchall()[0]
    finally:
        connection.close()
    return pl.DataFrame(
        {"comparison": [one.name for one in LEVEL_SETS], "level": list(found)},
        schema={"comparison": pl.String, "level": pl.String},
    )


def _level(one: LevelSet) -> str:
    cases = " ".join(f"WHEN {level.sql} THEN '{level.name}'" for level in one.levels)
    return f"CASE WHEN {one.silent} THEN NULL {cases} ELSE '{DIFFERS}' END"
