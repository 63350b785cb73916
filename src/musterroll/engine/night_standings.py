"""What the law says of a bucket of persons: flat facts of the touched, everybody's standing, and what changed.

1. Nobody but the touched has flat facts made again; a bucket in which nobody is touched keeps its objects. The law is
   asked about everybody on every day: which rules are true, and which open, moves with the calendar alone.
2. The scalar reference decides a sample of each bucket and whoever moved again, before anything is published.
"""

from typing import Any

import polars as pl

from musterroll.engine import fact_polars, law_guard, standings
from musterroll.engine.fact_polars import FactTables, Flat
from musterroll.engine.night_buckets import Night, hand_over
from musterroll.engine.night_work import Work
from musterroll.engine.roll import ObjectRef, archive
from musterroll.engine.roll.table import standing_table

GUARDED = 200_000
"""How many moved people of a night the reference decides again at most; of more, as many by a rule of chance."""


def decide(night: Night, bucket: int) -> None:
    """Of one bucket of persons: flat facts of the touched, standings of all, the views patched, what changed."""
    touched = night.work.kept("people", f"touched-{bucket:04}")
    was, wide_was = night.view("flat", bucket), night.view("flat_wide", bucket)
    before = night.view("standing", bucket)
    new = _flat(night, bucket, touched)
    flat = Flat(_patched(was, touched, new.sure), _patched(wide_was, touched, new.wide))
    standing = standings.decide(night.pack, flat, night.on)
    moves = standings.moves(
        night.pack,
        before,
        standing,
        by_time=None if night.earlier or was is None else _by_time(night, touched, was, wide_was, standing),
        relinked=night.tonight("link", bucket)["person"].unique(),
        judged=_judged(night, touched),
        early=night.work.parts("name", "early").get(bucket)["person"],
        on=night.on,
        earlier=night.earlier,
    )
    _guard(night, flat, standing, moves)
    told = _published(night, bucket, flat if touched.height else None, standing, moves)
    counts = {"counts": standings.by_effect(night.pack, standing), "causes": moves.causes, "touched": touched.height}
    night.work.finish("standings", bucket, told | counts)


def _by_time(
    night: Night, touched: pl.DataFrame, flat: pl.DataFrame, wide: pl.DataFrame | None, standing: pl.DataFrame
) -> pl.DataFrame:
    """Yesterday's facts decided today. Of whom nothing touched they are today's."""
    old = Flat(*(_of(frame, touched) for frame in (flat, flat.clear() if wide is None else wide)))
    alone = standing.join(touched, on="person", how="anti", maintain_order="left")
    return pl.concat([alone, standings.decide(night.pack, old, night.on)])


