"""The log's care from the command line: a day's turn, a new key, an audit, a sequencer that runs, a year later."""

import json

import pytest
from click.testing import CliRunner
from tests.registerhome import LETTERS_AT, open_stage
from tests.registerhome import cluster as cluster

from musterroll import dates
from musterroll.cli.ledger import ledger
from musterroll.entry import codec
from musterroll.ledger import policy, tile

__all__ = ["open_stage"]


class Desk:
    """Somebody at the terminal of one home, at a time that is set."""

    def __init__(self, stage) -> None:
        self.folder, self.stage = stage.home.path, stage
        stage.home.close()
        self.at(LETTERS_AT)

    def at(self, second: int) -> None:
        self.stage.clock.at = second
        (self.folder / "clock").write_text(f"{dates.format_instant(second)}\n")

    def does(self, *words: str) -> str:
        done = CliRunner().invoke(ledger, [words[0], "--home", str(self.folder), *words[1:]], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def entries(self, year: str) -> list:
        folder = self.folder / "published" / "ledger" / year
        accepted = policy.decode((self.folder / "trust" / "policy.txt").read_bytes()).accept(
            (folder / "checkpoint").read_bytes()
        )
        reader = tile.TileReader(accepted.checkpoint.size, tile.read_from(folder))
        return [codec.decode(reader.entry(index)) for index in range(accepted.checkpoint.size)]


@pytest.fixture
def desk(open_stage) -> Desk:
    return Desk(open_stage("rolled", own=True))


def test_a_register_s_log_from_day_to_day(desk):
    from musterroll.register import software

    assert "0 days counted, 0 time stamps" in desk.does("daily")
    said = [one.payload for one in desk.entries("2026") if isinstance(one, codec.PublicEntry)]
    assert said[-1] == {"software": software.digests()}
    size = len(said)
    desk.at(LETTERS_AT + 86_400)
    desk.does("daily")
    assert len(desk.entries("2026")) == size  # nothing new: the same checkpoint

    keys = desk.does("key", "--every").split()
    assert [key.split("+")[0][-4:] for key in keys] == ["2026", "2027"]
    new = desk.does("replace-key").strip()
    assert new.startswith("demo.register.example/ledger/2026+")
    assert desk.does("key").strip() == new
    assert new in (desk.folder / "trust" / "policy.txt").read_text()
    assert f"{size + 1} entries, root" in desk.does("publish")

    assert desk.does("audit", "--seed", "4 1 6 2 2").endswith("holds\n")
    assert desk.does("rebuild") == "The database lacks nothing that is published.\n"

    desk.at(dates.parse_instant("2027-01-01T00:01:00Z"))
    said = desk.does("run", "--integrate", "0.01", "--publish", "0", "--anchor", "1e9", "--rounds", "2")
    assert said.splitlines() == ["demo.register.example/ledger/2027: 1 entries"] * 2
    assert [one.kind.value for one in desk.entries("2026")[-2:]] == ["key", "key"]
    assert json.loads(json.dumps(desk.entries("2027")[0].payload))["size"] == size + 2
