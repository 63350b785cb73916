"""Whose records these are: linkage for everybody, who is in the register (charter S13), and what that moved tonight.

Linkage speaks of founding records. A founding record whom the law's scope certainly covers founds a person with a
number; every other one is known by its own record number below zero, for the length of the night and in the view
`linked` only. Steps, each by bucket of records:

1. `night_linkage.link` makes the links, of comparison frames (`night_compared`).
2. `stir`: founding records with a changed row or link. `awaited`: those without a number whom the scope must be asked
   about again: stirred, new, or on the day on which their answer can change.
3. `say_scope`, `ask_scope`: what is said of them of the attributes that the scope reads, and whether it covers them.
   `number`: the next numbers of one counter in order of source and key. Who has a number keeps it.
4. `name`: the links under the numbers of persons. `pair`: those of tonight beside those of the last night, whom that
   moved, and the operations of the views. `touch`: whose statements have to be made again (`fact_said.TOUCHED`).
5. `settle`: the operations of the archive table `link`, by bucket of persons.

They go over everybody's links. An ordinary night goes by the links that moved (`night_moved`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from musterroll.engine import fact_polars, fact_rows, law_polars, night_refs
from musterroll.engine.crew import Crew
from musterroll.engine.fact_polars import FactTables
from musterroll.engine.fact_said import TOUCHED
from musterroll.engine.law_conditions import inputs
from musterroll.engine.night_buckets import hand_over
from musterroll.engine.night_linking import Linking
from musterroll.engine.night_work import Parts, Work
from musterroll.engine.roll import archive
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, TABLES

NAMED = list(TABLES["linked"].plain_schema)
_SAID = ["founder", "record", "delivery", "row", "n", "attribute", "lo", "hi", "valid_from", "valid_to", "link"]
_PIECE_ROWS = 2_000_000


# The links of linkage, by bucket


def hand_on(night: Linking, files: Sequence[Path], crew: Crew) -> None:
    """The links that linkage made, by bucket of the founding record and by bucket of the record, some million a job."""
    for by in _HANDED:
        night.work.parts("links", f"by-{by}").clear()
    for _ in crew.map(_hand_on, [(night, number, *piece) for number, piece in enumerate(_pieces(files))]):
        continue


_HANDED = ("founder", "record")


def _hand_on(night: Linking, piece: int, file: Path, groups: Sequence[int]) -> None:
    frame = pl.DataFrame(pl.from_arrow(pq.ParquetFile(file).read_row_groups(groups)))
    if night.erased:
        frame = frame.filter(~pl.col("record").is_in(list(night.erased)))
    if night.recalled_models:
        theirs = (pl.col("by") == "model") & pl.col("basis").is_in(list(night.recalled_models))
        weak = pl.col("judgement").replace(CONFIRMED, POSSIBLE)
        frame = frame.with_columns(pl.when(theirs).then(weak).otherwise("judgement").alias("judgement"))
    parts = {by: night.work.parts("links", f"by-{by}") for by in _HANDED}
    parts["founder"].add(piece, frame, "founder")
    parts["record"].add(piece, frame.select("record", "founder", "source", "judgement"), "record")


def _pieces(files: Sequence[Path]) -> Iterator[tuple[Path, list[int]]]:
    """Row groups of the files, some million rows together; a file without rows is one piece."""
    for file in files:
        told, held, rows = pq.read_metadata(file), [], 0
        for group in range(told.num_row_groups):
            held.append(group)
            rows += told.row_group(group).num_rows
            if rows >= _PIECE_ROWS:
                yield file, held
                held, rows = [], 0
        if held or not told.num_row_groups:
            yield file, held


# Whom the scope has to be asked about


def stir(night: Linking, bucket: int) -> None:
    """Of one bucket of records: the founding records that a changed row or link of it concerns."""
    now = night.links("record", bucket).select("record", "founder", "judgement")
    if not night.everybody:
        was = night.before("linked", bucket).select(now.columns)
        changed = night.changed(bucket)
        stirred = [
            now.join(was, on=now.columns, how="anti"),
            was.join(now, on=now.columns, how="anti"),
            now.join(changed, on="record", how="semi"),
        ]
        now = pl.concat(stirred)
    night.work.parts("stir", "founder").add(bucket, now.select("founder").unique().sort("founder"), "founder")
    absent = _absent(night, bucket)
    night.work.parts("stir", "absent").add(bucket, absent.select("person", "record"), "person")
    night.work.finish("stir", bucket)


def _absent(night: Linking, bucket: int) -> pl.DataFrame:
    """Links of records that no agency carries any more: they stay as they were."""
    seen = archive.held_bucket(night.store, night.rows.roll, "seen", bucket)["record"]
    was = night.before("linked", bucket)
    here = pl.col("record").is_in(pl.concat([seen, pl.Series(sorted(night.erased), dtype=pl.Int64)]).implode())
    return was.filter(~here & (pl.col("person") > 0)).select(NAMED)


def awaited(night: Linking, bucket: int) -> None:
    """Of one bucket of founding records: those without a number about whom the scope is asked tonight."""
    own = pl.col("record") == pl.col("founder")
    numbered = night.before("linked", bucket).filter(own & (pl.col("person") > 0))
    stirred = night.work.parts("stir", "founder").get(bucket)["founder"]
    due = night.before("awaited", bucket).filter(pl.col("due") <= night.on)["record"]
    here = night.links("record", bucket).filter(own)["record"]
    asked = pl.concat([stirred, due]).unique()
    found = asked.filter(asked.is_in(here.implode()) & ~asked.is_in(numbered["founder"].implode())).sort()
    night.work.keep("awaited", f"asked-{bucket:04}", found.alias("founder").to_frame())
    largest = numbered["person"].max()
    night.work.finish("awaited", bucket, {"highest": largest or 0, "asked": found.len()})


def together(work: Work, step: str, name: str) -> None:
    """What each bucket of a step kept under a name, as one frame of that name."""
    frames = [work.kept(step, f"{name}-{bucket:04}") for bucket in range(work.buckets)]
    work.keep(step, name, pl.concat(frames).unique(maintain_order=True))


# Whom the scope covers


def say_scope(night: Linking, piece: int, buckets: Sequence[int]) -> None:
    """Of some buckets of records: what is said of those asked about, by bucket of the founding record."""
    links = pl.concat([night.links("record", bucket) for bucket in buckets])
    confirmed = links.filter(pl.col("judgement") == CONFIRMED).select("record", "founder")
    if not night.everybody:
        asked = night.work.kept("awaited", "asked")["founder"]
        confirmed = confirmed.filter(pl.col("founder").is_in(asked.implode()))
    say_of(night, piece, buckets, confirmed)


def say_of(night: Linking, piece: int, buckets: Sequence[int], confirmed: pl.DataFrame) -> None:
    """What these records say (`confirmed`: record, founder), handed on, and the step finished.

    Where everybody speaks, bucket by bucket: all rows of several would be many at once.
    """
    attributes = night.scope.attributes
    giving = {
        name: source
        for name, source in night.sources.items()
        if any(one.attribute in attributes for one in source.facts)
    }
    records = confirmed["record"]
    told = []
    for some in [[bucket] for bucket in buckets] if night.everybody else [buckets] if records.len() else []:
        rows = {
            name: pl.concat([night.held(name, one, None if night.everybody else records) for one in some])
            for name in giving
        }
        told.append(fact_rows.said(rows, giving, night.rows.deliveries, attributes))
    said = pl.concat(told) if told else fact_rows.said({}, giving, night.rows.deliveries, attributes)
    if night.rows.unread.len():
        said = said.filter(~pl.col("record").is_in(night.rows.unread.implode()))
    linked = said.join(confirmed, on="record").with_columns(pl.lit(CONFIRMED, pl.UInt8).alias("link")).select(_SAID)
    night.work.parts("say_scope", "fact").add(piece, linked.sort(_SAID[:5]), "founder")  # these name a statement
    night.work.finish("say_scope", piece)


def ask_scope(night: Linking, bucket: int) -> None:
    """Of one bucket of founding records: whom the scope covers, and the day on which the answer can change."""
    links = night.links("founder", bucket)
    here = night.links("record", bucket).filter(pl.col("record") == pl.col("founder"))["record"]
    ask_of(night, bucket, links, here)


def ask_of(night: Linking, bucket: int, links: pl.DataFrame, here: pl.Series) -> None:
    """The same, by the links of those asked about. `here`: founding records of the bucket that are on some list."""
    asked = night.work.kept("awaited", f"asked-{bucket:04}")
    facts = night.work.parts("say_scope", "fact").get(bucket).rename({"founder": "person"})
    empty = {name: TABLES[name].plain_schema.to_frame() for name in ("spell", "member", "seen", "alias")}
    tables = FactTables(
        facts,
        empty["spell"],
        empty["member"],
        links.rename({"founder": "person"}),
        empty["seen"],
        night.rows.deliveries,
        empty["alias"],
    )
    flat = fact_polars.flatten(tables, night.scope, night.on, night.known, night.sources, people=asked["founder"])
    answers = law_polars.scope_of(night.pack, _with_unknown(night, flat.sure), night.on)
    among = pl.col("record").is_in(asked["founder"].implode())
    keys = archive.held_bucket(night.store, night.rows.roll, "by_key", bucket, only=among).drop("known_from")
    before = night.before("awaited", bucket)
    early = pl.col("record").is_in(before.filter(pl.col("due") > night.on)["record"].implode()).alias("early")
    new = answers.filter("within").select(pl.col("person").alias("record")).join(keys, on="record", how="left")
    night.work.keep("ask_scope", f"new-{bucket:04}", new.sort("record").with_columns(early))
    waiting = answers.filter(~pl.col("within").fill_null(value=False)).select(
        pl.col("person").alias("record"), "due", pl.col("within").is_null().alias("unsettled")
    )
    theirs = pl.col("record").is_in(asked["founder"].implode()) | ~pl.col("record").is_in(here.implode())
    was = before.filter(theirs)  # of all others the answer stands
    operations = archive.night(TABLES["awaited"], was, waiting.select(before.columns), night.known)
    told = hand_over(night.store, night.work, "ask_scope", "awaited", operations, bucket, night.known)
    night.work.finish("ask_scope", bucket, told)


def _with_unknown(night: Linking, flat: pl.DataFrame) -> pl.DataFrame:
    """The facts with what nobody can know of somebody outside the register: columns made of several rows."""
    derived = {one.name: night.pack.attributes[one.name] for one in night.pack.derivations}
    unknown = [pl.lit(None, kind).alias(column) for column, kind in inputs(derived).items()]
    return flat.with_columns(unknown)


def number(night: Linking) -> int:
    """Give the next numbers, in order of source and key, to whom the scope covers; how many."""
    told = night.work.done("number")
    if told is not None:
        return int(told["founded"])
    highest = max(
        [night.highest, *((night.work.done("awaited", bucket) or {})["highest"] for bucket in range(night.buckets))]
    )
    new = pl.concat([night.work.kept("ask_scope", f"new-{bucket:04}") for bucket in range(night.buckets)])
    ordered = new.sort("source", "key", "record").select(
        "record", (pl.int_range(1, pl.len() + 1, dtype=pl.Int64) + highest).alias("person"), "early"
    )
    night.work.parts("number", "person").add(0, ordered, "record")
    night.work.finish("number", told={"founded": ordered.height})
    return ordered.height


# The links under the numbers of persons


def name(night: Linking, bucket: int) -> None:
    """Of one bucket of founding records: their links under their numbers, by person and by record."""
    own = pl.col("record") == pl.col("founder")
    old = night.before("linked", bucket).filter(own & (pl.col("person") > 0)).select("founder", "person")
    new = night.work.parts("number", "person").get(bucket).rename({"record": "founder"})
    numbers = pl.concat([old, new.select(old.columns)])
    links = night.links("founder", bucket).join(numbers, on="founder", how="left", maintain_order="left")
    links = links.with_columns(pl.coalesce("person", -pl.col("founder")).alias("person"))
    columns = TABLES["link"].plain_schema
    lasting = links.filter(pl.col("person") > 0).select([pl.col(c).cast(kind) for c, kind in columns.items()])
    night.work.parts("name", "person").add(bucket, lasting, "person")
    night.work.parts("name", "record").add(bucket, links.select(NAMED), "record")
    refer(night, bucket, new)


def refer(night: Linking, bucket: int, new: pl.DataFrame) -> None:
    """The refs of people who are new tonight, and who of them are early; the step `name` is finished with them.

    *Early* is whom the last night knew to be outside the law's scope until a later day than today: not time registers
    him, but a changed row or judgement.
    """
    refs = night_refs.of(night.ref_key, new["person"])
    operations = archive.adds(TABLES["by_ref"], pl.DataFrame({"ref": refs, "person": new["person"]}), night.known)
    night.work.parts("name", "early").add(bucket, new.filter("early").select("person"), "person")
    night.work.keep("name", f"by_ref-{bucket:04}", operations)
    night.work.finish("name", bucket)


def pair(night: Linking, bucket: int) -> None:
    """Of one bucket of records: tonight's links beside the last night's, whom that moved, and the views' operations."""
    named = night.work.parts("name", "record").get(bucket)
    now, was = pl.concat([named, _absent(night, bucket)]), night.before("linked", bucket).select(NAMED)
    told, moved = view_of(night, bucket, was, now)
    pairs = pairs_of(now, was, moved)
    if not night.retell:
        keep_moved(night, bucket, pairs, pairs.join(night.changed(bucket), on="record", how="semi"))
    night.work.keep("pair", f"pairs-{bucket:04}", pairs)
    night.work.finish("pair", bucket, told)


