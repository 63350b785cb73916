"""Attack 3: a person is entered twice, to have two chances of a low place."""

import pytest
from tests.bundles.forged import LISTED, WHOLE, Forged

from musterroll.draw.commitment import Cohort
from musterroll.errors import MusterRollError


def test_the_same_entry_twice_is_no_list(forge, look) -> None:
    forged = forge(WHOLE)
    leaves = forged.cohort.leaves
    with pytest.raises(MusterRollError, match=r"\[cohort\."):
        Cohort(b"".join(sorted([*leaves, leaves[0]])), forged.cohort.strata)
    forged.files["cohort.bin"] = b"".join([leaves[0], *leaves[:-1]])
    forged.write_again()
    assert look(forged).refused("not in strictly ascending order")


class Twice(Forged):
    """One person stands in the list under two salts: two entries, one nullifier."""

    def source_terms(self):
        terms = super().source_terms()
        inside = self.files["nullifiers.bin"]
        self.files["nullifiers.bin"] = inside[:32] + inside[:32] + inside[64:]
        return type(terms)(**{
            **{name: getattr(terms, name) for name in terms.__slots__},
            "nullifiers": __import__("hashlib").sha256(self.files["nullifiers.bin"]).hexdigest(),
        })  # fmt: skip


def test_two_entries_of_one_person_have_one_nullifier(forge, look) -> None:
    said = look(forge(LISTED, Twice))
    assert said.code == 1
    assert "a nullifier is there twice" in said.text or "not together the source's list" in said.text


def test_a_second_entry_under_a_false_number_is_left_to_the_audit(trust) -> None:
    assert "found by the audit's sample only" in trust[3]
