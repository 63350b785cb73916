import pytest
from tests.unit.fact.people import ON, covered, day, linked, source

from musterroll.extract.schema import FactMap, RosterMap, Silence, Source, SourceKind
from musterroll.fact.coverage import Coverage, Delivery, of, on_day, register_coverage
from musterroll.fact.timeline import Judgement

EVERYBODY, CONCERNED, NOBODY = Silence.EVERYBODY, Silence.THOSE_CONCERNED, Silence.NOBODY
CONFIRMED, POSSIBLE, REFUTED = Judgement.CONFIRMED, Judgement.POSSIBLE, Judgement.REFUTED


@pytest.mark.parametrize(
    ("silence", "links", "read"),
    [
        (EVERYBODY, [("civil", CONFIRMED)], True),  # the civil register holds him and has no death row
        (EVERYBODY, [("civil", POSSIBLE)], False),
        (EVERYBODY, [], False),
        (CONCERNED, [], True),  # he is not on the pay office's list
        (CONCERNED, [("civil", REFUTED)], True),
        (CONCERNED, [("civil", POSSIBLE)], True),  # what the row says comes in the second evaluation
        (CONCERNED, [("civil", CONFIRMED)], False),
        (CONCERNED, [("civil#spouse", CONFIRMED)], False),  # somebody else's row names him
        (EVERYBODY, [("civil#spouse", CONFIRMED)], False),
        (CONCERNED, [("dwelling", CONFIRMED)], True),
        (NOBODY, [("civil", CONFIRMED)], False),
    ],
)
def test_silence_is_read_only_of_those_whom_the_source_covers(silence, links, read):
    one = source("civil", "died_on", silence=silence)
    assert one.silent([linked(*link) for link in links], ON) is read


@pytest.mark.parametrize(
    ("extract", "read"),
    [
        ({"as_of": "2020-09-22"}, True),  # 100 days before
        ({"as_of": "2020-09-21"}, False),
        ({"full": False}, False),  # changes only: no row says nothing
        ({"as_of": ""}, False),  # nothing delivered yet
    ],
)
def test_silence_is_read_only_on_a_whole_and_fresh_extract(extract, read):
    one = source("pay", "serving", silence=CONCERNED, fresh=100, **extract)
    assert one.silent([], ON) is read


def test_the_registers_own_acts_are_always_fresh_and_whole():
    own = register_coverage(["born", "postponed_until", "third"], covered(source("civil", "born")), ["third"])
    assert own == Coverage("register", CONCERNED, frozenset({"postponed_until"}))
    assert own.fresh(ON)
    assert own.silent([], ON)


def test_a_source_is_as_fresh_as_its_last_delivery():
    taken = [
        Delivery(3, "civil", day("2020-12-31"), True),
        Delivery(1, "civil", day("2020-06-30"), True),
        Delivery(4, "civil", day("2020-12-31"), True),  # the same day again: the later number counts
        Delivery(2, "pay", day("2020-12-31"), True),
    ]
    found = on_day([source("civil", "born", as_of=""), source("tax", as_of="")], taken)
    assert list(found) == ["civil", "tax"]
    assert (found["civil"].last, found["tax"].last) == (taken[2], None)


def test_a_declaration_says_what_its_source_covers():
    declared = Source(
        name="pay",
        kind=SourceKind.ARMED_FORCES,
        agency="Pay Office",
        legal_basis="art. 1",
        purpose="administration",
        key="entry",
        founds=False,
        rows_per_record="one",
        records_per_person="many",
        freshness_days=120,
        silence=CONCERNED,
        columns={},
        facts=(FactMap("serving", value="yes"),),
        rosters=(RosterMap("dependants"),),
    )
    assert of(declared) == Coverage("pay", CONCERNED, frozenset({"serving"}), frozenset({"dependants"}), 120)
