"""A country that is not in the repository: a law, declarations and files, three commands, and no line of code.

Two invented countries, as unlike the demonstration as they could be made. Each person of `tests/newcountry` is a case;
what the register says of each is compared line by line with what the law says of the truth.
"""

import csv
import io
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, bench, muster
from tests.newcountry import nisos_people as nisos
from tests.newcountry import sever_people as sever

COUNTRIES = ROOT / "tests" / "newcountry"
PEOPLE_FILES = {"people-1.ndjson", "people-1.manifest.json", "people-2.ndjson", "people-2.manifest.json"}
EFFECTS = {
    "bound": "liable",
    "keeps": "liable",
    "comes": "liable",
    "studying": "deferred",
    "parent": "deferred",
    "serving": "exempt",
    "unfit": "exempt",
    "officer": "exempt",
    "excused": "exempt",
    "undetermined": "",
}


def standings(home: Path) -> dict[tuple[str, str], dict[str, str]]:
    done = bench("standings", "--home", home, "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader(io.StringIO(done.stdout))
    return {(row["key"], row["question"]): row for row in rows}


class Country:
    """A country's home after its deliveries: what `nightly` said, and everybody's lines."""

    def __init__(self, name: str, folder: Path, write) -> None:
        self.home = folder / "home"
        write(folder / "deliveries")
        pack = COUNTRIES / name
        made = muster("init", "--fictional", "--home", self.home, "--pack", pack, "--sources", pack / "sources")
        assert made.returncode == 0, made.stderr
        assert "DEMONSTRATION" in made.stdout
        self.night = muster("nightly", "--home", self.home, "--deliveries", folder / "deliveries", timeout=500)
        assert "Traceback" not in self.night.stderr, self.night.stderr
        self.lines = standings(self.home)

    def line(self, key: str, question: str) -> dict[str, str]:
        return self.lines[key, question]


@pytest.fixture(scope="module")
def of_sever(tmp_path_factory):
    return Country("sever", tmp_path_factory.mktemp("sever"), sever.write)


@pytest.fixture(scope="module")
def of_nisos(tmp_path_factory):
    return Country("nisos", tmp_path_factory.mktemp("nisos"), nisos.write)


def check(line: dict[str, str], standing: str, needs: tuple[str, ...], *, waits: bool) -> None:
    """`waits`: the standing got worse by a changed fact, and counts only after the law's time (charter S9)."""
    assert line["standing"] == standing
    assert line["effect"] == EFFECTS.get(standing, "not liable")
    assert line["callable"] == ("yes" if standing in ("bound", "keeps") and not waits else "no")
    assert [each.partition(" (")[0] for each in line["needs"].split("; ") if each] == list(needs)
    assert bool(line["reasons"]) == (standing != "undetermined")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", [*sever.PEOPLE, sever.NEW], ids=lambda one: one.case)
def test_in_sever_the_register_says_of_each_what_the_law_says(of_sever, one):
    check(of_sever.line(one.key, "guard"), one.guard, one.needs, waits=one.waits)
    if one.needs == ("born",):
        assert of_sever.line(one.key, "muster_day")["standing"] == "undetermined"
    else:
        assert of_sever.line(one.key, "muster_day")["standing"] == one.comes


@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", sever.OUTSIDE, ids=lambda one: one.case)
def test_whom_the_law_of_sever_does_not_register_is_not_in_the_register(of_sever, one):
    assert (one.key, "guard") not in of_sever.lines


@pytest.mark.timeout(900)
def test_an_address_is_served_where_two_offices_write_the_same(of_sever):
    served = {key: line["address"] for (key, question), line in of_sever.lines.items() if line["address"]}
    (twice,) = [one for one in sever.PEOPLE if one.served_at]
    assert served == {twice.key: "Снежный, Лесная улица 12 4"}


@pytest.mark.timeout(900)
def test_what_is_damaged_is_told_and_stops_nothing(of_sever):
    told = of_sever.night.stdout
    assert of_sever.night.returncode == 1
    for name in ("alone.csv", "police.csv", "schools-2.csv"):
        assert f"NOT TAKEN IN  {name}: " in told
    for name in ("guard-1.csv", "guard-2.csv", "schools.csv", "board.csv", "residence.csv", "civil-2.csv"):
        assert f"taken in  {name}: " in told
    assert "10 files, 3 not taken in, 2 nights" in told


@pytest.mark.timeout(900)
def test_the_same_folder_again_changes_nothing(of_sever):
    snapshots = sorted(path.name for path in (of_sever.home / "roll" / "snapshots").iterdir())
    again = muster("nightly", "--home", of_sever.home, "--deliveries", of_sever.home.parent / "deliveries")
    assert "0 nights" in again.stdout
    assert sorted(path.name for path in (of_sever.home / "roll" / "snapshots").iterdir()) == snapshots
    assert standings(of_sever.home) == of_sever.lines


@pytest.mark.timeout(900)
def test_the_order_of_the_files_in_the_folder_says_nothing(of_sever, tmp_path):
    """Files renamed, so that they lie in another order: the same answers."""
    turned = tmp_path / "deliveries"
    turned.mkdir()
    names = sorted(
        {path.name.removesuffix(".manifest.json") for path in (of_sever.home.parent / "deliveries").iterdir()}
    )
    for path in sorted((of_sever.home.parent / "deliveries").iterdir()):
        stem = path.name.removesuffix(".manifest.json").rpartition(".")[0] or path.name.removesuffix(".manifest.json")
        place = [name.rpartition(".")[0] or name for name in reversed(names)].index(stem)
        shutil.copy(path, turned / path.name.replace(stem, f"{place:02}-{stem}"))
    for manifest in turned.glob("*.manifest.json"):
        stem = manifest.name.removesuffix(".manifest.json")
        old = manifest.read_text("utf-8")
        told = old.replace(f'"file":"{stem[3:]}.', f'"file":"{stem}.')
        manifest.write_text(told, "utf-8")
    home = tmp_path / "home"
    pack = COUNTRIES / "sever"
    assert muster("init", "--fictional", "--home", home, "--pack", pack).returncode == 0
    assert muster("nightly", "--home", home, "--deliveries", turned, timeout=500).returncode == 1
    assert standings(home) == of_sever.lines


@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", [*nisos.PEOPLE, nisos.NEW], ids=lambda one: one.case)
def test_in_nisos_the_register_says_of_each_what_the_law_says(of_nisos, one):
    line = of_nisos.line(one.key, "watch")
    check(line, one.watch, one.needs, waits=one.waits)
    served = one.land and not one.moved and not one.hidden
    assert line["address"] == (one.address.replace(",", "") if served else "")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", nisos.OUTSIDE, ids=lambda one: one.case)
def test_whom_the_law_of_nisos_does_not_register_is_not_in_the_register(of_nisos, one):
    assert (one.key, "watch") not in of_nisos.lines


@pytest.mark.timeout(900)
def test_a_file_without_a_manifest_is_told(of_nisos):
    assert of_nisos.night.returncode == 1
    assert "people-3.manifest.json is not beside it" in of_nisos.night.stdout
    assert "7 files, 1 not taken in, 2 nights" in of_nisos.night.stdout


@pytest.mark.timeout(900)
def test_the_last_night_may_be_of_another_day(of_nisos, tmp_path):
    """A child turns seven, an office ends: the same files, a week later."""
    home = tmp_path / "home"
    assert muster("init", "--fictional", "--home", home, "--pack", COUNTRIES / "nisos").returncode == 0
    done = muster("nightly", "--home", home, "--deliveries", of_nisos.home.parent / "deliveries", "--on", "2025-05-17")
    assert "Night of 2025-05-17, day 2 of 2" in done.stdout
    later = standings(home)
    by_case = {one.case: one.key for one in nisos.PEOPLE}
    assert later[by_case["a child who is seven tomorrow"], "watch"]["standing"] == "keeps"
    assert later[by_case["an office to today"], "watch"]["standing"] == "keeps"
    assert later[by_case["46 years old tomorrow"], "watch"]["standing"] == "free"


@pytest.mark.timeout(900)
def test_other_declarations_are_never_passed_over_in_silence(of_nisos, tmp_path):
    pack, sources = COUNTRIES / "nisos", tmp_path / "sources"
    shutil.copytree(pack / "sources", sources)
    again = muster("init", "--fictional", "--home", of_nisos.home, "--pack", pack, "--sources", sources)
    assert again.returncode == 0
    (sources / "council.yaml").write_text((sources / "council.yaml").read_text("utf-8") + "# changed\n", "utf-8")
    refused = muster("init", "--fictional", "--home", of_nisos.home, "--pack", pack, "--sources", sources)
    assert refused.returncode == 1
    assert "[init.other-law]" in refused.stderr


@pytest.mark.timeout(900)
def test_an_agency_that_joins_later_comes_with_a_new_version_of_the_law(of_nisos, tmp_path):
    """The same law, one declaration more: never by the way, and whoever is bound to more is told first (S9)."""
    home, pack, people = tmp_path / "home", tmp_path / "pack", tmp_path / "people"
    shutil.copytree(COUNTRIES / "nisos", pack)
    (pack / "sources" / "council.yaml").rename(tmp_path / "council.yaml")
    shutil.copytree(of_nisos.home.parent / "deliveries", people, ignore=lambda _, names: set(names) - PEOPLE_FILES)
    assert muster("init", "--fictional", "--home", home, "--pack", pack).returncode == 0
    muster("nightly", "--home", home, "--deliveries", people)
    (tmp_path / "council.yaml").rename(pack / "sources" / "council.yaml")

    refused = muster("propose", "law", pack, "--home", home, "--officer", "registry-law")
    assert refused.stderr == (
        "muster: Version 1 of nisos was published here before, with other source declarations. Where: pack nisos, "
        "version 1. What to do: Give the pack a new `version`: a law, and the declarations beside it, come into force "
        "with one. [pack.version]\n"
    )
    (pack / "pack.md").write_text((pack / "pack.md").read_text("utf-8").replace("version: 1", "version: 2"), "utf-8")
    assert muster("propose", "law", pack, "--home", home, "--officer", "registry-law").returncode == 0
    approved = muster("approve", "2", "--home", home, "--officer", "supervision-1")
    assert approved.stdout == "Approved: --approval 2\n"
    done = muster("law", "publish", pack, "--home", home, "--officer", "registry-law", "--approval", "2")
    assert "version 2" in done.stdout
    assert muster("nightly", "--home", home, "--deliveries", of_nisos.home.parent / "deliveries").returncode == 1

    found = standings(home)
    assert {key: {**line, "callable": ""} for key, line in found.items()} == {
        key: {**line, "callable": ""} for key, line in of_nisos.lines.items()
    }
    assert any(line["standing"] == "officer" for line in found.values())
    assert {line["callable"] for line in found.values()} == {"no"}


def test_a_home_in_earnest_gives_no_lines_and_publishes_nothing_by_itself(tmp_path):
    refused = muster(
        "init", "--home", tmp_path / "home", "--origin", "x.example/ledger/1", "--pack", COUNTRIES / "sever"
    )
    assert refused.returncode == 1
    assert refused.stderr == (
        "muster: In a home that is not fictional two people of two offices publish the law; no command does it for "
        "them. Where: --pack, --sources. What to do: Create the home without them; then `muster propose law` and "
        "`muster approve`. [init.published-by-people]\n"
    )
