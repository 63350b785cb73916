"""What was held and what is now said, person bucket by person bucket and group by group: the night's operations.

The rules are those of `fact_night`; here they are kept for the records that the night touched, out of core.

1. Statements of a held row are those it gives now. A row that ended tonight leaves what was true until then, and what
   lasts; a row that ended earlier leaves what it left.
2. A record that changed its people takes all its statements with it, old ones too, in this same act.
3. A place in a group goes with its row. Its birth date is the hull of what the person's confirmed records tell, where
   they tell any.
4. Only those whom the law registers are named in a group (charter S13): of others the birth date is kept, once.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from musterroll.dates import FIRST_DAY
from musterroll.engine.fact_said import (
    MOVED,
    PAIR,
    PLACE,
    ROW,
    SAID,
    Telling,
    asked_of,
    births_of,
    got,
    members_of,
    now,
)
from musterroll.engine.roll import archive
from musterroll.engine.roll.table import CONFIRMED, TABLES
from musterroll.engine.row_night import put_operations

HELD, GROUPS = "facts-held", "facts-groups"
TOLD = {"group": pl.Int64, "delivery": pl.Int64, "row": pl.Int32, "n": pl.Int16, "lo": pl.Int32, "hi": pl.Int32}
_DATED = ("fact", "particular")


# Old statements of records that changed their people


def find_moved(telling: Telling, piece: int, buckets: Sequence[int]) -> None:
    """What rows of earlier nights said of records that are linked otherwise tonight, handed on by record."""
    work = telling.work
    if work.done(f"{MOVED}-from", piece) is not None:
        return
    for name in _DATED:
        found = []
        for bucket in buckets:
            pairs = got(work.parts(SAID, "pair"), bucket, PAIR)
            moved = pairs.filter(pl.col("was") != pl.col("judgement"))
            before = _before(telling, name, bucket, moved)
            found.append(_left(telling, name, before, got(work.parts(SAID, "place"), bucket, PLACE)))
        work.parts(f"{MOVED}-from", name).add(piece, pl.concat(found), "record")
    work.finish(f"{MOVED}-from", piece)


def move(telling: Telling, piece: int, buckets: Sequence[int]) -> None:
    """The same under the people whom the records are linked to now."""
    work = telling.work
    if work.done(MOVED, piece) is not None:
        return
    for name in _DATED:
        plain, found = TABLES[name].plain_schema, []
        for bucket in buckets:
            linked = now(telling.links(bucket)).filter(pl.col("person") > 0)
            if name == "particular":
                linked = linked.filter(pl.col("link") == CONFIRMED)
            old = got(work.parts(f"{MOVED}-from", name), bucket, plain)
            alike = old.drop([column for column in ("person", "link") if column in plain]).unique()
            found.append(alike.join(linked.drop("touched"), on="record").select(list(plain)))
        work.parts(MOVED, name).add(piece, pl.concat(found), "person")
    work.finish(MOVED, piece)


def _before(telling: Telling, name: str, bucket: int, pairs: pl.DataFrame) -> pl.DataFrame:
    """What is held of these people by these records."""
    if telling.parent is None or pairs.is_empty():
        return TABLES[name].plain_schema.to_frame()
    only = pl.col("person").is_in(pairs["person"].unique().implode())
    held = archive.held_bucket(telling.rows.store, telling.parent, name, bucket, only=only).drop("known_from")
    return held.join(pairs, on=["person", "record"], how="semi", maintain_order="left")


def _left(telling: Telling, name: str, before: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Of statements held, what is left of those whose row is not held now (rule 1)."""
    rows = places.select("delivery", "row", "as_of", "speaks").unique(["delivery", "row"])
    placed = before.join(rows, on=["delivery", "row"], how="left", maintain_order="left")
    over = pl.col("as_of").is_not_null()
    stays = pl.col("speaks").is_null()
    if name == "fact":
        stays = stays | (over & ~pl.col("speaks") & pl.col("attribute").is_in(list(telling.lasting)))
    closed = over & (pl.col("valid_from") > FIRST_DAY) & (pl.col("valid_from") < pl.col("as_of"))
    end = pl.when(stays).then("valid_to").otherwise(pl.min_horizontal("valid_to", "as_of"))
    return placed.filter(stays | closed).with_columns(end.alias("valid_to")).select(before.columns)


# People


def hold(telling: Telling, piece: int, buckets: Sequence[int], declared: pl.DataFrame) -> dict[str, Any]:
    """The operations on facts and particulars of some person buckets; birth dates handed on to the groups."""
    work = telling.work
    marked = work.done(HELD, piece)
    if marked is not None:
        return marked
    told: dict[str, Any] = {}
    births = []
    for bucket in buckets:
        moved = []
        for name in _DATED:
            plain = TABLES[name].plain_schema
            said = got(work.parts(SAID, name), bucket, plain)
            operations = _operations(telling, name, bucket, said)
            if name == "fact":
                births.append(_told(telling, bucket, said))
                mine = declared.filter(pl.col("person") % telling.buckets == bucket)
                operations = pl.concat([operations, archive.adds(TABLES["fact"], mine, telling.known)])
                moved.append(operations["person"])
            told[f"{name}-{bucket}"] = put_operations(
                telling.rows.store, work, HELD, name, operations, telling.known, bucket
            )
        work.keep(HELD, f"moved-{bucket:04}", pl.concat(moved).unique().sort().to_frame())
    work.parts(HELD, "told").add(piece, pl.concat(births), "group")
    work.finish(HELD, piece, told)
    return told


