"""Days read at once must be those that the plain reader reads; what it does not surely read is left to it."""

import random

import polars as pl
import pytest

from musterroll.engine import days_at_once
from musterroll.extract import row
from musterroll.extract.declaration import load_source
from musterroll.extract.schema import Column

TODAY = 20_454  # 2026-01-01

DECLARED = {
    "ISO": "format: ISO",
    "points": "format: DD.MM.YYYY",
    "nothing between": "format: YYYYMMDD",
    "month first": "format: MM/DD/YYYY",
    "may be later than the extract": "format: DD.MM.YYYY, future: yes",
    "within limits": 'format: DD.MM.YYYY, constraints: {minimum: "1905-01-01", maximum: "2024-12-31"}',
    "a word for nothing": 'format: DD.MM.YYYY, missingValues: ["01.01.1900"]',
    "partly known": "format: DD.MM.YYYY, partly_known: yes",
    "several forms": "format: [DD.MM.YYYY, ISO]",
    "one digit or two": "format: D.M.YYYY",
    "year and month": "format: MM.YYYY",
    "with a time": 'format: "YYYY-MM-DD hh:mm"',
}

ODD = ("", " ", "29.02.2000", "29.02.1900", "31.04.2001", "00.00.1990", "01.01.0000", "01.01.0001", "31.12.9999",
       " 05.06.2001", "05.06.2001 ", "05.06.2001\n", "5.6.2001", "05.06.01", "05-06-2001", "٠٥.06.2001", "05.06.20x1",
       "2000-02-29", "1900-02-29", "2001-13-01", "20000229", "00000101", "02/29/2000", "2001-05-06 07:08",
       "01.01.1900", "01.2.2001", "+5.06.2001", "06.2001")  # fmt: skip


def declared(field: str) -> Column:
    text = f"""
source: office
kind: civil register
agency: Office
legal_basis: art. 1
purpose: administration
format: csv
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 60
silence: nobody
schema:
  primaryKey: key
  fields:
    - {{name: key, type: string, constraints: {{required: yes}}}}
    - {{name: day, type: date, {field}}}
facts:
  - {{attribute: born, column: day}}
"""
    return load_source(text).columns["day"]


def texts() -> list[str]:
    chance = random.Random(11)
    days = [(chance.randint(1890, 2030), chance.randint(0, 13), chance.randint(0, 32)) for _ in range(3_000)]
    return [
        *ODD,
        *(f"{d:02}.{m:02}.{y:04}" for y, m, d in days),
        *(f"{y:04}-{m:02}-{d:02}" for y, m, d in days),
        *(f"{y:04}{m:02}{d:02}" for y, m, d in days),
        *(f"{m:02}/{d:02}/{y:04}" for y, m, d in days),
    ]


@pytest.mark.parametrize("name", DECLARED)
def test_a_day_read_at_once_is_the_one_day_that_the_plain_reader_reads(name: str) -> None:
    column, every = declared(DECLARED[name]), texts()
    days = days_at_once.surely(column, pl.Series(every), TODAY).to_list()
    for text, day in zip(every, days, strict=True):
        if day is not None:
            assert (row.cell(column, text, TODAY), row.hull(column, text, TODAY)) == ((day, ""), ((day, day), ""))


@pytest.mark.parametrize("name", ["ISO", "points", "nothing between", "month first", "several forms", "within limits"])
def test_a_day_written_plainly_is_left_to_nobody(name: str) -> None:
    column, every = declared(DECLARED[name]), texts()
    days = days_at_once.surely(column, pl.Series(every), TODAY).to_list()
    plain = {"several forms": "."}.get(name, "")
    left = [
        text
        for text, day in zip(every, days, strict=True)
        if day is None and text.isascii() and text == text.strip() and row.cell(column, text, TODAY)[0] is not None
    ]
    assert [text for text in left if plain in text and ":" not in text] == []
    assert sum(day is not None for day in days) > 2_000


def test_each_row_is_read_on_the_day_of_its_own_delivery() -> None:
    column = declared(DECLARED["points"])
    found = days_at_once.surely(column, pl.Series(["02.01.2026", "02.01.2026", None]), pl.Series([TODAY, TODAY + 1, 0]))
    assert found.to_list() == [None, TODAY + 1, None]
