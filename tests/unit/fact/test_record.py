from dataclasses import replace

import pytest
from tests.unit.fact.people import BORN, DIED, ON, SERVING, SEX, day

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.extract.row import typed
from musterroll.extract.schema import (
    Column,
    ColumnType,
    FactMap,
    ParticularMap,
    RosterMap,
    Silence,
    Source,
    SourceKind,
)
from musterroll.fact.record import BLANK, DeliveredRow, Part, born_between, facts, joined, particulars, places

ATTRIBUTES = {one.name: one for one in (BORN, SEX, DIED, SERVING)}
COLUMNS = (
    Column("key", ColumnType.TEXT, required=True),
    Column("born", ColumnType.DATE, "born", forms=("YYYY-MM-DD",)),
    Column("sex", ColumnType.CODE, "sex", values=("M", "F")),
    Column("event", ColumnType.CODE, values=("creation", "death")),
    Column("day", ColumnType.DATE, forms=("YYYY-MM-DD",)),
    Column("until", ColumnType.DATE, forms=("YYYY-MM-DD",), future=True),
    Column("year", ColumnType.INT),
    Column("house", ColumnType.TEXT),
    Column("place", ColumnType.TEXT),
    Column("street", ColumnType.TEXT, "street"),
    Column("child", ColumnType.TEXT, "dependant_1.given"),
)


def source(*facts_, rosters=(), parts=(), age=False):
    columns = (*COLUMNS, Column("age", ColumnType.INT, "age", measured="04-01")) if age else COLUMNS
    return Source(
        name="civil",
        kind=SourceKind.CIVIL_REGISTER,
        agency="Civil Register",
        legal_basis="art. 1",
        purpose="administration",
        key="key",
        founds=True,
        rows_per_record="many",
        records_per_person="one",
        freshness_days=100,
        silence=Silence.EVERYBODY,
        columns={one.name: one for one in columns},
        facts=facts_,
        rosters=rosters,
        particulars=parts,
    )


def rows(declared, *texts, as_of=ON, delivery=1):
    blank = dict.fromkeys(declared.columns, "")
    made = []
    for number, given in enumerate(texts, start=1):
        cells = {**blank, "key": "K1", **given}
        made.append(DeliveredRow(delivery, number, as_of, cells, typed(declared, cells, as_of)))
    return made


def said(declared, *texts):
    """What each fact says of whoever the rows surely are of: row, lo, hi, valid_from, valid_to."""
    found = facts(declared, rows(declared, *texts), ATTRIBUTES)
    return [(one.row, one.lo, one.hi, one.valid_from, one.valid_to) for one in found if one.n < BLANK]


ALWAYS = (FIRST_DAY, NEVER)
A_DEATH = FactMap("died_on", "day", when={"event": ("death",)}, beside={"event": ("creation",)})
MAYBE = FactMap(
    "died_on", "day", when={"event": ("", "creation")}, without={"event": ("death",)}, rank=2, certainty="possible"
)
CREATED = {"event": "creation", "day": "1960-01-01"}
DIED_ON = day("2020-05-01")


@pytest.mark.parametrize(
    ("texts", "value"),
    [
        ({"sex": "F"}, [1]),
        ({"sex": "M"}, [0]),
        ({"sex": "X"}, []),  # a text that is not listed gives no fact
        ({}, []),
    ],
)
def test_a_code_means_what_the_declaration_says(texts, value):
    declared = source(FactMap("sex", "sex", values={"M": "male", "F": "female"}))
    assert [lo for _, lo, *_ in said(declared, texts)] == value


def test_a_map_to_an_attribute_that_the_pack_lacks_is_passed_over():
    assert said(source(FactMap("height", value="yes")), {}) == []


def test_a_row_may_say_something_by_being_there():
    assert said(source(FactMap("serving", value="yes")), {}) == [(1, 1, 1, *ALWAYS)]


