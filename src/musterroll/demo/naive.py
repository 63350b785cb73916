"""The ways in which such registers are usually run, on the same files: what carelessness costs.

All three read "no record" as "no exemption" and take the first value they meet.

- **B** joins by equality: pay and tax rows by personal number, dwelling rows by first name, last name and birth date.
- **C** links by score (the same pair scores as the register's own) and takes everything that hangs together for one
  person: connected components at a probability of 0.9.
- **D** links by the same scores, best first, one row of a source for each person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from musterroll.demo.knowable import CHILDREN, HEADS, INSTITUTIONS, Witness

WAYS = {
    "B": "exact matching, no record means no exemption",
    "C": "match scores, everything connected is one person",
    "D": "match scores, one row of a source for each person",
}
LIKELY = 0.9
SINGLE = frozenset({"civil", "dwelling", "tax"})

type Rows = Mapping[str, list[tuple[str, dict[str, str]]]]
"""For each source its rows as delivered, with their agency keys."""


@dataclass(slots=True)
class Joined:
    """What a naive way holds of one civil record: rows of each source, the first of which counts."""

    civil: list[dict[str, str]]
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Town:
    """The delivered rows, and what the naive ways read from all of them at once."""

    rows: Rows
    on: int
    born: tuple[int, int]
    witness: Witness

    @property
    def civil(self) -> dict[str, Joined]:
        """Every civil record by its number, with nothing joined yet."""
        joined: dict[str, Joined] = {}
        for key, row in self.rows["civil"]:
            joined.setdefault(key, Joined([])).civil.append(row)
        return joined


def called_b(town: Town) -> set[str]:
    """The civil keys that exact joins call."""
    joined = town.civil
    for source in ("pay", "tax"):
        for _, row in town.rows[source]:
            if row["ssn"] in joined:
                joined[row["ssn"]].rows.setdefault(source, []).append(row)
    by_name: dict[tuple[str, str, int], list[dict[str, str]]] = {}
    for _, row in town.rows["dwelling"]:
        born = town.witness.day(row["date_of_birth"], "dwelling")
        if born is not None:
            by_name.setdefault((row["first_name"], row["last_name"], born), []).append(row)
    for each in joined.values():
        first = each.civil[0]
        born = town.witness.day(first["date_of_birth"], "civil")
        if born is not None:
            each.rows["dwelling"] = by_name.get((first["first_name"], first["last_name"], born), [])
    return _called(town, joined)


def called_c(town: Town, pairs: pl.DataFrame, records: pl.DataFrame) -> set[str]:
    """The civil keys that connected components call. `pairs`: left, right, weight, probability.

    `records` says which row each record is: record, source, key.
    """
    parent: dict[int, int] = {}
    for left, right, _ in _likely(pairs):
        a, b = _root(parent, left), _root(parent, right)
        parent[max(a, b)] = min(a, b)
    groups: dict[int, list[int]] = {}
    for record in sorted(parent):
        groups.setdefault(_root(parent, record), []).append(record)
    return _called(town, _attach(town, groups.values(), records))


def called_d(town: Town, pairs: pl.DataFrame, records: pl.DataFrame) -> set[str]:
    """The civil keys that best links, one row a source, call."""
    source_of = dict(records.select("record", "source").iter_rows())
    parent: dict[int, int] = {}
    singles: dict[int, set[str]] = {}
    for left, right, _ in _likely(pairs):
        a, b = _root(parent, left), _root(parent, right)
        if a == b:
            continue
        of_a = singles.setdefault(a, {source_of.get(a, "")} & SINGLE)
        of_b = singles.setdefault(b, {source_of.get(b, "")} & SINGLE)
        if not of_a & of_b:
            parent[max(a, b)] = min(a, b)
            singles[min(a, b)] = of_a | of_b
    groups: dict[int, list[int]] = {}
    for record in sorted(parent):
        groups.setdefault(_root(parent, record), []).append(record)
    return _called(town, _attach(town, groups.values(), records))


def _likely(pairs: pl.DataFrame) -> Iterable[tuple[int, int, float]]:
    likely = pairs.filter(pl.col("probability") >= LIKELY)
    ordered = likely.sort("weight", "left", "right", descending=[True, False, False])
    return ordered.select("left", "right", "probability").iter_rows()


def _root(parent: dict[int, int], record: int) -> int:
    parent.setdefault(record, record)
    while parent[record] != record:
        parent[record] = parent[parent[record]]
        record = parent[record]
    return record


def _attach(town: Town, groups: Iterable[list[int]], records: pl.DataFrame) -> dict[str, Joined]:
    where = {record: (source, key) for record, source, key in records.select("record", "source", "key").iter_rows()}
    texts = {(source, key): row for source, rows in town.rows.items() for key, row in rows}
    joined = town.civil
    for group in groups:
        places = [where[record] for record in group if record in where]
        held: dict[str, list[dict[str, str]]] = {}
        for source, key in sorted(places):
            if source != "civil":
                held.setdefault(source, []).append(texts[source, key])
        for source, key in places:
            if source == "civil":
                joined[key].rows = held
    return joined


def _called(town: Town, joined: Mapping[str, Joined]) -> set[str]:
    return {key for key, each in joined.items() if not _out(town, each)}


def _out(town: Town, each: Joined) -> bool:
    """Whether a naive way sees a reason against calling: only what a row says counts, and the first row says it."""
    dwelling = each.rows.get("dwelling", [])
    sex = next((row["sex"] for row in each.civil + dwelling if row["sex"]), "")
    days = [town.witness.day(row["date_of_birth"], "civil") for row in each.civil]
    days += [town.witness.day(row["date_of_birth"], "dwelling") for row in dwelling]
    born = next((day for day in days if day is not None), None)
    after, until = town.born
    if sex != "Male" or born is None or not after < born <= until:
        return True
    if any(row["event_type"] == "death" for row in each.civil):
        return True
    if each.rows.get("pay"):
        return True
    if dwelling:
        home = dwelling[0]
        if home["housing_type"] in INSTITUTIONS | {"Military", "College"} or _family(town, home):
            return True
    tax = each.rows.get("tax", [])
    return bool(tax) and town.witness.dependants(tax[0]) >= 3


def _family(town: Town, home: dict[str, str]) -> bool:
    """Three minor children, or one and no other head."""
    if home["relationship_to_reference_person"] not in HEADS or not home["household_id"]:
        return False
    rows = town.witness.homes[home["household_id"]]
    minors = sum(row["relationship_to_reference_person"] in CHILDREN and town.witness.minor(row) for row in rows)
    heads = sum(row["relationship_to_reference_person"] in HEADS for row in rows)
    return minors >= 3 or (minors >= 1 and heads == 1)
