"""The linkage of a whole population on many machines: Splink on Spark weighs, and the rest is the code of one machine.

1. The same links as `linkage_night.link_all`, pair for pair: the same rules (by part, in workers), the same keys, the
   same model, settings and terms, the same settling. tests/agreement/test_linkage_spark.py holds one against the other.
2. Spark joins: founders with those whom they may claim, so that a part is whole; records that share a key; pairs with
   rows, which Splink weighs by its Spark backend. Files are handed out for all else (`linkage_spark_rows`).
3. Similarities of names are DuckDB's also on Spark (`likeness`, `edits`): two libraries' Jaro-Winkler differ in rare
   cases, and a weight must not depend on where it was found.
4. The machine that drives fixes the terms (one pass over the frames) and settles the components of what was weighed.
5. All machines see `folder`. Nothing of it but the files of `Linked` is left.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyspark
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.functions import arrow_udf
from splink import Linker, SparkAPI

from musterroll.engine import linkage_night, linkage_settle, linkage_spark_rows, linkage_terms
from musterroll.engine.linkage_frame import Database, Population, database, lay, told_apart
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_night import Linked
from musterroll.engine.linkage_scores import RARE
from musterroll.engine.linkage_spark_rows import RULED, Task, part_sql
from musterroll.linkage.weight import POSSIBLE, THOUSANDTHS

SPELLED = {
    '"': "`",
    "list_has_any(": "arrays_overlap(",
    "jaro_winkler_similarity(": "likeness(",
    "damerau_levenshtein(": "edits(",
    "starts_with(": "startswith(",
    "suffix(": "endswith(",
}
"""How Spark writes what the model's conditions say in DuckDB's words."""


def link_all(
    population: Population,
    model: Model,
    folder: Path,
    context: pyspark.SparkContext,
    *,
    parts: int = 8,
    terms: Path | None = None,
    memory: str = "3GB",
    threads: int = 2,
) -> Linked:
    """Every link of the population, written into `folder`, on the cluster `context` in `parts` parts.

    `terms`: a folder of terms to go by; else they are fixed.
    """
    work = folder / "spark"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    frames = population.frames
    if isinstance(frames, pl.DataFrame):
        told_apart(frames).write_parquet(work / "frame.parquet")
        frames = [work / "frame.parquet"]
    session = SparkSession(context).newSession()  # views and functions of this run alone
    context.setCheckpointDir(str(work / "checkpoints"))
    with database(folder, memory=memory, threads=threads) as connection:
        here = replace(population, frames=frames)
        lay(connection, here, model)
        task = Task(here, model, frames, parts, work)
        _by_rules(connection, session, task)
        found = linkage_terms.fix(connection, model) if terms is None else linkage_terms.take(connection, terms)
        linkage_terms.keep(connection, found, work / "terms")
        _score(connection, session, task, found.founders)
        linkage_night._near(connection)
        connection.execute("CREATE OR REPLACE TABLE pair AS SELECT * FROM scored")
        linkage_settle.settle(connection, model.coverage)
        linkage_night._write(connection, model, folder)
        linkage_terms.keep(connection, found, folder / "terms")
        stats = linkage_night._stats(connection, folder)
    shutil.rmtree(work)
    return Linked(folder, stats)


def _each(session: SparkSession, task: Task, action: Callable[..., None], jobs: list[tuple[Any, ...]]) -> None:
    """Do `action` for each of the jobs, on whichever machine."""
    session.sparkContext.parallelize(jobs, len(jobs)).foreach(partial(_do, action, task))


def _do(action: Callable[..., None], task: Task, job: tuple[Any, ...]) -> None:
    action(task, *job)


def _by_rules(connection: Database, session: SparkSession, task: Task) -> None:
    """`settled`, `free_row` and what else `linkage_night` knows by the rules, as views of the parts' files."""
    files = [(number,) for number in range(len(task.frames))]
    _each(session, task, linkage_spark_rows.lay_rows, files)
    _lay_out(session, task)
    said = connection.sql(f"""
        SELECT *, {part_sql("record", task.parts)} AS part FROM said
        WHERE record NOT IN (SELECT record FROM row WHERE founds)
    """).pl()
    by_part = [(part, said.filter(pl.col("part") == part).drop("part")) for part in range(task.parts)]
    _each(session, task, linkage_spark_rows.rule, by_part)
    for name in RULED:
        connection.execute(
            f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet('{task.folder / name}/*.parquet')"
        )
    connection.execute("""
        CREATE OR REPLACE VIEW settled AS
        SELECT record, founder, 'number' AS "by", source, single, masks FROM first WHERE founder IS NOT NULL
        UNION ALL SELECT record, founder, "by", source, single, masks FROM ruled
    """)


def _lay_out(session: SparkSession, task: Task) -> None:
    """parts/part=N: the rows of a part's records, and those of every founder who may claim one of them."""
    _read(session, task, "rows")
    claims = " UNION ".join(
        f"SELECT f.record, o.part FROM rows f JOIN rows o ON {same} WHERE f.founds AND NOT o.founds"
        for same in (
            "f.number = o.number",
            "f.given = o.given AND f.family = o.family AND f.born = o.born",
        )
    )
    claims += """ UNION SELECT f.record, o.part FROM rows o
        JOIN rows n ON n.number = o.number AND n.born = o.born AND NOT n.given <=> o.given
        JOIN rows f ON f.family = o.family AND f.born = o.born WHERE n.founds AND f.founds AND NOT o.founds"""
    columns = ", ".join(f"x.`{name}`" for name in session.table("rows").columns if name != "part")
    laid = session.sql(f"""
        SELECT {columns}, w.part FROM rows x
        JOIN (SELECT record, part FROM rows WHERE NOT founds UNION {claims}) w ON w.record = x.record
    """)
    laid.repartition(task.parts, "part").write.partitionBy("part").parquet(str(task.folder / "parts"))


