"""Chapter: dates whose month has a name, and personal numbers that carry a check digit, as a declaration says it."""

import hashlib
from dataclasses import replace

import pytest
from tests.spec.extract.test_what_agencies_send import ON, source, told

from musterroll.dates import format_day
from musterroll.engine import extract_stage
from musterroll.extract import check, dating, frictionless, row
from musterroll.extract.check_digit import CheckDigit
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import Limits

EESTI = (
    "[jaanuar, veebruar, märts, aprill, [mai, maist], juuni, juuli, august, september, oktoober, november, "
    "[detsember, dets.]]"
)
BORN = f"name: b, type: date, role: born, format: [D. month YYYY, DD.MM.YYYY], months: {EESTI}"
ESTONIA = "{at: 11, weights: [[1,2,3,4,5,6,7,8,9,1], [3,4,5,6,7,8,9,1,2,3]], modulus: 11, signs: {10: 0}}"
POLAND = "{at: 11, weights: [1,3,7,9,1,3,7,9,1,3], modulus: 10, gives: complement}"
NORWAY = (
    "[{at: 10, weights: [3,7,6,1,8,9,4,5,2], modulus: 11, gives: complement}, "
    "{at: 11, weights: [5,4,3,2,7,6,5,4,3,2], modulus: 11, gives: complement}]"
)
LETTERS = "ABCDEFHJKLMNPRSTUVWXY"
FINLAND = (
    f"{{at: 10, weights: [{', '.join(str(10 ** (8 - n) % 31) for n in range(9))}], modulus: 31, "
    f"signs: {{{', '.join(f'{10 + n}: {letter}' for n, letter in enumerate(LETTERS))}}}}}"
)


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("3. mai 1999", "1999-05-03", ""),
        ("3. Maist 1999", "1999-05-03", ""),  # another declared name, in capitals
        ("13. MÄRTS 2001", "2001-03-13", ""),
        ("31. dets. 2001", "2001-12-31", ""),
        ("03.05.1999", "1999-05-03", ""),  # the other form of the field
        ("31. veebruar 1999", None, "date.not-in-calendar"),
        ("3. maiu 1999", None, "date.format"),  # no declared name, and none is guessed
        ("3. 5 1999", None, "date.format"),  # a number is no name
        ("3. mai mai 1999", None, "date.format"),
        ("3. mai 99", None, "date.two-digit-year"),
        ("", None, ""),
    ],
)
def test_a_month_has_the_names_that_the_declaration_gives_it(text, day, reason):
    column = source([BORN]).columns["b"]
    found, why = row.cell(column, text, ON)
    assert (None if found is None else format_day(found), why) == (day, reason)


ESPAÑA = "[enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre]"


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("3 de marzo de 2004", "2004-03-03", ""),
        ("31 DE DICIEMBRE DE 2004", "2004-12-31", ""),
        ("3 de marzo de 04", None, "date.two-digit-year"),
        ("3 marzo 2004", None, "date.format"),
        ("3 da marzo da 2004", None, "date.format"),
    ],
)
def test_small_words_between_the_parts_of_a_date_stand_for_themselves(text, day, reason):
    declared = f"name: b, type: date, role: born, format: D de month de YYYY, months: {ESPAÑA}"
    found, why = row.cell(source([declared]).columns["b"], text, ON)
    assert (None if found is None else format_day(found), why) == (day, reason)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("DD.MM.yy", "a two-digit year does not exist"),
        ("dd.mm.yyyy", "small words for themselves"),
        ("D mmm YYYY", "a two-digit year does not exist"),
        ("DD x MM x YYYY", "small words for themselves"),
        ("DD MM comma YYYY", "has a word in which `hh`, `mm`"),
    ],
)
def test_what_is_no_small_word_in_a_form_is_refused(form, says):
    assert says in told([f"name: b, type: date, role: born, format: {form}"])


def test_a_form_of_month_and_year_alone_gives_all_the_days_of_that_month():
    column = source([f"name: b, type: date, role: born, format: month YYYY, months: {EESTI}"]).columns["b"]
    first, last = row.hull(column, "veebruar 2000", ON)[0]
    assert (format_day(first), format_day(last)) == ("2000-02-01", "2000-02-29")
    assert frictionless.table_schema(source([BORN]))["fields"][1]["type"] == "string"
    assert dating.from_strptime("%d. %B %Y") == "DD. month YYYY"


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("months: [a, b]", "are twelve, January's first"),
        (f"months: {EESTI.replace('juuli', 'juuni')}", "no name is of two months"),
        (f"months: {EESTI.replace('juuli', '7')}", "are made of letters"),
        ("", "goes with a form that has a month's name"),
    ],
)
def test_names_of_months_that_cannot_be_told_apart_are_refused(field, says):
    assert says in told([f"name: b, type: date, role: born, format: D. month YYYY{', ' + field if field else ''}"])


