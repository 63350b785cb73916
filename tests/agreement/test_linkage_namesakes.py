"""A row without a number, two people whose rows are equally like it: the engine says what the plain rules say.

Two namesakes of one birth date live in one country. The board writes no numbers. Whose its row is nobody can tell.
"""

import pytest
from tests.agreement.test_linkage_night import MODEL, frame, plain

from musterroll.dates import parse_day
from musterroll.engine.linkage_delta import laid_over, link_delta
from musterroll.engine.linkage_frame import Population
from musterroll.engine.linkage_night import link_all
from musterroll.linkage.comparison import Compared
from musterroll.linkage.script import keys

BORN = parse_day("1984-05-06")


def row(record, source, number=None, given="derick", family="castillo", born=BORN, **told):
    named = {"given_keys": keys(given), "family_keys": keys(family)}
    return Compared(
        record, source, source != "board", number=number, given=given, family=family, born=born, sex=0, **named, **told
    )


OTHERS = [
    row(100 + n, "civil", str(900 + n), given, family, born=BORN + 400 * n)
    for n, (given, family) in enumerate([("anna", "berg"), ("otto", "dorn"), ("ida", "falk"), ("max", "ebner")], 1)
]
ONE = [row(1, "civil", "12345678"), row(11, "dwelling", "12345678", town="aldham", street="millane", house="1")]
OTHER = [row(2, "civil", "55550000"), row(12, "dwelling", "55550000", town="newton", street="oakst", house="7")]
BOARD = [row(21, "board")]


def judged(links):
    """By record: for whom it is confirmed (1) or possible (2)."""
    return {(record, founder): judgement for founder, record, judgement in links.rows() if record > 20 and record < 100}


def linked(rows, folder, **more):
    done = link_all(Population(frame(rows), frozenset({"civil"})), MODEL, folder, **more)
    wanted = plain(rows, [], done.read("pair"))
    links = done.read("link").select("founder", "record", "judgement")
    assert links.rows() == [(one.founder, one.record, int(one.verdict)) for one in wanted.links]
    assert set(done.read("refused").rows()) == {(one.left, one.right, one.weight, one.reason) for one in wanted.refused}
    return judged(links)


@pytest.mark.parametrize("turned", [False, True], ids=["the one first", "the other first"])
def test_of_two_namesakes_neither_gets_the_row_for_certain(tmp_path, turned):
    rows = [*ONE, *OTHER, *BOARD, *OTHERS]
    assert linked(rows[::-1] if turned else rows, tmp_path) == {(21, 1): 2, (21, 2): 2}


def test_where_an_address_speaks_for_one_of_them_the_odds_are_too_few(tmp_path):
    at_home = [row(21, "board", town="aldham", street="millane", house="1")]
    assert linked([*ONE, *OTHER, *at_home, *OTHERS], tmp_path) == {(21, 1): 2, (21, 2): 2}


def test_when_the_other_one_comes_what_was_certain_is_so_no_more(tmp_path):
    """The first day knows one of them only. On the second the other moves in, under the same name at his office."""
    misspelt = [row(21, "board", family="castilo")]
    renamed = [row(2, "civil", "55550000", family="berg"), OTHER[1]]
    held = [*ONE, *misspelt, *OTHERS]
    assert linked(held, tmp_path / "0") == {(21, 1): 1}
    now = [*held, *renamed]
    population = Population(frame(now), frozenset({"civil"}))
    delta = link_delta(tmp_path / "0", population, frame([]), frame(renamed), MODEL, tmp_path / "delta")
    found = laid_over(tmp_path / "0", delta, tmp_path / "1").read("link")
    assert linked(now, tmp_path / "whole", terms=tmp_path / "0" / "terms") == {(21, 1): 2, (21, 2): 2}
    assert judged(found.select("founder", "record", "judgement")) == {(21, 1): 2, (21, 2): 2}
    assert (
        found.rows()
        == link_all(population, MODEL, tmp_path / "again", terms=tmp_path / "0" / "terms").read("link").rows()
    )
