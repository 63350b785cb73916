"""Rows and links to facts, places in groups and particulars, all records at once. Must agree with `fact.record`.

What comes in: the rows held of each source (`row.<source>`), the deliveries, the links. What goes out: the frames of
the archive tables `fact`, `member`, `particular` as they should be held now (`Built`); `fact_night` turns them into a
night's operations.

Only founded persons have a number (charter S13): a member who is nobody in the register has a null person, and a row
linked to nobody gives no fact. Particulars follow confirmed links only: a possible link shows nobody anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from musterroll.engine.fact_members import members_of, with_own_birth
from musterroll.engine.fact_particulars import forwarding_token, particulars_of
from musterroll.engine.fact_reading import Read, days, read_rows
from musterroll.engine.fact_statements import facts_of, of_whom, together
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, TABLES
from musterroll.extract.schema import Source
from musterroll.fact.attribute import Attribute, Kind
from musterroll.fact.record import BLANK

__all__ = ["Built", "Unlinked", "build", "forwarding_token", "registered", "said", "statements"]


@dataclass(frozen=True, slots=True)
class Built:
    """The three tables as they follow from the rows and links held now: plain columns, without operations."""

    facts: pl.DataFrame
    members: pl.DataFrame
    particulars: pl.DataFrame


def build(
    rows: Mapping[str, pl.DataFrame],
    sources: Mapping[str, Source],
    deliveries: pl.DataFrame,
    links: pl.DataFrame,
    attributes: Mapping[str, Attribute],
    *,
    record_key: bytes,
) -> Built:
    """Facts, members and particulars of everybody.

    `rows` are the held rows by source, `deliveries` has delivery and as_of, `links` person, record and judgement.
    `record_key` numbers groups and named relatives (`ids.record_number`), as it numbers records.
    """
    linked = links.filter(pl.col("judgement").is_in([CONFIRMED, POSSIBLE])).select(
        "person", "record", pl.col("judgement").cast(pl.UInt8).alias("link")
    )
    as_of = days(deliveries)
    read = [read_rows(sources[name], frame, as_of) for name, frame in sorted(rows.items())]
    facts = _stacked("fact", [of_whom(facts_of(one, attributes).join(linked, on="record")) for one in read])
    members = _stacked(
        "member",
        [members_of(one, one.source.rosters, record_key).join(linked, on="record", how="left") for one in read],
    )
    confirmed = linked.filter(pl.col("link") == CONFIRMED)
    particulars = _stacked(
        "particular", [particulars_of(one, record_key).join(confirmed, on="record").drop("link") for one in read]
    )
    return Built(facts, with_own_birth(members, facts, attributes), particulars)


def registered(built: Built, numbers: pl.DataFrame) -> Built:
    """The same for those whom the law registers (charter S13): `numbers` has each `temporary` number and its `person`.

    Facts and particulars of all others are left out. As members of somebody's group they keep the birth date's hull and
    nothing that says who they are; one who stands in a group twice stands in it once.
    """
    known = numbers.select(pl.col("temporary").cast(pl.Int64), pl.col("person").cast(pl.Int64).alias("_number"))

    def numbered(frame: pl.DataFrame, how: Literal["inner", "left"]) -> pl.DataFrame:
        joined = frame.join(known, left_on="person", right_on="temporary", how=how, maintain_order="left")
        return joined.with_columns(pl.col("_number").alias("person")).drop("_number")

    row = ["group", "delivery", "row", "n"]
    others = built.members.filter(pl.col("link") == CONFIRMED).join(
        known, left_on="person", right_on="temporary", how="anti"
    )
    others = others.sort(pl.col("role").is_null(), maintain_order=True)  # a row that says as what he stands there
    again = others.filter(pl.col("person").cum_count().over("roster", "group", "person") > 1)
    members = numbered(built.members.join(again.select(row), on=row, how="anti", maintain_order="left"), "left")
    members = members.with_columns(pl.when(pl.col("person").is_not_null()).then("link").alias("link"))
    named = members.filter(pl.col("person").is_not_null())
    nameless = members.filter(pl.col("person").is_null()).join(named, on=row, how="anti").unique(row)
    return Built(
        facts=_stacked("fact", [numbered(built.facts, "inner")]),
        members=_stacked("member", [named, nameless]),
        particulars=_stacked("particular", [numbered(built.particulars, "inner")]),
    )


def _stacked(name: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    table = TABLES[name]
    typed = [frame.select([pl.col(c).cast(kind) for c, kind in table.plain_schema.items()]) for frame in frames]
    return pl.concat([table.plain_schema.to_frame(), *typed]).sort(table.sort, nulls_last=False)


def said(
    rows: Mapping[str, pl.DataFrame],
    sources: Mapping[str, Source],
    deliveries: pl.DataFrame,
    attributes: Mapping[str, Attribute],
) -> pl.DataFrame:
    """The facts of rows before it is known whose they are: record, delivery, row, n, attribute, lo, hi, valid times.

    `attributes` may be some of the pack's: then only these.
    """
    as_of = days(deliveries)
    frames = [facts_of(read_rows(sources[name], frame, as_of), attributes) for name, frame in sorted(rows.items())]
    return pl.concat(frames).filter(pl.col("n") < BLANK) if frames else together([])


@dataclass(frozen=True, slots=True)
class Unlinked:
    """What the rows of one source say before it is known whose they are. `relatives` are members whom a row names."""

    facts: pl.DataFrame
    members: pl.DataFrame
    relatives: pl.DataFrame
    particulars: pl.DataFrame


def statements(
    source: Source,
    rows: pl.DataFrame,
    deliveries: pl.DataFrame,
    attributes: Mapping[str, Attribute],
    *,
    record_key: bytes,
    registered: pl.Series | None = None,
) -> Unlinked:
    """All that some rows of a source say. `rows` are as held: with the record number of each relative (`row_night`).

    With `registered` (records), what is kept of nobody else is said of these records only: of all others their places
    and their births, which a household needs (charter S13).
    """
    read = read_rows(source, rows, days(deliveries))
    own, named = ([each for each in source.rosters if bool(each.part) is part] for part in (False, True))
    facts = [facts_of(read, attributes)]
    theirs = read
    if registered is not None:
        theirs = Read(source, read.rows.filter(pl.col("record").is_in(registered.implode())))
        births = {name: one for name, one in attributes.items() if one.kind is Kind.BIRTH}
        others = {name: one for name, one in attributes.items() if name not in births}
        facts = [facts_of(read, births), facts_of(theirs, others)]
    return Unlinked(
        pl.concat(facts),
        members_of(read, own, record_key),
        members_of(read, named, record_key),
        particulars_of(theirs, record_key),
    )
