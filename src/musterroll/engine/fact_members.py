"""What rows say of households and families: who is a member of which group, in which role, born when."""

from collections.abc import Collection, Mapping

import polars as pl

from musterroll.dates import FIRST_DAY
from musterroll.engine.fact_reading import ROW, Read, born_of
from musterroll.engine.record_numbers import record_numbers
from musterroll.engine.roll.table import CONFIRMED, RELATIVE, TABLES
from musterroll.extract.made import APART
from musterroll.extract.schema import RosterMap, Source
from musterroll.fact.attribute import Attribute, Kind, ValueType
from musterroll.fact.record import by_number, naming, told_of, unnamed

FAMILY = "$family"
"""What tells the family of a row, where the cell does not as it is written (`record.family`)."""


def members_of(read: Read, rosters: Collection[RosterMap], record_key: bytes) -> pl.DataFrame:
    """Who stands in which group by these maps, before it is known who they are."""
    frames = [_member(read, each, n, record_key) for n, each in enumerate(read.source.rosters) if each in rosters]
    columns = [*ROW, "n", "group", "roster", "role", "born_lo", "born_hi"]
    schema = {name: TABLES["member"].schema[name] for name in columns}
    return pl.concat(
        [pl.DataFrame(schema=schema), *(f.select([pl.col(c).cast(schema[c]) for c in columns]) for f in frames)]
    )


def _member(read: Read, each: RosterMap, n: int, record_key: bytes) -> pl.DataFrame:
    source, group = read.source, each.group or read.source.key
    named = told_of(source, each.part)
    age = source.column_of("age")
    read_of_it = [
        f"{mark}{column}" for column in (each.born, age.name if age else "") if column for mark in ("$", "$<", "$>")
    ]
    others = [(unnamed(source, one), told_of(source, one.part)) for one in naming(source, each) if each.group]
    told = {column for _, columns in others for column in columns}
    wanted = {*ROW, "as_of", group, source.key, each.role, f"{RELATIVE}{each.part}", *named, *read_of_it, *told}
    frame = read.rows.select([column for column in read.rows.columns if column in wanted])
    if by_number(source, each):
        frame = frame.with_columns(pl.col(group).str.to_uppercase().alias(FAMILY))
        group = FAMILY
    if others:
        own = [pl.lit(always) | pl.any_horizontal(pl.col(one) != "" for one in columns) for always, columns in others]
        blank = (pl.col(group) == "") & pl.any_horizontal(own)
        itself = pl.concat_str(pl.lit(APART), pl.col(source.key))
        frame = frame.with_columns(pl.when(blank).then(itself).otherwise(group).alias(FAMILY))
        group = FAMILY
    frame = frame.filter(pl.col(group) != "")
    filled = pl.any_horizontal([pl.lit(not each.part), *(pl.col(column) != "" for column in named)])
    if each.part:
        frame = frame.filter(filled | pl.lit(unnamed(source, each)))
        frame = frame.with_columns(_relative(frame, source, each.part, record_key).alias("record"))
    texts = frame[group].unique().to_frame()
    numbers = record_numbers(record_key, f"{source.name}:{each.roster}", texts[group]).alias("$group")
    frame = frame.join(texts.with_columns(numbers), on=group, how="left", maintain_order="left")
    if each.as_role:
        role = pl.lit(each.as_role)
    elif each.role:
        role = pl.col(each.role).replace_strict(
            list(each.roles), list(each.roles.values()), default=None, return_dtype=pl.String
        )
    else:
        role = pl.lit(None, pl.String)
    lo, hi = born_of(read, each.born) if each.born else (pl.lit(None, pl.Int32), pl.lit(None, pl.Int32))
    return frame.with_columns(
        pl.col("$group").alias("group"),
        pl.lit(each.roster).alias("roster"),
        pl.when(filled).then(role).alias("role"),
        lo.fill_null(FIRST_DAY).alias("born_lo"),
        hi.fill_null(pl.col("as_of")).alias("born_hi"),
        pl.lit(n).alias("n"),
    )


def _relative(frame: pl.DataFrame, source: Source, part: str, record_key: bytes) -> pl.Series:
    if f"{RELATIVE}{part}" in frame.columns:
        return frame[f"{RELATIVE}{part}"]
    return record_numbers(record_key, source.name, frame[source.key] + f"#{part}")


def with_own_birth(members: pl.DataFrame, facts: pl.DataFrame, attributes: Mapping[str, Attribute]) -> pl.DataFrame:
    """Members who are persons of the register have the hull of all that confirmed rows say of their birth."""
    born = [one.number for one in attributes.values() if one.kind is Kind.BIRTH and one.type is ValueType.DATE]
    known = (
        facts.filter(pl.col("attribute").is_in(born) & (pl.col("link") == CONFIRMED))
        .group_by("person")
        .agg(pl.col("lo").min().alias("_lo"), pl.col("hi").max().alias("_hi"))
    )
    rows = ["group", "delivery", "row", "n"]
    own = members.filter(pl.col("link") == CONFIRMED).join(known, on="person").select(*rows, "_lo", "_hi").unique(rows)
    return (
        members.join(own, on=rows, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("_lo", "born_lo").alias("born_lo"),
            pl.coalesce("_hi", "born_hi").alias("born_hi"),
        )
        .drop("_lo", "_hi")
    )
