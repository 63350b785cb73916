"""Attack 16: an act, or the trace of a reading, is changed or deleted."""

import pytest
from tests.bundles.forged import WHOLE, Forged
from tests.threats.stands import performed

from musterroll.entry import codec


class Rewritten(Forged):
    """Once the draw is proved, the register writes its log anew without one entry, or with another in its place."""

    instead: tuple[bytes, ...] = ()

    def write(self):
        log = self.logs[0]
        acts = [i for i, entry in enumerate(log.entries) if b'"k":"act"' in entry]
        at = acts[0] if acts else 0
        log.entries[at : at + 1] = self.instead
        return super().write()


class Replaced(Rewritten):
    instead = (codec.act(b"{}", b"x" * 32, 1_690_000_000),)


@pytest.mark.parametrize("kind", [Rewritten, Replaced])
def test_a_log_written_anew_no_longer_fits_the_proofs_that_people_hold(forge, look, kind) -> None:
    said = look(forge(WHOLE, kind))
    assert said.refused("the manifest's proof is of another ledger")


@pytest.mark.parametrize("name", ["tile/entries", "tile/0"])
def test_an_entry_changed_in_the_files_alone_leads_to_no_signed_root(forge, look, name) -> None:
    forged = forge(WHOLE)
    path = next(p for p in sorted((forged.logs[0].folder / name).rglob("*")) if p.is_file())
    data = path.read_bytes()
    path.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
    assert look(forged).code == 1


def test_witnesses_followers_the_person_and_the_auditor_each_see_it() -> None:
    assert performed(
        "tests/spec/ledger/test_could_an_act_be_hidden.py",
        "test_an_entry_taken_out_is_refused_by_every_witness",
        "test_a_person_who_has_seen_their_file_finds_out_what_is_missing_later",
        "test_when_a_person_is_erased_their_entries_stay_and_say_nothing",
    )
    assert performed("tests/spec/ledger/test_who_follows_the_log.py", "drop", "shorten", "change_a_tile")


def test_acts_that_were_never_logged_are_said_to_remain(trust) -> None:
    assert "acts that were never logged" in trust[16]
