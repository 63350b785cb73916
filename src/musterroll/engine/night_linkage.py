"""Linkage in a night: what it goes by from the last night, and what it leaves for the next.

1. An ordinary night links what changed (`linkage_delta`): it is given the links, weighed pairs, free records and terms
   of the last night, and the comparison rows of changed records as they were and as they are. The first night, and one
   in which everybody is found anew, links everybody (`linkage_night`); on the terms held, where they still fit. What
   changed is handed on by itself (`night_moved`), or laid over all links where all are gone over.
2. What it goes by lies in the roll: views `linked`, `pair`, `free`, `unattached` (numbers) and `linkage_terms` (sealed:
   it has the hashes of names). Comparison rows lie beside it (`night_compared`).
3. Judgements, mergers and foundings that came or went since the last night touch their records.
4. Founding records that left their list, and what they said last, are told to linkage too (`night_vanished`).
5. A night on which no comparison row and no judgement moved has nothing to compare: all links stay.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from musterroll.engine import linkage_rows, night_moved, night_vanished
from musterroll.engine.crew import Crew
from musterroll.engine.linkage_delta import Delta, laid_over, link_delta
from musterroll.engine.linkage_frame import HUMAN, Population
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_night import LINKS, counted, link_all
from musterroll.engine.linkage_terms import Terms
from musterroll.engine.night_buckets import hand_over
from musterroll.engine.night_compared import compared
from musterroll.engine.night_linking import Linking
from musterroll.engine.night_links import hand_on
from musterroll.engine.night_pieces import pieces
from musterroll.engine.roll import ObjectRef, archive
from musterroll.engine.roll.table import TABLES

STATE = ("pair", "free", "unattached")
_BY_HUMANS = ("officer", "person")
_MEMORY, _THREADS = "5GB", 2
"""What linkage may take while it has the machine to itself; what does not fit is spilled into the night's folder."""


@dataclass(frozen=True)
class Said:
    """What people judged, by founding records: links, and records that are one human's ([founder, into])."""

    human: pl.DataFrame
    merged: Mapping[int, int]
    before: Mapping[int, int] = field(default_factory=dict)


def by_change(night: Linking, model: Model) -> bool:
    """Whether tonight links what changed since the last night; else it links everybody."""
    return not night.retell and _terms_held(night, model) is not None


def anything(night: Linking, said: Said) -> bool:
    """Whether any comparison row or judgement moved since the last night. After `turned` and `export`."""
    moved = any(_turned(night, name).height for name in ("gone", "fresh"))
    return moved or bool(_touched(night, said))


def link(night: Linking, said: Said, model: Model, crew: Crew) -> dict[str, int]:
    """Link tonight, and hand the links on by bucket; what of it is counted.

    `night_compared.compare` comes before it, but on a night by change on which nothing moved: then all links stay.
    """
    work = night.work
    told = work.done("links")
    if told is not None:
        return dict(told)
    folder = work.folder("links") / "all"
    held = _terms_held(night, model)
    if held is None or night.retell:
        population = _population(night, said)
        stats = dict(link_all(population, model, folder, terms=held, memory=_MEMORY, threads=_THREADS).stats)
    else:
        delta = _delta(night, said, model, held.parent) if anything(night, said) else None
        if night_moved.enough(night):
            night_moved.hand_on(night, delta)
            work.finish("links")
            return {}
        if delta is None:
            folder = held.parent
        else:
            laid_over(held.parent, delta, folder, memory=_MEMORY, threads=_THREADS)
        stats = counted(folder, memory=_MEMORY, threads=_THREADS)
    for name, by in (("pair", "left"), ("free", "record"), ("unattached", "record")):
        work.parts("links", name).add(0, pl.read_parquet(f"{folder / name}*.parquet"), by)
    hand_on(night, sorted(folder.glob("link*.parquet")), crew)
    work.finish("links", told=stats)
    return stats


def _delta(night: Linking, said: Said, model: Model, before: Path) -> Delta:
    return link_delta(
        before,
        _population(night, said),
        _turned(night, "gone"),
        _turned(night, "fresh"),
        model,
        night.work.folder("links") / "delta",
        touched=_touched(night, said),
        memory=_MEMORY,
        threads=_THREADS,
    )


