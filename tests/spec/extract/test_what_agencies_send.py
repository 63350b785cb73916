"""Chapter: what agencies really send, and how a declaration says it without a line of code."""

import pytest

from musterroll.canonical import sha256_hex
from musterroll.dates import format_day, parse_day
from musterroll.errors import MusterRollError
from musterroll.extract import dating, frictionless, outline, row
from musterroll.extract.check import receive
from musterroll.extract.declaration import findings, load_source
from musterroll.extract.made import APART, AddressPart, BirthParts, NamePart, NumberBirth, NumberSex, Place
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import Column, ColumnType, Delta, Format, check_cited, time_read, uncited

ON = parse_day("2026-03-02")


def declared(fields, rest="", key="primaryKey: nr", head="kind: civil register"):
    """A declaration with these fields (YAML, a line each) beside the key."""
    listed = "\n".join(f"    - {{{each}}}" for each in ["name: nr, constraints: {required: yes}", *fields])
    return f"""
source: civil
{head}
agency: Registry
legal_basis: art. 1
purpose: administration
schema:
  {key}
  fields:
{listed}
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: nobody
{rest}
"""


def source(fields, rest="", **more):
    return load_source(declared(fields, rest, **more))


def texts(read, **cells):
    """What the door makes of one row."""
    return row.whole(read, {column.name: cells.get(column.name, "") for column in read.delivered})


def told(fields, rest="", **more):
    return " ".join(str(each) for each in findings(declared(fields, rest, **more)))


# Dates


@pytest.mark.parametrize(
    ("forms", "text", "days"),
    [
        (("DD.MM.YYYY",), "31.12.1999", "1999-12-31 1999-12-31"),
        (("D.M.YYYY",), "1.2.1999", "1999-02-01 1999-02-01"),
        (("D.M.YYYY",), "01.12.1999", "1999-12-01 1999-12-01"),
        (("YYYY年MM月DD日",), "1999年12月31日", "1999-12-31 1999-12-31"),
        (("DD.MM.YYYY hh:mm",), "31.12.1999 23:59", "1999-12-31 1999-12-31"),
        (("ISO",), "1999-12-31T23:59:59.5+02:00", "1999-12-31 1999-12-31"),  # the day that is written
        (("ISO",), "1999-12-31 23:59Z", "1999-12-31 1999-12-31"),
        (("ISO",), "1999-12-31", "1999-12-31 1999-12-31"),
        (("DD.MM.YYYY", "YYYY"), "1999", "1999-01-01 1999-12-31"),  # only the year is known
        (("MM/YYYY",), "02/2000", "2000-02-01 2000-02-29"),
        (("DD.MM.YYYY",), "30.02.1999", "date.not-in-calendar"),
        (("DD.MM.YYYY",), "00.12.1999", "date.not-in-calendar"),
        (("DD.MM.YYYY",), "31.12.99", "date.two-digit-year"),
        (("YYYY",), "99", "date.two-digit-year"),
        (("ISO",), "99-12-31", "date.two-digit-year"),
        (("YYYY",), "0000", "date.not-in-calendar"),
        (("ISO",), "yesterday", "date.format"),
        (("MM.YYYY",), "13.1999", "date.not-in-calendar"),
    ],
)
def test_a_date_is_read_in_a_declared_form(forms, text, days):
    span, reason = dating.days_of(forms, text, partly=False)
    assert (" ".join(map(format_day, span)) if span else reason) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1999-00-00", "1999-01-01 1999-12-31"),
        ("1999-02-00", "1999-02-01 1999-02-28"),
        ("1999-00-05", "date.not-in-calendar"),
    ],
)
def test_zeros_may_stand_for_what_nobody_knows(text, days):
    span, reason = dating.days_of(("YYYY-MM-DD",), text, partly=True)
    assert (" ".join(map(format_day, span)) if span else reason) == days


