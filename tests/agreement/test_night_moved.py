"""A night that goes by the links that moved leaves, byte for byte, what one that goes over everybody's links leaves."""

import os
import random
from pathlib import Path

import polars as pl
import pytest
from tests.nights import EVENTS, Hamlet, store, terms

from musterroll.engine import night, night_moved
from musterroll.engine.linkage_splink import HUMAN
from musterroll.engine.night import Night
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.engine.roll.erase import erase
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, REFUTED
from musterroll.register.judgements import ALIASES, RECORDS

pytestmark = pytest.mark.timeout(1500)
SEEDS = [(int(seed), 1 + int(seed) % 4) for seed in os.environ.get("MOVED_SEEDS", "3 4").split()]
"""Seeds of villages, and the buckets of their rolls."""


class Village:
    """A hamlet in which officers and people judge, merge, split and are erased, at random."""

    def __init__(self, seed: int, folder: Path, buckets: int) -> None:
        self.store, self.hamlet, self.buckets = store(folder), Hamlet(seed, folder), buckets
        self.hamlet.people[0].serves = True
        self.chance = random.Random(seed)
        self.parent: Snapshot | None = None
        self.human = pl.DataFrame(schema=HUMAN)
        self.aliases = pl.DataFrame(schema=ALIASES)
        self.founded = pl.DataFrame(schema=RECORDS)
        self.erased: list[int] = []
        self.highest = 0

    def held(self, table: str) -> pl.DataFrame:
        assert self.parent is not None
        found = archive.held(self.store, self.parent, table)
        assert found is not None
        return found

    def judged(self) -> None:
        """An officer or the person says of a link, or of a pair without one, what it is; or takes a word back."""
        links = self.held("link")
        people, records = sorted(set(links["person"])), sorted(set(links["record"]))
        pair = links.filter(pl.col("by") != "founding").sample(1, seed=self.chance.randint(0, 999)).row(0, named=True)
        if self.chance.random() < 0.3:
            pair = {"person": self.chance.choice(people), "record": self.chance.choice(records)}
        verdict, by = self.chance.choice((CONFIRMED, POSSIBLE, REFUTED)), self.chance.choice(("officer", "person"))
        row = pl.DataFrame([(pair["person"], pair["record"], verdict, by, 1)], schema=HUMAN, orient="row")
        others = self.human.join(row, on=["person", "record"], how="anti")
        self.human = others if self.chance.random() < 0.2 else pl.concat([others, row])

    def merged(self) -> None:
        """Two become one, or who was merged is parted."""
        if self.aliases.height:
            self.aliases = self.aliases.clear()
            return
        one, other = self.chance.sample(sorted(set(self.held("link")["person"])), 2)
        self.aliases = pl.DataFrame([(one, other)], schema=ALIASES, orient="row")

    def split(self) -> None:
        """A dwelling record founds a person, or does no more."""
        links = self.held("link").filter(pl.col("source") == "dwelling")
        record = self.chance.choice(sorted(set(links["record"])))
        self.founded = self.founded.clear() if self.founded.height else pl.DataFrame({"record": [record]})

    def erases(self) -> None:
        links = self.held("link")
        person = self.chance.choice(sorted(set(links["person"]) - set(self.human["person"])))
        theirs = links.filter((pl.col("person") == person) & (pl.col("judgement") == CONFIRMED))
        self.highest = max(self.highest, links["person"].max())
        self.erased += theirs["record"].to_list()
        assert self.parent is not None
        self.parent = erase(self.store, self.parent, persons=[person], records=theirs["record"].to_list()).snapshot

    def happens(self, act: str) -> None:
        if self.parent is not None:
            getattr(self, act)()

    def night(self, number: int, tonight: list, **more: object) -> Night:
        said = {"human": self.human, "aliases": self.aliases, "founded": self.founded}
        gone = {"erased": tuple(self.erased), "highest_erased": self.highest}
        on = terms(self.hamlet.day, number, self.buckets, **said, **gone, **more)
        return night.run(self.store, self.parent, tonight, on)


def same(kept: Store, one: Snapshot, other: Snapshot) -> list[str]:
    return [name for name in {*one.tables, *other.tables} if one.refs(name) != other.refs(name)]


@pytest.mark.parametrize(("seed", "buckets"), SEEDS)
def test_whichever_way_a_night_goes_its_snapshot_is_the_same(tmp_path, monkeypatch, seed, buckets):
    village = Village(seed, tmp_path, buckets)
    chance, ways = random.Random(seed), []
    enough = night_moved.enough
    for number, tonight in enumerate(village.hamlet.days([chance.sample(EVENTS, 3) for _ in range(5)])):
        for act in chance.sample(("judged", "judged", "merged", "split", "erases"), 2):
            village.happens(act)
        monkeypatch.setattr(night_moved, "enough", lambda asked: ways.append(enough(asked)) or enough(asked))
        moved = village.night(number, tonight)
        monkeypatch.setattr(night_moved, "enough", lambda _: False)
        whole = village.night(number, tonight)
        assert same(village.store, moved.snapshot, whole.snapshot) == []
        assert (moved.links, moved.counts, moved.founded) == (whole.links, whole.counts, whole.founded)
        assert list(moved.links) == list(whole.links)
        village.parent = moved.snapshot
    assert any(ways), "no night went by what moved: nothing was compared"
