"""S4: same facts as known then, same law, same answer, bit for bit, after later nights and another way of storing."""

import pytest
from tests.conftest import Demo
from tests.rolled import Rolled

from musterroll.engine import standings
from musterroll.engine.fact_polars import flatten
from musterroll.engine.roll import Snapshot, Store, Through, archive, content
from musterroll.engine.roll.table import TABLES
from musterroll.engine.roll.write import ordered

pytestmark = pytest.mark.demo

ARCHIVE = ("fact", "spell", "member", "link", "delivery", "alias")


def answers(rolled: Rolled, snapshot: Snapshot, then: Snapshot) -> tuple[str, str]:
    """Content of the flat facts and of the standings, made again from `snapshot` as of the time of `then`."""
    tables = rolled.tables(snapshot, then.known_at)
    flat = flatten(tables, rolled.pack, then.on, then.known_at, rolled.sources)
    standing = standings.decide(rolled.pack, flat, then.on)
    return content(flat.sure), content(ordered(TABLES["standing"], standing))


@pytest.fixture
def rolled(demo: Demo) -> Rolled:
    return Rolled(demo.folder)


def test_a_decision_replays_from_the_roll_of_a_later_night(rolled: Rolled):
    first, second = rolled.snapshots
    told = [ref.content for name in ("flat", "standing") for ref in first.refs(name)]
    assert list(answers(rolled, first, first)) == told
    assert list(answers(rolled, second, first)) == told
    assert list(answers(rolled, second, second)) != told


def test_a_decision_replays_after_the_nights_were_folded(rolled: Rolled, tmp_path):
    first, second = rolled.snapshots
    for path in (rolled.folder / "roll").rglob("*.parquet"):
        target = tmp_path / path.relative_to(rolled.folder / "roll")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(path)
    store = Store(tmp_path, rolled.store._key)
    tables = {**second.tables, **{name: archive.fold(store, second, name) for name in ARCHIVE}}
    folded = Snapshot(second.digest, 1, Through("log", 0), second.packs, second.on, second.known_at, tables)
    again = Rolled(rolled.folder)
    again.__dict__.update(store=store, snapshots=(folded,))
    assert answers(again, folded, first) == answers(rolled, second, first)
    assert answers(again, folded, second) == answers(rolled, second, second)


def test_what_a_snapshot_says_of_an_objects_rows_is_what_they_are(rolled: Rolled):
    for snapshot in rolled.snapshots:
        for refs in snapshot.tables.values():
            for ref in refs:
                frame = rolled.store.get(ref)
                assert (content(frame), frame.height) == (ref.content, ref.rows), ref.table
