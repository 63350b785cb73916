"""One night: from the rows held yesterday and tonight's deliveries to a new snapshot of the roll.

rows -> whose row -> facts -> who is in the register -> standing -> what changed. Nothing here commits: the snapshot
counts when an act of the register names it (docs/flow/register.md).

1. Linkage sees every founding record, those outside the pack's scope too, under numbers below zero that last for this
   run: without them a woman's or child's rows would attach to a man of the same family.
2. A person number is given only to whom the pack's scope certainly covers (charter S13), the next numbers of one
   counter in the order of source and key. Who has a number keeps it. Nobody else's facts or links are stored.
3. Standings are decided on the facts that are kept, so that every view is a pure function of the archive.
4. From the groups on, every step works bucket by bucket, with marks in the work folder: killed anywhere and started
   again with the same terms, a night goes on where it was and ends in the same bytes.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from musterroll import canonical, ids
from musterroll.engine import (
    fact_night,
    fact_polars,
    fact_rows,
    law_polars,
    night_buckets,
    night_people,
    night_persons,
    night_standings,
    row_night,
)
from musterroll.engine.crew import Crew
from musterroll.engine.fact_polars import FactTables
from musterroll.engine.fact_rows import Built
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_splink import HUMAN, Linked, link
from musterroll.engine.night_rows import Held, Rows
from musterroll.engine.night_work import Work
from musterroll.engine.roll import Snapshot, Store, Through, archive
from musterroll.engine.roll.table import ADD, TABLES
from musterroll.engine.row_night import Tonight
from musterroll.extract.schema import Source
from musterroll.law.pack import Pack

STEPS = ("rows", "links", "facts", "persons", "groups", "people", "members", "standings", "snapshot")
"""What a night goes through, in order; `progress` is told each as it begins."""

KEPT = ("link", "fact", "member", "particular", "spell", "alias")


@dataclass(frozen=True, slots=True)
class Secrets:
    """The keys that number records and make refs, 32 bytes each."""

    record: bytes
    ref: bytes


@dataclass(frozen=True, slots=True)
class Terms:
    """What a night is judged by. `on` is the legal day, `known` the act's time in microseconds.

    `human` are the standing judgements of officers and persons (frame HUMAN), `declared` what people and officers
    entered since the last night, as rows of the archive table `fact`. `earlier` is the law by which the parent was
    decided, where it is another one; without it a night under a new law raises ValueError. With `everybody` no view is
    patched: all are found anew. `aliases` are who was merged, and into whom; `founded` records that found a person by
    two officers' judgement; rows of `erased` records are looked at by nobody, and new numbers begin after
    `highest_erased`.
    """

    pack: Pack
    sources: Mapping[str, Source]
    model: Model
    secrets: Secrets
    on: int
    known: int
    through: Through
    buckets: int = 1
    human: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HUMAN))
    declared: pl.DataFrame = field(default_factory=lambda: TABLES["fact"].plain_schema.to_frame())
    earlier: Pack | None = None
    everybody: bool = False
    aliases: pl.DataFrame = field(default_factory=lambda: TABLES["alias"].plain_schema.to_frame())
    founded: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"record": pl.Int64}))
    erased: Collection[int] = ()
    highest_erased: int = 0


@dataclass(frozen=True, slots=True)
class Night:
    """What a night leaves. `counts` are persons by effect; `causes` why standings changed, counted.

    `moved` are the changed standings of those who were in the register before.

    `unsettled` are founding records of whom it is not established whether the law registers them: they have no number.
    """

    snapshot: Snapshot
    counts: Mapping[str, int]
    causes: Mapping[str, int]
    moved: pl.DataFrame
    links: Mapping[str, int]
    founded: int
    unsettled: pl.Series


def run(
    store: Store,
    parent: Snapshot | None,
    tonight: Sequence[Tonight],
    terms: Terms,
    *,
    progress: Callable[[str], None] = lambda _: None,
    work: Work | None = None,
    crew: Crew | None = None,
) -> Night:
    """Take in tonight's deliveries and write every object of the new snapshot, then the snapshot itself.

    `work` is where finished steps are kept; whoever gives it removes it once the snapshot is committed.
    """
    place = work or Work(store.folder / "work" / _name(parent, tonight, terms), terms.buckets)
    hands, record_key = crew or Crew(), terms.secrets.record
    progress("rows")
    before = {name: Held.read(store, parent, TABLES[name]) for name in KEPT}
    taken = row_night.take_in(
        store,
        parent,
        tonight,
        terms.sources,
        record_key=record_key,
        known=terms.known,
        buckets=terms.buckets,
        work=place,
        crew=hands,
    )
    rows = _together(taken, terms)
    progress("links")
    comparison = night_persons.compared(rows, terms.sources, record_key)
    founding = night_persons.founders(before["link"].rows, rows, terms.sources, terms.founded)
    linked = link(comparison, founding, terms.human, terms.model)
    progress("facts")
    seen = night_persons.seen(comparison, rows.deliveries)
    everybody = _build(rows, linked.links, terms)
    progress("persons")
    scope = _scope(before, everybody, linked, seen, rows, terms)
    numbers = _numbers(before, founding, scope, rows, terms)
    named = night_persons.renumbered(linked.links, numbers).join(
        seen.select("record", "source"), on="record", how="left", maintain_order="left"
    )
    links = pl.concat([named.select(before["link"].rows.columns), _absent(before["link"].rows, seen)])
    built = fact_rows.registered(everybody, numbers)
    operations = {
        **rows.operations,
        **_fact_operations(before, built, rows, links, terms),
        "alias": archive.night(TABLES["alias"], before["alias"].rows, terms.aliases, terms.known),
        "link": archive.night(TABLES["link"], before["link"].rows, links, terms.known, ignoring=["weight"]),
    }
    operations |= _views_of(operations["link"], numbers, terms)
    after = _after(store, parent, operations, {"refused_edge": linked.refused_edges}, terms)
    after = replace(after, tables={**after.tables, **taken.objects})
    snapshot = _by_bucket(_over(store, parent, after, place, terms), hands, progress)
    night = Night(
        snapshot,
        night_standings.counted(place, "counts"),
        night_standings.counted(place, "causes"),
        night_standings.moved(place),
        {**linked.stats, "refused_edges": linked.refused_edges.height, "unattached": linked.unattached.height},
        numbers.filter(pl.col("temporary") < 0).height,
        _unsettled(founding, scope),
    )
    if work is None:
        place.remove()
    return night


def _name(parent: Snapshot | None, tonight: Sequence[Tonight], terms: Terms) -> str:
    """A name for a night's work that another night does not have."""
    taken = [one.delivery for one in tonight]
    told = ["" if parent is None else parent.digest, taken, terms.pack.digest, terms.on, terms.known]
    return canonical.sha256_hex(canonical.encode(told))[:16]


