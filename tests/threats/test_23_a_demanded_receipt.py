"""Attack 23: an employer or a lover demands the receipt. Software cannot prevent it; the page says so."""

import json

from tests.bundles.files import receipt_of
from tests.bundles.forged import LISTED

from musterroll.draw import ticket


def test_the_page_says_that_it_cannot_be_prevented(trust) -> None:
    assert "**not preventable by software**" in trust[23]
    assert "the law should forbid asking" in trust[23]


def test_what_a_demanded_receipt_shows_is_the_place_and_no_reason(forge) -> None:
    forged = forge(LISTED)
    one = forged.entrants[0]
    shown = json.loads(receipt_of(one, forged.cohort, forged.order))
    assert set(shown) == {"draw", "index", "place", "record", "salt"}
    assert set(json.loads(shown["record"])) <= {"born", "draw", "n", "person", "stratum"}
    inner = json.loads(ticket.inside(one, forged.manifest, forged.cohort).encode())["in"]
    assert set(inner) == {"folder", "index", "path", "record", "salt", "size"}
