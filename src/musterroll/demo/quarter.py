"""The second night of the demonstration: what changed in the town in the first quarter of 2021.

1. Unchanged rows keep every byte; changed and new rows take their cells from the package's 2021 files, with errors.
2. Births, deaths and immigrations: the civil events of the quarter. The dwelling register strikes out its dead and
   enters children whom the child benefit office learnt of.
3. Moves, and students and soldiers who moved into their halls: people whose household or housing differs between the
   2020 and 2021 tax filings. The sample dates them by year only, so a quarter of them is taken, by digest.
4. Pay: everybody still serving has a row of the new year at once; of those who enlist in the year, a quarter.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import pseudopeople as psp

from musterroll import canonical, dates
from musterroll.demo import simulation, town
from musterroll.demo.registers import COLUMNS, Row, numbered, text

YEAR = 2021
FIRST = dates.parse_day("2021-01-01")
LAST = dates.parse_day("2021-03-31")
_ADDRESS = ("street_number", "street_name", "unit_number", "city", "state", "zipcode")


def second_night(before: dict[str, list[Row]], seed: int, config: Any, folder: Path) -> dict[str, list[Row]]:
    """The four registers that change in a quarter, and `truth/changes.json`: who changed how, by simulant."""
    events = simulation.civil_events(LAST)
    events = events[events["day"] >= FIRST]
    died = set(events[events["event_type"] == "death"]["simulant_id"])
    civil = psp.generate_social_security(seed=seed, year=YEAR, config=config)
    clean = psp.generate_social_security(seed=seed, year=YEAR, config=psp.NO_NOISE)
    when = [FIRST <= simulation.day(value) <= LAST for value in clean["event_date"]]
    pay, enlisted = _pay(seed, config)
    moved, homes = _moves(seed, config)
    benefit, births = _births(seed, config)
    benefit = benefit[~benefit["simulant_id"].isin({row.simulant for row in before["benefit"]})]
    dwelling = [_moved(row, moved) for row in before["dwelling"] if row.simulant not in died]
    newborn = births[~births["simulant_id"].isin({row.simulant for row in dwelling})]
    changes = {
        "died": sorted(died),
        "entered": sorted(set(events[events["event_type"] == "creation"]["simulant_id"])),
        "enlisted": sorted(enlisted),
        "moved": sorted({row.simulant for row in dwelling if row.simulant in moved}),
        "housing": {s: homes[s] for s in sorted(homes)},
        "born": sorted(set(newborn["simulant_id"])),
    }
    town.whole(folder / "truth" / "changes.json", canonical.encode(changes))
    return {
        "civil": _join(before["civil"], numbered("civil", civil[when], seed, len(before["civil"]) + 1), seed),
        "dwelling": _join(dwelling, numbered("dwelling", newborn, seed, len(before["dwelling"]) + 1), seed),
        "pay": _join(before["pay"], numbered("pay", pay, seed, len(before["pay"]) + 1), seed),
        "benefit": _join(before["benefit"], numbered("benefit", benefit, seed, len(before["benefit"]) + 1), seed),
    }


def _join(old: list[Row], new: list[Row], seed: int) -> list[Row]:
    """Old and new rows in an order of its own, as a register gives them on another day."""
    return sorted(old + new, key=lambda row: canonical.sha256("/".join((str(seed), *row.cells)).encode("utf-8")))


def _quarter(simulant: str) -> bool:
    """Whether a change that the sample dates by year only falls in the first quarter."""
    return canonical.sha256(simulant.encode("ascii"))[0] < 64


def _pay(seed: int, config: Any) -> tuple[pd.DataFrame, set[str]]:
    rows = psp.generate_taxes_w2_and_1099(seed=seed, year=YEAR, config=config)
    rows = rows[rows["employer_name"] == "Military"].astype(object)
    pay = simulation.pay_rows()
    earlier = set(pay[pay["tax_year"] == YEAR - 1]["simulant_id"])
    enlisted = {s for s in rows["simulant_id"] if s not in earlier and _quarter(s)}
    return rows[rows["simulant_id"].isin(earlier | enlisted)], enlisted


def _moves(seed: int, config: Any) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """New cells of those whose household or housing changed, and the new housing where it did."""
    columns = ["simulant_id", "household_id", "housing_type", "relationship_to_reference_person"]
    old = simulation.table("taxes_1040", "tax_year", YEAR - 1, columns).set_index("simulant_id").astype(str)
    new = simulation.table("taxes_1040", "tax_year", YEAR, columns).set_index("simulant_id").astype(str)
    both = old.join(new, how="inner", lsuffix="_before")
    same = (both["household_id"] == both["household_id_before"]) & (both["housing_type"] == both["housing_type_before"])
    new = new.loc[[simulant for simulant in both[~same].index if _quarter(simulant)]]
    filed = psp.generate_taxes_1040(seed=seed, year=YEAR, config=config).set_index("simulant_id")
    cells: dict[str, dict[str, str]] = {}
    homes: dict[str, str] = {}
    for simulant in sorted(set(new.index) & set(filed.index)):
        was, now, said = old.loc[simulant], new.loc[simulant], filed.loc[simulant]
        if not text(said["mailing_address_street_name"]):
            continue
        cells[simulant] = {part: text(said[f"mailing_address_{part}"]) for part in _ADDRESS} | {
            name: text(now[name]) for name in ("household_id", "housing_type", "relationship_to_reference_person")
        }
        if was["housing_type"] != now["housing_type"]:
            homes[simulant] = text(now["housing_type"])
    return cells, homes


def _moved(row: Row, moved: dict[str, dict[str, str]]) -> Row:
    if row.simulant not in moved:
        return row
    new = moved[row.simulant]
    cells = tuple(new.get(column, cell) for column, cell in zip(COLUMNS["dwelling"], row.cells, strict=True))
    return Row(row.key, row.simulant, cells)


def _births(seed: int, config: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The quarter's children in the child benefit file, and as the dwelling register enters them."""
    true = simulation.table("women_infants_and_children", "year", YEAR)
    true = true[(true["date_of_birth"] >= "2021-01-01") & (true["date_of_birth"] <= "2021-03-31")]
    said = psp.generate_women_infants_and_children(seed=seed, year=YEAR, config=config)
    said = said[said["simulant_id"].isin(set(true["simulant_id"]))].astype(object)
    place = true.set_index("simulant_id")
    entered = said.assign(
        age="0",
        date_of_birth=[_slashes(text(cell)) for cell in said["date_of_birth"]],
        housing_type="Household",
        relationship_to_reference_person=[
            text(place.loc[s]["relationship_to_reference_person"]) for s in said["simulant_id"]
        ],
        household_id=[text(place.loc[s]["household_id"]) for s in said["simulant_id"]],
    )
    return said, entered


def _slashes(digits: str) -> str:
    """MMDDYYYY as MM/DD/YYYY; what is not eight characters long is left as it is written."""
    return f"{digits[:2]}/{digits[2:4]}/{digits[4:]}" if len(digits) == 8 else digits