def _operations(telling: Telling, name: str, bucket: int, said: pl.DataFrame) -> pl.DataFrame:
    work, table = telling.work, TABLES[name]
    if telling.first:
        return archive.adds(table, said, telling.known)
    pairs = got(work.parts(SAID, "pair"), bucket, PAIR)
    before = _before(telling, name, bucket, pairs)
    same = pairs.filter(pl.col("was") == pl.col("judgement"))
    staying = before.join(same, on=["person", "record"], how="semi", maintain_order="left")
    left = _left(telling, name, staying, got(work.parts(SAID, "place"), bucket, PLACE))
    moved = got(work.parts(MOVED, name), bucket, table.plain_schema)
    return archive.night(table, before, pl.concat([said, left, moved]), telling.known)


def _told(telling: Telling, bucket: int, facts: pl.DataFrame) -> pl.DataFrame:
    asked = asked_of(telling, bucket).join(births_of(telling, bucket, facts), on="person")
    return asked.sort("person", *ROW).unique(ROW, keep="first", maintain_order=True).select(TOLD.keys())


# Groups


def gather(telling: Telling, piece: int, buckets: Sequence[int]) -> dict[str, Any]:
    """The operations on the groups of some buckets, and the people who stand in a group that changed."""
    work = telling.work
    marked = work.done(GROUPS, piece)
    if marked is not None:
        return marked
    told: dict[str, Any] = {}
    people = []
    records = None if telling.first else touched_records(telling)
    for bucket in buckets:
        held = TABLES["member"].plain_schema.to_frame()
        if telling.parent is not None:
            found = archive.held_bucket(telling.rows.store, telling.parent, "member", bucket)
            held = found.drop("known_from")
        before = held if records is None else held.filter(_among(held["record"], records))
        after = _registered(_born(telling, bucket, members_of(telling, bucket), before))
        operations = archive.night(TABLES["member"], before, after, telling.known)
        groups = operations.select("group").unique()
        standing = pl.concat([held, after]).filter(pl.col("person").is_not_null())
        people.append(standing.join(groups, on="group", how="semi").select("person"))
        told[f"member-{bucket}"] = put_operations(
            telling.rows.store, work, GROUPS, "member", operations, telling.known, bucket
        )
    work.parts(GROUPS, "moved").add(piece, pl.concat(people).unique().sort("person"), "person")
    work.finish(GROUPS, piece, told)
    return told


def touched_records(telling: Telling) -> np.ndarray:
    """The numbers of all touched records, in order."""
    pieces = range(len(telling.pieces()))
    return np.sort(np.concatenate([telling.work.kept(SAID, f"records-{n:04}")["record"].to_numpy() for n in pieces]))


def _among(numbers: pl.Series, ordered: np.ndarray) -> pl.Series:
    place = np.searchsorted(ordered, numbers.to_numpy())
    place[place == len(ordered)] = 0
    return pl.Series(ordered[place] == numbers.to_numpy() if len(ordered) else np.zeros(len(numbers), np.bool_))


def _born(telling: Telling, bucket: int, members: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The members with the birth dates that their people's records tell; of people untouched, as they were held."""
    told = got(telling.work.parts(HELD, "told"), bucket, TOLD)
    untouched = members.filter((pl.col("link") == CONFIRMED) & ~pl.col("touched")).select(ROW).unique()
    as_held = before.join(untouched, on=ROW, how="semi").select(
        *ROW, pl.col("born_lo").alias("lo"), pl.col("born_hi").alias("hi")
    )
    known = pl.concat([told, as_held]).unique(ROW, keep="first", maintain_order=True)
    return members.join(known, on=ROW, how="left", maintain_order="left").with_columns(
        pl.coalesce("lo", "born_lo").alias("born_lo"), pl.coalesce("hi", "born_hi").alias("born_hi")
    )


def _registered(members: pl.DataFrame) -> pl.DataFrame:
    """The members as they are kept: named where the law registers them, else a birth date only (rule 4)."""
    table = TABLES["member"]
    placed = members.sort(table.sort, nulls_last=False)
    others = placed.filter((pl.col("link") == CONFIRMED) & (pl.col("person") < 0))
    again = others.filter(pl.col("person").cum_count().over("roster", "group", "person") > 1)
    once = placed.join(again.select(ROW), on=ROW, how="anti", maintain_order="left")
    named = once.filter(pl.col("person") > 0)
    nobody = [pl.lit(None, table.plain_schema[name]).alias(name) for name in ("person", "link")]
    nameless = once.filter(pl.col("person").is_null() | (pl.col("person") < 0)).join(named, on=ROW, how="anti")
    return pl.concat([named, nameless.unique(ROW, keep="first", maintain_order=True).with_columns(nobody)]).select(
        list(table.plain_schema)
    )
