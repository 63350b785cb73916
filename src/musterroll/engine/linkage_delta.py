"""The links that one night's changes move: the same as a full run on the same terms would give, without its work.

1. Settled again: records whose rows changed, records that share a number or name and birth date with a founder whose
   rows changed (the rules look at both), the records of founders who have his name and birth date and may be the same
   human (`linkage_namesakes`), and every record that these bring near.
2. Weighed again: changed records and those that lost or got an owner by rule, against everybody. All other weights
   stand as they were kept (`pair`), because the terms stand (`linkage_terms`).
3. Walked again: components that hold, or held, something touched; also those that lost an edge.
4. What comes out replaces what was: all links of the records in `redone`, all pairs with an end in `rescored`.
   `laid_over` does that to files, a night to the tables of its roll.
5. Judgements of humans, mergers and foundings by officers that came or went since are given as `touched` records.
"""

import math
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
from musterroll.engine.linkage_frame import Database, Population, database, lay, rows_of, table_of, view_of
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_night import UNCONTESTED, Linked, links_sql, unattached_sql
from musterroll.engine.linkage_pairs import agrees
from musterroll.errors import MusterRollError
from musterroll.linkage.weight import CONFIRMED, NEAR, THOUSANDTHS

REPLACED = {"link": "record", "free": "record", "unattached": "record"}


@dataclass(frozen=True, slots=True)
class Delta:
    """A night's files in `folder`: redone and rescored (records), and link, pair, free and unattached of these.

    `dropped` are the pairs that what is rescored had before.
    """

    folder: Path

    def read(self, name: str) -> pl.DataFrame:
        """One of the files by its name without `.parquet`."""
        return pl.read_parquet(self.folder / f"{name}.parquet")


