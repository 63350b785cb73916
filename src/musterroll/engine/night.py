"""One night: from the rows held yesterday and tonight's deliveries to a new snapshot of the roll.

rows -> whose row -> who is in the register -> facts -> standing -> what changed. Nothing here commits: the snapshot
counts when an act of the register names it (docs/flow/night.md).

1. Linkage sees every founding record, those outside the pack's scope too: without them a woman's or child's rows would
   attach to a man of the same family.
2. A person number is given only to whom the pack's scope certainly covers (charter S13), the next numbers of one
   counter in the order of source and key. Who has a number keeps it. Nobody else's facts are stored.
3. Standings are decided on the facts that are kept, so that every view is a pure function of the archive.
4. Every step works bucket by bucket, whoever does a bucket, with marks in the work folder: killed anywhere and started
   again with the same terms, a night goes on where it was and ends in the same bytes. A small home has one bucket.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from musterroll import canonical
from musterroll.engine import (
    fact_night,
    night_buckets,
    night_compared,
    night_linkage,
    night_links,
    night_moved,
    night_people,
    night_standings,
    night_vanished,
    row_night,
)
from musterroll.engine.crew import Crew
from musterroll.engine.fact_said import STRUCK
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_splink import HUMAN
from musterroll.engine.night_linkage import Said
from musterroll.engine.night_linking import Linking
from musterroll.engine.night_pieces import each
from musterroll.engine.night_recalled import Amended, amended
from musterroll.engine.night_work import Work
from musterroll.engine.roll import ObjectRef, Snapshot, Store, Through, archive
from musterroll.engine.roll.table import TABLES
from musterroll.engine.row_night import Rows, Tonight
from musterroll.extract.schema import Source
from musterroll.law.pack import Pack

STEPS = ("rows", "links", "persons", "facts", "groups", "people", "members", "standings", "snapshot")
"""What a night goes through, in order; `progress` is told each as it begins."""


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

    `struck` are facts that an agency's answer has overruled, `restruck` the records of which that changed since the
    last night, `outspoken` facts entered before that end now, `further` deliveries of answers. The `recalled`
    deliveries count as never taken in (`night_recalled`); what of them stays (it lasts), and links by
    `recalled_models`, is possible: it can protect and never harm.
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
    struck: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STRUCK))
    restruck: Collection[int] = ()
    outspoken: pl.DataFrame = field(default_factory=lambda: TABLES["fact"].plain_schema.to_frame())
    further: pl.DataFrame = field(default_factory=lambda: TABLES["delivery"].plain_schema.to_frame())
    recalled: Collection[int] = ()
    recalled_models: Collection[int] = ()


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

    `work` is where finished steps are kept; whoever gives it removes it once the snapshot is committed, and keeps the
    comparison frames in it for the next night (`night_compared.keep`).
    """
    place, hands = work or Work(store.folder / "work" / _name(parent, tonight, terms), terms.buckets), crew or Crew()
    progress("rows")
    before = _without_recalled(store, parent, tonight, terms)
    rows = row_night.take_in(
        store,
        parent if before is None else before.parent,
        tonight,
        terms.sources,
        record_key=terms.secrets.record,
        known=terms.known,
        buckets=terms.buckets,
        work=place,
        crew=hands,
        erased=terms.erased,
    )
    if before is not None:
        aside = pl.concat([rows.aside, before.changed]).unique("record", keep="first", maintain_order=True)
        rows = replace(rows, aside=aside, taken_back=before.ended)
    earlier, moved = _earlier(parent, terms), _coverage_moved(store, parent, rows, terms)
    whole = parent is None or terms.everybody or parent.packs != (terms.pack.digest,)
    anew = whole or earlier is not None or moved
    linking = _linking(store, parent, rows, terms, everybody=anew, retell=whole)
    stats, tables = _linked(linking, terms, hands, progress)
    progress("facts")
    facts = fact_night.take_in(
        rows,
        parent,
        night_links.touched(place),
        terms.sources,
        terms.pack.attributes,
        record_key=terms.secrets.record,
        known=terms.known,
        lasting=_lasting(terms),
        crew=hands,
        everybody=whole,
        declared=terms.declared,
        struck=terms.struck,
    )
    after = _after(store, parent, {**rows.objects, **tables, **facts.objects}, terms)
    night = night_buckets.Night(
        store,
        parent,
        after,
        place,
        terms.pack,
        earlier,
        terms.sources,
        everybody=anew,
        recalled=frozenset(terms.recalled),
    )
    snapshot = _by_bucket(night, hands, progress)
    told = Night(
        snapshot,
        night_standings.counted(place, "counts"),
        night_standings.counted(place, "causes"),
        night_standings.moved(place),
        stats,
        night_links.number(linking),
        _unsettled(store, snapshot),
    )
    if work is None:
        if not terms.everybody:
            night_compared.keep(store, parent, snapshot, terms.sources, place, hands)
        place.remove()
    return told


