"""Founding records that left their list: what they said last, of persons of the register (table `vanished`).

1. Whoever is deleted and entered again under another key and number is a new person. Rows of other agencies that have
   only the old number may be his: `linkage_namesakes` finds them by it.
2. Kept are number, names, birth date and sex, of persons with a number only (charter S13), sealed; not of whoever is on
   the list again or erased. An agency's rows as delivered go after 90 days, and this stays as the person's number does.
"""

import polars as pl

from musterroll.engine import linkage_rows
from musterroll.engine.linkage_splink import COMPARED
from musterroll.engine.night_linking import Linking
from musterroll.engine.night_pieces import pieces
from musterroll.engine.roll import ObjectRef, archive
from musterroll.engine.roll.table import TABLES

_TABLE = TABLES["vanished"].plain_schema


def keep(night: Linking, piece: int, lost: pl.DataFrame, here: pl.DataFrame) -> None:
    """Keep what `night_linkage.turned` found of some buckets: last rows of who is gone, and records that are there."""
    night.work.keep("turned", f"lost-{piece:04}", lost.select(linkage_rows.FRAME.names()))
    night.work.keep("turned", f"here-{piece:04}", here.unique())


def vanished(night: Linking) -> pl.DataFrame:
    """The comparison rows of all founding records that are on their list no more, as of tonight."""
    found = _now(night)
    missing = [pl.lit(None, kind).alias(name) for name, kind in COMPARED.items() if name not in found.columns]
    return (
        found.with_columns(missing)
        .with_columns(pl.lit(value=False).alias("single"))
        .select(pl.col(name).cast(kind) for name, kind in COMPARED.items())
    )


def kept(night: Linking) -> tuple[ObjectRef, ...]:
    """The table of tonight's roll; the last night's object where nothing moved."""
    found = _now(night)
    if night.parent is not None and found.equals(_before(night)):
        return night.parent.refs("vanished")
    return () if found.is_empty() else (night.store.put("vanished", found),)


def _before(night: Linking) -> pl.DataFrame:
    held = None if night.parent is None else night.store.get_table(night.parent, "vanished")
    return (_TABLE.to_frame() if held is None else held).select(_TABLE.names()).sort(_TABLE.names())


def _now(night: Linking) -> pl.DataFrame:
    if night.work.done("vanished") is None:
        night.work.keep("vanished", "all", _found(night))
        night.work.finish("vanished")
    return night.work.kept("vanished", "all")


def _found(night: Linking) -> pl.DataFrame:
    told = {
        name: pl.concat([night.work.kept("turned", f"{name}-{piece:04}") for piece, _ in pieces(night.buckets)])
        for name in ("lost", "here")
    }
    lost = told["lost"].select([pl.col(name).cast(kind) for name, kind in _TABLE.items()])
    lost = lost.filter(pl.col("record").is_in(_numbered(night, lost["record"]).implode()))
    out = pl.concat([told["here"]["record"], pl.Series("record", sorted(night.erased), pl.Int64)])
    found = pl.concat([_before(night), lost]).filter(~pl.col("record").is_in(out.implode()))
    return found.unique().sort(_TABLE.names())


def _numbered(night: Linking, records: pl.Series) -> pl.Series:
    """Which of these founding records had a person's number on the last night."""
    own = (pl.col("record") == pl.col("founder")) & (pl.col("person") > 0)
    found = [records.clear()]
    if night.parent is None:
        return found[0]
    for bucket in sorted({record % night.buckets for record in records}):
        columns = ["record", "founder", "person"]
        linked = archive.held_bucket(night.store, night.parent, "linked", bucket, columns=columns).filter(own)["record"]
        found.append(linked.filter(linked.is_in(records.implode())))
    return pl.concat(found)