def _over(store: Store, parent: Snapshot | None, after: Snapshot, work: Work, terms: Terms) -> night_buckets.Night:
    """The night over the buckets of persons, once the archive is as it stands after tonight."""
    earlier = _earlier(parent, terms)
    night = night_buckets.Night(store, parent, after, work, terms.pack, earlier, terms.sources, everybody=True)
    if parent is None or earlier is not None or terms.everybody:
        return night
    taken = archive.held_bucket(store, parent, "delivery", 0)
    days = (parent.on, after.on)
    moved = night_buckets.coverage_moved(terms.sources, taken, night.deliveries, terms.pack, days)
    return replace(night, everybody=moved)


def _by_bucket(night: night_buckets.Night, crew: Crew, progress: Callable[[str], None]) -> Snapshot:
    """Groups, people, members, standings: each bucket once, whoever does it; then the snapshot."""
    known, work = night.known, night.work
    for step, action in (
        ("groups", night_people.groups),
        ("people", night_people.people),
        ("members", night_people.members),
        ("standings", night_standings.decide),
    ):
        progress(step)
        left = [(night, bucket) for bucket in range(night.buckets) if work.done(step, bucket) is None]
        for _ in crew.map(action, left):
            continue
    progress("snapshot")
    tables = dict(night.after.tables)
    for step, name in (("people", "group_of"), ("standings", "standing_change")):
        tables[name] = (*tables.get(name, ()), *night_buckets.gathered(night.store, work, step, name, known))
    snapshot = replace(night.after, tables={**tables, **night_standings.views(work)})
    night.store.put_snapshot(snapshot)
    return snapshot


def _build(rows: Rows, links: pl.DataFrame, terms: Terms) -> Built:
    return fact_rows.build(
        rows.held, terms.sources, rows.deliveries, links, terms.pack.attributes, record_key=terms.secrets.record
    )


def _scope(
    before: Mapping[str, Held], everybody: Built, linked: Linked, seen: pl.DataFrame, rows: Rows, terms: Terms
) -> pl.DataFrame:
    """`person` and `within`, decided on everybody's facts: null where it is not established whom the law registers."""
    none = {name: before[name].table.plain_schema.to_frame() for name in ("spell", "alias")}
    tables = FactTables(
        everybody.facts, none["spell"], everybody.members, linked.links, seen, rows.deliveries, none["alias"]
    )
    flat = fact_polars.flatten(tables, terms.pack, terms.on, terms.known, terms.sources)
    within = law_polars.in_scope(terms.pack, flat.sure, terms.on)
    return flat.sure.select("person", within.alias("within"))


