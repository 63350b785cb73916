"""How a person walks through the portal, and every page and error on the way."""

from collections.abc import Iterator
from typing import Literal

from playwright.sync_api import Page

PUBLIC = (
    "/",
    "/how-you-are-protected/",
    "/accessibility/",
    "/draws/",
    "/draws/2026-1/",
    "/ledger/",
    "/everything-published/",
    "/no-such-page/",
)


def press(page: Page, role: Literal["button", "link"], name: str) -> None:
    """Press what leads to another page, and be there: on a busy machine the old page is there for a while."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).click()


def sign_in(page: Page, name: str) -> None:
    page.goto("/")
    press(page, "button", f"Sign in as {name}")
    page.get_by_role("heading", name="My record", level=1).wait_for()


def say_wrong(page: Page, label: str) -> None:
    """As far as the question what is right."""
    page.goto("/my-record/this-is-wrong/")
    page.get_by_role("radio", name=label).check()
    press(page, "button", "Continue")
    page.get_by_role("heading", level=1).filter(has_text=label).wait_for()


def not_mine(page: Page, entry: int) -> None:
    """As far as the page that says what follows."""
    page.goto("/my-record/")
    press(page, "button", f"This is not my record (entry {entry})")
    page.get_by_role("heading", name="Is this record not yours?").wait_for()


def where_it_stands(page: Page) -> Iterator[str]:
    """A filing that was refused: received, appealed, and taken back."""
    sign_in(page, "Nia Says")
    yield "my record with filings"
    press(page, "button", "I received this decision")
    page.get_by_role("heading", name="Have you received this decision?").wait_for()
    yield "filing: received, check"
    press(page, "button", "Send: I received it")
    page.get_by_role("heading", name="Saved: you received the decision").wait_for()
    yield "filing: received, done"
    press(page, "link", "Back to my record")
    press(page, "button", "Do this: appeal to the Appeal Board")
    page.get_by_role("heading", name="Do you want to do this?").wait_for()
    yield "filing: step, check"
    press(page, "button", "Send")
    page.get_by_role("heading", name="Saved: it is on its way").wait_for()
    yield "filing: step, done"
    press(page, "link", "Back to my record")
    press(page, "button", "Take my word back")
    page.get_by_role("heading", name="Do you take your word back?").wait_for()
    yield "filing: taken back, check"
    press(page, "button", "Send: I take it back")
    page.get_by_role("heading", name="This could not be saved").wait_for()
    yield "filing: taken back, refused"


def every_page(page: Page) -> Iterator[str]:
    """Open every page in every state that looks different, and name each; the caller looks at `page` in between."""
    for address in PUBLIC:
        page.goto(address)
        yield address
    yield from where_it_stands(page)
    for name in ("Mara Quill", "Jon Ember", "Ola Waits", "No Body", "Ari"):
        sign_in(page, name)
        yield f"my record of {name}"
    press(page, "link", "Call to service")
    yield "notice"
    press(page, "button", "I received this")
    yield "notice received"
    not_mine(page, 2)
    yield "not my record: nothing asked, refused on sending"
    press(page, "button", "Send: this is not my record")
    yield "not my record: refused"
    not_mine(page, 3)
    yield "not my record: check"
    press(page, "button", "Send: this is not my record")
    yield "not my record: done"
    press(page, "link", "Back to my record")
    press(page, "button", "Take this back: it is my record (entry 3)")
    yield "my record again: check"
    press(page, "button", "Send: it is my record")
    yield "my record again: done"
    page.goto("/my-record/this-is-wrong/")
    yield "choose"
    press(page, "button", "Continue")
    yield "choose: nothing chosen"
    say_wrong(page, "Date of birth")
    yield "a date"
    press(page, "button", "Continue")
    yield "a date: empty"
    page.get_by_label("Day").fill("30")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2003")
    press(page, "button", "Continue")
    yield "a date: not in the calendar"
    say_wrong(page, "Birth of the third child")
    yield "a date or none"
    press(page, "button", "Continue")
    yield "a date or none: nothing chosen"
    page.get_by_role("radio", name="It is another date").check()
    press(page, "button", "Continue")
    yield "a date or none: date missing"
    say_wrong(page, "Date of birth")
    for box, typed in (("Day", "1"), ("Month", "1"), ("Year", "1893")):
        page.get_by_label(box).fill(typed)
    press(page, "button", "Continue")
    press(page, "button", "Send: this is wrong")
    yield "check: refused"
    say_wrong(page, "Full-time student")
    yield "yes or no"
    press(page, "button", "Continue")
    yield "yes or no: nothing chosen"
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("Year").fill("20")
    press(page, "button", "Continue")
    yield "yes or no: since when, half a date"
    page.get_by_label("Day").fill("1")
    page.get_by_label("Month").fill("9")
    page.get_by_label("Year").fill("2020")
    press(page, "button", "Continue")
    yield "check"
    press(page, "button", "Send: this is wrong")
    yield "done"
    page.goto("/my-record/")
    yield "my record, call on hold"
