"""Every link between documents leads somewhere, and every part has its page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
STAGES = (
    "extract",
    "linkage",
    "fact",
    "law",
    "draw",
    "notice",
    "claim",
    "ledger",
    "verify",
    "roll",
    "register",
    "portal",
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page):
    targets = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", page.read_text())
    missing = [
        target
        for target in targets
        if not re.match(r"[a-z]+:|#", target) and not (page.parent / target.split("#")[0]).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("stage", STAGES)
def test_every_part_has_its_page(stage):
    assert (ROOT / "docs/flow" / f"{stage}.md").exists()
