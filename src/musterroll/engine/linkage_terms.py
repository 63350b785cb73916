"""What weights rest on beside the model, fixed by each weekly full run and kept until the next.

1. The prior (how many founding records there are), how often each name and place occurs, and which keys are too crowded
   to be looked at (linkage_blocks). A night that adds a person moves none of them: the weights of untouched pairs stay,
   and what a night finds is what a full run on the same terms finds.
2. Between weekly runs the terms are a few days old. The prior's drift is log2 of the register's growth: a hundredth of
   a percent of growth moves a weight by nothing, one percent by 14 thousandths of a bit.
3. Names and places stand in it as 64-bit hashes. They can be guessed, so the table is sealed like the rows.
4. The terms name the model by number and digest. Another model, other rules, or another version of the database whose
   hash this is, want a full run (`fit`).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from musterroll.engine.linkage_blocks import count_crowds
from musterroll.engine.linkage_frame import Database
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_worth import PLACE
from musterroll.linkage.whose import RULES_VERSION

VALUES: Mapping[str, str] = {"given": "given", "family": "family", "place": PLACE.format("row")}


@dataclass(frozen=True, slots=True)
class Terms:
    """`founders` scales the prior; `model` and `digest` name the model file; `database` whose hashes these are.

    `rules` is `whose.RULES_VERSION`; terms that were kept before they named it are of no rules (0).
    """

    founders: int
    model: int
    digest: str
    database: str = duckdb.__version__
    rules: int = RULES_VERSION

    def fit(self, model: Model) -> bool:
        """Whether a night may still go by these terms."""
        now = (model.number, model.digest, duckdb.__version__, RULES_VERSION)
        return (self.model, self.digest, self.database, self.rules) == now

    def encode(self) -> str:
        """The text of `terms.json`. Inverse of `decode`."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def decode(cls, text: str) -> "Terms":
        """The terms as `encode` wrote them."""
        return cls(**{"rules": 0, **json.loads(text)})


def fix(connection: Database, model: Model) -> Terms:
    """Terms of the population in `row` and `free_row`: tables `frequency`, `frequency_of` and `crowded`."""
    connection.execute("CREATE OR REPLACE TABLE frequency (kind VARCHAR, value UBIGINT, n UINTEGER)")
    connection.execute("CREATE OR REPLACE TABLE frequency_of (kind VARCHAR, n UBIGINT)")
    for kind, value in VALUES.items():
        connection.execute(f"""
            INSERT INTO frequency SELECT '{kind}', hash({value}), count(*) AS n FROM row
            WHERE ({value}) IS NOT NULL GROUP BY 2 HAVING count(*) > 1
        """)
    told = ", ".join(f"greatest(count({value}), 1)" for value in VALUES.values())
    rows, founders, *counts = connection.execute(
        f"SELECT count(*), count(DISTINCT CASE WHEN founds THEN record END), {told} FROM row"
    ).fetchall()[0]
    for kind, count in zip(VALUES, counts, strict=True):
        connection.execute("INSERT INTO frequency_of VALUES (?, ?)", [kind, count])
    count_crowds(connection, rows)
    return Terms(founders, model.number, model.digest)


TABLES = ("frequency", "frequency_of", "crowded")


def keep(connection: Database, terms: Terms, folder: Path) -> None:
    """Write the terms into `folder`. Inverse of `take`."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        connection.execute(
            f"COPY (SELECT * FROM {table} ORDER BY ALL) TO '{folder / table}.parquet' "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
    (folder / "terms.json").write_text(terms.encode(), encoding="utf-8")


def take(connection: Database, folder: Path) -> Terms:
    """Read the terms that `keep` wrote."""
    for table in TABLES:
        connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_parquet('{folder / table}.parquet')")
    return Terms.decode((folder / "terms.json").read_text(encoding="utf-8"))
