"""Attack 17: different people are shown different logs."""

from tests.bundles.files import DAY, LAST, time_of
from tests.bundles.forged import WHOLE
from tests.threats.stands import performed

from musterroll.entry import codec


def test_a_second_history_lacks_the_quorum(forge, look) -> None:
    """The witnesses cosigned one history; the other has the log's own signature only."""
    forged = forge(WHOLE)
    log = forged.logs[0]
    log.entries.append(codec.act(b"{}", b"y" * 32, time_of(LAST)))
    log.witnesses = ()
    forged.write_again()
    said = look(forged)
    assert said.code == 3
    assert "NOT SHOWN    that enough witnesses saw the ledger: its checkpoint is cosigned by nobody" in said.text


def test_two_histories_side_by_side_contradict_one_another(forge, look) -> None:
    """A draw proved in the one and published beside the other."""
    forged = forge(WHOLE)
    log = forged.logs[0]
    log.entries[0] = codec.act(b"{}", b"z" * 32, time_of(LAST) - 2_000 * DAY)
    forged.write_again()
    assert look(forged).refused("the manifest's proof is of another ledger")


def test_whoever_follows_keeps_what_was_seen_and_shows_it() -> None:
    assert performed(
        "tests/spec/ledger/test_who_follows_the_log.py",
        "test_a_forked_log_is_not_followed_further_and_what_was_seen_is_kept",
        "cosign_too_little",
    )
    assert performed(
        "tests/spec/ledger/test_could_an_act_be_hidden.py",
        "test_a_second_history_for_some_readers_lacks_the_quorum",
    )


def test_a_colluding_quorum_is_said_to_remain(trust) -> None:
    assert "a colluding quorum" in trust[17]
