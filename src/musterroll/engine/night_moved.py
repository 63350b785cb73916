"""The steps of linkage on an ordinary night: only links that moved are named, paired and settled; all others stand.

What each step leaves is what the step of the same name in `night_links` leaves when it goes over everybody's links.

1. `linkage_delta` says which records' links are given anew (`redone`) and which they are. All other links of the last
   night stand, under the same numbers: of records that an agency carried then (file `link` of the folder `before`).
   Links of records that none carried (file `absent`) stand as long as none does.
2. `stir` finds of each bucket the records that may have moved: redone, erased, seen again or no more. Beside them only
   links of founding records that get a number tonight are named anew (`name`, `pair`). For all records of such links
   the whole of what was and what is goes into the tables' operations; of no other record anything can differ.
3. Whoever asks about everybody, or recalls a model, goes over all links (`enough`).
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from musterroll.engine import night_links
from musterroll.engine.linkage_delta import Delta
from musterroll.engine.linkage_night import LINKS
from musterroll.engine.night_buckets import hand_over
from musterroll.engine.night_linking import Linking
from musterroll.engine.night_links import NAMED
from musterroll.engine.night_work import Work
from musterroll.engine.roll import archive
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, TABLES

_LINK = list(TABLES["link"].plain_schema)
_SAME = ["record", "founder", "judgement"]
_COUNTED = ["record", "judgement", "by"]
_OWN = pl.col("record") == pl.col("founder")
_RECORD = pl.Schema({"record": pl.Int64})
_REPLACED = {"pair": "left", "free": "record", "unattached": "record"}


def enough(night: Linking) -> bool:
    """Whether only links that moved need be looked at, on a night that links what changed."""
    return not (night.retell or night.everybody or night.recalled_models)


# What was, as files that linkage and all steps read


def before(work: Work) -> Path:
    """The folder of what the last night left."""
    return work.folder("links") / "before"


def export(night: Linking, bucket: int, links: pl.DataFrame, absent: pl.DataFrame) -> None:
    """Write one bucket of the last night's links: of records that an agency carried then, and of all others."""
    for name, frame in (("link", links), ("absent", absent)):
        path = before(night.work) / f"{name}-{bucket:04}"
        frame.select(NAMED).write_parquet(path.with_suffix(".unfinished"), compression="lz4", statistics=False)
        path.with_suffix(".unfinished").replace(path.with_suffix(".parquet"))


def _was(night: Linking, name: str, bucket: int, columns: list[str]) -> pl.DataFrame:
    return pl.read_parquet(before(night.work) / f"{name}-{bucket:04}.parquet", columns=columns).select(columns)


# What linkage found


def hand_on(night: Linking, delta: Delta | None) -> None:
    """What linkage gave anew, by bucket of the record and of the founding record; nothing where nothing moved."""
    pair = TABLES["pair"].plain_schema
    schemas = {"redone": _RECORD, "link": LINKS, "dropped": pair, "pair": pair, "free": _RECORD, "unattached": _RECORD}
    for name, schema in schemas.items():
        frame = schema.to_frame() if delta is None else delta.read(name)
        typed = frame.select([pl.col(column).cast(kind) for column, kind in schema.items()])
        night.work.parts("links", name).add(0, typed, "left" if "left" in schema else "record")
        if name == "link":
            night.work.parts("links", "link-by-founder").add(0, _not_erased(night, typed), "founder")


def keep(night: Linking, bucket: int) -> None:
    """The operations of the views of linkage in one bucket."""
    told: dict[str, Any] = {}
    height = 0
    for name in _REPLACED:
        now = night.work.parts("links", name).get(bucket)
        if name == "pair":
            was = night.work.parts("links", "dropped").get(bucket)
        else:
            held = night.before(name, bucket)
            was = held.join(_redone(night, bucket), on="record", how="semi")
            height = held.height - was.height + now.height
        operations = archive.night(TABLES[name], was, now, night.known)
        told |= hand_over(night.store, night.work, "keep", name, operations, bucket, night.known)
    night.work.finish("keep", bucket, {**told, "alone": height})


