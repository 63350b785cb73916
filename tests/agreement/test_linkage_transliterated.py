"""A civil register in Cyrillic letters, a board without numbers that writes Latin ones in its own way.

Names whose normal forms are equal are one name: to the rules in plain words, to the database, to the model's weights.
"""

from datetime import date

import pytest
from tests.agreement.test_linkage_night import MODEL, frame, plain

from musterroll.dates import day_of
from musterroll.engine.linkage_explain import steps
from musterroll.engine.linkage_frame import Population
from musterroll.engine.linkage_night import link_all
from musterroll.linkage.comparison import Compared, fold
from musterroll.linkage.pair import compare
from musterroll.linkage.script import keys

NAMES = (("Юрий", "Рыбаков"), ("Фёдор", "Журавлёв"), ("Харитон", "Щукин"), ("Пётр", "Хрущёв"), ("Захар", "Носков"))


def row(record, source, given, family, place, number=None):
    words = {"given_keys": keys(given), "family_keys": keys(family)}
    told = {"born": day_of(date(1996 + place, 2 + place, 5 + 3 * place)), "sex": 0}
    return Compared(record, source, True, number=number, given=fold(given), family=fold(family), **words, **told)


PEOPLE = [row(n, "civil", *names, n, number=str(90000000 + 1111 * n)) for n, names in enumerate(NAMES, 1)]


@pytest.mark.parametrize(
    ("place", "given", "family", "judgement"),
    [
        (1, "Yuri", "Rybakov", 1),
        (1, "Jurij", "Rybakow", 1),
        (2, "Fedor", "Zhuravlev", 1),
        (2, "Fyodor", "Zhuravlyov", 1),
        (2, "Федор", "Журавлев", 1),
        (3, "Khariton", "Schukin", 1),
        (4, "Pyotr", "Khrushchev", 1),
        (1, "Y.", "Rybakov", 1),  # an initial that may be his, and his birth date
        (1, "Igor", "Rybakov", 2),  # another given name
    ],
)
def test_a_row_in_another_spelling_is_his(tmp_path, place, given, family, judgement):
    written = row(21, "board", given, family, place)
    rows = [*PEOPLE, written]
    done = link_all(Population(frame(rows), frozenset({"civil"})), MODEL, tmp_path / "whole")
    links = [one for one in done.read("link").iter_rows(named=True) if one["record"] == 21]
    assert [(one["founder"], one["judgement"]) for one in links] == [(place, judgement)]
    told = compare(PEOPLE[place - 1], written, {})
    assert (links[0]["agreed"], links[0]["against"]) == (told.agreed, told.against)
    wanted = plain(rows, [], done.read("pair"))
    assert [(one.founder, int(one.verdict)) for one in wanted.links if one.record == 21] == [(place, judgement)]


def test_a_name_in_another_spelling_weighs_as_a_spelling():
    by_name = {"Yuri": "spelling", "Iurii": "same", "Y.": "similar", "I.": "initial", "Igor": "differs"}
    told = {
        given: {one.comparison: one.level for one in steps(PEOPLE[0], row(21, "board", given, "Rybakov", 1), MODEL)}
        for given in by_name
    }
    assert {given: each["given"] for given, each in told.items()} == by_name
