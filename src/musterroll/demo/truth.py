"""How often the register was wrong about people, measured against a town whose truth is known.

For everybody in the civil register, on the last day of the year:

1. **Truly callable**: by the simulation without errors, of the age and sex the law names, alive, living in a dwelling,
   and not serving, not served, not in an institution, not a parent of three minors, not a sole guardian, not a student.
2. **Called**: the register found them callable. **Wrongful**: called, but not truly callable; each is listed with why.
3. **Wrongful and knowable**: some row of that person, or of their household, as delivered, could have shown it.
4. **Missed**: truly callable, and the register decided otherwise. **Undetermined**: truly callable, and it asks.
5. The naive ways (`demo.naive`) answer the same question from the same files, so that carelessness has a price tag.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from musterroll import dates
from musterroll.demo import town
from musterroll.demo.knowable import Witness

REASONS = {
    "dead": "had died",
    "sex": "is not a man",
    "age": "is not of the age that is called",
    "dwelling": "lives in no dwelling of the country",
    "serving": "is serving",
    "served": "has served",
    "institution": "lives in an institution",
    "three_children": "is the parent of three minor children at home",
    "three_dependants": "maintains three minor children",
    "sole_guardian": "is the only guardian of a minor child",
    "student": "is a full-time student",
}
"""Why somebody may not be called, in the order in which a wrongful call-up is told."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One run of the bench: which year and seed, how much error, which ages (whole years, both included)."""

    year: int
    seed: int
    noise: int
    ages: tuple[int, int]

    @property
    def on(self) -> int:
        """The day on which everybody's standing is asked for."""
        return town.as_of(town.NIGHT_1, self.year)

    @property
    def written_ages(self) -> str:
        """The ages as the report has them, e.g. `18-25`."""
        return f"{self.ages[0]}-{self.ages[1]}"


@dataclass(frozen=True, slots=True)
class Found:
    """What the register found. `standings`: person, number (the civil key), callable, determined. `links`: person,
    record, judgement. `records`: record, source, key of every row's record. `ref` gives a person's opaque name.
    """

    standings: pl.DataFrame
    links: pl.DataFrame
    records: pl.DataFrame
    ref: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """One wrongful call-up: who (opaque, and by civil key), the true reasons against it, whether a row could have shown
    it, and how.
    """

    ref: str
    number: str
    reasons: tuple[str, ...]
    knowable: bool
    why: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of one way of deciding."""

    called: int
    wrongful: int
    wrongful_knowable: int
    missed: int
    undetermined_callable: int
    truly_callable: int
    by_reason: Mapping[str, int]

    def written(self) -> dict[str, Any]:
        """The members of the report's objects."""
        return {
            "called": self.called,
            "wrongful": self.wrongful,
            "wrongful_knowable": self.wrongful_knowable,
            "missed": self.missed,
            "undetermined_callable": self.undetermined_callable,
            "truly_callable": self.truly_callable,
            "wrongful_by_reason": dict(self.by_reason),
        }


@dataclass(frozen=True, slots=True)
class Links:
    """How many rows met their person: counts of confirmed and possible links, and of rows that have a person."""

    confirmed: int
    confirmed_right: int
    found_confirmed: int
    found_possible: int
    true_pairs: int

    def written(self) -> dict[str, Any]:
        """The members of the report's object; rates are in millionths, so that every number is whole."""
        return {
            "confirmed": self.confirmed,
            "wrong": self.confirmed - self.confirmed_right,
            "precision_ppm": ppm(self.confirmed_right, self.confirmed),
            "recall_ppm": ppm(self.found_confirmed, self.true_pairs),
            "recall_with_possible_ppm": ppm(self.found_confirmed + self.found_possible, self.true_pairs),
            "rows_of_persons": self.true_pairs,
        }


