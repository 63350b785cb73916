"""What Spark's workers do to the rows that linkage compares: a task reads files, writes files, and uses DuckDB inside.

1. Comparisons, vetoes and rules are the SQL of one machine (`linkage_pairs`, `linkage_rules`), run by a worker on its
   part. Nothing is said twice, so nothing can be said otherwise.
2. A part holds records whole (all their rows) and every founder who may claim one of them by number, or by names and
   birth date: what the rules say of a record depends on nobody else.
3. Keys are 64 bits of DuckDB's hash, moved into the range of a signed number: Spark knows no other.
"""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from musterroll.engine import linkage_night, linkage_terms
from musterroll.engine.linkage_blocks import KINDS, SLOTS, key_sql, parts_of
from musterroll.engine.linkage_frame import Database, Population, database, lay, read_from, rows_of, told_apart
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_scores import RARE, spread
from musterroll.engine.linkage_splink import COMPARED

RULED = ("first", "ruled", "contested", "rest", "rest_row", "free_row")
"""What the rules leave of a part, a folder of files each."""

MEMORY = "1GB"
"""What a task may take before it spills."""

_SIGN = 1 << 63


@dataclass(frozen=True, slots=True)
class Task:
    """What every task is told: who is linked, by which model, in how many parts, in which folder of files."""

    population: Population
    model: Model
    frames: Sequence[Path]
    parts: int
    folder: Path


def part_sql(record: str, parts: int) -> str:
    """SQL: the part that a record is in."""
    return f"(hash({record}) % {parts})::INTEGER"


def lay_rows(task: Task, number: int) -> None:
    """The rows of frame file `number` as they were told, each with its record's part: a file of rows/."""
    with _at_work(task, f"rows-{number}") as connection:
        lay(connection, replace(task.population, frames=[task.frames[number]]), task.model)
        query = f"SELECT *, {part_sql('record', task.parts)} AS part FROM row_told"
        _write(connection, query, task.folder / "rows", number)


def rule(task: Task, part: int, said: pl.DataFrame) -> None:
    """The rules over one part (parts/part=N, as Spark laid it out); `said` are the judgements of its records."""
    files = sorted((task.folder / "parts" / f"part={part}").glob("*.parquet"))
    rows = files or sorted((task.folder / "rows").glob("*.parquet"))[:1]
    listed = ", ".join(f"'{file}'" for file in rows)
    with _at_work(task, f"rule-{part}") as connection:
        nobody = Population(told_apart(pl.DataFrame(schema=COMPARED)), task.population.founding, human=said)
        lay(connection, nobody, task.model, "nobody")
        told = f"SELECT * FROM read_parquet([{listed}], hive_partitioning = false) WHERE {'TRUE' if files else 'FALSE'}"
        read_from(connection, "row", told)
        linkage_night._by_rules(connection, _place(task, f"rule-{part}"))
        for name in RULED:
            _write(connection, f"SELECT * FROM {name}", task.folder / name, part)


def key_rows(task: Task, number: int) -> None:
    """The rows of frame file `number` as Splink weighs them, with the terms' frequencies, and their keys.

    Files of weighed/, rare_*/, seek/ (keys of records that no rule owns, but the crowded) and among/ (everybody's).
    """
    with _at_work(task, f"keys-{number}") as connection:
        lay(connection, replace(task.population, frames=[task.frames[number]]), task.model)
        linkage_terms.take(connection, task.folder / "terms")
        rows_of(connection, "near_row", "SELECT record FROM row")
        spread(connection)
        own = f'SELECT * REPLACE ("row" + {number << 40} AS "row") FROM splink_row'
        _write(connection, own, task.folder / "weighed", number)
        for column in RARE:
            _write(connection, f"SELECT * FROM rare_{column}", task.folder / f"rare_{column}", number)
        free = f"SELECT record FROM read_parquet('{task.folder / 'free_row'}/*.parquet')"
        contested = f"SELECT record FROM read_parquet('{task.folder / 'contested'}/*.parquet')"
        seek, among = (_keys(other=other) for other in (False, True))
        _write(connection, f"{seek} AND record IN ({free})", task.folder / "seek", number)
        _write(connection, f"{among} AND record NOT IN ({contested})", task.folder / "among", number)


def _keys(*, other: bool) -> str:
    """SQL of one line a row and kind: kind, key, record, source; crowded keys left out."""
    each = " UNION ALL ".join(
        f"SELECT {number} AS kind, '{kind}' AS name, {key_sql(kind, 'x', other=other)} AS hashed, record, source "
        f"FROM {parts_of('row')} x"
        for number, kind in enumerate(KINDS)
    )
    return f"""
        SELECT kind, (hashed::HUGEINT - {_SIGN})::BIGINT AS key, record, source FROM ({each}) k
        WHERE hashed IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM crowded c WHERE c.kind = k.name AND c.slot = (k.hashed % {SLOTS})::UINTEGER)
    """


def _place(task: Task, name: str) -> Path:
    return task.folder / "tasks" / name


@contextlib.contextmanager
def _at_work(task: Task, name: str) -> Iterator[Database]:
    """An empty database in a folder of the task's own, which goes with it."""
    place = _place(task, name)
    shutil.rmtree(place, ignore_errors=True)  # a task that failed is run again
    place.mkdir(parents=True)
    with database(place, memory=MEMORY, threads=1) as connection:
        yield connection
    shutil.rmtree(place)


def _write(connection: Database, query: str, folder: Path, number: int) -> None:
    """A file of `folder`, whole or not there; a task that is run again replaces it."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{number}.unfinished"
    connection.execute(f"COPY ({query}) TO '{unfinished}' (FORMAT parquet, COMPRESSION zstd)")
    unfinished.rename(folder / f"{number}.parquet")
