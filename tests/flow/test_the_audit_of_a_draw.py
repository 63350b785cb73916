"""An outside auditor sees what chance picked, at the command line: from the sealed list to what was found."""

import json

from click.testing import CliRunner
from tests.flow.test_officers_cli import Desk
from tests.register.attempts import LATE_SIGNATURE, LATER
from tests.registerhome import DRAW, LETTERS_AT, cluster, open_stage

from musterroll.cli.main import muster
from musterroll.draw import seed
from musterroll.errors import MusterRollError

__all__ = ["cluster", "open_stage"]


def outside(*arguments: object) -> str:
    """A command on the auditor's own machine, where no home is."""
    result = CliRunner().invoke(muster, [str(one) for one in arguments], catch_exceptions=True)
    assert result.exit_code == 0, result.exception
    return result.output


def test_an_auditor_opens_what_chance_picked_and_nobody_else_can(open_stage, tmp_path, monkeypatch):
    from musterroll.engine import beacon

    at = Desk(open_stage("called", own=True)).at(LETTERS_AT)
    assert at.refused("draw", "spared", DRAW, "--round", 32398885, officer="draw-1") == "spared.round"
    assert "Committed; " in at.does("draw", "spared", DRAW, "--round", LATER, officer="draw-1")
    at.at(LETTERS_AT + 20 * 86_400)
    drawn = tmp_path / "round.json"
    drawn.write_text(json.dumps({"round": LATER, "signature": LATE_SIGNATURE.hex()}))
    # Nobody has this round yet, so whether the beacon signed it cannot be asked here.
    monkeypatch.setattr(beacon, "check_round", lambda _, signature: seed.drand_value(signature))
    at.does("draw", "picked", DRAW, "--beacon", drawn, "--entries", drawn, officer="draw-1")
    key = outside("draw", "auditor-key", "--out", tmp_path / "auditor.key").strip()
    assert (tmp_path / "auditor.key").stat().st_mode & 0o077 == 0
    asked = ("--auditor", "Audit Court", "--key", key)
    approval = at.agreed("opening", DRAW, *asked, first="draw-1", second="watch-1")
    at.at(LETTERS_AT + 20 * 86_400 + 60)
    said = at.does("draw", "open", DRAW, *asked, "--approval", approval, officer="draw-1")
    sealed = said.split(": ", 1)[1].strip()
    out = outside("draw", "unseal", sealed, "--secret", tmp_path / "auditor.key", "--out", tmp_path / "openings.json")
    assert "1 cohort" in out
    made = json.loads((tmp_path / "openings.json").read_bytes())
    assert {one["list"] for one in made["entries"]} == {"cohort", "spared"}
    other = tmp_path / "other.key"
    outside("draw", "auditor-key", "--out", other)
    asks = ["draw", "unseal", sealed, "--secret", str(other), "--out", str(tmp_path / "x")]
    stranger = CliRunner().invoke(muster, asks)
    assert isinstance(stranger.exception, MusterRollError)
    assert stranger.exception.code == "audit.sealed"
    at.at(LETTERS_AT + 21 * 86_400)
    assert "Recorded; " in at.does("draw", "audited", DRAW, "--wrong", 0, officer="watch-1")


def test_people_found_missing_are_entered_at_the_command_line(open_stage, tmp_path):
    from tests.register.attempts import found_missing

    stage = open_stage("called", own=True)
    found_missing(stage)
    at = Desk(stage).at(LETTERS_AT)
    procedure, manifest = tmp_path / "procedure.txt", tmp_path / "manifest.json"
    procedure.write_text("ten-sided dice")
    terms = ("--round", LATER, "--procedure", procedure, "--ceremony-over", "2026-10-03T00:00:00Z", "--out", manifest)
    assert f"{DRAW}/supplement-01, 1 entrants" in at.does("draw", "prepare-part", DRAW, *terms)
    approval = at.agreed("part", manifest, first="draw-1", second="watch-1")
    assert "Committed: " in at.does("draw", "commit-part", manifest, "--approval", approval, officer="draw-1")
    folder = at.folder / "published" / "draws" / DRAW / "supplement-01"
    assert (folder / "manifest.json").read_bytes() == manifest.read_bytes()
    at.at(LETTERS_AT + 7 * 86_400)
    held = ("--symbols", "3141592653589793238462643383279502884197", "--minutes", procedure, "--part", "supplement-01")
    assert "Recorded; " in at.does("draw", "ceremony", DRAW, *held, officer="draw-1")
    assert (folder / "ceremony.txt").exists()
