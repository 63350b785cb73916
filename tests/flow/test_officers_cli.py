"""A register run by its officers from the command line, from its founding to letters, on a small invented town."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.registerhome import (
    CEREMONY_AT,
    FREEZE_AT,
    LETTERS_AT,
    RESULT_AT,
    ROUND,
    SIGNATURE,
    SYMBOLS,
    Stage,
    cluster,
    count_of,
    open_stage,
)

from musterroll import dates
from musterroll.cli.main import muster
from musterroll.demo.mail import MailServer
from musterroll.errors import MusterRollError

__all__ = ["cluster", "open_stage"]

PACK = Path("packs/example")
DRAW = "example-2021-b"


class Desk:
    """The officers' desk: commands on one home, at a time that the test sets."""

    def __init__(self, stage: Stage) -> None:
        self.folder = stage.home.path
        self.clock = stage.clock
        stage.home.close()

    def at(self, instant: int) -> "Desk":
        self.clock.at = instant
        (self.folder / "clock").write_text(f"{dates.format_instant(instant)}\n")
        return self

    def result(self, *words: object, officer: str = "") -> Result:
        by = ["--officer", officer] if officer else []
        return CliRunner().invoke(
            muster, [*map(str, words), "--home", str(self.folder), *by], standalone_mode=False, catch_exceptions=True
        )

    def does(self, *words: object, officer: str = "") -> str:
        done = self.result(*words, officer=officer)
        if done.exception is not None:
            raise done.exception
        return done.output

    def refused(self, *words: object, officer: str = "") -> str:
        with pytest.raises(MusterRollError) as caught:
            self.does(*words, officer=officer)
        return caught.value.code

    def agreed(self, *what: object, first: str, second: str) -> int:
        """Propose and approve; the number of the approval."""
        number = self.does("propose", *what, officer=first).split()[1].rstrip(":")
        return int(self.does("approve", number, officer=second).split()[-1])


@pytest.fixture
def desk(open_stage):
    return lambda name: Desk(open_stage(name, own=True))


def test_a_law_comes_into_force_by_two_people_of_two_offices(desk):
    at = desk("empty").at(dates.parse_instant("2026-06-01T09:00:00Z"))
    proposed = at.does("propose", "law", PACK, officer="law-1")
    number = proposed.split()[1].rstrip(":")
    assert at.does("proposals").endswith("1 waiting.\n")
    assert at.refused("approve", number, officer="law-1") == "permission.refused"
    assert at.refused("approve", number, officer="registry-chief") == "approval.same-office"
    assert at.refused("law", "publish", PACK, "--approval", 1, officer="law-1") == "approval.missing"
    approval = at.does("approve", number, officer="watch-1").split()[-1]
    assert "In force: " in at.does("law", "publish", PACK, "--approval", approval, officer="law-1")
    assert at.does("proposals") == "0 waiting.\n"
    assert "entries, root" in at.does("ledger", "publish")


def test_officers_are_appointed_and_dismissed(desk):
    at = desk("empty").at(dates.parse_instant("2026-06-01T09:00:00Z"))
    at.does("officer", "appoint", "law-2", "--office", "registry", "--role", "law")
    at.does("propose", "law", PACK, officer="law-2")
    at.does("officer", "dismiss", "law-2", "--by", "watch-1")
    assert at.refused("propose", "law", PACK, officer="law-2") == "permission.refused"
    assert at.refused("officer", "dismiss", "watch-1", "--by", "law-1") == "permission.refused"


def test_a_policy_names_three_witnesses_at_least(desk):
    at = desk("empty").at(dates.parse_instant("2026-06-01T09:00:00Z"))
    key = at.does("ledger", "key").strip()
    assert key.startswith("demo.register.example/ledger/2026+")
    pinned = (at.folder / "trust" / "policy.txt").read_text()
    named = [line.split()[1:] for line in pinned.splitlines() if line.startswith("witness ")]
    options = [word for witness in named for word in ("--witness", *witness)]
    assert "3 of 3 witnesses" in at.does("ledger", "policy", *options)
    assert (at.folder / "trust" / "policy.txt").read_text() == pinned
    few = at.result("ledger", "policy", *options[:8])
    assert "3 witnesses have to cosign, and 2 are named." in str(few.exception)


