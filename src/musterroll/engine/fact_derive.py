"""Derived columns for everybody at once: the six forms of `fact.derivation`. The reference is `fact.derive.derived`."""

import polars as pl

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE
from musterroll.fact.derivation import Derivation, Form

_ROW = ["group", "delivery", "row", "n"]
_HULL = {"person": pl.Int64, "lo": pl.Int32, "hi": pl.Int32}


def derived(
    derivation: Derivation, members: pl.DataFrame, spells: pl.DataFrame, on: int, *, wide: bool
) -> pl.DataFrame:
    """person, lo, hi for all of whom the roster has a confirmed row (`wide`: any row); null where it says nothing."""
    if derivation.over_spells:
        return _from_spells(derivation, spells, on, wide=wide)
    return _from_members(derivation, members.filter(pl.col("roster") == derivation.roster), wide=wide)


def _plays(roles: tuple[str, ...]) -> pl.Expr:
    return pl.col("role").is_in(list(roles)).fill_null(False) if roles else pl.lit(True)


def _may_play(roles: tuple[str, ...]) -> pl.Expr:
    return pl.col("role").is_null() | _plays(roles)


def _from_members(derivation: Derivation, members: pl.DataFrame, *, wide: bool) -> pl.DataFrame:
    certain = pl.col("link") == CONFIRMED
    own = members.filter(pl.col("person").is_not_null()).with_columns(certain.alias("_certain"))
    everybody = own.filter(pl.col("_certain") | pl.lit(wide)).select("person").unique()
    mine = (
        own.filter(pl.col("person").is_in(everybody["person"].implode()))
        .group_by("person", "group")
        .agg(
            pl.col("_certain").any(),
            (pl.col("_certain") & _plays(derivation.mine)).any().alias("_am_sure"),
            ((pl.lit(wide) | pl.col("_certain")) & _may_play(derivation.mine)).any().alias("_am_possible"),
        )
        .filter("_am_possible")
    )
    my_rows = (
        own.join(mine.select("person", "group", pl.col("_certain").alias("_sure_group")), on=["person", "group"])
        .filter(pl.col("_certain") | ~pl.col("_sure_group"))
        .select("person", *_ROW, "_sure_group")
        .unique()
        .filter(pl.col("_sure_group") | (pl.len().over("person", "group") == 1))
    )
    rows = members.group_by(_ROW).agg(
        pl.col("role").first(),
        pl.col("born_lo").first(),
        pl.col("born_hi").first(),
        pl.col("person").filter(certain).first().alias("_who"),
    )
    counted = (
        mine.join(rows.filter(_may_play(derivation.roles)), on="group")
        .join(my_rows, on=["person", *_ROW], how="anti")
        .with_columns((pl.col("_am_sure") & _plays(derivation.roles)).alias("sure"))
        .with_columns(
            *(
                pl.when(pl.col("_who").is_null()).then(pl.col(name)).alias(f"_{name}")
                for name in ("delivery", "row", "n")
            )
        )
        .group_by("person", "_who", "_delivery", "_row", "_n")
        .agg(pl.col("born_lo").min().alias("lo"), pl.col("born_hi").max().alias("hi"), pl.col("sure").any())
    )
    return _reckoned(derivation, everybody, counted)


def _from_spells(derivation: Derivation, spells: pl.DataFrame, on: int, *, wide: bool) -> pl.DataFrame:
    rows = _wanted(derivation, spells)
    rows = rows.filter((pl.col("link") == CONFIRMED) | ((pl.col("link") == POSSIBLE) & pl.lit(wide))).with_columns(
        (pl.col("link") == CONFIRMED).alias("sure")
    )
    everybody = rows.select("person").unique()
    if derivation.form is Form.TOTAL_DAYS:
        least = (pl.min_horizontal("to_lo", pl.lit(on + 1)) - pl.col("from_hi")).clip(lower_bound=0)
        most = (pl.min_horizontal("to_hi", pl.lit(on + 1)) - pl.col("from_lo")).clip(lower_bound=0)
        totals = rows.group_by("person").agg(least.filter(pl.col("sure")).sum().alias("lo"), most.sum().alias("hi"))
        return _typed(everybody.join(totals, on="person"))
    lo, hi = (pl.col(f"{derivation.column or 'to'}_{end}") for end in ("lo", "hi"))
    counted = rows.select("person", "sure", lo.alias("lo"), hi.alias("hi"), "from_lo", "to_lo", "row", "n")
    if derivation.form is not Form.COVERING:
        return _reckoned(derivation, everybody, counted)
    reaching = counted.filter(pl.col("to_lo") > on)
    chosen = (
        reaching.filter("sure")
        .sort("person", "from_lo", "to_lo", "row", "n")
        .group_by("person", maintain_order=True)
        .first()
    )
    fewer = pl.lit(derivation.fewer, pl.Int32)
    first = everybody.join(chosen, on="person", how="left").select(
        "person", pl.col("lo").fill_null(fewer), pl.col("hi").fill_null(fewer)
    )
    others = reaching.filter(~pl.col("sure")).select("person", "lo", "hi")
    ends = pl.concat([_typed(first), _typed(others)]).join(first.drop_nulls(), on="person", how="semi")
    return _typed(ends.group_by("person").agg(pl.col("lo").min(), pl.col("hi").max()))


