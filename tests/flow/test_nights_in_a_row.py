"""Night after night: what is patched is what would be found anew for everybody, whatever the buckets and workers."""

import tempfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.nights import EVENTS, Hamlet, store, terms, views

from musterroll.engine import night, night_weekly
from musterroll.engine.crew import Crew, crew
from musterroll.engine.night_work import Work

pytestmark = pytest.mark.timeout(1500)
days = st.lists(st.lists(st.sampled_from(EVENTS), max_size=3), min_size=1, max_size=3)


def assert_same(left: dict[str, pl.DataFrame], right: dict[str, pl.DataFrame]) -> None:
    assert set(left) == set(right)
    for name in left:
        assert_frame_equal(left[name], right[name]), name


@settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(days, st.integers(0, 10_000))
def test_a_patched_night_is_what_everybody_anew_would_be(events: list[list[str]], seed: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        kept, hamlet, parent = store(Path(place)), Hamlet(seed, Path(place)), None
        for number, tonight in enumerate(hamlet.days(events)):
            on = hamlet.day
            patched = night.run(kept, parent, tonight, terms(on, number))
            anew = night.run(kept, parent, tonight, terms(on, number, everybody=True))
            assert_same(views(kept, patched.snapshot), views(kept, anew.snapshot))
            assert patched.counts == anew.counts
            assert patched.causes == anew.causes
            parent = patched.snapshot


def test_nights_over_several_buckets_say_the_same_of_everybody() -> None:
    events = [["dies", "moves", "child"], ["enlists", "renamed"], ["leaves", "studies", "mistyped"]]
    with tempfile.TemporaryDirectory() as place:
        found = []
        for buckets in (1, 4):
            kept, hamlet, parent = store(Path(place) / str(buckets)), Hamlet(7, Path(place)), None
            for number, tonight in enumerate(hamlet.days(events)):
                done = night.run(kept, parent, tonight, terms(hamlet.day, number, buckets))
                parent = done.snapshot
                found.append((views(kept, parent), done.counts, done.causes))
    half = len(found) // 2
    for one, four in zip(found[:half], found[half:], strict=True):
        assert_same(one[0], four[0])
        assert one[1:] == four[1:]


def test_a_bucket_in_which_nobody_is_touched_keeps_its_objects() -> None:
    with tempfile.TemporaryDirectory() as place:
        kept, hamlet = store(Path(place)), Hamlet(3, Path(place))
        (first, *_) = hamlet.days([])
        before = night.run(kept, None, first, terms(hamlet.day, 0, 8)).snapshot
        man = next(one for one in hamlet.people if one.sex == "Male" and 1980 < one.born.year < 2003)
        man.dead = hamlet.day
        after = night.run(kept, before, hamlet.tonight(("civil",), 10), terms(hamlet.day, 1, 8)).snapshot
        for name in ("flat", "standing"):
            same = set(before.refs(name)) & set(after.refs(name))
            assert 0 < len(same) < len(before.refs(name)), name


def test_two_workers_write_the_same_bytes_as_one() -> None:
    with tempfile.TemporaryDirectory() as place:
        digests = []
        for workers in (1, 2):
            kept, hamlet = store(Path(place) / str(workers)), Hamlet(5, Path(place))
            (first, *_) = hamlet.days([])
            with crew(workers) as hands:
                digests.append(night.run(kept, None, first, terms(hamlet.day, 0, 4), crew=hands).snapshot.digest)
        assert digests[0] == digests[1]


def test_the_weekly_night_reproduces_the_patched_one_or_says_which_table_differs() -> None:
    with tempfile.TemporaryDirectory() as place:
        kept, hamlet, parent = store(Path(place)), Hamlet(5, Path(place)), None
        events = [["dies", "moves", "leaves", "child", "enlists", "studies"]]
        for number, tonight in enumerate(hamlet.days(events)):
            on = terms(hamlet.day, number, 2)
            made = night.run(kept, parent, tonight, on)
            again = (kept, parent, tonight, on)
            work = Work(Path(place) / f"anew-{number}", 2)
            assert night_weekly.differing(*again, made, work, Crew()) == ()
            parent = made.snapshot
        without = replace(made, snapshot=replace(parent, tables={**parent.tables, "flat": ()}))
        assert night_weekly.differing(*again, without, Work(Path(place) / "wrong", 2), Crew()) == ("flat",)
