"""Chapter: the failures that other registers are known for. Each is rebuilt here, and each delivery waits.

Hartford 1989-92: a whole city absent from juries, because the last letter of its name was read as "d" for dead.
Kent County 2001-02: 453,414 names cut to 118,169. York County 2013: one of the source lists was not merged, 45,000
missing. Lithuania 2016: three districts missing after new units were not mapped. United States 2014: letters to 14,250
men born 1893 to 1897, because of two-digit years.
"""

import hashlib

import pytest

from musterroll.dates import parse_day
from musterroll.errors import MusterRollError
from musterroll.extract.check import receive
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.reply import letter, reply

DECLARED = """
source: civil
kind: civil register
agency: Civil Register Office
legal_basis: art. 20 (1)
purpose: administration
format: csv
encoding: utf-8
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: everybody
schema:
  primaryKey: entry
  fields:
    - {name: entry, type: string, constraints: {required: yes}}
    - {name: family, type: string, role: family}
    - {name: born, type: date, format: YYYY-MM-DD, role: born}
    - {name: life, type: string, constraints: {enum: [a, d]}}
    - {name: town, type: string, role: town}
facts: [{attribute: died, column: life, values: {a: never}}]
limits: {districts: {column: town, change: 30}}
"""
SOURCE = load_source(DECLARED)
TOWNS = ("Hartford", "Kent", "York", "Utena", "Zarasai", "Ignalina", "Vilnius")
HEADING = "entry,family,born,life,town"


def register(rows=2100):
    return [f"E{n},Hill,{1960 + n % 50}-{n % 12 + 1:02}-{n % 28 + 1:02},a,{TOWNS[n % 7]}" for n in range(rows)]


def received(lines, previous=None, **told):
    file = "\n".join([HEADING, *lines, ""]).encode()
    manifest = Manifest(
        source="civil",
        as_of=parse_day("2020-12-31"),
        rows=len(lines),
        sha256=hashlib.sha256(file).hexdigest(),
        **told,
    )
    return receive(SOURCE, manifest, file, previous=previous, today=parse_day("2021-01-05"))


LAST = received(register()).profile


def codes(lines, previous=LAST, **told):
    return {finding.code for finding in received(lines, previous, **told).findings}


def test_the_register_as_it_is_raises_no_question():
    assert codes(register()) == set()


def test_hartford_a_town_whose_people_are_all_dead():
    lines = [line.replace(",a,Hartford", ",d,Hartford") for line in register()]
    delivery = received(lines, LAST)
    assert [finding.what for finding in delivery.findings] == [
        "Since the last delivery, the share of `a` in `life` is 85.71 %; expected is 95.00 % to 105.00 %.",
        "Since the last delivery, the share of `d` in `life` is 14.28 %; expected is 0.00 % to 5.00 %.",
    ]


def test_hartford_a_column_shifted_by_one():
    shifted = [",".join([line.split(",")[0], *line.split(",")[2:], "Hill"]) for line in register()]
    assert {"unread", "unreadable", "digits", "refused"} & codes(shifted, None) >= {"unread", "unreadable", "digits"}


def test_kent_a_register_cut_to_a_quarter():
    assert "rows-moved" in codes(register()[: 2100 * 118169 // 453414])


def test_kent_a_file_cut_on_its_way():
    file = "\n".join([HEADING, *register(), ""]).encode()
    manifest = Manifest(
        source="civil", as_of=parse_day("2020-12-31"), rows=2100, sha256=hashlib.sha256(file).hexdigest()
    )
    with pytest.raises(MusterRollError) as refusal:
        receive(SOURCE, manifest, file[: len(file) // 4], previous=None, today=parse_day("2021-01-05"))
    assert refusal.value.code == "delivery.truncated"


def test_york_and_lithuania_a_district_that_is_missing():
    lines = [line for line in register() if not line.endswith("York")]
    lines += [line.replace("E", "N", 1).replace("York", "Vilnius") for line in register() if line.endswith("York")]
    assert codes(lines) == {"district"}
    small = [line for line in register() if not line.endswith("Utena") or line.startswith("E3,")]
    assert "district" in codes(small)
    assert "The number of rows with `York` as district is 0; expected is 210 to 390." in str(received(lines, LAST))


def test_a_district_is_missing_from_the_first_delivery_where_the_agency_counted():
    counts = {"district": dict.fromkeys(TOWNS, 300)}
    lines = [line for line in register() if not line.endswith("Zarasai")]
    assert codes(register(), None, counts=counts) == set()
    assert codes(lines, None, counts=counts) == {"counts"}


def test_united_states_everybody_a_century_older():
    lines = [line.replace(",19", ",18").replace(",20", ",19") for line in register()]
    assert {"over-100"} <= codes(lines, None)
    assert {"over-100", "share-moved", "birth-year"} <= codes(lines)


def test_united_states_two_digit_years():
    lines = [line.replace(",19", ",").replace(",20", ",") for line in register()]
    assert {"unread"} <= codes(lines, None)


def test_a_default_date_for_everybody_whose_birth_is_not_known():
    lines = [line[: line.index("19")] + "1970-01-01,a,Kent" if n % 4 == 0 and ",19" in line else line
             for n, line in enumerate(register())]  # fmt: skip
    assert "one-day" in codes(lines, None)


def test_a_year_of_birth_that_is_missing():
    assert codes([line for line in register() if ",1985-" not in line]) == {"birth-year"}


def test_the_office_gets_a_letter_it_can_act_on():
    delivery = received([line for line in register() if not line.endswith("York")], LAST)
    text = letter(reply(delivery.manifest, delivery))
    assert "NOT TAKEN IN YET" in text
    assert "  - The number of rows with `York` as district is 0; expected is 210 to 390." in text
    assert "Rows delivered 1800, kept 1800, set aside 0." in text
    assert "two people there can let it through" in text
