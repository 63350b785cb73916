"""Chapter: deliveries that are well written and cannot be true. They wait in quarantine; nobody's standing moves."""

import hashlib
from dataclasses import replace

import pytest

from musterroll.canonical import decode
from musterroll.dates import parse_day, parse_instant
from musterroll.extract.check import receive
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.reply import reply

DECLARED = """
source: civil
kind: civil register
agency: Civil Register Office
legal_basis: art. 20 (1)
purpose: administration
format: csv
encoding: utf-8
dialect: {delimiter: ";"}
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: everybody
schema:
  primaryKey: entry
  fields:
    - {name: entry, type: string, constraints: {required: yes}}
    - {name: sex, type: string, role: sex, constraints: {enum: [M, F]}}
    - {name: born, type: date, format: YYYY-MM-DD, role: born, constraints: {minimum: 1905-01-01}}
facts:
  - {attribute: born, column: born}
  - {attribute: sex, column: sex, values: {M: male, F: female}}
limits:
  rows: [10, 100]
  rows_change: 10
  refused: 5
  unread: 10
  shares: {sex: {M: [40, 60], "": [0, 5]}}
  shares_change: 5
  ages: {18-25: [5, 30]}
  one_day: 5
"""
SOURCE = load_source(DECLARED.replace("rows: [10, 100]", "rows: [1000, 10000]"))
TODAY = parse_day("2021-01-05")


def rows(count=4000, sex=lambda n: "MF"[n % 2], born=lambda n: f"{1950 + n * 60 // 4000 % 60}-03-{n % 28 + 1:02}"):
    return [f"E{n};{sex(n)};{born(n)}" for n in range(count)]


def received(lines, previous=None, as_of="2020-12-31"):
    file = ("entry;sex;born\n" + "\n".join(lines) + "\n").encode()
    manifest = Manifest(
        source="civil",
        sender="Civil Register Office",
        as_of=parse_day(as_of),
        rows=len(lines),
        sha256=hashlib.sha256(file).hexdigest(),
        sent=parse_instant("2021-01-01T00:00:00Z"),
    )
    return receive(SOURCE, manifest, file, previous=previous, today=TODAY)


def said(delivery):
    return [finding.what for finding in delivery.findings]


def test_an_ordinary_delivery_raises_no_question():
    assert said(received(rows())) == []


def test_a_register_that_lost_most_of_its_rows_waits():
    assert said(received(rows(900)))[0] == "The number of rows is 900; expected is 1000 to 10000."


def test_a_register_of_women_only_waits():
    assert said(received(rows(sex=lambda n: "F"))) == [
        "The share of `M` in `sex` is 0.00 %; expected is 40.00 % to 60.00 %."
    ]


def test_a_register_whose_column_of_sex_is_half_empty_waits():
    assert said(received(rows(sex=lambda n: "MF"[n % 2] if n % 4 else ""))) == [
        "The share of blank or unreadable cells in `sex` is 25.00 %; expected is 0.00 % to 10.00 %.",
        "The share of `M` in `sex` is 25.00 %; expected is 40.00 % to 60.00 %.",
        "The share of empty cells in `sex` is 25.00 %; expected is 0.00 % to 5.00 %.",
    ]


def test_a_register_in_which_nobody_is_of_age_waits():
    found = said(received(rows(born=lambda n: f"{1930 + n % 40}-03-0{n % 9 + 1}")))
    assert found == ["The share of people aged 18-25 is 0.00 %; expected is 5.00 % to 30.00 %."]


def test_a_register_in_which_everybody_has_one_default_birthday_waits():
    found = said(received(rows(born=lambda n: "2000-01-01" if n % 8 == 0 else f"{1950 + n % 40}-03-{n % 27 + 1:02}")))
    assert found == ["The share of people born on one same day is 12.50 %; expected is 0.00 % to 5.00 %."]


