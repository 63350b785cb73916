"""Chapter: whose row is it? When a row may be held to be a civil person's, and what keeps it from being.

Each case is a civil record and an agency's row. `number`: an equal personal number is verified. `exact`: equal names
and birth date may stand alone. `weigh`: only the weight of evidence decides. Otherwise the contradiction that keeps
the row from ever being confirmed; it may still be a possible link, which can only protect.
"""

from datetime import date

import pytest

from musterroll.dates import day_of
from musterroll.linkage.comparison import Compared
from musterroll.linkage.pair import compare
from musterroll.linkage.veto import exact, objection, verified

FORMS = {"william": frozenset({1}), "bill": frozenset({1})}
BORN = day_of(date(2000, 3, 12))
OTHER_DAY = day_of(date(1997, 11, 28))
CIVIL = {"number": "786776454", "given": "william", "middle": "robert", "family": "kelly", "born": BORN, "sex": 0}


def judged(civil, row):
    pair = compare(Compared(1, "civil", True, **civil), Compared(2, "an agency", True, **row), FORMS)
    reason = objection(pair)
    if reason is not None:
        assert not verified(pair)
        assert not exact(pair)
        return reason
    if verified(pair):
        return "number"
    same = all(row.get(name) == civil[name] for name in ("given", "family", "born"))
    return "exact" if same and exact(pair) else "weigh"


CASES = {
    "number and name are his": ({"number": "786776454", "given": "william", "family": "kelly"}, "number"),
    "number and birth date are his, the name is new": (
        {"number": "786776454", "family": "smith", "born": BORN},
        "number",
    ),
    "number is his, he goes by Bill": ({"number": "786776454", "given": "bill", "family": "kelly"}, "number"),
    "number, given name and initial are his, he took his wife's name": (
        {"number": "786776454", "given": "william", "middle": "r", "family": "smith"},
        "number",
    ),
    "his number stands in his brother's row": (
        {"number": "786776454", "given": "thomas", "family": "kelly"},
        "given_name_differs",
    ),
    "his number stands in a row without a given name": (
        {"number": "786776454", "family": "kelly"},
        "nothing_of_his_own",
    ),
    "his number stands in a row with initial and family name only": (
        {"number": "786776454", "middle": "r", "family": "kelly"},
        "weigh",
    ),
    "no number, full name and birth date are his": ({"given": "william", "family": "kelly", "born": BORN}, "exact"),
    "no number, but another second initial": (
        {"given": "william", "middle": "t", "family": "kelly", "born": BORN},
        "weigh",
    ),
    "no number, but another sex": ({"given": "william", "family": "kelly", "born": BORN, "sex": 1}, "weigh"),
    "his twin brother": ({"given": "thomas", "middle": "j", "family": "kelly", "born": BORN}, "twins"),
    "his twin sister, no initial": ({"given": "anna", "family": "kelly", "born": BORN, "sex": 1}, "twins"),
    "a given name misread, his birth date and initial": (
        {"given": "xqzm", "middle": "r", "family": "kelly", "born": BORN, "sex": 0},
        "weigh",
    ),
    "a given name misread, his birth date, no initial": (
        {"given": "xqzm", "family": "kelly", "born": BORN, "sex": 0},
        "nothing_of_his_own",
    ),
    "a namesake of quite another age": (
        {"given": "william", "family": "kelly", "age": 61, "as_of": BORN + 20 * 365},
        "birth_date_differs",
    ),
    "a namesake born another day": ({"given": "william", "family": "kelly", "born": OTHER_DAY}, "birth_date_differs"),
    "his birth date with day and month exchanged": (
        {"given": "william", "family": "kelly", "born": day_of(date(2000, 12, 3))},
        "weigh",
    ),
    "his number, his name, another birth date": (
        {"number": "786776454", "given": "william", "family": "kelly", "born": OTHER_DAY},
        "number",
    ),
    "another number and another sex": (
        {"number": "111223333", "given": "william", "family": "kelly", "sex": 1},
        "number_differs",
    ),
    "another number, moved house, all else his": (
        {"number": "111223333", "given": "william", "family": "kelly", "born": BORN},
        "exact",
    ),
    "a number mistyped by a digit and no second initial": (
        {"number": "786776455", "given": "william", "family": "kelly"},
        "weigh",
    ),
    "a relative at his address of whom only the family name is known": (
        {"family": "kelly", "house": "12", "street": "elmst"},
        "nothing_of_his_own",
    ),
    "a pay row of his name from when he was nine": (
        {"given": "william", "family": "kelly", "born_until": day_of(date(1993, 12, 31))},
        "birth_date_differs",
    ),
    "a row with nothing but a sex": ({"sex": 0}, "nothing_of_his_own"),
}


@pytest.mark.parametrize(("row", "expected"), CASES.values(), ids=CASES)
def test_whose_row_is_it(row, expected):
    assert judged(CIVIL, row) == expected
