"""S3: nobody is picked or spared by hand, and no group is aimed at. These tests try it."""

import inspect
import json
from collections.abc import Callable
from dataclasses import fields, replace

import pytest
from tests.published import SYMBOLS, people, terms

from musterroll import canonical
from musterroll.draw import call, entrant, order, quota, strata, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate, Entrant
from musterroll.draw.terms import CohortTerms, Partition, QuotaRule, Stratum
from musterroll.errors import MusterRollError

PEOPLE = people(80)
COHORT = Cohort.of(PEOPLE)
MANIFEST = terms(COHORT, software="22" * 32)


def draw(values: list[bytes]) -> order.Order:
    return order.result(MANIFEST.encode(), COHORT.data, values)


def test_a_draw_can_know_of_a_person_only_what_the_charter_lists() -> None:
    """Birth date, legal sex, territory of the first or second level, the number and two values that stand for it. Name,
    school, address or word of mouth have no way in: there is no field for them."""
    assert {field.name for field in fields(Candidate)} == {"person", "born", "sex", "territory", "salt", "nullifier"}
    assert set(json.loads(PEOPLE[0].record)) == {"born", "draw", "person", "stratum"}
    assert list(inspect.signature(entrant.record).parameters) == ["born", "draw", "person", "stratum", "nullifier"]


def test_the_order_depends_on_nothing_but_list_manifest_and_public_values() -> None:
    assert list(inspect.signature(order.result).parameters) == ["manifest", "cohort", "values"]
    assert draw([bytes(32), SYMBOLS.encode()]) == draw([bytes(32), SYMBOLS.encode()])
    assert draw([bytes(32), SYMBOLS.encode()]).data != draw([b"1" * 32, SYMBOLS.encode()]).data
    assert draw([bytes(32), SYMBOLS.encode()]).data != draw([bytes(32), SYMBOLS[::-1].encode()]).data


def test_dropping_one_person_changes_the_whole_order() -> None:
    """The operator cannot leave somebody out and keep the rest: the manifest's hash is in the seed."""
    fewer = Cohort.of(PEOPLE[1:])
    other = order.result(terms(fewer, software="22" * 32).encode(), fewer.data, [bytes(32), SYMBOLS.encode()])
    mine = draw([bytes(32), SYMBOLS.encode()])
    kept = [c for stratum in mine.strata for c in stratum if c != PEOPLE[0].commitment]
    assert [c for stratum in other.strata for c in stratum] != kept


def test_the_order_in_which_people_are_entered_moves_nobody() -> None:
    assert Cohort.of(PEOPLE[::-1]).data == COHORT.data


def test_places_are_spread_evenly_whatever_the_birth_date() -> None:
    """Over many seeds the first place falls to each of four people about equally often (1969 would fail here)."""
    four = Cohort.of([Entrant(one.record, one.salt, "born-2000") for one in PEOPLE[:4]])
    first = [order.rank(four, seed.to_bytes(32, "big"))[0][0] for seed in range(2_000)]
    counts = [first.count(one.commitment) for one in PEOPLE[:4]]
    assert all(420 < count < 580 for count in counts), counts


def test_nobody_can_be_called_out_of_turn() -> None:
    result = draw([bytes(32), SYMBOLS.encode()])
    dispositions = call.order_of_call(MANIFEST, result, {})
    for stratum in MANIFEST.cohort.strata:
        reached = [d.place for d in dispositions if d.stratum == stratum.id]
        assert reached == list(range(1, stratum.quota + 1))


def test_a_place_is_skipped_only_on_a_ground_of_the_closed_list() -> None:
    assert {ground.name for ground in call.Ground} == {
        "ENDED",
        "EXEMPT",
        "DEFERRED",
        "NOT_LIABLE",
        "NOT_PROCESSED",
        "UNDETERMINED",
        "HELD",
        "NOT_YET",  # a worsening that still waits (S9)
        "WITHDRAWN",  # called before in this draw, and taken back: a place is called once
    }
    with pytest.raises(ValueError, match="not a valid Ground"):
        call.Ground("knows the minister")


def test_not_answering_is_no_ground_and_no_attribute() -> None:
    words = " ".join([*call.Ground, *json.loads(PEOPLE[0].record)])
    assert not {"answer", "appear", "response", "absent"} & set(words.replace(" ", "_").split("_"))


@pytest.mark.parametrize(
    "aimed",
    [
        lambda: CohortTerms(25, "00" * 32, (Stratum("a", 24, 1), Stratum("b", 1, 1)), Partition(20), None),
        lambda: Partition(1),
        lambda: Partition(20, by="surname"),
        lambda: Partition(20, by="municipality"),
        lambda: QuotaRule(10, 0, rule="as the minister says"),
        lambda: CohortTerms(40, "00" * 32, (Stratum("a", 20, 0), Stratum("b", 20, 2)), None, QuotaRule(2, 0)),
        lambda: Stratum("a", 5, 6),
    ],
    ids=["few people", "one person", "by name", "by town", "by order", "quotas by hand", "more than there are"],
)
def test_a_stratum_or_quota_cannot_be_aimed_at_a_few(aimed: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        aimed()


def test_strata_of_fewer_than_twenty_merge_by_the_declared_rule() -> None:
    days = [(2000, 30), (2001, 5), (2002, 30), (2003, 19)]
    candidates = [
        Candidate(f"XX{year}{i}", transcript.dates.parse_day(f"{year}-01-01"), canonical.sha256(f"{year}{i}".encode()))
        for year, count in days
        for i in range(count)
    ]
    cohort = Cohort.of(strata.by_birth_year(candidates, draw="xx-2027-a"))
    assert dict(zip(cohort.strata, cohort.sizes, strict=True)) == {"born-2000": 30, "born-2001-2003": 54}


def test_quotas_are_proportional_and_the_manifest_cannot_say_otherwise() -> None:
    assert quota.apportion(7, COHORT.sizes, 1) == tuple(stratum.quota for stratum in MANIFEST.cohort.strata)
    value = json.loads(MANIFEST.encode())
    value["cohort"]["strata"][0]["quota"] += 1
    value["cohort"]["strata"][1]["quota"] -= 1
    with pytest.raises(MusterRollError, match="the quotas that follow from the rule are"):
        transcript.decode(canonical.encode(value))


def test_a_round_that_is_already_over_cannot_follow_a_ceremony_still_open() -> None:
    late = transcript.Ceremony("0123456789", 40, "00" * 32, "2030-01-01T00:00:00Z")
    with pytest.raises(ValueError, match="over before the beacon's round"):
        replace(MANIFEST, randomness=(MANIFEST.randomness[0], late))


def test_two_beacon_rounds_to_choose_from_are_refused() -> None:
    with pytest.raises(ValueError, match="exactly one round"):
        replace(MANIFEST, randomness=(MANIFEST.randomness[0], MANIFEST.randomness[0]))


def test_nobody_is_entered_twice() -> None:
    one = Candidate("XX1", 11_000, bytes(32))
    with pytest.raises(MusterRollError, match=r"\[draw.twice\]"):
        strata.by_birth_year([one, Candidate("XX1", 11_001, b"1" * 32)], draw="xx-2027-a")
