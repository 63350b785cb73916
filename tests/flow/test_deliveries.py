"""The demonstration's deliveries: five agencies, two nights, nobody's truth in them, same bytes from the same seed."""

import csv
import json
from pathlib import Path

import pytest

from musterroll import canonical
from musterroll.demo import town
from musterroll.errors import MusterRollError
from musterroll.extract import check, declaration, manifest, profile

SOURCES = Path(__file__).resolve().parents[2] / "packs" / "example" / "sources"

DIGESTS = {
    "night-1/benefit.csv": "9e262e1f12310907eec220b3ee71a1b6bc291a64391502f094695463a752287f",
    "night-1/civil.csv": "d84f34c018afb7180056aa728af8349529a9dd3852f4e8be54791e7f2d8920f4",
    "night-1/dwelling.csv": "aa22e012774ec1bed1765e5a4b6db1831fbfdbd0e057475129c6dea126054287",
    "night-1/pay.csv": "4a344b0c79f516619e05972edd87805db41b7fb4e8e6571c07f649b62b8574dd",
    "night-1/tax.csv": "0e2e3920a00244f7a2df8b814df39ef17531a822f2085a1572c767826f2ca8ef",
    "night-2/benefit.csv": "07bdf710bc7db00f8a08e7a28269106efd00311f7a033bb20b77b3df5e162774",
    "night-2/civil.csv": "e3221075a740f8ea17c14e27d4df72cc7ee65b765a0e2202e39a288b43375633",
    "night-2/dwelling.csv": "b4262b3c528b4854d5112ff337aaf63056afdd34d839b9bc180d8fddab221828",
    "night-2/pay.csv": "b79366610ae3aa8bed20d6376f4e0356c2edb40ac51a51396be68ac730829e84",
}
"""SHA-256 of each file of seed 11, year 2020. They change with the version of `pseudopeople` only: pin them then."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("town")
    town.write(home, seed=11)
    return home


def rows(folder, night, source):
    with (folder / "deliveries" / night / f"{source}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_bytes(folder):
    found = {
        f"{path.parent.name}/{path.name}": canonical.sha256_hex(path.read_bytes())
        for path in sorted(folder.glob("deliveries/*/*.csv"))
    }
    assert found == DIGESTS


def test_a_home_that_has_its_deliveries_does_not_make_them_again(folder):
    path = folder / "deliveries" / town.NIGHT_1 / "civil.csv"
    before = path.stat().st_mtime_ns
    town.write(folder, seed=11)
    assert path.stat().st_mtime_ns == before


def test_every_delivery_passes_the_door_on_both_nights(folder):
    for source in town.SOURCES:
        declared = declaration.load_source(SOURCES / f"{source}.yaml")
        last: profile.Profile | None = None
        for night in town.nights(folder / "deliveries"):
            path = folder / "deliveries" / night / f"{source}.csv"
            if not path.exists():
                assert (night, source) == (town.NIGHT_2, "tax")  # filed once a year
                continue
            said = manifest.decode(path.with_suffix(".manifest.json").read_bytes())
            assert said.demonstration
            assert said.as_of == town.as_of(night)
            received = check.receive(declared, said, path.read_bytes(), previous=last, today=said.as_of)
            assert received.findings == ()
            assert received.refused == ()
            last = received.profile


def test_no_delivery_holds_the_truth_key_or_a_household_number_outside_the_dwelling_register(folder):
    for path in folder.glob("deliveries/*/*.csv"):
        heading, *lines = path.read_text(encoding="utf-8").splitlines()
        assert "simulant" not in heading
        assert "wages" not in heading
        if path.stem != "dwelling":
            assert "household_id" not in heading
            assert not any(cell.startswith("0_") for line in lines for cell in line.split(","))


def test_an_agency_numbers_its_rows_once_and_keeps_every_byte_of_what_did_not_change(folder):
    for source in ("dwelling", "pay", "benefit"):
        first = {row["entry"]: row for row in rows(folder, town.NIGHT_1, source)}
        second = {row["entry"]: row for row in rows(folder, town.NIGHT_2, source)}
        assert len(first) == len(rows(folder, town.NIGHT_1, source))
        changed = [entry for entry in first if entry in second and first[entry] != second[entry]]
        gone = set(first) - set(second)
        new = set(second) - set(first)
        assert (len(changed), len(gone), len(new)) == CHANGES[source]


CHANGES = {"dwelling": (29, 20, 3), "pay": (0, 0, 168), "benefit": (0, 0, 3)}


def test_the_quarter_brings_births_deaths_moves_and_enlistments(folder):
    changes = json.loads((folder / "truth" / "changes.json").read_text(encoding="utf-8"))
    assert {name: len(who) for name, who in changes.items()} == {
        "born": 3,
        "died": 22,
        "enlisted": 12,
        "entered": 70,
        "housing": 19,
        "moved": 29,
    }


def test_a_year_that_the_sample_does_not_have_is_refused_with_a_remedy(tmp_path):
    with pytest.raises(MusterRollError) as refusal:
        town.write(tmp_path, seed=11, year=1066)
    assert str(refusal.value) == (
        "The sample population has no dwelling register of 1066. What to do: Choose 2020, 2030 or 2040. [demo.year]"
    )