def _without_recalled(
    store: Store, parent: Snapshot | None, tonight: Sequence[Tonight], terms: Terms
) -> Amended | None:
    """The last night without deliveries recalled since; None where nothing of them is held."""
    if parent is None or not terms.recalled:
        return None
    arrived = {one.staged.source for one in tonight}
    found = amended(store, parent, terms.recalled, terms.sources, arrived=arrived, known=terms.known)
    return None if found.parent is parent else found


def _coverage_moved(store: Store, parent: Snapshot | None, rows: Rows, terms: Terms) -> bool:
    if parent is None:
        return True
    taken = archive.held_bucket(store, parent, "delivery", 0)
    days = (parent.on, terms.on)
    return night_buckets.coverage_moved(terms.sources, taken, rows.deliveries, terms.pack, days)


def _linking(
    store: Store, parent: Snapshot | None, rows: Rows, terms: Terms, *, everybody: bool, retell: bool
) -> Linking:
    return Linking(
        store=store,
        parent=parent,
        rows=rows,
        work=rows.work,
        pack=terms.pack,
        sources=terms.sources,
        on=terms.on,
        known=terms.known,
        ref_key=terms.secrets.ref,
        everybody=everybody,
        retell=retell,
        founded=frozenset(terms.founded["record"].to_list()),
        erased=frozenset(terms.erased),
        highest=terms.highest_erased,
        restruck=frozenset(terms.restruck),
        recalled_models=frozenset(terms.recalled_models),
    )


def _linked(
    night: Linking, terms: Terms, crew: Crew, progress: Callable[[str], None]
) -> tuple[dict[str, int], dict[str, tuple[ObjectRef, ...]]]:
    """Links, scope, numbers: what of it is counted, and the tables that follow, earlier nights included."""
    work = night.work
    progress("links")
    each(crew, work, "turned", night_linkage.turned, night)
    said, by_change = _said(night, terms), night_linkage.by_change(night, terms.model)
    if by_change:
        each(crew, work, "export", night_linkage.export, night)
    if not by_change or night_linkage.anything(night, said):
        each(crew, work, "compare", night_compared.compare, night)
    stats = night_linkage.link(night, said, terms.model, crew)
    moved = by_change and night_moved.enough(night)
    actions = night_moved.STEPS if moved else night_links.STEPS
    each(crew, work, "keep", night_moved.keep if moved else night_linkage.keep, night)
    progress("persons")
    for step, action in actions.items():
        if step == "name":
            night_links.number(night)
        each(crew, work, step, action, night)
        if step == "awaited" and not night.everybody:
            night_links.together(work, "awaited", "asked")
        if step == "pair" and not night.retell:
            night_links.together(work, "pair", "moved")
    if moved:
        stats = night_moved.counted(night)
    parent, tables = night.parent, {}
    for step, name in (
        ("settle", "link"),
        ("pair", "linked"),
        ("pair", "link_by_record"),
        ("name", "by_ref"),
        ("ask_scope", "awaited"),
        ("keep", "pair"),
        ("keep", "free"),
        ("keep", "unattached"),
    ):
        before = () if parent is None else parent.refs(name)
        tables[name] = (*before, *night_buckets.gathered(night.store, work, step, name, night.known))
    tables["linkage_terms"] = night_linkage.terms_kept(night)
    tables["vanished"] = night_vanished.kept(night)
    refused = work.folder("links") / "all" / "refused.parquet"
    if refused.exists():
        tables["refused_edge"] = night.store.put_buckets("refused_edge", pl.read_parquet(refused), night.buckets)
    return stats, tables


