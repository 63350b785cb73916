"""verify.html in a real browser, opened from the disk: four languages, keyboard, narrow windows, and nothing leaves."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.bundles import make
from tests.portal.conftest import CHROMIUM, FLAGS
from tests.published import Published, sums
from tests.secondverifier import PAGE

from musterroll import canonical
from musterroll.draw import order
from musterroll.verify import muster_verify

pytestmark = pytest.mark.browser

ADDRESS = PAGE.as_uri()
WAIT = 60_000
RESULT = {"en": "Result", "et": "Tulemus", "uk": "Результат", "ar": "النتيجة"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("CHROMIUM IS MISSING: verify.html WAS NOT OPENED. Install it (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of a telephone's least width; the test fails if the page asked for anything or broke its own policy."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="en-GB")
    context.set_default_timeout(WAIT)
    asked: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda said: complaints.append(said.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    opened = context.new_page()
    yield opened
    allowed = ("file://" + str(PAGE), "blob:")
    assert [url for url in asked if not url.startswith(allowed)] == [], "the page asked for something"
    assert complaints == [], "the browser complained"
    assert context.cookies() == []
    context.close()


def barriers(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth"))


def give(page: Page, folder: Path, *, policy: Path | None = None, receipt: Path | None = None) -> None:
    page.set_input_files("#folder", folder)
    if policy is not None:
        page.set_input_files("#policy", policy)
    if receipt is not None:
        page.set_input_files("#receipt", receipt)


def result(page: Page) -> int:
    """Press the button; the status that the heading tells, which has the focus then."""
    page.click("#start")
    page.wait_for_selector("#result:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "result-heading"
    return int(page.inner_text("#result-heading").split()[-1])


@pytest.mark.parametrize("language", ["en", "et", "uk", "ar"])
def test_a_draw_is_checked_in_every_language(page: Page, published: Published, tmp_path: Path, language: str) -> None:
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(published.receipt(3))
    page.goto(f"{ADDRESS}#lang={language}")
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    assert barriers(page) == []
    assert fits(page)
    give(page, published.folder, policy=published.policy, receipt=receipt)
    assert result(page) == 0
    assert page.inner_text("#result-heading") == f"{RESULT[language]} 0"
    assert order.draw_value(published.order.seed, published.entrants[3].commitment) in page.inner_text("#sections")
    assert barriers(page) == []
    assert fits(page)


def test_in_the_dark_everything_can_be_read_too(browser: Browser, published: Published) -> None:
    context = browser.new_context(color_scheme="dark", viewport={"width": 900, "height": 900})
    page = context.new_page()
    page.goto(ADDRESS)
    assert barriers(page) == []
    give(page, published.folder)
    assert result(page) == 3
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    assert barriers(page) == []
    context.close()


def test_the_language_changes_at_once_and_the_keyboard_stays_where_it_was(page: Page, published: Published) -> None:
    page.goto(f"{ADDRESS}#et")
    give(page, published.folder)
    assert result(page) == 3
    assert "POLE NÄIDATUD" in page.inner_text("#sections")
    page.get_by_role("link", name="العربية").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "ar", timeout=WAIT)
    assert "غير مبيَّن" in page.inner_text("#sections")
    assert page.evaluate("document.activeElement.textContent") == "العربية"
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"


def test_what_is_wrong_comes_with_its_evidence_and_can_be_saved(page: Page, published: Published) -> None:
    value = json.loads((published.bundle / "beacon.json").read_bytes())
    (published.bundle / "beacon.json").write_bytes(canonical.encode(value | {"randomness": "00" * 32}))
    sums(published.bundle)
    page.goto(ADDRESS)
    give(page, published.folder, policy=published.policy)
    assert result(page) == 1
    wrong = page.locator("li.wrong")
    assert wrong.count() == 1
    assert "The value is not the hash of the signature." in wrong.inner_text()
    assert wrong.locator("dd").all_inner_texts()[1] == "00" * 32
    assert wrong.locator("dd").all_inner_texts()[2].endswith("xx-2027-a/beacon.json")
    assert barriers(page) == []
    assert fits(page)
    with page.expect_download() as download:
        page.click("#save")
    saved = Path(download.value.path()).read_text()
    assert "WRONG" in saved
    assert saved.endswith("Take them to the court or the ombudsman.\n")


def test_everything_is_done_with_the_keyboard_and_the_focus_is_seen(page: Page, published: Published) -> None:
    page.goto(ADDRESS)
    give(page, published.folder, policy=published.policy)
    page.evaluate("document.activeElement.blur()")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        seen = page.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            " && document.activeElement.matches(':focus-visible')"
        )
        assert seen, f"nothing shows that {reached[-1]} has the focus"
        if reached[-1] == "start":
            break
    assert reached[:4] == ["English", "Eesti", "Українська", "العربية"]
    assert [one for one in reached if one in ("folder", "loose", "clear", "policy", "receipt", "alone", "start")] == [
        "folder",
        "loose",
        "clear",
        "policy",
        "receipt",
        "alone",
        "start",
    ]
    page.keyboard.press("Enter")
    page.wait_for_selector("#result:not([hidden])")
    assert page.inner_text("#result-heading") == "Result 0"


def test_without_files_it_says_what_to_do(page: Page) -> None:
    page.goto(ADDRESS)
    page.click("#start")
    assert page.inner_text("#problem") == "Choose the published files first."
    assert page.evaluate("document.activeElement.id") == "folder"
    assert page.get_attribute("#problem", "role") == "alert"
    assert barriers(page) == []


def test_one_person_may_pick_a_few_files(page: Page, published: Published, tmp_path: Path) -> None:
    few = tmp_path / "few"
    shutil.copytree(published.bundle / "cohort" / "tile" / "0", few / "cohort" / "tile" / "0")
    for name in ("manifest.json", "manifest.tlog-proof"):
        shutil.copy(published.bundle / name, few)
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(published.receipt(3))
    page.goto(ADDRESS)
    give(page, few, policy=published.policy)
    page.check("#alone")
    page.click("#start")
    assert page.inner_text("#problem") == "Choose your receipt or ticket first."
    page.set_input_files("#receipt", receipt)
    assert result(page) == 3
    shown = page.inner_text("#sections")
    assert "your entry is in the list at index 21" in shown
    assert "the quorum had seen the manifest by 2025-08-10 12:14:45 UTC" in shown
    assert "WRONG" not in shown


def test_files_may_be_dropped_and_one_that_misses_the_field_changes_nothing(page: Page) -> None:
    page.goto(ADDRESS)
    drop = """(id) => {
      const carried = new DataTransfer();
      for (const name of ['manifest.json', 'cohort.bin']) carried.items.add(new File(['{}'], name));
      const event = new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true });
      document.getElementById(id).dispatchEvent(event);
      return event.defaultPrevented;
    }"""
    assert page.evaluate(drop, "main")
    assert page.inner_text("#chosen") == "No files are chosen yet."
    assert page.evaluate(drop, "drop")
    expect(page.locator("#chosen")).to_contain_text("2", timeout=WAIT)
    assert result(page) == 2


def test_where_the_browser_allows_no_worker_the_page_checks_by_itself(page: Page, published: Published) -> None:
    page.add_init_script("delete window.Worker;")
    page.goto(ADDRESS)
    give(page, published.folder, policy=published.policy)
    assert result(page) == 0


def test_where_the_browser_knows_no_ed25519_the_script_does(page: Page, published: Published) -> None:
    page.add_init_script(
        "delete window.Worker; crypto.subtle.importKey = () => Promise.reject(new Error('unknown algorithm'));"
    )
    page.goto(ADDRESS)
    give(page, published.folder, policy=published.policy)
    assert result(page) == 0
    assert "the quorum of witnesses had seen it by 2025-08-10 12:14:45 UTC" in page.inner_text("#sections")


def test_without_scripts_it_names_the_other_verifier(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(ADDRESS)
    assert "python3 verify.py published --policy policy.txt" in page.inner_text("main")
    assert not page.is_visible("#form")
    context.close()


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_the_browser_ends_as_the_other_verifier(page: Page, tmp_path: Path, number: int) -> None:
    """A few of the random folders, through the page itself; `published` as a whole, as a person would pick it."""
    made = make(number, tmp_path)
    options = [None if path is None else str(path) for path in (made.policy, made.ticket)]
    code = muster_verify.verify(str(tmp_path / "published"), *options, lambda line: None)
    page.goto(ADDRESS)
    give(page, tmp_path / "published", policy=made.policy, receipt=made.ticket)
    assert result(page) == code, (made.what, page.inner_text("#sections"))
