"""The page on which a lawyer reviews a pack: text of the law left, rule in plain words right, cases below.

1. One HTML file that loads nothing and runs nothing: it can be mailed, printed, kept beside a signature.
2. The page says what the register evaluates, from the same typed conditions; nothing on it is written by hand for it.
3. What is not proved, not shown by a case, not reviewed or not included stands on the page as plainly as the rest.
4. Every sentence passes gettext; the pack's own labels and sentences come in the language asked for, if it has them.
"""

from collections.abc import Sequence
from gettext import NullTranslations, translation
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from musterroll.engine.law_page.compared import Compared, compared
from musterroll.engine.law_page.shape import page
from musterroll.engine.law_page.values import Page
from musterroll.law.coverage import Coverage
from musterroll.law.lint import Finding
from musterroll.law.lock import Lock
from musterroll.law.pack import Pack

_HERE = Path(__file__).parent


def html(
    pack: Pack,
    *,
    findings: Sequence[Finding],
    figures: Sequence[tuple[str, int]],
    coverage: Coverage,
    lock: Lock | None,
    language: str = "en",
) -> str:
    """The page of a pack. `findings` and `figures` are those of `muster pack check`, `coverage` of `coverage`."""
    told = translation("law_page", _HERE / "locale", [language], fallback=True)
    return rendered(page(pack, findings, figures, coverage, lock, told, language), told)


def comparison(packs: Sequence[Pack], *, language: str = "en", pages: str = "") -> str:
    """The page that puts laws side by side; `pages` stands before `NAME.html` in links to lawyers' pages."""
    told = translation("law_page", _HERE / "locale", [language], fallback=True)
    return rendered(compared(packs, told, language, pages), told, "comparison.html")


def rendered(made: Page | Compared, told: NullTranslations, template: str = "page.html") -> str:
    """What a page shows, as HTML."""
    env = Environment(
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        loader=PackageLoader("musterroll.engine.law_page", "."),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(told.gettext, told.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env.get_template(template).render(page=made)
