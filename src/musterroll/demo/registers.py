"""The agencies' registers of the demonstration: their columns, and rows that keep an agency's own number."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from musterroll import canonical

SENDERS = {
    "civil": "Civil Register Office",
    "dwelling": "Dwelling Register of Anytown",
    "pay": "Armed Forces Pay Office",
    "tax": "Tax Office, dependants section",
    "benefit": "Child Benefit Office",
}
_MAILING = ("street_number", "street_name", "unit_number", "po_box", "city", "state", "zipcode")
COLUMNS = {
    "civil": (
        "ssn",
        "first_name",
        "middle_name",
        "last_name",
        "date_of_birth",
        "sex",
        "event_type",
        "event_date",
    ),
    "dwelling": (
        "entry",
        "household_id",
        "first_name",
        "middle_initial",
        "last_name",
        "age",
        "date_of_birth",
        "sex",
        "street_number",
        "street_name",
        "unit_number",
        "city",
        "state",
        "zipcode",
        "housing_type",
        "relationship_to_reference_person",
        "race_ethnicity",
        "year",
    ),
    "pay": (
        "entry",
        "ssn",
        "first_name",
        "middle_initial",
        "last_name",
        *(f"mailing_address_{part}" for part in _MAILING),
        "tax_year",
    ),
    "tax": (
        "entry",
        "ssn",
        "first_name",
        "middle_initial",
        "last_name",
        *(f"mailing_address_{part}" for part in _MAILING),
        "spouse_first_name",
        "spouse_middle_initial",
        "spouse_last_name",
        "spouse_ssn",
        *(f"dependent_{n}_{part}" for n in (1, 2, 3, 4) for part in ("first_name", "last_name", "ssn")),
        "tax_year",
    ),
    "benefit": (
        "entry",
        "first_name",
        "middle_initial",
        "last_name",
        "date_of_birth",
        "sex",
        "street_number",
        "street_name",
        "unit_number",
        "city",
        "state",
        "zipcode",
        "race_ethnicity",
    ),
}
"""What each agency sends. The deliveries hold a few columns that no article cites, so that cutting them is seen."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a delivery: its agency key, whose row it is in truth, and its cells as text, in column order."""

    key: str
    simulant: str
    cells: tuple[str, ...]


def text(value: Any) -> str:
    """A cell as an agency writes it; nothing for a missing value."""
    if value is None or (isinstance(value, float) and value != value) or value is pd.NaT:
        return ""
    return str(value)


def numbered(source: str, frame: pd.DataFrame, seed: int, first: int = 1) -> list[Row]:
    """The rows of a frame, shuffled by digest and numbered from `first`; the civil register's key is its own."""
    columns = [column for column in COLUMNS[source] if column != "entry"]
    rows = list(zip(*([text(v) for v in frame[column]] for column in columns), strict=True))
    simulants = [str(v) for v in frame["simulant_id"]]
    order = sorted(
        range(len(rows)), key=lambda place: canonical.sha256(f"{seed}/{source}/{first}/{place}".encode("ascii"))
    )
    out: list[Row] = []
    for number, place in enumerate(order, start=first):
        if source == "civil":
            out.append(Row(rows[place][0], simulants[place], rows[place]))
        else:
            key = f"{source[0].upper()}{number:07d}"
            out.append(Row(key, simulants[place], (key, *rows[place])))
    return out
