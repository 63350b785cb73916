"""Whose rows these are, for a whole population: rules first, then the model, then the clusters (intake 7.2).

The order: (a) a personal number that name or birth date verifies and nothing contradicts; (b) full name and birth date
that only one civil person has; (c) match weights of the model, one record per single source, no contradiction with the
civil record, ten bits for a confirmed link; (d) what stays is possible from one in a thousand, else unattached.

1. Rows in any order give the same links: everything is sorted by record numbers, weights are whole thousandths.
2. A human's judgement is never undone by a run, and two civil records are never merged.
3. A record that a person has for certain is possible for nobody else. A person who has a source's one record for
   certain has no other of that source as a possible link, unless the evidence alone would confirm it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from musterroll.engine.linkage_levels import derived
from musterroll.engine.linkage_model import Model
from musterroll.linkage.cluster import Edge, Refused, Rules, cluster
from musterroll.linkage.comparison import COLUMNS, Compared, parts_of, readings
from musterroll.linkage.judgement import Author, Verdict
from musterroll.linkage.pair import Forms, Pair, compare
from musterroll.linkage.veto import contradiction, exact, objection, verified
from musterroll.linkage.weight import CERTAIN, CONFIRMED, POSSIBLE, THOUSANDTHS, among, probability, thousandths

COMPARED = pl.Schema(
    {
        "record": pl.Int64,
        "source": pl.String,
        "single": pl.Boolean,
        "number": pl.String,
        "given": pl.String,
        "middle": pl.String,
        "family": pl.String,
        "born": pl.Int32,
        "sex": pl.UInt8,
        "age": pl.Int32,
        "as_of": pl.Int32,
        "house": pl.String,
        "street": pl.String,
        "unit": pl.String,
        "po_box": pl.String,
        "town": pl.String,
        "postcode": pl.String,
        "born_until": pl.Int32,
    }
)
"""The comparison frame: one row for each delivered row of a record, as `linkage.comparison` folds it."""

LINKS = pl.Schema(
    {
        "person": pl.Int64,
        "record": pl.Int64,
        "judgement": pl.UInt8,
        "by": pl.String,
        "basis": pl.Int64,
        "weight": pl.Int32,
        "agreed": pl.Int64,
        "against": pl.Int64,
    }
)
HUMAN = pl.Schema({"person": pl.Int64, "record": pl.Int64, "judgement": pl.UInt8, "by": pl.String, "basis": pl.Int64})
"""The standing judgement of an officer or the person for each pair: one row a pair, the superseded left out."""

REFUSED = pl.Schema({"left": pl.Int64, "right": pl.Int64, "weight": pl.Int32, "reason": pl.String})
SCORES = pl.Schema({"left": pl.Int64, "right": pl.Int64, "weight": pl.Int32, "probability": pl.Float64})

RULES_VERSION = 1
"""The basis of links made by rule (a) or (b)."""

_NOTHING_SAID = Pair(0, 0, 0)


@dataclass(frozen=True)
class Linked:
    """`links` has one row a person and record; `unattached` the records that belong to nobody, not even possibly."""

    links: pl.DataFrame
    refused_edges: pl.DataFrame
    unattached: pl.DataFrame
    stats: Mapping[str, int]


def prepared(records: pl.DataFrame, model: Model, *, at_most: int = 2) -> pl.DataFrame:
    """The comparison frame in one order, each row in its readings (`linkage.comparison.readings`).

    Only rows of which there may be another reading than the row itself are looked at one by one.
    """
    rows = records.select(COLUMNS).cast(COMPARED)
    words = pl.Series(sorted(model.not_names), dtype=pl.String).implode()
    years_apart = (
        pl.col("as_of").cast(pl.Date).dt.year() - pl.col("age") - pl.col("born").cast(pl.Date).dt.year()
    ).fill_null(0)
    doubtful = (
        pl.col("given").is_in(words).fill_null(value=False)
        | pl.col("family").is_in(words).fill_null(value=False)
        | ~years_apart.is_between(0, 1)
    )
    again = (Compared(*row) for row in rows.filter(doubtful).iter_rows())
    read = list(parts_of(one for row in again for one in readings(row, model.not_names)[:at_most]))
    return pl.concat([rows.filter(~doubtful), pl.DataFrame(read, schema=COMPARED, orient="row")]).unique().sort(COLUMNS)


def score_pairs(records: pl.DataFrame, founders: int, model: Model) -> pl.DataFrame:
    """Weight and probability of every pair worth looking at, by record numbers (left < right), none below POSSIBLE.

    `records` is a comparison frame (COMPARED); `founders` the number of founding records, which scales the prior. Of
    several rows of one record the best pair counts.
    """
    return _score(prepared(records, model), founders, model)


def _score(ordered: pl.DataFrame, founders: int, model: Model) -> pl.DataFrame:
    if ordered.height < 2:
        return pl.DataFrame(schema=SCORES)
    rows = derived(ordered, model.form_groups)
    connection = duckdb.connect()
    try:
        table = DuckDBAPI(connection).register(rows.to_arrow(), dataset_display_name="records")
        linker = Linker(table, model.settings(founders), log_level=None, validate_settings=False)
        found = linker.inference.predict(threshold_match_weight=POSSIBLE / THOUSANDTHS - 0.01, warning_mode="never")
        scored = pl.DataFrame(found.as_pyarrow_table())  # type: ignore[no-untyped-call]
    finally:
        connection.close()
    numbers = rows.select("row", "record")
    return (
        scored.select(
            pl.col("row_l", "row_r").cast(pl.UInt32),
            weight=pl.col("match_weight").map_elements(thousandths, return_dtype=pl.Int64).cast(pl.Int32),
        )
        .join(numbers.rename({"row": "row_l", "record": "a"}), on="row_l")
        .join(numbers.rename({"row": "row_r", "record": "b"}), on="row_r")
        .select(left=pl.min_horizontal("a", "b"), right=pl.max_horizontal("a", "b"), weight="weight")
        .filter(pl.col("weight") >= POSSIBLE)
        .group_by("left", "right")
        .agg(pl.col("weight").max())
        .sort("left", "right")
        .with_columns(probability=pl.col("weight").map_elements(probability, return_dtype=pl.Float64))
        .cast(SCORES)
    )


def link(records: pl.DataFrame, founders: pl.DataFrame, human: pl.DataFrame, model: Model) -> Linked:
    """The links of every record (frames: COMPARED, [record, person], HUMAN)."""
    rows = prepared(records, model)
    run = _Run(rows, founders, model)
    run.judge_by_humans(human)
    run.judge_by_rules(rows, founders)
    run.judge_by_model(_score(rows, founders.height, model))
    return run.result()


@dataclass
class _Link:
    verdict: Verdict
    by: Author
    basis: int
    weight: int


@dataclass
class _Run:
    """The state of one run; `links` by (founding record, record)."""

    records: pl.DataFrame
    founders: pl.DataFrame
    model: Model
    links: dict[tuple[int, int], _Link] = field(default_factory=dict)
    owner: dict[int, int] = field(default_factory=dict)  # record -> founding record, where confirmed
    refused: list[Refused] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.person = dict(zip(self.founders["record"], self.founders["person"], strict=True))
        self.founding = {person: record for record, person in self.person.items()}
        self.told: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for row in self.records.iter_rows():
            self.told[row[0]].append(row)
        self.rows: dict[int, list[Compared]] = {}
        self.forms: Forms = {name: frozenset(groups) for name, groups in self.model.form_groups.items()}
        self.pairs: dict[tuple[int, int], Pair] = {}
        for record in sorted(self.person):
            self.links[record, record] = _Link(Verdict.CONFIRMED, Author.FOUNDING, RULES_VERSION, CERTAIN)

    def pair(self, founder: int, record: int) -> Pair:
        """The best of the pairs of their rows: no contradiction before one, then more agreement."""
        found = self.pairs.get((founder, record))
        if found is None:
            pairs = [
                compare(left, right, self.forms) for left in self.rows_of(founder) for right in self.rows_of(record)
            ]
            found = pairs[0] if len(pairs) == 1 else max(pairs, key=_closeness, default=_NOTHING_SAID)
            self.pairs[founder, record] = found
        return found

    def rows_of(self, record: int) -> list[Compared]:
        found = self.rows.get(record)
        if found is None:
            found = self.rows[record] = [Compared(*row) for row in self.told.get(record, ())]
        return found

    def judge_by_humans(self, human: pl.DataFrame) -> None:
        for person, record, verdict, by, basis in human.select(HUMAN.names()).sort(HUMAN.names()).iter_rows():
            founder = self.founding[person]
            self.links[founder, record] = _Link(Verdict(verdict), Author(by), basis, CERTAIN)
            if verdict == Verdict.CONFIRMED:
                self.owner[record] = founder

    def judge_by_rules(self, records: pl.DataFrame, founders: pl.DataFrame) -> None:
        """Rules (a) and (b). A record that a rule gives to two persons is given to neither."""
        for author, candidates in (
            (Author.NUMBER, _equal_on(records, founders, ["number"])),
            (Author.EXACT, _equal_on(records, founders, ["given", "family", "born"])),
        ):
            claims: dict[int, set[int]] = defaultdict(set)
            for founder, record in candidates:
                claims[record].add(founder)
            for record, claimants in sorted(claims.items()):
                if record in self.owner:
                    continue
                good = [founder for founder in sorted(claimants) if self.passes(author, founder, record)]
                if len(good) == 1 and (author is Author.NUMBER or len(claimants) == 1):
                    self.owner[record] = good[0]
                    self.links[good[0], record] = _Link(Verdict.CONFIRMED, author, RULES_VERSION, CERTAIN)

    def passes(self, author: Author, founder: int, record: int) -> bool:
        if (founder, record) in self.links:  # a human has spoken
            return False
        pair = self.pair(founder, record)
        return verified(pair) if author is Author.NUMBER else exact(pair)

    def judge_by_model(self, scores: pl.DataFrame) -> None:
        weighed = self.weighed(scores)
        fixed = [Edge(min(both), max(both), CERTAIN, fixed=True) for both in sorted(self.owner.items())]
        strong = self.strong(weighed)
        single = dict(self.records.filter("single").select("record", "source").unique().iter_rows())
        rules = Rules(frozenset(self.person), single, self.objection)
        clusters = cluster([*fixed, *strong], rules)
        self.refused += clusters.refused
        for record, founder in sorted(clusters.founder.items()):
            if record in self.owner or record in self.person:
                continue
            weight = max(clusters.joined[record], weighed.get(_ordered(founder, record), POSSIBLE))
            self.owner[record] = founder
            self.links[founder, record] = _Link(Verdict.CONFIRMED, Author.MODEL, self.model.number, weight)
        held = {(founder, single[record]) for record, founder in self.owner.items() if record in single}
        for (founder, record), weight in sorted(self.candidates(weighed).items()):
            outdone = (founder, single.get(record)) in held and weight < CONFIRMED
            if (founder, record) not in self.links and not outdone and not self.was_a_child(founder, record):
                self.links[founder, record] = _Link(Verdict.POSSIBLE, Author.MODEL, self.model.number, weight)

    def strong(self, weighed: Mapping[tuple[int, int], int]) -> list[Edge]:
        """The pairs that may bring records together; the others of that weight go to the log."""
        found = []
        for (left, right), weight in sorted(weighed.items()):
            if weight >= CONFIRMED:
                reason = objection(self.pair(left, right))
                if reason is None:
                    found.append(Edge(left, right, weight))
                else:
                    self.refused.append(Refused(left, right, weight, reason))
        return found

    def was_a_child(self, founder: int, record: int) -> bool:
        """Whether the record is of a time when the person was too young for it: then it is not even possible."""
        theirs = self.rows_of(record)
        return all(one.was_a_child_for(row) for one in self.rows_of(founder) for row in theirs)

    def weighed(self, scores: pl.DataFrame) -> dict[tuple[int, int], int]:
        """The weight of every pair; that of a record with a person is seen beside the record's other persons."""
        found: dict[tuple[int, int], int] = {}
        persons: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for left, right, weight in scores.select("left", "right", "weight").iter_rows():
            if (left in self.person) == (right in self.person):
                found[left, right] = weight
            elif left in self.person:
                persons[right].append((left, weight))
            else:
                persons[left].append((right, weight))
        for record, pairs in persons.items():
            for founder, weight in pairs:
                rivals = [other for rival, other in pairs if rival != founder]
                found[_ordered(founder, record)] = among(weight, rivals, self.model.coverage)
        return found

    def objection(self, founder: int, record: int) -> str | None:
        said = self.links.get((founder, record))
        if said is not None and said.verdict is Verdict.REFUTED:
            return f"refuted_by_{said.by}"
        return contradiction(self.pair(founder, record))

    def candidates(self, weighed: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int]:
        """Whom a record may belong to: persons it was scored with, and persons whose records it was scored with."""
        best: dict[tuple[int, int], int] = {}
        for (left, right), weight in weighed.items():
            for near, record in ((left, right), (right, left)):
                founder = near if near in self.person else self.owner.get(near)
                free = record not in self.person and record not in self.owner
                if founder is not None and free and weight >= POSSIBLE:
                    best[founder, record] = max(weight, best.get((founder, record), weight))
        return best

    def result(self) -> Linked:
        rows = []
        for (founder, record), judged in sorted(self.links.items()):
            pair = _NOTHING_SAID if founder == record else self.pair(founder, record)
            about = (self.person[founder], record, int(judged.verdict), str(judged.by), judged.basis, judged.weight)
            rows.append((*about, pair.agreed, pair.against))
        links = pl.DataFrame(rows, schema=LINKS, orient="row").sort("person", "record")
        attached = links.filter(pl.col("judgement") != int(Verdict.REFUTED)).select("record").unique()
        everyone = self.records.select("record").unique().sort("record")
        refused = [(one.left, one.right, one.weight, one.reason) for one in self.refused]
        unattached = everyone.join(attached, on="record", how="anti").sort("record")
        return Linked(
            links,
            pl.DataFrame(refused, schema=REFUSED, orient="row").sort("left", "right"),
            unattached,
            _stats(links, everyone.height, unattached.height, len(refused)),
        )


