"""Names, numbers and addresses of rows; a protected one leaves a forwarding token and nothing else (charter S12)."""

import hashlib
import hmac

import polars as pl

from musterroll.dates import NEVER
from musterroll.engine.fact_reading import ROW, Read, accepted
from musterroll.engine.roll.table import TABLES


def particulars_of(read: Read, record_key: bytes) -> pl.DataFrame:
    """The names, numbers and addresses that the rows of a source give."""
    columns = [*ROW, "n", "kind", "text", "protected", "valid_from", "valid_to"]
    schema = {name: TABLES["particular"].schema[name] for name in columns}
    frames = [pl.DataFrame(schema=schema)]
    for n, each in enumerate(read.source.particulars):
        parts = [pl.col(column).str.strip_chars() for column in each.columns]
        text = pl.concat_str([pl.when(part != "").then(part) for part in parts], separator=" ", ignore_nulls=True)
        protected = accepted(each.protected_when) if each.protected_when else pl.lit(False)
        frame = read.rows.select(
            *ROW,
            text.alias("text"),
            protected.alias("protected"),
            pl.lit(each.kind).alias("kind"),
            pl.lit(n).alias("n"),
            pl.col("as_of").alias("valid_from"),
            pl.lit(NEVER).alias("valid_to"),
        ).filter(pl.col("text") != "")
        hidden = frame.filter("protected")["text"].unique().to_list()
        tokens = {text: forwarding_token(record_key, each.kind, text) for text in hidden}
        token = pl.col("text").replace(tokens) if tokens else pl.col("text")
        frame = frame.with_columns(pl.when("protected").then(token).otherwise("text").alias("text"))
        frames.append(frame.select([pl.col(c).cast(schema[c]) for c in columns]))
    return pl.concat(frames)


def forwarding_token(key: bytes, kind: str, text: str) -> str:
    """What is kept in place of a protected contact (charter S12): its agency can forward by it, nobody else."""
    return "forward:" + hmac.new(key, f"{kind}\x00{text}".encode(), hashlib.sha256).hexdigest()[:32]