def test_a_facts_days_come_from_the_row_or_the_delivery():
    yes = {"attribute": "serving", "value": "yes"}
    between = {"day": "2020-05-01", "until": "2022-01-01"}
    year = day("2020-01-01"), day("2021-01-01")
    table = [
        (FactMap(**yes, valid_from="as_of"), {}, [(ON, NEVER)]),
        (FactMap(**yes, valid_from="day", valid_to="until"), between, [(DIED_ON, day("2022-01-01"))]),
        (FactMap(**yes, valid_from="day", valid_to="until"), {}, [ALWAYS]),
        (FactMap(**yes, valid_from="year year", valid_to="after year"), {"year": "2020"}, [year]),
        (FactMap(**yes, valid_from="year year"), {"year": "soon"}, [ALWAYS]),
        (FactMap(**yes, valid_to="after year"), {}, [ALWAYS]),
        (FactMap(**yes, valid_from="until", valid_to="until"), between, []),  # over before it begins
        (FactMap(**yes, valid_from="until", valid_to="day"), between, [ALWAYS]),  # one of the two days is wrong
    ]  # fmt: skip
    assert [[one[3:] for one in said(source(each), texts)] for each, texts, _ in table] == [days for *_, days in table]


def test_a_year_that_cannot_be_read_leaves_open_whether_it_holds():
    each = FactMap(attribute="serving", value="yes", valid_from="year year")
    assert [one[1:3] for one in said(source(each), {"year": "soon"})] == [(0, 1)]
    assert [one[1:3] for one in said(source(each), {"year": "2020"})] == [(1, 1)]


@pytest.mark.parametrize(
    ("texts", "deaths"),
    [
        # a death row beside the row of the birth
        ([CREATED, {"event": "death", "day": "2020-05-01"}], [(DIED_ON, DIED_ON)]),
        # a death row without a day: dead on some day up to the extract's
        ([CREATED, {"event": "death"}], [(FIRST_DAY, ON)]),
        ([CREATED, {"event": "death", "day": "2020-02-30"}], [(FIRST_DAY, ON)]),
        # a death row alone may be a wrong tick
        ([{"event": "death", "day": "1960-01-01"}], [(day("1960-01-01"), NEVER)]),
        # a second row without a kind of event may be a death
        ([CREATED, {"day": "2020-05-01"}], [(DIED_ON, NEVER)]),
        ([{"day": "2020-05-01"}, CREATED], [(DIED_ON, NEVER)]),
        ([CREATED, {}], [(FIRST_DAY, NEVER)]),
        ([CREATED], []),
        ([{}], []),
    ],
)
def test_a_death_and_what_may_be_one(texts, deaths):
    assert [one[1:3] for one in said(source(A_DEATH, MAYBE), *texts)] == deaths


def test_a_finding_whose_last_day_cannot_be_read_may_still_hold():
    each = FactMap(attribute="died_on", column="until", when={"event": ("death",)})
    assert [one[1:3] for one in said(source(each), {"event": "death", "until": "soon"})] == [(FIRST_DAY, NEVER)]


def test_rows_are_ranked_by_place_where_no_day_orders_them():
    declared = source(FactMap("serving", value="yes", rank=2), FactMap("sex", "sex", values={"M": "male"}, rank=2))
    assert [(row, lo) for row, lo, *_ in said(declared, {"sex": "M"}, {"sex": "M"})] == [(2, 0), (2, 1)]


@pytest.mark.parametrize(
    ("born", "age", "hull"),
    [
        ("1990-06-01", "", ("1990-06-01", "1990-06-01")),
        ("1990-06-01", "29", ("1990-06-01", "1990-06-01")),
        ("1990-06-01", "30", ("1990-06-01", "1990-06-01")),  # told in another month
        ("", "29", ("1989-04-01", "1992-04-01")),  # 29 on 1 April 2020, a year more or less
        ("1950-06-01", "29", ("1950-06-01", "1992-04-01")),  # nobody knows which of the two is wrong
        ("2009-06-01", "29", ("1989-04-01", "2009-06-01")),
        ("", "", None),
    ],
)
def test_a_birth_date_and_an_age_are_one_statement(born, age, hull):
    declared = source(FactMap("born", "born"), age=True)
    expected = [] if hull is None else [tuple(map(day, hull))]
    assert [one[1:3] for one in said(declared, {"born": born, "age": age})] == expected


