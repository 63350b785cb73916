"""A letter as a PDF that everybody can read (PDF/UA-1), typeset by typst.

1. Words go in as one JSON value and never as markup: nothing in a name or a sentence is a command.
2. A letter that is not accessible does not compile, so it is not sent. Fonts are those in `letters/fonts` (Noto Sans,
   SIL Open Font License, its text beside them); no system font, no package, no file of the machine is read.
3. The same letter, words and instant give the same bytes with the same typst release. Another release may set other
   bytes: the register keeps the PDF of record and its digest.
4. The square (QR code) has a fixed mask and its text as its alternative text: number and check code, nothing else.
"""

import functools
import importlib.metadata
import io
import json
from pathlib import Path

import segno
import typst

from musterroll.errors import MusterRollError
from musterroll.notice import check_code
from musterroll.notice.letter import Letter
from musterroll.notice.template import Words

LETTERS = Path(__file__).parent / "letters"
RELEASE = importlib.metadata.version("typst")
"""The typesetter's release, recorded beside the PDF's digest."""

_QR_MASK = 3


def compose(letter: Letter, words: Words, *, at: int, template: str = "official") -> bytes:
    """The PDF of `letter` with the headings `words`, dated second `at` in its metadata.

    Raises MusterRollError `letter.typeset` where the template refuses it (with the typesetter's reason, without the
    letter's words) and ValueError where letter and words are in two languages.
    """
    if (letter.language, letter.direction) != (words.language, words.direction):
        raise ValueError("the letter and the headings are in two languages")
    text = check_code.printed(letter.number, letter.check_code)
    value = {
        "letter": json.loads(letter.encode()),
        "words": json.loads(words.encode()),
        "square": square(text),
        "square_text": text,
    }
    try:
        pdf = _compiler(template).compile(
            format="pdf",
            sys_inputs={"letter": json.dumps(value, ensure_ascii=False, sort_keys=True)},
            pdf_standards=["ua-1"],
            timestamp=at,
        )
    except typst.TypstError as problem:
        raise MusterRollError(
            "letter.typeset",
            f"The letter cannot be typeset: {problem.message}.",
            where=f"letters/{template}.typ",
            remedy="Correct the template; letters already sent are not touched.",
        ) from None
    assert isinstance(pdf, bytes)
    return pdf


def square(text: str) -> str:
    """The QR code of `text` as SVG, error correction M, the same bytes each time."""
    buffer = io.BytesIO()
    segno.make(text, error="m", mask=_QR_MASK, micro=False).save(
        buffer, kind="svg", border=0, scale=4, xmldecl=False, nl=False
    )
    return buffer.getvalue().decode()


@functools.cache
def _compiler(template: str) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[LETTERS / "fonts"])
    return typst.Compiler(input=LETTERS / f"{template}.typ", root=LETTERS, font_paths=fonts)
