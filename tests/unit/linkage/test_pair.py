from datetime import date

import pytest
from rapidfuzz.distance import JaroWinkler

from musterroll.dates import day_of
from musterroll.linkage.comparison import Compared
from musterroll.linkage.judgement import names
from musterroll.linkage.pair import compare, near_days, one_slip, same_form, similarity

FORMS = {"william": frozenset({1}), "bill": frozenset({1}), "peggy": frozenset({2})}
CENSUS_DAY = day_of(date(2020, 4, 1))


def compared(left, right):
    """(agreed, near, against) of two rows given by their columns, the same in both orders."""
    a, b = Compared(1, "civil", True, **left), Compared(2, "dwelling", True, **right)
    pair = compare(a, b, FORMS)
    assert pair == compare(b, a, FORMS)
    return names(pair.agreed), names(pair.near), names(pair.against)


AGREE, NEAR, AGAINST, SILENT = "agree", "near", "against", "silent"


@pytest.mark.parametrize(
    ("column", "left", "right", "level"),
    [
        ("number", "786776454", "786776454", AGREE),
        ("number", "786776454", "786776455", NEAR),
        ("number", "786776454", "123456789", AGAINST),
        ("number", "786776454", None, SILENT),
        ("given", "george", "george", AGREE),
        ("given", "william", "bill", AGREE),  # declared forms of one name
        ("given", "g", "george", AGREE),  # an initial
        ("given", "h", "george", AGAINST),
        ("given", "katherine", "katherin", AGREE),
        ("given", "dylan", "declan", NEAR),
        ("given", "george", "peggy", AGAINST),
        ("given", None, "peggy", SILENT),
        ("middle", "robert", "r", AGREE),
        ("middle", "robert", "s", AGAINST),
        ("middle", None, "s", SILENT),
        ("family", "kelly", "kelly", AGREE),
        ("family", "alonsotellez", "alonso", AGREE),  # one of two family names
        ("family", "alonsotellez", "tellez", AGREE),
        ("family", "li", "liu", AGREE),  # by spelling, not as a part
        ("family", "kelly", "livingston", AGAINST),
        ("family", "kelly", None, SILENT),
        ("born", day_of(date(1990, 3, 12)), day_of(date(1990, 3, 12)), AGREE),
        ("born", day_of(date(1990, 3, 12)), day_of(date(1990, 12, 3)), NEAR),  # day and month exchanged
        ("born", day_of(date(1990, 3, 12)), day_of(date(1980, 3, 12)), NEAR),  # one digit
        ("born", day_of(date(1990, 3, 12)), day_of(date(1981, 7, 29)), AGAINST),
        ("born", day_of(date(1990, 3, 12)), None, SILENT),
        ("sex", 0, 0, AGREE),
        ("sex", 0, 1, AGAINST),
        ("postcode", "12345", "12345", AGREE),
        ("town", "anytown", "elsewhere", AGAINST),
        ("po_box", "17", "17", AGREE),
        ("po_box", "17", "18", AGAINST),
    ],
)
def test_one_comparison(column, left, right, level):
    agreed, near, against = compared({column: left}, {column: right})
    name = {"po_box": "address"}.get(column, column)
    found = {AGREE: agreed, NEAR: near, AGAINST: against}
    assert {one: found[one] for one in found} == {one: (name,) if one == level else () for one in found}


def test_names_in_the_other_order_agree():
    assert compared({"given": "mai", "family": "nguyen"}, {"given": "nguyen", "family": "mai"})[0] == (
        "given",
        "family",
    )


def test_names_are_not_in_the_other_order_when_one_is_missing():
    assert compared({"given": "mai", "family": None}, {"given": None, "family": "mai"}) == ((), (), ())


def test_a_dwelling_is_house_street_and_unit():
    home = {"house": "12", "street": "elmst", "unit": "3"}
    assert compared(home, home)[0] == ("address",)
    assert compared(home, home | {"unit": "4"})[1] == ("address",)
    assert compared(home, home | {"house": "977"})[2] == ("address",)
    assert compared(home, {"street": "elmst"}) == ((), (), ())


def test_one_equal_address_is_enough_where_there_are_two():
    home = {"house": "12", "street": "elmst", "po_box": "17"}
    assert compared(home, home | {"po_box": "18"})[0] == ("address",)


@pytest.mark.parametrize(
    ("born", "level"),
    [(date(2000, 1, 1), AGREE), (date(1998, 6, 1), NEAR), (date(1990, 6, 1), AGAINST)],
)
def test_a_told_age_is_compared_with_a_birth_date(born, level):
    agreed, near, against = compared({"born": day_of(born)}, {"age": 20, "as_of": CENSUS_DAY})
    assert {AGREE: agreed, NEAR: near, AGAINST: against}[level] == ("age",)


def test_a_row_of_years_in_which_the_person_was_a_child_is_another_age():
    child = {"born": day_of(date(2012, 1, 1))}
    assert compared(child, {"born_until": day_of(date(2003, 12, 31))})[2] == ("age",)
    assert compared(child, {"born_until": day_of(date(2013, 12, 31))}) == ((), (), ())


def test_the_better_of_two_told_ages_counts():
    young = {"born": day_of(date(2000, 1, 1)), "age": 20, "as_of": CENSUS_DAY}
    agreed, _, against = compared(young, young | {"age": 40})
    assert "age" in agreed
    assert "age" not in against


@pytest.mark.parametrize(
    ("left", "right", "slip"),
    [
        ("abcd", "abcd", False),
        ("abcd", "abxd", True),
        ("abcd", "abdc", True),
        ("abcd", "abd", True),
        ("abd", "abcd", True),
        ("abcd", "abcde", True),
        ("abcd", "badc", False),
        ("abcd", "xbcy", False),
        ("abcd", "ab", False),
        ("abcdef", "abxcdf", False),
    ],
)
def test_a_slip_of_the_pen_is_one_character_or_two_neighbours(left, right, slip):
    assert one_slip(left, right) is slip
    assert one_slip(right, left) is slip


def test_days_of_different_years_are_not_exchanged():
    assert not near_days(day_of(date(1990, 3, 12)), day_of(date(1975, 12, 3)))


def test_similarity_is_what_others_compute():
    words = ["", "a", "b", "ab", "martha", "marhta", "dwayne", "duane", "dixon", "dicksonx", "jellyfish", "smellyfish"]
    for left in words[1:]:
        for right in words[1:]:
            assert similarity(left, right) == pytest.approx(JaroWinkler.similarity(left, right, prefix_weight=0.1))
    assert similarity("", "a") == 0


def test_a_name_without_declared_forms_has_none():
    assert not same_form("george", "bill", FORMS)