def test_a_date_without_an_age_column_is_the_date():
    declared = source(FactMap("born", "born"))
    assert [one[1:3] for one in said(declared, {"born": "1990-06-01"}, {})] == [(day("1990-06-01"),) * 2]


def test_an_age_spans_two_birthdays():
    assert born_between(29, day("2020-04-01")) == (day("1990-04-02"), day("1991-04-01"))
    assert born_between(0, day("2020-02-29")) == (day("2019-03-01"), day("2020-02-29"))
    assert born_between(3, day("2020-02-29")) == (day("2016-03-01"), day("2017-02-28"))


def test_a_row_gives_a_place_in_its_dwelling():
    declared = source(rosters=(RosterMap("household", "house", "place", {"Reference": "head"}, born="born"),))
    texts = [
        {"house": "H1", "place": "Reference", "born": "1990-06-01"},
        {"house": "H1", "place": "", "born": ""},  # may be anybody, born on any day
        {"house": "", "place": "Reference"},  # in no dwelling
    ]
    found = [
        (one.row, one.group, one.role, one.born_lo, one.born_hi) for one in places(declared, rows(declared, *texts))
    ]
    assert found == [(1, "H1", "head", day("1990-06-01"), day("1990-06-01")), (2, "H1", None, FIRST_DAY, ON)]


@pytest.mark.parametrize(
    ("role", "groups"), [("mother.number", ["12Z", "12Z"]), ("number", ["12Z", "12Z"]), ("", ["12z", "12Z"])]
)
def test_families_told_by_a_number_are_one_whatever_its_letters_are(role, groups):
    declared = source(rosters=(RosterMap("family", "place", as_role="child"),))
    declared = replace(declared, columns={**declared.columns, "place": replace(declared.columns["place"], role=role)})
    found = places(declared, rows(declared, {"place": "12z"}, {"place": "12Z"}))
    assert [one.group for one in found] == groups


def test_relatives_named_in_a_row_have_places_in_its_family():
    declared = source(
        rosters=(
            RosterMap("dependants", as_role="supporter"),
            RosterMap("dependants", as_role="dependant", part="dependant_1"),
        )
    )
    found = [
        (one.group, one.part, one.role, one.n)
        for one in places(declared, rows(declared, {"child": "Ann"}, {"child": ""}))
    ]
    assert found == [
        ("K1", "", "supporter", 0),
        ("K1", "", "supporter", 0),
        ("K1", "dependant_1", "dependant", 1),
    ]


def test_a_row_that_names_a_child_and_leaves_the_family_s_cell_blank_is_a_family_itself():
    parent = RosterMap("family", group="place", as_role="parent")
    declared = source(
        rosters=(
            parent,
            replace(parent, as_role="child", part="dependant_1"),
            replace(parent, group="house"),  # a family of which the row names nobody else
        )
    )
    told = {"place": "P1", "child": "Ann"}, {"child": "Eva"}, {"child": ""}
    found = [(one.row, one.group, one.part) for one in places(declared, rows(declared, *told))]
    assert found == [(1, "P1", ""), (2, "\u241fK1", ""), (1, "P1", "dependant_1"), (2, "\u241fK1", "dependant_1")]


def test_the_parts_of_a_name_or_address_are_joined_as_delivered():
    declared = source(
        parts=(
            ParticularMap("address", ("house", "street", "place")),
            ParticularMap("contact", ("child",), protected_when={"event": ("death",)}),
        )
    )
    found = particulars(
        declared, rows(declared, {"house": "12", "street": " Long Road ", "child": "a@b", "event": "death"}, {})
    )
    assert found == (Part(1, 1, 0, "address", "12 Long Road", False), Part(1, 1, 1, "contact", "a@b", True))
    assert joined(declared.particulars[0], {}) == ""


