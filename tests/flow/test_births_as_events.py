"""Births told as events: a row is of a child and names its parents, who have no row of their own.

Whoever was only named had no place in the family, and was called beside a child of two. The row says who they are by
the role of a relative (`mother.number`); whoever forgets it is told so by `source check`.
"""

import csv
import io
import json
import re
import shutil

import pytest
from tests.conftest import ROOT, bench, muster
from tests.newcountry import nisos_people as nisos
from tests.newcountry.sending import send, table

NISOS = ROOT / "tests" / "newcountry" / "nisos"
BIRTHS = """
source: family
kind: family benefit
agency: Family Fund
legal_basis: art. 2 (4)
purpose: administration
format: csv
schema:
  primaryKey: Act
  fields:
    - {name: Act, type: string, constraints: {required: yes}}
    - {name: Event, type: string, constraints: {enum: [birth, marriage]}}
    - {name: Day, type: date}
    - {name: Number, type: string, role: number}
    - {name: Mother, type: string, role: mother.number}
    - {name: Mother's name, type: string, role: mother.name, order: given family}
    - {name: Father, type: string, role: father.number}
    - {name: Father's name, type: string, role: father.name, order: given family}
founds: nothing
rows_per_record: one
records_per_person: many
freshness_days: 300
silence: those concerned
rosters:
  - {roster: family, group: Mother, as_role: parent, part: mother}
  - {roster: family, group: Mother, role: Event, roles: {birth: child}, born: Day}
  - {roster: family, group: Father, as_role: parent, part: father}
  - {roster: family, group: Father, role: Event, roles: {birth: child}, born: Day}
limits: {rows: [1, 100000], rows_change: 60, refused: 20}
"""
HEADING = ("Act", "Event", "Day", "Number", "Mother", "Mother's name", "Father", "Father's name")
OWN = "  - {roster: family, group: Number, as_role: parent}\n"
FORGOTTEN = re.sub(".*s name,.*\n|.*part: (mother|father).*\n", "", BIRTHS)
FORGOTTEN = re.sub(", role: (mother|father)[.]number", "", FORGOTTEN).replace("rosters:\n", f"rosters:\n{OWN}")


TOLD = """look  family.yaml: whom a row names in `{column}` only has no place in the roster `family`:
    `youngest_child_born` counts for those who are there as parent, and who has no row of their own in this file is not there.
    Say who they are: the role `mother.number` (or another relative's) for `{column}`, and a map more of the roster:
    {{roster: family, group: {column}, as_role: parent, part: mother}}.
"""  # noqa: E501 - as it is told


def checked(folder, text):
    file = folder / "family.yaml"
    file.write_text(text, "utf-8")
    return muster("source", "check", file, "--pack", NISOS)


def test_whoever_forgets_who_the_parents_are_is_told(tmp_path):
    told = checked(tmp_path, FORGOTTEN)
    assert told.returncode == 0, told.stderr
    for column in ("Mother", "Father"):
        assert TOLD.format(column=column) in told.stdout
    assert "look" not in checked(tmp_path, BIRTHS).stdout
    assert "look" not in muster("source", "check", *sorted((NISOS / "sources").glob("*.yaml"))).stdout


def test_whoever_makes_a_home_with_such_a_declaration_is_told_as_well(tmp_path):
    pack = tmp_path / "nisos"
    shutil.copytree(NISOS, pack)
    (pack / "sources" / "family.yaml").write_text(FORGOTTEN, "utf-8")
    made = muster("init", "--fictional", "--home", tmp_path / "home", "--pack", pack)
    assert made.returncode == 0, made.stderr
    assert TOLD.format(column="Mother") in made.stdout


@pytest.mark.timeout(600)
def test_both_parents_whom_a_birth_names_are_parents_and_who_stands_there_by_number_alone_is_asked(tmp_path):
    pack, sent = tmp_path / "nisos", tmp_path / "sent"
    shutil.copytree(NISOS, pack)
    (pack / "sources" / "family.yaml").write_text(BIRTHS, "utf-8")
    nisos.write(sent)
    for told in sent.glob("*.manifest.json"):
        said = json.loads(told.read_text("utf-8"))
        if said["source"] == "family":
            (sent / said["file"]).unlink()
            told.unlink()
    rows = [
        ("B1", "birth", "2023-03-03", "AB-100099", "AB-100002", "Μαρία Νικολάου", "AB-100001", "Γιώργος Παπαδόπουλος"),
        ("B2", "birth", "2010-03-03", "AB-100098", "AB-100014", "Άρης Φωτίου", "", ""),
        ("B3", "birth", "2023-03-04", "AB-100097", "", "", "AB-100006", ""),  # a number alone is nobody for certain
        ("B4", "birth", "2023-03-05", "AB-100096", "", "", "AB-100013", ""),  # and asks nobody who is free anyhow
        ("M1", "marriage", "2024-06-06", "AB-100016", "", "", "", ""),
    ]
    file = table(HEADING, rows).encode()
    send(sent, "births.csv", file, source="family", as_of=nisos.TODAY, rows=len(rows))
    made = muster("init", "--fictional", "--home", tmp_path / "home", "--pack", pack)
    assert made.returncode == 0, made.stderr
    night = muster("nightly", "--home", tmp_path / "home", "--deliveries", sent, timeout=500)
    assert "taken in  births.csv" in night.stdout, night.stdout
    lines = csv.DictReader(io.StringIO(bench("standings", "--home", tmp_path / "home").stdout))
    found = {line["key"]: (line["standing"], line["needs"]) for line in lines}
    assert {found["AB-100001"], found["AB-100002"]} == {("parent", "")}
    assert {found[key] for key in ("AB-100014", "AB-100016", "AB-100017")} == {("keeps", "")}
    assert found["AB-100006"][0] == "undetermined"
    assert found["AB-100006"][1].startswith("youngest_child_born (")
    assert found["AB-100013"] == ("free", "")
