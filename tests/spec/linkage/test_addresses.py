"""Two offices write one dwelling, each in its own way: it is compared as one. Another dwelling stays another."""

import pytest

from musterroll.linkage.comparison import Compared, compared_rows, folded, one_column
from musterroll.linkage.pair import compare

ONE = [
    ({"house": "119-11", "street": "Long St."}, {"house": "119", "street": "Long Street", "unit": "11"}),
    ({"house": "119/11", "street": "LONG STREET"}, {"house": "119", "street": "Long Str", "unit": "Apt 11"}),
    ({"house": "No. 5 a", "street": "King's Rd."}, {"house": "5A", "street": "King’s Road"}),
    ({"house": "12 bis", "street": "Rue de la Paix"}, {"house": "12bis", "street": "R. de la Paix"}),
    ({"house": "7", "street": "Hauptstraße"}, {"house": "7", "street": "Hauptstr."}),
    ({"house": "д. 5 кв. 3", "street": "ул. Мира"}, {"house": "5", "street": "Мира", "unit": "3"}),
    ({"house": "١٢", "street": "شارع النصر"}, {"house": "12", "street": "شارع النصر"}),
]

TWO = [
    ({"house": "119", "street": "Long Street", "unit": "11"}, {"house": "11", "street": "Long Street", "unit": "119"}),
    ({"house": "5", "street": "Mill Lane"}, {"house": "5", "street": "Mill Road"}),
    ({"house": "5", "street": "N Mill Road"}, {"house": "5", "street": "S Mill Road"}),
]


def row(told):
    return compared_rows(1, "civil", True, list(told.items()), 0)[""]


@pytest.mark.parametrize(("one", "other"), ONE, ids=lambda told: told["street"])
def test_one_dwelling_in_two_ways(one, other):
    found = compare(row(one), row(other), {})
    assert found.agrees("address")
    assert compare(row(other), row(one), {}) == found


@pytest.mark.parametrize(("one", "other"), TWO, ids=lambda told: told["street"])
def test_two_dwellings(one, other):
    assert not compare(row(one), row(other), {}).agrees("address")


def test_a_town_with_the_word_for_one_is_that_town():
    assert folded("town", "г. Чижово") == folded("town", "Чижово") == "tchizhovo"
    assert folded("town", "St. Gallen") == folded("town", "Sankt Gallen")


@pytest.mark.parametrize("text", ["", "-", " . "])
def test_a_cell_without_letters_and_digits_tells_no_dwelling(text):
    assert folded("street", text) is folded("house", text) is folded("unit", text) is folded("town", text) is None


def test_a_word_that_says_nothing_stands_where_it_stands_alone():
    assert folded("street", "Ulica") == "ulica"
    assert folded("unit", "flat") == "flat"


def test_an_address_in_one_cell():
    assert one_column("119-11 Long St., Aldham") == ("119 11", "longstaldham")
    assert one_column("Mill House") == ("0", "millhouse")


def test_a_house_without_a_street_is_no_dwelling():
    assert not compare(Compared(1, "a", True, house="5"), Compared(2, "b", True, house="5"), {}).agrees("address")


def test_a_box_and_a_postcode_are_compared_without_marks_and_spaces():
    assert folded("postcode", "AB1 2CD") == folded("postcode", "ab12cd") == "ab12cd"
    assert folded("po_box", "P.O. 12") == "po12"
    assert folded("postcode", " ") is None
