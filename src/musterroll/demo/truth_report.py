"""The truth report: measures a home's first night against the town's truth, and writes what was found.

`report/truth.json` is a list of configurations; `report/truth.html` says the same to a reader who is no engineer; the
terminal gets a few lines (`report/truth.txt`). All three give the same figures.
"""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from musterroll import canonical, ids
from musterroll.demo import naive, town, truth_page
from musterroll.demo.truth import Configuration, Counts, Found, Links, Truth, Wrong
from musterroll.engine import linkage_rows, standings
from musterroll.engine.fact_polars import Flat
from musterroll.engine.law_words import UNDETERMINED
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_splink import score_pairs
from musterroll.engine.record_numbers import record_numbers
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.extract.schema import Source
from musterroll.law.pack import Pack

QUESTION = "service"
AGES = ((18, 25), (18, 59))


@dataclass(frozen=True, slots=True)
class Home:
    """What of a home the report reads: its folder with deliveries and truth, the roll, and how it was made.

    `unsettled` are the civil records of which it is not established that the law registers their holders.
    """

    folder: Path
    store: Store
    snapshot: Snapshot
    pack: Pack
    sources: Mapping[str, Source]
    model: Model
    record_key: bytes
    ref: Callable[[int], str]
    unsettled: frozenset[int]


@dataclass(frozen=True, slots=True)
class Measured:
    """One configuration's result: the register's figures, each wrongful call-up, its links, and the naive ways."""

    configuration: Configuration
    counts: Counts
    wrongs: tuple[Wrong, ...]
    links: Links
    needs: Mapping[str, int]
    naive: Mapping[str, Counts]
    found: Found

    @property
    def decisions(self) -> str:
        """A digest of everybody's answer, by civil key: the same files and law give the same."""
        answers = self.found.standings.select("number", "callable", "determined").sort("number")
        return canonical.sha256_hex(canonical.encode([list(each) for each in answers.iter_rows()]))

    def written(self) -> dict[str, Any]:
        """The object of `report/truth.json`. `naive` has way B's figures, and all of them under `ways`."""
        way_b = self.naive["B"].written()
        ways = {name: {"means": naive.WAYS[name], **counts.written()} for name, counts in self.naive.items()}
        return {
            "year": self.configuration.year,
            "seed": self.configuration.seed,
            "noise": self.configuration.noise,
            "ages": self.configuration.written_ages,
            **self.counts.written(),
            "undetermined_by_need": dict(self.needs),
            "decisions_sha256": self.decisions,
            "links": self.links.written(),
            "wrongful_each": [
                {"ref": each.ref, "reasons": list(each.reasons), "knowable": each.knowable, "why": each.why}
                for each in self.wrongs
            ],
            "naive": {**way_b, "ways": ways},
            "demonstration": True,
        }


def measure(home: Home, *, year: int, seed: int, noise: int, ages: Sequence[tuple[int, int]] = AGES) -> list[Measured]:
    """The figures of a home's snapshot for each span of ages."""
    rows = delivered(home.folder)
    records = pl.DataFrame(
        [(ids.record_number(home.record_key, source, key), source, key) for source in rows for key, _ in rows[source]],
        schema={"record": pl.Int64, "source": pl.String, "key": pl.String},
        orient="row",
    ).unique(maintain_order=True)
    pairs = _pairs(home, rows, year)
    links = archive.held(home.store, home.snapshot, "link")
    if links is None:
        raise ValueError("a snapshot without links was never a night's")
    out = []
    for span in ages:
        configuration = Configuration(year, seed, noise, span)
        truth = Truth(home.folder, configuration)
        found, needs = _found(home, configuration, links, records, truth)
        counts, wrongs, joined = truth.measured(found)
        place = naive.Town(rows, configuration.on, truth.born, truth.witness)
        called = {
            "B": naive.called_b(place),
            "C": naive.called_c(place, pairs, records),
            "D": naive.called_d(place, pairs, records),
        }
        ways = {name: truth.counts(keys, set())[0] for name, keys in called.items()}
        out.append(Measured(configuration, counts, wrongs, joined, needs, ways, found))
    return out


