"""One person's rows, fast: pyarrow, footers kept in memory, only the row groups that can hold the person.

1. `read` gives all that the evaluation of one person needs (`fact.timeline.PersonFacts`); with `fact.derive.held_of`
   on it, and what was declared overlaid, a page decides at once.
2. An open object is checked against its name once a process, then trusted: it is immutable. Sealed objects are opened
   in memory for each reading and not kept.
3. Whoever was merged into the person is read with him: his rows stay under both numbers (data-model 3).
"""

import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from musterroll.engine.roll.snapshot import ObjectRef, Snapshot
from musterroll.engine.roll.store import Store
from musterroll.engine.roll.table import ADD, END, OPEN_TIME, TABLES
from musterroll.fact.coverage import Delivery
from musterroll.fact.timeline import Fact, Judgement, Linked, Member, PersonFacts, Spell, resolved


@dataclass(frozen=True, slots=True)
class Particular:
    """One particular of a person; `protected` ones hold a forwarding token in place of the text (charter S12)."""

    kind: str
    text: str
    protected: bool
    valid_from: int
    valid_to: int
    delivery: int
    row: int


def read(
    store: Store,
    snapshot: Snapshot,
    person: int,
    known_at: int | None = None,
    *,
    numbers: Collection[int] | None = None,
) -> PersonFacts:
    """The person's facts, spells, links and the members of all his groups, as known at `known_at`.

    Without `known_at` (microseconds): as known in the snapshot. `numbers` are all numbers under which the person's rows
    lie, where they are others than the roll's aliases say. A person of whom nothing is held comes back empty.
    """
    time = snapshot.known_at if known_at is None else known_at
    numbers = _numbers(store, snapshot, person, time) if numbers is None else set(numbers)
    facts = held(store, snapshot, "fact", "person", numbers, time)
    spells = held(store, snapshot, "spell", "person", numbers, time)
    links = held(store, snapshot, "link", "person", numbers, time)
    records = {row["record"] for row in links}
    sources = {row["record"]: row["source"] for row in rows(store, snapshot, "seen", "record", records)}
    groups = {row["group"] for row in rows(store, snapshot, "group_of", "person", numbers)}
    members = held(store, snapshot, "member", "group", groups, time)
    return PersonFacts(
        person=person,
        facts=tuple(fact_of(row) for row in facts),
        spells=tuple(spell_of(row) for row in spells),
        members=tuple(member_of(row, numbers, person) for row in members),
        links=tuple(link_of(row, sources.get(row["record"], "")) for row in links),
    )


def deliveries(store: Store, snapshot: Snapshot, known_at: int | None = None) -> tuple[Delivery, ...]:
    """The deliveries that the roll has taken in, in order: what `coverage.on_day` and a fact's source are found by."""
    time = snapshot.known_at if known_at is None else known_at
    taken = held(store, snapshot, "delivery", "", (), time)
    return tuple(Delivery(row["delivery"], row["source"], row["as_of"], row["full"]) for row in taken)


def particulars(store: Store, snapshot: Snapshot, person: int) -> tuple[Particular, ...]:
    """The person's names, numbers, addresses and contacts. For his own page and letter only (charter S8)."""
    numbers = _numbers(store, snapshot, person, snapshot.known_at)
    found = held(store, snapshot, "particular", "person", numbers, snapshot.known_at)
    return tuple(particular_of(row) for row in found)


def rows(
    store: Store, snapshot: Snapshot, table: str, column: str, values: Iterable[int | str]
) -> list[dict[str, Any]]:
    """The rows of a view whose `column` is one of `values`, as they stand; of an archive table, its operations.

    An empty `column` gives all rows.
    """
    wanted = sorted(set(values))
    if column and not wanted:
        return []
    refs = _of_buckets(snapshot, table, column, wanted)
    found = [row for ref in refs for row in _matching(store, ref, column, wanted)]
    if table not in TABLES or TABLES[table].archive or all(ref.night is None for ref in refs):
        return found
    name = TABLES[table].key
    if column != name[0]:  # what ended one of them is found by its name
        named = sorted({row[name[0]] for row in found})
        nights = [ref for ref in _of_buckets(snapshot, table, name[0], named) if ref.night is not None]
        found += [row for ref in nights for row in _matching(store, ref, name[0], named)]
    standing = _standing([{"op": ADD, "known": 0, **row} for row in found], name)
    return [row for row in standing if not column or row[column] in wanted]


