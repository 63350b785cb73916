"""Attack 13: late people are held back until their place is known to be good or bad."""

from tests.bundles import build
from tests.bundles.files import FIRST, SECOND
from tests.bundles.forged import WHOLE, Forged


class OldRound(Forged):
    """A supplement with the round of the draw itself: its places could be computed before anybody was added."""

    def supplement(self, number: int) -> None:
        kept, build.SECOND = build.SECOND, FIRST
        try:
            super().supplement(number)
        finally:
            build.SECOND = kept


def test_a_supplement_has_a_later_round_of_its_own(forge, look) -> None:
    assert SECOND > FIRST
    assert look(forge(WHOLE, OldRound)).refused("its round is later than its parent's")


class Hidden(Forged):
    """The second of two supplements came out badly and is left out of the folder."""

    def write(self):
        self.files = {name: data for name, data in self.files.items() if not name.startswith("supplement-02/")}
        return super().write()


def test_a_supplement_that_is_in_the_log_cannot_be_kept_back(forge, look) -> None:
    said = look(forge(WHOLE, Hidden))
    assert said.code == 2
    assert "the ledger names a supplement that is not here" in said.text


class Chosen(Forged):
    """Of two supplements the register publishes the second as the first."""

    def write(self):
        self.files = {name: data for name, data in self.files.items() if not name.startswith("supplement-01/")}
        return super().write()


def test_numbers_of_supplements_have_no_gap(forge, look) -> None:
    assert look(forge(WHOLE, Chosen)).refused("have a gap")


def test_never_adding_them_is_said_to_be_attack_2(trust) -> None:
    assert "never adding them is attack 2" in trust[13]
