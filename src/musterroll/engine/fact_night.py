"""A night's operations on facts, members and particulars: from what was held to what the rows and links now give.

1. A row that is held gives what it gives now: what it gave before and does not give now ends, what is new is added.
2. A row that ended tonight: a statement about the world as of a day stays true up to the new delivery's day
   (`valid_to`), one that was true always ends with its row, and so does a place in a group. What lasts (somebody has
   served) stays as it is when the record is gone from the list; where the record has other rows now, it was corrected.
3. A row that ended earlier, or whose delivered text is gone by its time limit (charter S13), keeps what it gave. If its
   record is linked to somebody else now, its statements go with it: an end under one number, an addition under the
   other, in one act.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from musterroll.dates import FIRST_DAY
from musterroll.engine import fact_buckets, fact_said
from musterroll.engine.crew import Crew
from musterroll.engine.fact_rows import Built
from musterroll.engine.fact_said import STRUCK, Telling
from musterroll.engine.fact_statements import of_whom
from musterroll.engine.night_pieces import collected
from musterroll.engine.night_work import Parts, Work
from musterroll.engine.roll import ObjectRef, Snapshot
from musterroll.engine.roll.archive import night
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, TABLES
from musterroll.engine.row_night import Rows
from musterroll.extract.schema import Source
from musterroll.fact.attribute import Attribute
from musterroll.fact.record import BLANK

_NAME = ["delivery", "row"]
_PERSON = {"person": pl.Int64}


@dataclass(frozen=True, slots=True)
class Facts:
    """A night's facts: the objects of `fact`, `member`, `particular` after tonight, and whom tonight moved."""

    objects: Mapping[str, tuple[ObjectRef, ...]]
    work: Work

    def moved(self, bucket: int) -> pl.Series:
        """The people of a bucket with a fact, or a place in one of their groups, that began or ended tonight."""
        steps = (fact_buckets.HELD, fact_buckets.GROUPS)
        found = [fact_said.got(self.work.parts(step, "moved"), [bucket], _PERSON) for step in steps]
        return pl.concat(found)["person"].unique().sort()


def take_in(
    rows: Rows,
    parent: Snapshot | None,
    touched: Parts,
    sources: Mapping[str, Source],
    attributes: Mapping[str, Attribute],
    *,
    record_key: bytes,
    known: int,
    lasting: Collection[int],
    crew: Crew,
    everybody: bool = False,
    declared: pl.DataFrame | None = None,
    struck: pl.DataFrame | None = None,
) -> Facts:
    """The facts, places and particulars of the touched records, as operations on what was held before tonight.

    `touched` has links by record bucket (`fact_said.TOUCHED`); with `everybody` it has all of them. `declared` are
    facts entered since the last night (rows of the table `fact`), `struck` what answers have overruled.
    """
    telling = Telling(
        rows=rows,
        parent=parent,
        touched=touched,
        sources=sources,
        attributes=attributes,
        record_key=record_key,
        known=known,
        lasting=frozenset(lasting),
        everybody=everybody,
        struck=pl.DataFrame(schema=STRUCK) if struck is None else _plain(struck),
    )
    pieces = telling.pieces()
    entered = TABLES["fact"].plain_schema.to_frame() if declared is None else declared
    if telling.with_relatives and not everybody:
        _all(crew, fact_said.find_relatives, pieces)
    _all(crew, fact_said.say, pieces)
    if telling.with_relatives:
        _all(crew, fact_said.say_of_relatives, pieces)
    if not telling.first:
        _all(crew, fact_buckets.find_moved, pieces)
        _all(crew, fact_buckets.move, pieces)
    held = list(crew.map(fact_buckets.hold, [(*piece, entered) for piece in pieces]))
    gathered = list(crew.map(fact_buckets.gather, pieces))
    steps = {"fact": (fact_buckets.HELD, held), "particular": (fact_buckets.HELD, held)}
    steps["member"] = (fact_buckets.GROUPS, gathered)
    found = {}
    for name, (step, told) in steps.items():
        before = () if parent is None else parent.refs(name)
        answers = [each[name] for each in told]
        new = collected(rows.store, rows.work, step, name, answers, known, telling.buckets)
        found[name] = (*before, *new)
    return Facts(found, rows.work)


