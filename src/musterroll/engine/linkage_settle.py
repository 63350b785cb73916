"""From weighed pairs to links: what `linkage.whose.settle` says, for millions of records.

1. Vectorised: the weight of a pair beside its rivals, objections, components, and every component in which one record
   meets one founder and nobody else. Edge by edge, in Python (`linkage.cluster`): components of several records. Then
   what was brought to a founder is seen beside all others, in rounds.
2. Tables that must be there: `pair` ("left", "right", weight), `near_row` (rows of all records in `pair` and of their
   owners), `owner` (record, founder, source, single: the records that rules or humans gave to a founder who is near,
   and all others of those founders), `said`.
3. Made: `model_link` (founder, record, weight), `possible` (founder, record, weight, masks), `refused`.
"""

from collections.abc import Iterable

import duckdb
import numpy as np
import polars as pl

from musterroll.engine.linkage_frame import Database
from musterroll.engine.linkage_pairs import compared_sql, contradiction_sql, objection_sql
from musterroll.engine.linkage_scores import thousandths_sql
from musterroll.linkage.cluster import ONE_PER_SOURCE, Edge, Rules, cluster
from musterroll.linkage.weight import CERTAIN, CONFIRMED, NEAR, ODDS_MOST, ODDS_PARTS, POSSIBLE, THOUSANDTHS
from musterroll.linkage.whose import ANOTHER_AS_NEAR

REFUSED = pl.Schema({"left": pl.Int64, "right": pl.Int64, "weight": pl.Int32, "reason": pl.String})
ODDS = f"floor(pow(2.0, least(weight, {ODDS_MOST}) / {float(THOUSANDTHS)}) * {ODDS_PARTS!r})::HUGEINT"
_JOINED = pl.Schema({"founder": pl.Int64, "record": pl.Int64, "joined": pl.Int32})


def settle(connection: Database, coverage: float, *, inside: bool = False) -> None:
    """Make `model_link`, `possible` and `refused` of everything in `pair`.

    `inside`: only founders and records named in the table `inside` are brought together; of all others `owner` says
    whose they are (`linkage_delta`).
    """
    _weigh(connection, coverage)
    _object(connection, "a IN (SELECT record FROM inside) AND b IN (SELECT record FROM inside)" if inside else "TRUE")
    _simple(connection)
    _careful(connection)
    _as_near(connection, coverage)
    _possible(connection)


def _among(coverage: float) -> str:
    """`weight.among` of `weight` and `others`, the rivals' odds added up."""
    return thousandths_sql(
        f"(weight / {float(THOUSANDTHS)} - log2(others::DOUBLE / {ODDS_PARTS!r} + {1 - coverage!r}))"
    )


def _weigh(connection: Database, coverage: float) -> None:
    """`weighed`: pairs of a founder and a record are seen beside the record's other founders (`weight.among`)."""
    connection.execute("CREATE OR REPLACE TABLE near_founder AS SELECT DISTINCT record FROM near_row WHERE founds")
    connection.execute(
        "CREATE OR REPLACE TABLE single_record AS SELECT DISTINCT record, source FROM near_row WHERE single"
    )
    connection.execute(f"""
        CREATE OR REPLACE TABLE weighed AS
        WITH sided AS (
            SELECT p.*, CASE WHEN l.record IS NULL AND r.record IS NOT NULL THEN p."left"
                WHEN r.record IS NULL AND l.record IS NOT NULL THEN p."right" END AS record
            FROM pair p LEFT JOIN near_founder l ON l.record = p."left"
            LEFT JOIN near_founder r ON r.record = p."right"
        ), one AS (SELECT *, {ODDS} AS odds FROM sided WHERE record IS NOT NULL),
        whole AS (SELECT record, sum(odds) AS total FROM one GROUP BY record),
        beside AS (SELECT one.*, total - odds AS others FROM one JOIN whole USING (record))
        SELECT "left", "right", weight FROM sided WHERE record IS NULL
        UNION ALL SELECT "left", "right", {_among(coverage)} FROM beside
    """)