def view_of(night: Linking, bucket: int, was: pl.DataFrame, now: pl.DataFrame) -> tuple[dict[str, Any], pl.Series]:
    """The operations of the views of links, handed over; and the records that they name."""
    operations = archive.night(TABLES["linked"], was, now, night.known)
    told = hand_over(night.store, night.work, "pair", "linked", operations, bucket, night.known)
    own = operations.filter(pl.col("person") > 0).select("record", "person", "judgement", "op", "known")
    told |= hand_over(night.store, night.work, "pair", "link_by_record", own, bucket, night.known)
    return told, operations["record"]


def keep_moved(night: Linking, bucket: int, pairs: pl.DataFrame, changed: pl.DataFrame) -> None:
    """Keep the people whose links moved, or of whom a row changed (`changed`: the pairs of such records)."""
    moved = pairs.filter(pl.col("judgement") != pl.col("was"))["person"]
    night.work.keep("pair", f"moved-{bucket:04}", pl.concat([moved, changed["person"]]).unique().sort().to_frame())


def pairs_of(now: pl.DataFrame, was: pl.DataFrame, other: pl.Series) -> pl.DataFrame:
    """Each record and person: the judgement now and what it was, 0 where there is none. `other`: records that moved."""
    after, before = now.select("record", "person", "judgement"), was.select("record", "person", "judgement")
    moved = pl.col("record").is_in(other.unique().implode())
    both = (
        after.filter(moved)
        .join(before.filter(moved).rename({"judgement": "was"}), on=["record", "person"], how="full", coalesce=True)
        .select("record", "person", *(pl.col(c).fill_null(0).cast(pl.UInt8) for c in ("judgement", "was")))
    )
    stays = after.filter(~moved).with_columns(pl.col("judgement").cast(pl.UInt8))
    return pl.concat([stays.with_columns(pl.col("judgement").alias("was")), both]).sort("record", "person")