MISSPELT = {"event": "deeth", "day": "2020-05-01"}


def test_a_misspelt_code_may_be_the_one_that_is_asked_for():
    death = FactMap("died_on", "day", when={"event": ("death",)})
    no_birth = FactMap("died_on", "day", unless={"event": ("creation",)})
    assert said(source(death), MISSPELT) == [(1, DIED_ON, NEVER, *ALWAYS)]  # died on that day, or is alive
    assert said(source(no_birth), MISSPELT) == [(1, DIED_ON, NEVER, *ALWAYS)]
    assert said(source(no_birth), {"event": "death", "day": "2020-05-01"}) == [(1, DIED_ON, DIED_ON, *ALWAYS)]
    assert said(source(no_birth), {"event": "creation", "day": "2020-05-01"}) == []


def test_a_misspelt_code_says_nothing_where_no_value_is_neutral():
    assert said(source(FactMap("sex", value="male", when={"event": ("death",)})), MISSPELT) == []


def test_a_filled_cell_that_cannot_be_read_is_not_silence():
    plain, coded = FactMap("died_on", "day"), FactMap("serving", "event", values={"death": "no", "creation": "yes"})
    assert said(source(plain), {"day": "31.2.20"}) == [(1, FIRST_DAY, NEVER, *ALWAYS)]
    assert said(source(plain), {"day": ""}) == []
    assert said(source(coded), MISSPELT) == [(1, 0, 1, *ALWAYS)]
    listed = replace(
        source(plain, coded), silence=Silence.THOSE_CONCERNED
    )  # whose silence does not speak of the listed
    assert said(listed, {**MISSPELT, "day": "31.2.20"}) == []


def test_a_code_that_cannot_be_read_may_mean_any_of_several_maps_and_each_says_what_all_of_them_say():
    died = FactMap("died_on", "day", when={"event": ("death",)})
    lives = FactMap("died_on", value="never", when={"event": ("creation",)})
    moved = {"event": "moved", "day": "2020-03-01"}
    assert said(source(died, lives), moved) == [(1, day("2020-03-01"), NEVER, *ALWAYS)] * 2
    assert said(source(died, lives), {**moved, "event": "creation"}) == [(1, NEVER, NEVER, *ALWAYS)]


def test_without_a_neutral_value_what_is_open_is_any_value():
    maybe = FactMap("sex", value="female", certainty="possible")
    assert said(source(maybe), {}) == [(1, 0, 1, *ALWAYS)]


def test_a_partly_known_day_gives_all_its_days_and_leaves_the_days_of_a_time_open_that_it_may_be():
    year = Column("day", ColumnType.DATE, forms=("YYYY", "YYYY-MM-DD"))
    declared = source(
        FactMap("died_on", "day"), FactMap("serving", value="yes", valid_from="day", valid_to="through until")
    )
    declared = replace(declared, columns={**declared.columns, "day": year})
    whole = day("2019-01-01"), day("2019-12-31")
    assert said(declared, {"day": "2019"}) == [(1, *whole, *ALWAYS), (1, 0, 1, whole[0], NEVER)]
    exact = said(declared, {"day": "2019-03-01", "until": "2019-04-30"})
    assert exact[1] == (1, 1, 1, day("2019-03-01"), day("2019-05-01"))  # to the end of that day
    within = said(declared, {"day": "2019", "until": "2019-04-30"})
    assert within[1] == (1, 0, 1, whole[0], day("2019-05-01"))
    turned = said(declared, {"day": "2019", "until": "2018-04-30"})
    assert turned[1] == (1, 0, 1, *ALWAYS)  # it ends before it begins, on whatever day of the year