def link_delta(
    before: Path,
    population: Population,
    gone: pl.DataFrame,
    fresh: pl.DataFrame,
    model: Model,
    folder: Path,
    *,
    touched: frozenset[int] = frozenset(),
    memory: str = "3GB",
    threads: int = 2,
) -> Delta:
    """The links that changed since `before` (a folder as `link_all` or `laid_over` leaves it, or each file in parts).

    `population` is everybody as of now; `gone` and `fresh` are comparison rows that ended and began since. Raises
    MusterRollError `linkage.other-terms` where only a full run can tell.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with database(folder, memory=memory, threads=threads) as connection:
        lay(connection, population, model)
        terms = linkage_terms.take(connection, before / "terms")
        if not terms.fit(model):
            raise MusterRollError(
                "linkage.other-terms",
                "The last links were found with another model or another version of the database.",
                where="linkage",
                remedy="Run the night with `--weekly`: everybody is linked again.",
            )
        for name in ("link", "pair", "free"):
            connection.execute(f"CREATE VIEW before_{name} AS SELECT * FROM read_parquet('{before / name}*.parquet')")
        _rules(connection, population, gone, fresh, touched)
        _weights(connection, terms.founders, model)
        _reach(connection, model)
        linkage_settle.settle(connection, model.coverage, inside=True)
        _write(connection, model, folder)
    return Delta(folder)


def _rules(
    connection: Database,
    population: Population,
    gone: pl.DataFrame,
    fresh: pl.DataFrame,
    touched: frozenset[int],
) -> None:
    """`changed` (records), `affected` by the rules, `ruled` anew, and `again`: what has to be weighed again.

    `day_row` has all rows of these records: everybody's are not looked through for them again.

    `said_founder` are founders of whose founding record somebody says that it is another's: it stays theirs.
    """
    view_of(connection, "gone_row", gone, population)
    table_of(connection, "asked", pl.DataFrame({"record": sorted(touched)}, schema={"record": pl.Int64}))
    table_of(connection, "fresh_record", fresh.select("record").unique())
    connection.execute("""
        CREATE TABLE changed AS
        SELECT record FROM gone_row UNION SELECT record FROM fresh_record UNION SELECT record FROM asked
        UNION SELECT "into" FROM merged WHERE founder IN (
            SELECT record FROM fresh_record UNION SELECT record FROM asked)
    """)
    rows_of(connection, "changed_row", "SELECT record FROM changed")
    connection.execute("""
        CREATE TABLE moved_founder AS
        SELECT record, number, given, family, born FROM changed_row WHERE founds
        UNION SELECT record, number, given, family, born FROM gone_row WHERE founds
    """)
    _same_name(connection)
    connection.execute("""
        CREATE TABLE affected AS
        SELECT record FROM changed WHERE record NOT IN (SELECT record FROM changed_row WHERE founds)
        UNION SELECT record FROM row WHERE NOT founds AND number IN (
            SELECT number FROM moved_founder UNION SELECT number FROM gone_alike)
        UNION SELECT record FROM same_name WHERE NOT founds
        UNION SELECT record FROM before_link WHERE founder IN (SELECT record FROM several_named)
        UNION SELECT record FROM said WHERE founder IN (SELECT record FROM moved_founder)
    """)
    connection.execute("""
        CREATE TABLE said_founder AS
        SELECT DISTINCT record FROM row WHERE founds AND record IN (SELECT record FROM said)
    """)
    connection.execute(
        "CREATE TABLE rest AS SELECT record FROM affected WHERE record NOT IN (SELECT record FROM said_founder)"
    )
    rows_of(connection, "day_row", "SELECT record FROM changed UNION SELECT record FROM affected")
    connection.execute("""
        CREATE VIEW rest_row AS SELECT * FROM day_row WHERE NOT founds AND record IN (SELECT record FROM rest)
    """)
    linkage_rules.claimable(connection)
    linkage_rules.slow(connection, "claimable_row")
    connection.execute("""
        INSERT INTO contested SELECT record, founder, "by", source, FALSE, 0 FROM before_link
        WHERE judgement = 2 AND "by" IN ('number', 'exact') AND record NOT IN (SELECT record FROM affected)
    """)
    connection.execute("""
        CREATE TABLE owned_before AS SELECT record, founder FROM before_link
        WHERE judgement = 1 AND "by" NOT IN ('founding', 'model') AND record IN (SELECT record FROM affected)
        UNION SELECT record, -1 FROM before_link
        WHERE judgement = 2 AND "by" IN ('number', 'exact') AND record IN (SELECT record FROM affected)
    """)
    connection.execute("""
        CREATE TABLE again AS SELECT record FROM changed
        UNION SELECT a.record FROM affected a
            LEFT JOIN (SELECT record, max(founder) AS founder FROM owned_before GROUP BY record) b
            ON b.record = a.record
            LEFT JOIN (SELECT record, founder FROM ruled UNION SELECT record, -1 FROM contested) r
            ON r.record = a.record WHERE b.founder IS DISTINCT FROM r.founder
    """)
    connection.execute("""
        CREATE TABLE free_now AS
        SELECT DISTINCT record FROM rest_row
        WHERE record NOT IN (SELECT record FROM ruled UNION SELECT record FROM contested)
        UNION SELECT record FROM before_free WHERE record NOT IN (SELECT record FROM affected)
            AND record NOT IN (SELECT record FROM changed)
    """)


def _same_name(connection: Database) -> None:
    """`same_name`: who has full name and birth date of a moved founder, or of one who is gone, whose number a row has.

    Also the rows of twins' family name and birth date that a number gave to one of another given name.

    `several_named` are founders, as they were and are, of whom another has or had both.
    """
    key, named = linkage_namesakes.KEY, linkage_namesakes.NAMED
    connection.execute(f"""
        CREATE TABLE moved_key AS SELECT DISTINCT {key} AS key FROM moved_founder WHERE {named}
        UNION SELECT {key} FROM vanished WHERE {named} AND number IN (SELECT number FROM changed_row WHERE NOT founds)
    """)
    connection.execute(f"""
        CREATE TABLE doubtful AS SELECT record FROM before_link
        WHERE judgement = 2 AND "by" IN ('number', 'exact') OR "by" = 'number' AND NOT {agrees("given", "agreed")}
    """)
    connection.execute(f"""
        CREATE TABLE same_name AS SELECT DISTINCT record, founds, {key} AS key FROM row
        WHERE {named} AND {key} IN (SELECT key FROM moved_key) OR NOT founds AND record IN (SELECT record FROM doubtful)
            AND hash(family, born) IN (SELECT hash(family, born) FROM moved_founder WHERE {named})
    """)
    linkage_namesakes.gone(connection, "moved_key")
    connection.execute(f"""
        CREATE TABLE several_named AS
        WITH one AS (SELECT record, key FROM same_name WHERE founds UNION SELECT record, key FROM gone_alike
            UNION SELECT record, {key} FROM moved_founder WHERE {named})
        SELECT record FROM one WHERE key IN (SELECT key FROM one GROUP BY key HAVING count(*) > 1)
    """)


def _namesakes(connection: Database) -> None:
    """`maybe_alike`: the founders who may be another's namesakes, of all whose links are given anew."""
    connection.execute("""
        CREATE TABLE before_namesake AS SELECT founder, record FROM before_link WHERE "by" = 'namesake'
    """)
    connection.execute("""
        CREATE TABLE maybe_alike AS SELECT record FROM several_named
        UNION SELECT founder FROM before_namesake WHERE record IN (SELECT record FROM redone)
        UNION SELECT unnest([founder, record]) FROM before_namesake WHERE record IN (
            SELECT record FROM before_link
            WHERE "by" = 'founding' AND record IN (SELECT record FROM before_namesake))
    """)