def _read(session: SparkSession, task: Task, name: str) -> DataFrame:
    frame = session.read.parquet(str(task.folder / name))
    frame.createOrReplaceTempView(name)
    return frame


def _score(connection: Database, session: SparkSession, task: Task, founders: int) -> None:
    """`scored`, as `linkage_scores.score` makes it, and `blocked`, what of the pairs is left to settle."""
    _each(session, task, linkage_spark_rows.key_rows, [(number,) for number in range(len(task.frames))])
    for name in ("seek", "among", "weighed"):
        _read(session, task, name)
    blocked = task.folder / "blocked"
    session.sql("""
        SELECT DISTINCT least(s.record, x.record) AS `left`, greatest(s.record, x.record) AS `right`
        FROM seek s JOIN among x ON s.kind = x.kind AND s.key = x.key WHERE s.source <> x.source
    """).write.parquet(str(blocked))
    _read(session, task, "blocked")
    scored = task.folder / "scored"
    if session.table("blocked").isEmpty():
        connection.execute('CREATE TABLE scored ("left" BIGINT, "right" BIGINT, weight INTEGER)')
    else:
        _weighed(session, task, founders).write.parquet(str(scored))
        connection.execute(f"CREATE VIEW scored AS SELECT * FROM read_parquet('{scored}/*.parquet')")
    connection.execute('CREATE VIEW blocked AS SELECT "left", "right" FROM scored')


def _weighed(session: SparkSession, task: Task, founders: int) -> DataFrame:
    """The pairs in `blocked` ("left", "right", weight), weighed by Splink from the rows in `weighed`."""
    session.udf.register("likeness", arrow_udf(likeness, "double"))  # type: ignore[call-overload]
    session.udf.register("edits", arrow_udf(edits, "bigint"))  # type: ignore[call-overload]
    api = SparkAPI(spark_session=session, register_udfs_automatically=False)  # type: ignore[no-untyped-call]
    near = session.sql("""
        SELECT w.* FROM weighed w
        LEFT SEMI JOIN (SELECT `left` AS record FROM blocked UNION SELECT `right` FROM blocked) n ON n.record = w.record
    """)
    rows = api.register(near, dataset_display_name="near")
    linker = Linker(rows, settings(task.model, founders), log_level=None, validate_settings=False)
    for column in RARE:
        name = f"rare_{column}"
        session.read.parquet(str(task.folder / name)).dropDuplicates([column]).createOrReplaceTempView(name)
        table = api.register(name, dataset_display_name=name)
        linker.table_management.register_term_frequency_lookup(table, column)
    pairs = session.sql("""
        SELECT '0' AS match_key, a.`row` AS join_key_l, b.`row` AS join_key_r
        FROM blocked p JOIN weighed a ON a.record = p.`left` JOIN weighed b ON b.record = p.`right`
    """)
    linker.table_management.register_blocked_pairs_for_predict(api.register(pairs, dataset_display_name="pairs"))
    found = linker.inference.predict(threshold_match_weight=POSSIBLE / THOUSANDTHS - 0.01, warning_mode="never")
    whole = f"sign(p.match_weight) * floor(abs(p.match_weight) * {THOUSANDTHS}D + 0.5D)"
    return session.sql(f"""
        SELECT least(a.record, b.record) AS `left`, greatest(a.record, b.record) AS `right`,
            cast(max({whole}) AS int) AS weight
        FROM {found.physical_name} p JOIN weighed a ON a.`row` = p.row_l JOIN weighed b ON b.`row` = p.row_r
        GROUP BY 1, 2 HAVING max({whole}) >= {POSSIBLE}
    """)


def settings(model: Model, founders: int) -> dict[str, Any]:
    """`Model.settings` in Spark's words."""
    found = model.settings(founders)
    for comparison in found["comparisons"]:
        for level in comparison["comparison_levels"]:
            level["sql_condition"] = spelled(level["sql_condition"])
    return found | {"blocking_rules_to_generate_predictions": []}


def spelled(condition: str) -> str:
    """A condition of the model in Spark's words."""
    for ours, theirs in SPELLED.items():
        condition = condition.replace(ours, theirs)
    return condition


def likeness(left: pa.Array, right: pa.Array) -> pa.Array:
    """The Jaro-Winkler similarity of each two texts, as the database has it."""
    return _of_pairs("jaro_winkler_similarity(l, r)::DOUBLE", left, right)


def edits(left: pa.Array, right: pa.Array) -> pa.Array:
    """How many slips of the pen lie between each two texts, as the database has it."""
    return _of_pairs("damerau_levenshtein(l, r)::BIGINT", left, right)


def _of_pairs(expression: str, left: pa.Array, right: pa.Array) -> pa.Array:
    pairs = pa.table({"l": left, "r": right})
    connection = _connection()
    connection.register("pairs", pairs)
    try:
        return connection.execute(f"SELECT {expression} AS found FROM pairs").to_arrow_table()["found"].combine_chunks()
    finally:
        connection.unregister("pairs")


@lru_cache(maxsize=1)
def _connection() -> duckdb.DuckDBPyConnection:
    """One a worker; on one thread rows stay in order."""
    return duckdb.connect(config={"threads": 1})
