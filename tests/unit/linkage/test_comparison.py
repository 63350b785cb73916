from dataclasses import replace
from datetime import date

import pytest

from musterroll.dates import day_of
from musterroll.linkage.comparison import COLUMNS, Compared, compared_rows, fold, folded, parts_of, readings, statements
from musterroll.linkage.script import keys

CENSUS_DAY = day_of(date(2020, 4, 1))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ó Briain-Ünal", "obriainunal"),
        ("STRAßE", "strasse"),
        ("Łódź", "lodz"),
        ("Sørensen", "sorensen"),
        ("186-13-2149", "186132149"),
        ("  ", None),
        ("--", None),
        ("", None),
        (None, None),
    ],
)
def test_folding_loses_case_marks_and_punctuation_only(text, folded):
    assert fold(text) == folded


def test_a_row_is_read_by_the_roles_of_its_columns():
    found = compared_rows(
        7,
        "dwelling",
        True,
        [("given", "Zoë"), ("born", 20_000), ("sex", "Female"), ("age", 30), ("group", "0_7"), ("house", None)],
        CENSUS_DAY,
    )
    assert found == {
        "": Compared(
            7, "dwelling", True, given="zoe", born=20_000, sex=1, age=30, as_of=CENSUS_DAY, given_keys=keys("Zoë")
        )
    }


def test_the_day_of_a_delivery_stands_beside_an_age_only():
    assert compared_rows(7, "civil", True, [("given", "Zoë")], CENSUS_DAY)[""].as_of is None


def test_a_relative_named_in_the_row_is_a_record_of_its_own_at_the_same_address():
    found = compared_rows(
        7,
        "tax",
        True,
        [
            ("given", "Derick"),
            ("street", "Elm St"),
            ("dependant_1.given", "Kaylee"),
            ("dependant_1.number", "646-34-0654"),
            ("dependant_2.given", None),  # nobody stands there
            ("spouse.family", "Castillo"),
        ],
        CENSUS_DAY,
    )
    assert list(found) == ["", "dependant_1", "spouse"]
    assert found["dependant_1"] == Compared(
        0, "tax#dependant", False, number="646340654", given="kaylee", street="elmst", given_keys=keys("Kaylee")
    )
    assert found["spouse"].source == "tax#spouse"


def test_a_sex_that_is_not_one_of_the_two_registered_is_absent():
    row = compared_rows(7, "civil", True, [("sex", "U")], CENSUS_DAY)[""]
    assert row.sex is None
    assert compared_rows(7, "civil", True, [("sex", 1)], CENSUS_DAY)[""].sex == 1


def test_an_undeclared_role_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="no such role: shoe_size"):
        compared_rows(7, "civil", True, [("shoe_size", "43")], CENSUS_DAY)


def test_a_day_comes_parsed():
    with pytest.raises(ValueError, match="comes parsed"):
        compared_rows(7, "civil", True, [("born", "19990101")], CENSUS_DAY)


def test_who_worked_in_a_year_was_sixteen_at_its_end():
    row = compared_rows(7, "pay", False, [("grown_by", 2029)], CENSUS_DAY)[""]
    assert row.born_until == day_of(date(2013, 12, 31))
    assert compared_rows(7, "pay", False, [("grown_by", None)], CENSUS_DAY)[""].born_until is None
    assert Compared(1, "civil", True, born=day_of(date(2014, 1, 1))).was_a_child_for(row)
    assert not Compared(1, "civil", True, born=day_of(date(2013, 12, 31))).was_a_child_for(row)
    assert not Compared(1, "civil", True).was_a_child_for(row)


def test_an_age_allows_one_year_of_birth_days():
    row = Compared(7, "dwelling", True, age=20, as_of=CENSUS_DAY)
    assert row.born_by_age == (day_of(date(1999, 4, 2)), day_of(date(2000, 4, 1)))
    assert Compared(7, "dwelling", True).born_by_age is None
    assert Compared(7, "dwelling", True, as_of=CENSUS_DAY).born_by_age is None


def test_an_age_told_on_the_29th_of_february_counts_from_the_28th():
    row = Compared(7, "dwelling", True, age=1, as_of=day_of(date(2020, 2, 29)))
    assert row.born_by_age == (day_of(date(2018, 3, 1)), day_of(date(2019, 2, 28)))


