"""After the weekly fold the roll reads as before at any time, what is past its limit is gone, nights go on (S13)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.nights import Hamlet, sources, store, terms, views

from musterroll.dates import NEVER
from musterroll.engine import night, night_touched, night_weekly
from musterroll.engine.crew import Crew
from musterroll.engine.night_work import Work
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.engine.roll.table import TABLES, table_of

BUCKETS = 2
EVENTS = ("dies", "moves", "leaves", "child", "enlists", "studies", "renamed")
ALL = ("civil", "dwelling", "pay")
PAST = 100
"""Days after which rows that ended are past their ninety."""


@pytest.fixture
def hamlet(tmp_path: Path) -> Hamlet:
    made = Hamlet(5, tmp_path)
    for one in made.people[:4]:
        one.serves = True
    return made


class Nights:
    """Nights of a hamlet in one store, each a given day of time after the first."""

    def __init__(self, folder: Path, hamlet: Hamlet, **more: object) -> None:
        self.kept: Store = store(folder)
        self.hamlet, self.more = hamlet, more
        self.snapshots: list[Snapshot] = []
        self.first = hamlet.day

    def run(self, tonight, number: int, *, parent: Snapshot | None = None, **more: object):
        on = terms(self.first + timedelta(days=number), number, BUCKETS, **self.more, **more)
        parent = parent or (self.snapshots[-1] if self.snapshots else None)
        return night.run(self.kept, parent, tonight, on), on, parent

    def night(self, tonight, number: int, **more: object) -> Snapshot:
        made, _, _ = self.run(tonight, number, **more)
        self.snapshots.append(made.snapshot)
        return made.snapshot

    def weekly(self, tonight, number: int, keep=(), keep_rows=(), **more: object) -> tuple[Snapshot, Snapshot]:
        """A weekly night: its snapshot before and after the fold; the folded one is what the next night follows."""
        made, on, parent = self.run(tonight, number, **more)
        work = Work(self.kept.folder / f"anew-{number}", BUCKETS)
        assert night_weekly.differing(self.kept, parent, tonight, on, made, work, Crew()) == ()
        work.remove()
        after = night_weekly.folded(self.kept, made, on, Crew(), keep=keep, keep_rows=keep_rows)
        self.snapshots.append(after.snapshot)
        return made.snapshot, after.snapshot


def three_nights(nights: Nights) -> None:
    hamlet = nights.hamlet
    nights.night(hamlet.tonight(ALL, 1), 0)
    for number in (1, 2):
        for event in EVENTS:
            hamlet.happens(event)
        hamlet.day = nights.first + timedelta(days=number)
        nights.night(hamlet.tonight(ALL, 1 + 3 * number), number)


def same_at(kept: Store, one: Snapshot, other: Snapshot, known_at: int) -> None:
    for name in sorted({*one.tables, *other.tables} - {"flat", "flat_wide", "standing"}):
        if name in TABLES and not TABLES[name].archive:
            continue
        left, right = (archive.held(kept, each, name, known_at) for each in (one, other))
        assert (left is None) == (right is None), name
        if left is not None:
            assert_frame_equal(left.sort(left.columns), right.sort(left.columns)), name


def test_what_was_known_at_any_earlier_time_reads_the_same_from_fewer_objects(hamlet, tmp_path):
    nights = Nights(tmp_path, hamlet)
    three_nights(nights)
    times = [one.known_at for one in nights.snapshots]
    before, after = nights.weekly([], 7)
    for time in (*times, before.known_at):
        same_at(nights.kept, before, after, time)
    for name, frame in views(nights.kept, before).items():
        assert_frame_equal(frame, views(nights.kept, after)[name])
    assert {ref.night for refs in after.tables.values() for ref in refs} <= {None, after.known_at}
    assert sum(map(len, after.tables.values())) < sum(map(len, before.tables.values()))
    assert "tombstone" not in after.tables


def test_what_the_weekly_night_itself_changed_is_found_as_after_any_other(hamlet, tmp_path):
    nights = Nights(tmp_path, hamlet)
    three_nights(nights)
    for event in EVENTS:
        hamlet.happens(event)
    hamlet.day = nights.first + timedelta(days=7)
    before, after = nights.weekly(hamlet.tonight(ALL, 20), 7)
    touched = night_touched.of_night(nights.kept, before)
    assert touched.height
    assert_frame_equal(night_touched.of_night(nights.kept, after), touched)


def test_nights_after_the_fold_say_what_they_would_say_without_it(hamlet, tmp_path):
    nights = Nights(tmp_path, hamlet)
    three_nights(nights)
    before, after = nights.weekly([], PAST)
    for event in EVENTS:
        hamlet.happens(event)
    hamlet.day = nights.first + timedelta(days=PAST + 1)
    tonight = hamlet.tonight(ALL, 20)
    plain = nights.run(tonight, PAST + 1, parent=before)[0]
    folded = nights.run(tonight, PAST + 1, parent=after)[0]
    assert folded.counts == plain.counts
    assert folded.causes == plain.causes
    for name in night_weekly.COMPARED:
        assert night_weekly.same(nights.kept, plain.snapshot, folded.snapshot, name), name
    nights.snapshots.append(folded.snapshot)
    nights.weekly([], PAST + 8)


def ended_rows(kept: Store, snapshot: Snapshot, name: str) -> pl.DataFrame:
    """Rows as delivered that are held no more."""
    frames = [kept.get(ref) for ref in snapshot.refs(name)]
    table = table_of(name, {column: kind for frame in frames for column, kind in frame.schema.items()})
    return archive.intervals(table, frames).filter(pl.col("known_to") <= snapshot.known_at)


def every_byte(kept: Store) -> bytes:
    """Every object there is, opened and without compression."""
    found = []
    for path in sorted(kept.folder.glob("snapshots/*.json")):
        for refs in kept.get_snapshot(path.stem).tables.values():
            found += [kept.get(ref).write_csv().encode() for ref in refs]
    return b"".join(found)


def left(nights: Nights) -> tuple[int, int]:
    """Two people whose dwelling rows end on the second night, under names that only those rows have: their records."""
    hamlet = nights.hamlet
    one, other = hamlet.people[0], hamlet.people[1]
    one.typed, other.typed = "Gonequick", "Stillhere"
    nights.night(hamlet.tonight(ALL, 1), 0)
    one.typed = other.typed = ""
    hamlet.day = nights.first + timedelta(days=1)
    second = nights.night(hamlet.tonight(("dwelling",), 4), 1)
    rows = ended_rows(nights.kept, second, "row.dwelling")
    names = dict(rows.select("first_name", "record").iter_rows())
    return names["Gonequick"], names["Stillhere"]


def test_a_row_as_delivered_is_in_no_byte_ninety_one_days_after_it_ended_but_of_an_open_matter(hamlet, tmp_path):
    nights = Nights(tmp_path, hamlet)
    gone, stays = left(nights)
    assert gone != stays
    nights.weekly([], 1 + 90)
    assert b"Gonequick" in every_byte(nights.kept)  # ninety days are not over ninety
    _, after = nights.weekly([], 1 + 91, keep_rows=[stays])
    last = nights.night([], 1 + 92)
    nights.kept.sweep([after.digest, last.digest])
    rows = ended_rows(nights.kept, last, "row.dwelling")
    assert stays in rows["record"].to_list()
    assert b"Gonequick" not in every_byte(nights.kept)
    assert b"Stillhere" in every_byte(nights.kept)


def bad(hamlet: Hamlet, number: int):
    for place, one in enumerate(hamlet.people):
        one.housing = "College" if place % 2 else "Carceral"
        one.here = place % 10 != 0
    return hamlet.tonight(("dwelling",), number)


def test_a_delivery_is_recalled_after_a_fold_as_before_it(hamlet, tmp_path):
    nights = Nights(tmp_path, hamlet)
    first = nights.night(hamlet.tonight(ALL, 1), 0)
    hamlet.day += timedelta(days=1)
    nights.night(bad(hamlet, 4), 1)
    nights.weekly([], 60)
    without = nights.run([], 61, parent=first)[0].snapshot
    back = nights.night([], 61, recalled=frozenset({4}))
    for name, frame in views(nights.kept, without).items():
        assert_frame_equal(views(nights.kept, back)[name], frame), name


def test_where_the_rows_it_had_ended_are_gone_the_silence_of_the_source_is_read_by_nobody(hamlet, tmp_path):
    nights = Nights(tmp_path, hamlet)
    nights.night(hamlet.tonight(ALL, 1), 0)
    hamlet.day += timedelta(days=1)
    nights.night(bad(hamlet, 4), 1)
    nights.weekly([], PAST)
    back = nights.night([], PAST + 1, recalled=frozenset({4}))
    lines = archive.held(nights.kept, back, "delivery")
    assert lines.filter(pl.col("source") == "dwelling").select("delivery", "full").rows() == [(2, False)]
    assert 4 not in archive.held(nights.kept, back, "row.dwelling")["delivery"].to_list()
    nights.weekly([], PAST + 2, recalled=frozenset({4}))


def test_what_is_over_for_longer_than_its_limit_goes_and_no_later_night_brings_it_back(hamlet, tmp_path):
    declared = sources()
    declared["pay"] = replace(declared["pay"], facts=tuple(replace(one, kept_days=30) for one in declared["pay"].facts))
    nights = Nights(tmp_path, hamlet, sources=declared)
    first = nights.night(hamlet.tonight(ALL, 1), 0)
    given = archive.held(nights.kept, first, "fact").filter(pl.col("delivery") == 3)
    over, lasting = given.filter(pl.col("valid_to") < NEVER), given.filter(pl.col("valid_to") == NEVER)
    (person,) = over["person"].to_list()

    def held(snapshot: Snapshot) -> list[int]:
        rows = archive.held(nights.kept, snapshot, "fact").filter(pl.col("delivery") == 3)
        return sorted(rows["attribute"].to_list())

    both = sorted(given["attribute"].to_list())
    _, kept = nights.weekly([], 530, keep=[person])
    assert held(kept) == both
    before, gone = nights.weekly([], 537)
    assert (held(before), held(gone)) == (both, lasting["attribute"].to_list())
    stones = archive.held(nights.kept, gone, "tombstone")
    assert (
        stones.select("person", "attribute", "delivery").rows() == over.select("person", "attribute", "delivery").rows()
    )
    before, after = nights.weekly([], 544)  # everybody is found anew from rows that still say it
    assert held(before) == held(after) == lasting["attribute"].to_list()