def _population(night: Linking, said: Said) -> Population:
    return Population(
        frames=[compared(night.work, piece) for piece, _ in pieces(night.buckets)],
        founding=frozenset(name for name, source in night.sources.items() if source.founds),
        founded=night.founded,
        merged=said.merged,
        human=said.human.cast(HUMAN),
        vanished=night_vanished.vanished(night),
    )


def _turned(night: Linking, name: str) -> pl.DataFrame:
    return pl.concat([night.work.kept("turned", f"{name}-{piece:04}") for piece, _ in pieces(night.buckets)])


def _exported(night: Linking, name: str) -> pl.DataFrame:
    return pl.concat([night.work.kept("export", f"{name}-{bucket:04}") for bucket in range(night.buckets)])


# What changed since the last night


def turned(night: Linking, piece: int, buckets: Sequence[int]) -> None:
    """The comparison rows of some buckets' changed records as they were and as they are, where the two differ.

    Where everybody is linked anew, of founding records only: who left his list has to be known all the same.
    """
    gone, fresh = linkage_rows.FRAME.to_frame(), linkage_rows.FRAME.to_frame()
    lost, here = gone.clear(), gone.select("record")
    if night.parent is not None:
        every = pl.concat([night.rows.changed(bucket) for bucket in buckets])
        changed = every.filter(~pl.col("source").str.contains("#"))
        told = (archive.held_bucket(night.store, night.parent, "delivery", 0), night.rows.deliveries)
        for name, source in sorted(night.sources.items()):
            if night.retell and not source.founds:
                continue
            records = changed.filter(pl.col("source") == name)["record"].unique()
            if records.is_empty():
                continue
            was, now = (
                _frame(night, name, rows, deliveries)
                for rows, deliveries in zip(_rows_then_and_now(night, name, buckets, records), told, strict=True)
            )
            if source.founds:
                lost = pl.concat([lost, was.join(now, on="record", how="anti").filter(pl.col("source") == name)])
                here = pl.concat([here, now.select("record")])
            if night.retell:
                continue
            same = linkage_rows.FRAME.names()
            moved = pl.concat(
                [
                    was.join(now, on=same, how="anti", nulls_equal=True),
                    now.join(was, on=same, how="anti", nulls_equal=True),
                ]
            ).select("record")
            gone = pl.concat([gone, was.join(moved, on="record", how="semi")])
            fresh = pl.concat([fresh, now.join(moved, on="record", how="semi")])
    night.work.keep("turned", f"gone-{piece:04}", gone)
    night.work.keep("turned", f"fresh-{piece:04}", fresh)
    night_vanished.keep(night, piece, lost, here)
    night.work.finish("turned", piece)


def _rows_then_and_now(night: Linking, name: str, buckets: Sequence[int], records: pl.Series) -> list[pl.DataFrame]:
    """The rows of some records of a source as the last night held them and as they are held now."""
    if night.parent is None:
        return []
    both = [
        archive.held_buckets(
            night.store,
            (night.parent, night.rows.roll),
            bucket,
            table=night.rows.tables[name],
            only=pl.col("record").is_in(records.filter(records % night.buckets == bucket).implode()),
            columns=linkage_rows.columns_of(night.sources[name]),
        )
        for bucket in buckets
    ]
    then, now = (pl.concat(frames) for frames in zip(*both, strict=True))
    return [then, now.filter(~pl.col("record").is_in(list(night.erased)))]


