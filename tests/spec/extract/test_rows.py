"""Chapter: what one cell may say, and what happens to a row that says something else.

A cell that cannot be read is unknown, never guessed; a row whose place is unclear is set aside and counted.
"""

import pytest
from tests.spec.extract.test_bad_deliveries import SOURCE

from musterroll.dates import date_of, parse_day
from musterroll.extract.row import REASONS, Refused, Row, cell, read, typed
from musterroll.extract.schema import Column, ColumnType

ON = parse_day("2020-12-31")
BORN = Column("born", ColumnType.DATE, forms=("MM/DD/YYYY",), earliest=parse_day("1905-01-01"))
DIGITS = Column("born", ColumnType.DATE, forms=("YYYYMMDD",), latest=parse_day("2019-12-31"))
AHEAD = Column("until", ColumnType.DATE, forms=("DD.MM.YYYY",), future=True)
SEX = Column("sex", ColumnType.CODE, values=("Male", "Female"))
GRADE = Column("grade", ColumnType.CODE, values=("a", "A", "C", "Straße", "aB", "Ab"))
COMMA = Column("days", ColumnType.INT, least=0, most=1_000_000, decimal=",")
AGE = Column("age", ColumnType.INT, least=0, most=115)
NUMBER = Column("number", ColumnType.NUMBER, forms=("999-AA",))
ANY_NUMBER = Column("number", ColumnType.NUMBER)
NAME = Column("name", ColumnType.TEXT)


