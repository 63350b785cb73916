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
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

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
from musterroll.engine.fact_statements import of_whom
from musterroll.engine.night_pieces import put_operations
from musterroll.engine.roll import archive
from musterroll.engine.roll.table import CONFIRMED, TABLES

HELD, GROUPS = "facts-held", "facts-groups"
TOLD = {"group": pl.Int64, "delivery": pl.Int64, "row": pl.Int32, "n": pl.Int16, "lo": pl.Int32, "hi": pl.Int32}
_DATED = ("fact", "particular")
_DAY = 86_400_000_000

type Numbers = NDArray[np.int64]


# Old statements of records that changed their people


def find_moved(telling: Telling, piece: int, buckets: Sequence[int]) -> None:
    """What rows of earlier nights said of records that are linked otherwise tonight, handed on by record."""
    work = telling.work
    if work.done(f"{MOVED}-from", piece) is not None:
        return
    for name in _DATED:
        pairs = got(work.parts(SAID, "pair"), buckets, PAIR)
        before = _before(telling, name, buckets, pairs.filter(pl.col("was") != pl.col("judgement")))
        left = _left(telling, name, before, got(work.parts(SAID, "place"), buckets, PLACE))
        work.parts(f"{MOVED}-from", name).add(piece, left, "record")
    work.finish(f"{MOVED}-from", piece)


def move(telling: Telling, piece: int, buckets: Sequence[int]) -> None:
    """The same under the people whom the records are linked to now."""
    work = telling.work
    if work.done(MOVED, piece) is not None:
        return
    for name in _DATED:
        plain = TABLES[name].plain_schema
        linked = now(telling.links(buckets)).filter(pl.col("person") > 0).drop("touched")
        if name == "particular":
            linked = linked.filter(pl.col("link") == CONFIRMED)
        old = got(work.parts(f"{MOVED}-from", name), buckets, plain)
        alike = old.drop([column for column in ("person", "link") if column in plain]).unique()
        moved = alike.join(linked, on="record").select(list(plain))
        work.parts(MOVED, name).add(piece, of_whom(moved) if name == "fact" else moved, "person")
    work.finish(MOVED, piece)


def _before(telling: Telling, name: str, buckets: Sequence[int], pairs: pl.DataFrame) -> pl.DataFrame:
    """What is held of these people by these records."""
    if telling.parent is None or pairs.is_empty():
        return TABLES[name].plain_schema.to_frame()
    only = pl.col("person").is_in(pairs["person"].unique().implode())
    store, parent = telling.rows.store, telling.parent
    held = pl.concat([archive.held_bucket(store, parent, name, one, only=only) for one in buckets]).drop("known_from")
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
    made: dict[str, list[pl.DataFrame]] = {name: [] for name in (*_DATED, "told")}
    for some in telling.together(buckets):
        for name in _DATED:
            said = got(work.parts(SAID, name), some, TABLES[name].plain_schema)
            made[name].append(_operations(telling, name, some, said))
            if name == "fact":
                made["told"].append(_told(telling, some, said))
                mine = declared.filter((pl.col("person") % telling.buckets).is_in(list(some)))
                made[name].append(archive.adds(TABLES[name], mine, telling.known))
    for name in _DATED:
        operations = pl.concat(made[name])
        told[name] = put_operations(telling.rows.store, work, HELD, name, operations, telling.known, piece, buckets)
        if name == "fact":
            work.parts(HELD, "moved").add(piece, operations.select("person").unique().sort("person"), "person")
    work.parts(HELD, "told").add(piece, pl.concat(made["told"]), "group")
    work.finish(HELD, piece, told)
    return told


def _operations(telling: Telling, name: str, buckets: Sequence[int], said: pl.DataFrame) -> pl.DataFrame:
    work, table = telling.work, TABLES[name]
    if telling.first:
        return archive.adds(table, said, telling.known)
    pairs = got(work.parts(SAID, "pair"), buckets, PAIR)
    before = _before(telling, name, buckets, pairs)
    same = pairs.filter(pl.col("was") == pl.col("judgement"))
    staying = before.join(same, on=["person", "record"], how="semi", maintain_order="left")
    left = _left(telling, name, staying, got(work.parts(SAID, "place"), buckets, PLACE))
    moved = got(work.parts(MOVED, name), buckets, table.plain_schema)
    said = _not_forgotten(telling, name, buckets, said, before)
    return archive.night(table, before, pl.concat([said, left, moved]), telling.known)