def _object(connection: Database, within: str) -> None:
    """`strong`: the pairs that may bring records together, between nodes; the others of that weight are `refused`.

    A record that has an owner stands for its founder (`node`).
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE heavy AS
        SELECT "left" AS a, "right" AS b, weight FROM weighed WHERE weight >= {CONFIRMED}
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE strong_or_not AS
        SELECT h.a AS "left", h.b AS "right", h.weight, {objection_sql("c.masks")} AS reason
        FROM heavy h JOIN ({compared_sql("heavy", "near_row", "near_row")}) c ON c.a = h.a AND c.b = h.b
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE refused AS
        SELECT "left", "right", weight, reason FROM strong_or_not WHERE reason IS NOT NULL
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE strong AS
        WITH node AS (
            SELECT s."left", s."right", s.weight, coalesce(l.founder, s."left") AS a,
                coalesce(r.founder, s."right") AS b
            FROM strong_or_not s LEFT JOIN owner l ON l.record = s."left" LEFT JOIN owner r ON r.record = s."right"
            WHERE reason IS NULL
        ) SELECT * FROM node WHERE {within}
    """)


def _simple(connection: Database) -> None:
    """Components of one founder and one record: confirmed, or refused. Leaves the others' edges in `several`."""
    edges = connection.sql("SELECT a, b FROM strong WHERE a <> b ORDER BY a, b").pl()
    nodes, ends = np.unique(edges.select("a", "b").to_numpy().ravel(), return_inverse=True)
    groups = components(ends.reshape(-1, 2), len(nodes))
    table = pl.DataFrame({"node": nodes, "part": groups}, schema={"node": pl.Int64, "part": pl.Int64})
    connection.register("part_frame", table.to_arrow())
    connection.execute("CREATE OR REPLACE TABLE part AS SELECT * FROM part_frame")
    connection.unregister("part_frame")
    connection.execute("""
        CREATE OR REPLACE TABLE simple AS
        WITH sized AS (
            SELECT part, count(*) AS nodes, count(f.record) AS founders, max(f.record) AS founder,
                max(node) FILTER (WHERE f.record IS NULL) AS record
            FROM part LEFT JOIN near_founder f ON f.record = part.node GROUP BY part
        )
        SELECT founder AS a, record AS b FROM sized WHERE nodes = 2 AND founders = 1
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE simple_judged AS
        SELECT s.a, s.b, CASE WHEN o.founder IS NOT NULL THEN '{ONE_PER_SOURCE}' ELSE {_against("c.masks", "d")} END
            AS reason
        FROM simple s JOIN ({compared_sql("simple", "near_row", "near_row")}) c ON c.a = s.a AND c.b = s.b
        LEFT JOIN (SELECT * FROM said WHERE judgement <> 1) d ON d.founder = s.a AND d.record = s.b
        LEFT JOIN single_record n ON n.record = s.b
        LEFT JOIN (SELECT DISTINCT founder, source FROM owner WHERE single) o
            ON o.founder = s.a AND o.source = n.source
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE joined AS
        SELECT j.a AS founder, j.b AS record, max(s.weight) AS joined
        FROM simple_judged j
        JOIN strong s ON least(s.a, s.b) = least(j.a, j.b) AND greatest(s.a, s.b) = greatest(j.a, j.b)
        WHERE j.reason IS NULL GROUP BY 1, 2
    """)
    connection.execute("""
        INSERT INTO refused SELECT s."left", s."right", s.weight, j.reason
        FROM simple_judged j
        JOIN strong s ON least(s.a, s.b) = least(j.a, j.b) AND greatest(s.a, s.b) = greatest(j.a, j.b)
        WHERE j.reason IS NOT NULL
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE several AS
        SELECT s.*, p.part FROM strong s JOIN part p ON p.node = s.a
        WHERE s.a <> s.b AND p.part NOT IN (SELECT part FROM part JOIN simple ON simple.b = part.node)
    """)


def _against(masks: str, said: str) -> str:
    return (
        f"(CASE WHEN {said}.judgement = 3 THEN 'refuted_by_' || {said}.\"by\" "
        f"WHEN {said}.judgement = 2 THEN 'left_open_by_' || {said}.\"by\" ELSE {contradiction_sql(masks)} END)"
    )


def components(edges: np.ndarray, nodes: int) -> np.ndarray:
    """For each of `nodes` numbers the smallest it is connected with by `edges` (two columns)."""
    label = np.arange(nodes)
    while True:
        least = np.minimum(label[edges[:, 0]], label[edges[:, 1]])
        before = label.copy()
        np.minimum.at(label, edges[:, 0], least)
        np.minimum.at(label, edges[:, 1], least)
        label = label[label]
        if np.array_equal(before, label):
            return label