def test_a_partly_known_day_gives_no_day_and_all_its_days():
    column = Column(
        "b", ColumnType.DATE, forms=("YYYY",), earliest=parse_day("1900-01-01"), latest=parse_day("2026-06-30")
    )
    assert row.cell(column, "2001", ON) == (None, "")
    assert row.hull(column, "2001", ON) == ((parse_day("2001-01-01"), parse_day("2001-12-31")), "")
    assert row.hull(column, "2026", ON) == ((parse_day("2026-01-01"), ON), "")  # not after the day of the copy
    assert row.hull(column, "1899", ON) == (None, "date.too-early")
    assert row.hull(column, "2027", ON) == (None, "date.too-late")
    assert row.hull(column, " ", ON) == (None, "")
    assert row.hull(column, "x", ON) == (None, "date.format")


def test_forms_are_declared_as_people_or_as_frictionless_write_them():
    read = source(
        ["name: a, type: date, format: '%d.%m.%Y', role: born", "name: b, type: datetime", "name: c, type: date"],
        "facts: [{attribute: x, column: b}, {attribute: y, column: c}]",
    )
    assert [read.columns[name].forms for name in "abc"] == [("DD.MM.YYYY",), ("ISO",), ("YYYY-MM-DD",)]


def test_a_file_with_days_of_its_own_has_them_written_as_iso_writes_them():
    read = source(["name: a, type: date, format: DD/MM/YYYY, role: born"], head="kind: civil register\nformat: xlsx")
    assert read.columns["a"].forms == ("DD/MM/YYYY", "ISO")
    assert read.format is Format.XLSX


# Texts and codes


def test_texts_that_stand_for_an_empty_cell_are_empty():
    read = source(
        ["name: a, role: given, missingValues: [NULL, '-']", "name: b, role: family"],
        key="primaryKey: nr\n  missingValues: ['', n/a]",
    )
    found = texts(read, nr="1", a=" NULL ", b="n/a")
    assert (found["a"], found["b"]) == ("", "")
    assert texts(read, nr="1", a="n/a", b="-")["a"] == "n/a"  # the field's own list counts


def test_coded_sexes_mean_what_the_declaration_says():
    read = source(["name: s, role: sex, means: {1: male, N: female, 0: ''}"], "facts: [{attribute: sex, column: s}]")
    column = read.columns["s"]
    assert [row.compared(column, text, ON) for text in ("1", "N", "0", "", "x")] == ["male", "female", "", None, None]
    assert read.facts[0].values == {"1": "male", "N": "female", "0": ""}
    assert row.cell(column, "1", ON) == ("1", "")


def test_a_sex_is_known_from_the_words_of_a_fact_or_from_its_codes():
    by_fact = source(["name: s, role: sex, constraints: {enum: [M, F]}"],
                     "facts: [{attribute: sex, column: s, values: {M: male, F: female}}]")  # fmt: skip
    by_code = source(["name: s, role: sex, constraints: {enum: [Male, FEMALE, other]}"])
    assert row.compared(by_fact.columns["s"], "F", ON) == "female"
    assert row.compared(by_code.columns["s"], "FEMALE", ON) == "female"


def test_yes_and_no_in_any_language():
    read = source(["name: a, type: boolean, trueValues: [да, jah], falseValues: [нет]"],
                  "facts: [{attribute: here, column: a}]")  # fmt: skip
    assert read.facts[0].values == {"да": "yes", "jah": "yes", "нет": "no"}
    plain = source(["name: a, type: boolean"], "facts: [{attribute: here, column: a}]")
    assert plain.facts[0].values["true"] == "yes"
    assert "and falseValues both hold `x`" in told(["name: a, type: boolean, trueValues: x, falseValues: x"])


