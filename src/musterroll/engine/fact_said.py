"""What tonight's records say, handed on to the people and groups whom it concerns: from record buckets to theirs.

1. `touched` names the records whose statements are made again, with all their links: a person's records together, so
   that whoever stands in a group twice, or was born on a day that another record tells, is seen whole.
2. Facts and particulars go to the person linked (particulars where the link is confirmed), places to the group. People
   outside the register have a number below zero: of them only the birth is handed on, to the groups they stand in.
3. A relative named in another's row has a record of its own, in a bucket of its own: it is handed on there first.
4. A record of which a row lies set aside speaks with less: its facts are possible until the agency has mended it, and
   so is whom a row kept apart places in a family.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from musterroll.engine.fact_rows import Unlinked, statements
from musterroll.engine.fact_statements import of_whom
from musterroll.engine.night_pieces import pieces
from musterroll.engine.night_work import Parts, Work
from musterroll.engine.roll import Snapshot, archive
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, TABLES
from musterroll.engine.row_night import Rows
from musterroll.engine.row_tables import relatives
from musterroll.extract.apart import keeps_own_keys
from musterroll.extract.made import APART
from musterroll.extract.schema import Source
from musterroll.fact.attribute import Attribute, Kind, ValueType
from musterroll.fact.record import BLANK

TOUCHED = {
    "record": pl.Int64,
    "person": pl.Int64,
    "judgement": pl.UInt8,
    "was": pl.UInt8,
    "touched": pl.Boolean,
}
"""Links of the records whose statements are made again: `judgement` now and what it `was` (0 = none).

A record linked to nobody stands with a null person. `touched`: the person's links, or a row of his, changed tonight.
"""

STRUCK: Mapping[str, Any] = {"record": pl.Int64, "attribute": pl.Int16, "lo": pl.Int32, "hi": pl.Int32}
"""Facts of a record that an agency's answer has overruled: they are not made."""

AT_ONCE = 2
SAID, NAMED, MOVED = "facts-said", "facts-named", "facts-moved"
ROW = ["group", "delivery", "row", "n"]


@dataclass(frozen=True)
class Telling:
    """What the workers of the step need. `parent` is the roll before tonight; `everybody`: every record is touched."""

    rows: Rows
    parent: Snapshot | None
    touched: Parts
    sources: Mapping[str, Source]
    attributes: Mapping[str, Attribute]
    record_key: bytes
    known: int
    lasting: frozenset[int]
    everybody: bool
    struck: pl.DataFrame

    @property
    def work(self) -> Work:
        """The night's work folder."""
        return self.rows.work

    @property
    def buckets(self) -> int:
        """The home's number of buckets."""
        return self.rows.roll.buckets

    @property
    def first(self) -> bool:
        """Whether nothing is held of anybody yet."""
        return self.parent is None or not any(self.parent.refs(name) for name in ("fact", "member", "particular"))

    @cached_property
    def with_relatives(self) -> bool:
        """Whether a source names relatives in its rows."""
        return any(relatives(source) for source in self.sources.values())

    @cached_property
    def births(self) -> list[int]:
        """The numbers of the attributes that tell a birth date."""
        return [a.number for a in self.attributes.values() if a.kind is Kind.BIRTH and a.type is ValueType.DATE]

    def pieces(self) -> list[tuple["Telling", int, tuple[int, ...]]]:
        """The jobs of a step, a few buckets each, so that not every bucket writes a file for every other."""
        return [(self, *piece) for piece in pieces(self.buckets)]

    def together(self, buckets: Sequence[int]) -> list[Sequence[int]]:
        """The buckets of a job as they are worked on: all at once where little was touched, else few at a time."""
        step = AT_ONCE if self.everybody else len(buckets)
        return [buckets[start : start + step] for start in range(0, len(buckets), step)]

    def links(self, buckets: Sequence[int]) -> pl.DataFrame:
        """Every link of the touched records of some buckets: TOUCHED."""
        return got(self.touched, buckets, TOUCHED)


