"""The lawyer's page as values: articles, declarations in words, cases, courses, findings; what `page.html` shows."""

from dataclasses import dataclass, field

from musterroll.engine.law_page.courses import Followed
from musterroll.engine.law_page.shown import Shown
from musterroll.engine.law_page.situations import Situation
from musterroll.engine.law_page.speech import Read, Told
from musterroll.law.lint import Finding


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as quoted; `anchor` is what conditions link to."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """Whether a lawyer has compared a declaration with its paragraphs: words, and whether that is in order."""

    words: str
    good: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One class of a question, in words."""

    name: str
    label: str
    effect: str
    callable: bool
    basis: str
    otherwise: bool
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One declaration in plain words.

    `kind`, `name` and `where` as in the pack; `called` the kind in words; `gives` the class that a rule gives, and its
    effect; `told` the conditions, one set a time; `but` the rules that take precedence; `facts` the other members;
    `reads` what a person reads of it, in every language.
    """

    kind: str
    name: str
    anchor: str
    where: str
    called: str
    title: str
    gives: Answer | None
    told: tuple[tuple[str, Told], ...]
    but: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str], ...]
    reads: tuple[Read, ...]
    review: Review | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A proceeding beside its article: in words, whether it was compared, and where it is declared."""

    shown: Shown
    review: Review | None
    where: str


@dataclass(frozen=True, slots=True)
class Section:
    """One article: its paragraphs, the declarations beside it, its cases, and what is in the margin."""

    cite: str
    title: str
    anchor: str
    paragraphs: tuple[Paragraph, ...]
    cards: tuple[Card, ...]
    proceedings: tuple[Beside, ...]
    cases: tuple[Situation, ...]
    courses: tuple[Followed, ...]
    shown: int
    to_show: int
    missing: tuple[tuple[str, str, str], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its classes in the order in which they are tried, and the paragraphs that set the order."""

    name: str
    anchor: str
    basis: str
    undetermined: tuple[Read, ...]
    classes: tuple[Answer, ...]
    order: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All of the page."""

    language: str
    direction: str
    tongue: str
    tongue_direction: str
    title: str
    name: str
    version: str
    digest: str
    first: str
    end: str
    after: str
    figures: tuple[tuple[str, int], ...]
    shown: int
    to_show: int
    reviewed: int
    pairs: int
    questions: tuple[Asked, ...]
    sections: tuple[Section, ...]
    persons: tuple[Card, ...]
    interpretations: tuple[Card, ...]
    burdens: tuple[Card, ...]
    accepted: tuple[Card, ...]
    omitted: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = field(default=())
