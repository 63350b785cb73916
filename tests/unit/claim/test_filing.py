"""What a person may say is wrong, and how it stands beside the agencies' rows."""

import pytest

from musterroll.claim.filing import Filing
from musterroll.dates import FIRST_DAY, NEVER, parse_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Attribute, Kind, ValueType


def attribute(kind_of_value: ValueType, **more) -> Attribute:
    return Attribute("thing", 1, Kind.SERVICE, kind_of_value, "art. 1", "state", "asks", ("army",), "Thing", **more)


def filing(of: Attribute, lo: int, hi: int) -> Filing:
    return Filing(of, lo, hi, valid_from=0, filed_at=1_790_000_000)


YES_NO = attribute(ValueType.BOOL)
SEX = attribute(ValueType.ENUM, values=("male", "female"))
DAY = attribute(ValueType.DATE)
COUNT = attribute(ValueType.INT)


@pytest.mark.parametrize(
    ("of", "lo", "hi", "says"),
    [
        (YES_NO, 1, 1, "yes"),
        (YES_NO, 0, 0, "no"),
        (SEX, 1, 1, "female"),
        (COUNT, 3, 3, "3"),
        (DAY, parse_day("2020-02-29"), parse_day("2020-02-29"), "2020-02-29"),
        (DAY, NEVER, NEVER, "never"),
        (DAY, FIRST_DAY, parse_day("2020-02-29"), "before any date to 2020-02-29"),
    ],
)
def test_a_filing_says_its_value_in_the_laws_own_terms(of, lo, hi, says):
    assert filing(of, lo, hi).says == says


@pytest.mark.parametrize(("of", "lo", "hi"), [(YES_NO, 2, 2), (SEX, -1, 0), (COUNT, 5, 4)])
def test_a_value_the_law_does_not_know_is_refused(of, lo, hi):
    with pytest.raises(MusterRollError) as refused:
        filing(of, lo, hi)
    assert refused.value.code == "claim.value"


def test_a_persons_word_stands_beside_the_agencies_rows_as_confirmed():
    evidence = filing(YES_NO, 1, 1).evidence(delivery=0, row=4)
    assert (evidence.source, evidence.confirmed, evidence.valid_to) == ("register", True, NEVER)
    assert evidence.known == 1_790_000_000_000_000
