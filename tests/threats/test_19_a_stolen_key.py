"""Attack 19: somebody steals the key with which the log is signed."""

from tests.bundles.files import DAY, LAST, time_of
from tests.bundles.forged import LISTED, Forged
from tests.threats.stands import performed

from musterroll.entry.kind import Kind
from musterroll.ledger.note import ED25519, PrivateKey
from musterroll.ledger.rotation import rotate


class Rotated(Forged):
    """The log's key was replaced openly; the thief has the old one."""

    def attempts(self, at):
        terms = super().attempts(at)
        self.stolen = self.log.key
        self.log.key = PrivateKey(self.log.origin, ED25519, b"n" * 32)
        stated = rotate(self.stolen, self.log.key.public_key, len(self.log.entries) + 1)
        self.log.add(Kind.KEY, stated.fields, at + DAY)
        return terms


def test_with_the_old_key_nothing_can_be_signed_once_it_was_replaced(forge, look) -> None:
    forged = forge(LISTED, Rotated)
    assert look(forged).code == 0
    note = forged.log.signed(time_of(LAST) + DAY, forged.stolen)
    (forged.log.folder / "checkpoint").write_bytes(note)
    assert look(forged).refused("only a key that had been replaced signed this checkpoint")


def test_a_thief_signs_what_he_likes_and_gets_no_witness(forge, look) -> None:
    forged = forge(LISTED)
    forged.log.entries.append(forged.log.entries[0])
    forged.log.witnesses = ()
    forged.write_again()
    said = look(forged)
    assert said.code == 3
    assert "cosigned by nobody" in said.text


class OwnSuccessor(Forged):
    """A stranger's entry names a key of his own for the log; it is signed with a key that nobody trusts."""

    def attempts(self, at):
        terms = super().attempts(at)
        stranger = PrivateKey(self.log.origin, ED25519, b"s" * 32)
        self.thief = PrivateKey(self.log.origin, ED25519, b"t" * 32)
        stated = rotate(stranger, self.thief.public_key, len(self.log.entries) + 1)
        self.log.add(Kind.KEY, stated.fields, at + DAY)
        return terms


def test_nobody_but_the_trusted_key_names_another(forge, look) -> None:
    forged = forge(LISTED, OwnSuccessor)
    said = look(forged)
    assert said.code == 0
    assert "who named it is not trusted here, so it changes nothing" in said.text
    (forged.log.folder / "checkpoint").write_bytes(forged.log.signed(time_of(LAST) + DAY, forged.thief))
    assert look(forged).refused("the log's key did not sign this checkpoint")


def test_witnesses_and_followers_hold_out_against_a_thief() -> None:
    assert performed(
        "tests/spec/ledger/test_who_follows_the_log.py",
        "test_a_key_that_nobody_named_signs_nothing",
        "test_a_new_key_is_followed_and_the_old_one_counts_for_nothing_then",
    )