def touch(night: Linking, bucket: int) -> None:
    """Of one bucket of records: all links of those whose statements are made again tonight (`fact_said.TOUCHED`)."""
    pairs = night.work.kept("pair", f"pairs-{bucket:04}")
    changed = night.changed(bucket)
    if night.retell:
        marked = pairs.with_columns(pl.lit(value=True).alias("touched"))
    else:
        moved = night.work.kept("pair", "moved")["person"]
        marked = pairs.with_columns(pl.col("person").is_in(moved.implode()).alias("touched"))
        theirs = pl.concat([marked.filter("touched").select("record"), changed]).unique()
        marked = marked.join(theirs, on="record", how="semi")
    touch_of(night, bucket, marked, changed.join(pairs, on="record", how="anti"))


def touch_of(night: Linking, bucket: int, marked: pl.DataFrame, unlinked: pl.DataFrame) -> None:
    """Hand on all links of the touched records of a bucket, and the changed records that are linked to nobody."""
    alone = unlinked.select(
        "record",
        pl.lit(None, pl.Int64).alias("person"),
        pl.lit(0, pl.UInt8).alias("judgement"),
        pl.lit(0, pl.UInt8).alias("was"),
        pl.lit(value=False).alias("touched"),
    )
    touched = pl.concat([marked, alone]).select(TOUCHED.keys())
    night.work.parts("touch", "touched").add(bucket, touched.sort("record", "person"), "record")
    night.work.finish("touch", bucket)


