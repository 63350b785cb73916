"""Attack 15: a decision is backdated."""

from tests.bundles.files import DAY, DRAW, FIRST, LEAD, time_of
from tests.bundles.forged import LISTED, Forged
from tests.threats.stands import performed

from musterroll.draw import transcript
from musterroll.entry.kind import Kind


class Backdated(Forged):
    """The manifest is logged after the round, in an entry that bears a date of a month before."""

    def publish(self, kind: Kind, manifest: transcript.Manifest, at: int, folder: str) -> None:
        super().publish(kind, manifest, at - 30 * DAY, folder)
        if not folder:
            index = len(self.log.entries) - 1
            self.files["manifest.tlog-proof"] = self.log.prove(index, time_of(FIRST) + DAY)


def test_what_counts_is_when_the_witnesses_saw_it_not_what_the_entry_says(forge, look) -> None:
    forged = forge(LISTED, Backdated)
    entry = next(e for e in forged.log.entries if DRAW.encode() in e)
    assert b'"t":"2023-08' in entry
    said = look(forged)
    assert said.code == 3
    assert "NOT SHOWN    that the manifest was fixed before the round" in said.text
    assert time_of(FIRST) - LEAD > 0


def test_whoever_follows_the_log_reports_an_entry_that_is_older_than_it_can_be() -> None:
    assert performed("tests/spec/ledger/test_who_follows_the_log.py", "backdate", "postdate")
    assert performed(
        "tests/spec/ledger/test_could_an_act_be_hidden.py",
        "test_an_act_written_with_an_earlier_time_shows_when_it_was_really_logged",
    )


def test_not_logged_not_taken_must_be_the_law(trust) -> None:
    assert '"not logged, not taken" must be the law' in trust[15]