def test_rows_that_cannot_be_placed_are_counted_against_the_delivery():
    lines = [*rows(), *["E1;M;1990-01-01"], *["E77;M"] * 400]
    delivery = received(lines)
    assert [(each.row, each.notes[0].reason, each.key) for each in delivery.refused[:3]] == [
        (2, "key.twice", "E1"),  # nobody can say which of the two rows is right: both are set aside
        (4001, "key.twice", "E1"),
        (4002, "cells", ""),
    ]
    assert said(delivery) == ["The share of rows set aside is 9.13 %; expected is 0.00 % to 5.00 %."]


def test_a_row_that_stands_in_the_file_twice_word_for_word_is_read_once():
    lines = [*rows(), "E1; F;1950-03-02", "E2;M;1950-03-03", "E2;M;1950-03-04", "E2;M;1950-03-03"]
    delivery = received(lines)
    assert [(each.row, each.notes[0].reason, each.key) for each in delivery.refused] == [
        (3, "key.twice", "E2"),
        (4001, "row.twice", "E1"),
        (4002, "key.twice", "E2"),  # equal to the third row, and the fourth says something else
        (4003, "key.twice", "E2"),
        (4004, "key.twice", "E2"),
    ]
    assert [row.row for row in delivery.rows if row.key in ("E1", "E2")] == [2]


def test_a_bad_row_among_few_is_chance_and_lets_the_others_through():
    assert "The share of rows set aside" not in str(said(received([*rows(19), "E77;M"])))


def test_a_record_may_have_several_rows_where_the_source_says_so():
    source = replace(SOURCE, rows_per_record="many")
    lines = [*rows(), "E1;M;1990-01-01"]
    file = ("entry;sex;born\n" + "\n".join(lines) + "\n").encode()
    manifest = replace(received(rows()).manifest, rows=len(lines), sha256=hashlib.sha256(file).hexdigest())
    delivery = receive(source, manifest, file, previous=None, today=TODAY)
    assert [row.row for row in delivery.rows if row.key == "E1"] == [2, 4001]
    assert delivery.refused == ()


def test_a_jump_since_the_last_delivery_waits():
    last = received(rows()).profile
    assert said(received(rows(5000), last))[0] == "The number of rows is 5000; expected is 3600 to 4400."


def test_a_share_that_moves_since_the_last_delivery_waits():
    last = received(rows()).profile
    moved = received(rows(sex=lambda n: "M" if n % 5 < 3 else "F"), last)
    assert said(moved) == [
        "Since the last delivery, the share of `F` in `sex` is 40.00 %; expected is 45.00 % to 55.00 %.",
        "Since the last delivery, the share of `M` in `sex` is 60.00 %; expected is 45.00 % to 55.00 %.",
    ]


DEATHS = load_source(
    DECLARED.replace("rows: [10, 100]", "rows: [10, 1000]")
    .replace("limits:", "  - {attribute: died_on, column: died}\nlimits:")
    .replace("  ages: {18-25: [5, 30]}\n", "")
    .replace("facts:", "    - {name: died, type: date, format: YYYY-MM-DD}\nfacts:")
)


def with_deaths(*days, previous=None):
    """A register of 300 people, of whom the first died on these days."""
    lines = [f"{line};{''.join(days[n : n + 1])}" for n, line in enumerate(rows(300))]
    file = ("entry;sex;born;died\n" + "\n".join(lines) + "\n").encode()
    told = Manifest(
        source="civil",
        sender="Civil Register Office",
        as_of=TODAY - 5,
        rows=300,
        sha256=hashlib.sha256(file).hexdigest(),
        sent=parse_instant("2021-01-01T00:00:00Z"),
    )
    return receive(DEATHS, told, file, previous=previous, today=TODAY)


def test_of_a_handful_of_deaths_it_says_nothing_on_which_days_they_were():
    three = with_deaths("2020-02-01", "2020-02-01", "2020-02-01")
    assert said(with_deaths(*["2020-02-01"] * 3, "2020-11-08", previous=three.profile)) == []
    assert said(with_deaths("2020-02-01", previous=with_deaths().profile)) == []  # the first death of all
    assert said(with_deaths(previous=three.profile)) == []


