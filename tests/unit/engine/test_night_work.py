"""The work folder of a night: what is marked is whole, and rows go from one sort of bucket to another."""

import os
import shutil
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from musterroll.engine import night_work
from musterroll.engine.night_work import Parts, Work


def test_a_step_is_done_only_when_it_is_marked(tmp_path: Path) -> None:
    work = Work(tmp_path / "w", 4)
    assert work.done("rows") is None
    assert work.done("rows", 3) is None
    work.finish("rows", 3, {"people": 7})
    assert Work(tmp_path / "w", 4).done("rows", 3) == {"people": 7}
    assert work.done("rows") is None
    work.remove()
    assert not (tmp_path / "w").exists()


def test_nobody_else_may_read_a_work_folder(tmp_path: Path) -> None:
    work = Work(tmp_path / "w")
    assert (work.path.stat().st_mode & 0o777, work.folder("rows").stat().st_mode & 0o777) == (0o700, 0o700)


def test_a_folder_whose_removal_was_killed_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work(tmp_path / "work", 1)
    work.keep("rows", "ended", pl.DataFrame({"record": [1]}))
    work.finish("rows")
    with monkeypatch.context() as killed:
        killed.setattr(shutil, "rmtree", lambda *_, **__: None)
        work.remove()
    assert Work(tmp_path / "work", 1).done("rows") is None
    assert [path.name for path in tmp_path.iterdir()] == ["work"]
    Work(tmp_path / "work", 1).remove()
    assert not any(tmp_path.iterdir())


def test_where_the_machine_was_started_again_only_what_was_waited_for_is_trusted(tmp_path, monkeypatch):
    start, waited = tmp_path / "boot_id", []
    monkeypatch.setattr(night_work, "_START", start)
    monkeypatch.setattr(os, "fsync", lambda _: waited.append(1))
    start.write_bytes(b"one\n")
    work = Work(tmp_path / "work", 2)
    work.finish("plan", told={"at": 7})
    work.keep("made", "moved", pl.DataFrame({"person": [3]}))
    assert len(waited) == 3  # with the mark of the start itself
    work.keep("rows", "ended", pl.DataFrame({"record": [1]}))
    work.finish("rows", 0)
    work.parts("touch", "touched").add(0, pl.DataFrame({"record": [1]}), "record")
    assert len(waited) == 3
    assert Work(tmp_path / "work", 2).done("rows", 0) == {}
    start.write_bytes(b"two\n")
    again = Work(tmp_path / "work", 2)
    assert (again.done("rows", 0), again.done("plan")) == (None, {"at": 7})
    assert again.kept("made", "moved")["person"].to_list() == [3]
    left = {path.relative_to(again.path).parts[0] for path in again.path.rglob("*") if path.is_file()}
    assert left == {"made", "plan", "start"}


def test_where_the_system_does_not_tell_its_starts_apart_every_file_is_waited_for(tmp_path, monkeypatch):
    waited = []
    monkeypatch.setattr(night_work, "_START", tmp_path / "nothing")
    monkeypatch.setattr(os, "fsync", lambda _: waited.append(1))
    Work(tmp_path / "work").finish("rows", 0)
    assert len(waited) == 2
    assert Work(tmp_path / "work").done("rows", 0) == {}


def test_a_frame_is_kept_with_its_types(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1, None], "b": ["x", ""]}, schema={"a": pl.Int32, "b": pl.String})
    work = Work(tmp_path)
    work.keep("rows", "frame", frame)
    assert_frame_equal(work.kept("rows", "frame"), frame)


def test_a_bucket_has_its_rows_of_all_pieces_in_order(tmp_path: Path) -> None:
    parts = Work(tmp_path, 3).parts("facts", "fact")
    second = pl.DataFrame({"person": [4, 6, 1], "said": ["d", "e", None]})
    first = pl.DataFrame({"person": [3, 1, 0, 1], "said": ["a", "b", "c", "z"]})
    parts.add(1, second, "person")
    parts.add(0, first, "person")
    assert parts.get(0).rows() == [(3, "a"), (0, "c"), (6, "e")]
    assert parts.get(1).rows() == [(1, "b"), (1, "z"), (4, "d"), (1, None)]
    assert parts.get(2).rows() == []
    assert parts.get(2).schema == first.schema
    parts.add(0, first.head(1), "person")
    assert parts.get(1).rows() == [(4, "d"), (1, None)]
    parts.add(2, first.clear(), "person")
    assert parts.get(0).rows() == [(3, "a"), (6, "e")]


def test_a_bucket_that_nobody_wrote_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Parts(tmp_path / "none", 2).get(0)


def test_pieces_of_other_columns_are_not_laid_together(tmp_path: Path) -> None:
    parts = Work(tmp_path, 2).parts("facts", "fact")
    parts.add(0, pl.DataFrame({"person": [1], "said": ["a"]}), "person")
    parts.add(1, pl.DataFrame({"person": [1], "told": [3]}), "person")
    with pytest.raises(ValueError, match="other columns"):
        parts.get(1)
