"""`flat`: one row a person, one column (or two ends) an attribute of the pack, for everybody at once (data-model 5).

The reference is `fact.derive.held_of`; where the two differ, this is wrong (tests/agreement). `sure` takes confirmed
links only; `wide` is the second evaluation of those whom possible links concern: its values are never narrower, and
its answer counts only where the first one was callable (charter S1).

Columns of both: `person`; for a date or number `a_lo`, `a_hi`; for a yes or no or an enumeration `a` (null = unknown or
several); for an enumeration `a_among`, a bit for each of several values that it may have (null = `a`, or unknown); for
each `a_state` (`fact.attribute.State`); `changes_on`, the first day after `on` on which a fact begins or
ceases to be true (NEVER = none): no next change date may be later.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from musterroll.dates import NEVER
from musterroll.engine.fact_derive import derived, until
from musterroll.engine.fact_settle import Array, Said, columns, settle
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE
from musterroll.extract.schema import Silence, Source
from musterroll.fact import coverage
from musterroll.fact.attribute import Attribute
from musterroll.fact.coverage import Coverage, Delivery
from musterroll.fact.derivation import Derivation
from musterroll.fact.derive import Lawful

FROM_A_ROSTER = -1
"""Stands for the roster's source among the sources of an attribute."""


@dataclass(frozen=True, slots=True)
class FactTables:
    """What `flatten` reads, as held at one time: the archive tables and the view `seen` (record -> source)."""

    facts: pl.DataFrame
    spells: pl.DataFrame
    members: pl.DataFrame
    links: pl.DataFrame
    seen: pl.DataFrame
    deliveries: pl.DataFrame
    aliases: pl.DataFrame

    def of(self, people: pl.DataFrame) -> "FactTables":
        """The rows of some people (column `person`), and all members of their groups."""

        def theirs(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.join(people.select("person"), on="person", how="semi")

        groups = theirs(self.members).select("group").unique()
        return FactTables(
            theirs(self.facts),
            theirs(self.spells),
            self.members.join(groups, on="group", how="semi"),
            theirs(self.links),
            self.seen,
            self.deliveries,
            self.aliases,
        )

    def known_at(self, known_at: int) -> "FactTables":
        """The same without what was learnt later, in those tables that carry `known_from`."""

        def learnt(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.filter(pl.col("known_from") <= known_at) if "known_from" in frame.columns else frame

        return FactTables(
            learnt(self.facts),
            learnt(self.spells),
            learnt(self.members),
            learnt(self.links),
            self.seen,
            learnt(self.deliveries),
            learnt(self.aliases),
        )

    def resolved(self) -> "FactTables":
        """The same with aliases followed: every row under the number that its person goes by now."""
        if self.aliases.is_empty():
            return self
        end = ends(self.aliases)

        def under(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.with_columns(pl.col("person").replace(end))

        return FactTables(
            under(self.facts),
            under(self.spells),
            under(self.members),
            under(self.links),
            self.seen,
            self.deliveries,
            self.aliases.clear(),
        )


def ends(aliases: pl.DataFrame) -> dict[int, int]:
    """Under which number whoever was merged goes by in the end: `person` and `into` followed."""
    names = dict(aliases.select("person", "into").iter_rows())
    return {person: _end(person, names) for person in names}


def _end(person: int, names: Mapping[int, int]) -> int:
    while person in names:
        person = names[person]
    return person


@dataclass(frozen=True, slots=True)
class Flat:
    """`sure` holds everybody, `wide` those whom a possible link or a merely possible statement concerns."""

    sure: pl.DataFrame
    wide: pl.DataFrame


def coverages(sources: Mapping[str, Source], deliveries: pl.DataFrame, pack: Lawful) -> dict[str, Coverage]:
    """What each source covers with its last delivery, and the register itself for what only it decides."""
    taken = [Delivery(*row) for row in deliveries.select("delivery", "source", "as_of", "full").iter_rows()]
    agencies = coverage.on_day((coverage.of(one) for one in sources.values()), taken)
    own = coverage.register_coverage(pack.attributes, agencies, (one.name for one in pack.derivations))
    return {**agencies, coverage.REGISTER: own}


def flatten(
    tables: FactTables,
    pack: Lawful,
    on: int,
    known_at: int,
    sources: Mapping[str, Source],
    *,
    people: pl.Series | None = None,
) -> Flat:
    """The flat facts of everybody on the day `on`, as known at `known_at` (microseconds).

    `tables` are as held at that time or later (`archive.held`); rows learnt after `known_at` are left out. `people` are
    those who are asked about, where that is not everybody who has a link; the tables hold all rows of theirs, and of
    the groups they are in.
    """
    held = tables.known_at(known_at).resolved()
    covered = coverages(sources, held.deliveries, pack)
    everybody = held.links["person"].unique().sort()
    if people is not None:
        everybody = everybody.filter(everybody.is_in(people.implode()))
    facts = _Facts.read(held, covered, on)
    concerned = pl.concat(
        [
            held.links.filter(pl.col("judgement") == POSSIBLE)["person"],
            # What a record says of which a row lies set aside, or a recalled delivery, is possible on any link.
            held.facts.filter(pl.col("link") == POSSIBLE)["person"],
            held.members.filter((pl.col("link") == POSSIBLE) & pl.col("person").is_not_null())["person"],
        ]
    ).unique()
    few = everybody.filter(everybody.is_in(concerned.implode()))
    changes = _changes(held, pack, on)
    sure = _evaluated(facts, held, pack, covered, on, everybody, changes, wide=False)
    theirs = held.of(few.to_frame("person"))
    return Flat(sure, _evaluated(facts, theirs, pack, covered, on, few, changes, wide=True))


def _evaluated(
    facts: "_Facts",
    tables: FactTables,
    pack: Lawful,
    covered: Mapping[str, Coverage],
    on: int,
    people: pl.Series,
    changes: pl.DataFrame,
    *,
    wide: bool,
) -> pl.DataFrame:
    """One of the two evaluations of `people` (sorted)."""
    numbers = people.to_numpy()
    said = facts.of(numbers)
    near = _Near.of(tables, covered, numbers)
    derivations = {one.name: one for one in pack.derivations}
    made = [people.alias("person")]
    for attribute in pack.attributes.values():
        derivation = derivations.get(attribute.name)
        mine = said.about(attribute.number)
        if derivation is not None:
            mine = mine.beside(_roster_said(derivation, tables, near, covered, on, people, wide=wide))
        silent = near.silences(attribute, on)
        made += columns(attribute, settle(attribute, mine, silent, numbers.size, wide=wide))
    return (
        pl.DataFrame(made)
        .join(changes, on="person", how="left", maintain_order="left")
        .with_columns(pl.col("changes_on").fill_null(NEVER))
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts valid on the day: whose, about what, and what each says, in order of attribute and person."""

    person: Array
    attribute: Array
    said: Said

    @classmethod
    def read(cls, tables: FactTables, covered: Mapping[str, Coverage], on: int) -> "_Facts":
        """From the archive table: each with its source (a number, the register's own 0) and whether that is fresh."""
        valid = tables.facts.lazy().filter((pl.col("valid_from") <= on) & (pl.col("valid_to") > on))
        ordered = valid.select("person", "attribute", "lo", "hi", "link", "delivery").collect()
        if not ordered["person"].is_sorted():
            ordered = ordered.sort("person")
        source, fresh = _sources(tables.deliveries, covered, on, ordered["delivery"].to_numpy())
        attribute = ordered["attribute"].to_numpy()
        order = np.argsort(attribute, kind="stable")
        person = ordered["person"].to_numpy()[order]
        said = Said(
            person,
            ordered["lo"].to_numpy()[order].astype(np.int64),
            ordered["hi"].to_numpy()[order].astype(np.int64),
            ordered["link"].to_numpy()[order],
            source[order],
            fresh[order],
        )
        return cls(person, attribute[order], said)

    def of(self, people: Array) -> "_Facts":
        """The facts of `people` (sorted), by place."""
        place, known = places(people, self.person)
        said = Said(place, *(getattr(self.said, name) for name in ("lo", "hi", "link", "source", "fresh")))
        return _Facts(self.person[known], self.attribute[known], said.where(known))

    def about(self, attribute: int) -> Said:
        """The statements about one attribute."""
        begin, end = np.searchsorted(self.attribute, [attribute, attribute + 1])
        return self.said.between(int(begin), int(end))


def places(people: Array, wanted: Array) -> tuple[Array, Array]:
    """The place of each of `wanted` among `people` (sorted), and whether it is there."""
    if not people.size:
        return np.zeros(wanted.size, np.int64), np.zeros(wanted.size, bool)
    place = np.searchsorted(people, wanted)
    place[place == people.size] = 0
    return place, people[place] == wanted


def _sources(deliveries: pl.DataFrame, covered: Mapping[str, Coverage], on: int, of: Array) -> tuple[Array, Array]:
    """For each delivery number of `of` its source, as a number (the register's own is 0), and whether it is fresh."""
    known = deliveries.select("delivery", "source").sort("delivery")
    names = sorted({name for name in known["source"] if name != coverage.REGISTER})
    number = {name: place for place, name in enumerate(names, start=1)} | {coverage.REGISTER: 0}
    numbers = np.array([number[name] for name in known["source"]], np.int32)
    is_fresh = np.array([name not in covered or covered[name].fresh(on) for name in known["source"]], bool)
    place, there = places(known["delivery"].to_numpy(), of)
    if not numbers.size:
        return np.zeros(of.size, np.int32), np.ones(of.size, bool)
    return np.where(there, numbers[place], 0).astype(np.int32), np.where(there, is_fresh[place], True)


@dataclass(frozen=True, slots=True)
class _Near:
    """To which agencies people are linked, by place, for each of the `agencies`.

    `own`: by a confirmed link to its record of the person; `any`: by that, or by one to a record that names the person.
    """

    agencies: Mapping[str, Coverage]
    own: Mapping[str, Array]
    any: Mapping[str, Array]
    people: int

    @classmethod
    def of(cls, tables: FactTables, covered: Mapping[str, Coverage], people: Array) -> "_Near":
        """From the confirmed links."""
        confirmed = tables.links.filter(pl.col("judgement") == CONFIRMED)
        if "source" not in confirmed.columns:
            confirmed = confirmed.with_columns(pl.lit(None, pl.String).alias("source"))
        seen = tables.seen.select("record", pl.col("source").alias("$seen"))
        named = confirmed.select("person", "record", "source").join(seen, on="record", how="left")
        named = named.with_columns(pl.coalesce("source", "$seen").alias("source")).drop_nulls("source")
        by_source = {str(key[0]): part["person"] for key, part in named.group_by("source")}
        own, near = ({name: np.zeros(people.size, bool) for name in covered} for _ in range(2))
        for source, linked in by_source.items():
            agency = source.split("#")[0]
            place, there = places(people, linked.to_numpy())
            for marks in (near, own) if source == agency else (near,):
                if agency in marks:
                    marks[agency][place[there]] = True
        return cls(covered, own, near, people.size)

    def silent(self, source: str, on: int) -> Array:
        """Of whom the source's silence speaks: `Coverage.silent` for everybody."""
        one = self.agencies[source]
        whole = one.freshness_days is None or (one.last is not None and one.last.full)
        if whole and one.fresh(on):
            if one.silence is Silence.EVERYBODY:
                return self.own[source]
            if one.silence is Silence.THOSE_CONCERNED:
                return ~self.any[source]
        return np.zeros(self.people, bool)

    def silences(self, attribute: Attribute, on: int) -> Array:
        """How many sources say the attribute's neutral value by their silence, by place."""
        heard = np.zeros(self.people, np.int64)
        for name, one in self.agencies.items():
            if attribute.name in one.attributes:
                heard += self.silent(name, on)
        return heard


def _roster_said(
    derivation: Derivation,
    tables: FactTables,
    near: _Near,
    covered: Mapping[str, Coverage],
    on: int,
    people: pl.Series,
    *,
    wide: bool,
) -> Said:
    """The derived column as statements of its roster's source, its silence included."""
    numbers = people.to_numpy()
    lo, hi = np.zeros(numbers.size, np.int64), np.zeros(numbers.size, np.int64)
    held = np.zeros(numbers.size, bool)
    source = next((one for _, one in sorted(covered.items()) if derivation.roster in one.rosters), None)
    if source is not None:

        def take(hulls: pl.DataFrame, *, only: Array | None = None) -> None:
            known = hulls.drop_nulls()
            place, there = places(numbers, known["person"].to_numpy())
            if only is not None:
                there = there & only[place]
            at = place[there]
            lo[at], hi[at] = known["lo"].to_numpy()[there], known["hi"].to_numpy()[there]
            held[at] = True

        take(derived(derivation, tables.members, tables.spells, on, wide=False, people=people))
        if derivation.fewer is not None:
            silent = near.silent(source.source, on) & ~held
            lo[silent] = hi[silent] = derivation.fewer
            held |= silent
        if wide:
            reach = derived(derivation, tables.members, tables.spells, on, wide=True, people=people)
            take(reach, only=held.copy())
    place = np.flatnonzero(held)
    return Said(
        place,
        lo[place],
        hi[place],
        np.full(place.size, CONFIRMED, np.uint8),
        np.full(place.size, FROM_A_ROSTER, np.int32),
        np.full(place.size, source is not None and source.fresh(on), bool),
    )


def _changes(tables: FactTables, pack: Lawful, on: int) -> pl.DataFrame:
    """For each person the first day after `on` on which a fact begins or ceases, or a spell in use is over."""
    days = [
        tables.facts.filter(pl.col(end).is_between(on + 1, NEVER - 1)).select("person", pl.col(end).alias("day"))
        for end in ("valid_from", "valid_to")
    ]
    days += [until(one, tables.spells, on) for one in pack.derivations]
    return pl.concat(days).group_by("person").agg(pl.col("day").min().alias("changes_on"))
