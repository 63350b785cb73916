"""Every hostile pack is refused with a code, a place, what is wrong and what to do; never a traceback, never a hang."""

import re
from pathlib import Path

import pytest
from tests.hostile.packs import PACKS, Hostile

from musterroll.cli.main import main

_TOLD = re.compile(
    r"FORBIDS PUBLICATION  (?P<code>\S+)  (?P<where>[^\n]+)\n    (?P<what>[^\n]+)\n    (?P<remedy>[^\n]+)"
)


def checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, str]], str]:
    """Exit code, what was told on standard error, and all of that text, as the command ends."""
    with pytest.raises(SystemExit) as ended:
        main(["pack", "check", str(folder)])
    said = capsys.readouterr().err
    return int(ended.value.code or 0), [found.groupdict() for found in _TOLD.finditer(said)], said


@pytest.mark.timeout(60)
@pytest.mark.parametrize("hostile", PACKS, ids=lambda one: one.name.replace(" ", "-"))
def test_a_hostile_pack_is_refused_so_that_its_author_can_act(
    hostile: Hostile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "nowhere"
    hostile.write(folder)
    code, told, said = checked(folder, capsys)
    assert code == 1, said[:2000]
    assert "Traceback" not in said
    assert max(map(len, said.splitlines())) < 2_000, "a message is read by a person"
    mine = [one for one in told if one["code"].startswith(hostile.code)]
    assert mine, said[:2000]
    assert any(
        hostile.where in one["where"] and hostile.what in one["what"] and hostile.remedy in one["remedy"]
        for one in mine
    ), mine


def test_there_are_packs_enough_and_no_two_are_alike() -> None:
    assert len(PACKS) >= 100
    assert len({one.name for one in PACKS}) == len(PACKS)


def test_the_law_that_they_change_is_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Hostile("nothing is wrong", lambda folder: None, "", "", "", "").write(tmp_path / "nowhere")
    assert checked(tmp_path / "nowhere", capsys)[0] == 0