def test_many_deaths_on_one_day_wait_however_few_there_were_before():
    spread = with_deaths("2020-02-01", "2020-03-01", "2020-04-01", "2020-05-01")
    found = said(with_deaths(*["2020-02-01"] * 24, previous=spread.profile))
    what = "Since the last delivery, the share of `died` in the commonest days"
    assert found == [f"{what} is 100.00 %; expected is 20.00 % to 30.00 %."]


def test_people_who_grew_ten_years_younger_overnight_wait():
    last = received(rows()).profile
    younger = received(rows(born=lambda n: f"{1960 + n * 60 // 4000 % 60}-03-{n % 28 + 1:02}"), last)
    assert any("in the decades of birth" in finding for finding in said(younger))
    assert any("in the age bands" in finding for finding in said(younger))


def test_a_copy_older_than_the_last_one_waits():
    last = received(rows()).profile
    assert said(received(rows(), last, as_of="2020-06-30")) == [
        "The register was copied on 2020-06-30, before the last one that was taken in (2020-12-31)."
    ]


def test_the_agency_learns_places_and_reasons_and_nothing_about_a_person():
    lines = rows()
    lines[4] = "E4;M;1893-02-01"
    lines[6] = "E6;M;1893-02-01"
    lines[8] = ";M;1990-01-01"
    delivery = received(lines)
    told = decode(reply(delivery.manifest, delivery))
    assert told["outcome"] == "received"
    assert told["rows"] == {"delivered": 4000, "kept": 3999, "set_aside": 1}
    assert told["unread_cells"] == [
        {
            "column": "born",
            "reason": "date.too-early",
            "means": "a date is before the first that can be right",
            "count": 2,
            "rows": [5, 7],
        }
    ]
    assert told["set_aside"] == [
        {
            "column": "entry",
            "reason": "required",
            "means": "a cell that must be filled is empty",
            "count": 1,
            "rows": [9],
        }
    ]
    assert b"1893" not in reply(delivery.manifest, delivery)


def test_a_quarantined_delivery_is_told_as_such():
    delivery = received(rows(900))
    told = decode(reply(delivery.manifest, delivery))
    assert told["outcome"] == "quarantined"
    assert told["findings"][0] == {
        "code": "rows",
        "what": "The number of rows is 900; expected is 1000 to 10000.",
        "measured": 900,
        "least": 1000,
        "most": 10000,
    }


def test_a_source_without_birth_dates_has_no_ages():
    source = replace(SOURCE, columns={name: column for name, column in SOURCE.columns.items() if name != "born"})
    file = b"entry;sex\nE1;M\n"
    manifest = replace(received(rows()).manifest, rows=1, sha256=hashlib.sha256(file).hexdigest())
    delivery = receive(source, manifest, file, previous=None, today=TODAY)
    assert (delivery.profile.ages, delivery.profile.born, delivery.profile.one_day) == ({}, {}, 0)


def test_a_delivery_of_which_no_row_can_be_kept_has_an_empty_profile():
    file = b"entry;sex;born\n;M;1990-01-01\n"
    manifest = replace(received(rows()).manifest, rows=1, sha256=hashlib.sha256(file).hexdigest())
    delivery = receive(SOURCE, manifest, file, previous=None, today=TODAY)
    assert delivery.rows == ()
    assert "The share of rows set aside is 100.00 %; expected is 0.00 % to 5.00 %." in said(delivery)


@pytest.mark.parametrize("born", ["1905-01-01", "2020-12-31"])
def test_the_oldest_and_the_youngest_have_an_age(born):
    delivery = received([*rows(39), f"E99;M;{born}"])
    assert sum(delivery.profile.ages.values()) == 10_000


def test_a_register_that_counts_years_from_another_beginning_waits_and_its_agency_is_told_why():
    delivery = received(rows(born=lambda n: f"{2493 + n % 60}-03-{n % 28 + 1:02}"))
    assert said(delivery)[0].startswith("The share of blank or unreadable cells in `born` is 100.00 %")
    (told,) = decode(reply(delivery.manifest, delivery))["unread_cells"]
    assert (told["column"], told["reason"], told["count"]) == ("born", "date.other-era", 4000)