def got(parts: Parts, buckets: Sequence[int], schema: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of some buckets that follow one another; none where nothing was handed on."""
    try:
        found = parts.get(buckets[0], len(buckets))
    except FileNotFoundError:
        return pl.DataFrame(schema=schema)
    return found.select([pl.col(name).cast(kind) for name, kind in schema.items()])


def now(links: pl.DataFrame) -> pl.DataFrame:
    """The links that stand: record, person, link, touched."""
    standing = links.filter(pl.col("judgement").is_in([CONFIRMED, POSSIBLE]) & pl.col("person").is_not_null())
    return standing.select("record", "person", pl.col("judgement").alias("link"), "touched")


# Relatives named in touched records' rows: in which rows


_OF = {"record": pl.Int64, "of": pl.Int64}


def find_relatives(telling: Telling, piece: int, buckets: Sequence[int]) -> None:
    """Touched records that are relatives named in another's row: the row's record is looked for in its own bucket."""
    if telling.work.done("facts-of", piece) is not None:
        return
    touched = telling.links(buckets)["record"].unique()
    among = pl.col("record").is_in(touched.implode())
    found = [
        archive.held_bucket(telling.rows.store, telling.rows.roll, "relative", bucket, only=among).select(_OF.keys())
        for bucket in buckets
    ]
    telling.work.parts("facts-of", "of").add(piece, pl.concat(found), "of")
    telling.work.finish("facts-of", piece)


# What is said


_MEMBER = {
    **TABLES["member"].plain_schema,
    "touched": pl.Boolean(),
}
_ASKED = {"person": pl.Int64, "group": pl.Int64, "delivery": pl.Int64, "row": pl.Int32, "n": pl.Int16}
_BORN = {"person": pl.Int64, "lo": pl.Int32, "hi": pl.Int32}
PAIR = {"person": pl.Int64, "record": pl.Int64, "judgement": pl.UInt8, "was": pl.UInt8}
PLACE = {
    "person": pl.Int64,
    "record": pl.Int64,
    "delivery": pl.Int64,
    "row": pl.Int32,
    "as_of": pl.Int32,
    "speaks": pl.Boolean,
}
"""A row of a person's record: held (`as_of` is null), or ended tonight. `speaks`: the record says something now."""

RELATIVE = {name: kind for name, kind in _MEMBER.items() if name not in ("person", "link", "touched")}


def say(telling: Telling, piece: int, buckets: Sequence[int]) -> None:
    """What the touched records of some buckets say, handed on by person and by group."""
    work = telling.work
    if work.done(SAID, piece) is not None:
        return
    handed: dict[str, list[pl.DataFrame]] = {}
    for some in telling.together(buckets):
        for name, frame in _said(telling, some).items():
            handed.setdefault(name, []).append(frame)
    for name, by in _BY.items():
        if name in handed:
            work.parts(SAID, name).add(piece, pl.concat(handed[name]), by)
    records = pl.concat(handed["record"])["record"].unique().sort()
    work.keep(SAID, f"records-{piece:04}", records.to_frame())
    work.finish(SAID, piece)


_BY = {
    "fact": "person",
    "particular": "person",
    "birth": "person",
    "asked": "person",
    "pair": "person",
    "place": "person",
    "member": "group",
    "relative": "record",
}


def _said(telling: Telling, buckets: Sequence[int]) -> dict[str, pl.DataFrame]:
    links = telling.links(buckets)
    linked = now(links)
    facts, members, named, particulars, places = [], [], [], [], []
    perhaps = [pl.Series("record", [], pl.Int64)]
    for held, apart, one in _sources(telling, buckets, links):
        facts.append(one.facts)
        members.append(one.members)
        named.append(_whom_it_may_name(one.relatives, apart))
        perhaps.append(apart["record"])
        particulars.append(one.particulars)
        places.append(held.select("record", "delivery", "row"))
    said = pl.concat(facts).join(telling.struck, on=list(STRUCK), how="anti")
    facts_linked = _typed("fact", of_whom(_weakened(said.join(linked, on="record"), telling.rows.unread)))
    place = _perhaps(pl.concat(members).join(linked, on="record", how="left"), telling.rows.unread, pl.concat(perhaps))
    handed = {
        "fact": facts_linked.filter(pl.col("person") > 0),
        "birth": _births(facts_linked.filter(pl.col("person") < 0), telling),
        "member": place.select([pl.col(name).cast(kind) for name, kind in _MEMBER.items()]),
        "asked": _asked(place),
        "relative": pl.concat(named).select([pl.col(name).cast(kind) for name, kind in RELATIVE.items()]),
        "particular": _typed(
            "particular",
            pl.concat(particulars).join(
                linked.filter((pl.col("link") == CONFIRMED) & (pl.col("person") > 0)), on="record"
            ),
        ),
        "record": links.select("record"),
    }
    if not telling.first:
        people = links.filter(pl.col("person") > 0)
        ended = pl.concat([telling.rows.ended(bucket) for bucket in buckets])
        over = ended.select("record", "delivery", "row", "as_of")
        here = pl.concat(places).with_columns(pl.lit(None, pl.Int32).alias("as_of"))
        speaks = pl.col("record").is_in(said.filter(pl.col("n") < BLANK)["record"].unique().implode()).alias("speaks")
        rows = pl.concat([here, over]).with_columns(speaks)
        handed["pair"] = people.select(PAIR.keys())
        handed["place"] = rows.join(people.select("record", "person"), on="record").select(PLACE.keys())
    return handed


def _sources(
    telling: Telling, buckets: Sequence[int], links: pl.DataFrame
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, Unlinked]]:
    """Each source's rows of the touched records of the buckets, those of them that are kept apart, what all say."""
    touched = links["record"].unique()
    registered = links.filter(pl.col("person") > 0)["record"].unique()
    of = None if telling.everybody else got(telling.work.parts("facts-of", "of"), buckets, _OF)
    wanted = None if of is None else pl.concat([touched, of["of"]]).unique()
    for name, source in sorted(telling.sources.items()):
        held = pl.concat([telling.rows.held(name, bucket, wanted) for bucket in buckets])
        one = statements(
            source,
            held,
            telling.rows.deliveries,
            telling.attributes,
            record_key=telling.record_key,
            registered=registered,
        )
        if of is not None:
            own = pl.col("record").is_in(touched.implode())
            relative = one.relatives.join(of.select("record").unique(), on="record")
            one = Unlinked(one.facts.filter(own), one.members.filter(own), relative, one.particulars.filter(own))
        kept = held.filter(pl.col(source.key).str.starts_with(APART)) if keeps_own_keys(source) else held.clear()
        yield held, kept.select("record", "delivery", "row"), one


