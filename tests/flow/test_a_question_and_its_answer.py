"""A question goes to an agency; its answer is in the roll the night it comes, and outlives what the agency repeats."""

import csv
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, muster
from tests.flow.test_new_country import standings
from tests.newcountry import sever_people as sever
from tests.newcountry.sending import table

from musterroll import dates
from musterroll.extract.manifest import Manifest

SEVER = ROOT / "tests" / "newcountry" / "sever"
ASKED = next(one for one in sever.PEOPLE if one.case == "sex and number differ")


def put(folder: Path, name: str, data: bytes, *, source: str, as_of: str, rows: int, **more: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_bytes(data)
    told = Manifest(
        source=source, as_of=dates.parse_day(as_of), rows=rows, sha256=hashlib.sha256(data).hexdigest(), **more
    )  # type: ignore[arg-type]
    (folder / f"{name}.manifest.json").write_bytes(told.encode())


def civil(folder: Path, as_of: str) -> None:
    people = (*sever.PEOPLE, *sever.OUTSIDE)
    data = table(sever.CIVIL, [sever.civil_row(one) for one in people], delimiter=";").encode("windows-1251")
    put(folder, "civil", data, source="civil", as_of=as_of, rows=len(people))


def night(home: Path, folder: Path) -> None:
    done = muster("nightly", "--home", home, "--deliveries", folder, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr


def needs(home: Path) -> set[str]:
    """What is not established of the man whose sex and number differ."""
    return {each.partition(" (")[0] for each in standings(home)[ASKED.key, "guard"]["needs"].split("; ")}


@pytest.mark.timeout(900)
def test_an_answer_is_in_the_roll_the_night_it_comes_and_the_old_rows_bring_nothing_back(tmp_path: Path) -> None:
    home, sources = tmp_path / "home", tmp_path / "sources"
    shutil.copytree(SEVER / "sources", sources)
    declared = sources / "civil.yaml"
    declared.write_text(declared.read_text("utf-8") + "answers: [sex]\n", "utf-8")
    made = muster("init", "--fictional", "--home", home, "--pack", SEVER, "--sources", sources)
    assert made.returncode == 0, made.stderr
    civil(tmp_path / "day-1", "2026-03-01")
    night(home, tmp_path / "day-1")
    assert "sex" in needs(home)

    (question,) = (home / "questions" / "civil").glob("*.csv")
    with question.open(encoding="utf-8", newline="") as opened:
        asked = [row for row in csv.DictReader(opened) if row["key"] == ASKED.key]
    assert [row["attribute"] for row in asked] == ["sex"]
    batch = hashlib.sha256(question.with_suffix(".json").read_bytes()).hexdigest()
    answer = f"question,answer,since\r\n{asked[0]['question']},male,\r\n".encode()
    put(tmp_path / "day-2", "answers", answer, source="civil", as_of="2026-03-02", rows=1, full=False, answers=batch)
    night(home, tmp_path / "day-2")
    assert "sex" not in needs(home)
    replies = [json.loads(path.read_bytes()) for path in (home / "replies").glob("civil-*.json")]
    assert [one["rows"]["kept"] for one in replies if one.get("answers") == batch] == [1]

    civil(tmp_path / "day-3", "2026-03-05")  # the register is sent again, and still says two things
    night(home, tmp_path / "day-3")
    assert "sex" not in needs(home)
    asked_again = [path for path in (home / "questions" / "civil").glob("*.csv") if path != question]
    assert not any(asked[0]["question"] in path.read_text("utf-8") for path in asked_again)
