"""A civil register in letters without a table, an agency that writes Latin ones and has no numbers, a slip of the pen.

Whose the row is the names cannot say. It is possible for whoever its birth date is near to, and so protects him.
"""

from datetime import date

import pytest
from tests.agreement.test_linkage_night import MODEL, frame, plain

from musterroll.dates import day_of
from musterroll.engine.linkage_delta import laid_over, link_delta
from musterroll.engine.linkage_frame import Population
from musterroll.engine.linkage_night import link_all
from musterroll.linkage.comparison import Compared
from musterroll.linkage.script import keys

CIVIL = frozenset({"civil"})
GIVEN = ("สมชาย", "วิชัย", "ประเสริฐ", "มานะ", "สุรชัย", "อนันต์")


def row(record, source, given, family, born, number=None):
    words = {"given_keys": keys(given), "family_keys": keys(family)}
    return Compared(record, source, True, number=number, given=given, family=family, born=day_of(born), sex=0, **words)


PEOPLE = [
    row(n, "civil", given, "ใจดี", date(1996 + 2 * n, 2 * n, 5 * n - 4), number=str(90000000 + 1111 * n))
    for n, given in enumerate(GIVEN, 1)
]


@pytest.mark.parametrize(
    "born", [date(1998, 3, 1), date(1993, 2, 1), date(1998, 1, 2)], ids=["month", "year", "day and month exchanged"]
)
def test_a_row_in_latin_letters_is_possible_for_him_and_for_few(tmp_path, born):
    finding = row(21, "findings", "somchai", "jaidee", born)
    rows = [*PEOPLE, finding]
    done = link_all(Population(frame(rows), CIVIL), MODEL, tmp_path / "whole")
    wanted = plain(rows, [], done.read("pair"))
    links = done.read("link")
    found = [(one.founder, int(one.verdict)) for one in wanted.links if one.record == 21]
    assert [(founder, judgement) for founder, record, judgement in judged(links) if record == 21] == found
    assert (1, 2) in found
    assert len(found) < 3

    link_all(Population(frame(PEOPLE), CIVIL), MODEL, tmp_path / "0")
    later = link_delta(
        tmp_path / "0", Population(frame(rows), CIVIL), frame([]), frame([finding]), MODEL, tmp_path / "delta"
    )
    assert (1, 21, 2) in judged(laid_over(tmp_path / "0", later, tmp_path / "1").read("link"))


def judged(links):
    return links.select("founder", "record", "judgement").rows()
