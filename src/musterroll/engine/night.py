"""One night: from the rows held yesterday and tonight's deliveries to a new snapshot of the roll.

rows -> whose row -> facts -> who is in the register -> standing -> what changed. Nothing here commits: the snapshot
counts when an act of the register names it (docs/flow/register.md).

1. Linkage sees every founding record, those outside the pack's scope too, under numbers below zero that last for this
   run: without them a woman's or child's rows would attach to a man of the same family.
2. A person number is given only to whom the pack's scope certainly covers (charter S13), the next numbers of one
   counter in the order of source and key. Who has a number keeps it. Nobody else's facts or links are stored.
3. Standings are decided on the facts that are kept, so that every view is a pure function of the archive.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from musterroll import ids
from musterroll.engine import (
    fact_night,
    fact_polars,
    fact_rows,
    law_guard,
    law_polars,
    night_persons,
    night_rows,
    standings,
)
from musterroll.engine.fact_polars import FactTables, Flat
from musterroll.engine.fact_rows import Built
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_splink import HUMAN, Linked, link
from musterroll.engine.night_rows import Held, Rows, Tonight
from musterroll.engine.roll import Snapshot, Store, Through, archive
from musterroll.engine.roll.table import TABLES, standing_table
from musterroll.extract.schema import Source
from musterroll.law.pack import Pack

STEPS = ("rows", "links", "facts", "persons", "standings", "snapshot")
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
    decided, where it is another one; without it a night under a new law raises ValueError.
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


@dataclass(frozen=True, slots=True)
class Night:
    """What a night leaves. `counts` are persons by effect; `moved` the changed standings, `causes` why, counted.

    `unsettled` are founding records of whom it is not established whether the law registers them: they have no number.
    """

    snapshot: Snapshot
    counts: Mapping[str, int]
    causes: Mapping[str, int]
    moved: pl.DataFrame
    links: Mapping[str, int]
    founded: int
    unsettled: pl.Series
    flat: Flat
    standing: pl.DataFrame


def run(
    store: Store,
    parent: Snapshot | None,
    tonight: Sequence[Tonight],
    terms: Terms,
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> Night:
    """Take in tonight's deliveries and write every object of the new snapshot, then the snapshot itself."""
    record_key = terms.secrets.record
    progress("rows")
    before = {name: Held.read(store, parent, TABLES[name]) for name in KEPT}
    rows = night_rows.take_in(store, parent, tonight, terms.sources, record_key=record_key, known=terms.known)
    progress("links")
    comparison = night_persons.compared(rows, terms.sources, record_key)
    founding = night_persons.founders(before["link"].rows, rows, terms.sources)
    linked = link(comparison, founding, terms.human, terms.model)
    progress("facts")
    seen = night_persons.seen(comparison, rows.deliveries)
    everybody = _build(rows, linked.links, terms)
    progress("persons")
    scope = _scope(before, everybody, linked, seen, rows, terms)
    numbers = _numbers(before, founding, scope, rows, terms)
    links = pl.concat([night_persons.renumbered(linked.links, numbers), _absent(before["link"].rows, seen)])
    built = fact_rows.registered(everybody, numbers)
    operations = {
        **rows.operations,
        **_fact_operations(before, built, rows, links, terms),
        "link": archive.night(TABLES["link"], before["link"].rows, links, terms.known, ignoring=["weight"]),
    }
    progress("standings")
    tables = _tables(before, operations, seen, rows.deliveries, terms.known)
    flat = fact_polars.flatten(tables, terms.pack, terms.on, terms.known, terms.sources)
    standing = standings.decide(terms.pack, flat, terms.on)
    yesterday = _yesterday(store, parent, terms)
    moves = standings.moves(
        terms.pack,
        yesterday.standing,
        standing,
        by_time=None if yesterday.flat is None else standings.decide(terms.pack, yesterday.flat, terms.on),
        relinked=_relinked(operations["link"]),
        on=terms.on,
        earlier=yesterday.law,
    )
    moved = moves.changes.filter("moved") if yesterday.law else moves.changes
    law_guard.check(terms.pack, flat, standing, terms.on, also=moved["person"])
    operations["standing_change"] = _moved(moves.changes, terms)
    progress("snapshot")
    views = _views(rows, tables, seen, terms, flat, standing) | {"refused_edge": linked.refused_edges}
    snapshot = _snapshot(store, parent, operations, views, terms)
    return Night(
        snapshot,
        standings.by_effect(terms.pack, standing),
        moves.causes,
        moves.changes,
        {**linked.stats, "refused_edges": linked.refused_edges.height, "unattached": linked.unattached.height},
        numbers.filter(pl.col("temporary") < 0).height,
        _unsettled(founding, scope),
        flat,
        standing,
    )


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
    highest = before["link"].rows["person"].max() or 0
    assert isinstance(highest, int)
    return night_persons.numbered(founding, scope.filter("within"), rows, terms.sources, highest)


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


