"""The tables of rows, and how a record changed in a night: words that all who read rows share."""

import polars as pl

from musterroll.engine.roll.table import RELATIVE, Table, row_table
from musterroll.extract.schema import Source

PLACE = ["delivery", "row"]
NEW, CHANGED, GONE = 1, 2, 3
"""How a record changed tonight: seen for the first time (or again), with other rows than before, in no row any more."""

CHANGES = {"record": pl.Int64, "source": pl.String, "gone": pl.Boolean}
ENDED = {"record": pl.Int64, "source": pl.String, "delivery": pl.Int64, "row": pl.Int32, "as_of": pl.Int32}


def relatives(source: Source) -> tuple[str, ...]:
    """The relatives whom a source's rows name, in the declared order: `spouse`, `dependant_1`."""
    return tuple(dict.fromkeys(role.split(".")[0] for _, role in source.roles if "." in role))


def table_for(source: Source) -> Table:
    """The table of a source's rows: its columns, then the record number of each relative."""
    return row_table(source.name, [*source.columns, *(RELATIVE + part for part in relatives(source))])


def step_of(source: str) -> str:
    """The step of a night in which a source's rows are laid over those held."""
    return f"rows-{source}"
