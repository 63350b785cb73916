"""Derived columns for everybody at once: the six forms of `fact.derivation`. The reference is `fact.derive.derived`."""

import polars as pl

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE
from musterroll.fact.derivation import Derivation, Form

_ROW = ["group", "delivery", "row", "n"]
_HULL = {"person": pl.Int64, "lo": pl.Int32, "hi": pl.Int32}


def derived(
    derivation: Derivation,
    members: pl.DataFrame,
    spells: pl.DataFrame,
    on: int,
    *,
    wide: bool,
    people: pl.Series | None = None,
) -> pl.DataFrame:
    """person, lo, hi for all of whom the roster has a confirmed row (`wide`: any row); null where it says nothing.

    `people` are those who are asked about, where `members` has rows of others too.
    """
    if derivation.over_spells:
        return _from_spells(derivation, spells, on, wide=wide)
    return _from_members(derivation, members.filter(pl.col("roster") == derivation.roster), people, wide=wide)


def _plays(roles: tuple[str, ...]) -> pl.Expr:
    return pl.col("role").is_in(list(roles)).fill_null(False) if roles else pl.lit(True)


def _may_play(roles: tuple[str, ...]) -> pl.Expr:
    return pl.col("role").is_null() | _plays(roles)


def _from_members(
    derivation: Derivation, members: pl.DataFrame, people: pl.Series | None, *, wide: bool
) -> pl.DataFrame:
    certain = pl.col("link") == CONFIRMED
    own = members.filter(pl.col("person").is_not_null())
    if people is not None:
        own = own.filter(pl.col("person").is_in(people.implode()))
    if not wide:
        return _reckoned(derivation, *_counted(derivation, members, own.filter(certain)))
    everybody = own.select("person").unique()
    mine = (
        own.with_columns(certain.alias("_certain"))
        .group_by("person", "group")
        .agg(
            pl.col("_certain").any(),
            (pl.col("_certain") & _plays(derivation.mine)).any().alias("_am_sure"),
            _may_play(derivation.mine).any().alias("_am_possible"),
        )
        .filter("_am_possible")
    )
    my_rows = (
        own.join(mine.select("person", "group", pl.col("_certain").alias("_sure_group")), on=["person", "group"])
        .filter(certain | ~pl.col("_sure_group"))
        .select("person", *_ROW, "_sure_group")
        .unique()
        .filter(pl.col("_sure_group") | (pl.len().over("person", "group") == 1))
    )
    counted = mine.join(_by_row(members, derivation.roles), on="group").join(my_rows, on=["person", *_ROW], how="anti")
    return _reckoned(derivation, everybody, _once(derivation, counted))


def _counted(derivation: Derivation, members: pl.DataFrame, own: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Everybody with a confirmed place (`own`), and whom each of them has in the groups: the first evaluation.

    A person's own rows are those whose confirmed person he is, so that nothing has to be looked up again.
    """
    rows = _by_row(members, derivation.roles)
    mine = (
        own.filter(_may_play(derivation.mine))
        .join(rows.select("group").unique(), on="group", how="semi")
        .group_by("person", "group")
        .agg(_plays(derivation.mine).any().alias("_am_sure"))
    )
    counted = mine.join(rows, on="group").filter(pl.col("_who").ne_missing(pl.col("person")))
    return own.select("person").unique(), _once(derivation, counted)


def _by_row(members: pl.DataFrame, roles: tuple[str, ...]) -> pl.DataFrame:
    """The members who may play the roles, one entry a row; `_who` is the person on a confirmed link, if there is one.

    Only a row that is linked to nobody for certain can stand here several times, once for each possible person.
    """
    rows = members.filter(_may_play(roles)).select(*_ROW, "role", "born_lo", "born_hi", "person", "link")
    certain = rows.filter(pl.col("link") == CONFIRMED)
    others = rows.filter(pl.col("link").ne_missing(CONFIRMED))
    if others["link"].is_not_null().any():
        others = others.join(certain, on=_ROW, how="anti").unique(_ROW, keep="any")
    who = pl.col("person").alias("_who")
    nobody = pl.lit(None, pl.Int64).alias("_who")
    return pl.concat([certain.with_columns(who), others.with_columns(nobody)]).drop("person", "link")


def _once(derivation: Derivation, counted: pl.DataFrame) -> pl.DataFrame:
    """Each member once: a person on confirmed links, or else a row."""
    told = counted.select(
        "person",
        "_who",
        *(pl.when(pl.col("_who").is_null()).then(pl.col(name)).alias(f"_{name}") for name in ("delivery", "row", "n")),
        pl.col("born_lo").alias("lo"),
        pl.col("born_hi").alias("hi"),
        (pl.col("_am_sure") & _plays(derivation.roles)).alias("sure"),
    )
    named = (
        told.filter(pl.col("_who").is_not_null())
        .group_by("person", "_who")
        .agg(pl.col("lo").min(), pl.col("hi").max(), pl.col("sure").any())
    )
    rows = (
        told.filter(pl.col("_who").is_null())
        .group_by("person", "_delivery", "_row", "_n")
        .agg(pl.col("lo").min(), pl.col("hi").max(), pl.col("sure").any())
    )
    columns = ["person", "lo", "hi", "sure"]
    return pl.concat([named.select(columns), rows.select(columns)])


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
        ends = (
            _nth(counted, "hi", derivation.nth, "most")
            .join(_nth(counted.filter(sure), "lo", derivation.nth, "least"), on="person", how="left")
            .join(_nth(counted, "lo", derivation.nth, "_all"), on="person", how="left")
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


def _nth(counted: pl.DataFrame, column: str, nth: int, name: str) -> pl.DataFrame:
    """The nth largest of a column for each person who has as many."""
    if nth == 1:
        return counted.group_by("person").agg(pl.col(column).max().alias(name))
    ordered = counted.select("person", pl.col(column).alias(name)).sort("person", name, descending=[False, True])
    begins = (pl.col("person") != pl.col("person").shift(nth - 1, fill_value=None)).fill_null(True)
    return ordered.filter(~begins & (pl.col("person") != pl.col("person").shift(nth)).fill_null(True))


def _typed(hulls: pl.DataFrame) -> pl.DataFrame:
    return hulls.select([pl.col(name).cast(kind) for name, kind in _HULL.items()])
