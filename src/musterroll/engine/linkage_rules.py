"""Rules (a) and (b) over a whole population: a verified personal number; full name and birth date of one founder.

1. Most records have one row, a number that one founder with one row has, and the same names and birth date: these
   are settled in one join, straight into a file (`fast`). All others are compared row by row (`slow`), also the two in
   a hundred whose family name is written otherwise: to compare it the join would carry four texts more of everybody.
2. Both ways give what `linkage.whose.by_rules` gives.
"""

from pathlib import Path

from musterroll.engine.linkage_frame import Database, rows_of
from musterroll.engine.linkage_pairs import agrees, compared_sql, exact_sql, levels, masks_sql, slips, verified_sql

EQUAL = "l.given = r.given AND l.family = r.family AND (r.born IS NULL OR l.born = r.born)"
"""With an equal number this is verified, nothing can contradict it (`linkage.veto.verified`), and nobody contest it."""

SAME_NAME_AND_BIRTH = "l.given = r.given AND l.family = r.family AND l.born = r.born"


def fast(connection: Database, file: Path) -> None:
    """Write every record that founds nobody into `file`: record, source, single, and founder and masks where settled.

    Records of which a human spoke, or that have several rows, are not settled here.
    """
    equal = ("number", "given", "family")
    needed = {name: sql for name, sql in levels().items() if name not in equal}
    made = ", ".join(f'{sql} AS "{name}"' for name, sql in needed.items())
    connection.execute("""
        CREATE OR REPLACE TABLE shared AS
        SELECT hash(number) AS number FROM row WHERE founds AND number IS NOT NULL GROUP BY 1 HAVING count(*) > 1
    """)
    connection.execute(f"""
        COPY (
            WITH founder AS (
                SELECT *, NULL::INTEGER[] AS forms FROM row
                WHERE founds AND alone AND number IS NOT NULL AND hash(number) NOT IN (SELECT number FROM shared)
            ), other AS (
                SELECT *, NULL::INTEGER[] AS forms,
                    CASE WHEN alone AND record NOT IN (SELECT record FROM said) THEN number END AS sole
                FROM row WHERE NOT founds
            ), level AS (
                SELECT r.record, r.source, r.single, CASE WHEN {EQUAL} THEN l.record END AS founder,
                    {", ".join(f'0 AS "{name}"' for name in equal)}, {made}
                FROM other r LEFT JOIN founder l ON l.number = r.sole
            )
            SELECT record, source, single, founder,
                CASE WHEN founder IS NOT NULL THEN {masks_sql()} END AS masks FROM level
        ) TO '{file}' (FORMAT parquet, COMPRESSION zstd)
    """)


def slow(connection: Database, founders: str = "") -> None:
    """Settle the records of `rest` (table of records): table `ruled` (record, founder, by, source, single, masks).

    `rest_row` are the rows of these records. `founders` is a table of the rows of all founders who may have one, where
    somebody chose them before (`claimable`); without it they are looked for among everybody, claim by claim. Leaves
    `contested` (like `ruled`): those whom the number gives to one founder, and full name and birth date to others.
    """
    connection.execute("""
        CREATE OR REPLACE TABLE ruled AS
        SELECT s.record, max(s.founder) AS founder, arg_max(s."by", s.founder) AS "by", any_value(r.source) AS source,
            coalesce(bool_or(r.single), FALSE) AS single, 0 AS masks
        FROM said s LEFT JOIN rest_row r ON r.record = s.record
        WHERE s.judgement = 1 AND s.record IN (SELECT record FROM rest) GROUP BY s.record
    """)
    connection.execute("CREATE OR REPLACE TABLE contested AS SELECT * FROM ruled LIMIT 0")
    _rule(connection, founders, "number", "l.number = r.number", verified_sql(), several=True)
    _contest(connection, founders)
    _rule(connection, founders, "exact", SAME_NAME_AND_BIRTH, exact_sql(), several=False)
    for done in ("claim", "claimant_row"):
        connection.execute(f"DROP TABLE IF EXISTS {done}")


