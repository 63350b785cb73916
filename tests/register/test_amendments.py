"""An amendment is tried on the register's own people before anybody is asked to agree to it: counts, and no names."""

from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.registerhome import PACK, TODAY

from musterroll.engine.rehearsal import Move, rehearse
from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.register import roll
from musterroll.register.queries import amendment

EXAMPLE = ROOT / "packs" / "example"
STAYS = Move("service", "liable", "liable")


def test_the_law_in_force_moves_nobody(rolled) -> None:
    held = roll.current()
    found = rehearse(held.store, held.snapshot, held.pack, PACK, held.sources, TODAY)
    assert all(move.was == move.becomes for move in found)
    assert sum(found.values()) == 30
    assert found[STAYS] == 25


def test_an_amendment_s_moves_are_counted_and_small_counts_are_not_shown(rolled) -> None:
    younger = PACK.with_parameters({"liable_to": 19})
    held = roll.current()
    found = rehearse(held.store, held.snapshot, held.pack, younger, held.sources, TODAY)
    moved = {move: count for move, count in found.items() if move.was != move.becomes}
    assert moved[Move("service", "liable", "not_liable")] == 25
    day, shown = amendment.moves(younger)
    assert day == TODAY
    assert shown["service: liable -> not_liable"] == 25
    assert set(shown.values()) == {25, "not shown"}


def test_nothing_is_written_by_a_rehearsal(rolled) -> None:
    before = {path: path.read_bytes() for path in rolled.home.path.glob("roll/**/*") if path.is_file()}
    amendment.moves(PACK.with_parameters({"liable_to": 19}))
    assert {path: path.read_bytes() for path in rolled.home.path.glob("roll/**/*") if path.is_file()} == before


def test_a_day_that_the_law_does_not_hold_on_is_refused(rolled) -> None:
    with pytest.raises(MusterRollError, match="does not hold the law in force"):
        amendment.moves(PACK, -20_000)


def test_a_class_that_lets_people_be_called_where_it_did_not_is_a_move(rolled) -> None:
    pages = {page.name: page.read_text("utf-8") for page in sorted(EXAMPLE.glob("*.md"), key=_first)}
    old = "effect: deferred, callable: no"
    assert any(old in text for text in pages.values())
    harsher = packs.from_text(
        {name: text.replace(old, "effect: liable, callable: yes") for name, text in pages.items()}
    )
    held = roll.current()
    found = rehearse(held.store, held.snapshot, held.pack, harsher, held.sources, TODAY)
    assert found[Move("service", "deferred", "deferred (may be called now)")] == 1
    assert Move("service", "deferred", "deferred") not in found


def _first(page: Path) -> tuple[bool, str]:
    return page.name != "pack.md", page.name
