"""Why somebody was callable who truly may not be: what the agencies' rows said that day, through the truth key.

1. **ours**: a row that was linked to the person shows the reason, and the register did not read it.
2. **linkage**: a row of the person shows it, and was linked to nobody or to somebody else.
3. **damage**: no row shows it, but would have, had the agency made no mistakes.
4. **delay**: no row shows it, because the agency does not know it yet.

The naive way beside it joins the same rows by number (findings by name and birth date), takes the first value, and
reads "no record" as "no exemption".
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from musterroll import dates

CAUSES = ("delay", "damage", "linkage", "ours")
FORMS = {
    "dob": "%Y-%m-%d",
    "date_of_death": "%Y-%m-%d",
    "birth_date": "%d.%m.%Y",
    "first_day": "%m/%d/%Y",
    "last_day": "%m/%d/%Y",
    "valid_to": "%Y/%m/%d",
    "birth": "%Y/%m/%d",
    "until": "%d/%m/%Y",
    **{f"child_{n}_born": "%d-%m-%Y" for n in (1, 2, 3, 4)},
}
CHILDREN = ("three_children", "three_dependants")
SHOWN_BY = {
    "dead": ("civil",),
    "abroad": ("residence",),
    "serving": ("service",),
    "served": ("service",),
    "student": ("education",),
    "unfit": ("findings",),
    "held": ("courts",),
    "three_children": ("residence", "benefit", "tax"),
    "three_dependants": ("residence", "benefit", "tax"),
}
"""Which agencies' rows can show a reason."""


def day(column: str) -> pl.Expr:
    """A date column as days since 1970-01-01, null where it is blank or cannot be read."""
    return pl.col(column).str.to_date(FORMS[column], strict=False).to_physical()


@dataclass(frozen=True, slots=True)
class Held:
    """What every agency holds on a day, as delivered, each row with `number`: whose it truly is."""

    rows: Mapping[str, pl.DataFrame]
    on: int

    def of(self, agency: str) -> pl.DataFrame | None:
        """The agency's rows; None where it sends nothing in this nation."""
        return self.rows.get(agency)

    def showing(self, reason: str) -> dict[str, pl.DataFrame]:
        """For each agency that can show a reason, its rows that do: their own keys under `key`, and `number`.

        Of "abroad" these are, the other way round, the rows that should be gone.
        """
        shown = {}
        for agency in SHOWN_BY[reason]:
            rows = self.of(agency)
            if rows is not None:
                shown[agency] = rows.filter(self._shows(reason, agency, rows)).select("key", "number")
        return shown

    def _shows(self, reason: str, agency: str, rows: pl.DataFrame) -> pl.Expr | pl.Series:
        match reason:
            case "dead":
                return pl.col("date_of_death") != ""
            case "abroad":
                return pl.lit(value=True)
            case "serving":
                return pl.col("status") == "active"
            case "served":
                return pl.col("status") == "discharged"
            case "student":
                return (pl.col("mode") == "full") & (day("first_day") <= self.on) & (day("last_day") > self.on)
            case "unfit":
                return (pl.col("outcome") == "not fit") & (day("valid_to").fill_null(dates.NEVER) >= self.on)
            case "held":
                return day("until").fill_null(dates.NEVER) >= self.on
            case _:
                return self._children(agency, rows)

    def _children(self, agency: str, rows: pl.DataFrame) -> pl.Expr | pl.Series:
        if agency == "benefit":
            return pl.sum_horizontal(pl.col(f"child_{n}_born") != "" for n in (1, 2, 3, 4)) >= 3
        if agency == "tax":
            return pl.sum_horizontal(pl.col(f"dependant_{n}") != "" for n in (1, 2, 3, 4)) >= 3
        minor = dates.day_of(dates.date_of(self.on).replace(year=dates.date_of(self.on).year - 18, day=1))
        children = rows.filter((pl.col("place") == "child") & (day("birth_date") > minor) & (pl.col("dwelling") != ""))
        large = children.group_by("dwelling").len().filter(pl.col("len") >= 3)["dwelling"]
        return pl.col("dwelling").is_in(large.implode()) & (pl.col("place") != "child")


def cause(reason: str, number: str, held: Held, promptly: Held, linked: Mapping[str, set[str]]) -> str:
    """Which of CAUSES it was. `promptly` is what the agencies would hold had they made no mistakes, `linked` the keys
    of each agency's rows that the register had linked to this person for certain.
    """
    if reason == "abroad":
        return "delay" if _numbers(promptly.showing(reason), number) else "damage"
    shown = _numbers(held.showing(reason), number)
    if any(keys & linked.get(agency, set()) for agency, keys in shown.items()):
        return "ours"
    if shown:
        return "linkage"
    return "damage" if _numbers(promptly.showing(reason), number) else "delay"


def _numbers(shown: Mapping[str, pl.DataFrame], number: str) -> dict[str, set[str]]:
    found = {name: set(rows.filter(pl.col("number") == number)["key"]) for name, rows in shown.items()}
    return {name: keys for name, keys in found.items() if keys}


def naive(held: Held, least: int, most: int) -> set[str]:
    """The civil keys that a register run in the usual way would call, of whole years `least` to `most`."""
    on = dates.date_of(held.on)
    after, until = (dates.day_of(on.replace(year=on.year - years, day=min(on.day, 28))) for years in (most + 1, least))
    civil = held.rows["civil"].filter(
        pl.col("sex") == "1", pl.col("date_of_death") == "", day("dob").is_between(after + 1, until)
    )
    out: set[str] = set()
    numbers = {"service": "nat_no", "education": "pupil_number", "courts": "number_given"}
    for agency, reasons in (("service", ("serving", "served")), ("education", ("student",)), ("courts", ("held",))):
        rows = held.of(agency)
        if rows is not None:
            for reason in reasons:
                keys = held.showing(reason)[agency]["key"]
                out |= set(rows.filter(pl.col("key").is_in(keys.implode()))[numbers[agency]])
    for agency, columns in (("benefit", ("claimant_no", "partner_no")), ("tax", ("filer", "spouse"))):
        rows = held.of(agency)
        if rows is not None:
            large = rows.filter(pl.col("key").is_in(held.showing("three_dependants")[agency]["key"].implode()))
            out |= set(large[columns[0]]) | set(large[columns[1]])
    findings = held.of("findings")
    if findings is not None:
        unfit = findings.filter(pl.col("key").is_in(held.showing("unfit")["findings"]["key"].implode()))
        same = civil.with_columns(
            (pl.col("surname") + ", " + pl.col("forename")).alias("name"), day("dob").alias("born")
        )
        both = same.join(unfit.with_columns(day("birth").alias("born")), on=["name", "born"], how="semi")
        out |= set(both["pn"])
    return set(civil["pn"]) - out
