"""docs/trust.md leaves nothing out: every secret the program asks for, every folder of a home, every attack."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "trust.md").read_text()
SECRET = re.compile(r"\.secret\(f?[\"']([a-z0-9]+(?:-[0-9])?)")
DEMONSTRATION = {"ceremony", "witness", "person", "seed", "statistics"}
"""Derived in demonstrations for others than the operator, or a witness's own: told under their own keys."""


def test_every_secret_that_the_program_asks_for_is_told() -> None:
    asked = {
        name
        for path in sorted((ROOT / "src").rglob("*.py"))
        for name in SECRET.findall(path.read_text())
        if name not in DEMONSTRATION
    }
    assert len(asked) > 6
    missing = sorted(name for name in asked if f"`{name}" not in PAGE)
    assert not missing, f"docs/trust.md lacks a row for the keys {missing}"


def test_every_folder_of_a_home_is_told() -> None:
    from musterroll.register import home

    folders = {name.split("/")[0] for name in (*home.FOLDERS, *home.PRIVATE)}
    missing = sorted(name for name in folders if f"`{name}/`" not in PAGE)
    assert not missing, f"docs/trust.md lacks a row for the folders {missing}"


def test_every_attack_has_its_line_and_says_what_remains() -> None:
    rows = re.findall(r'^\| <a id="threat-(\d\d)"></a>(\d+) \|(.*)\|$', PAGE, re.M)
    assert [int(anchor) for anchor, _, _ in rows] == [int(number) for _, number, _ in rows] == list(range(1, 26))
    assert all(len(row.split("|")) == 3 and all(cell.strip() for cell in row.split("|")) for _, _, row in rows)