def _plain(struck: pl.DataFrame) -> pl.DataFrame:
    return struck.select(pl.col(name).cast(kind) for name, kind in STRUCK.items())


def _all(crew: Crew, function: Callable[..., None], jobs: Iterable[tuple[Any, ...]]) -> None:
    for _ in crew.map(function, jobs):
        pass


def operations(
    before: Built | None,
    built: Built,
    *,
    rows: pl.DataFrame,
    ended: pl.DataFrame,
    links: pl.DataFrame,
    known: int,
    lasting: Collection[int] = (),
) -> dict[str, pl.DataFrame]:
    """The operations of the tables `fact`, `member` and `particular` at `known` (microseconds).

    `before` is what was held, None on the first night. `rows` has delivery and row of every row held now, `ended`
    delivery, row and as_of (the day of the delivery that no longer had the row) of those that ended tonight. `links`
    are all links now, refuted ones included; `lasting` the numbers of attributes that do not un-happen.
    """
    held = before or Built(*(TABLES[name].plain_schema.to_frame() for name in ("fact", "member", "particular")))
    gone = ended.select(pl.col("delivery").cast(pl.Int64), pl.col("row").cast(pl.Int32), pl.col("as_of").cast(pl.Int32))
    here = rows.select(pl.col("delivery").cast(pl.Int64), pl.col("row").cast(pl.Int32))
    tables = {
        "fact": (held.facts, built.facts, True),
        "member": (held.members, built.members, False),
        "particular": (held.particulars, built.particulars, True),
    }
    found = {}
    for name, (old, new, dated) in tables.items():
        plain = old.select(list(TABLES[name].plain_schema))
        over = plain.join(gone, on=_NAME)
        earlier = plain.join(here, on=_NAME, how="anti").join(gone, on=_NAME, how="anti")
        if name == "fact":
            stays = _lasting(over, built.facts, lasting).select(plain.columns)
            over, earlier = over.join(stays, on=plain.columns, how="anti"), pl.concat([earlier, stays])
        after = [new.select(plain.columns), _relinked(earlier, links, has_judgement=name != "particular")]
        if dated:
            after.append(_closed(over).select(plain.columns))
        found[name] = night(TABLES[name], plain, pl.concat(after), known)
    return found


def _lasting(over: pl.DataFrame, now: pl.DataFrame, lasting: Collection[int]) -> pl.DataFrame:
    """Facts of ended rows that stay: what does not un-happen, of records that no row speaks of any more."""
    speaks = now.filter(pl.col("n") < BLANK).select("record").unique()
    return over.filter(pl.col("attribute").is_in(list(lasting))).join(speaks, on="record", how="anti")


def _closed(statements: pl.DataFrame) -> pl.DataFrame:
    """Statements about the world from a day on: true up to the day on which the source no longer made them."""
    return statements.filter(
        (pl.col("valid_from") > FIRST_DAY) & (pl.col("valid_from") < pl.col("as_of"))
    ).with_columns(pl.min_horizontal("valid_to", "as_of").alias("valid_to"))


def _relinked(statements: pl.DataFrame, links: pl.DataFrame, *, has_judgement: bool) -> pl.DataFrame:
    """The same statements under the people whom their records are linked to now; unjudged records stay as they are."""
    if statements.is_empty():
        return statements
    judged = statements.join(links.select("record").unique(), on="record", how="semi")
    wanted = [CONFIRMED, POSSIBLE] if has_judgement else [CONFIRMED]
    linked = links.filter(pl.col("judgement").is_in(wanted)).select(
        "record", "person", pl.col("judgement").cast(pl.UInt8).alias("link")
    )
    owned = [name for name in ("person", "link") if name in statements.columns]
    moved = judged.drop(owned).unique().join(linked, on="record").select(statements.columns)
    if "attribute" in moved.columns:
        moved = of_whom(moved)
    return pl.concat([statements.join(judged, on=statements.columns, how="anti", nulls_equal=True), moved])