class Truth:
    """The simulation's truth about one configuration's deliveries, from `folder/truth` and `folder/deliveries`."""

    def __init__(self, folder: Path, configuration: Configuration, night: str = town.NIGHT_1) -> None:
        self.configuration = configuration
        self.night = night
        self.people = pl.read_parquet(folder / "truth" / "people.parquet")
        rows = pl.read_parquet(folder / "truth" / "rows.parquet")
        self.rows = rows.filter(pl.col("night") == night)
        least, most = configuration.ages
        self.born = (years_before(configuration.on, most + 1), years_before(configuration.on, least))
        self.witness = Witness(folder / "deliveries" / night, self.rows, configuration.on, self.born)
        self.why_not = self._why_not()

    def _why_not(self) -> dict[str, tuple[str, ...]]:
        """For each civil key the reasons against calling its holder; none for the truly callable."""
        on = self.configuration.on
        least, most = self.configuration.ages
        minor = years_before(on, 18)
        tests = {
            "dead": pl.col("died_on") <= on,
            "sex": pl.col("sex") != 0,
            "age": (pl.col("born") > years_before(on, least)) | (pl.col("born") <= years_before(on, most + 1)),
            "dwelling": ~pl.col("lives_in_dwelling"),
            "serving": pl.col("serving"),
            "served": pl.col("has_served"),
            "institution": pl.col("in_institution"),
            "three_children": _day("third_child_born") > minor,
            "three_dependants": _day("third_dependant_born") > minor,
            "sole_guardian": (_day("youngest_child_born") > minor) & ~pl.col("shares_care"),
            "student": pl.col("full_time_student"),
        }
        frame = self.people.select("number", *(test.alias(name) for name, test in tests.items()))
        return {
            number: tuple(name for name, holds in zip(tests, flags, strict=True) if holds)
            for number, *flags in frame.iter_rows()
        }

    def counts(self, callable_: set[str], undetermined: set[str]) -> tuple[Counts, list[str]]:
        """The figures for those found callable and those asked (by civil key); and the keys of the wrongful."""
        truly = {number for number, reasons in self.why_not.items() if not reasons}
        wrongful = sorted(callable_ - truly)
        by_reason: dict[str, int] = {}
        knowable = 0
        for number in wrongful:
            reasons = self.why_not[number]
            by_reason[reasons[0]] = by_reason.get(reasons[0], 0) + 1
            knowable += self.witness.could_show(number, reasons).knowable
        return Counts(
            called=len(callable_),
            wrongful=len(wrongful),
            wrongful_knowable=knowable,
            missed=len(truly - callable_ - undetermined),
            undetermined_callable=len(truly & undetermined),
            truly_callable=len(truly),
            by_reason={name: by_reason[name] for name in REASONS if name in by_reason},
        ), wrongful

    def measured(self, found: Found) -> tuple[Counts, tuple[Wrong, ...], Links]:
        """The register's figures, its wrongful call-ups one by one, and its links'."""
        persons = dict(found.standings.select("number", "person").iter_rows())
        called = set(found.standings.filter(pl.col("callable"))["number"])
        asked = set(found.standings.filter(~pl.col("determined"))["number"])
        counts, wrongful = self.counts(called, asked)
        listed = []
        for number in wrongful:
            reasons = self.why_not[number]
            shown = self.witness.could_show(number, reasons)
            listed.append(Wrong(found.ref(persons[number]), number, reasons, shown.knowable, shown.why))
        return counts, tuple(sorted(listed, key=lambda each: each.ref)), self.links(found)

    def links(self, found: Found) -> Links:
        """How well rows met persons; founding links, which are right by definition, are left out."""
        whose = self.rows.select("source", "key", "simulant").unique()
        persons = found.standings.select("person", "number").join(
            self.people.select("number", pl.col("simulant").alias("holder")), on="number"
        )
        rows = found.records.join(whose, on=["source", "key"]).filter(pl.col("source") != "civil")
        links = found.links.join(rows, on="record").join(persons.select("person", "holder"), on="person")
        right = pl.col("simulant") == pl.col("holder")
        sure = links.filter(pl.col("judgement") == 1)
        maybe = links.filter((pl.col("judgement") == 2) & right)
        true_pairs = rows.join(persons, left_on="simulant", right_on="holder", how="semi")
        return Links(
            confirmed=sure.height,
            confirmed_right=sure.filter(right).height,
            found_confirmed=sure.filter(right)["record"].n_unique(),
            found_possible=maybe.join(sure.filter(right), on="record", how="anti")["record"].n_unique(),
            true_pairs=true_pairs["record"].n_unique(),
        )


def _day(column: str) -> pl.Expr:
    """A day that is `never` counts as long ago: there is no such child."""
    return pl.when(pl.col(column) == dates.NEVER).then(dates.FIRST_DAY).otherwise(pl.col(column))


def years_before(day: int, years: int) -> int:
    """The day on which somebody of `years` whole years on `day` was born at the latest."""
    then = dates.date_of(day)
    return dates.day_of(date(then.year - years, then.month, min(then.day, 28) if then.month == 2 else then.day))


def ppm(part: int, whole: int) -> int:
    """Millionths, rounded down; 0 of nothing is 0."""
    return part * 1_000_000 // whole if whole else 0


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (E. B. Wilson, 1927), as two shares between 0 and 1."""
    if not whole:
        return 0.0, 1.0
    z, share = 1.959964, part / whole
    middle = share + z * z / (2 * whole)
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    below = 1 + z * z / whole
    return max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below)