@pytest.mark.parametrize("form", ["xlsx", "parquet", "ndjson"])
def test_a_yes_of_the_format_s_own_is_yes_whatever_the_workbook_shows(form):
    columns = ["name: a, type: boolean, trueValues: [TRUE, WAHR], falseValues: [FALSE]"]
    head = f"kind: civil register\nformat: {form}"
    read = source(columns, "facts: [{attribute: here, column: a}]", head=head)
    assert [row.cell(read.columns["a"], text, ON)[0] for text in ("true", "false", "WAHR")] == ["true", "false", "WAHR"]
    assert read.facts[0].values == {"true": "yes", "false": "no", "TRUE": "yes", "WAHR": "yes", "FALSE": "no"}
    columns = ["name: a, type: boolean, trueValues: [WAHR], falseValues: [FALSCH]"]
    plain = source(columns, "facts: [{attribute: here, column: a}]")  # text has no yes of its own
    assert row.cell(plain.columns["a"], "true", ON)[0] is None


def test_a_text_has_its_length_and_its_form():
    read = source(["name: a, role: given, constraints: {minLength: 2, maxLength: 5, pattern: '[A-Z][a-z]*'}"])
    column = read.columns["a"]
    assert [row.cell(column, text, ON)[1] for text in ("Anna", "A", "Annabel", "anna")] == [
        "", "text.length", "text.length", "text.pattern",
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", [r"(a+)+", r"(a|(b))", r"\1", r"(?=a)", "[", r"a**", "x" * 201, r"\p{L}"])
def test_a_pattern_that_could_take_for_ever_or_that_readers_understand_differently_is_refused(pattern):
    quoted = pattern.replace("'", "''")
    assert "constraints.pattern" in told([f"name: a, role: given, constraints: {{pattern: '{quoted}'}}"])


def test_a_whole_number_has_a_range_and_a_year_is_one():
    read = source(["name: a, type: integer, role: age, constraints: {maximum: 120}", "name: y, type: year"],
                  "facts: [{attribute: x, value: yes, valid_from: year y}]")  # fmt: skip
    assert row.cell(read.columns["a"], "121", ON) == (None, "int.range")
    assert row.cell(read.columns["a"], "0" * 30 + "7", ON) == (0, "")
    assert row.cell(read.columns["y"], "1999", ON) == (1999, "")


def test_a_personal_number_has_masks_and_a_form():
    read = source(["name: a, role: number, mask: [999-99, AA 9], constraints: {pattern: '[0-9A-Z -]+'}"])
    column = read.columns["a"]
    assert [row.cell(column, text, ON) for text in ("123-45", "AB 1", "12-345")] == [
        ("12345", ""), ("AB1", ""), ("12345", "number.format"),
    ]  # fmt: skip
    assert row.cell(column, "1" * 200, ON) == ("1" * 100, "number.format")


# One cell for several, several for one


@pytest.mark.parametrize(
    ("order", "cell", "family", "given", "middle"),
    [
        ("family given middle", "Орлов Пётр Ильич", "Орлов", "Пётр", "Ильич"),
        ("family given middle", "Орлов Пётр", "Орлов", "Пётр", ""),
        ("family given middle", "Орлов", "Орлов", "", ""),
        ("given middle family", "Anna Maria Luisa Rossi", "Rossi", "Anna", "Maria Luisa"),
        ("given family", "Anna de Vries", "de Vries", "Anna", ""),
        ("given family family", "Ana Garcia Lopez", "Garcia Lopez", "Ana", ""),
        ("family given", "GARCIA LOPEZ, Ana Maria", "GARCIA LOPEZ", "Ana Maria", ""),
        ("family given middle", "Adler, Karl", "Adler", "Karl", ""),
        ("family given", "", "", "", ""),
    ],
)
def test_a_whole_name_is_taken_apart_in_its_declared_order(order, cell, family, given, middle):
    parts = {part: NamePart(("a",), part, tuple(order.split())).text(cell) for part in ("family", "given", "middle")}
    assert parts == {"family": family, "given": given, "middle": middle}


def test_the_parts_of_a_name_are_what_linkage_compares():
    read = source(["name: full, role: name, order: given family", "name: wife, role: spouse.name, order: family given"])
    assert dict(read.roles) == {
        "full.given": "given", "full.family": "family", "wife.family": "spouse.family", "wife.given": "spouse.given",
    }  # fmt: skip
    assert texts(read, nr="1", full="Ann Low", wife="Low Bea")["wife.given"] == "Bea"


@pytest.mark.parametrize(
    ("order", "cell", "part", "text"),
    [
        ("street house, postcode town", "Long Road 12, 1234 AB Old Town", "street", "Long Road"),
        ("street house, postcode town", "Long Road 12, 12345 Old Town", "house", "12"),
        ("street house, postcode town", "Long Road 12, 12345 Old Town", "postcode", "12345"),
        ("street house, postcode town", "Long Road 12, 12345 Old Town", "town", "Old Town"),
        ("house street unit, town", "12 Long Road 3b, Old Town", "unit", "3b"),
        ("house street unit, town", "Long Road, Old Town", "house", ""),
        ("street house, town", "Long Road 12", "town", ""),  # another number of segments
        ("postcode", "12345", "postcode", "12345"),
    ],
)
def test_an_address_in_one_cell_is_taken_apart_between_commas(order, cell, part, text):
    parts = tuple(tuple(each.split()) for each in order.split(","))
    assert AddressPart(("a",), part, parts).text(cell) == text


def test_an_address_without_an_order_is_compared_whole():
    read = source(["name: a, role: address", "name: b, role: spouse.address, order: 'street house, town'"])
    assert dict(read.roles)["a"] == "address"
    assert dict(read.roles)["b.town"] == "spouse.town"


def test_several_family_names_are_one():
    read = source(["name: a, role: family", "name: b, role: family"])
    assert read.roles == (("(family)", "family"),)
    assert texts(read, nr="1", a="Garcia ", b="Lopez")["(family)"] == "Garcia Lopez"
    assert texts(read, nr="1", a="", b="Lopez")["(family)"] == "Lopez"
    assert "has the role `number`, which another column has already" in told(
        ["name: a, role: number", "name: b, role: number"]
    )


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (("1999", "2", "3"), "1999-02-03"),
        (("1999", "", ""), "1999-00-00"),
        (("99", "2", "3"), ""),
        (("1999",), "1999-00-00"),
    ],
)
def test_year_month_and_day_in_columns_of_their_own(cells, text):
    assert BirthParts(("a", "b", "c")[: len(cells)]).text(*cells) == text