def claimable(connection: Database) -> None:
    """Make the table `claimable_row`: the rows of all founders who may have one of few records (`rest_row`).

    Who shares a number with them, or family name and birth date: of many records that would be most founders.
    """
    connection.execute("""
        CREATE OR REPLACE TABLE claimable AS SELECT DISTINCT record FROM row
        WHERE founds AND (number IN (SELECT number FROM rest_row) OR hash(family, born) IN (
            SELECT hash(family, born) FROM rest_row WHERE family IS NOT NULL AND born IS NOT NULL))
    """)
    rows_of(connection, "claimable_row", "SELECT record FROM claimable", where="x.founds")


def _claimants(connection: Database, founders: str) -> str:
    """A table that has the rows of the founders in `claim`."""
    if founders:
        return founders
    rows_of(connection, "claimant_row", "SELECT a FROM claim", where="x.founds")
    return "claimant_row"


def _contest(connection: Database, founders: str) -> None:
    """Take from `ruled` what the number gave to one of another given name or birth date, where somebody has both.

    Where it is the given name, also somebody who has it but for a slip of the pen.
    """
    by_number = "SELECT record FROM ruled WHERE \"by\" = 'number' AND NOT"
    connection.execute(f"""
        CREATE OR REPLACE TABLE claim AS SELECT DISTINCT l.record AS a, r.record AS b
        FROM {founders or "row"} l JOIN rest_row r ON l.family = r.family AND l.born = r.born
        WHERE l.founds AND (
            r.record IN ({by_number} {agrees("given")})
            OR l.given = r.given AND r.record IN ({by_number} ({agrees("given")} AND {agrees("born")})))
        EXCEPT SELECT founder, record FROM ruled
    """)
    claimants = _claimants(connection, founders)
    connection.execute(f"""
        INSERT INTO contested
        WITH good AS (
            SELECT c.a, c.b, c.masks FROM ({compared_sql("claim", claimants, "rest_row")}) c
            ANTI JOIN said s ON s.founder = c.a AND s.record = c.b
            WHERE {exact_sql()} AND ({agrees("given")} OR {slips("given")})
        ) SELECT g.b, g.a, 'exact', u.source, u.single, g.masks FROM good g JOIN ruled u ON u.record = g.b
    """)
    connection.execute("""
        INSERT INTO contested SELECT * FROM ruled WHERE record IN (SELECT record FROM contested)
    """)
    connection.execute("DELETE FROM ruled WHERE record IN (SELECT record FROM contested)")


def _rule(connection: Database, founders: str, by: str, joined: str, passes: str, *, several: bool) -> None:
    """A rule's good pairs; `several` says whether more founders may come into question as long as one passes."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE claim AS SELECT DISTINCT l.record AS a, r.record AS b
        FROM {founders or "row"} l JOIN rest_row r ON {joined}
        WHERE l.founds AND r.record NOT IN (SELECT record FROM ruled WHERE record IS NOT NULL)
            AND r.record NOT IN (SELECT record FROM contested)
    """)
    claimants = _claimants(connection, founders)
    connection.execute(f"""
        INSERT INTO ruled
        WITH claim_count AS (SELECT b, count(*) AS claims FROM claim GROUP BY b),
        good AS (
            SELECT c.a, c.b, c.masks FROM ({compared_sql("claim", claimants, "rest_row")}) c
            ANTI JOIN said s ON s.founder = c.a AND s.record = c.b
            WHERE {passes}
        ), one AS (
            SELECT b AS record, min(a) AS founder, min(masks) AS masks FROM good GROUP BY b HAVING count(*) = 1
        )
        SELECT one.record, one.founder, '{by}', r.source, r.single, one.masks FROM one
        JOIN claim_count ON claim_count.b = one.record AND ({several} OR claims = 1)
        JOIN (SELECT DISTINCT record, source, single FROM rest_row) r ON r.record = one.record
    """)