def _wanted(derivation: Derivation, spells: pl.DataFrame) -> pl.DataFrame:
    kinds = pl.col("kind").is_in(list(derivation.kinds)) if derivation.kinds else pl.lit(True)
    return spells.filter((pl.col("roster") == derivation.roster) & kinds)


def until(derivation: Derivation, spells: pl.DataFrame, on: int) -> pl.DataFrame:
    """person, day: when `covering` may choose another spell, or the running total of days may have grown (tomorrow)."""
    if not derivation.over_spells or derivation.form not in (Form.COVERING, Form.TOTAL_DAYS):
        return pl.DataFrame(schema={"person": pl.Int64, "day": pl.Int32})
    rows = _wanted(derivation, spells).filter(
        (pl.col("link") == CONFIRMED) & (pl.col("to_lo") > on) & (pl.col("to_lo") < NEVER)
    )
    return rows.group_by("person").agg(pl.col("to_lo").min().alias("day"))


def _reckoned(derivation: Derivation, everybody: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """`fact.derive._reckoned` for every person: the hull of the nth latest, the earliest, or whether there is any."""
    sure = pl.col("sure")
    fewer = pl.lit(derivation.fewer, pl.Int32)
    if derivation.form is Form.ANY:
        found = counted.group_by("person").agg(sure.any().cast(pl.Int32).alias("lo"), pl.lit(1, pl.Int32).alias("hi"))
        return _typed(
            everybody.join(found, on="person", how="left").with_columns(
                pl.col("lo").fill_null(fewer), pl.col("hi").fill_null(fewer)
            )
        )
    if derivation.form is Form.EARLIEST:
        ends = counted.group_by("person").agg(
            pl.col("lo").min().alias("least"), pl.col("hi").filter(sure).min().alias("most")
        )
    else:
        ends = counted.group_by("person").agg(
            _nth(pl.col("lo").filter(sure), derivation.nth).alias("least"),
            _nth(pl.col("hi"), derivation.nth).alias("most"),
            _nth(pl.col("lo"), derivation.nth).alias("_all"),
        )
        if derivation.fewer != FIRST_DAY:
            lacking = pl.col("least").is_null() & pl.col("most").is_not_null()
            ends = ends.with_columns(
                pl.when(lacking).then(pl.col("_all")).otherwise("least").alias("least"),
                pl.when(lacking).then(None).otherwise("most").alias("most"),
            )
    both = pl.col("least").is_not_null() & pl.col("most").is_not_null()
    one = pl.coalesce("least", "most")
    known = pl.lit(derivation.fewer is not None)
    return _typed(
        everybody.join(ends, on="person", how="left").select(
            "person",
            pl.when(both).then(pl.col("least")).when(one.is_null()).then(fewer)
            .when(known).then(pl.min_horizontal(one, fewer)).alias("lo"),
            pl.when(both).then(pl.col("most")).when(one.is_null()).then(fewer)
            .when(known).then(pl.max_horizontal(one, fewer)).alias("hi"),
        )
    )  # fmt: skip


def _nth(days: pl.Expr, nth: int) -> pl.Expr:
    return days.max() if nth == 1 else days.sort(descending=True).get(nth - 1, null_on_oob=True)


def _typed(hulls: pl.DataFrame) -> pl.DataFrame:
    return hulls.select([pl.col(name).cast(kind) for name, kind in _HULL.items()])
