"""Comparison frames are kept from night to night: the night is the same with them and without."""

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.nights import Hamlet, sources, store, terms

from musterroll.engine import linkage_rows, night, night_compared
from musterroll.engine.night_pieces import pieces
from musterroll.engine.night_work import Work
from musterroll.engine.roll import Snapshot, Store
from musterroll.engine.roll.erase import erase

EVENTS = [["moves", "mistyped", "leaves", "child"], ["renamed", "nothing"], ["dies", "arrives", "moves"]]


def beside(kept: Store) -> dict[str, list[str]]:
    return {path.name: sorted(one.name for one in path.iterdir()) for path in kept.folder.glob("beside/*")}


@pytest.mark.parametrize("buckets", [1, 4])
def test_nights_with_the_frames_kept_are_those_without(tmp_path: Path, buckets: int) -> None:
    kept, hamlet, parent = store(tmp_path), Hamlet(11, tmp_path), None
    bare = store(tmp_path / "bare")
    for number, tonight in enumerate(hamlet.days(EVENTS)):
        on = terms(hamlet.day, number, buckets)
        snapshot = night.run(kept, parent, tonight, on).snapshot
        assert beside(kept) == {snapshot.digest: [f"compared-{piece:04}" for piece, _ in pieces(buckets)]}
        assert night.run(bare, parent, tonight, on).snapshot == snapshot
        shutil.rmtree(bare.folder / "beside")
        parent = snapshot


def frames(kept: Store, snapshot: Snapshot, folder: Path) -> pl.DataFrame:
    """What is kept beside a snapshot, in one order."""
    found = []
    for piece, _ in pieces(snapshot.buckets):
        data = kept.get_beside(snapshot.digest, f"compared-{piece:04}", made_by=night_compared.made_by(sources()))
        assert data is not None
        (folder / "frame").write_bytes(data)
        found.append(pl.read_parquet(folder / "frame"))
    return pl.concat(found).sort(linkage_rows.FRAME.names())


def test_what_is_kept_after_some_days_is_what_the_rows_held_say(tmp_path: Path) -> None:
    kept, hamlet, parent = store(tmp_path), Hamlet(2, tmp_path), None
    for number, tonight in enumerate(hamlet.days(EVENTS)):
        parent = night.run(kept, parent, tonight, terms(hamlet.day, number, 2)).snapshot
    patched = frames(kept, parent, tmp_path)
    work = Work(tmp_path / "anew", 2)
    on = terms(hamlet.day, len(EVENTS) + 1, 2, everybody=True)
    anew = night.run(kept, parent, [], on, work=work).snapshot
    night_compared.keep(kept, parent, anew, on.sources, work, night.Crew())
    assert frames(kept, anew, tmp_path).equals(patched)
    assert patched.height


def test_frames_go_on_over_a_night_on_which_nothing_came(tmp_path: Path) -> None:
    kept, hamlet = store(tmp_path), Hamlet(4, tmp_path)
    (first, *_) = hamlet.days([])
    before = night.run(kept, None, first, terms(hamlet.day, 0)).snapshot
    held = frames(kept, before, tmp_path)
    after = night.run(kept, before, [], terms(hamlet.day, 1)).snapshot
    assert frames(kept, after, tmp_path).equals(held)
    assert list(beside(kept)) == [after.digest]


def test_under_another_declaration_they_are_made_again() -> None:
    told = night_compared.made_by(sources())
    assert told == night_compared.made_by(dict(sources()))
    civil = sources()["civil"]
    column = civil.columns["first_name"]
    other = replace(civil, columns={**civil.columns, "first_name": replace(column, missing=("none",))})
    assert night_compared.made_by({**sources(), "civil": other}) != told


def test_an_erasure_leaves_no_frame_and_the_next_night_has_none_of_the_erased(tmp_path: Path) -> None:
    kept, hamlet = store(tmp_path), Hamlet(4, tmp_path)
    (first, *_) = hamlet.days([])
    before = night.run(kept, None, first, terms(hamlet.day, 0)).snapshot
    record = frames(kept, before, tmp_path)["record"][0]
    without = erase(kept, before, persons=[], records=[record]).snapshot
    kept.sweep([without.digest])
    assert beside(kept) == {}
    after = night.run(kept, without, [], terms(hamlet.day, 1, erased=(record,))).snapshot
    assert after.digest not in beside(kept)
    hamlet.happens("moves")
    on = terms(hamlet.day, 2, erased=(record,))
    last = night.run(kept, after, hamlet.tonight(("civil", "dwelling"), 10), on).snapshot
    assert record not in frames(kept, last, tmp_path)["record"]