def test_names_of_months_without_a_form_that_has_one_are_refused():
    assert "goes with a form that has a month's name" in told(
        [f"name: b, type: date, role: born, format: DD.MM.YYYY, months: {EESTI}"]
    )


@pytest.mark.parametrize(
    ("declared", "mask", "right", "wrong"),
    [
        (ESTONIA, "99999999999", ("37605030299", "49403136526"), ("37605030298", "3760503029X")),
        (POLAND, "99999999999", ("44051401359",), ("44051401358",)),
        (NORWAY, "999999 99999", ("010107 50160",), ("010107 50161", "010107 50060")),
        (FINLAND, "999999-999A", ("131052-308T",), ("131052-308U",)),
    ],
)
def test_a_check_digit_is_weights_a_modulus_and_a_place(declared, mask, right, wrong):
    column = source([f"name: pin, role: number, mask: '{mask}', check: {declared}"]).columns["pin"]
    for text in right:
        assert row.cell(column, text, ON) == (text.replace("-", "").replace(" ", ""), ""), text
    for text in wrong:
        value, reason = row.cell(column, text, ON)
        assert (value, reason in ("number.check", "number.format")) == (text.replace("-", "").replace(" ", ""), True)
    assert row.cell(column, wrong[0], ON)[1] == "number.check"
    assert row.REASONS["number.check"]


def test_a_number_whose_result_has_no_sign_does_not_exist():
    tens = CheckDigit(2, ((10,),), 11)  # 1 gives 10, which no digit is
    assert [tens.is_right(f"1{digit}") for digit in "0123456789X"] == [False] * 11
    assert tens.is_right("00")
    assert not tens.is_right("0")
    assert not tens.is_right("A0")


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ("{at: 3, weights: [1], modulus: 11}", "is a place, a weight for each place before it"),
        ("{at: 3, weights: [1, 2], modulus: 1}", "a modulus from 2 to 100"),
        ("{at: 3, weights: [[1, 2], [1]], modulus: 11}", "a weight for each place before it"),
        ("{at: 3, weights: [1, 2], modulus: 11, signs: {ten: X}}", "and signs for results"),
        ("{at: 3, weights: [1, 2], modulus: 11, gives: complement, signs: {11: 1}}", "the complement is 0"),
        ("{at: 3, modulus: 11}", "weights"),
    ],
)
def test_a_check_digit_that_cannot_be_computed_is_refused(declared, says):
    assert says in told([f"name: pin, role: number, mask: '999', check: {declared}"])


def test_only_personal_numbers_have_check_digits():
    assert "is of a personal number" in told([f"name: pin, type: integer, role: age, check: {POLAND}"])


ROWS = (
    *("37605030299,3. mai 1999", "37605030298,31. dets. 2001", "49403136526,3. maiu 1999", "3760503029X,03.05.1999"),
    *(
        "376-0503,juuli",
        " 37605030299 ,13. MÄRTS 2001",
        ",",
        "99999999999,29. Veebruar 1999",
        "٣7605030299,1. mai 2000",
    ),
)


@pytest.mark.parametrize(
    "masks", ["'99999999999'", "['99999999999', '999-9999']", "['99999999999', 'A9999999999']", ""]
)
def test_the_door_by_columns_says_the_same_of_both(tmp_path, masks):
    number = f"name: pin, role: number{', mask: ' + masks if masks else ''}, check: {ESTONIA}"
    declared = source([number, BORN])
    declared = replace(declared, limits=replace(Limits(), unread=100, refused=100, one_day=100, rows=(1, 100)))
    lines = [f"{number},{line}" for number, line in enumerate(ROWS * 3, start=1)]
    data = "\n".join(["nr,pin,b", *lines, ""]).encode()
    manifest = Manifest(source="civil", as_of=ON, rows=len(lines), sha256=hashlib.sha256(data).hexdigest())
    (tmp_path / "file").write_bytes(data)
    plain = check.receive(declared, manifest, data, previous=None, today=ON)
    fast = extract_stage.stage(declared, manifest, tmp_path / "file", tmp_path / "staged", previous=None, today=ON)
    notes = {}
    for each in plain.rows:
        for note in each.notes:
            notes.setdefault((note.column, note.reason), []).append(each.row)
    assert {(one.column, one.reason): list(one.rows) for one in fast.unread} == notes
    assert {reason for _, reason in notes} >= {"number.check", "date.format", "date.not-in-calendar"}
    assert fast.profile == plain.profile
