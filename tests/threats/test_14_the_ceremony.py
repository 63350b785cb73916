"""Attack 14: the ceremony is rigged: weighted balls, an edited film, symbols chosen once the beacon has spoken."""

from tests.bundles.files import DRAW, FIRST, time_of
from tests.bundles.forged import WHOLE, Forged
from tests.published import SYMBOLS

from musterroll.draw import order, seed
from musterroll.entry.kind import Kind


class AfterTheRound(Forged):
    """The symbols are logged when the value of the round is known, so that they could be chosen to fit."""

    def hold(self, folder, manifest, cohort, number):
        made = super().hold(folder, manifest, cohort, number)
        if not folder:
            said = {"draw": DRAW, "manifest": manifest.digest, "symbols": SYMBOLS}
            self.log.entries = [entry for entry in self.log.entries if b'"k":"draw.ceremony"' not in entry]
            index = self.log.add(Kind.DRAW_CEREMONY, said, time_of(FIRST) + 60)
            self.files["ceremony.tlog-proof"] = self.log.prove(index, time_of(FIRST) + 90)
        return made


def test_symbols_logged_after_the_round_show_nothing(forge, look) -> None:
    said = look(forge(WHOLE, AfterTheRound))
    assert said.code == 3
    assert "NOT SHOWN    that the ceremony was over before the round" in said.text


def test_other_symbols_than_the_logged_ones_are_refused(forge, look) -> None:
    forged = forge(WHOLE)
    forged.files["ceremony.txt"] = SYMBOLS[::-1].encode()
    forged.write_again()
    assert look(forged).refused("the ledger holds another ceremony of this draw")


def test_whatever_the_symbols_are_the_beacon_alone_decides_afresh(forge) -> None:
    """Symbols fixed before the round by a cheat: the order still hangs on a value that nobody knew."""
    from tests.published import ROUNDS

    forged = forge(WHOLE)
    orders = {
        order.result(forged.manifest.encode(), forged.cohort.data, [seed.drand_value(signature), b"0" * 40]).digest
        for signature in list(ROUNDS.values())[:4]
    }
    assert len(orders) == 4