def _not_forgotten(
    telling: Telling, name: str, buckets: Sequence[int], said: pl.DataFrame, before: pl.DataFrame
) -> pl.DataFrame:
    """What is said, without what is over and left the archive by its time limit: its row does not bring it back."""
    parent = telling.parent
    if parent is None or not parent.refs("tombstone"):
        return said
    key, store = list(TABLES[name].key), telling.rows.store
    stones = pl.concat([archive.held_bucket(store, parent, "tombstone", bucket) for bucket in buckets])
    over = said.filter(pl.col("valid_to") <= telling.known // _DAY)
    gone = over.join(stones.filter(of=name), on=key, how="semi").join(before, on=key, how="anti")
    return said.join(gone, on=key, how="anti", maintain_order="left")


def _told(telling: Telling, buckets: Sequence[int], facts: pl.DataFrame) -> pl.DataFrame:
    asked = asked_of(telling, buckets).join(births_of(telling, buckets, facts), on="person")
    return asked.sort("person", *ROW).unique(ROW, keep="first", maintain_order=True).select(TOLD.keys())


# Groups


def gather(telling: Telling, piece: int, buckets: Sequence[int]) -> dict[str, Any]:
    """The operations on the groups of some buckets, and the people who stand in a group that changed."""
    work = telling.work
    marked = work.done(GROUPS, piece)
    if marked is not None:
        return marked
    records = None if telling.first else touched_records(telling)
    made, people = [], []
    for some in telling.together(buckets):
        held = _Held.read(telling, some)
        before = held.rows if records is None else held.of(_among(records))
        after = _registered(_born(telling, some, members_of(telling, some), before))
        table = TABLES["member"]
        operations = (
            archive.adds(table, after, telling.known)
            if before.is_empty()
            else archive.night(table, before, after, telling.known)
        )
        groups = operations["group"].unique()
        standing = pl.concat([held.of(pl.col("group").is_in(groups.implode())), after])
        people.append(
            standing.filter((pl.col("person") > 0) & pl.col("group").is_in(groups.implode())).select("person")
        )
        made.append(operations)
    told = {
        "member": put_operations(
            telling.rows.store, work, GROUPS, "member", pl.concat(made), telling.known, piece, buckets
        )
    }
    work.parts(GROUPS, "moved").add(piece, pl.concat(people).unique().sort("person"), "person")
    work.finish(GROUPS, piece, told)
    return told


@dataclass(frozen=True, slots=True)
class _Held:
    """The places held in some groups' buckets: read once, asked for some of them."""

    objects: tuple[pl.DataFrame, ...]
    known: int

    @classmethod
    def read(cls, telling: Telling, buckets: Sequence[int]) -> "_Held":
        if telling.parent is None:
            return cls((), 0)
        refs, store = telling.parent.refs("member"), telling.rows.store
        objects = [frame for one in buckets for frame in store.get_bucket(refs, one, telling.buckets)]
        return cls(tuple(objects), telling.parent.known_at)

    @property
    def rows(self) -> pl.DataFrame:
        """All of them."""
        return self.of(pl.lit(value=True))

    def of(self, which: pl.Expr) -> pl.DataFrame:
        """Those that an expression on group or record chooses."""
        objects = [frame.filter(which) for frame in self.objects]
        return archive.as_known(TABLES["member"], objects, self.known).drop("known_from")


def touched_records(telling: Telling) -> Numbers:
    """The numbers of all touched records, in order."""
    pieces = range(len(telling.pieces()))
    return np.sort(np.concatenate([telling.work.kept(SAID, f"records-{n:04}")["record"].to_numpy() for n in pieces]))


def _among(ordered: Numbers) -> pl.Expr:
    """Whether the record is one of these numbers, which are in order."""

    def found(numbers: pl.Series) -> pl.Series:
        if not len(ordered):
            return pl.repeat(False, len(numbers), dtype=pl.Boolean, eager=True)
        place = np.searchsorted(ordered, numbers.to_numpy())
        return pl.Series(ordered[np.minimum(place, len(ordered) - 1)] == numbers.to_numpy())

    return pl.col("record").map_batches(found, return_dtype=pl.Boolean)


def _born(telling: Telling, buckets: Sequence[int], members: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The members with the birth dates that their people's records tell; of people untouched, as they were held."""
    told = got(telling.work.parts(HELD, "told"), buckets, TOLD)
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
    # Whoever stands there twice stands in the row that says as what: one kept apart says it of nobody for certain.
    others = others.sort(pl.col("role").is_null(), maintain_order=True)
    again = others.filter(pl.col("person").cum_count().over("roster", "group", "person") > 1)
    once = placed.join(again.select(ROW), on=ROW, how="anti", maintain_order="left")
    named = once.filter(pl.col("person") > 0)
    nobody = [pl.lit(None, table.plain_schema[name]).alias(name) for name in ("person", "link")]
    nameless = once.filter(pl.col("person").is_null() | (pl.col("person") < 0)).join(named, on=ROW, how="anti")
    return pl.concat([named, nameless.unique(ROW, keep="first", maintain_order=True).with_columns(nobody)]).select(
        list(table.plain_schema)
    )