def _weakened(facts: pl.DataFrame, unread: pl.Series) -> pl.DataFrame:
    if unread.is_empty():
        return facts
    weak = pl.col("record").is_in(unread.implode())
    return facts.with_columns(pl.when(weak).then(pl.lit(POSSIBLE, pl.UInt8)).otherwise("link").alias("link"))


def _perhaps(members: pl.DataFrame, unread: pl.Series, apart: pl.Series) -> pl.DataFrame:
    """Whom a row set aside places in a family, and nobody's own row: perhaps a member, so that the role is open.

    Whoever a row kept apart is linked to has perhaps this place in a family.
    """
    if unread.is_empty():
        return members
    nobodys = pl.col("person").is_null() & pl.col("record").is_in(unread.implode())
    weak = pl.col("person").is_not_null() & pl.col("record").is_in(apart.implode())
    return members.with_columns(
        pl.when(~nobodys).then("role").alias("role"),
        pl.when(weak).then(pl.lit(POSSIBLE, pl.UInt8)).otherwise("link").alias("link"),
    )


def _whom_it_may_name(relatives: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    """The relatives whom rows name; of one kept apart nobody knows that it is right, so that their role is open."""
    if apart.is_empty():
        return relatives
    said = relatives.join(apart.select("delivery", "row"), on=["delivery", "row"], how="anti")
    maybe = relatives.join(apart.select("delivery", "row"), on=["delivery", "row"], how="semi")
    return pl.concat([said, maybe.with_columns(pl.lit(None, relatives.schema["role"]).alias("role"))])


def _typed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select([pl.col(column).cast(kind) for column, kind in TABLES[name].plain_schema.items()])


def _births(facts: pl.DataFrame, telling: Telling) -> pl.DataFrame:
    told = (pl.col("link") == CONFIRMED) & pl.col("attribute").is_in(telling.births)
    return facts.filter(told).select(_BORN.keys())


def _asked(members: pl.DataFrame) -> pl.DataFrame:
    """The places whose birth date the person's own records may tell."""
    sure = members.filter((pl.col("link") == CONFIRMED) & pl.col("touched"))
    return sure.select([pl.col(name).cast(kind) for name, kind in _ASKED.items()])


def say_of_relatives(telling: Telling, piece: int, buckets: Sequence[int]) -> None:
    """The places of relatives named in others' rows, linked by their own records."""
    work = telling.work
    if work.done(NAMED, piece) is not None:
        return
    rows = got(work.parts(SAID, "relative"), buckets, RELATIVE)
    place = rows.join(now(telling.links(buckets)), on="record", how="left")
    members = place.select([pl.col(name).cast(kind) for name, kind in _MEMBER.items()])
    work.parts(NAMED, "member").add(piece, members, "group")
    work.parts(NAMED, "asked").add(piece, _asked(place), "person")
    work.finish(NAMED, piece)


def members_of(telling: Telling, buckets: Sequence[int]) -> pl.DataFrame:
    """Every place that was handed on to the groups of some buckets."""
    work = telling.work
    return pl.concat([got(work.parts(step, "member"), buckets, _MEMBER) for step in (SAID, NAMED)])


def asked_of(telling: Telling, buckets: Sequence[int]) -> pl.DataFrame:
    """The places that ask the people of some buckets for their birth."""
    return pl.concat([got(telling.work.parts(step, "asked"), buckets, _ASKED) for step in (SAID, NAMED)])


def births_of(telling: Telling, buckets: Sequence[int], facts: pl.DataFrame) -> pl.DataFrame:
    """The hull of all that confirmed rows say of each touched person's birth."""
    told = pl.concat([_births(facts, telling), got(telling.work.parts(SAID, "birth"), buckets, _BORN)])
    return told.group_by("person").agg(pl.col("lo").min(), pl.col("hi").max())
