"""Two more countries that are not in the program: Mueang in Thai script, Dalmere where nobody has a number.

Each person of `tests/newcountry` is a case. What the register says of each is compared with what is true, as whoever
examines it would: nobody is called who may not be, nobody is asked but those of whom the line of the case says it.
"""

import csv
import io
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, bench, muster
from tests.newcountry import dalmere_people as dalmere
from tests.newcountry import mueang_people as mueang

COUNTRIES = ROOT / "tests" / "newcountry"


def standings(home: Path) -> dict[str, dict[str, str]]:
    done = bench("standings", "--home", home)
    assert done.returncode == 0, done.stderr
    return {row["key"]: row for row in csv.DictReader(io.StringIO(done.stdout))}


def home_of(name: str, folder: Path, write) -> tuple[Path, str]:
    """A home of that country after all its deliveries, and what `nightly` printed."""
    write(folder / "deliveries")
    pack = COUNTRIES / name
    made = muster("init", "--fictional", "--home", folder / "home", "--pack", pack, "--sources", pack / "sources")
    assert made.returncode == 0, made.stderr
    night = muster("nightly", "--home", folder / "home", "--deliveries", folder / "deliveries", timeout=500)
    assert "Traceback" not in night.stderr, night.stderr
    return folder / "home", night.stdout


def test_whoever_declares_a_list_is_told_when_its_silence_can_say_nothing(tmp_path):
    """`abroad` has no neutral value under the law of Dalmere, so that everybody who is on no list would be asked."""
    board = (COUNTRIES / "dalmere" / "sources" / "board.yaml").read_text("utf-8")
    before, _, after = board.partition("  - {attribute: board_unfit")
    border = tmp_path / "consulates.yaml"
    border.write_text(f"{before}  - {{attribute: abroad, column: final}}\n  - {{attribute: board_unfit{after}", "utf-8")
    done = muster("source", "check", border, "--pack", COUNTRIES / "dalmere")
    assert done.returncode == 0, done.stderr
    assert "look  consulates.yaml: whoever is not on this list is asked about `abroad`:" in done.stdout
    assert "`board_unfit`" not in done.stdout


SPELLS = """
```roster terms
number: 2
columns: [from, to]
basis: (6)
```

```attribute days_done
number: 40
kind: service
type: int
range: 0 .. 4000
basis: (6)
label: days done
proof: the office
unknown: the person is asked
answers: [office]
neutral: 0
```

```derive days_done
gives: int
from: terms
take: total days
fewer: 0
basis: (6)
```
"""


ENDS = "valid_from: through έως"


def test_whoever_declares_terms_and_not_what_holds_after_them_is_told(tmp_path):
    declared = (COUNTRIES / "nisos" / "sources" / "council.yaml").read_text("utf-8")
    open_ended = '{attribute: holds_office, value: yes, when: {έως: [""]}, valid_from: από}'
    kept = [line for line in declared.splitlines() if ENDS not in line]
    at = next(place for place, line in enumerate(kept) if line == "facts:") + 1
    council = tmp_path / "council.yaml"
    for said, told in ((kept, 1), (declared.splitlines(), 0)):
        council.write_text("\n".join([*said[:at], f"  - {open_ended}", *said[at:]]) + "\n", "utf-8")
        done = muster("source", "check", council, "--pack", COUNTRIES / "nisos")
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("has ended by `έως` is asked about `holds_office`:") == told
        assert done.stdout.count(f"neutral value and `{ENDS}`.") == told


def test_whoever_maps_rows_to_spells_is_told_that_a_declaration_gives_none(tmp_path):
    """Men who have served would be asked for ever."""
    shutil.copytree(COUNTRIES / "dalmere", tmp_path / "dalmere")
    with (tmp_path / "dalmere" / "pack.md").open("a", encoding="utf-8") as page:
        page.write(SPELLS)
    army = tmp_path / "dalmere" / "sources" / "army.yaml"
    army.write_text(f"{army.read_text('utf-8')}rosters: [{{roster: terms, as_role: soldier}}]\n", "utf-8")
    done = muster("source", "check", army)
    assert done.returncode == 1
    assert "rosters 1\n    The pack derives from spells of `terms`, and declarations" in done.stderr
    assert "Let the agency tell the day or the number itself" in done.stderr


@pytest.fixture(scope="module")
def of_mueang(tmp_path_factory):
    home, printed = home_of("mueang", tmp_path_factory.mktemp("mueang"), mueang.write)
    return standings(home), printed


@pytest.fixture(scope="module")
def of_dalmere(tmp_path_factory):
    home, printed = home_of("dalmere", tmp_path_factory.mktemp("dalmere"), dalmere.write)
    return standings(home), printed


def check(line: dict[str, str], standing: str, needs: tuple[str, ...], *, waits: bool = False) -> None:
    """`waits`: worse by a changed fact, which counts only after the law's time (charter S9)."""
    assert line["standing"] == standing
    assert line["callable"] == ("yes" if standing == "bound" and not waits else "no")
    assert [each.partition(" (")[0] for each in line["needs"].split("; ") if each] == list(needs)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", [*mueang.PEOPLE, mueang.NEW], ids=lambda one: one.case)
def test_in_mueang_the_register_says_of_each_what_is_true(of_mueang, one):
    check(of_mueang[0][one.key], one.then or one.standing, one.needs, waits=one.waits)


@pytest.mark.timeout(900)
def test_in_mueang_nobody_else_is_registered_and_a_file_of_another_era_waits(of_mueang):
    lines, printed = of_mueang
    assert set(lines) == {one.key for one in (*mueang.PEOPLE, mueang.NEW)}
    assert "WAITS  era.csv: civil: " in printed
    assert "The share of blank or unreadable cells in `เกิด` is " in printed
    assert "10 files, 1 not taken in, 3 nights" in printed


@pytest.mark.timeout(900)
@pytest.mark.parametrize("one", [*dalmere.PEOPLE, dalmere.DEAD, dalmere.NEW], ids=lambda one: one.case)
def test_in_dalmere_the_register_says_of_each_what_is_true(of_dalmere, one):
    check(of_dalmere[0][one.key], one.standing, one.needs)


@pytest.mark.timeout(900)
def test_in_dalmere_whatever_is_broken_is_told_and_moves_nobody(of_dalmere):
    lines, printed = of_dalmere
    assert not {one.key for one in dalmere.OUTSIDE} & set(lines)
    for name in ("register.csv", "changes.csv", "dwellings.csv", "army.csv", "board.ndjson", "school.csv"):
        assert f"taken in  {name}: " in printed
    for name in ("x-cut.csv", "x-bit.csv", "x-utf8.csv", "x-empty.csv", "x-alone.csv"):
        assert f"NOT TAKEN IN  {name}: " in printed
    for name in ("x-shifted.csv", "x-district.csv", "x-century.csv"):
        assert f"WAITS  {name}: " in printed
