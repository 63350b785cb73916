"""The rows of everybody, a bucket of people at a time: the same as `person` reads one by one, each table read once.

For what goes through a whole roll in memory that a bucket fits in. Whoever was merged into somebody else, or has such
numbers, is not put together here: `person.read` does that.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from musterroll.engine.roll import archive
from musterroll.engine.roll.person import Particular, fact_of, link_of, member_of, particular_of, spell_of
from musterroll.engine.roll.snapshot import Snapshot
from musterroll.engine.roll.store import Store
from musterroll.engine.roll.table import TABLES
from musterroll.fact.timeline import PersonFacts

type Rows = Mapping[int, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class OnePerson:
    """What is held of a person: facts (`person.read`), particulars, and the changes of standing as they lie."""

    facts: PersonFacts
    particulars: tuple[Particular, ...]
    changes: list[dict[str, Any]]


def people(store: Store, snapshot: Snapshot, wanted: Collection[int]) -> Iterator[tuple[int, OnePerson]]:
    """These people by their numbers, bucket by bucket."""
    seen, member = _whole(store, snapshot, "seen"), _whole(store, snapshot, "member")
    for bucket in range(snapshot.buckets):
        here = sorted(person for person in wanted if person % snapshot.buckets == bucket)
        if here:
            yield from _bucket(store, snapshot, bucket, here, seen.select("record", "source"), member)


def _bucket(
    store: Store, snapshot: Snapshot, bucket: int, here: list[int], seen: pl.DataFrame, member: pl.DataFrame
) -> Iterator[tuple[int, OnePerson]]:
    only = pl.col("person").is_in(here)
    frames = {
        name: archive.held_bucket(store, snapshot, name, bucket, only=only)
        for name in ("fact", "spell", "link", "particular", "group_of")
    }
    links = frames["link"].drop("source").join(seen, on="record", how="left", maintain_order="left")
    groups = frames["group_of"].select(pl.col("person").alias("$of"), "group")
    places = groups.join(member, on="group").sort("$of", *TABLES["member"].key, nulls_last=False)
    facts, spells, linked, particulars = (
        _by_person(frame) for frame in (frames["fact"], frames["spell"], links, frames["particular"])
    )
    members = _by_person(places, "$of")
    changes = [
        frame.filter(only) for frame in store.get_bucket(snapshot.refs("standing_change"), bucket, snapshot.buckets)
    ]
    changed = _by_person(pl.concat(changes, how="diagonal")) if changes else {}
    for person in here:
        own = PersonFacts(
            person=person,
            facts=tuple(fact_of(row) for row in facts.get(person, ())),
            spells=tuple(spell_of(row) for row in spells.get(person, ())),
            members=tuple(member_of(row, {person}, person) for row in members.get(person, ())),
            links=tuple(link_of(row, row["source"] or "") for row in linked.get(person, ())),
        )
        yield person, OnePerson(own, tuple(map(particular_of, particulars.get(person, ()))), changed.get(person, []))


def _whole(store: Store, snapshot: Snapshot, name: str) -> pl.DataFrame:
    frames = [archive.held_bucket(store, snapshot, name, bucket) for bucket in range(snapshot.buckets)]
    return pl.concat(frames)


def _by_person(frame: pl.DataFrame, column: str = "person") -> Rows:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[column], []).append(row)
    return found