def _careful(connection: Database) -> None:
    """Walk the components of several records edge by edge (`linkage.cluster`), a part of them at a time."""
    parts = connection.sql("SELECT DISTINCT part FROM several ORDER BY part").pl()["part"].to_list()
    connection.execute("""
        CREATE OR REPLACE TABLE together AS
        SELECT DISTINCT f.node AS a, p.node AS b, p.part FROM part f JOIN near_founder ON near_founder.record = f.node
        JOIN part p ON p.part = f.part AND p.node NOT IN (SELECT record FROM near_founder)
        WHERE f.part IN (SELECT part FROM several)
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE together_judged AS
        SELECT t.a, t.b, t.part, {_against("c.masks", "d")} AS reason
        FROM together t JOIN ({compared_sql("together", "near_row", "near_row")}) c ON c.a = t.a AND c.b = t.b
        LEFT JOIN (SELECT * FROM said WHERE judgement <> 1) d ON d.founder = t.a AND d.record = t.b
    """)
    for start in range(0, len(parts), 200_000):
        least, most = parts[start], parts[min(start + 200_000, len(parts)) - 1]
        joined, refused = _walk(connection, f"part BETWEEN {least} AND {most}")
        for table, frame in (("joined", joined), ("refused", refused)):
            connection.register("walked", frame.to_arrow())
            connection.execute(f"INSERT INTO {table} SELECT * FROM walked")
            connection.unregister("walked")


def _walk(connection: Database, parts: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    edges = [
        Edge(left, right, weight)
        for left, right, weight in connection.execute(
            f'SELECT "left", "right", weight FROM several WHERE {parts}'
        ).fetchall()
    ]
    nodes = f"SELECT node FROM part WHERE {parts}"
    founders = frozenset(_numbers(connection, f"SELECT record FROM near_founder WHERE record IN ({nodes})"))
    owned = connection.execute(
        f"SELECT record, founder, source, single FROM owner WHERE founder IN ({nodes}) AND record NOT IN "
        "(SELECT record FROM near_founder)"
    ).fetchall()
    single = dict(
        connection.execute(
            f"SELECT DISTINCT record, source FROM near_row WHERE single AND record IN ({nodes})"
        ).fetchall()
    )
    single |= {record: source for record, _, source, alone in owned if alone}
    against: dict[tuple[int, int], str] = {
        (a, b): reason
        for a, b, reason in connection.execute(
            f"SELECT a, b, reason FROM together_judged WHERE reason IS NOT NULL AND {parts}"
        ).fetchall()
    }
    fixed = [Edge(min(record, founder), max(record, founder), CERTAIN, fixed=True) for record, founder, _, _ in owned]
    clusters = cluster(
        [*fixed, *edges], Rules(founders, single, lambda founder, record: against.get((founder, record)))
    )
    mine = {record for record, _, _, _ in owned}
    rows = [
        (founder, record, clusters.joined[record])
        for record, founder in sorted(clusters.founder.items())
        if record not in mine and record not in founders
    ]
    refused = [(one.left, one.right, one.weight, one.reason) for one in clusters.refused]
    return (
        pl.DataFrame(rows, schema=_JOINED, orient="row"),
        pl.DataFrame(refused, schema=REFUSED, orient="row"),
    )


def _numbers(connection: duckdb.DuckDBPyConnection, query: str) -> Iterable[int]:
    return [number for (number,) in connection.execute(query).fetchall()]


def _as_near(connection: Database, coverage: float) -> None:
    """Take from `joined`, round by round, what is as near to another founder's records (`whose._as_near`)."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE brought_by AS
        SELECT j.record, p."right" AS near, p.weight FROM joined j JOIN pair p ON p."left" = j.record
        WHERE p.weight >= {NEAR}
        UNION ALL SELECT j.record, p."left", p.weight FROM joined j JOIN pair p ON p."right" = j.record
        WHERE p.weight >= {NEAR}
    """)
    connection.execute("""
        CREATE OR REPLACE VIEW held_by AS
        SELECT record, founder FROM joined UNION ALL SELECT record, record FROM near_founder
        UNION ALL SELECT record, founder FROM owner WHERE record NOT IN (SELECT record FROM near_founder)
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE rival AS
        SELECT DISTINCT h.founder AS a, b.record AS b FROM brought_by b JOIN held_by h ON h.record = b.near
        ANTI JOIN joined j ON j.founder = h.founder AND j.record = b.record
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE contradicted AS SELECT a AS founder, b AS record
        FROM ({compared_sql("rival", "near_row", "near_row")}) c WHERE {contradiction_sql("c.masks")} IS NOT NULL
    """)
    lost = -1
    while lost:
        connection.execute(f"""
            CREATE OR REPLACE TABLE as_near AS
            WITH best AS (
                SELECT b.record, h.founder, max(b.weight) AS weight
                FROM brought_by b JOIN held_by h ON h.record = b.near
                ANTI JOIN contradicted c ON c.founder = h.founder AND c.record = b.record GROUP BY 1, 2
            ), one AS (SELECT *, {ODDS} AS odds FROM best),
            beside AS (SELECT *, sum(odds) OVER (PARTITION BY record) - odds AS others FROM one),
            seen AS (SELECT record, founder, {_among(coverage)} AS weight FROM beside)
            SELECT j.* FROM joined j LEFT JOIN seen s USING (record, founder)
            WHERE coalesce(s.weight, 0) < {CONFIRMED}
        """)
        connection.execute(f"""
            INSERT INTO refused
            SELECT least(founder, record), greatest(founder, record), joined, '{ANOTHER_AS_NEAR}' FROM as_near
        """)
        connection.execute("DELETE FROM joined WHERE record IN (SELECT record FROM as_near)")
        ((lost,),) = connection.sql("SELECT count(*) FROM as_near").fetchall()


