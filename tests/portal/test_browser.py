"""The pages in a real browser: barriers, narrow windows, keyboard, no scripts, nothing from elsewhere."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route
from tests.portal import journey
from tests.portal.conftest import opened

pytestmark = pytest.mark.browser


def barriers(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def too_wide(page: Page) -> list[str]:
    """What makes the page wider than the window: it would have to be scrolled sideways."""
    if page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth"):
        return []
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > window.innerWidth)"
        ".map(e => e.outerHTML.slice(0, 100))"
    )
    return found or ["the page"]


@pytest.fixture(scope="module")
def seen(browser: Browser, gallery: str) -> dict[str, tuple[list[str], list[str]]]:
    """Every page and error in a window of 320 pixels: the barriers that axe finds and what is too wide."""
    found = {}
    for page in opened(browser, gallery, viewport={"width": 320, "height": 640}):
        for name in journey.every_page(page):
            found[name] = (barriers(page), too_wide(page))
    return found


def test_no_page_and_no_error_has_a_barrier_that_axe_knows(seen: dict[str, tuple[list[str], list[str]]]) -> None:
    assert len(seen) > 25
    assert {name: there for name, (there, _) in seen.items() if there} == {}


def test_every_page_fits_a_window_of_320_pixels(seen: dict[str, tuple[list[str], list[str]]]) -> None:
    assert {name: there for name, (_, there) in seen.items() if there} == {}


def test_the_mirrored_pages_fit_and_have_no_barrier(page: Page) -> None:
    def mirror(route: Route) -> None:
        answer = route.fetch()
        if "text/html" in answer.headers.get("content-type", ""):
            text = answer.text().replace('dir="ltr"', 'dir="rtl"').replace("portal.css?", "portal.rtl.css?")
            route.fulfill(response=answer, body=text)
        else:
            route.fulfill(response=answer)

    page.route("**/*", mirror)
    page.set_viewport_size({"width": 320, "height": 640})
    for address in journey.PUBLIC:
        page.goto(address)
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        assert too_wide(page) == []
        assert barriers(page) == []


def test_this_is_wrong_needs_no_mouse(page: Page) -> None:
    journey.sign_in(page, "Ari")

    def tab_to(words: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            here = page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText")
            outline = page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
                " || getComputedStyle(document.activeElement).boxShadow !== 'none'"
                " || document.activeElement.type === 'radio'"
            )
            assert outline, f"nothing shows that {here!r} has the focus"
            if words in here:
                return
        raise AssertionError(f"Tab never comes to {words!r}")

    tab_to("Something here is wrong")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What is wrong?").wait_for()
    tab_to("Date of birth")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to("Continue")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Full-time student").wait_for()
    tab_to("Continue")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.evaluate("document.activeElement.classList.contains('govuk-error-summary')"), (
        "the errors are read first"
    )
    tab_to("Choose what is right")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    tab_to("Continue")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Check what you are about to say").wait_for()
    tab_to("Send: this is wrong")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="We have it. It counts from now.").wait_for()
    assert page.get_by_text("Your call is on hold. You do not have to report.").is_visible()


def test_the_first_tab_offers_to_skip_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_everything_works_without_scripts(page_without_scripts: Page) -> None:
    names = list(journey.every_page(page_without_scripts))
    assert names[-1] == "my record, call on hold"
    assert page_without_scripts.get_by_text("Your call is on hold. You do not have to report.").is_visible()


def test_only_the_alphabets_a_page_needs_are_fetched(page: Page) -> None:
    fonts: list[str] = []
    page.on("request", lambda asked: fonts.append(asked.url) if asked.resource_type == "font" else None)
    page.goto("/how-you-are-protected/")
    page.wait_for_load_state("networkidle")
    assert sorted({font.rsplit("/", 1)[1] for font in fonts}) == [
        "noto-sans-latin-400-normal.woff2",
        "noto-sans-latin-700-normal.woff2",
    ]


def test_going_back_after_sending_says_nothing_twice(page: Page) -> None:
    journey.sign_in(page, "Ari")
    journey.say_wrong(page, "Full-time student")
    page.get_by_role("radio", name="Yes").check()
    journey.press(page, "button", "Continue")
    journey.press(page, "button", "Send: this is wrong")
    page.reload()
    page.go_back()
    page.goto("/my-record/")
    assert page.get_by_text("You said this on").count() == 1
