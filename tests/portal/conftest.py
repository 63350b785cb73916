"""The portal in a process of its own, and Chromium in front of it."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def wait_for(address: str, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended before it answered"
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not answer in time")


@contextmanager
def portal(log: Path, **more: str) -> Iterator[str]:
    """The address of a portal over the invented records of `example`; what it says goes to `log`."""
    port = free_port()
    with (
        log.open("wb") as said,
        subprocess.Popen(
            [sys.executable, "-m", "tests.portal.gallery", str(port)],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", **more},
            stdout=said,
            stderr=said,
        ) as process,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/accessibility/", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def gallery_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gallery") / "log"


@pytest.fixture(scope="module")
def gallery(gallery_log: Path) -> Iterator[str]:
    """The address of a demonstration's portal, for the tests of one file."""
    with portal(gallery_log) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for the tests of one file: while Playwright runs, Django's database refuses to work in this process."""
    if CHROMIUM is None:
        pytest.skip("CHROMIUM IS MISSING: NO PAGE WAS LOOKED AT. Install it (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


class Watched:
    """A browser context whose every request and complaint is kept; `settle` fails on what must never happen."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.outside: list[str] = []
        self.complaints: list[str] = []
        context.on("request", self._asked)
        context.on("console", lambda said: self._said(said.type, said.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _asked(self, request: object) -> None:
        address = str(getattr(request, "url", ""))
        if not address.startswith((self.base + "/", "data:")):
            self.outside.append(address)

    def _said(self, kind: str, text: str) -> None:
        if (
            kind in {"error", "warning"}
            and "Failed to load resource: the server responded with a status of 4" not in text
        ):
            self.complaints.append(text)

    def settle(self) -> None:
        assert self.outside == [], "a page asked another machine for something"
        assert self.complaints == [], "the browser complained (Content Security Policy, script errors)"


def opened(browser: Browser, base: str, **options: object) -> Iterator[Page]:
    context = browser.new_context(base_url=base, **options)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)  # a busy machine is slow, not wrong
    watched = Watched(context, base)
    try:
        yield context.new_page()
        watched.settle()
    finally:
        context.close()


@pytest.fixture
def page(browser: Browser, gallery: str) -> Iterator[Page]:
    """A page in a window of a telephone's width. The test fails if anything left the machine or broke the policy."""
    yield from opened(browser, gallery, viewport={"width": 390, "height": 844})


@pytest.fixture
def page_without_scripts(browser: Browser, gallery: str) -> Iterator[Page]:
    yield from opened(browser, gallery, viewport={"width": 390, "height": 844}, java_script_enabled=False)
