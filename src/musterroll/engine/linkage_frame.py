"""The rows that linkage compares, as DuckDB sees them: a view over the comparison frames of all sources.

1. Nothing is read into memory whole: frames are Parquet files in the run's work folder, or one small frame in memory.
2. The database lies in memory, has a limit of it, and spills what does not fit into the run's work folder: tables of
   one run need no file that is packed and logged.
3. Founding records that officers merged are read under one number (`merged`); their own founding links stay.
"""

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from musterroll.engine.linkage_levels import DWELLING
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_pairs import VIEW_COLUMNS, no_name_sql, view_sql
from musterroll.linkage.comparison import COLUMNS, Compared, parts_of, readings

type Database = duckdb.DuckDBPyConnection

HUMAN = pl.Schema({"founder": pl.Int64, "record": pl.Int64, "judgement": pl.UInt8, "by": pl.String, "basis": pl.Int64})
"""The standing judgement of an officer or the person for each pair, by the founding record: one row a pair."""

MERGED = pl.Schema({"founder": pl.Int64, "into": pl.Int64})

_NAMES = pl.concat_str("given", "middle", "family", ignore_nulls=True)
_LATIN = pl.when(_NAMES != "").then(_NAMES.str.len_bytes() == _NAMES.str.len_chars()).alias("latin")
_DWELLING = DWELLING.alias("dwelling")


@dataclass(frozen=True)
class Population:
    """Whom a run looks at: `frames` are Parquet files of the schema FRAME or one frame; `founding` names sources.

    `founded` are records of other sources which an officer's act lets found a person, `merged` founding records that
    are one person's [founder, into], `human` the judgements that stand (HUMAN), `vanished` the last comparison rows of
    founding records that are on their list no more.
    """

    frames: Sequence[Path] | pl.DataFrame
    founding: frozenset[str]
    founded: frozenset[int] = frozenset()
    merged: Mapping[int, int] = field(default_factory=dict)
    human: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HUMAN))
    vanished: pl.DataFrame | None = None


@contextlib.contextmanager
def database(work: Path | None, *, memory: str, threads: int) -> Iterator[Database]:
    """An empty database, in memory as far as `memory` goes; the rest is spilled into the folder `work`, if given."""
    connection = duckdb.connect(config={"threads": threads})
    try:
        connection.execute(f"SET memory_limit = '{memory}'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")
        if work is not None:
            connection.execute(f"SET temp_directory = '{work / 'spill'}'")
        yield connection
    finally:
        connection.close()
        if work is not None:
            shutil.rmtree(work / "spill", ignore_errors=True)


def lay(connection: Database, population: Population, model: Model, name: str = "row") -> None:
    """Make the view `name` of all rows in every reading, and the small tables of forms, judgements and mergers."""
    words = model.form_groups
    forms = pl.DataFrame(
        {"name": list(words), "forms": list(words.values())}, schema={"name": pl.String, "forms": pl.List(pl.Int32)}
    )
    pairs = sorted(population.merged.items())
    for title, frame in {
        "form": forms,
        "merged": pl.DataFrame(pairs, schema=MERGED, orient="row"),
        "founding": pl.DataFrame({"source": sorted(population.founding)}, schema={"source": pl.String}),
        "founded": pl.DataFrame({"record": sorted(population.founded)}, schema={"record": pl.Int64}),
        "said": _merged(population.human.cast(HUMAN), population.merged),
    }.items():
        table_of(connection, title, frame)
    connection.execute(no_name_sql(model.not_names))
    view_of(connection, name, population.frames, population)
    if population.vanished is None:
        connection.execute(f"CREATE OR REPLACE VIEW vanished AS SELECT * FROM {name} LIMIT 0")
    else:
        view_of(connection, "vanished", population.vanished, population)


def table_of(connection: Database, name: str, frame: pl.DataFrame) -> None:
    """Make the table `name` of a small frame."""
    connection.register("frame_handed_in", frame.to_arrow())
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM frame_handed_in")
    connection.unregister("frame_handed_in")


def view_of(connection: Database, name: str, frames: Sequence[Path] | pl.DataFrame, population: Population) -> None:
    """Make the view `name` of the rows of `frames` in every reading; `population` says who founds and who is merged."""
    if isinstance(frames, pl.DataFrame):
        connection.register(f"{name}_frame", told_apart(frames).to_arrow())
        table = f"{name}_frame"
    else:
        files = ", ".join(f"'{file}'" for file in frames)
        table = f"read_parquet([{files}])"
    told = f"SELECT *, {_founds(population)} AS founds FROM {table}"
    if population.merged:
        told = (
            'SELECT t.* REPLACE (coalesce(m."into", t.record) AS record, t.alone AND m."into" IS NULL '
            f'AND t.record NOT IN (SELECT "into" FROM merged) AS alone) FROM ({told}) t LEFT JOIN merged m '
            "ON m.founder = t.record"
        )
    read_from(connection, name, told)


def read_from(connection: Database, name: str, told: str) -> None:
    """Make the view `name` of rows as they were `told` (a query), and the view `NAME_told` of these. After `lay`."""
    connection.execute(f"CREATE OR REPLACE VIEW {name}_told AS {told}")
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS {view_sql(f'{name}_told')}")


def _founds(population: Population) -> str:
    founds = "source IN (SELECT source FROM founding)"
    return f"({founds} OR record IN (SELECT record FROM founded))" if population.founded else f"({founds})"


def _merged(human: pl.DataFrame, merged: Mapping[int, int]) -> pl.DataFrame:
    return human.with_columns(pl.col("founder").replace(dict(merged))) if merged else human


def told_apart(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a comparison frame, each once, in both readings where a told age contradicts the birth date.

    `alone` says that a row is the only one of its record; all rows of a record come in one call. `latin` and `dwelling`
    are what every look at a row would make of it again.
    """
    years = pl.col("as_of").cast(pl.Date).dt.year() - pl.col("age") - pl.col("born").cast(pl.Date).dt.year()
    doubtful = ~years.fill_null(0).is_between(0, 1)
    rows = frame.select(COLUMNS)
    read = [one for row in rows.filter(doubtful).iter_rows() for one in readings(Compared(*row), ())]
    again = pl.DataFrame(list(parts_of(read)), schema=rows.schema, orient="row")
    found = pl.concat([rows.filter(~doubtful), again]).with_columns(_DWELLING, _LATIN)
    once = found["record"].is_unique()
    several = found.filter(~once).unique().with_columns((pl.len().over("record") == 1).alias("alone"))
    return pl.concat([found.filter(once).with_columns(pl.lit(value=True).alias("alone")), several])


def rows_of(connection: Database, target: str, records: str, where: str = "TRUE") -> None:
    """Make the table `target` of the rows of `records` (a query of record numbers), with the forms of given names.

    Nothing is made of rows that are not asked for: what a row says is read from its texts only once it is chosen.
    """
    columns = ", ".join(f"x.{column}" for column in VIEW_COLUMNS)
    chosen = view_sql(f"(SELECT * FROM row_told x WHERE x.record IN ({records}) AND {where})")
    connection.execute(
        f"CREATE OR REPLACE TABLE {target} AS SELECT {columns}, form.forms FROM ({chosen}) x "
        "LEFT JOIN form ON form.name = x.given"
    )
