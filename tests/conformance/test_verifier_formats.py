"""Folders of every format, made at random: what is sound holds, what is spoilt is refused or told, nothing fails."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bundles import make

SOUND = (18, 20, 25, 32, 33, 36, 37, 50, 61, 65, 80, 85, 86, 98, 103, 118)
"""Between them every format: by hash and by table, list of the source, redraw, fallback, stratum anew, new key …"""

SLOW = (1000, 1008, 1012, 1015, 1016, 1021, 1026)
"""Draws by table with fairness figures: twenty thousand tables of chance each."""


@pytest.mark.parametrize("number", SOUND)
def test_a_sound_folder_ends_as_its_maker_says(tmp_path: Path, look: Callable, number: int) -> None:
    made = make(number, tmp_path, spoilt=False)
    shown = look(made.look_at, policy=made.policy, receipt=made.ticket)
    assert {shown.code} == made.status, (made.what, shown.text)


@pytest.mark.parametrize("number", [n for n in range(1_000, 1_040) if n not in SLOW])
def test_a_spoilt_folder_is_refused_or_said_to_show_less(tmp_path: Path, look: Callable, number: int) -> None:
    made = make(number, tmp_path, spoilt=True)
    shown = look(made.look_at, policy=made.policy, receipt=made.ticket)
    assert shown.code in made.status, (made.what, shown.text)


def test_what_makes_a_folder_is_its_number(tmp_path: Path) -> None:
    folders = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        make(33, tmp_path / name)
        files = [path for path in sorted((tmp_path / name).rglob("*")) if path.is_file()]
        folders.append([(path.relative_to(tmp_path / name), path.read_bytes()) for path in files])
    assert folders[0] == folders[1]