def _of(frame: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    return frame.join(people, on="person", how="semi", maintain_order="left")


def _flat(night: Night, bucket: int, touched: pl.DataFrame) -> Flat:
    tables = bucket_tables(night, bucket, touched)
    return fact_polars.flatten(tables, night.pack, night.on, night.known, night.sources, people=touched["person"])


def bucket_tables(night: Night, bucket: int, touched: pl.DataFrame) -> FactTables:
    """All that is held of the touched people of a bucket, of their groups, and of whoever was merged into them."""
    theirs = touched["person"].implode()
    only = None if night.everybody else pl.col("person").is_in(theirs)
    merged = night.aliases.filter((pl.col("into") % night.buckets == bucket) & pl.col("into").is_in(theirs))
    elsewhere = merged.filter(pl.col("person") % night.buckets != bucket)["person"]
    held = {}
    for name in ("fact", "spell", "link"):
        frames = [night.held(name, bucket, only)]
        for other in sorted({int(person) % night.buckets for person in elsewhere}):
            frames.append(night.held(name, other, pl.col("person").is_in(elsewhere.implode())))
        held[name] = frames[0] if len(frames) == 1 else pl.concat(frames)
    members = night.work.parts("members", "member").get(bucket).drop("$of")
    seen = night.nothing("seen")
    facts, spells, members = (night.weakened(frame) for frame in (held["fact"], held["spell"], members))
    return FactTables(facts, spells, members, held["link"], seen, night.deliveries, night.aliases)


def _judged(night: Night, touched: pl.DataFrame) -> pl.Series:
    """Touched people of an alias that was made or ended tonight."""
    changed = night.tonight("alias", 0)
    both = pl.concat([changed["person"], changed["into"]])
    return touched["person"].filter(touched["person"].is_in(both.implode()))


def _patched(was: pl.DataFrame | None, touched: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """A view with the rows of the touched replaced by what they are now, in order."""
    if was is None or was.schema != now.schema:
        return now
    stays = was.join(touched, on="person", how="anti", maintain_order="left")
    return pl.concat([stays, now]).sort("person") if now.height else stays


def _guard(night: Night, flat: Flat, standing: pl.DataFrame, moves: standings.Moves) -> None:
    share = -(-law_guard.SAMPLE // night.buckets)
    changed = moves.changes.filter("moved") if night.earlier else moves.changes
    if night.before is None:
        changed = changed.clear()
    moved = changed["person"].unique()
    most = -(-GUARDED // night.buckets)
    if moved.len() > most:
        moved = law_guard.drawn(night.pack, night.on, moved, most)
    law_guard.check(night.pack, flat, standing, night.on, also=moved, sample=share)


def _kept(night: Night, name: str, bucket: int) -> list[dict[str, Any]]:
    refs = () if night.before is None else night.before.refs(name)
    return [ref.as_json() for ref in refs if ref.bucket == bucket]


def _published(
    night: Night, bucket: int, flat: Flat | None, standing: pl.DataFrame, moves: standings.Moves
) -> dict[str, Any]:
    """Write the views' objects, and keep tonight's changes. Without `flat` nobody was touched: its objects stay."""
    frames = (
        {"standing": standing} if flat is None else {"flat": flat.sure, "flat_wide": flat.wide, "standing": standing}
    )
    refs = {name: _kept(night, name, bucket) for name in ("flat", "flat_wide")} | {
        name: [night.store.put(name, frame, bucket=bucket).as_json()] if frame.height else []
        for name, frame in frames.items()
    }
    changes = moves.changes
    night.work.keep("standings", f"moved-{bucket:04}", changes)
    by = changes.with_columns(pl.lit(night.on, pl.Int32).alias("on"), pl.lit(night.pack.digest).alias("pack"))
    operations = archive.adds(standing_table("standing_change", by.columns), by, night.known)
    told = hand_over(night.store, night.work, "standings", "standing_change", operations, bucket, night.known)
    return {**told, "refs": refs}


def views(work: Work) -> dict[str, tuple[ObjectRef, ...]]:
    """The objects of the views, by table."""
    found: dict[str, list[ObjectRef]] = {"flat": [], "flat_wide": [], "standing": []}
    for bucket in range(work.buckets):
        refs = (work.done("standings", bucket) or {})["refs"]
        for name, members_ in refs.items():
            found[name] += [ObjectRef(table=name, **each) for each in members_]
    return {name: tuple(refs) for name, refs in found.items()}


def counted(work: Work, what: str) -> dict[str, int]:
    """The buckets' counts together (`counts` by effect, `causes`), in alphabetical order."""
    total: dict[str, int] = {}
    for bucket in range(work.buckets):
        for name, number in (work.done("standings", bucket) or {})[what].items():
            total[name] = total.get(name, 0) + number
    return dict(sorted(total.items()))


def moved(work: Work) -> pl.DataFrame:
    """Every changed standing of those who were in the register before, in order of person and question."""
    frames = []
    for bucket in range(work.buckets):
        frames.append(work.kept("standings", f"moved-{bucket:04}").filter(pl.col("because") != "entry"))
    return pl.concat(frames).sort("person", "question")
