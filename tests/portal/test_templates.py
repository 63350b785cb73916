"""What every template and asset keeps to, read as text: no browser needed."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from musterroll.portal import catalog
from musterroll.portal.settings import CONTENT_POLICY, WEB

PORTAL = Path(catalog.__file__).parent
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
STATIC = PORTAL / "static" / "portal"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.stem)
def test_no_template_holds_a_script_a_style_or_an_address_elsewhere(template: Path) -> None:
    text = template.read_text()
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|https?://|\|\s*safe", text) == []
    assert re.findall(r"<script(?! type=\"module\" src=)", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.stem)
def test_every_sentence_can_be_translated(template: Path) -> None:
    text = re.sub(r"{%-?\s*trans.*?endtrans\s*-?%}", "", template.read_text(), flags=re.S)
    plain = "".join(value for _, kind, value in Environment(autoescape=True).lex(text) if kind == "data")
    text = re.sub(r"<code>.*?</code>|<[^>]*>", "", plain, flags=re.S)
    assert re.findall(r"[A-Za-z]{2,}", text) == []


def test_no_sentence_is_put_together_from_halves() -> None:
    found = [said for said, _ in catalog.messages() if not re.search(r"[A-Za-z]", said) or said != said.strip()]
    assert found == []


def test_the_catalog_for_translators_is_up_to_date() -> None:
    written = (PORTAL / "locale" / "portal.pot").read_text()
    wanted = catalog.template(catalog.messages())
    assert written == wanted, "run: python -m musterroll.portal.catalog > src/musterroll/portal/locale/portal.pot"


def test_the_catalog_knows_plurals_and_where_a_sentence_stands() -> None:
    found = catalog.messages()
    assert found["%(size)s person in the draw", "%(size)s people in the draw"] == ["templates/portal/public/draws.html"]
    assert found["The date must include a day", ""] == ["person/date_field.py"]


def test_the_stylesheets_load_nothing_from_elsewhere_and_carry_nobody_elses_marks() -> None:
    for name in ("portal.css", "portal.rtl.css"):
        text = (STATIC / name).read_text()
        addresses = re.findall(r"url\(([^)]*)\)", text)
        assert all(address.startswith('"fonts/noto-sans-') for address in addresses)
        assert len(addresses) == 6
        assert not re.search(r"GDS Transport|crown|crest|@import", text, re.IGNORECASE)


def test_every_font_comes_with_its_licence_and_nothing_is_large() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (STATIC / "fonts" / "OFL.txt").read_text()
    assert "The MIT License" in (STATIC / "LICENCES.txt").read_text()
    sizes = {file.relative_to(STATIC).as_posix(): file.stat().st_size for file in STATIC.rglob("*") if file.is_file()}
    assert sum(sizes.values()) < 400_000
    assert sizes["portal.js"] < 20_000


def test_the_policy_lets_nothing_in_that_is_not_ours() -> None:
    allowed = {source for sources in CONTENT_POLICY.values() for source in sources}
    assert allowed == {"'none'", "'self'"}
    assert CONTENT_POLICY["default-src"] == ["'none'"]


def test_sessions_are_kept_in_memory_and_cookies_tell_scripts_and_other_sites_nothing() -> None:
    assert WEB["SESSION_ENGINE"] == "django.contrib.sessions.backends.cache"
    assert WEB["CACHES"]["default"]["BACKEND"].endswith("LocMemCache")
    assert WEB["SESSION_EXPIRE_AT_BROWSER_CLOSE"]
    assert WEB["CSRF_COOKIE_HTTPONLY"]
    assert not any(app.startswith("django.contrib") for app in WEB["INSTALLED_APPS"]), "no accounts, no admin"