def test_a_draw_from_its_terms_to_letters(desk, tmp_path):
    at = desk("rolled").at(FREEZE_AT)
    manifest, procedure, beacon = tmp_path / "manifest.json", tmp_path / "procedure.txt", tmp_path / "round.json"
    procedure.write_text("Forty throws of a ten-sided die, in public.\n")
    beacon.write_text(json.dumps({"round": ROUND, "signature": SIGNATURE.hex()}))
    over = ("--ceremony-over", "2026-09-21T13:00:00Z")

    terms = ("--procedure", procedure, *over, "--out", manifest)
    assert at.refused("draw", "prepare", "Not A Name", "--round", ROUND, *terms) == "draw.id"
    assert at.refused("draw", "prepare", DRAW, "--round", 0, *terms) == "draw.terms"
    assert at.refused("draw", "prepare", DRAW, "--round", ROUND, *terms) == "draw.no-potcheck"
    counted = count_of(DRAW)
    (tmp_path / "count.json").write_bytes(counted["count"])
    (tmp_path / "count.sig").write_text(counted["signature"])
    files = ("--count", tmp_path / "count.json", "--signature", tmp_path / "count.sig")
    office = ("--office", counted["office"], "--key", counted["key"], "--per-mille", counted["per_mille"])
    noise = tmp_path / "noise.bin"
    noise.write_bytes(bytes(range(128, 256)))
    unsigned = ("--count", tmp_path / "count.json", "--signature", noise)
    assert at.refused("draw", "potcheck", DRAW, *unsigned, *office, officer="draw-1") == "potcheck.signature"
    (tmp_path / "loud.sig").write_text(counted["signature"].upper())  # no verifier takes it, so no act does
    loud = ("--count", tmp_path / "count.json", "--signature", tmp_path / "loud.sig")
    assert at.refused("draw", "potcheck", DRAW, *loud, *office, officer="draw-1") == "potcheck.signature"
    source = ("--authority", "Population Register", "--key", counted["key"])
    listed = tmp_path / "list.csv"
    listed.write_text("person,n\nXX000000001," + "ab" * 32 + "\n")
    refused = ("draw", "source", DRAW, "--signature", noise, *source, "--list")
    assert at.refused(*refused, noise, officer="draw-1") == "source.file"
    assert at.refused(*refused, listed, officer="draw-1") == "source.signature"
    assert "holds; " in at.does("draw", "potcheck", DRAW, *files, *office, officer="draw-1")
    at.at(FREEZE_AT + 60)
    said = at.does("draw", "prepare", DRAW, "--round", ROUND, *terms)
    assert "entrants in 1 strata" in said
    approval = at.agreed("draw", manifest, first="draw-1", second="watch-1")
    assert "Committed: " in at.does("draw", "commit", manifest, "--approval", approval, officer="draw-1")
    assert at.refused("draw", "result", DRAW, "--beacon", beacon, officer="draw-1") == "draw.early"

    at.at(CEREMONY_AT)
    at.does("draw", "ceremony", DRAW, "--symbols", SYMBOLS, "--minutes", procedure, officer="draw-1")
    at.at(RESULT_AT)
    beacon.write_text("{}")
    assert at.refused("draw", "result", DRAW, "--beacon", beacon, officer="draw-1") == "beacon.file"
    beacon.write_text(json.dumps({"round": ROUND, "signature": SIGNATURE.hex()}))
    at.does("draw", "result", DRAW, "--beacon", beacon, officer="draw-1")
    at.at(RESULT_AT + 600)
    assert "Fairness: unremarkable" in at.does("draw", "fairness", DRAW, officer="draw-1")
    at.at(RESULT_AT + 660)
    approval = at.agreed("order", DRAW, "--report-on", "2021-06-01", first="draw-1", second="watch-1")
    at.does("draw", "call", DRAW, "--report-on", "2021-06-01", "--approval", approval, officer="draw-1")

    with MailServer(tmp_path / "mail") as server:
        write = ["notify", "--letters", PACK / "letters", "--office", "Registry", "--line", "1 Registry Square"]
        write += ["--sender", "registry@registry.example.invalid", "--smtp", f"127.0.0.1:{server.port}"]
        # An hour after the order, nothing goes out: it has not been public for 72 hours (charter S11).
        assert at.at(RESULT_AT + 3_600).refused(*write) == "gate.closed"
        assert not list((tmp_path / "mail" / "new").iterdir())
        said = at.at(LETTERS_AT).does(*write)
        mails = len(list((tmp_path / "mail" / "new").iterdir()))
        assert mails > 20  # the law's intake is 60, and 26 are in the draw
        assert f"{mails} mails handed to the mail server. Not a delivery." in said
        assert "0 mails" in at.does(*write)
    assert len(list((tmp_path / "mail" / "new").iterdir())) == mails

    verified = at.does("status")
    assert f"draw {DRAW}" in verified
    assert "held" in verified


def test_one_person_without_a_mailbox_stops_nobody_s_mail_and_is_counted(desk, tmp_path):
    from tests.register.test_letters import calls, gives_contact

    from musterroll.register import home

    at = desk("called").at(LETTERS_AT)
    with home.open(at.folder):
        everybody = len(calls())
        gives_contact(calls()[0].person, "forwarding-token", protected=True)
    with MailServer(tmp_path / "mail") as server:
        write = ["notify", "--letters", PACK / "letters", "--office", "Registry"]
        write += ["--sender", "registry@registry.example.invalid", "--smtp", f"127.0.0.1:{server.port}"]
        said = at.does(*write)
    assert f"{everybody} letters of open calls, 0 of withdrawn ones, {everybody - 1} mails handed to" in said
    assert said.endswith("1 people have no mailbox, or a protected contact: send paper.\n")


def test_a_record_opens_by_an_allocated_case_and_closes_with_it(desk):
    at = desk("rolled").at(FREEZE_AT)
    from musterroll.register import home
    from musterroll.register.acts.writing import ref_of

    with home.open(at.folder):
        ref = ref_of(3)
    case = at.does("case", "allocate", ref, "--to", "case-1", "--purpose", "audit", officer="watch-1").split()[1]
    look = ["why", "--purpose", "audit", "--case", case]
    assert "opened to audit" in at.does(*look, officer="case-1")
    assert at.refused(*look, officer="keep-1") == "access.no-case"
    at.does("case", "close", case, officer="case-1")
    assert at.refused(*look, officer="case-1") == "access.no-case"


def test_a_mail_server_s_address_is_checked_before_anything_is_opened(desk):
    at = desk("empty").at(FREEZE_AT)
    write = ["notify", "--letters", PACK / "letters", "--office", "R", "--sender", "r@b.invalid", "--smtp"]
    for wrong in ("nonsense", "127.0.0.1:99999"):
        assert "HOST:PORT" in str(at.result(*write, wrong).exception)
    assert at.refused(*write, "mail.example.org:25") == "smtp.not-local"