def touched(work: Work) -> Parts:
    """The links of the records whose statements are made again, by record."""
    return work.parts("touch", "touched")


def settle(night: Linking, bucket: int) -> None:
    """Of one bucket of persons: the operations of the table `link`. A weight that drifts alone changes nothing.

    A link stays where no agency carries its record any more, without a source: the person is on no list by it.
    """
    now, absent = night.work.parts("name", "person").get(bucket), night.work.parts("stir", "absent").get(bucket)
    settled(night, bucket, night.before("link", bucket), now, absent)


def settled(night: Linking, bucket: int, was: pl.DataFrame, now: pl.DataFrame, absent: pl.DataFrame) -> None:
    """Hand over what turns the links that were into those that are; `absent` are of records that nobody carries."""
    stays = was.join(absent, on=["person", "record"], how="semi").with_columns(pl.lit(None, pl.String).alias("source"))
    operations = archive.night(TABLES["link"], was, pl.concat([now, stays]), night.known, ignoring=["weight"])
    told = hand_over(night.store, night.work, "settle", "link", operations, bucket, night.known)
    night.work.finish("settle", bucket, told)


STEPS: Mapping[str, Callable[..., None]] = {
    "stir": stir,
    "awaited": awaited,
    "say_scope": say_scope,
    "ask_scope": ask_scope,
    "name": name,
    "pair": pair,
    "touch": touch,
    "settle": settle,
}
"""What is done with each bucket (by `say_scope` with a few), by the name of the step."""