def _redone(night: Linking, bucket: int) -> pl.DataFrame:
    return night.work.parts("links", "redone").get(bucket)


def _not_erased(night: Linking, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(~pl.col("record").is_in(list(night.erased))) if night.erased else frame


def _gone(night: Linking, bucket: int) -> pl.DataFrame:
    """The records of a bucket of which no link of the last night stands by itself."""
    erased = [one for one in sorted(night.erased) if one % night.buckets == bucket]
    return pl.concat([_redone(night, bucket), pl.DataFrame({"record": erased}, schema=_RECORD)])


def _links(night: Linking, bucket: int, columns: list[str]) -> pl.DataFrame:
    """Tonight's links of one bucket of records: those that stand, and those given anew."""
    stays = _was(night, "link", bucket, columns).join(_gone(night, bucket), on="record", how="anti")
    return pl.concat([stays, _not_erased(night, _anew(night, bucket)).select(columns)])


def _anew(night: Linking, bucket: int) -> pl.DataFrame:
    return night.work.parts("links", "link").get(bucket)


# Who is asked about


def stir(night: Linking, bucket: int) -> None:
    """Of one bucket of records: founding records that a changed row or link concerns, and which records may move."""
    anew, gone, seen = _anew(night, bucket), _gone(night, bucket), _seen(night, bucket)
    was = _was(night, "link", bucket, [*_SAME, "person", "by"])
    stays = was.join(gone, on="record", how="anti")
    unseen = _was(night, "absent", bucket, NAMED)
    new = _not_erased(night, anew).select(_SAME)
    out = pl.concat([was.join(gone, on="record", how="semi").select(_SAME), unseen.select(_SAME)])
    stirred = [
        new.join(out, on=_SAME, how="anti"),
        out.join(new, on=_SAME, how="anti"),
        pl.concat([stays.select(_SAME), new]).join(night.changed(bucket), on="record", how="semi"),
    ]
    founders = pl.concat(stirred).select("founder").unique().sort("founder")
    night.work.parts("stir", "founder").add(bucket, founders, "founder")
    lost = was.select("record").filter(~pl.col("record").is_in(seen.implode())).unique()
    kept = _was(night, "link", bucket, NAMED).join(lost, on="record", how="semi") if lost.height else unseen.clear()
    absent = _not_erased(night, pl.concat([kept, unseen]))
    absent = absent.filter((pl.col("person") > 0) & ~pl.col("record").is_in(seen.implode()))
    night.work.keep("stir", f"absent-{bucket:04}", absent)
    over = unseen.join(absent, on=["record", "founder"], how="anti")
    twice = stays.join(absent, on="record", how="semi")
    moved = pl.concat([gone, over.select("record"), twice.select("record")]).unique()
    night.work.keep("stir", f"moved-{bucket:04}", moved)
    own = pl.concat([frame.filter(_OWN & (pl.col("person") > 0))["person"] for frame in (was, unseen)])
    links = pl.concat(
        [was.join(_redone(night, bucket), on="record", how="anti").select(_COUNTED), anew.select(_COUNTED)]
    )
    night.work.finish("stir", bucket, {"highest": own.max() or 0, "counted": _counted(links)})


def _seen(night: Linking, bucket: int) -> pl.Series:
    return archive.held_bucket(night.store, night.rows.roll, "seen", bucket, columns=["record"])["record"]


def _counted(links: pl.DataFrame) -> dict[str, int]:
    """What a run counts of the links of a bucket of records."""
    by = links.filter(pl.col("judgement") == CONFIRMED).group_by("by").len().sort("by")
    possible = links.filter(pl.col("judgement") == POSSIBLE)["record"]
    return {
        "records": links["record"].n_unique(),
        **{f"confirmed_by_{name}": count for name, count in by.iter_rows()},
        "possible_links": possible.len(),
        "records_only_possible": possible.n_unique(),
    }


def counted(night: Linking) -> dict[str, int]:
    """What a run over everybody would count, of all buckets together. After `keep` and `stir`."""
    marks = [night.work.done("stir", bucket) or {} for bucket in range(night.buckets)]
    alone = sum(int((night.work.done("keep", bucket) or {})["alone"]) for bucket in range(night.buckets))
    counts: list[Mapping[str, int]] = [mark["counted"] for mark in marks]
    names = sorted({name for one in counts for name in one if name.startswith("confirmed_by_")})
    summed = {name: sum(one.get(name, 0) for one in counts) for name in ("records", *names, *_POSSIBLE)}
    return {**summed, "records": summed["records"] + alone, "unattached": alone, "refused_edges": 0}


_POSSIBLE = ("possible_links", "records_only_possible")


def awaited(night: Linking, bucket: int) -> None:
    """Of one bucket of founding records: those without a number about whom the scope is asked tonight."""
    stirred = night.work.parts("stir", "founder").get(bucket)["founder"]
    waiting = night.before("awaited", bucket)
    asked = pl.concat([stirred, waiting.filter(pl.col("due") <= night.on)["record"]]).unique()
    named = _numbered(night, bucket, asked)["founder"]
    here = _links(night, bucket, ["record", "founder"]).filter(_OWN)["record"]
    found = asked.filter(asked.is_in(here.implode()) & ~asked.is_in(named.implode())).sort()
    night.work.keep("awaited", f"asked-{bucket:04}", found.alias("founder").to_frame())
    highest = (night.work.done("stir", bucket) or {})["highest"]
    night.work.finish("awaited", bucket, {"highest": highest, "asked": found.len()})


def _numbered(night: Linking, bucket: int, founders: pl.Series) -> pl.DataFrame:
    """Which of these founding records of a bucket had a number on the last night: founder, person."""
    theirs = _OWN & (pl.col("person") > 0) & pl.col("founder").is_in(founders.implode())
    columns = ["record", "founder", "person"]
    found = [_was(night, name, bucket, columns).filter(theirs) for name in ("link", "absent")]
    return pl.concat(found).select("founder", "person")


def say_scope(night: Linking, piece: int, buckets: Sequence[int]) -> None:
    """Of some buckets of records: what is said of those asked about, and all their links, by bucket of the founder."""
    asked = pl.col("founder").is_in(night.work.kept("awaited", "asked")["founder"].implode())
    theirs = pl.concat([_links(night, bucket, LINKS.names()).filter(asked) for bucket in buckets])
    night.work.parts("say_scope", "link").add(piece, theirs, "founder")
    night_links.say_of(
        night, piece, buckets, theirs.filter(pl.col("judgement") == CONFIRMED).select("record", "founder")
    )


def ask_scope(night: Linking, bucket: int) -> None:
    """Of one bucket of founding records: whom the scope covers, and the day on which the answer can change."""
    here = _links(night, bucket, ["record", "founder"]).filter(_OWN)["record"]
    night_links.ask_of(night, bucket, night.work.parts("say_scope", "link").get(bucket), here)


# The links under the numbers of persons


def name(night: Linking, bucket: int) -> None:
    """Of one bucket of founding records: the links given anew, and those of whoever gets a number, by record."""
    new = night.work.parts("number", "person").get(bucket).rename({"record": "founder"})
    anew = night.work.parts("links", "link-by-founder").get(bucket)
    theirs = night.work.parts("say_scope", "link").get(bucket).join(new, on="founder", how="semi")
    renamed = theirs.join(anew, on=["founder", "record"], how="anti")
    links = pl.concat([anew, renamed.select(anew.columns)])
    numbers = pl.concat([_numbered(night, bucket, links["founder"]), new.select("founder", "person")])
    links = links.join(numbers, on="founder", how="left", maintain_order="left")
    links = links.with_columns(pl.coalesce("person", -pl.col("founder")).alias("person"))
    night.work.parts("name", "record").add(bucket, links.select(NAMED), "record")
    night_links.refer(night, bucket, new)


def pair(night: Linking, bucket: int) -> None:
    """Of one bucket of records: links that may have moved, now and before, whom that moved, and the operations."""
    named, absent = night.work.parts("name", "record").get(bucket), _absent(night, bucket)
    moved = pl.concat([night.work.kept("stir", f"moved-{bucket:04}"), named.select("record")]).unique()
    seen = _was(night, "link", bucket, NAMED).join(moved, on="record", how="semi")
    unseen = _was(night, "absent", bucket, NAMED).join(moved, on="record", how="semi")
    stays = seen.join(_gone(night, bucket), on="record", how="anti").join(named, on=["record", "founder"], how="anti")
    linked, silent = pl.concat([named, stays]), absent.join(moved, on="record", how="semi")
    was, now = pl.concat([seen, unseen]), pl.concat([linked, silent])
    told, other = night_links.view_of(night, bucket, was, now)
    pairs = night_links.pairs_of(now, was, other)
    changed = night.changed(bucket)
    others = _standing(night, bucket).join(changed, on="record", how="semi").join(moved, on="record", how="anti")
    of_changed = pl.concat([pairs.join(changed, on="record", how="semi").select("person"), others.select("person")])
    night_links.keep_moved(night, bucket, pairs, of_changed)
    night.work.keep("pair", f"pairs-{bucket:04}", pairs)
    night.work.keep("pair", f"records-{bucket:04}", moved)
    numbered = pl.col("person") > 0
    for title, frame in (("now", linked.select(_LINK)), ("was", was.select(_KEY)), ("absent", silent.select(_KEY))):
        night.work.parts("pair", title).add(bucket, frame.filter(numbered), "person")
    night.work.finish("pair", bucket, told)


_KEY = ["person", "record"]


def _absent(night: Linking, bucket: int) -> pl.DataFrame:
    return night.work.kept("stir", f"absent-{bucket:04}")


def _standing(night: Linking, bucket: int) -> pl.DataFrame:
    """All links of the last night: record, person, judgement."""
    columns = ["record", "person", "judgement"]
    return pl.concat([_was(night, name, bucket, columns) for name in ("link", "absent")])


def touch(night: Linking, bucket: int) -> None:
    """Of one bucket of records: all links of those whose statements are made again tonight (`fact_said.TOUCHED`)."""
    pairs = night.work.kept("pair", f"pairs-{bucket:04}")
    stands = _standing(night, bucket).join(night.work.kept("pair", f"records-{bucket:04}"), on="record", how="anti")
    moved, changed = night.work.kept("pair", "moved")["person"], night.changed(bucket)
    everyone = pl.concat([pairs, stands.with_columns(pl.col("judgement").alias("was")).select(pairs.columns)])
    marked = everyone.with_columns(pl.col("person").is_in(moved.implode()).alias("touched"))
    theirs = pl.concat([marked.filter("touched").select("record"), changed]).unique()
    marked = marked.join(theirs, on="record", how="semi")
    night_links.touch_of(night, bucket, marked, changed.join(marked, on="record", how="anti"))


def settle(night: Linking, bucket: int) -> None:
    """Of one bucket of persons: the operations of the table `link`, for the records whose links may have moved."""
    was, now, absent = (night.work.parts("pair", title).get(bucket) for title in ("was", "now", "absent"))
    held = night.before("link", bucket).join(was.unique(), on=_KEY, how="semi")
    typed = now.select([pl.col(column).cast(kind) for column, kind in TABLES["link"].plain_schema.items()])
    night_links.settled(night, bucket, held, typed, absent)


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
"""What is done with each bucket, by the name of the step (as `night_links.STEPS`)."""