def _of_buckets(snapshot: Snapshot, table: str, column: str, values: list[Any]) -> list[ObjectRef]:
    """The objects of a table that can hold rows whose `column` is one of `values`."""
    bucketed = bool(column) and table in TABLES and TABLES[table].bucket == column and snapshot.buckets > 1
    if not bucketed:
        return list(snapshot.refs(table))
    buckets = {int(value) % snapshot.buckets for value in values}
    return [ref for ref in snapshot.refs(table) if ref.bucket is None or ref.bucket in buckets]


def _standing(operations: list[dict[str, Any]], key: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows added and not ended since, in order of their names."""
    operations.sort(key=lambda row: (row["known"], row["op"]))
    standing: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in operations:
        name = tuple(row[part] for part in key)
        if row["op"] == ADD:
            standing[name] = row
        else:
            standing.pop(name, None)
    return [row for _, row in sorted(standing.items(), key=_by_name)]


def held(
    store: Store, snapshot: Snapshot, table: str, column: str, values: Iterable[int], known_at: int
) -> list[dict[str, Any]]:
    """The rows of an archive table held at `known_at` whose `column` is one of `values`, in order of their names."""
    found = [operation for row in rows(store, snapshot, table, column, values) for operation in operations_of(row)]
    known = [row for row in found if row["known"] <= known_at]
    return [{**row, "known_from": row["known"]} for row in _standing(known, TABLES[table].key)]


def _by_name(item: tuple[tuple[Any, ...], dict[str, Any]]) -> list[tuple[bool, Any]]:
    return [(part is not None, part) for part in item[0]]


def operations_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A night row is one operation, a base row its beginning and, where it is over, its end."""
    if "op" in row:
        return [row]
    begun = {**row, "op": ADD, "known": row["known_from"]}
    return [begun] if row["known_to"] == OPEN_TIME else [begun, {**row, "op": END, "known": row["known_to"]}]


def _numbers(store: Store, snapshot: Snapshot, person: int, known_at: int) -> set[int]:
    aliases: Mapping[int, int] = {
        row["person"]: row["into"] for row in held(store, snapshot, "alias", "", (), known_at)
    }
    return {person} | {other for other in aliases if resolved(other, aliases) == person}


# A row of a table as what it says


def fact_of(row: Mapping[str, Any]) -> Fact:
    """A row of the table `fact`."""
    return Fact(**_only(row, Fact), link=Judgement(row["link"]))


def spell_of(row: Mapping[str, Any]) -> Spell:
    """A row of the table `spell`."""
    return Spell(**_only(row, Spell), link=Judgement(row["link"]))


def member_of(row: Mapping[str, Any], numbers: Collection[int], person: int) -> Member:
    """A row of the table `member`; whoever goes by one of these numbers is this person."""
    who = person if row["person"] in numbers else row["person"]
    link = None if row["link"] is None else Judgement(row["link"])
    return Member(**{**_only(row, Member), "person": who}, link=link)


def link_of(row: Mapping[str, Any], source: str) -> Linked:
    """A row of the table `link`, with the source that has the record now ("" where none has)."""
    return Linked(row["record"], source, Judgement(row["judgement"]))


def particular_of(row: Mapping[str, Any]) -> Particular:
    """A row of the table `particular`."""
    return Particular(**_only(row, Particular))


def _only(row: Mapping[str, Any], kind: Any) -> dict[str, Any]:
    """The columns that the dataclass `kind` has, its link apart."""
    return {one.name: row[one.name] for one in fields(kind) if one.name in row and one.name != "link"}


def _matching(store: Store, ref: ObjectRef, column: str, values: list[Any]) -> list[dict[str, Any]]:
    if ref.sealed:
        file = pq.ParquetFile(io.BytesIO(store.open(ref)))
    else:
        path = store.path(ref)
        file = pq.ParquetFile(path, metadata=_footer(store, ref))
    tables = []
    place = file.schema_arrow.get_field_index(column) if column else -1
    for group in range(file.metadata.num_row_groups):
        if not column:
            tables.append(file.read_row_group(group))
        elif _may_hold(file.metadata.row_group(group).column(place).statistics, values):
            # The one column says whether the others are worth reading: a night's object holds people of all buckets.
            wanted = pc.is_in(file.read_row_group(group, columns=[column])[column], pa.array(values))
            if pc.any(wanted).as_py():
                tables.append(file.read_row_group(group).filter(wanted))
    return pa.concat_tables(tables).to_pylist() if tables else []


@lru_cache(maxsize=8_192)
def _footer(store: Store, ref: ObjectRef) -> Any:
    return pq.read_metadata(io.BytesIO(store.open(ref)))


def _may_hold(statistics: Any, values: list[Any]) -> bool:
    if statistics is None or not statistics.has_min_max:
        return True
    return any(statistics.min <= value <= statistics.max for value in values)