def _tables(
    before: Mapping[str, Held],
    operations: Mapping[str, pl.DataFrame],
    seen: pl.DataFrame,
    deliveries: pl.DataFrame,
    known: int,
) -> FactTables:
    now = {
        name: held.after(operations[name], known) if name in operations else held.rows for name, held in before.items()
    }
    return FactTables(now["fact"], now["spell"], now["member"], now["link"], seen, deliveries, now["alias"])


@dataclass(frozen=True, slots=True)
class _Yesterday:
    """What was decided last, and the law by which it was, where that is not tonight's."""

    flat: Flat | None = None
    standing: pl.DataFrame | None = None
    law: Pack | None = None


def _yesterday(store: Store, parent: Snapshot | None, terms: Terms) -> _Yesterday:
    """What was decided last. Under another law its facts have other columns, and time is no cause of its own.

    A law whose text changes on a day of its own, between the last night and this one, is another law as well.
    """
    if parent is None:
        return _Yesterday()
    if parent.packs != (terms.pack.digest,):
        if terms.earlier is None or parent.packs != (terms.earlier.digest,):
            raise ValueError("the law by which the last standings were found is needed to compare them")
        return _Yesterday(standing=store.get_table(parent, "standing"), law=terms.earlier)
    if terms.pack.at(parent.on) is not terms.pack.at(terms.on):
        return _Yesterday(standing=store.get_table(parent, "standing"), law=terms.pack)
    sure, wide = store.get_table(parent, "flat"), store.get_table(parent, "flat_wide")
    flat = None if sure is None else Flat(sure, sure.clear() if wide is None else wide)
    return _Yesterday(flat, store.get_table(parent, "standing"))


def _relinked(operations: pl.DataFrame) -> pl.Series:
    return operations["person"].unique()


def _moved(changes: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    by = changes.with_columns(pl.lit(terms.on, pl.Int32).alias("on"), pl.lit(terms.pack.digest).alias("pack"))
    return archive.adds(standing_table("standing_change", by.columns), by, terms.known)


def _views(
    rows: Rows, tables: FactTables, seen: pl.DataFrame, terms: Terms, flat: Flat, standing: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    people = tables.links.select("person").unique().sort("person")
    refs = [ids.person_ref(terms.secrets.ref, person) for person in people["person"]]
    own = tables.members.filter(pl.col("person").is_not_null())
    keys = [
        frame.select(pl.lit(name).alias("source"), pl.col(terms.sources[name].key).alias("key"), "record").unique()
        for name, frame in rows.held.items()
    ]
    return {
        "seen": seen,
        "by_key": pl.concat(keys),
        "by_ref": people.with_columns(pl.Series("ref", refs)),
        "link_by_record": tables.links.select("record", "person", "judgement"),
        "group_of": own.select("person", "group").unique(),
        "flat": flat.sure,
        "flat_wide": flat.wide,
        "standing": standing,
    }


def _snapshot(
    store: Store,
    parent: Snapshot | None,
    operations: Mapping[str, pl.DataFrame],
    views: Mapping[str, pl.DataFrame],
    terms: Terms,
) -> Snapshot:
    names = sorted({*operations, *({} if parent is None else parent.tables)} - set(views))
    archived = {
        name: archive.append(
            store,
            () if parent is None else parent.refs(name),
            name,
            operations[name],
            terms.known,
            buckets=terms.buckets,
        )
        if name in operations
        else parent.refs(name)  # type: ignore[union-attr]  # a name that no operation has is the parent's
        for name in names
    }
    made = {name: store.put_buckets(name, frame, terms.buckets) for name, frame in views.items()}
    snapshot = Snapshot(
        parent="" if parent is None else parent.digest,
        buckets=terms.buckets,
        through=terms.through,
        packs=(terms.pack.digest,),
        on=terms.on,
        known_at=terms.known,
        tables={**archived, **made},
    )
    store.put_snapshot(snapshot)
    return snapshot