def _said(night: Linking, terms: Terms) -> Said:
    """The judgements that stand, by founding records in place of persons."""
    before = night.before("alias", 0)
    aliases = [terms.aliases.select("person", "into"), before.select("person", "into")]
    people = [*terms.human["person"], *(one for frame in aliases for row in frame.iter_rows() for one in row)]
    founding = _founding(night, people)
    merged, was = (
        {founding[one]: founding[into] for one, into in frame.iter_rows() if one in founding and into in founding}
        for frame in aliases
    )
    human = terms.human.filter(pl.col("person").is_in(list(founding))).with_columns(
        pl.col("person").replace_strict(founding, default=None, return_dtype=pl.Int64).alias("founder")
    )
    return Said(human.select("founder", "record", "judgement", "by", "basis"), merged, was)


def _founding(night: Linking, people: Sequence[int]) -> dict[int, int]:
    """The founding record of each of these persons."""
    found: dict[int, int] = {}
    for bucket in sorted({person % night.buckets for person in people}):
        here = [person for person in people if person % night.buckets == bucket]
        links = night.before("link", bucket).filter((pl.col("by") == "founding") & pl.col("person").is_in(here))
        found |= dict(links.select("person", "record").iter_rows())
    return found


def _unsettled(store: Store, snapshot: Snapshot) -> pl.Series:
    waiting = store.get_table(snapshot, "awaited")
    if waiting is None:
        return pl.Series("record", [], dtype=pl.Int64)
    return waiting.filter("unsettled")["record"].sort()


def _name(parent: Snapshot | None, tonight: Sequence[Tonight], terms: Terms) -> str:
    """A name for a night's work that another night does not have."""
    taken = [one.delivery for one in tonight]
    told = ["" if parent is None else parent.digest, taken, terms.pack.digest, terms.on, terms.known]
    return canonical.sha256_hex(canonical.encode(told))[:16]


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
        each(crew, work, step, action, night)
    progress("snapshot")
    tables = dict(night.after.tables)
    for step, name in (("people", "group_of"), ("standings", "standing_change")):
        tables[name] = (*tables.get(name, ()), *night_buckets.gathered(night.store, work, step, name, known))
    snapshot = replace(night.after, tables={**tables, **night_standings.views(work)})
    night.store.put_snapshot(snapshot)
    return snapshot


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


def _after(store: Store, parent: Snapshot | None, made: Mapping[str, tuple[ObjectRef, ...]], terms: Terms) -> Snapshot:
    """The archive after tonight, and the parent's other tables as they were."""
    tables = {} if parent is None else dict(parent.tables)
    before = TABLES["alias"].plain_schema.to_frame()
    if parent is not None:
        before = archive.held_bucket(store, parent, "alias", 0).drop("known_from")
    merged = archive.night(TABLES["alias"], before, terms.aliases, terms.known)
    tables |= made
    for name, operations in {
        "alias": merged,
        "fact": archive.ends(TABLES["fact"], terms.outspoken, terms.known),
        "delivery": archive.adds(TABLES["delivery"], terms.further, terms.known),
    }.items():
        before_it = tables.get(name, ())
        tables[name] = archive.append(store, before_it, name, operations, terms.known, buckets=terms.buckets)
    return Snapshot(
        parent="" if parent is None else parent.digest,
        buckets=terms.buckets,
        through=terms.through,
        packs=(terms.pack.digest,),
        on=terms.on,
        known_at=terms.known,
        tables={name: refs for name, refs in tables.items() if refs},
    )
