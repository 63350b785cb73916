"""What a list that grew shorter leaves of what it said."""

import polars as pl

from musterroll.engine.fact_night import operations
from musterroll.engine.fact_rows import Built
from musterroll.engine.roll.table import TABLES


def test_who_has_served_has_served_when_the_list_no_longer_names_them():
    lines = {"person": [1, 1], "attribute": [7, 6], "lo": [1, 1], "hi": [1, 1], "valid_from": [100, 100],
             "valid_to": [10_000, 10_000], "link": [1, 1], "record": [70, 70], "delivery": [1, 1], "row": [1, 1],
             "n": [1, 0]}  # fmt: skip
    served = pl.DataFrame(lines, schema=TABLES["fact"].plain_schema)
    none = [TABLES[name].plain_schema.to_frame() for name in ("fact", "member", "particular")]
    gone = pl.DataFrame({"delivery": [1], "row": [1], "as_of": [200]})
    here = pl.DataFrame(schema={"delivery": pl.Int64, "row": pl.Int32})
    links = pl.DataFrame({"person": [1], "record": [70], "judgement": [1]})
    given = {"rows": here, "ended": gone, "links": links, "known": 20}
    changes = operations(Built(served, *none[1:]), Built(*none), lasting=[7], **given)["fact"]
    # serving ends with the extract's day; having served is not touched
    assert changes.select("attribute", "op", "valid_to").rows() == [(6, 0, 10_000), (6, 1, 200)]
    # a record that other rows speak of now was corrected: what its old row said ends
    corrected = served.head(1).with_columns(pl.lit(9, pl.Int32).alias("row"), pl.lit(150, pl.Int32).alias("valid_from"))
    after = operations(Built(served, *none[1:]), Built(corrected, *none[1:]), lasting=[7], **given)["fact"]
    assert after.filter(pl.col("attribute") == 7).select("row", "op").rows() == [(1, 0), (9, 1), (1, 1)]
