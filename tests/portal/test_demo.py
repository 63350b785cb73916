"""The pages over the real demonstration home: what a person does there, from sign-in to a proof for others."""

import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.conftest import MUSTER, ROOT, Demo, muster
from tests.portal.conftest import free_port, opened, wait_for
from tests.portal.test_browser import barriers, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.demo]

STANDINGS = {
    "Every duty under the Service Act has ended.",
    "You are not liable to service.",
    "You are exempt from service.",
    "Your service is deferred. You cannot be called now.",
    "You are liable to service and take part in the draw.",
    "Your standing is not established. You cannot be called as long as this is so.",
}


@dataclass(frozen=True)
class Served:
    address: str
    folder: Path
    port: int


@pytest.fixture(scope="module")
def served(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy of the demonstration's home behind `muster serve`; Ctrl-C ends it cleanly."""
    folder = tmp_path_factory.mktemp("served") / "home"
    # Owners too: PostgreSQL started by root runs as another user, who owns its files.
    with demo.alone():
        subprocess.run(["cp", "-a", demo.folder, folder], check=True)
    port = free_port()
    with subprocess.Popen(
        [MUSTER, "serve", "--home", folder, "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/accessibility/", process)
            yield Served(f"http://127.0.0.1:{port}", folder, port)
        finally:
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=30)[0].decode()
    assert process.returncode == 0, said
    assert "Traceback" not in said, said


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Page]:
    for page in opened(browser, served.address, viewport={"width": 320, "height": 700}):
        page.set_default_timeout(30_000)
        yield page


def sign_in(page: Page, number: int) -> None:
    page.goto("/")
    page.locator(".mr-people button").nth(number).click()
    page.get_by_role("heading", name="My record", level=1).wait_for()


def test_every_example_person_sees_their_standing_in_one_sentence(phone: Page) -> None:
    phone.goto("/")
    seen = set()
    people = phone.locator(".mr-people button").count()
    for number in range(0, people, 3):
        sign_in(phone, number)
        seen.add(phone.locator("#standing-service").inner_text())
        assert barriers(phone) == []
        assert too_wide(phone) == []
    assert seen == STANDINGS


def test_public_pages_of_the_real_draw_and_ledger_have_no_barrier(phone: Page) -> None:
    phone.goto("/draws/")
    phone.locator("main a").first.click()
    phone.get_by_role("heading", name="How it was made, step by step").wait_for()
    told = [text.split()[:4] for text in phone.locator(".mr-steps > li").all_inner_texts()]
    assert [" ".join(words) for words in told] == [
        "An office outside this",
        "The list of sealed",
        "Symbols were drawn by",
        "The public random beacon",
        "Everybody’s place was worked",
        "The fairness figures were",
        "The order of call",
        "Whoever was left out",
    ]
    assert (barriers(phone), too_wide(phone)) == ([], [])
    phone.goto("/ledger/")
    assert phone.get_by_text("witnesses must have signed before anything is sent").is_visible()
    assert (barriers(phone), too_wide(phone)) == ([], [])


def test_a_called_person_says_this_is_wrong_and_proves_what_they_were_given(
    phone: Page, served: Served, tmp_path: Path
) -> None:
    sign_in(phone, 0)
    expect(phone.locator("main")).to_contain_text("You are called. You are asked to report on")
    with phone.expect_download() as receipt:
        phone.get_by_role("link", name="Download my draw receipt").click()
    receipt.value.save_as(tmp_path / "receipt.json")
    phone.locator("section[aria-labelledby=notices] a").click()
    assert phone.get_by_text("This notice is real").is_visible()
    with phone.expect_download() as letter:
        phone.get_by_role("link", name="Download the letter").click()
    assert Path(letter.value.path()).read_bytes().startswith(b"%PDF-")
    phone.get_by_role("button", name="I received this").click()
    expect(phone.locator("main")).to_contain_text("You said that you received it.")

    phone.get_by_role("button", name="Something in it is wrong").click()
    phone.get_by_role("radio", name="Full-time studies").check()
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_role("radio", name="Yes").check()
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_role("button", name="Send: this is wrong").click()
    expect(phone.locator("main")).to_contain_text("Your call is on hold. You do not have to report.")
    expect(phone.locator("main")).to_contain_text("Your service is deferred.")
    phone.goto("/my-record/")
    expect(phone.locator("#standing-service")).to_have_text("Your service is deferred. You cannot be called now.")
    expect(phone.locator("main")).to_contain_text("Your call is on hold. You do not have to report.")

    phone.goto("/everything-published/")
    with phone.expect_download() as everything:
        phone.get_by_role("button", name="Download everything").click()
    with zipfile.ZipFile(Path(everything.value.path())) as packed:
        packed.extractall(tmp_path)
    checked = subprocess.run(
        [
            sys.executable,
            ROOT / "src" / "musterroll" / "verify" / "muster_verify.py",
            tmp_path / "published",
            "--policy",
            served.folder / "trust" / "policy.txt",
            "--receipt",
            tmp_path / "receipt.json",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert re.search(r"holds +your entry is in the list at index", checked.stdout)


def test_no_name_and_no_number_of_a_person_is_in_any_address(phone: Page) -> None:
    sign_in(phone, 0)
    name = phone.locator(".govuk-caption-xl bdi").inner_text()
    addresses = phone.evaluate(
        "[...document.querySelectorAll('[href],[action]')].map(e => e.href || e.action).join(' ')"
    )
    for part in name.split():
        assert part.lower() not in addresses.lower()


def test_a_second_server_on_the_port_is_told_so_before_it_starts(served: Served) -> None:
    refused = muster("serve", "--home", served.folder, "--port", served.port)
    assert refused.returncode == 2
    assert "[port.taken]" in refused.stderr
