"""Founders of one full name and birth date, who may be one human: what is one's is possible for the other (whose, 7).

1. Tables that must be there: `row`, `said`, and `vanished`, the last rows of founders who are on their list no more.
2. `alike` are founders who share full name and birth date with somebody, `namesake` (a, b, here) the pairs that nothing
   contradicts: `a` may be whom `b` founded, `here` says that `b` is on his list. Made for everybody (`pairs`) or for
   those whom a night may move (`linkage_delta`).
3. `namesake_link` (founder, record, source, masks) follows from the links of a run and these pairs (`link`).
"""

from musterroll.engine.linkage_frame import Database, rows_of
from musterroll.engine.linkage_pairs import (
    VIEW_COLUMNS,
    compared_sql,
    contradiction_sql,
    exact_sql,
    with_his_number_sql,
)

NAMED = "given <> '' AND family <> '' AND born IS NOT NULL"
KEY = "hash(given, family, born)"
_ROW = ", ".join(f"x.{column}" for column in VIEW_COLUMNS)
_WHOLE = f"SELECT {_ROW}, NULL::INTEGER[] AS forms, {KEY} AS key"


def pairs(connection: Database) -> None:
    """`alike`, `gone_alike` and `namesake` of everybody."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE alike_key AS SELECT key FROM (
            SELECT {KEY} AS key FROM row WHERE founds AND {NAMED}
            UNION ALL SELECT {KEY} FROM vanished WHERE {NAMED}) GROUP BY key HAVING count(*) > 1
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE alike AS {_WHOLE} FROM row x
        WHERE founds AND (NOT alone OR {NAMED} AND {KEY} IN (SELECT key FROM alike_key))
    """)
    among(connection)


def gone(connection: Database, keys: str) -> None:
    """`gone_alike`: the rows of founders who are gone and have a key of the table `keys`."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE gone_alike AS {_WHOLE} FROM vanished x
        WHERE record IN (SELECT record FROM vanished WHERE {NAMED} AND {KEY} IN (SELECT key FROM {keys}))
    """)


def among(connection: Database) -> None:
    """`namesake`: of the founders in `alike` (all their rows) the pairs that nothing contradicts, and `gone_alike`."""
    gone(connection, "alike")
    same = "r.key = l.key AND r.given = l.given AND r.family = l.family AND r.born = l.born"
    connection.execute(f"""
        CREATE OR REPLACE TABLE claim AS
        SELECT DISTINCT l.record AS a, r.record AS b, TRUE AS here FROM alike l JOIN alike r ON {same}
        WHERE l.record <> r.record
        UNION SELECT DISTINCT l.record, r.record, FALSE FROM alike l JOIN gone_alike r ON {same}
    """)
    found = []
    for here, others in ((True, "alike"), (False, "gone_alike")):
        claimed = compared_sql(f"(SELECT a, b FROM claim WHERE here = {here})", "alike", others)
        found.append(f"SELECT a, b, {here} AS here FROM ({claimed}) WHERE {exact_sql()}")
    connection.execute(f"""
        CREATE OR REPLACE TABLE namesake AS
        WITH refuted AS (SELECT founder, record FROM said WHERE judgement = 3 AND "by" = 'officer')
        SELECT n.* FROM ({" UNION ALL ".join(found)}) n
        ANTI JOIN refuted s ON s.founder = n.a AND s.record = n.b
        ANTI JOIN refuted t ON t.founder = n.b AND t.record = n.a
    """)


def link(connection: Database, judged: str, rows: str | None) -> None:
    """`namesake_link`, from the links of a run (`judged`, a query: founder, record, judgement).

    `rows` is a table that has the rows of all founders and records in question; without it they are looked for.
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE judged AS SELECT founder, record, judgement FROM ({judged})
        WHERE founder IN (SELECT a FROM namesake UNION SELECT b FROM namesake)
    """)
    numbers = "(SELECT DISTINCT record, number FROM gone_alike WHERE number IS NOT NULL)"
    connection.execute(f"""
        CREATE OR REPLACE TABLE theirs AS
        SELECT n.a, j.record AS b, TRUE AS here FROM namesake n JOIN judged j ON j.founder = n.b
        WHERE n.here AND j.judgement <> 3 AND j.record <> n.a
        UNION SELECT a, b, TRUE FROM namesake WHERE here
        UNION SELECT n.a, x.record, FALSE FROM namesake n JOIN {numbers} g ON g.record = n.b
            JOIN {rows or "row"} x ON x.number = g.number WHERE NOT n.here AND NOT x.founds
    """)
    connection.execute("""
        DELETE FROM theirs WHERE EXISTS (
            SELECT 1 FROM judged j WHERE j.founder = theirs.a AND j.record = theirs.b)
    """)
    if rows is None:
        rows_of(connection, "theirs_row", "SELECT a FROM theirs UNION SELECT b FROM theirs")
    connection.execute(f"""
        CREATE OR REPLACE TABLE namesake_link AS
        SELECT c.a AS founder, c.b AS record, r.source, c.masks
        FROM ({compared_sql("(SELECT DISTINCT a, b FROM theirs)", rows or "theirs_row", rows or "theirs_row")}) c
        JOIN (SELECT DISTINCT record, source FROM {rows or "theirs_row"}) r ON r.record = c.b
        WHERE EXISTS (SELECT 1 FROM theirs t WHERE t.a = c.a AND t.b = c.b AND t.here)
            OR {contradiction_sql(with_his_number_sql("c.masks"))} IS NULL
    """)
