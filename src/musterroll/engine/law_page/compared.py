"""Laws side by side, as values: what `muster pack compare` shows (docs/law/README.md).

1. A row is a heading, a cell a law. An empty cell says so: that a pack says nothing is an answer too.
2. Every paragraph that a cell names is quoted at the end of the page, law by law, in the law's own language.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from gettext import NullTranslations

from musterroll.dates import NEVER
from musterroll.engine.law_page.anchors import anchored
from musterroll.engine.law_page.column import Column, Quote, Said
from musterroll.engine.law_page.speech import direction
from musterroll.law.pack import Pack

type Teller = Callable[[Column], Iterator[Said]]


@dataclass(frozen=True, slots=True)
class Row:
    """One heading: what it asks, where its answers come from, and one cell a law."""

    anchor: str
    heading: str
    explained: str
    cells: tuple[tuple[Said, ...], ...]


@dataclass(frozen=True, slots=True)
class Law:
    """One law: what it is called, its pack, and the paragraphs named on the page."""

    anchor: str
    name: str
    title: str
    version: str
    digest: str
    first: str
    end: str
    tongue: str
    tongue_direction: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """All of the page."""

    language: str
    direction: str
    laws: tuple[Law, ...]
    rows: tuple[Row, ...]


def compared(packs: Sequence[Pack], translations: NullTranslations, language: str, pages: str) -> Compared:
    """The page of some packs. `pages` stands before `NAME.html` in links to lawyers' pages; empty for no such links."""
    columns = [Column(pack, translations, language) for pack in packs]
    rows = tuple(
        Row(f"row-{name}", heading, explained, tuple(tuple(tells(column)) for column in columns))
        for name, heading, explained, tells in _rows(translations)
    )
    return Compared(language, direction(language), tuple(_law(column, pages) for column in columns), rows)


def _rows(translations: NullTranslations) -> tuple[tuple[str, str, str, Teller], ...]:
    _ = translations.gettext
    who = _("Whom the law registers, and which answers bind somebody to something.")
    age = _("How the law counts years, months and working days.")
    facts = _("Without anybody’s decision: it follows from what the registers hold.")
    finding = _("An office or a board finds it; the register never infers it.")
    selection = _("Who of all who may be called is called, and in which order.")
    decides = _("Offices and boards, and how boards decide.")
    times = _("How long something may take, from when it is counted, and from when a worsening counts.")
    stays = _("What nobody may go on with as long as something is open.")
    appeals = _("What a person may do against a decision, until when, and who decides then.")
    silent = _("What the law leaves open, and what the pack does then.")
    burdens = _(
        "Service, education, care, office and findings protect; these are all the exceptions, by the law’s own words."
    )
    return (
        ("who", _("Who"), who, Column.who),
        ("age", _("Age and time"), age, Column.age),
        ("standings", _("Standings"), _("The answers that the law knows, by their effect."), Column.standings),
        ("facts", _("Deferred or exempt by the facts"), facts, Column.by_the_facts),
        ("finding", _("Deferred or exempt by a finding"), finding, Column.by_a_finding),
        ("selection", _("Selection"), selection, Column.selected),
        ("decides", _("Who decides"), decides, Column.decides),
        ("times", _("Notice and time limits"), times, Column.times),
        ("stays", _("What stays"), stays, Column.stays),
        ("appeals", _("Appeals"), appeals, Column.appeals),
        ("silent", _("Where the law is silent"), silent, Column.silent),
        ("doubts", _("Doubtful places"), _("How the pack reads them, and who decided so."), Column.doubts),
        ("burdens", _("What weighs against a person"), burdens, Column.burdens),
        ("omitted", _("Left out"), _("Parts of the law that the pack does not hold, and why."), Column.omitted),
    )


def _law(column: Column, pages: str) -> Law:
    pack, periods = column.pack, column.pack.law.periods
    return Law(
        f"law-{anchored(pack.name)}",
        pack.name,
        pack.title,
        pack.version,
        pack.digest,
        column.speech.day(periods[0].first),
        column.speech.day(periods[-1].end) if periods[-1].end < NEVER else "",
        pack.language,
        direction(pack.language),
        column.quotes(pages),
    )