def _weights(connection: Database, founders: int, model: Model) -> None:
    """`scored`: the pairs of what is weighed again; `dropped`: those it had before; `pair_now`: all there are."""
    connection.execute("CREATE VIEW again_row AS SELECT * FROM day_row WHERE record IN (SELECT record FROM again)")
    connection.execute(
        "CREATE TABLE again_free AS SELECT * FROM again_row WHERE record IN (SELECT record FROM free_now)"
    )
    connection.execute(
        "CREATE TABLE again_owned AS SELECT * FROM again_row WHERE record NOT IN (SELECT record FROM free_now)"
    )
    linkage_blocks.within_reach(connection, "again_free", "SELECT record FROM free_now")
    linkage_blocks.block(connection, "again_free", founders, model, "reach_row")
    connection.execute("ALTER TABLE blocked RENAME TO blocked_free")
    connection.execute("CREATE VIEW free_row AS SELECT * FROM reach_row WHERE record IN (SELECT record FROM free_now)")
    linkage_blocks.block(connection, "again_owned", founders, model, "free_row")
    connection.execute("INSERT INTO blocked SELECT * FROM blocked_free EXCEPT SELECT * FROM blocked")
    connection.execute(UNCONTESTED)
    connection.execute("""
        CREATE TABLE near_row AS
        SELECT * FROM (
            SELECT * FROM again_row UNION ALL SELECT * FROM reach_row WHERE record NOT IN (SELECT record FROM again)
        ) WHERE record IN (SELECT "left" FROM blocked UNION SELECT "right" FROM blocked)
    """)
    linkage_scores.score(connection, founders, model)
    connection.execute("""
        CREATE TABLE dropped AS SELECT * FROM before_pair
        WHERE "left" IN (SELECT record FROM again) OR "right" IN (SELECT record FROM again)
    """)
    connection.execute("""
        CREATE VIEW pair_now AS
        SELECT * FROM before_pair
        WHERE "left" NOT IN (SELECT record FROM again) AND "right" NOT IN (SELECT record FROM again)
        UNION ALL SELECT * FROM scored
    """)


