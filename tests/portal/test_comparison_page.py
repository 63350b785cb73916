"""The page that compares laws: made from the packs alone, every sentence with its paragraphs, readable by anybody."""

import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.conftest import ROOT, muster

from musterroll.engine import law_page
from musterroll.law import pack as packs

LAWS = (*sorted(path.parent for path in (ROOT / "packs").glob("*/pack.md")), ROOT / "tests" / "newcountry" / "nisos")


def made(*folders: Path, language: str = "en", pages: str = "") -> str:
    return law_page.comparison([packs.load(folder) for folder in folders], language=language, pages=pages)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text.partition("<body>")[2]))


def test_every_link_leads_to_a_quoted_paragraph_and_nothing_is_loaded() -> None:
    text = made(*LAWS)
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', text)) <= set(ids)
    assert re.findall(r"<script|<img|<iframe|\ssrc=|@import|url\(|\son[a-z]+=", text) == []
    assert set(re.findall(r'href="([^#"][^"]*)"', text)) == {"data:,"}
    assert "default-src 'none'" in text


def test_what_it_says_is_what_the_packs_say() -> None:
    """Of each heading one sentence of the example, with the paragraph behind it."""
    text = plain(made(ROOT / "packs" / "example", ROOT / "tests" / "newcountry" / "nisos"))
    for words in (
        "In the register are those of whom all of these hold: “sex in the civil register” is male art. 1 (2)",
        "Liable: binds, and may be called up art. 4 (1)",
        "has the anniversary on 1 March in other years art. 2 (2)",
        "has the anniversary on 28 February in other years art. 1 (2)",
        "An age is reached on the birthday art. 2 (1)",
        "deferred: Deferred art. 9 (1)",
        "Deferred: found are “last day of a postponement” art. 10 (1)",
        "The draw is made apart within each: year of “day of birth” art. 12 (2)",
        "Parts of fewer than 20 people are merged art. 12 (4)",
        "(4) Years of birth with fewer than 20 entrants are joined to the next.",
        "The pack says nothing here.",
    ):
        assert words in text, words


def test_a_law_that_asks_several_questions_has_its_answers_question_by_question() -> None:
    text = plain(made(ROOT / "tests" / "newcountry" / "sever"))
    assert "Of the question “guard”: Service in the Guard: binds, and may be called up sec. 3 (1)" in text
    assert "Of the question “muster day”: Muster day: binds sec. 7 (1)" in text
    assert "Of the question “guard”: liable: Service in the Guard sec. 3 (1)" in text


def test_a_changed_pack_is_a_changed_page(tmp_path: Path) -> None:
    """Nothing stands on the page by itself: whoever changes the law changes what is compared."""
    folder = tmp_path / "example"
    shutil.copytree(ROOT / "packs" / "example", folder)
    shutil.copy(ROOT / "packs" / "attributes.json", tmp_path)
    page = folder / "selection.md"
    page.write_text(page.read_text("utf-8").replace("{merge under: 20}", "{merge under: 30}"), "utf-8")
    page = folder / "pack.md"
    page.write_text(page.read_text("utf-8").replace("leap_day: {is: 1 March,", "leap_day: {is: either,"), "utf-8")
    text = plain(made(folder))
    assert "Parts of fewer than 30 people are merged art. 12 (4)" in text
    assert (
        text.count("On which day 29 February is kept in other years is not said; what turns on it stays unknown") == 2
    )


def test_a_law_speaks_for_itself_where_nothing_can_be_derived_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "nisos"
    shutil.copytree(ROOT / "tests" / "newcountry" / "nisos", folder)
    watch = folder / "watch.md"
    watch.write_text(
        watch.read_text("utf-8")
        + "\n```compare\n- art. 1 (1): {who: residents}\n- law silent: {appeal: none_known}\n```\n"
        + "\n```words en\ncompare.residents: Whoever lives on Nisos.\ncompare.none_known: Nobody may appeal.\n```\n"
        + "\n```words ar\ncompare.residents: كل من يسكن الجزر.\n```\n",
        "utf-8",
    )
    english, arabic = made(folder), made(folder, language="ar")
    assert "Whoever lives on Nisos. art. 1 (1)" in plain(english)
    assert "Nobody may appeal. the law is silent; this is the pack’s choice" in plain(english)
    assert "<bdi>كل من يسكن الجزر.</bdi>" in arabic
    assert '<bdi lang="en">Nobody may appeal.</bdi>' in arabic
    assert '<html lang="ar" dir="rtl">' in arabic


def test_each_paragraph_leads_on_to_the_lawyers_page(tmp_path: Path) -> None:
    """The anchors are those that `muster pack render` writes."""
    folder = ROOT / "tests" / "newcountry" / "nisos"
    done = muster("pack", "compare", folder, "-o", tmp_path / "c.html", "--pages", "pages/")
    assert done.stdout.startswith(f"{tmp_path / 'c.html'}: 1 laws (nisos), ")
    assert muster("pack", "render", folder, "-o", tmp_path / "nisos.html").returncode == 0
    wanted = re.findall(r'href="pages/nisos\.html#([^"]+)"', (tmp_path / "c.html").read_text("utf-8"))
    there = set(re.findall(r' id="([^"]+)"', (tmp_path / "nisos.html").read_text("utf-8")))
    assert len(wanted) > 6
    assert set(wanted) <= there


def test_two_packs_of_one_name_are_not_compared(tmp_path: Path) -> None:
    folder = ROOT / "packs" / "example"
    done = muster("pack", "compare", folder, folder, "-o", tmp_path / "c.html")
    assert done.returncode == 1
    assert done.stderr == (
        "muster: Two of these packs have the same name. Where: example, example. What to do: Compare packs of "
        "different names; `muster pack diff` compares two versions of one law. [law.same-name]\n"
    )


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(320, "en"), (1500, "en"), (700, "ar")])
def test_it_fits_its_window_and_has_no_barrier_that_axe_knows(
    browser: Browser, tmp_path: Path, width: int, language: str
) -> None:
    (tmp_path / "c.html").write_text(made(*LAWS, language=language), "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto((tmp_path / "c.html").as_uri())
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    cells = page.locator("table.laws [role=cell]").count()
    assert cells == page.locator("table.laws [role=rowheader]").count() * len(LAWS)
    context.close()
