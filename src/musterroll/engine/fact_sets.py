"""Enumerations of which several values are possible, for everybody at once: `fact.conflict` with a bit a value.

In the frames here `lo` and `hi` are both the set of the values that something says, as one int64: what statements have
in common is their `and`, all of them together their `or`.
"""

import polars as pl

from musterroll.fact.attribute import WIDEST, Attribute, State

_CODES = list(range(WIDEST))
_BELOW = [(1 << code) - 1 for code in _CODES]
_UP_TO = [(2 << code) - 1 for code in _CODES]


def as_sets(said: pl.DataFrame) -> pl.DataFrame:
    """Statements `lo..hi` of codes as sets."""
    below = pl.col("lo").replace_strict(_CODES, _BELOW, return_dtype=pl.Int64)
    among = pl.col("hi").replace_strict(_CODES, _UP_TO, return_dtype=pl.Int64) - below
    return said.with_columns(among.alias("lo"), among.alias("hi"))


def common_set(attribute: Attribute, said: pl.DataFrame) -> pl.DataFrame:
    """What all statements have in common, else all that they say; the favoured value where one says it."""
    favoured = attribute.favoured
    chosen = pl.lit(0 if favoured is None else 1 << favoured, pl.Int64)
    value = said.group_by("person").agg(
        pl.col("lo").bitwise_and().alias("_common"),
        pl.col("lo").bitwise_or().alias("_any"),
        (pl.col("source").min() < pl.col("source").max()).alias("_several"),
        (pl.col("lo") == chosen).any().alias("_favoured"),
        ((pl.col("lo") & chosen) == 0).any().alias("_contrary"),
    )
    together = pl.col("_common") != 0
    among = pl.when("_favoured").then(chosen).when(together).then("_common").otherwise("_any")
    contrary = pl.when("_favoured").then("_contrary").otherwise(~together)
    firm = pl.when("_several").then(int(State.AGREED)).otherwise(int(State.SINGLE))
    return value.select(
        "person",
        among.alias("lo"),
        among.alias("hi"),
        pl.when(contrary).then(int(State.CONFLICT)).otherwise(firm).cast(pl.UInt8).alias("state"),
    )


def wider_set(value: pl.DataFrame, more: pl.DataFrame, state: State, *, but: int | None) -> pl.DataFrame:
    """The sets with what more statements say beside them; a value that is exactly the code `but` stays as it is."""
    said = more.group_by("person").agg(pl.col("lo").bitwise_or().alias("_more"))
    stays = pl.col("lo").is_null() | pl.col("_more").is_null()
    if but is not None:
        stays = stays | (pl.col("lo") == 1 << but)
    wide = value.join(said, on="person", how="left").with_columns(
        pl.when(stays).then("lo").otherwise(pl.col("lo") | pl.col("_more")).alias("_wide")
    )
    return wide.select(
        "person",
        pl.col("_wide").alias("lo"),
        pl.col("_wide").alias("hi"),
        pl.when(pl.col("_wide") != pl.col("lo")).then(pl.lit(state, pl.UInt8)).otherwise("state").alias("state"),
    )


def held_set(name: str) -> tuple[pl.Expr, pl.Expr]:
    """The columns of the flat view: the value where there is one, else the set."""
    one = pl.col("lo").replace_strict([1 << code for code in _CODES], _CODES, default=None, return_dtype=pl.UInt8)
    return one.alias(name), pl.when(one.is_null()).then("lo").alias(f"{name}_among")