def _possible(connection: Database) -> None:
    """`model_link`, and whom every other record may belong to: who was weighed with it, and whose records were."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE model_link AS
        SELECT j.founder, j.record, greatest(j.joined, coalesce(w.weight, {POSSIBLE})) AS weight
        FROM joined j LEFT JOIN weighed w
        ON w."left" = least(j.founder, j.record) AND w."right" = greatest(j.founder, j.record)
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE owned AS
        SELECT record, founder, source, single FROM owner
        UNION ALL SELECT m.record, m.founder, n.source, n.single
        FROM model_link m JOIN (SELECT DISTINCT record, source, single FROM near_row) n USING (record)
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE candidate AS
        WITH both_ways AS (
            SELECT "left" AS near, "right" AS record, weight FROM weighed WHERE weight >= {POSSIBLE}
            UNION ALL SELECT "right", "left", weight FROM weighed WHERE weight >= {POSSIBLE}
        ), named AS (
            SELECT coalesce(f.record, o.founder) AS founder, w.record, w.weight
            FROM both_ways w LEFT JOIN near_founder f ON f.record = w.near LEFT JOIN owned o ON o.record = w.near
        )
        SELECT founder AS a, record AS b, max(weight) AS weight FROM named
        WHERE founder IS NOT NULL AND record NOT IN (SELECT record FROM near_founder)
        AND record NOT IN (SELECT record FROM owned)
        GROUP BY 1, 2
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE possible AS
        WITH child AS (
            SELECT c.a, c.b FROM candidate c JOIN near_row l ON l.record = c.a JOIN near_row r ON r.record = c.b
            GROUP BY 1, 2 HAVING bool_and(coalesce(l.born > r.born_until, FALSE))
        ), taken AS (SELECT DISTINCT founder, source FROM owned WHERE single),
        kept AS (
            SELECT c.a, c.b, c.weight FROM candidate c
            LEFT JOIN single_record n ON n.record = c.b
            LEFT JOIN taken t ON t.founder = c.a AND t.source = n.source
            ANTI JOIN child ON child.a = c.a AND child.b = c.b
            ANTI JOIN said ON said.founder = c.a AND said.record = c.b
            WHERE t.founder IS NULL OR c.weight >= {CONFIRMED}
        )
        SELECT k.a AS founder, k.b AS record, k.weight, c.masks
        FROM kept k JOIN ({compared_sql("kept", "near_row", "near_row")}) c ON c.a = k.a AND c.b = k.b
    """)