def _reach(connection: Database, model: Model) -> None:
    """`inside` (components to walk), `redone` (records whose links are given anew), and what `settle` reads."""
    least = min(CONFIRMED + math.floor(math.log2(1 - model.coverage) * THOUSANDTHS) - 1, NEAR)
    connection.execute(f"""
        CREATE TABLE strongest AS SELECT "left", "right" FROM pair_now WHERE weight >= {least}
        UNION SELECT "left", "right" FROM dropped WHERE weight >= {least}
    """)
    connection.execute("""
        CREATE TABLE end_record AS SELECT "left" AS record FROM strongest UNION SELECT "right" FROM strongest
        UNION SELECT record FROM affected UNION SELECT record FROM again
        UNION SELECT "left" FROM dropped UNION SELECT "right" FROM dropped
        UNION SELECT "left" FROM scored UNION SELECT "right" FROM scored
    """)
    connection.execute("""
        CREATE TABLE stands_for AS
        SELECT record, founder FROM before_link WHERE judgement = 1 AND "by" NOT IN ('founding', 'model')
            AND record IN (SELECT record FROM end_record)
        UNION SELECT record, founder FROM ruled
        UNION SELECT record, record FROM end_record
    """)
    connection.execute("""
        CREATE TABLE step AS
        SELECT DISTINCT l.founder AS a, r.founder AS b FROM strongest s
        JOIN stands_for l ON l.record = s."left" JOIN stands_for r ON r.record = s."right"
        UNION SELECT record, founder FROM stands_for WHERE record <> founder
    """)
    connection.execute("""
        CREATE TABLE inside AS SELECT founder AS record FROM stands_for WHERE record IN (
            SELECT record FROM affected UNION SELECT record FROM again
            UNION SELECT "left" FROM dropped UNION SELECT "right" FROM dropped
            UNION SELECT "left" FROM scored UNION SELECT "right" FROM scored)
    """)
    held = -1
    while held != (now := connection.sql("SELECT count(*) FROM inside").fetchall()[0][0]):
        held = now
        connection.execute("""
            CREATE OR REPLACE TABLE inside AS SELECT record FROM inside
            UNION SELECT a FROM step WHERE b IN (SELECT record FROM inside)
            UNION SELECT b FROM step WHERE a IN (SELECT record FROM inside)
        """)
    connection.execute("""
        CREATE TABLE near_inside AS SELECT record FROM inside
        UNION SELECT record FROM before_link WHERE judgement = 1 AND founder IN (SELECT record FROM inside)
        UNION SELECT record FROM ruled WHERE founder IN (SELECT record FROM inside)
    """)
    connection.execute("""
        CREATE TABLE redone AS
        SELECT record FROM affected UNION SELECT record FROM again
        UNION SELECT record FROM free_now WHERE record IN (SELECT record FROM inside)
        UNION SELECT record FROM free_now WHERE record IN (
            SELECT "left" FROM pair_now WHERE "right" IN (SELECT record FROM near_inside)
            UNION SELECT "right" FROM pair_now WHERE "left" IN (SELECT record FROM near_inside))
        AND record NOT IN (
            SELECT record FROM before_link WHERE judgement = 1 AND "by" = 'model'
            AND record NOT IN (SELECT record FROM inside))
    """)
    connection.execute("""
        CREATE TABLE pair AS SELECT * FROM pair_now
        WHERE "left" IN (SELECT record FROM redone WHERE record IN (SELECT record FROM free_now))
        OR "right" IN (SELECT record FROM redone WHERE record IN (SELECT record FROM free_now))
    """)
    connection.execute("""
        CREATE VIEW owned_now AS
        SELECT record, founder, source FROM before_link WHERE judgement = 1 AND "by" <> 'founding'
            AND record NOT IN (SELECT record FROM redone UNION SELECT record FROM said_founder)
        UNION ALL SELECT record, founder, source FROM ruled
    """)
    connection.execute("""
        CREATE TABLE owning AS SELECT "left" AS record FROM pair UNION SELECT "right" FROM pair
        UNION SELECT record FROM redone
    """)
    _namesakes(connection)
    connection.execute("""
        CREATE TABLE owner_found AS SELECT DISTINCT founder AS record FROM owned_now
        WHERE record IN (SELECT record FROM owning) UNION SELECT record FROM owning UNION SELECT record FROM inside
        UNION SELECT record FROM maybe_alike
    """)
    rows_of(connection, "near_row", "SELECT record FROM owner_found")
    connection.execute(f"""
        CREATE TABLE alike AS SELECT *, {linkage_namesakes.KEY} AS key FROM near_row
        WHERE founds AND record IN (SELECT record FROM maybe_alike)
    """)
    linkage_namesakes.among(connection)
    connection.execute("""
        CREATE TABLE owner AS
        SELECT o.record, o.founder, o.source, coalesce(bool_or(r.single), FALSE) AS single
        FROM (SELECT record, max(founder) AS founder, any_value(source) AS source FROM owned_now
            WHERE founder IN (SELECT record FROM owner_found) GROUP BY record) o
        LEFT JOIN row r ON r.record = o.record GROUP BY ALL
    """)


