"""The page on which a lawyer reviews a pack: whole, readable in any window and on paper, loading nothing."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.conftest import ROOT, muster

from musterroll.engine import law_page
from musterroll.law import lock, scaffold
from musterroll.law.coverage import covered
from musterroll.law.lint import Finding
from musterroll.law.lock import Review
from musterroll.law.pack import Pack, load
from musterroll.portal import catalog

HERE = Path(law_page.__file__).parent
FINDING = Finding("gap", "Nobody answers for <somebody>.", "rule duty, sec. 3", "Write a rule.", forbids=True)


def written(pack: Pack, folder: Path, *findings: Finding) -> str:
    return law_page.html(
        pack, findings=findings, figures=(("rules", 4),), coverage=covered(pack), lock=lock.beside(folder)
    )


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("laws") / "nowhere"
    scaffold.write(folder)
    return folder


@pytest.mark.parametrize("name", ["nowhere", "example", "us", "lv"])
def test_every_link_leads_to_a_place_on_the_page_and_nothing_is_loaded(nowhere: Path, name: str) -> None:
    folder = nowhere if name == "nowhere" else ROOT / "packs" / name
    text = written(load(folder), folder)
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', text)) <= set(ids)
    assert re.findall(r"<script|<img|<iframe|\ssrc=|@import|url\(|\son[a-z]+=", text) == []
    assert set(re.findall(r'href="([^#"][^"]*)"', text)) == {"data:,"}
    assert "default-src 'none'" in text


def test_the_law_stands_beside_its_rules_in_words_and_its_cases_below(nowhere: Path) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", written(load(nowhere), nowhere, FINDING)))
    for words in (
        "(2) has reached the age of 18 and not the age of 60 has the duty of the watch.",
        "“day of birth” is at least 18 years ago sec. 3 (2)",
        "“last day of a leave” is the day judged or later, or never sec. 4 (2)",
        "found by an office or a board, never inferred “last day of a leave”",
        "The person reads: “You serve in the fire brigade.”",
        "somebody reaches eighteen nowhere/duty.md:",
        "an inhabitant ; but: day of birth: 29 February 2004",
        "28 February 2022 No duty ; because of sec. 3 (2); next change: 1 March 2022",
        "1 January 2022 Undetermined ; needed: “day of birth”; possible: No duty, Has the duty of the watch",
        "No lawyer has compared any of these rules with their text.",
        "Forbids publication gap Nobody answers for &lt;somebody&gt;.",
        "Not shown by a case",
        "None: no such fact makes anybody’s standing worse.",
        "penalties section 7 of the Act is about fines",
    ):
        assert words in text, words


def test_what_a_lawyer_has_compared_is_said_and_what_changed_since_too(nowhere: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    scaffold.write(folder)
    made = lock.locked(load(folder), None, Review("A. Counsel", 20_000), ("sec. 4 (1)",))
    (folder / "pack.lock").write_bytes(lock.encode(made))
    assert "Compared with its text by A. Counsel, 4 October 2024." in written(load(folder), folder)
    assert "A lawyer has compared 2 of" in written(load(folder), folder)
    page = folder / "duty.md"
    page.write_text(page.read_text().replace("> (1) Exempt is who serves", "> (1) Exempt is who volunteers"))
    changed = written(load(folder), folder)
    assert "Compared by A. Counsel, 4 October 2024, and changed since: needs review by a lawyer." in changed


def test_times_readings_definitions_and_lists_are_shown(tmp_path: Path) -> None:
    text = (
        (ROOT / "src/musterroll/law/scaffold/duty.md")
        .read_text()
        .replace(
            "  - (2): age(born) >= 18\n  - (2): not (age(born) >= 60)\n",
            "  - (2): of_age\n  - (3): fire_brigade or not fire_brigade\n",
        )
        .replace("when:\n  - (1): fire_brigade", "exception to: leave\nwhen:\n  - interpretation early: fire_brigade")
        + "\n```definition of_age\nmeans:\n  - sec. 3 (2): age(born) >= youngest\n"
        "  - sec. 3 (2): not (age(born) >= 60)\n```\n"
        + "\n```parameter youngest\nunit: number\nbasis: sec. 3 (2)\nvalues: {2020-01-01: 18, 2030-01-01: 19}\n```\n"
        + "\n```interpretation early\ndoubt: since when\nreadings: {at_once: the first day, later: after a month}\n"
        "chosen: at_once\nby: nobody\n```\n"
        + "\n```burden fire_brigade\nbasis: sec. 4 (1)\nallows: [watch: exempt instead of free]\n"
        "why: only to be shown\n```\n"
        + "\n```accepted redundant leave\nbasis: sec. 4 (2)\nbecause: only to be shown\nby: nobody\n```\n"
        + "\n```case under the other reading\nquestion: watch\nreading: {early: later}\nnote: as some read it\n"
        "given: {fire_brigade: yes, born: 1990-06-15 .. 1991-06-15, inhabitant: unknown, leave_until: never}\n"
        "on 2024-01-01: not bound, possible free exempt\n```\n"
    )
    folder = tmp_path / "nowhere"
    scaffold.write(folder)
    (folder / "duty.md").write_text(text)
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", written(load(folder), folder)))
    for words in (
        "“of age” holds sec. 3 (2)",
        "from 1 January 2020 to the day before 1 January 2030",
        "from 1 January 2030",
        "at least 19 years ago",
        "as it is read here at_once",
        "but not where one of these rules holds, or may hold:",
        "fire brigade : paragraph: sec. 4 (1); ",
        "why: only to be shown",
        "redundant leave : paragraph: sec. 4 (2); why: only to be shown",
        "under the reading early: later",
        "as some read it",
        "between 15 June 1990 and 15 June 1991",
        "not: Has the duty of the watch",
        "The rules answer otherwise:",
    ):
        assert words in plain, words


def test_the_catalog_for_translators_is_up_to_date() -> None:
    wanted = catalog.template(catalog.messages(*catalog.LAW_PAGE))
    assert (HERE / "locale" / "law_page.pot").read_text() == wanted, (
        "run: python -m musterroll.portal.catalog law_page > src/musterroll/engine/law_page/locale/law_page.pot"
    )
    assert ("{number} year", "{number} years") in catalog.messages(*catalog.LAW_PAGE)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1500])
def test_the_page_fits_its_window_and_has_no_barrier_that_axe_knows(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    done = muster("pack", "render", ROOT / "packs" / "example", "-o", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    assert all(address.startswith(("file:", "data:")) for address in asked)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    context.close()
