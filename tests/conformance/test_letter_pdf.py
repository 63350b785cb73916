"""The letter as a file: readable by screen readers (PDF/UA-1), the same bytes each time, words never commands."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from musterroll.engine import letter_typst
from musterroll.engine.letter_typst import compose, square
from musterroll.errors import MusterRollError
from musterroll.notice import check_code, template
from musterroll.notice.letter import Letter, Office, Reason

LETTERS = Path("packs/example/letters")
WORDS = template.parse_words((LETTERS / "words.en.yaml").read_text(), where="words")
AT = 1_790_294_400  # 2026-09-25T00:00:00Z
NUMBER = "2026-000017"
MARK = "DEMONSTRATION: invented people in an invented republic."


def letter(reasons: int = 4, **changed) -> Letter:
    fields = {
        "report_on": "10 May 2021",
        "draw": "demo-2026-a",
        "stratum": "2001",
        "place": "7",
        "called": "60",
        "entrants": "412",
        "decided_on": "31 December 2020",
    }
    one = template.parse((LETTERS / "call.en.yaml").read_text(), where="call").fill(
        fields,
        number=NUMBER,
        dated="25 September 2026",
        office=Office("Registry of Service", ("1 Registry Square", "00000 Anytown")),
        recipient=("Ada Example", "12 Cross Street", "Anytown"),
        reference="abcdefghijklmnop",
        reasons=[
            Reason(
                f"art. {n}", "Lives in a dwelling.", "You live in a dwelling.", "Dwelling register, 31 December 2020"
            )
            for n in range(reasons)
        ],
        check_code=check_code.make(b"k" * 32, NUMBER),
        policy="ab" * 32,
        fictional=True,
    )
    return replace(one, **changed)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def structure(pdf: bytes) -> list[tuple[str, str]]:
    found = []

    def walk(element) -> None:
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            for child in element:
                walk(child)
        elif isinstance(element, dict) and "/S" in element:
            found.append((str(element["/S"]), str(element.get("/Alt", ""))))
            walk(element.get("/K", []))

    walk(read(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_the_file_says_that_it_is_pdf_ua_and_in_which_language():
    pdf = read(compose(letter(), WORDS, at=AT))
    root = pdf.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part(>|=\")1", metadata)
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "You are called to service: report on 10 May 2021"


def test_a_screen_reader_finds_headings_list_table_and_the_squares_words():
    tags = structure(compose(letter(), WORDS, at=AT))
    names = [name for name, _ in tags]
    assert names.count("/H1") == 1
    assert names.count("/H2") == 5
    assert names.count("/TH") == 4
    assert names.count("/TD") == 16
    assert names.count("/L") == 2
    code = check_code.make(b"k" * 32, NUMBER)
    assert [alt for name, alt in tags if name == "/Figure"] == [f"Square code with the text: MUSTER {NUMBER} {code}"]


def test_a_letter_of_a_demonstration_says_so_on_every_page_and_in_the_text():
    pages = read(compose(letter(reasons=60), WORDS, at=AT)).pages
    assert len(pages) > 2
    assert all(MARK in page.extract_text() for page in pages)
    real = read(compose(letter(reasons=60, fictional=False), WORDS, at=AT)).pages
    assert not any("DEMONSTRATION" in page.extract_text() for page in real)


def test_an_ordinary_letter_fits_on_one_page():
    assert len(read(compose(letter(), WORDS, at=AT)).pages) == 1


def test_the_same_letter_is_the_same_bytes_and_another_letter_is_not():
    first = compose(letter(), WORDS, at=AT)
    assert compose(letter(), WORDS, at=AT) == first
    assert compose(letter(dated="26 September 2026"), WORDS, at=AT) != first
    assert compose(letter(), WORDS, at=AT + 1) != first


def test_words_are_never_commands():
    nasty = '#panic("x") $ * _ <label> @ref [ ] // "quoted" {place} ```typ'
    text = read(compose(letter(recipient=(nasty, "Anytown"), heading=nasty), WORDS, at=AT)).pages[0].extract_text()
    assert "".join(text.split()).count("".join(nasty.split())) == 2


def test_a_letter_without_dates_to_keep_and_without_reference_is_composed():
    text = read(compose(letter(reasons=0, glance=(), reference=""), WORDS, at=AT)).pages[0].extract_text()
    assert "Your reference" not in text


def test_a_letter_runs_from_right_to_left_where_its_language_does():
    words = replace(WORDS, language="ar", direction="rtl")
    pdf = read(compose(letter(language="ar", direction="rtl"), words, at=AT))
    assert pdf.trailer["/Root"]["/Lang"] == "ar"
    assert pdf.trailer["/Root"]["/ViewerPreferences"]["/Direction"] == "/R2L"


def test_letter_and_headings_are_in_one_language():
    with pytest.raises(ValueError):
        compose(letter(language="fi"), WORDS, at=AT)


def test_a_template_that_a_screen_reader_could_not_read_does_not_compile(tmp_path, monkeypatch):
    (tmp_path / "bare.typ").write_text(
        '#let input = json(bytes(sys.inputs.letter))\n#image(bytes(input.square), format: "svg")'
    )
    monkeypatch.setattr(letter_typst, "LETTERS", tmp_path)
    with pytest.raises(MusterRollError) as caught:
        compose(letter(), WORDS, at=AT, template="bare")
    assert caught.value.code == "letter.typeset"
    assert "Ada" not in str(caught.value)


def test_the_square_is_the_same_each_time():
    assert square("MUSTER 2026-000017 7K2M-9QXB-0DA") == square("MUSTER 2026-000017 7K2M-9QXB-0DA")
    assert "<svg" in square("x")


def test_the_fonts_come_with_their_licence():
    fonts = Path(letter_typst.__file__).parent / "letters" / "fonts"
    assert "SIL Open Font License" in (fonts / "OFL.txt").read_text()
    assert {path.name for path in fonts.glob("*.ttf")} == {
        *("NotoSans-Regular.ttf", "NotoSans-SemiBold.ttf"),
        *("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf"),
    }