def _write(connection: Database, model: Model, folder: Path) -> None:
    connection.execute("""
        CREATE VIEW settled AS SELECT record, founder, "by", source, single, masks FROM ruled
    """)
    links = links_sql(connection, model, "record IN (SELECT record FROM redone)", "near_row")
    for name, query in {
        "redone": "SELECT record FROM redone ORDER BY record",
        "rescored": "SELECT record FROM again ORDER BY record",
        "link": f"SELECT * FROM ({links}) WHERE record IN (SELECT record FROM redone) ORDER BY founder, record",
        "pair": 'SELECT * FROM scored ORDER BY "left", "right"',
        "dropped": 'SELECT * FROM dropped ORDER BY "left", "right"',
        "free": "SELECT record FROM free_now WHERE record IN (SELECT record FROM redone) ORDER BY record",
        "refused": 'SELECT DISTINCT * FROM refused ORDER BY "left", "right", reason',
        "unattached": f"SELECT record FROM ({unattached_sql('redone')}) ORDER BY record",
    }.items():
        connection.execute(f"COPY ({query}) TO '{folder / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")


def laid_over(before: Path, delta: Delta, folder: Path, *, memory: str = "3GB", threads: int = 2) -> Linked:
    """The files of a run after a night's changes, whole: what `link_all` would have left but for `refused`."""
    folder.mkdir(parents=True, exist_ok=True)
    with database(folder, memory=memory, threads=threads) as connection:
        for name in (*REPLACED, "pair", "redone", "rescored"):
            for when, place in (("was", before), ("now", delta.folder)):
                if any(place.glob(f"{name}*.parquet")):
                    files = f"{place / name}*.parquet"
                    connection.execute(f"CREATE VIEW {when}_{name} AS SELECT * FROM read_parquet('{files}')")
        for name, column in REPLACED.items():
            order = "founder, record" if name == "link" else column
            _lay(connection, name, f"{column} NOT IN (SELECT record FROM now_redone)", order, folder)
        stays = " AND ".join(f'"{end}" NOT IN (SELECT record FROM now_rescored)' for end in ("left", "right"))
        _lay(connection, "pair", stays, '"left", "right"', folder)
    (folder / "terms").mkdir(exist_ok=True)
    for file in (before / "terms").iterdir():
        (folder / "terms" / file.name).write_bytes(file.read_bytes())
    return Linked(folder, {})


def _lay(connection: Database, name: str, stays: str, order: str, folder: Path) -> None:
    connection.execute(
        f"COPY (SELECT * FROM was_{name} WHERE {stays} UNION ALL BY NAME SELECT * FROM now_{name} ORDER BY {order}) "
        f"TO '{folder / name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
    )