@pytest.mark.parametrize(
    ("column", "text", "value", "reason"),
    [
        (BORN, "05/06/2001", "2001-05-06", ""),
        (BORN, " 05/06/2001 ", "2001-05-06", ""),
        (BORN, "", None, ""),  # nothing was said: no reason
        (BORN, "02/30/2001", None, "date.not-in-calendar"),  # 30 February
        (BORN, "02/29/2000", "2000-02-29", ""),
        (BORN, "02/29/1900", None, "date.not-in-calendar"),  # 1900 was no leap year
        (BORN, "13/01/2001", None, "date.not-in-calendar"),
        (BORN, "05/06/1893", None, "date.too-early"),  # threat letters once went to men born 1893 to 1897
        (BORN, "05/06/2544", None, "date.other-era"),  # 2001, as the Buddhist era counts
        (BORN, "01/01/2563", None, "date.other-era"),
        (BORN, "05/06/1380", None, "date.other-era"),  # the Solar Hijri year of 2001
        (BORN, "01/01/2564", None, "date.in-future"),
        (BORN, "05/06/2400", None, "date.in-future"),
        (BORN, "05/06/1500", None, "date.too-early"),
        (DIGITS, "25440506", None, "date.other-era"),
        (BORN, "05/06/01", None, "date.two-digit-year"),
        (BORN, "5/6/01", None, "date.two-digit-year"),
        (BORN, "2001-05-06", None, "date.format"),
        (BORN, "o5/06/2001", None, "date.format"),
        (BORN, "01/01/2021", None, "date.in-future"),
        (DIGITS, "20010506", "2001-05-06", ""),
        (DIGITS, "010506", None, "date.two-digit-year"),
        (DIGITS, "0156", None, "date.format"),
        (DIGITS, "20200101", None, "date.too-late"),
        (AHEAD, "01.01.2023", "2023-01-01", ""),  # a day to come may be right where it is declared so
        (SEX, "Female", "Female", ""),
        (SEX, "female", "Female", ""),  # in other capitals it is the declared code
        (SEX, "Femal", None, "code.unknown"),
        (GRADE, "a", "a", ""),  # where two codes differ by that alone, each is itself
        (GRADE, "A", "A", ""),
        (GRADE, "c", "C", ""),
        (GRADE, "STRASSE", "Straße", ""),
        (GRADE, "AB", None, "code.unknown"),  # aB and Ab are declared: nobody knows which it is
        (AGE, "18", 18, ""),
        (AGE, "1B", None, "int.format"),
        (AGE, "116", None, "int.range"),
        (NUMBER, "123-AB", "123AB", ""),
        (NUMBER, "12e-AB", "12EAB", "number.format"),  # kept for comparing letter by letter
        (NUMBER, "--", None, "number.format"),
        (ANY_NUMBER, "a 1/2", "A12", ""),
        # What a spreadsheet makes of a number:
        (ANY_NUMBER, "1.23E+09", None, "number.rounded"),  # its last digits are lost: nobody's, and nobody else's
        (ANY_NUMBER, "5,4e+7", None, "number.rounded"),
        (NUMBER, "1E+10", None, "number.rounded"),
        (ANY_NUMBER, "12345.0", "12345", ""),
        (ANY_NUMBER, "12345.00", "12345", ""),
        (ANY_NUMBER, "12.000", "12000", ""),  # thousands
        (ANY_NUMBER, "85.07.30-033.00", "85073003300", ""),
        (AGE, "18.0", 18, ""),
        (AGE, "18.5", None, "int.format"),
        (COMMA, "124,0", 124, ""),  # declared `decimalChar: ","`
        (COMMA, "124,000", 124, ""),
        (COMMA, "124", 124, ""),
        (COMMA, "124,5", None, "int.format"),  # half a day is not none: the person is asked
        (COMMA, "124,", None, "int.format"),
        (COMMA, ",0", None, "int.format"),
        (COMMA, "12.000", None, "int.format"),
        (AGE, "18,0", None, "int.format"),  # where nobody declared it, it may be thousands
        (NAME, "Ó Briain-Ünal", "Ó Briain-Ünal", ""),
        (NAME, "Br�an", None, "text.unreadable"),
        (NAME, "a\tb", None, "text.unreadable"),
        # Signs that nobody sees, copied along from a page or a program that writes from right to left:
        (BORN, "\u200b05/06/2001\ufeff", "2001-05-06", ""),
        (BORN, "05\u200e/06\u200e/2001", "2001-05-06", ""),
        (SEX, "\u200fFemale\u00a0", "Female", ""),
        (AGE, "\u202a18\u202c", 18, ""),
        (NUMBER, "123\u00ad-AB\u200b", "123AB", ""),
        (NAME, "\u200eMill\u00a0Lane\u30001\u200d", "Mill Lane 1", ""),
        (NAME, "\u061cعلي\u200f", "علي", ""),
        (NAME, "می\u200cخواهم", "می\u200cخواهم", ""),  # a joiner inside a word spells it
        (NAME, "\u200b\ufeff", None, ""),  # nothing is seen: nothing was said
        # As wide as an ideograph:
        (BORN, "０５/０６/２００１", "2001-05-06", ""),
        (AGE, "１８", 18, ""),
        (NUMBER, "１２３－ＡＢ", "123AB", ""),
        # In digits of other scripts:
        (BORN, "٠٥/٠٦/٢٠٠١", "2001-05-06", ""),
        (AGE, "۱۸", 18, ""),
        (NUMBER, "१२३-AB", "123AB", ""),
        (NUMBER, "123\u2011AB", "123AB", ""),  # a hyphen at which no line breaks
        (NAME, "شارع ١٢", "شارع ١٢", ""),
        (NAME, "Mill Lane 1 \r\n Aldham\n\nHalm", "Mill Lane 1 Aldham Halm", ""),  # lines of one cell
    ],
)
def test_a_cell_is_read_as_declared_or_not_at_all(column, text, value, reason):
    found, why = cell(column, text, ON)
    if column.type is ColumnType.DATE and found is not None:
        found = date_of(found).isoformat()
    assert (found, why) == (value, reason)
    assert reason in {"", *REASONS}


def test_a_row_with_an_unreadable_birth_date_is_kept_and_noted():
    row = read(SOURCE, 7, {"number": "100-01", "name": "Zoë", "born": "1893-02-01"}, ON)
    assert isinstance(row, Row)
    assert row.values["born"] is None
    assert [(note.column, note.reason) for note in row.notes] == [("born", "date.too-early")]


def test_a_row_without_its_key_is_set_aside():
    row = read(SOURCE, 7, {"number": " ", "name": "Zoë", "born": ""}, ON)
    assert isinstance(row, Refused)
    assert [(note.column, note.reason) for note in row.notes] == [("number", "required")]


def test_a_row_whose_key_cannot_be_read_says_why():
    row = read(SOURCE, 7, {"number": "-", "name": "Zoë", "born": "x"}, ON)
    assert isinstance(row, Refused)
    assert [(note.column, note.reason) for note in row.notes] == [("number", "number.format"), ("born", "date.format")]


def test_a_row_kept_earlier_reads_the_same_again():
    texts = {"number": "100-01", "name": "Zoë", "born": "2001-05-06"}
    row = read(SOURCE, 7, texts, ON)
    assert isinstance(row, Row)
    assert typed(SOURCE, texts, ON) == row.values
