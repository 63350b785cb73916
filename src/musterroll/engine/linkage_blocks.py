"""Which pairs are worth weighing: records that share a key of some kind, unless too many share it.

1. A pair is looked at where at least one of its records has no owner by rule, the two are of different sources, and
   what can be told of them at a glance may come to the least weight (linkage_worth).
2. Keys that very many share (a common given name with an initial, in a nation) would make more pairs than a night can
   weigh and say little. Each kind of key has a `most`: slots of keys that more rows than that share are not looked at.
   Narrower kinds of keys stand beside the wide ones for whom that leaves out.
3. `most` and the crowded slots are terms of a weekly run and stay until the next: a pair that a full run would look at,
   a night looks at (linkage_terms). A slot is a part of a key's hash: it holds no name.
"""

from musterroll.engine.linkage_frame import Database, rows_of
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_worth import PLACE, YEAR, seekers, worth_sql

MADE: dict[str, str] = {
    "place": PLACE,
    "told_year": YEAR,
    # A told age is of two birth years; here of the earlier one, for whom a birthday is still to come: the year after.
    "age_year": "coalesce(year(DATE '1970-01-01' + {0}.born) + 1, year(DATE '1970-01-01' + {0}.as_of) - {0}.age)",
    "day_of_year": "month(DATE '1970-01-01' + {0}.born) * 100 + day(DATE '1970-01-01' + {0}.born)",
    "initial": "left({0}.middle, 1)",
    "given_begins": "left({0}.given, 3)",
    "family_begins": "left({0}.family, 3)",
    "aged": "({0}.born IS NULL)",
    "dated": "({0}.born IS NOT NULL)",
    "other_letters": "(NOT {0}.latin)",
}
"""What keys are made of beside a row's own columns: several kinds share a part, which is made once (`parts_of`)."""

KINDS: dict[str, tuple[str, ...]] = {
    "number": ("number",),
    "names": ("given", "family"),
    "born": ("born",),
    "place": ("place",),
    "family and year": ("family", "told_year"),
    "given and year": ("given", "told_year"),
    "given and initial": ("given", "initial"),
    "family and initial": ("family", "initial"),
    "exchanged names": ("family", "given"),
    "beginnings of names": ("given_begins", "family_begins"),
    "normal names": ("given_keys", "family_keys"),
    "born and given": ("born", "given_begins"),
    "born and family": ("born", "family_begins"),
    "names and year": ("given", "family", "told_year"),
    "place and given": ("place", "given"),
    "year, in other letters": ("latin", "told_year"),
    "day of year, in other letters": ("latin", "day_of_year"),
    "family and age": ("family", "age_year", "aged"),
    "given and age": ("given", "age_year", "aged"),
}
"""What makes a key of each kind, columns of `parts_of`; a row that lacks a part has no such key.

Those in other letters are for rows whose names cannot meet, because only one of them is in Latin letters: a slip of the
pen leaves a birth date's year, or its day and month, as it is. A told age is of two birth years: keys with a year have
the later one, the last two kinds the earlier one, of an age beside a birth date.
"""

OTHER_WAY = {
    "exchanged names": ("given", "family"),
    "year, in other letters": ("other_letters", "told_year"),
    "day of year, in other letters": ("other_letters", "day_of_year"),
    "family and age": ("family", "age_year", "dated"),
    "given and age": ("given", "age_year", "dated"),
}
"""The parts that the other record's key is made of, where they are not the same."""

SLOTS = 1 << 22
LADDER = (1024, 512, 256, 128, 64, 32, 16)
PAIRS_AT_LEAST = 4_000_000
PAIRS_A_RECORD = 8
"""A kind of key may make this many pairs a record that has no owner, and PAIRS_AT_LEAST in a small population."""


def parts_of(rows: str) -> str:
    """SQL: rows (a table or view) with the parts of their keys."""
    made = ", ".join(f"{sql.format('told')} AS {name}" for name, sql in MADE.items())
    return f"(SELECT told.*, {made} FROM {rows} told)"


def key_sql(kind: str, row: str, *, other: bool = False) -> str:
    """SQL of the key of a kind of a row of `parts_of`, NULL where it has none."""
    told = " AND ".join(f"{part} IS NOT NULL" for part in _parts(kind, row, other=other))
    return f"CASE WHEN {told} THEN {_hash(kind, row, other=other)} END"


def _hash(kind: str, row: str, *, other: bool) -> str:
    return f"hash({', '.join(_parts(kind, row, other=other))})"


def _parts(kind: str, row: str, *, other: bool) -> list[str]:
    return [f"{row}.{part}" for part in (OTHER_WAY.get(kind, KINDS[kind]) if other else KINDS[kind])]