def test_a_term_that_ends_in_a_year_is_over_when_the_year_is():
    year = Column("until", ColumnType.DATE, forms=("YYYY", "YYYY-MM-DD"))
    holds = FactMap("serving", value="yes", valid_to="through until")
    over = FactMap("serving", value="no", valid_from="through until")
    declared = source(holds, over)
    declared = replace(declared, columns={**declared.columns, "until": year})
    new_year = day("2020-01-01")
    assert said(declared, {"until": "2019"}) == [(1, 0, 1, FIRST_DAY, new_year), (1, 0, 0, new_year, NEVER)]
    assert said(declared, {"until": "2019-12-31"}) == [(1, 1, 1, FIRST_DAY, new_year), (1, 0, 0, new_year, NEVER)]
    one = replace(declared, facts=(replace(over, valid_to="day"),))
    assert said(one, {"until": "2019", "day": "2019-07-01"}) == []  # within the year nobody knows


def test_an_age_narrows_a_year_of_birth():
    declared = source(FactMap("born", "born"), age=True)
    born = Column("born", ColumnType.DATE, "born", forms=("YYYY",))
    declared = replace(declared, columns={**declared.columns, "born": born})
    (found,) = said(declared, {"born": "1990", "age": "30"})
    assert day("1990-01-01") <= found[1] <= found[2] <= day("1990-12-31")


def test_a_cell_left_blank_may_be_any_code_of_whoever_the_row_may_be_of():
    on_leave = FactMap("serving", value="yes", when={"event": ("death",)})
    by_word = FactMap("serving", "event", values={"death": "yes"})
    by_day = FactMap("died_on", "day")
    for each, blank in ((on_leave, [(1, 0, 1)]), (by_word, [(1, 0, 1)]), (by_day, [(1, FIRST_DAY, NEVER)])):
        listed = replace(source(each), silence=Silence.THOSE_CONCERNED)
        found = facts(listed, rows(listed, {}), ATTRIBUTES)
        assert [(one.row, one.lo, one.hi) for one in found] == blank
        assert [one.n for one in found] == [BLANK]
        other = {"event": "creation", "day": "2020-05-01"}
        assert all(one.n < BLANK for one in facts(listed, rows(listed, other), ATTRIBUTES))
        for silence in (Silence.EVERYBODY, Silence.NOBODY):  # there no row is not the word that is missing
            assert not facts(replace(listed, silence=silence), rows(listed, {}), ATTRIBUTES)


def test_a_cell_left_blank_says_nothing_of_what_has_no_neutral_value():
    listed = replace(source(FactMap("born", "day"), FactMap("sex", "sex", values={"M": "male"})))
    assert not facts(replace(listed, silence=Silence.THOSE_CONCERNED), rows(listed, {}), ATTRIBUTES)


def test_a_row_of_a_fund_without_the_childs_birth_date_is_of_somebody_who_may_be_a_child():
    parent = RosterMap("family", group="place", as_role="parent")
    child = RosterMap("family", group="place", as_role="child", part="dependant_1", born="day")
    told = {"day": Column("day", ColumnType.DATE, "dependant_1.born", forms=("YYYY-MM-DD",))}
    plain = source(rosters=(parent, child))
    columns = {name: one for name, one in plain.columns.items() if name != "child"}
    fund = replace(plain, silence=Silence.THOSE_CONCERNED, columns={**columns, **told})
    sent = {"place": "P1", "day": "2015-05-01"}, {"place": "P1"}, {}
    found = places(fund, rows(fund, *sent))
    born = day("2015-05-01")
    assert [(one.row, one.role, one.born_lo, one.born_hi) for one in found if one.part] == [
        (1, "child", born, born),
        (2, None, FIRST_DAY, ON),  # in any role
        (3, None, FIRST_DAY, ON),  # in the row's own family: its cell is blank
    ]
    two = replace(child, part="dependant_2")
    for other in (
        replace(fund, silence=Silence.NOBODY),  # not a list of parents only
        replace(fund, rosters=(parent, replace(child, group=""))),  # the row is a parent's, and need have no child
        replace(fund, rosters=(parent, child, two)),
        replace(fund, columns={**fund.columns, "child": plain.columns["child"]}),  # the child's name is told as well
    ):
        assert not [one for one in places(other, rows(other, {"place": "P1"})) if one.part]
