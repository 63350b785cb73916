"""How a draw goes, from the freeze to the call. Read from top to bottom."""

import hashlib

from tests.published import ROUNDS, SYMBOLS, terms

from musterroll import dates
from musterroll.draw import call, entrant, order, quota, receipt, seed, strata
from musterroll.draw.call import Ground
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate, Entrant

DRAW = "xx-2027-a"


def kp(person: str) -> bytes:
    """The person's own erasable key."""
    return hashlib.sha256(person.encode()).digest()


def born_in(year: int, count: int) -> list[Candidate]:
    people = [f"XX{year}{i:03}" for i in range(count)]
    return [Candidate(p, dates.parse_day(f"{year}-06-15"), entrant.salt(kp(p), DRAW)) for p in people]


# 1. The cohort is frozen. Birth years with fewer than twenty people stand together.
CANDIDATES = born_in(2006, 40) + born_in(2007, 12) + born_in(2008, 24)
ENTRANTS = strata.by_birth_year(CANDIDATES, draw=DRAW)


def test_small_birth_years_stand_together() -> None:
    assert {one.stratum for one in ENTRANTS} == {"born-2006", "born-2007-2008"}


# 2. The list is published: one number of 32 bytes a person, in ascending order. It names nobody.
COHORT = Cohort.of(ENTRANTS)


def test_the_list_names_nobody() -> None:
    assert COHORT.size == 76
    for one in CANDIDATES:
        assert one.person.encode() not in COHORT.data


def test_only_who_holds_the_salt_can_find_an_entry() -> None:
    mine = ENTRANTS[0]
    assert mine.commitment in COHORT.data
    assert Entrant(mine.record, bytes(32), mine.stratum).commitment not in COHORT.data


# 3. The terms are fixed: ten are wanted, and quotas follow from the sizes.
MANIFEST = terms(COHORT, total=10, software="22" * 32)


def test_quotas_follow_from_the_sizes() -> None:
    assert [(s.id, s.size, s.quota) for s in MANIFEST.cohort.strata] == [
        ("born-2006", 40, 5),
        ("born-2007-2008", 36, 5),
    ]
    assert quota.apportion(10, (40, 36), 1) == (5, 5)


# 4. Chance comes twice: digits drawn in public, then the beacon's round. The order follows by itself.
VALUES = [seed.drand_value(ROUNDS[MANIFEST.round.round]), seed.ceremony_value(SYMBOLS, MANIFEST.randomness[1])]
ORDER = order.result(MANIFEST.encode(), COHORT.data, VALUES)


def test_everybody_who_computes_it_gets_the_same_order() -> None:
    assert order.result(MANIFEST.encode(), COHORT.data, VALUES) == ORDER


def test_the_smaller_draw_value_comes_first() -> None:
    for stratum in ORDER.strata:
        values = [order.draw_value(ORDER.seed, commitment) for commitment in stratum]
        assert values == sorted(values)


# 5. Places are called in turn. Who has died keeps the place and is passed over; the next one follows.
def test_the_place_of_somebody_who_has_died_is_passed_over() -> None:
    first = ORDER.strata[0][0]
    dispositions = call.order_of_call(MANIFEST, ORDER, {first: Ground.ENDED})
    assert [(d.place, d.ground) for d in dispositions if d.stratum == "born-2006"] == [
        (1, Ground.ENDED),
        (2, None),
        (3, None),
        (4, None),
        (5, None),
        (6, None),
    ]


# 6. Each person has a receipt and finds their own entry and place with it.
def test_a_receipt_finds_its_own_place() -> None:
    mine = receipt.of(ENTRANTS[50], COHORT, ORDER)
    receipt.check(mine, DRAW, COHORT, ORDER)
    assert ORDER.strata[1][mine.place - 1] == ENTRANTS[50].commitment


# 7. When the person's key is erased, nobody can open the entry any more; the order stays as it was.
def test_without_the_key_an_entry_is_a_number_like_any_other() -> None:
    forgotten = Entrant(ENTRANTS[0].record, entrant.salt(kp("another"), DRAW), ENTRANTS[0].stratum)
    assert forgotten.commitment not in COHORT.data
    assert ENTRANTS[0].commitment in ORDER.data