def _closeness(pair: Pair) -> tuple[bool, int, int, int]:
    return contradiction(pair) is None, pair.agreed.bit_count(), -pair.against.bit_count(), pair.agreed


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _equal_on(records: pl.DataFrame, founders: pl.DataFrame, columns: list[str]) -> list[tuple[int, int]]:
    """(founding record, record) for every two that hold the same in all `columns`."""
    rows = records.select("record", *columns).drop_nulls().unique()
    civil = rows.join(founders.select("record"), on="record", how="semi").rename({"record": "founder"})
    others = rows.join(founders.select("record"), on="record", how="anti")
    both = others.join(civil, on=columns).select("founder", "record").unique().sort("record", "founder")
    return list(both.iter_rows())


def _stats(links: pl.DataFrame, records: int, unattached: int, refused: int) -> dict[str, int]:
    confirmed = links.filter(pl.col("judgement") == int(Verdict.CONFIRMED))
    counts = {
        f"confirmed_by_{by}": number for by, number in confirmed["by"].value_counts(name="n").sort("by").iter_rows()
    }
    possible = links.filter(pl.col("judgement") == int(Verdict.POSSIBLE))
    return {
        "records": records,
        **counts,
        "possible_links": possible.height,
        "records_only_possible": possible["record"].n_unique(),
        "unattached": unattached,
        "refused_edges": refused,
    }
