"""`muster pack letter`: every letter of every pack can be looked at, in each of its languages, before it is sent."""

import io
from pathlib import Path

import pypdf
import pytest
from tests import guidelaw

from musterroll.engine import letter_sample
from musterroll.errors import MusterRollError
from musterroll.law import pack as packs

PACKS = Path(__file__).parents[2] / "packs"
LETTERS = sorted(
    (path.parent.parent, *path.name.removesuffix(".yaml").split("."))
    for path in PACKS.glob("*/letters/*.yaml")
    if path.name.partition(".")[0] not in ("words", "mail")
)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


@pytest.mark.parametrize(("folder", "kind", "language"), LETTERS, ids=lambda one: getattr(one, "name", one))
def test_each_letter_is_made_with_its_places_in_brackets(folder: Path, kind: str, language: str) -> None:
    made = read(letter_sample.sample(folder, packs.load(folder), kind, language))
    text = "".join(page.extract_text() for page in made.pages)
    assert letter_sample.NUMBER in text
    assert "{" not in text
    assert made.trailer["/Root"]["/Lang"] == language  # type: ignore[index]


def test_a_call_gives_the_reasons_of_the_class_from_which_the_law_draws() -> None:
    folder = PACKS / "example"
    text = "".join(
        page.extract_text() for page in read(letter_sample.sample(folder, packs.load(folder), "call", "en")).pages
    )
    assert "the dwelling register" in text
    assert "DEMONSTRATION" in text


def test_a_letter_in_arabic_runs_from_right_to_left_and_its_number_does_not(tmp_path: Path) -> None:
    folder = guidelaw.written(tmp_path)
    made = read(letter_sample.sample(folder, packs.load(folder), "call", "ar"))
    fonts = {font for page in made.pages for font in page["/Resources"]["/Font"].get_object()}
    names = {
        str(page["/Resources"]["/Font"][font]["/BaseFont"]) for page in made.pages for font in fonts
        if font in page["/Resources"]["/Font"]
    }  # fmt: skip
    assert any("NotoSansArabic" in name for name in names)
    assert "0000-000000" in "".join(page.extract_text() for page in made.pages)
    assert letter_sample.kinds(folder, "ar") == ("call",)


def test_a_letter_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    folder = PACKS / "example"
    with pytest.raises(MusterRollError) as problem:
        letter_sample.sample(folder, packs.load(folder), "call", "fi")
    assert (problem.value.code, problem.value.what) == (
        "letter.none",
        "The pack has no such letter in this language; it has: none.",
    )