def test_a_birth_date_in_parts_is_what_is_compared():
    read = source(["name: y, role: born_year", "name: m, role: born_month", "name: d, role: born_day"])
    assert read.roles == (("(born)", "born"),)
    column = read.columns["(born)"]
    assert row.hull(column, texts(read, nr="1", y="1999", m="2")["(born)"], ON)[0] == (
        parse_day("1999-02-01"), parse_day("1999-02-28"),
    )  # fmt: skip
    assert "is part of a birth date that has no year" in told(["name: m, role: born_month"])
    assert "is part of a birth date that has no year" in told(["name: y, role: born_year", "name: d, role: born_day"])


ESTONIAN = NumberBirth(("a",), Place(2, 3), Place(4, 5), Place(6, 7), Place(1, 1), {"3": 1900, "4": 1900, "5": 2000})
CZECH = NumberBirth(("a",), Place(1, 2), Place(3, 4, (50,)), Place(5, 6), None, {}, {0: 1900, 50: 1900})
BULGARIAN = NumberBirth(("a",), Place(1, 2), Place(3, 4, (40,)), Place(5, 6), None, {}, {0: 1900, 40: 2000})
PLAIN = NumberBirth(("a",), Place(1, 4), Place(5, 6), Place(7, 8, (40,)))


@pytest.mark.parametrize(
    ("number", "cell", "born"),
    [
        (ESTONIAN, "38503020000", "1985-03-02"),
        (ESTONIAN, "50103020000", "2001-03-02"),
        (ESTONIAN, "90103020000", ""),  # a century that the declaration does not know
        (ESTONIAN, "3850", ""),
        (ESTONIAN, "3x503020000", ""),
        (CZECH, "855302/0000", "1985-03-02"),
        (BULGARIAN, "0143021234", "2001-03-02"),
        (PLAIN, "1985-03-42", ""),  # a dash counts as a letter of the number
        (PLAIN, "19850342", "1985-03-02"),  # a day that carries 40
        (PLAIN, "19851399", "1985-13-99"),  # no day: reading it as a date says so
    ],
)
def test_a_personal_number_may_tell_a_birth_date(number, cell, born):
    assert number.text(cell) == born


