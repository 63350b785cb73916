"""The law that `muster pack new` writes, and where it does not write."""

from pathlib import Path

import pytest

from musterroll.errors import MusterRollError
from musterroll.law import cases, lint, lock, scaffold
from musterroll.law.pack import load


def test_the_new_law_loads_may_be_published_and_its_cases_agree(tmp_path: Path) -> None:
    pages = scaffold.write(tmp_path / "laws" / "ruritania")
    assert [page.name for page in pages] == ["pack.md", "duty.md", "words.md"]
    pack = load(tmp_path / "laws" / "ruritania")
    assert pack.name == "ruritania"
    assert lint.check(pack) == ()
    assert [one.differs for one in cases.run(pack) if not one.agrees] == []
    lock.refuse(pack, lock.locked(pack, None, None))


@pytest.mark.parametrize("name", ["Ruritania", "a b", "-x", "x" * 41])
def test_a_pack_has_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(MusterRollError, match="this is no name for one"):
        scaffold.write(tmp_path / name)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    scaffold.write(tmp_path / "x")
    (tmp_path / "x" / "pack.md").write_text("mine")
    with pytest.raises(MusterRollError, match="something of this name already"):
        scaffold.write(tmp_path / "x")
    assert (tmp_path / "x" / "pack.md").read_text() == "mine"