def _slot(kind: str, row: str, *, other: bool = False) -> str:
    return f"({key_sql(kind, row, other=other)} % {SLOTS})::UINTEGER"


def count_crowds(connection: Database, rows: int) -> None:
    """Make the table `crowded` (kind, slot): the slots that are not looked at, from the rows `free_row` and `row`."""
    connection.execute("CREATE OR REPLACE TABLE crowded (kind VARCHAR, slot UINTEGER)")
    free = connection.sql("SELECT count(*) FROM free_row").fetchall()[0][0]
    share = 1
    while rows // share > 8_000_000:
        share *= 2
    allowed = max(PAIRS_AT_LEAST, PAIRS_A_RECORD * free)
    slots = ", ".join(f'{_slot(kind, "x", other=True)} AS "{kind}"' for kind in KINDS)
    connection.execute(
        f"CREATE OR REPLACE TABLE slots AS SELECT {slots} FROM {parts_of('row')} x WHERE x.record % {share} = 0"
    )
    for kind in KINDS:
        connection.execute(f"""
            CREATE OR REPLACE TABLE crowd AS
            WITH everybody AS (
                SELECT "{kind}" AS slot, count(*) * {share} AS n
                FROM slots WHERE "{kind}" IS NOT NULL GROUP BY 1 HAVING count(*) * {share} > {LADDER[-1]}
            ), free AS (SELECT {_slot(kind, "x")} AS slot, count(*) AS f FROM {parts_of("free_row")} x GROUP BY 1)
            SELECT slot, n, coalesce(f, 0) AS f FROM everybody LEFT JOIN free USING (slot)
        """)
        most = LADDER[-1]
        for step in LADDER:
            pairs = connection.sql(f"SELECT coalesce(sum(n * f), 0) FROM crowd WHERE n <= {step}").fetchall()[0][0]
            if pairs <= allowed:
                most = step
                break
        connection.execute(f"INSERT INTO crowded SELECT '{kind}', slot FROM crowd WHERE n > {most}")
    connection.execute("DROP TABLE crowd")
    connection.execute("DROP TABLE slots")


def within_reach(connection: Database, seeking: str, others: str) -> None:
    """Make the table `reach_row`: all rows of records that share a key not crowded with rows of `seeking`.

    And of the records of `others` (a query). For few who seek: everybody's rows are looked at once, not once a kind of
    key. What a row without a part of a key has for one here is the key of nobody who seeks.
    """
    keys = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, {key_sql(kind, 's')} AS key FROM seeking s WHERE {key_sql(kind, 's')} IS NOT NULL "
        f"AND {_slot(kind, 's')} NOT IN (SELECT slot FROM crowded WHERE kind = '{kind}')"
        for kind in KINDS
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE sought AS WITH seeking AS {parts_of(seeking)} SELECT DISTINCT * FROM ({keys})"
    )
    shared = " OR ".join(
        f"{_hash(kind, 'x', other=True)} IN (SELECT key FROM sought WHERE kind = '{kind}')" for kind in KINDS
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE reach AS SELECT x.record FROM {parts_of('row')} x WHERE {shared} UNION {others}"
    )
    rows_of(connection, "reach_row", "SELECT record FROM reach")


def block(connection: Database, seeking: str, founders: int, model: Model, among: str = "row") -> None:
    """Make the table `blocked` ("left", "right"): records of `seeking` and of `among` that share a key not crowded.

    Pairs that cannot come to the least weight are left out (`linkage_worth`).
    """
    seekers(connection, parts_of(seeking), founders, model)
    connection.execute('CREATE OR REPLACE TABLE blocked_twice ("left" BIGINT, "right" BIGINT)')
    for kind in KINDS:
        connection.execute(f"""
            INSERT INTO blocked_twice
            WITH looked AS (
                SELECT s.*, {key_sql(kind, "s")} AS key FROM seeker s WHERE {key_sql(kind, "s")} IS NOT NULL
                AND {_slot(kind, "s")} NOT IN (SELECT slot FROM crowded WHERE kind = '{kind}')
            )
            SELECT DISTINCT least(o.record, x.record), greatest(o.record, x.record)
            FROM looked o JOIN {parts_of(among)} x ON {key_sql(kind, "x", other=True)} = o.key
            WHERE o.source <> x.source AND {worth_sql(model)}
        """)
    connection.execute('CREATE OR REPLACE TABLE blocked AS SELECT DISTINCT "left", "right" FROM blocked_twice')
    connection.execute("DROP TABLE blocked_twice")
    connection.execute("DROP TABLE seeker")
