"""Whose rows these are, for a whole population, out of memory (intake 7.2): rules first, then weights, then clusters.

1. Rows in any order, on any number of threads, give the same links: weights are whole thousandths, ties are settled by
   record numbers, files are sorted. `linkage.whose` says the same for few records, and is the truth.
2. Only records that no rule gave to anybody are weighed, against everybody.
3. A link names the founding record, not a person: numbers of persons are the night's.
4. The pairs that were weighed are kept (`pair`, numbers only), so that a night finds a touched record's component again
   without weighing it anew (`linkage_delta`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from musterroll.engine import (
    linkage_blocks,
    linkage_namesakes,
    linkage_rules,
    linkage_scores,
    linkage_settle,
    linkage_terms,
)
from musterroll.engine.linkage_frame import Database, Population, database, lay, rows_of
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_pairs import against_of, agreed_of, compared_sql
from musterroll.linkage.weight import CERTAIN, POSSIBLE
from musterroll.linkage.whose import RULES_VERSION

LINKS = pl.Schema(
    {
        "founder": pl.Int64,
        "record": pl.Int64,
        "source": pl.String,
        "judgement": pl.UInt8,
        "by": pl.String,
        "basis": pl.Int64,
        "weight": pl.Int32,
        "agreed": pl.Int64,
        "against": pl.Int64,
    }
)
"""One row a founding record and record; `source` is the record's."""

SORTED = 200_000
"""Links of fewer records lie in order in their file."""

PAIRS = pl.Schema({"left": pl.Int64, "right": pl.Int64, "weight": pl.Int32})


@dataclass(frozen=True, slots=True)
class Linked:
    """A run's files in `folder`: link, pair, free, refused and unattached (.parquet), and terms/.

    `free` are the records that no rule or human gave to anybody. A night needs `link`, `pair`, `free` and terms/.
    """

    folder: Path
    stats: Mapping[str, int]

    def read(self, name: str) -> pl.DataFrame:
        """One of the files by its name without `.parquet`."""
        return pl.read_parquet(self.folder / f"{name}.parquet")


UNCONTESTED = """
    DELETE FROM blocked WHERE "left" IN (SELECT record FROM contested) OR "right" IN (SELECT record FROM contested)
"""
"""A record that the rules give to two founders is weighed with nobody."""


def link_all(
    population: Population,
    model: Model,
    folder: Path,
    *,
    terms: Path | None = None,
    memory: str = "3GB",
    threads: int = 2,
) -> Linked:
    """Every link of the population, written into `folder`. `terms`: a folder of terms to go by; else they are fixed."""
    folder.mkdir(parents=True, exist_ok=True)
    work = None if isinstance(population.frames, pl.DataFrame) else folder
    with database(work, memory=memory, threads=threads) as connection:
        lay(connection, population, model)
        _by_rules(connection, folder)
        found = linkage_terms.fix(connection, model) if terms is None else linkage_terms.take(connection, terms)
        linkage_blocks.block(connection, "free_row", found.founders, model)
        connection.execute(UNCONTESTED)
        _near(connection)
        linkage_scores.score(connection, found.founders, model)
        connection.execute("DROP TABLE blocked")
        connection.execute("CREATE OR REPLACE TABLE pair AS SELECT * FROM scored")
        linkage_settle.settle(connection, model.coverage)
        _write(connection, model, folder)
        linkage_terms.keep(connection, found, folder / "terms")
        stats = _stats(connection, folder)
    (folder / "ruled.parquet").unlink()
    return Linked(folder, stats)


def _by_rules(connection: Database, folder: Path) -> None:
    """`settled` (all owners by rule or human) and `free_row` (rows of those who have none)."""
    linkage_rules.fast(connection, folder / "ruled.parquet")
    connection.execute(f"CREATE OR REPLACE VIEW first AS SELECT * FROM read_parquet('{folder / 'ruled.parquet'}')")
    connection.execute("""
        CREATE OR REPLACE TABLE rest AS SELECT DISTINCT record FROM first WHERE founder IS NULL
        UNION SELECT record FROM said WHERE record NOT IN (SELECT record FROM row WHERE founds)
    """)
    rows_of(connection, "rest_row", "SELECT record FROM rest", where="NOT x.founds")
    linkage_rules.slow(connection)
    connection.execute("""
        CREATE OR REPLACE TABLE free_row AS
        SELECT * FROM rest_row WHERE record NOT IN (SELECT record FROM ruled WHERE record IS NOT NULL)
            AND record NOT IN (SELECT record FROM contested)
    """)
    connection.execute("""
        CREATE OR REPLACE VIEW settled AS
        SELECT record, founder, 'number' AS "by", source, single, masks FROM first WHERE founder IS NOT NULL
        UNION ALL SELECT record, founder, "by", source, single, masks FROM ruled
    """)