def _numbers(
    before: Mapping[str, Held], founding: pl.DataFrame, scope: pl.DataFrame, rows: Rows, terms: Terms
) -> pl.DataFrame:
    largest = before["link"].rows["person"].max() or 0
    assert isinstance(largest, int)
    highest = max(largest, terms.highest_erased)
    return night_persons.numbered(founding, scope.filter("within"), rows, terms.sources, highest, terms.founded)


def _unsettled(founding: pl.DataFrame, scope: pl.DataFrame) -> pl.Series:
    unknown = scope.filter(pl.col("within").is_null() & (pl.col("person") < 0))
    return founding.join(unknown, on="person", how="semi")["record"].sort()


def _absent(links: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Links of records that no agency carries any more: they stay as they were."""
    return links.join(seen.select("record"), on="record", how="anti", maintain_order="left")


def _fact_operations(
    before: Mapping[str, Held], built: Built, rows: Rows, links: pl.DataFrame, terms: Terms
) -> dict[str, pl.DataFrame]:
    operations = fact_night.operations(
        Built(before["fact"].rows, before["member"].rows, before["particular"].rows),
        built,
        rows=rows.places,
        ended=rows.ended,
        links=links,
        known=terms.known,
        lasting=_lasting(terms),
    )
    declared = archive.adds(TABLES["fact"], terms.declared, terms.known)
    return {**operations, "fact": pl.concat([operations["fact"], declared])}


def _lasting(terms: Terms) -> set[int]:
    """The numbers of the attributes of which a source says that they do not un-happen."""
    named = {fact.attribute for source in terms.sources.values() for fact in source.facts if fact.lasting}
    return {one.number for one in terms.pack.attributes.values() if one.name in named}


def _earlier(parent: Snapshot | None, terms: Terms) -> Pack | None:
    """The law by which the last standings were found, where it is another one.

    A law whose text changes on a day of its own, between the last night and this one, is another law as well.
    """
    if parent is None:
        return None
    if parent.packs != (terms.pack.digest,):
        if terms.earlier is None or parent.packs != (terms.earlier.digest,):
            raise ValueError("the law by which the last standings were found is needed to compare them")
        return terms.earlier
    return terms.pack if terms.pack.at(parent.on) is not terms.pack.at(terms.on) else None


def _views_of(links: pl.DataFrame, numbers: pl.DataFrame, terms: Terms) -> dict[str, pl.DataFrame]:
    """Tonight's operations of the views that follow from links and numbers."""
    new = numbers.filter(pl.col("temporary") < 0).select("person")
    refs = [ids.person_ref(terms.secrets.ref, person) for person in new["person"]]
    return {
        "link_by_record": links.select("record", "person", "judgement", "op", "known"),
        "by_ref": new.select(pl.Series("ref", refs, pl.String), "person").with_columns(
            pl.lit(ADD, pl.UInt8).alias("op"), pl.lit(terms.known, pl.Int64).alias("known")
        ),
    }


def _together(taken: row_night.Rows, terms: Terms) -> Rows:
    """The rows of all record buckets together."""
    buckets = range(terms.buckets)
    here = ~pl.col("record").is_in(list(terms.erased))
    held = {name: pl.concat([taken.held(name, bucket) for bucket in buckets]).filter(here) for name in terms.sources}
    ended = pl.concat([taken.ended(bucket) for bucket in buckets]).select("delivery", "row", "as_of")
    return Rows(held, ended, {}, taken.deliveries)


def _after(
    store: Store,
    parent: Snapshot | None,
    operations: Mapping[str, pl.DataFrame],
    views: Mapping[str, pl.DataFrame],
    terms: Terms,
) -> Snapshot:
    """The archive after tonight, and the parent's other tables as they were."""
    tables = {} if parent is None else dict(parent.tables)
    for name, frame in sorted(operations.items()):
        tables[name] = archive.append(store, tables.get(name, ()), name, frame, terms.known, buckets=terms.buckets)
    for name, frame in sorted(views.items()):
        tables[name] = store.put_buckets(name, frame, terms.buckets)
    return Snapshot(
        parent="" if parent is None else parent.digest,
        buckets=terms.buckets,
        through=terms.through,
        packs=(terms.pack.digest,),
        on=terms.on,
        known_at=terms.known,
        tables=tables,
    )
