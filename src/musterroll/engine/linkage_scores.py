"""The weight of each pair worth looking at, by Splink, in pieces of bounded size.

The pairs are ours (linkage_blocks), the frequencies of names and places are terms of the run (linkage_terms): Splink
weighs what it is handed. Weights are whole thousandths of a bit; of several rows of two records the best pair counts.
"""

from splink import DuckDBAPI, Linker

from musterroll.engine.linkage_frame import Database
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_worth import PLACE, YEAR
from musterroll.linkage.weight import POSSIBLE, THOUSANDTHS

RARE = ("given", "family", "place")
PIECE = 10_000_000
"""Pairs weighed at once."""

_DAY = "(DATE '1970-01-01' + born)"


def thousandths_sql(bits: str) -> str:
    """SQL: `linkage.weight.thousandths`."""
    return f"(sign({bits}) * floor(abs({bits}) * {THOUSANDTHS} + 0.5))::INTEGER"


def spread(connection: Database) -> None:
    """Make `splink_row` from `near_row`: one number `row` each, with the columns that the model's levels read."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE splink_row AS
        SELECT row_number() OVER () AS "row", record, source, number, given, family, sex,
            lpad((year({_DAY}) * 10000 + month({_DAY}) * 100 + day({_DAY}))::VARCHAR, 8, '0') AS born_text,
            CASE WHEN day({_DAY}) <= 12 THEN
                lpad((year({_DAY}) * 10000 + day({_DAY}) * 100 + month({_DAY}))::VARCHAR, 8, '0') END AS born_exchanged,
            {YEAR.format("near_row")}::INTEGER AS told_year, left(middle, 1) AS initial,
            {PLACE.format("near_row")} AS place, coalesce(forms, []) AS forms, given_keys, family_keys, latin
        FROM near_row
    """)
    for column in RARE:
        connection.execute(f"""
            CREATE OR REPLACE TABLE rare_{column} AS
            SELECT x.{column}, coalesce(t.n, 1) / m.n::DOUBLE AS tf_{column}
            FROM (SELECT DISTINCT {column} FROM splink_row WHERE {column} IS NOT NULL) x
            LEFT JOIN frequency t ON t.kind = '{column}' AND t.value = hash(x.{column})
            JOIN frequency_of m ON m.kind = '{column}'
        """)


def score(connection: Database, founders: int, model: Model, piece: int = PIECE) -> None:
    """Make the table `scored` ("left", "right", weight) of the pairs in `blocked`, none below POSSIBLE."""
    connection.execute('CREATE OR REPLACE TABLE scored ("left" BIGINT, "right" BIGINT, weight INTEGER)')
    pairs = connection.sql("SELECT count(*) FROM blocked").fetchall()[0][0]
    if not pairs:
        return
    spread(connection)
    pieces = -(-pairs // piece)
    for number in range(pieces):
        connection.execute(f"""
            CREATE OR REPLACE TABLE to_score AS
            SELECT '0' AS match_key, a."row" AS join_key_l, b."row" AS join_key_r
            FROM blocked p JOIN splink_row a ON a.record = p."left" JOIN splink_row b ON b.record = p."right"
            WHERE hash(p."left", p."right") % {pieces} = {number}
        """)
        _weigh(connection, founders, model)
    connection.execute("DROP TABLE to_score")
    connection.execute("DROP TABLE splink_row")


def _weigh(connection: Database, founders: int, model: Model) -> None:
    api = DuckDBAPI(connection)
    rows = api.register("splink_row", dataset_display_name="splink_row")
    linker = Linker(rows, model.settings(founders), log_level=None, validate_settings=False)
    for column in RARE:
        table = api.register(f"rare_{column}", dataset_display_name=f"rare_{column}")
        linker.table_management.register_term_frequency_lookup(table, column)
    linker.table_management.register_blocked_pairs_for_predict(
        api.register("to_score", dataset_display_name="to_score")
    )
    found = linker.inference.predict(threshold_match_weight=POSSIBLE / THOUSANDTHS - 0.01, warning_mode="never")
    weight = thousandths_sql("p.match_weight")
    connection.execute(f"""
        INSERT INTO scored
        SELECT least(a.record, b.record), greatest(a.record, b.record), max({weight}) AS weight
        FROM {found.physical_name} p
        JOIN splink_row a ON a."row" = p.row_l JOIN splink_row b ON b."row" = p.row_r
        GROUP BY 1, 2 HAVING max({weight}) >= {POSSIBLE}
    """)
    found.drop_table_from_database_and_remove_from_cache()