def _frame(night: Linking, name: str, rows: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
    """Comparison rows, read as of the deliveries of their time: one recalled tonight is among last night's only."""
    as_of = deliveries.select("delivery", "as_of")
    told = rows.join(as_of, on="delivery", how="left", maintain_order="left")
    return linkage_rows.compared(night.sources[name], told).select(linkage_rows.FRAME.names()).unique()


def export(night: Linking, bucket: int) -> None:
    """Write what the last night left in one bucket as the files that linkage reads (folder `before`)."""
    folder = night_moved.before(night.work)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    linked = night.before("linked", bucket)
    seen = linked.select(pl.col("record").is_in(night.before("seen", bucket)["record"].implode())).to_series()
    links = linked.filter(seen)
    if night_moved.enough(night):
        night_moved.export(night, bucket, links, linked.filter(~seen))
    else:
        _write(links, "link", folder, bucket)
        _write(night.before("unattached", bucket), "unattached", folder, bucket)
    for name in ("pair", "free"):
        _write(night.before(name, bucket), name, folder, bucket)
    founding = [name for name, source in night.sources.items() if source.founds]
    own = (pl.col("record") == pl.col("founder")) & ~pl.col("source").is_in(founding)
    night.work.keep("export", f"human-{bucket:04}", links.filter(pl.col("by").is_in(_BY_HUMANS)).select(HUMAN.names()))
    night.work.keep("export", f"own-{bucket:04}", links.filter(own).select("record"))
    alike = links.filter((pl.col("by") == "namesake") & bool(night.erased))
    night.work.keep("export", f"alike-{bucket:04}", alike.select("record"))
    night.work.finish("export", bucket)


def _write(frame: pl.DataFrame, name: str, folder: Path, bucket: int) -> None:
    """One bucket of a table as a file, whole or not there."""
    typed = frame.select([pl.col(column).cast(kind) for column, kind in _empty(name).schema.items()])
    unfinished = folder / f"{name}-{bucket:04}.unfinished"
    typed.write_parquet(unfinished, compression="lz4", statistics=False)
    unfinished.replace(folder / f"{name}-{bucket:04}.parquet")


def _touched(night: Linking, said: Said) -> frozenset[int]:
    """The records that people's judgements, mergers and foundings touch since the last night.

    Who was erased may have been somebody's namesake, and nothing is left to tell whose: all such records are looked at.
    """
    before, now = _exported(night, "human").cast(HUMAN), said.human.cast(HUMAN)
    same = ["founder", "record", "judgement"]
    moved = pl.concat([before.join(now, on=same, how="anti"), now.join(before, on=same, how="anti")])
    founded = set(_exported(night, "own")["record"])
    merged = set(said.merged.items()) ^ set(said.before.items())
    return frozenset(
        {
            *moved["founder"],
            *moved["record"],
            *(founded ^ night.founded),
            *(one for pair in merged for one in pair),
            *_exported(night, "alike")["record"],
        }
    )


def _empty(name: str) -> pl.DataFrame:
    return LINKS.to_frame() if name == "link" else TABLES[name].plain_schema.to_frame()


# What is kept for the next night


def keep(night: Linking, bucket: int) -> None:
    """The operations of the views of linkage in one bucket."""
    told: dict[str, Any] = {}
    for name in STATE:
        table = TABLES[name]
        after = night.work.parts("links", name).get(bucket)
        operations = archive.night(table, night.before(name, bucket), after, night.known)
        told |= hand_over(night.store, night.work, "keep", name, operations, bucket, night.known)
    night.work.finish("keep", bucket, told)


def terms_kept(night: Linking) -> tuple[ObjectRef, ...]:
    """The terms of tonight's links as an object of the roll."""
    folder = night.work.folder("links") / "all" / "terms"
    if not folder.exists():  # nothing moved: the terms are those of the last night
        return () if night.parent is None else night.parent.refs("linkage_terms")
    rows = [(path.name, base64.b64encode(path.read_bytes()).decode("ascii")) for path in sorted(folder.iterdir())]
    frame = pl.DataFrame(rows, schema=TABLES["linkage_terms"].plain_schema, orient="row")
    return (night.store.put("linkage_terms", frame),)


def _terms_held(night: Linking, model: Model) -> Path | None:
    """The last night's terms as files, in `before/terms`; None where there are none or they do not fit."""
    refs: Sequence[ObjectRef] = () if night.parent is None else night.parent.refs("linkage_terms")
    if not refs:
        return None
    folder = night_moved.before(night.work) / "terms"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if night.work.done("terms") is None:
        for name, text in night.store.get(refs[0]).iter_rows():
            (folder / name).write_bytes(base64.b64decode(text))
        night.work.finish("terms")
    return folder if Terms.decode((folder / "terms.json").read_text(encoding="utf-8")).fit(model) else None
