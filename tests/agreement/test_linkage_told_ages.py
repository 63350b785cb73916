"""A told age is of two birth years: whoever's birthday is still to come is looked at under both.

A list tells names and ages. The civil register writes one part of the name with a slip, and gives the birth date.
"""

import pytest
from tests.agreement.test_linkage_night import MODEL, frame, plain

from musterroll.dates import parse_day
from musterroll.engine.linkage_frame import Population
from musterroll.engine.linkage_night import link_all
from musterroll.linkage.comparison import Compared
from musterroll.linkage.script import keys

AS_OF = parse_day("2026-03-01")
NAMES = [("anna", "berg"), ("otto", "dorn"), ("ida", "falk"), ("max", "ebner"), ("karl", "adler"), ("eva", "haller")]


def row(record, source, given, family, **told):
    named = {"given_keys": keys(given), "family_keys": keys(family)}
    return Compared(record, source, True, given=given, family=family, **named, **told)


OTHERS = [
    row(100 + n, "civil", *NAMES[n % 6], number=str(900 + n), born=parse_day("1950-01-01") + 311 * n) for n in range(60)
]


def judged(rows, folder):
    done = link_all(Population(frame(rows), frozenset({"civil"})), MODEL, folder)
    wanted = plain(rows, [], done.read("pair"))
    links = done.read("link").select("founder", "record", "judgement")
    assert links.rows() == [(one.founder, one.record, int(one.verdict)) for one in wanted.links]
    return {(record, founder) for founder, record, _ in links.rows() if record != founder}


@pytest.mark.parametrize("born", ["1996-02-28", "1996-09-04"], ids=["birthday over", "birthday to come"])
@pytest.mark.parametrize(("given", "family"), [("diimtris", "antoniou"), ("dimitris", "anotniou")])
def test_a_row_with_an_age_is_possible_for_whom_one_name_has_a_slip(tmp_path, born, given, family):
    birthday = parse_day(born)
    age = 30 if birthday == parse_day("1996-02-28") else 29
    civil = row(1, "civil", given, family, number="8204003", born=birthday)
    listed = row(2, "list", "dimitris", "antoniou", age=age, as_of=AS_OF)
    assert (2, 1) in judged([civil, listed, *OTHERS], tmp_path)
