"""Chapter: what a pack says of its law where laws are put side by side.

A line names a topic, cites its paragraph or says that the law is silent, and has its sentence in every language.
"""

import pytest
from tests.lawtext import BASE

from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.law.compare import Remark
from musterroll.law.wording import keys

DOUBT = "\n```interpretation x\ndoubt: d\nreadings: {one: a, two: b}\nchosen: one\nby: nobody\n```\n"


def said(lines: str) -> tuple[Remark, ...]:
    return packs.from_text({"small.md": f"{BASE}{DOUBT}\n```compare\n{lines}\n```\n"}).remarks


def test_each_line_has_its_paragraph_its_topic_and_its_sentence() -> None:
    assert said("- (1): {who: men}\n- law silent: {appeal: none_known}\n- art. 1 (2): {who: women}") == (
        Remark("art. 1 (1)", "who", "men"),
        Remark("law silent", "appeal", "none_known"),
        Remark("art. 1 (2)", "who", "women"),
    )
    pack = packs.from_text({"small.md": f"{BASE}\n```compare\n- (1): {{who: men}}\n```\n"})
    assert keys(pack)[-1] == "compare.men"
    assert packs.from_canonical(pack.canonical()).remarks == pack.remarks


def test_what_rests_on_a_reading_that_was_not_chosen_is_not_said() -> None:
    lines = "- interpretation x one: {stay: first}\n- interpretation x two: {stay: second}"
    assert said(lines) == (Remark("interpretation x one", "stay", "first"),)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("", "law.block"),
        ("who: men", "law.block"),
        ("- who", "law.uncited"),
        ("- (1): men", "law.uncited"),
        ("- (1): {who: men}\n  (2): {who: men}", "law.uncited"),
        ("- (1): {}", "law.block"),
        ("- (1): {who: men, age: men}", "law.block"),
        ("- (1): {taxes: men}", "law.block"),
        ("- (1): {who: [men]}", "law.block"),
        ("- (1): {who: all men}", "law.block"),
        ("- (9): {who: men}", "law.uncited"),
    ],
)
def test_a_line_that_does_not_say_so_is_refused(lines: str, code: str) -> None:
    with pytest.raises(MusterRollError) as problem:
        said(lines)
    assert problem.value.code == code
    assert problem.value.remedy


def test_the_language_of_the_quoted_law_is_english_unless_the_pack_says_another() -> None:
    assert packs.from_text({"small.md": BASE}).language == "en"
    for tongue in ("lv", "sr-Latn", "ar"):
        assert (
            packs.from_text({"small.md": BASE.replace("version: 1", f"version: 1\nlanguage: {tongue}")}).language
            == tongue
        )
    with pytest.raises(MusterRollError) as problem:
        packs.from_text({"small.md": BASE.replace("version: 1", "version: 1\nlanguage: Latvian")})
    assert problem.value.code == "law.block"