def _near(connection: Database) -> None:
    """`near_row` and `owner`: the rows of all that is weighed, and whose records they are."""
    connection.execute(
        'CREATE OR REPLACE TABLE near AS SELECT "left" AS record FROM blocked UNION SELECT "right" FROM blocked'
    )
    connection.execute("""
        CREATE OR REPLACE TABLE owning AS SELECT DISTINCT founder FROM settled WHERE record IN (SELECT record FROM near)
        UNION SELECT record FROM near
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE owner AS SELECT record, founder, source, single FROM settled
        WHERE founder IN (SELECT founder FROM owning)
    """)
    rows_of(connection, "near_row", "SELECT founder FROM owning")


def _write(connection: Database, model: Model, folder: Path) -> None:
    """The links and what else a run leaves, sorted; of a nation, the links as they come (a night sorts by bucket)."""
    linkage_namesakes.pairs(connection)
    few = connection.sql("SELECT count(*) FROM first").fetchall()[0][0] < SORTED
    for name, query in {
        "link": f"SELECT * FROM ({links_sql(connection, model)}) {'ORDER BY founder, record' if few else ''}",
        "pair": 'SELECT * FROM pair ORDER BY "left", "right"',
        "free": "SELECT DISTINCT record FROM free_row ORDER BY record",
        "refused": 'SELECT DISTINCT * FROM refused ORDER BY "left", "right", reason',
        "unattached": f"SELECT record FROM ({unattached_sql('rest')}) ORDER BY record",
    }.items():
        connection.execute(f"COPY ({query}) TO '{folder / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")


def unattached_sql(records: str) -> str:
    """Those of `records` (a table) who have rows, found nobody, and belong to nobody, not even possibly."""
    return f"""
        SELECT record FROM {records} WHERE record IN (SELECT record FROM rest_row UNION SELECT record FROM free_row)
        EXCEPT (SELECT record FROM ruled UNION SELECT record FROM contested
            UNION SELECT record FROM model_link UNION SELECT record FROM possible
            UNION SELECT record FROM namesake_link
            UNION SELECT record FROM said WHERE judgement <> 3)
    """


def links_sql(connection: Database, model: Model, founders: str = "TRUE", rows: str | None = None) -> str:
    """The links (LINKS) of `settled`, `said`, `model_link`, `possible` and of all founders (or only of some).

    Makes `namesake_link` of them, with the rows of the table `rows`, if given (`linkage_namesakes.link`); it has the
    rows of these founders too.
    """
    source = "(SELECT DISTINCT record, source FROM near_row)"
    connection.execute(f"""
        CREATE OR REPLACE TABLE human AS
        SELECT s.founder, s.record, r.source, s.judgement, s."by", s.basis, coalesce(c.masks, 0) AS masks FROM said s
        LEFT JOIN (SELECT DISTINCT record, source FROM row WHERE record IN (SELECT record FROM said)) r
            ON r.record = s.record
        LEFT JOIN ({_said_masks(connection)}) c ON c.a = s.founder AND c.b = s.record
    """)
    linkage_namesakes.link(connection, _JUDGED, rows)
    founding = f"SELECT DISTINCT record, source FROM {rows or 'row'} WHERE founds AND {founders}"
    merged = (
        "UNION SELECT m.founder, r.source FROM merged m LEFT JOIN "
        '(SELECT DISTINCT record, source FROM row WHERE founds AND record IN (SELECT "into" FROM merged)) r '
        'ON r.record = m."into"'
    )
    return f"""
        SELECT record AS founder, record, source, 1::UTINYINT AS judgement, 'founding' AS "by",
            {RULES_VERSION}::BIGINT AS basis, {CERTAIN}::INTEGER AS weight, 0::BIGINT AS agreed,
            0::BIGINT AS against FROM ({founding} {merged})
        UNION ALL
        SELECT founder, record, source, 1::UTINYINT, "by", {RULES_VERSION}::BIGINT, {CERTAIN}::INTEGER,
            {agreed_of()}, {against_of()} FROM settled WHERE "by" IN ('number', 'exact')
        UNION ALL
        SELECT founder, record, source, 2::UTINYINT, "by", {RULES_VERSION}::BIGINT, {POSSIBLE}::INTEGER,
            {agreed_of()}, {against_of()} FROM contested
        UNION ALL
        SELECT founder, record, source, judgement, "by", basis, {CERTAIN}::INTEGER, {agreed_of()}, {against_of()}
        FROM human
        UNION ALL
        SELECT m.founder, m.record, n.source, 1::UTINYINT, 'model', {model.number}::BIGINT, m.weight,
            {agreed_of()}, {against_of()}
        FROM model_link m JOIN {source} n USING (record)
        JOIN (SELECT a AS founder, b AS record, masks FROM ({_link_masks()})) USING (founder, record)
        UNION ALL
        SELECT p.founder, p.record, n.source, 2::UTINYINT, 'model', {model.number}::BIGINT, p.weight,
            {agreed_of()}, {against_of()} FROM possible p JOIN {source} n USING (record)
        UNION ALL
        SELECT founder, record, source, 2::UTINYINT, 'namesake', {RULES_VERSION}::BIGINT, {POSSIBLE}::INTEGER,
            {agreed_of()}, {against_of()} FROM namesake_link
    """


