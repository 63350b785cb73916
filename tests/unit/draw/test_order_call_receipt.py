"""From the seed to the order, the calls and what a person keeps."""

import json

import pytest
from tests.published import SYMBOLS, people, terms

from musterroll import canonical
from musterroll.draw import audit, call, order, receipt, seed, transcript
from musterroll.draw.call import Ground
from musterroll.draw.commitment import Cohort
from musterroll.errors import MusterRollError

PEOPLE = people(60)
COHORT = Cohort.of(PEOPLE)
MANIFEST = terms(COHORT, software="22" * 32)
CEREMONY = transcript.Ceremony("0123456789", 40, None, None)
ORDER = order.result(MANIFEST.encode(), COHORT.data, [bytes(32), SYMBOLS.encode()])


@pytest.mark.parametrize("symbols", [SYMBOLS[:-1], SYMBOLS[:-1] + "x", SYMBOLS + "\n"])
def test_a_ceremony_gives_exactly_its_symbols(symbols: str) -> None:
    assert seed.ceremony_value(SYMBOLS, CEREMONY) == SYMBOLS.encode()
    with pytest.raises(MusterRollError, match=r"\[ceremony.symbols\]"):
        seed.ceremony_value(symbols, CEREMONY)


def test_one_value_for_each_source_is_needed() -> None:
    with pytest.raises(ValueError, match="names 2 sources"):
        order.result(MANIFEST.encode(), COHORT.data, [bytes(32)])


def test_everybody_has_exactly_one_place_in_their_own_stratum() -> None:
    for one in PEOPLE:
        stratum, place = ORDER.place_of(one.commitment)
        assert COHORT.strata[stratum] == one.stratum
        assert ORDER.strata[stratum][place - 1] == one.commitment
    assert len(ORDER.data) == 32 * 60


def test_nobody_else_has_a_place() -> None:
    with pytest.raises(MusterRollError, match=r"\[order.absent\]"):
        ORDER.place_of(bytes(32))


def test_the_result_names_manifest_seed_and_order() -> None:
    assert json.loads(ORDER.result()) == {
        "v": 1,
        "manifest_sha256": MANIFEST.digest,
        "seed": ORDER.seed.hex(),
        "order_sha256": ORDER.digest,
    }


def test_places_are_called_in_turn_until_the_quota_is_met() -> None:
    dispositions = call.order_of_call(MANIFEST, ORDER, {})
    assert [(d.stratum, d.place) for d in dispositions] == [
        *(("born-2000", place) for place in (1, 2, 3)),
        *(("born-2001-2002", place) for place in (1, 2, 3, 4)),
    ]
    assert all(d.called for d in dispositions)


def test_a_lawful_ground_skips_a_place_and_the_next_one_follows() -> None:
    second = ORDER.strata[0][1]
    before = call.order_of_call(MANIFEST, ORDER, {})
    after = call.order_of_call(MANIFEST, ORDER, {second: Ground.EXEMPT})
    assert [(d.place, d.ground) for d in after if d.stratum == "born-2000"] == [
        (1, None),
        (2, Ground.EXEMPT),
        (3, None),
        (4, None),
    ]
    # everybody called before is still called, but for the one with a ground
    assert {d.commitment for d in before} - {d.commitment for d in after if d.called} == {second}


def test_a_stratum_that_is_used_up_calls_fewer() -> None:
    grounds = dict.fromkeys(ORDER.strata[0], Ground.HELD)
    dispositions = [d for d in call.order_of_call(MANIFEST, ORDER, grounds) if d.stratum == "born-2000"]
    assert len(dispositions) == 25
    assert not any(d.called for d in dispositions)


def test_a_receipt_opens_one_entry_and_gives_the_place() -> None:
    before = receipt.of(PEOPLE[3], COHORT)
    after = receipt.of(PEOPLE[3], COHORT, ORDER)
    assert before.place is None
    assert after.place == ORDER.place_of(PEOPLE[3].commitment)[1]
    for one in (before, after):
        assert receipt.decode(one.encode()) == one
        receipt.check(one, MANIFEST.draw, COHORT)
        receipt.check(one, MANIFEST.draw, COHORT, ORDER)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"draw": "xx-2028-a"}, "receipt.draw"),
        ({"index": 999}, "receipt.entry"),
        ({"salt": "00" * 32}, "receipt.entry"),
        ({"place": 60}, "receipt.place"),
        ({"index": -1}, "receipt.malformed"),
        ({"index": True}, "receipt.malformed"),
        ({"place": 0}, "receipt.malformed"),
        ({"salt": "zz"}, "receipt.malformed"),
        ({"salt": "00"}, "receipt.malformed"),
        ({"salt": None}, "receipt.malformed"),
        ({"more": 1}, "receipt.malformed"),
        ({"record": None}, "receipt.malformed"),
    ],
)
def test_a_receipt_that_does_not_fit_is_refused(change, code: str) -> None:
    value = json.loads(receipt.of(PEOPLE[3], COHORT, ORDER).encode()) | change
    with pytest.raises(MusterRollError, match=rf"\[{code}\]"):
        receipt.check(receipt.decode(canonical.encode(value)), MANIFEST.draw, COHORT, ORDER)


@pytest.mark.parametrize("data", [b"[]", b"{}", b"3"])
def test_something_else_is_no_receipt(data: bytes) -> None:
    with pytest.raises(MusterRollError, match=r"\[receipt.malformed\]"):
        receipt.decode(data)


def test_the_audit_opens_as_many_entries_of_each_stratum_as_were_announced() -> None:
    picked = audit.sample(MANIFEST.encode(), bytes(32), COHORT, (3, 100))
    assert len(picked[0]) == 3
    assert all(0 <= i < 25 for i in picked[0])
    assert picked[1] == tuple(range(25, 60))
    assert audit.sample(MANIFEST.encode(), b"1" * 32, COHORT, (3, 100))[0] != picked[0]
