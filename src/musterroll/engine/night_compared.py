"""Comparison frames of all records: what linkage looks at, kept from one night to the next.

1. The frame of a few buckets is made of the rows held, or, where the last night's is at hand, of that one: without the
   comparison rows that ended tonight, with those that began (`night_linkage.turned`). Both hold the same rows.
2. It is kept beside the snapshot (`Store.put_beside`), sealed, as the rows themselves are: only the newest night's, and
   of nobody but whose rows are held. It goes with an erasure, whose snapshot is another one.
3. It is bound to the snapshot, to what the declarations say and to this program's way of reading and folding
   (`made_by`): where one is another, everybody's frames are made again. So they are where the law is another one, and
   for the weekly comparison of a night with everybody anew.
4. Linkage reads it as a file of the work folder, which is private and goes with the night.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import polars as pl

import musterroll.extract
import musterroll.linkage
from musterroll import canonical
from musterroll.engine import days_at_once, linkage_frame, linkage_rows, linkage_splink
from musterroll.engine.crew import Crew
from musterroll.engine.night_linking import Linking
from musterroll.engine.night_pieces import pieces
from musterroll.engine.night_work import Work
from musterroll.engine.roll import Snapshot, Store
from musterroll.extract.schema import Source


def compare(night: Linking, piece: int, buckets: Sequence[int]) -> None:
    """The comparison frame of some buckets of records, as a file. After `night_linkage.turned`."""
    frame = _patched(night, piece)
    path = compared(night.work, piece)
    unfinished = path.with_suffix(".unfinished")
    made = _made(night, buckets) if frame is None else frame
    made.write_parquet(unfinished, compression="lz4", statistics=False)  # in no order: nothing is found by them
    unfinished.replace(path)
    night.work.finish("compare", piece)


def compared(work: Work, piece: int) -> Path:
    """Where the comparison frame of a piece's buckets lies."""
    return work.folder("compare") / f"{piece:04}.parquet"


def _made(night: Linking, buckets: Sequence[int]) -> pl.DataFrame:
    """The frame of all rows held."""
    as_of = night.rows.deliveries.select("delivery", "as_of")
    frames = [linkage_rows.FRAME.to_frame()]
    for bucket in buckets:
        for name, source in sorted(night.sources.items()):
            rows = night.held(name, bucket).join(as_of, on="delivery", how="left", maintain_order="left")
            frames.append(linkage_rows.compared(source, rows).select(linkage_rows.FRAME.names()))
    return pl.concat(frames)


def _patched(night: Linking, piece: int) -> pl.DataFrame | None:
    """The last night's frame with what turned tonight; None where it is not at hand, or all is to be made anew."""
    if night.parent is None or night.retell:
        return None
    kept = night.store.get_beside(night.parent.digest, _name(piece), made_by=made_by(night.sources))
    if kept is None:
        return None
    gone, fresh = (night.work.kept("turned", f"{name}-{piece:04}") for name in ("gone", "fresh"))
    moved = pl.concat([gone["record"], fresh["record"]]).unique()
    stays = pl.read_parquet(io.BytesIO(kept)).filter(~pl.col("record").is_in(moved.implode()))
    return pl.concat([stays, fresh.select(stays.columns)])


def keep(
    store: Store, parent: Snapshot | None, snapshot: Snapshot, sources: Mapping[str, Source], work: Work, crew: Crew
) -> None:
    """Keep tonight's frames beside the new snapshot, and forget all others. Before the work folder is removed."""
    was, now, way = "" if parent is None else parent.digest, snapshot.digest, made_by(sources)
    for _ in crew.map(_keep, [(store, was, now, way, work, piece) for piece, _ in pieces(work.buckets)]):
        continue
    store.forget_beside([now])


def _keep(store: Store, was: str, now: str, way: str, work: Work, piece: int) -> None:
    name, path = _name(piece), compared(work, piece)
    if path.exists():
        store.put_beside(now, name, path.read_bytes(), made_by=way)
        return
    kept = store.get_beside(was, name, made_by=way)  # a night on which nothing moved compared nothing
    if kept is not None:
        store.put_beside(now, name, kept, made_by=way)


def _name(piece: int) -> str:
    return f"compared-{piece:04}"


def made_by(sources: Mapping[str, Source]) -> str:
    """What the frames follow from besides the rows: a digest of the declarations and of the code that reads them."""
    told = {name: _told(source) for name, source in sources.items()}
    return canonical.sha256_hex(canonical.encode({"code": _code(), "sources": told}))


@cache
def _code() -> str:
    folders = [Path(module.__path__[0]) for module in (musterroll.extract, musterroll.linkage)]
    modules = [Path(module.__file__ or "") for module in (days_at_once, linkage_frame, linkage_rows, linkage_splink)]
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))] + modules
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in [*files, Path(__file__)]]
    return canonical.sha256_hex("\n".join([pl.__version__, *digests]).encode())


def _told(value: object) -> canonical.Json:
    """A declaration as plain data: the same for equal ones, in every process."""
    if is_dataclass(value):
        return {one.name: _told(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return [[_told(name), _told(each)] for name, each in value.items()]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, (frozenset, set)):
        return [*sorted(repr(each) for each in value)]
    if isinstance(value, (tuple, list)):
        return [_told(each) for each in value]
    return repr(value)
