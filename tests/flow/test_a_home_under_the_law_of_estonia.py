"""A fictional home with the pack of Estonia: eight offices send, and the register says of each what the Act says.

Each person of `tests/newcountry/estonia_people` is a case: the day before, the day, and what is not known.
"""

import csv
import io

import pytest
from tests.conftest import ROOT, muster
from tests.flow.test_new_country import bench
from tests.newcountry import estonia_people as estonia

PACK = ROOT / "packs" / "ee"


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    folder = tmp_path_factory.mktemp("estonia")
    estonia.write(folder / "deliveries")
    made = muster("init", "--fictional", "--home", folder / "home", "--pack", PACK, "--sources", PACK / "sources")
    assert made.returncode == 0, made.stderr
    night = muster("nightly", "--home", folder / "home", "--deliveries", folder / "deliveries", timeout=500)
    assert night.returncode == 0, night.stdout + night.stderr
    told = bench("standings", "--home", folder / "home", "--format", "csv")
    assert told.returncode == 0, told.stderr
    return {(row["key"], row["question"]): row for row in csv.DictReader(io.StringIO(told.stdout))}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", estonia.PEOPLE, ids=lambda one: one.case)
def test_the_register_says_of_each_what_the_act_says(lines, one):
    assert lines[one.key, "status"]["standing"] == one.status
    call = lines[one.key, "call"]
    assert call["standing"] == one.call
    assert call["callable"] == ("yes" if one.call == "callable" else "no")
    assert tuple(need.partition(" (")[0] for need in call["needs"].split("; ") if need) == one.needs


@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", [one for one in estonia.PEOPLE if one.sex == "N"], ids=lambda one: one.case)
def test_a_woman_who_applied_is_told_whether_she_may(lines, one):
    assert lines[one.key, "volunteering"]["standing"] == one.volunteering


@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", estonia.OUTSIDE, ids=lambda one: one.case)
def test_whom_the_act_does_not_concern_is_not_in_the_register(lines, one):
    assert (one.key, "status") not in lines
