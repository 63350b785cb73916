"""Whether the files, as they were delivered, could have shown that somebody may not be called.

A wrongful call-up is *knowable* when some row of that person says the truth and was not read, linked or believed. It is
not knowable when the row is missing or says something else: then only the person can tell, and the notice must ask. The
answer looks through the truth key, never through the register's links, so that a missed link counts against us.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from musterroll import dates
from musterroll.extract.row import cell
from musterroll.extract.schema import Column, ColumnType

HEADS = {
    "Reference person",
    "Opposite-sex spouse",
    "Same-sex spouse",
    "Opposite-sex unmarried partner",
    "Same-sex unmarried partner",
}
CHILDREN = {"Biological child", "Adopted child", "Stepchild", "Foster child"}
INSTITUTIONS = {"Nursing home", "Other institutional", "Carceral"}
_FORMS = {"civil": "YYYYMMDD", "dwelling": "MM/DD/YYYY", "benefit": "MMDDYYYY"}


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether a row could have shown it, and the sentence for the report (no name, number or address)."""

    knowable: bool
    why: str


class Witness:
    """The delivered rows of one night, by whose they truly are."""

    def __init__(self, deliveries: Path, whose: pl.DataFrame, on: int, born: tuple[int, int]) -> None:
        """`born`: who is called is born after the first day and not after the second."""
        self.born = born
        self.on = on
        self.year = dates.date_of(on).year
        self.rows: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.homes: dict[str, list[dict[str, str]]] = {}
        self.simulant_of: dict[str, str] = {}
        self.born_of: dict[str, int] = {}
        for source in whose["source"].unique().sort():
            simulants = whose.filter(pl.col("source") == source).sort("row")["simulant"].to_list()
            with (deliveries / f"{source}.csv").open(encoding="utf-8", newline="") as file:
                for simulant, row in zip(simulants, csv.DictReader(file), strict=True):
                    self._take(source, simulant, row)

    def _take(self, source: str, simulant: str, row: dict[str, str]) -> None:
        self.rows.setdefault((source, simulant), []).append(row)
        if source == "civil":
            self.simulant_of[row["ssn"]] = simulant
            born = self.day(row["date_of_birth"], "civil")
            if born is not None:
                self.born_of.setdefault(row["ssn"], born)
        elif source == "dwelling":
            self.homes.setdefault(row["household_id"], []).append(row)

    def could_show(self, number: str, reasons: Iterable[str]) -> Shown:
        """Whether some row could have shown one of the true reasons against calling the holder of a civil key."""
        simulant = self.simulant_of[number]
        seen = [self._reason(reason, simulant) for reason in reasons]
        for shown in seen:
            if shown.knowable:
                return shown
        return seen[0]

    def of(self, source: str, simulant: str) -> list[dict[str, str]]:
        """The delivered rows that are truly somebody's."""
        return self.rows.get((source, simulant), [])

    def day(self, text: str, source: str) -> int | None:
        """The day written in a cell of a source, where it can be read."""
        column = Column("", ColumnType.DATE, forms=(_FORMS[source],), earliest=dates.day_of(date(1905, 1, 1)))
        value = cell(column, text, self.on)[0]
        return value if isinstance(value, int) else None

    def _reason(self, reason: str, simulant: str) -> Shown:
        dwelling, civil, pay = self.of("dwelling", simulant), self.of("civil", simulant), self.of("pay", simulant)
        housing = {row["housing_type"] for row in dwelling}
        match reason:
            case "dead":
                shown = len(civil) > 1 or any(row["event_type"] == "death" for row in civil)
                return _shown(shown, "a civil row tells of the death", "no death has reached the civil register")
            case "sex":
                shown = any(row["sex"] == "Female" for row in civil + dwelling)
                return _shown(shown, "a row says female", "no row says female")
            case "age":
                return _shown(self._age(simulant), "a row has the right age", "every birth date of theirs is wrong")
            case "dwelling":
                return Shown(True, "no dwelling row is theirs, and they were called all the same")
            case "serving":
                shown = "Military" in housing or any(row["tax_year"] == str(self.year) for row in pay)
                return _shown(shown, "a pay or dwelling row shows service", "the pay row is missing")
            case "served":
                shown = any(row["tax_year"] < str(self.year) for row in pay)
                return _shown(shown, "a pay row of an earlier year shows service", "the pay row is missing")
            case "institution":
                shown = bool(housing & INSTITUTIONS)
                return _shown(shown, "a dwelling row shows the institution", _wrong_row(dwelling, "an institution"))
            case "student":
                return _shown("College" in housing, "a dwelling row shows the hall", _wrong_row(dwelling, "a hall"))
            case "three_children":
                return self._children(simulant, 3)
            case "sole_guardian":
                return self._children(simulant, 1)
            case "three_dependants":
                minors = max((self.dependants(row) for row in self.of("tax", simulant)), default=0)
                return _shown(
                    minors >= 3,
                    "a tax row names three minor dependants",
                    f"the tax rows show {minors} of their minor dependants",
                )
            case _:
                raise ValueError(f"no such reason: {reason}")

    def _age(self, simulant: str) -> bool:
        """Whether a birth date or age outside what is called stands in some row of theirs, or none in any."""
        days = [self.day(row["date_of_birth"], s) for s in ("civil", "dwelling") for row in self.of(s, simulant)]
        read = [day for day in days if day is not None]
        after, until = self.born
        by_age = [int(row["age"]) for row in self.of("dwelling", simulant) if row["age"].isdigit()]
        # A year either way: the age was told some months before.
        young, old = self.year - dates.date_of(until).year - 1, self.year - dates.date_of(after).year + 1
        return not read or any(not after < day <= until for day in read) or any(not young <= a <= old for a in by_age)

    def minor(self, row: dict[str, str]) -> bool:
        """Whether a dwelling row is a minor's, by its birth date or else its age."""
        born = self.day(row["date_of_birth"], "dwelling")
        if born is None:
            return row["age"].isdigit() and int(row["age"]) < 18
        adult = dates.date_of(self.on).replace(year=self.year - 18)
        return born > dates.day_of(adult)

    def _children(self, simulant: str, needed: int) -> Shown:
        """Whether the household's rows show enough minor children of a head (and, for one, no other head)."""
        best = 0
        for own in self.of("dwelling", simulant):
            if own["relationship_to_reference_person"] not in HEADS or not own["household_id"]:
                continue
            home = self.homes[own["household_id"]]
            found = sum(row["relationship_to_reference_person"] in CHILDREN and self.minor(row) for row in home)
            heads = sum(row["relationship_to_reference_person"] in HEADS for row in home)
            if needed > 1 or heads == 1:
                best = max(best, found)
        kind = "the household's rows show the children" if needed > 1 else "the household's rows show a sole guardian"
        return _shown(best >= needed, kind, f"the household's rows show {best} of their minor children")

    def dependants(self, row: dict[str, str]) -> int:
        """How many of a tax row's dependants have a number that belongs to a minor."""
        adult = dates.day_of(dates.date_of(self.on).replace(year=self.year - 18))
        numbers = (row[f"dependent_{n}_ssn"] for n in (1, 2, 3, 4))
        return sum(self.born_of.get(number, dates.FIRST_DAY) > adult for number in numbers)


def _shown(knowable: bool, how: str, why_not: str) -> Shown:
    return Shown(knowable, how if knowable else why_not)


def _wrong_row(dwelling: list[dict[str, str]], what: str) -> str:
    return f"the dwelling row does not say {what}" if dwelling else "they have no dwelling row"