def test_a_row_that_makes_no_sense_cannot_exist():
    with pytest.raises(ValueError, match="sex is"):
        Compared(7, "civil", True, sex=2)
    with pytest.raises(ValueError, match="the day on which it was told"):
        Compared(7, "civil", True, age=20)


def test_a_word_that_is_no_name_is_silence():
    row = Compared(7, "dwelling", True, given="unknown", family="respondent")
    assert readings(row, {"unknown", "respondent"}) == (Compared(7, "dwelling", True),)
    assert readings(row, frozenset()) == (row,)


@pytest.mark.parametrize("text", ["NULL", "null", "99999", "0", "-", "?"])
def test_what_a_program_writes_for_an_empty_name_is_nobodys_name(text):
    roles = [("given", "Ann"), ("family", text), ("middle", text), ("mother.family", text), ("mother.given", "Eve")]
    found = compared_rows(7, "civil", True, roles, CENSUS_DAY)
    for one in found.values():
        assert (one.family, one.family_keys, one.middle) == (None, None, None)
    assert [one.given for one in found.values()] == ["ann", "eve"]
    assert folded("family", "Nullmeier") == "nullmeier"
    assert folded("house", "99999") == "99999"


def test_a_row_whose_age_contradicts_its_birth_date_is_compared_both_ways():
    row = Compared(7, "dwelling", True, given="ann", born=day_of(date(1960, 5, 5)), age=20, as_of=CENSUS_DAY)
    assert readings(row, ()) == (replace(row, age=None), replace(row, born=None))


@pytest.mark.parametrize("born", [date(1998, 5, 5), date(2000, 12, 1), date(2001, 3, 1)])
def test_a_told_age_may_be_a_year_off(born):
    row = Compared(7, "dwelling", True, born=day_of(born), age=20, as_of=CENSUS_DAY)
    assert readings(row, ()) == (row,)


def test_rows_become_tuples_in_the_order_of_the_columns():
    row = Compared(7, "civil", True, given="ann")
    assert [dict(zip(COLUMNS, parts, strict=True))["given"] for parts in parts_of([row])] == ["ann"]


def test_a_former_family_name_is_one_more_word_of_the_name():
    told = [("family", "Müller"), ("former", "Schmidt"), ("spouse.former", "Braun")]
    found = compared_rows(7, "civil", True, told, CENSUS_DAY)
    assert (found[""].family, found[""].family_keys) == ("muller", "muler smidt")
    assert found["spouse"].family_keys == "braun"
    assert compared_rows(7, "civil", True, [("former", None)], CENSUS_DAY)[""].family_keys is None


def test_an_address_in_one_column_is_taken_apart_where_there_is_no_street():
    row = compared_rows(7, "civil", True, [("address", "Elm St 12")], CENSUS_DAY)[""]
    assert (row.house, row.street) == ("12", "elmst")
    row = compared_rows(7, "civil", True, [("address", "Elm St 12"), ("street", "Oak"), ("house", "3")], CENSUS_DAY)[""]
    assert (row.house, row.street) == ("3", "oak")
    row = compared_rows(7, "civil", True, [("address", None), ("spouse.address", "Mill")], CENSUS_DAY)
    assert row[""].street is None
    assert (row["spouse"].house, row["spouse"].street) == ("0", "mill")


def test_leading_zeros_that_a_spreadsheet_drops_tell_no_two_numbers_apart():
    assert folded("number", "000182618") == folded("number", "182618") == folded("number", 182618) == "182618"
    assert folded("number", "000-000") is None


def test_a_row_that_states_two_birth_dates_is_compared_by_each():
    first, second = day_of(date(1981, 12, 21)), day_of(date(1978, 4, 8))
    told = [("given", "Zoë"), ("born", first), ("also_born", second)]
    row = compared_rows(7, "civil", True, told, CENSUS_DAY)[""]
    assert [each.born for each in statements(row, second)] == [first, second]
    assert {each.given for each in statements(row, second)} == {"zoe"}
    assert statements(row, first) == (row,)
    assert statements(row, None) == (row,)


def test_a_second_birth_date_stands_in_for_a_blank_one():
    row = compared_rows(7, "civil", True, [("born", None)], CENSUS_DAY)[""]
    assert [each.born for each in statements(row, 3_019)] == [3_019]
