"""The truth report in a browser: no barrier, nothing loaded, readable on a small screen."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from musterroll.demo import truth_page

pytestmark = pytest.mark.browser

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "truth.json"


def test_the_truth_report_has_no_barrier_and_loads_nothing(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "truth.html"
    path.write_text(truth_page.page(json.loads(RESULTS.read_text(encoding="utf-8"))[:2]), encoding="utf-8")
    asked: list[str] = []
    context = browser.new_context(viewport={"width": 320, "height": 640})
    try:
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(path.as_uri())
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert "DEMONSTRATION" in page.title()
        assert page.get_by_text("DEMONSTRATION. Everybody on this page is invented.").is_visible()
    finally:
        context.close()
    assert asked == [path.as_uri()]