_JUDGED = """
    SELECT founder, record, 1 AS judgement FROM settled WHERE "by" IN ('number', 'exact')
    UNION ALL SELECT founder, record, 2 FROM contested
    UNION ALL SELECT founder, record, judgement FROM said
    UNION ALL SELECT founder, record, 1 FROM model_link
    UNION ALL SELECT founder, record, 2 FROM possible
"""
"""What a run and people say of founders and records."""


def _said_masks(connection: Database) -> str:
    rows_of(connection, "said_row", "SELECT record FROM said UNION SELECT founder FROM said")
    return compared_sql("(SELECT founder AS a, record AS b FROM said)", "said_row", "said_row")


def _link_masks() -> str:
    return compared_sql("(SELECT founder AS a, record AS b FROM model_link)", "near_row", "near_row")


def _stats(connection: Database, folder: Path) -> dict[str, int]:
    links = f"read_parquet('{folder / 'link.parquet'}')"
    by = connection.sql(f'SELECT "by", count(*) FROM {links} WHERE judgement = 1 GROUP BY 1 ORDER BY 1').fetchall()
    possible, only = connection.sql(
        f"SELECT count(*), count(DISTINCT record) FROM {links} WHERE judgement = 2"
    ).fetchall()[0]
    unattached = connection.sql(f"SELECT count(*) FROM '{folder / 'unattached.parquet'}'").fetchall()[0][0]
    refused = connection.sql(f"SELECT count(*) FROM '{folder / 'refused.parquet'}'").fetchall()[0][0]
    founders, others = connection.sql("""
        SELECT (SELECT count(DISTINCT record) FROM row WHERE founds), (SELECT count(DISTINCT record) FROM first)
    """).fetchall()[0]
    return {
        "records": founders + others,
        **{f"confirmed_by_{name}": number for name, number in by},
        "possible_links": possible,
        "records_only_possible": only,
        "unattached": unattached,
        "refused_edges": refused,
    }


def counted(folder: Path, *, memory: str = "3GB", threads: int = 2) -> dict[str, int]:
    """What a run counts, from its files as `linkage_delta.laid_over` leaves them."""
    with database(folder, memory=memory, threads=threads) as connection:
        connection.execute(f"CREATE VIEW link AS SELECT * FROM read_parquet('{folder / 'link'}*.parquet')")
        linked, possible, only = connection.sql("""
            SELECT count(DISTINCT record), count(*) FILTER (judgement = 2),
                count(DISTINCT CASE WHEN judgement = 2 THEN record END) FROM link
        """).fetchall()[0]
        by = connection.sql('SELECT "by", count(*) FROM link WHERE judgement = 1 GROUP BY 1 ORDER BY 1').fetchall()
        alone = connection.sql(f"SELECT count(*) FROM '{folder / 'unattached'}*.parquet'").fetchall()[0][0]
    return {
        "records": linked + alone,
        **{f"confirmed_by_{name}": count for name, count in by},
        "possible_links": possible,
        "records_only_possible": only,
        "unattached": alone,
        "refused_edges": 0,
    }
