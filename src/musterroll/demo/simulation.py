"""What is true of the simulated town, read from the sample's own tables without errors. For the truth report only.

`truth/rows.parquet` says whose each delivered row is; `truth/people.parquet` holds the facts of everybody in the civil
register; `truth/families.parquet` who is whose child. Days are int32 since 1970-01-01, `never` 2^31-1.
"""

import importlib.util
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from musterroll import dates

HEADS = frozenset(
    {
        "Reference person",
        "Opposite-sex spouse",
        "Same-sex spouse",
        "Opposite-sex unmarried partner",
        "Same-sex unmarried partner",
    }
)
CHILDREN = frozenset({"Biological child", "Adopted child", "Stepchild", "Foster child"})
INSTITUTIONS = frozenset({"Nursing home", "Other institutional", "Carceral"})


def table(name: str, column: str = "", value: int | str = 0, columns: list[str] | None = None) -> pd.DataFrame:
    """One of the sample's tables as the simulation left it: all of it, or the rows with a value in a column."""
    spec = importlib.util.find_spec("pseudopeople")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pseudopeople")
    path = Path(spec.origin).parent / "data" / "sample_datasets" / name / f"{name}.parquet"
    return pd.read_parquet(path, columns=columns, filters=[(column, "==", value)] if column else None)


def day(value: Any) -> int:
    """A day from a timestamp, or from digits YYYYMMDD."""
    text = str(value).replace("-", "")[:8]
    return dates.day_of(date(int(text[:4]), int(text[4:6]), int(text[6:])))


def pay_rows() -> pd.DataFrame:
    """The armed forces' rows of the payroll table, all years."""
    return table("taxes_w2_and_1099", "employer_name", "Military", ["simulant_id", "tax_year"])


def children_of(year: int, under: int) -> set[str]:
    """The simulants of the child benefit table who are under an age at the year's end."""
    rows = table("women_infants_and_children", "year", year)
    first = pd.Timestamp(year - under, 12, 31)
    return set(rows[rows["date_of_birth"] > first]["simulant_id"])


def civil_events(until: int) -> pd.DataFrame:
    """The civil register's events up to a day, with `day` and `born`."""
    columns = ["simulant_id", "ssn", "sex", "event_type", "event_date", "date_of_birth"]
    rows = table("social_security", columns=columns)
    rows = rows.assign(day=[day(v) for v in rows["event_date"]], born=[day(v) for v in rows["date_of_birth"]])
    return rows[rows["day"] <= until]


def families(year: int, born: dict[str, int]) -> pd.DataFrame:
    """Who is whose child: in one household with its head, spouse or partner, or as dependant at the tax office."""
    out: list[tuple[str, str, str, int]] = []
    census = table("decennial_census", "year", year)
    heads: dict[str, list[str]] = {}
    children: dict[str, list[str]] = {}
    relations = census[["household_id", "simulant_id", "relationship_to_reference_person"]].astype(str)
    for home, simulant, relation in relations.itertuples(index=False):
        if relation in HEADS:
            heads.setdefault(home, []).append(simulant)
        elif relation in CHILDREN:
            children.setdefault(home, []).append(simulant)
    for home, parents in heads.items():
        out.extend((parent, c, "household", born[c]) for parent in parents for c in children.get(home, ()))
    filed = table("taxes_1040", "tax_year", year)
    for n in (1, 2, 3, 4):
        for who in ("simulant_id", "spouse_simulant_id"):
            both = filed[[who, f"dependent_{n}_simulant_id"]].dropna()
            out.extend((str(p), str(c), "dependants", born[c]) for p, c in both.itertuples(index=False) if c in born)
    return pd.DataFrame(sorted(set(out)), columns=["parent", "child", "roster", "born"])


def people(year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts of everybody in the civil register on the year's last day, and the families they come from."""
    on = dates.parse_day(f"{year}-12-31")
    events = civil_events(on)
    civil = events[events["event_type"] == "creation"].drop_duplicates("simulant_id").sort_values("simulant_id")
    died = {str(s): int(d) for s, d in events[events["event_type"] == "death"][["simulant_id", "day"]].values}
    census = table("decennial_census", "year", year)
    born = {str(s): day(d) for s, d in zip(census["simulant_id"], census["date_of_birth"], strict=True)}
    born.update(zip(civil["simulant_id"], civil["born"], strict=True))
    family = families(year, born)
    housing = dict(zip(census["simulant_id"], census["housing_type"].astype(str), strict=True))
    relation = dict(zip(census["simulant_id"], census["relationship_to_reference_person"].astype(str), strict=True))
    home = dict(zip(census["simulant_id"], census["household_id"], strict=True))
    heads: dict[str, int] = {}
    for simulant, place in home.items():
        if relation[simulant] in HEADS:
            heads[place] = heads.get(place, 0) + 1
    pay = pay_rows()
    now = set(pay[pay["tax_year"] == year]["simulant_id"])
    before = set(pay[pay["tax_year"] < year]["simulant_id"])
    births: dict[tuple[str, str], list[int]] = {}
    for parent, _, roster, child_born in family.itertuples(index=False):
        births.setdefault((parent, roster), []).append(int(child_born))

    def nth(simulant: str, roster: str, n: int) -> int:
        latest = sorted(births.get((simulant, roster), ()), reverse=True)
        return latest[n - 1] if len(latest) >= n else dates.NEVER

    rows = [
        {
            "simulant": s,
            "number": number,
            "born": int(birth),
            "sex": 0 if sex == "Male" else 1,
            "died_on": died.get(s, dates.NEVER),
            "lives_in_dwelling": s in housing,
            "serving": s in now or housing.get(s) == "Military",
            "has_served": s in before,
            "in_institution": housing.get(s) in INSTITUTIONS,
            "full_time_student": housing.get(s) == "College",
            "third_child_born": nth(s, "household", 3),
            "third_dependant_born": nth(s, "dependants", 3),
            "youngest_child_born": nth(s, "household", 1),
            "shares_care": relation.get(s) in HEADS and heads[home[s]] > 1,
        }
        for s, number, birth, sex in civil[["simulant_id", "ssn", "born", "sex"]].itertuples(index=False)
    ]
    return pd.DataFrame(rows), family


def write(folder: Path, year: int, keys: dict[str, dict[str, list[tuple[str, str]]]]) -> None:
    """Write the truth of one configuration; `keys` are, for each night and source, (agency key, simulant) in order."""
    truth = folder / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    rows = [
        (night, source, row, key, simulant)
        for night, registers in keys.items()
        for source, pairs in registers.items()
        for row, (key, simulant) in enumerate(pairs, start=1)
    ]
    facts, family = people(year)
    columns = ["night", "source", "row", "key", "simulant"]
    for name, frame in (("rows", pd.DataFrame(rows, columns=columns)), ("people", facts), ("families", family)):
        part = truth / f"{name}.parquet.part"
        frame.to_parquet(part, index=False)
        part.replace(truth / f"{name}.parquet")
