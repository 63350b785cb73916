"""Attack 2: somebody is left out of the list, to be spared."""

import random
from dataclasses import replace

from tests.bundles.forged import LISTED, WHOLE, Forged

from musterroll import canonical
from musterroll.draw import potcheck, spared

SPARED = bytes(31) + b"\x01"


class Missing(Forged):
    """The source knows of one person more than the list and the list of those left out together."""

    instead = b""

    def known_to_source(self) -> list[bytes]:
        return [*super().known_to_source(), SPARED]

    def source_terms(self):
        terms = super().source_terms()
        assert SPARED in self.files["excluded.bin"]
        self.files["excluded.bin"] = self.files["excluded.bin"].replace(SPARED, self.instead)
        return replace(terms, excluded_sha256=canonical.sha256_hex(self.files["excluded.bin"]))


class Invented(Missing):
    """So that the counts fit, somebody who does not exist is said to be left out."""

    instead = bytes(31) + b"\x02"


def test_somebody_whom_the_source_knows_is_in_or_openly_out(forge, look) -> None:
    assert look(forge(LISTED, Missing)).refused("excluded.bin has another length")
    said = look(forge(LISTED, Invented))
    assert said.refused("those in the list and those left out are not together the source's list")


class Least(random.Random):
    """Nobody is passed over, and nothing was entered by hand."""

    def randint(self, a: int, b: int) -> int:
        return a


class Kept(Forged):
    """Fewer are committed to as spared than the counts say were left out."""

    def spare(self) -> None:
        self.left_out, self.chance = [], Least(0)
        super().spare()


def test_fewer_spared_than_left_out_are_noticed(forge, look) -> None:
    assert look(forge(LISTED, Kept)).refused("fewer are in the list of the spared than were left out")


class NobodyFromThere(Forged):
    """The office counts people in a district from which nobody is in the list."""

    def count(self, change):
        found, count = super().count(change)
        cells = {**count.cells, ("district", "XX-77"): 25}
        return found, potcheck.Count(count.draw, count.office, count.reference_day, 1, cells)

    def passed(self, terms, at):
        self.held, potcheck.Check.verdict = potcheck.Check.verdict, property(lambda self: "holds")
        try:
            return super().passed(terms, at)
        finally:
            potcheck.Check.verdict = self.held


def test_a_district_without_anybody_in_the_list_locks_the_draw_whatever_the_register_says(forge, look) -> None:
    assert look(forge(WHOLE, NobodyFromThere)).refused("the verdict of the pot check is not what its cells give")


class OtherSample(Forged):
    """The register would rather show others of the spared."""

    def spare(self) -> None:
        super().spare()
        self.say("spared.json", sample=[0])


def test_which_of_the_spared_are_opened_is_not_the_registers_choice(forge, look) -> None:
    assert look(forge(LISTED, OtherSample)).refused("these are not the spared that the round picks")
    assert spared.SAMPLE == 299


def test_the_largest_risk_that_is_left_is_said(trust) -> None:
    assert "This is the largest risk left" in trust[2]
