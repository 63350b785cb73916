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

import polars as pl

from musterroll.dates import NEVER
from musterroll.engine.fact_derive import derived, until
from musterroll.engine.fact_sets import as_sets, common_set, held_set, wider_set
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE
from musterroll.extract.schema import Source
from musterroll.fact import coverage
from musterroll.fact.attribute import Attribute, State, ValueType
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
        names = dict(self.aliases.select("person", "into").iter_rows())
        ends = {person: _end(person, names) for person in names}

        def under(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.with_columns(pl.col("person").replace(list(ends), list(ends.values())))

        return FactTables(
            under(self.facts),
            under(self.spells),
            under(self.members),
            under(self.links),
            self.seen,
            self.deliveries,
            self.aliases.clear(),
        )


def _end(person: int, names: Mapping[int, int]) -> int:
    while person in names:
        person = names[person]
    return person


@dataclass(frozen=True, slots=True)
class Flat:
    """`sure` holds everybody, `wide` those whom a possible link concerns."""

    sure: pl.DataFrame
    wide: pl.DataFrame


def coverages(sources: Mapping[str, Source], deliveries: pl.DataFrame, pack: Lawful) -> dict[str, Coverage]:
    """What each source covers with its last delivery, and the register itself for what only it decides."""
    taken = [Delivery(*row) for row in deliveries.select("delivery", "source", "as_of", "full").iter_rows()]
    agencies = coverage.on_day((coverage.of(one) for one in sources.values()), taken)
    own = coverage.register_coverage(pack.attributes, agencies, (one.name for one in pack.derivations))
    return {**agencies, coverage.REGISTER: own}


def flatten(tables: FactTables, pack: Lawful, on: int, known_at: int, sources: Mapping[str, Source]) -> Flat:
    """The flat facts of everybody on the day `on`, as known at `known_at` (microseconds).

    `tables` are as held at that time or later (`archive.held`); rows learnt after `known_at` are left out.
    """
    held = tables.known_at(known_at).resolved()
    covered = coverages(sources, held.deliveries, pack)
    people = held.links.select("person").unique().sort("person")
    near = _links_by_source(held)
    facts = _valid(held, covered, on)
    derivations = {one.name: one for one in pack.derivations}
    concerned = pl.concat(
        [
            held.links.filter(pl.col("judgement") == POSSIBLE).select("person"),
            held.members.filter((pl.col("link") == POSSIBLE) & pl.col("person").is_not_null()).select("person"),
        ]
    ).unique()
    sure, wide = people, people.join(concerned, on="person", how="semi", maintain_order="left")
    few = held.of(wide)
    their_facts, their_links = (frame.join(wide, on="person", how="semi") for frame in (facts, near))
    for attribute in pack.attributes.values():
        derivation = derivations.get(attribute.name)
        value = _settled(attribute, derivation, facts, held, near, covered, on, wide=False)
        sure = _with(sure, value, attribute)
        value = _settled(attribute, derivation, their_facts, few, their_links, covered, on, wide=True)
        wide = _with(wide, value, attribute)
    changes = _changes(held, pack, on)
    return Flat(_ended(sure, changes), _ended(wide, changes))


def _ended(flat: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    return flat.join(changes, on="person", how="left", maintain_order="left").with_columns(
        pl.col("changes_on").fill_null(NEVER)
    )


def _links_by_source(tables: FactTables) -> pl.DataFrame:
    """A row a person and agency: `own` = a confirmed link to its record of him, `any` = or to one that names him."""
    named = tables.links.join(tables.seen.select("record", "source"), on="record")
    return (
        named.with_columns(pl.col("source").str.split("#").list.first().alias("agency"))
        .group_by("person", "agency")
        .agg(
            ((pl.col("judgement") == CONFIRMED) & (pl.col("source") == pl.col("agency"))).any().alias("own"),
            (pl.col("judgement") == CONFIRMED).any().alias("any"),
        )
    )


def _valid(tables: FactTables, covered: Mapping[str, Coverage], on: int) -> pl.DataFrame:
    """The facts valid on the day, each with its source (a number, the register's own 0) and whether that is fresh."""
    fresh = [name for name, one in covered.items() if one.fresh(on)]
    source = pl.col("source")
    known = tables.deliveries.select(
        "delivery",
        pl.when(source != coverage.REGISTER).then(source.rank("dense")).otherwise(0).cast(pl.Int32).alias("_source"),
        (source.is_in(fresh) | ~source.is_in(list(covered))).alias("fresh"),
    ).rename({"_source": "source"})
    return (
        tables.facts.filter((pl.col("valid_from") <= on) & (pl.col("valid_to") > on))
        .join(known, on="delivery", how="left")
        .with_columns(pl.col("source").fill_null(0), pl.col("fresh").fill_null(True))
        .select("person", "attribute", "lo", "hi", "link", "source", "fresh")
    )


def _settled(
    attribute: Attribute,
    derivation: Derivation | None,
    facts: pl.DataFrame,
    tables: FactTables,
    near: pl.DataFrame,
    covered: Mapping[str, Coverage],
    on: int,
    *,
    wide: bool,
) -> pl.DataFrame:
    """person, lo, hi, state of one attribute: `conflict.settled`, `doubted`, `stale`, silence and `widened` in turn.

    Of an enumeration that is held as a set, `lo` and `hi` are both the set, a bit a value.
    """
    said = facts.filter(pl.col("attribute") == attribute.number)
    if derivation is not None:
        rows = _roster_rows(derivation, tables, near, covered, on, wide=wide)
        said = pl.concat(
            [said, rows.with_columns(pl.lit(attribute.number, pl.Int16).alias("attribute")).select(said.columns)]
        )
    said = as_sets(said) if attribute.sets else said
    confirmed = said.filter(pl.col("link") == CONFIRMED)
    value = _common(attribute, confirmed.filter("fresh"))
    value = _wider(attribute, value, confirmed.filter(~pl.col("fresh")), State.STALE, but=attribute.favoured)
    old = (
        confirmed.select("person")
        .unique()
        .join(value, on="person", how="anti")
        .select(
            "person",
            pl.lit(None, value.schema["lo"]).alias("lo"),
            pl.lit(None, value.schema["lo"]).alias("hi"),
            pl.lit(State.STALE, pl.UInt8).alias("state"),
        )
    )
    silent = _silence(attribute, tables, near, covered, on).join(
        confirmed.select("person").unique(), on="person", how="anti"
    )
    value = pl.concat([value, old, as_sets(silent) if attribute.sets else silent])
    return _wider(attribute, value, said.filter(pl.col("link") == POSSIBLE), State.POSSIBLE) if wide else value


def _common(attribute: Attribute, said: pl.DataFrame) -> pl.DataFrame:
    """What all confirmed statements have in common, else their hull; the favoured value where one says it."""
    if attribute.sets:
        return common_set(attribute, said)
    favoured = pl.lit(attribute.favoured, pl.Int32)
    chosen, against = pl.lit(False).alias("_favoured"), pl.lit(False).alias("_contrary")
    if attribute.favoured is not None:
        chosen = ((pl.col("lo") == favoured) & (pl.col("hi") == favoured)).any().alias("_favoured")
        against = ((pl.col("lo") > favoured) | (pl.col("hi") < favoured)).any().alias("_contrary")
    value = said.group_by("person").agg(
        pl.col("lo").max().alias("_lo_in"),
        pl.col("hi").min().alias("_hi_in"),
        pl.col("lo").min().alias("_lo_out"),
        pl.col("hi").max().alias("_hi_out"),
        (pl.col("source").min() < pl.col("source").max()).alias("_several"),
        chosen,
        against,
    )
    firm = pl.when("_several").then(int(State.AGREED)).otherwise(int(State.SINGLE))
    together = pl.col("_lo_in") <= pl.col("_hi_in")

    def pick(inner: str, outer: str) -> pl.Expr:
        return (
            pl.when("_favoured")
            .then(favoured)
            .when(together)
            .then(pl.col(inner))
            .otherwise(pl.col(outer))
            .cast(pl.Int32)
        )

    contrary = pl.when("_favoured").then("_contrary").otherwise(~together)
    held = value.select(
        "person",
        pick("_lo_in", "_lo_out").alias("lo"),
        pick("_hi_in", "_hi_out").alias("hi"),
        pl.when(contrary).then(int(State.CONFLICT)).otherwise(firm).cast(pl.UInt8).alias("state"),
    )
    return _exact_or_none(attribute, held)


def _silent_people(one: Coverage, near: pl.DataFrame, tables: FactTables, on: int) -> pl.DataFrame:
    """The people of whom the source's silence speaks: `Coverage.silent` for everybody."""
    people = tables.links.select("person").unique()
    whole = one.freshness_days is None or (one.last is not None and one.last.full)
    if not (whole and one.fresh(on)):
        return people.clear()
    here = near.filter(pl.col("agency") == one.source)
    match one.silence.value:
        case "everybody":
            return here.filter("own").select("person")
        case "those concerned":
            return people.join(here.filter("any"), on="person", how="anti")
        case _:
            return people.clear()


def _silence(
    attribute: Attribute, tables: FactTables, near: pl.DataFrame, covered: Mapping[str, Coverage], on: int
) -> pl.DataFrame:
    empty = pl.DataFrame(schema={"person": pl.Int64, "lo": pl.Int32, "hi": pl.Int32, "state": pl.UInt8})
    if not attribute.neutral:
        return empty
    neutral = attribute.value_of(attribute.neutral)
    spoken = [_silent_people(one, near, tables, on) for one in covered.values() if attribute.name in one.attributes]
    if not spoken:
        return empty
    return (
        pl.concat(spoken)
        .group_by("person")
        .len()
        .select(
            "person",
            pl.lit(neutral, pl.Int32).alias("lo"),
            pl.lit(neutral, pl.Int32).alias("hi"),
            pl.when(pl.col("len") > 1)
            .then(int(State.AGREED))
            .otherwise(int(State.SINGLE))
            .cast(pl.UInt8)
            .alias("state"),
        )
    )


def _roster_rows(
    derivation: Derivation,
    tables: FactTables,
    near: pl.DataFrame,
    covered: Mapping[str, Coverage],
    on: int,
    *,
    wide: bool,
) -> pl.DataFrame:
    """The derived column as statements of its roster's source, its silence included."""
    columns = ["person", "lo", "hi", "link", "source", "fresh"]
    source = next((one for _, one in sorted(covered.items()) if derivation.roster in one.rosters), None)
    if source is None:
        schema = {
            "person": pl.Int64,
            "lo": pl.Int32,
            "hi": pl.Int32,
            "link": pl.UInt8,
            "source": pl.Int32,
            "fresh": pl.Boolean,
        }
        return pl.DataFrame(schema=schema)
    hulls = derived(derivation, tables.members, tables.spells, on, wide=False)
    if derivation.fewer is not None:
        silent = _silent_people(source, near, tables, on).join(hulls.drop_nulls(), on="person", how="anti")
        none = pl.lit(derivation.fewer, pl.Int32)
        hulls = pl.concat([hulls.drop_nulls(), silent.select("person", none.alias("lo"), none.alias("hi"))])
    if wide:
        reach = derived(derivation, tables.members, tables.spells, on, wide=True).drop_nulls()
        hulls = hulls.drop_nulls().update(reach, on="person")
    return (
        hulls.drop_nulls()
        .with_columns(
            pl.lit(CONFIRMED, pl.UInt8).alias("link"),
            pl.lit(FROM_A_ROSTER, pl.Int32).alias("source"),
            pl.lit(source.fresh(on)).alias("fresh"),
        )
        .select(columns)
    )


def _wider(
    attribute: Attribute, value: pl.DataFrame, more: pl.DataFrame, state: State, *, but: int | None = None
) -> pl.DataFrame:
    """The values with what more statements say beside them; a value that is exactly `but` stays as it is."""
    if attribute.sets:
        return wider_set(value, more, state, but=but)
    ends = more.group_by("person").agg(pl.col("lo").min().alias("_lo"), pl.col("hi").max().alias("_hi"))
    stays = pl.col("lo").is_null()
    if but is not None:
        stays = stays | ((pl.col("lo") == but) & (pl.col("hi") == but))
    reach = value.join(ends, on="person", how="left").with_columns(
        pl.when(stays).then("lo").otherwise(pl.min_horizontal("lo", "_lo")).alias("_lo"),
        pl.when(stays).then("hi").otherwise(pl.max_horizontal("hi", "_hi")).alias("_hi"),
    )
    moved = (pl.col("_lo") != pl.col("lo")) | (pl.col("_hi") != pl.col("hi"))
    wider = reach.select(
        "person",
        pl.col("_lo").alias("lo"),
        pl.col("_hi").alias("hi"),
        pl.when(moved).then(pl.lit(state, pl.UInt8)).otherwise("state").alias("state"),
    )
    return _exact_or_none(attribute, wider)


def _exact_or_none(attribute: Attribute, value: pl.DataFrame) -> pl.DataFrame:
    """Yes or no and long enumerations are known exactly or not at all."""
    if attribute.type in (ValueType.DATE, ValueType.INT):
        return value
    exact = pl.col("lo") == pl.col("hi")
    return value.with_columns(pl.when(exact).then("lo").alias("lo"), pl.when(exact).then("hi").alias("hi"))


def _with(flat: pl.DataFrame, value: pl.DataFrame, attribute: Attribute) -> pl.DataFrame:
    """The flat frame with the attribute's columns; whoever has no value is unknown."""
    name = attribute.name
    joined = flat.join(value, on="person", how="left", maintain_order="left")
    state = pl.col("state").fill_null(int(State.UNKNOWN)).cast(pl.UInt8).alias(f"{name}_state")
    if attribute.type in (ValueType.DATE, ValueType.INT):
        return joined.with_columns(pl.col("lo").alias(f"{name}_lo"), pl.col("hi").alias(f"{name}_hi"), state).drop(
            "lo", "hi", "state"
        )
    held = held_set(name) if attribute.sets else (pl.col("lo").cast(pl.UInt8).alias(name),)
    return joined.with_columns(*held, state).drop("lo", "hi", "state")


def _changes(tables: FactTables, pack: Lawful, on: int) -> pl.DataFrame:
    """For each person the first day after `on` on which a fact begins or ceases, or a spell in use is over."""
    days = [
        tables.facts.select("person", pl.col(end).alias("day")).filter(pl.col("day").is_between(on + 1, NEVER - 1))
        for end in ("valid_from", "valid_to")
    ]
    days += [until(one, tables.spells, on) for one in pack.derivations]
    return pl.concat(days).group_by("person").agg(pl.col("day").min().alias("changes_on"))