def test_a_personal_number_may_tell_a_sex():
    sex = NumberSex(("a",), Place(1, 1), frozenset("135"), frozenset("246"))
    assert [sex.text(cell) for cell in ("3", "4", "9", "")] == ["male", "female", "", ""]


def test_what_a_number_tells_is_one_more_statement_and_never_compared():
    fields = ["name: a, role: number, reads: {born: {year: 2-3, month: {at: 4-5, less: [20]}, day: 6-7, "
              "century: {at: 1, 3: 1900}}, sex: {at: 1, male: odd, female: [2, 4]}}"]  # fmt: skip
    read = source(fields, "facts: [{attribute: born, column: a.born}]")
    assert read.roles == (("a", "number"),)
    assert texts(read, nr="1", a="38523020000")["a.born"] == "1985-03-02"
    assert "a.sex" not in read.columns  # nobody asked for it
    by_month = source(["name: a, role: number, reads: {born: {year: 1-2, month: 3-4, day: 5-6, "
                       "century: {by_month: {0: 1900, 40: 2000}}}}"], "facts: [{attribute: b, column: a.born}]")  # fmt: skip  # noqa: E501
    assert texts(by_month, nr="1", a="014302")["a.born"] == "2001-03-02"


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("name: a, role: given, reads: {sex: {at: 1, male: 1, female: 2}}", "is of a personal number"),
        ("name: a, role: number, reads: {born: {year: 1-2, month: 3, day: 4}}", "has two digits: say by which sign"),
        ("name: a, role: number, reads: {born: {year: 4-1, month: 3, day: 4}}", "is a place in the number"),
        (
            "name: a, role: number, reads: {born: {year: 1-4, month: {less: [1]}, day: 4}}",
            "reads.born.month.at` is missing",
        ),
        (
            "name: a, role: number, reads: {born: {year: 1-2, month: 3, day: 4, century: {3: 1900}}}",
            "is a place in the",
        ),
        ("name: a, role: name", "is the order of a whole name"),
        ("name: a, role: name, order: family second", "is the order of a whole name"),
        ("name: a, role: given, order: family given", "is of a whole name or address"),
        ("name: a, role: address, order: 'street town'", "is the order of an address"),
        ("name: a, role: address, order: 'street, planet'", "is the order of an address"),
        ("name: nr, role: given", "names `nr` a second time"),
        ("type: string", "schema.fields 2.name` is missing"),
        ("name: a, role: number, mask: {x: y}", "mask` is a list"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(field, rule):
    assert rule in told([field])


def test_names_that_columns_made_of_others_need_are_theirs():
    fields = ["name: a, role: name, order: family given", "name: a.given, role: town"]
    assert "has a name that a column made of another one needs" in told(fields)
    assert "is not known; known are born, sex" in told(["name: a, role: number, reads: {age: 3}"])
    assert "reads.sex.at` is missing" in told(["name: a, role: number, reads: {sex: {male: 1, female: 2}}"])


# Keys


def test_a_key_of_several_columns_is_one_text():
    read = source(["name: a, constraints: {required: yes}"], key="primaryKey: [nr, a]")
    assert (read.key, read.keys) == ("(key)", ("nr", "a"))
    assert texts(read, nr="1", a=" 2")["(key)"] == f"1{APART}2"
    assert texts(read)["(key)"] == ""


def delivery(read, lines):
    file = "\n".join(lines).encode() + b"\n"
    manifest = Manifest(source="civil", as_of=ON, rows=len(lines) - 1, sha256=sha256_hex(file))
    return receive(read, manifest, file, previous=None, today=ON)


def test_entries_without_keys_are_told_apart_by_an_ordinal_whatever_their_order():
    text = declared(["name: a, role: given", "name: b, role: family"], "identity: [a]", key="missingValues: ['']")
    read = load_source(text.replace("name: nr, constraints: {required: yes}", "name: nr, role: middle"))
    lines = ["1,Ann,Low", "2,Ann,Low", "3,Bea,Low"]
    one = {each.texts["nr"]: each.key for each in delivery(read, ["nr,a,b", *lines]).rows}
    other = {each.texts["nr"]: each.key for each in delivery(read, ["nr,a,b", *reversed(lines)]).rows}
    assert one == other == {"1": f"Ann{APART}1", "2": f"Ann{APART}2", "3": f"Bea{APART}1"}
    many = load_source(text.replace("rows_per_record: one", "rows_per_record: many").replace(
        "name: nr, constraints: {required: yes}", "name: nr, role: middle"))  # fmt: skip
    assert {each.key for each in delivery(many, ["nr,a,b", *lines]).rows} == {"Ann", "Bea"}


def test_who_sends_no_keys_sends_no_changes():
    text = declared(["name: a, role: given"], "identity: [a]\ndelta: yes", key="missingValues: ['']")
    assert "needs keys: an agency whose entries have none sends its whole register each time" in " ".join(
        str(each) for each in findings(text)
    )


def test_a_key_and_an_identity_are_not_both_declared():
    assert "an agency whose entries have none declares `identity` instead" in told(
        ["name: a, role: given"], "identity: a"
    )
    assert "names the columns by which the agency finds the entry again" in told(
        ["name: a, role: given"], key="primaryKey: []"
    )


# Names of columns, and all else


def test_headings_in_any_script_and_with_any_word_are_kept_under_a_name_of_their_own():
    read = source(["name: Row, role: given", "name: Имя, role: family", "name: имя, role: middle", "name: year of it, type: year",  # noqa: E501
                   "name: ' x', role: town"],
                  "facts: [{attribute: a, value: yes, valid_from: year year of it}]")  # fmt: skip
    assert dict(read.headings) == {
        "nr": "nr", "Row": "column Row", "Имя": "Имя", "имя": "column имя", "year of it": "column year of it",
        " x": "column x",
    }  # fmt: skip
    assert read.facts[0].valid_from == "year column year of it"


def test_times_are_said_in_words():
    twice = source(["name: xY, role: given", "name: xy, role: family", "name: column xy, role: town"])
    assert set(twice.columns) == {"nr", "xY", "column xy", "column xy'"} or "column column xy" in twice.columns
    assert time_read("") == ("", "")
    assert time_read("as_of") == ("as_of", "")
    assert time_read("through the end") == ("through", "the end")
    assert time_read("the end") == ("", "the end")


def test_delta_keys_and_limits_are_read():
    key = "ab" * 32
    read = source(
        ["name: a, role: given", "name: d, role: town"],
        f"""delta: {{column: op, put: [I, U], drop: [D]}}
signing_keys:
  - {{id: k1, ed25519: {key}, from: 2026-01-01, until: 2026-12-31}}
  - {{id: k2, ed25519: {"q6ur" * 10 + "q6s="}}}
answers: [born]
limits: {{districts: {{column: d, change: 5}}, birth_years: {{change: 7}}}}""",
    )
    assert read.delta == Delta("op", ("I", "U"), ("D",))
    assert (read.signing_keys[0].public.hex(), read.signing_keys[0].last) == (key, parse_day("2026-12-31"))
    assert read.signing_keys[1].public.hex() == key
    assert (read.limits.district, read.limits.district_change, read.limits.birth_year_change) == ("d", 5, 7)
    assert "`signing_keys 1.ed25519` is missing." in told(["name: a, role: given"], "signing_keys: [{id: k}]")
    assert "is a public Ed25519 key" in told(["name: a, role: given"], "signing_keys: [{id: k, ed25519: '%'}]")
    assert source(["name: a, role: given"], "delta: yes").delta == Delta()
    assert source(["name: a, role: given"], "delta: no").delta is None


def test_what_the_law_does_not_ask_for_is_told_all_at_once():
    read = source(
        ["name: a, type: date"],
        "facts: [{attribute: x, column: a}]\nrosters: [{roster: r, group: nr}]\nanswers: [y]",
    )
    assert [each.code for each in uncited(read, {}, set())] == [
        "source.attribute-uncited", "source.roster-uncited", "source.attribute-uncited",
    ]  # fmt: skip
    with pytest.raises(MusterRollError, match=r"so Registry may not be asked about it"):
        check_cited(read, {"x": "art. 1"}, {"r"})


def test_a_declaration_with_an_alias_or_too_deep_or_in_another_encoding_is_refused(tmp_path):
    assert "an alias (`*`) stands for a text" in str(findings("a: &x b\nc: *x\n")[0])
    assert "it is nested too deeply" in str(findings("[" * 3000 + "]" * 3000)[0])
    assert "a member's name is one text" in str(findings("[a]: b\n")[0])
    assert "`source` is missing" in str(findings("a: b\n")[0]) + " ".join(map(str, findings("a: b\n")))
    assert "The declaration holds members with names." in str(findings("")[0])
    path = tmp_path / "x.yaml"
    path.write_bytes("source: имя\n".encode("koi8-r"))
    assert str(findings(path)[0]) == (
        "A declaration is written in UTF-8, and this file is not. Where: x.yaml. What to do: Save it in UTF-8. [source.yaml]"  # noqa: E501
    )


# The pure schema, and a declaration to begin with


def test_the_pure_table_schema_says_how_cells_are_written():
    read = source(
        [
            "name: a, type: date, format: DD.MM.YYYY, role: born, constraints: {minimum: 1900-01-01, maximum: 2030-01-01}",  # noqa: E501
            "name: b, type: date, format: [DD.MM.YYYY, YYYY]",
            "name: c, type: datetime",
            "name: d, type: integer, role: age, constraints: {maximum: 120}",
            "name: e, role: sex, means: {1: male}",
            "name: f, role: number, mask: 99-A",
            "name: g, role: given, constraints: {pattern: 'A.*', minLength: 2}",
            "name: h, role: family, missingValues: ['-']",
        ],
        "facts: [{attribute: x, column: b}, {attribute: y, column: c}]",
    )
    assert frictionless.table_schema(read) == {
        "fields": [
            {"name": "nr", "type": "string", "constraints": {"required": True}},
            {"name": "a", "type": "date", "format": "%d.%m.%Y", "constraints": {"minimum": "1900-01-01", "maximum": "2030-01-01"}},  # noqa: E501
            {"name": "b", "type": "string",
             "constraints": {"pattern": r"(?:[0-9]{2})\.(?:[0-9]{2})\.(?:[0-9]{4})|(?:[0-9]{4})"}},
            {"name": "c", "type": "datetime", "format": "default"},
            {"name": "d", "type": "integer", "constraints": {"minimum": 0, "maximum": 120}},
            {"name": "e", "type": "string", "constraints": {"enum": ["1"]}},
            {"name": "f", "type": "string", "constraints": {"pattern": r"[0-9][0-9]\-[A-Z]"}},
            {"name": "g", "type": "string", "constraints": {"pattern": "A.*", "minLength": 2}},
            {"name": "h", "type": "string"},
        ],
        "primaryKey": ["nr"],
        "missingValues": ["", "-"],
    }  # fmt: skip
    keyless = load_source(declared(["name: a, role: given"], "identity: [a, nr]", key="missingValues: ['']"))
    assert "primaryKey" not in frictionless.table_schema(keyless)
    timed = source(["name: t, type: datetime, format: 'DD.MM.YYYY hh:mm', role: born"])
    assert frictionless.table_schema(timed)["fields"][1] == {
        "name": "t",
        "type": "datetime",
        "format": "%d.%m.%Y %H:%M",
    }
    comma = source(["name: t, type: integer, decimalChar: ',', role: age"])
    assert frictionless.table_schema(comma)["fields"][1]["type"] == "number"
    assert frictionless.table_schema(comma)["fields"][1]["decimalChar"] == ","
    assert dating.pattern_of("ISO").startswith("(?P<Y>")
    assert dating.to_strptime("ISO") == "default"


def test_a_sample_proposes_how_cells_are_written_and_never_what_for():
    heading = ["born", "either", "when", "code", "count", "number", "name", "blank", "two: words"]
    rows = [
        [
            f"{n % 28 + 1:02}.12.1999",
            "01/02/2003",
            "2020-01-01T10:00:00Z",
            "AB"[n % 2],
            str(n),
            f"{10**9 + n}",
            f"Name {n}",
            "-",
            "x",
        ]
        for n in range(24)
    ]
    rows[3][0] = "1999"
    found = {each.name: (each.members, each.note) for each in outline.proposed(heading, rows)}
    assert found == {
        "born": ("type: date, format: DD.MM.YYYY", "written otherwise in the sample: 1"),
        "either": ("type: date, format: DD/MM/YYYY", "or MM/DD/YYYY: ask the agency"),
        "when": ("type: datetime", ""),
        "code": ("type: string, constraints: {enum: [A, B]}", ""),
        "count": ("type: integer", ""),
        "number": ("type: string", "digits only: perhaps a number of a person or an entry"),
        "name": ("type: string", ""),
        "blank": ("type: string", "no cell of the sample is filled"),
        "two: words": ("type: string, constraints: {enum: [x]}", ""),
    }
    assert outline.missing_in(rows) == ("-",)
    text = outline.template("civil", outline.proposed(heading, rows), delimiter="\t", missing=("-",))
    assert '{name: "two: words", type' in text
    codes = {each.code for each in findings(text)}
    assert codes == {"source.kind", "source.malformed", "source.no-basis", "source.column-unused"}


@pytest.mark.parametrize(
    ("lines", "above"),
    [
        ([["Leave", "", ""], [], ["", "May", ""], ["entry", "born", "town"], ["1", "1990-01-01", ""]], 3),
        ([["entry", "born", "town"], ["1", "1990-01-01", ""]], 0),
        ([["entry"], ["1"]], 0),
        ([["a", "", ""]] * 3, 0),  # none is filled: the first
        ([["Leave", "", ""]] * outline.ABOVE + [["entry", "born", "town"]], 0),  # too far below
        ([], 0),
    ],
)
def test_titles_above_the_heading_of_a_sample_are_told_by_how_few_cells_they_fill(lines, above):
    assert outline.heading_at(lines) == above


def test_a_declaration_to_begin_with_passes_once_it_is_filled_in():
    text = outline.template("civil", ())
    for old, new in (
        ('kind: "" ', "kind: civil register "), ('agency: "" ', "agency: Registry "), ('legal_basis: "" ', "legal_basis: art. 1 "),  # noqa: E501
        ("primaryKey: []", "primaryKey: [entry]"), ("name: entry, type: string", "name: entry, constraints: {required: yes}"),  # noqa: E501
        ("name: name, type: string", "name: name, role: name, order: family given"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    assert findings(text) == ()