def report(home: Home, *, year: int = 2020, seed: int, noise: int = 1) -> str:
    """Measure, write `report/truth.json`, `.html` and `.txt` under the home, and give the lines for the terminal.

    A report of the same snapshot, truth and measuring code is not measured again.
    """
    folder = home.folder / "report"
    stamp, text = home.folder / "truth" / "reported", folder / "truth.txt"
    made = _made_of(home, [year, seed, noise])
    if stamp.is_file() and stamp.read_text(encoding="ascii") == made and text.is_file():
        return text.read_text(encoding="utf-8")
    written = [each.written() for each in measure(home, year=year, seed=seed, noise=noise)]
    lines = truth_page.lines(written)
    town.whole(folder / "truth.json", (json.dumps(written, indent=1) + "\n").encode("utf-8"))
    town.whole(folder / "truth.html", truth_page.page(written).encode("utf-8"))
    town.whole(text, lines.encode("utf-8"))
    town.whole(stamp, made.encode("ascii"))
    return lines


def _made_of(home: Home, numbers: list[int]) -> str:
    """What a report depends on, as a digest: the snapshot, the law, who is unsettled, the town, this code."""
    code = [canonical.sha256_hex(path.read_bytes()) for path in sorted(Path(__file__).parent.glob("*.py"))]
    unsettled = canonical.sha256_hex(repr(sorted(home.unsettled)).encode("ascii"))
    return canonical.sha256_hex(canonical.encode([home.snapshot.digest, home.pack.digest, unsettled, numbers, code]))


def delivered(folder: Path) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """The first night's rows as the agencies sent them, with their keys."""
    rows: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for source in town.SOURCES:
        with (folder / "deliveries" / town.NIGHT_1 / f"{source}.csv").open(encoding="utf-8", newline="") as file:
            rows[source] = [(row["ssn" if source == "civil" else "entry"], row) for row in csv.DictReader(file)]
    return rows


def _pairs(home: Home, rows: naive.Rows, year: int) -> pl.DataFrame:
    """Pair scores for the naive ways: the register's own model, before any of its care."""
    frames = []
    for source, each in rows.items():
        numbers = [ids.record_number(home.record_key, source, key) for key, _ in each]
        frame = pl.DataFrame([row for _, row in each], infer_schema_length=None).with_columns(
            pl.Series("record", numbers, pl.Int64), as_of=pl.lit(town.as_of(town.NIGHT_1, year))
        )
        number = _numbering(home.record_key, source)
        frames.append(linkage_rows.compared(home.sources[source], frame, number))
    founders = len({key for key, _ in rows["civil"]})
    return score_pairs(pl.concat(frames), founders, home.model)


def _numbering(key: bytes, source: str) -> Callable[[pl.Series], pl.Series]:
    return lambda keys: record_numbers(key, source, keys)


def _found(
    home: Home, configuration: Configuration, links: pl.DataFrame, records: pl.DataFrame, truth: Truth
) -> tuple[Found, dict[str, int]]:
    """What the register says on the snapshot's own facts, with the law's upper age moved to the configuration's."""
    pack = home.pack.with_parameters({"liable_from": configuration.ages[0], "liable_to": configuration.ages[1]})
    sure, wide = (home.store.get_table(home.snapshot, name) for name in ("flat", "flat_wide"))
    if sure is None or wide is None:
        raise ValueError("a snapshot without flat facts was never a night's")
    answer = standings.decide(pack, Flat(sure, wide), configuration.on)
    question = pack.questions[QUESTION].number
    classes = standings.callable_classes(pack, QUESTION)
    civil = records.filter(pl.col("source") == "civil").select("record", pl.col("key").alias("number"))
    founding = links.filter(pl.col("by") == "founding").select("person", "record")
    decided = (
        answer.filter(pl.col("question") == question)
        .join(founding, on="person")
        .join(civil, on="record")
        .select(
            "person",
            "number",
            pl.col("class").is_in(classes).alias("callable"),
            (pl.col("class") != UNDETERMINED).alias("determined"),
            "needs",
        )
    )
    truly = pl.Series([number for number, reasons in truth.why_not.items() if not reasons])
    asked = decided.filter(~pl.col("determined") & pl.col("number").is_in(truly.implode()))
    needs = {
        name: count
        for bit, name in enumerate(pack.attributes)
        if (count := sum(bool(mask >> bit & 1) for mask in asked["needs"]))
    }
    outside = civil.filter(pl.col("record").is_in(list(home.unsettled))).join(decided, on="number", how="anti")
    unsettled = outside.select(
        pl.lit(None, pl.Int64).alias("person"),
        "number",
        pl.lit(value=False).alias("callable"),
        pl.lit(value=False).alias("determined"),
    )
    if count := outside.filter(pl.col("number").is_in(truly.implode())).height:
        needs["scope"] = count
    everybody = pl.concat([decided.drop("needs"), unsettled])
    return Found(everybody, links, records, home.ref), needs
