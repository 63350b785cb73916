"""Attack 18: an old backup is restored and the register goes on from there."""

from tests.bundles.forged import WHOLE
from tests.threats.stands import performed


def test_a_log_shorter_than_a_proof_that_somebody_holds_is_noticed(forge, look) -> None:
    """Restored from before the ceremony, the log no longer reaches what was proved."""
    forged = forge(WHOLE)
    log = forged.logs[0]
    at = next(i for i, entry in enumerate(log.entries) if b'"k":"draw.ceremony"' in entry)
    del log.entries[at:]
    for path in sorted(log.folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    forged.write_again()
    said = look(forged)
    assert said.code in (1, 2)
    assert "is of a later state than the ledger" in said.text


def test_the_register_refuses_to_sign_and_every_witness_refuses_to_cosign() -> None:
    assert performed("tests/spec/ledger/test_could_an_act_be_hidden.py", "test_a_register_on_an_old_backup_is_told_so")
