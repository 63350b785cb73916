"""Declarations of a pack as words on the lawyer's page. Every sentence passes gettext; labels are the pack's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from gettext import NullTranslations

from musterroll.dates import NEVER, parse_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Attribute, Held, State, ValueType
from musterroll.law.declare import value_of
from musterroll.law.model import Condition, Effect
from musterroll.law.pack import Pack
from musterroll.law.plain import Phrase, Plain
from musterroll.law.wording import Wording

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left."""


def direction(language: str) -> str:
    """In which direction a language is written, as HTML says it."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class Told:
    """A condition in words with its links: a sentence, a named definition, or parts under a heading."""

    text: str
    cite: str
    cite_anchor: str
    heading: str
    name_anchor: str
    parts: tuple["Told", ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence that a person reads, in one language of the pack."""

    language: str
    direction: str
    text: str


class Speech:
    """Words for one pack in one language."""

    def __init__(self, pack: Pack, translations: NullTranslations, language: str) -> None:
        self.pack = pack
        self.language = language
        self.wording = Wording(pack, language)
        self.plain = Plain(self.wording, translations)
        self.translations = translations
        self._linked: Callable[[str], str] = str
        self._definitions: Mapping[str, str] = {}

    def link(self, linked: Callable[[str], str], definitions: Mapping[str, str]) -> None:
        """Where a citation and a definition stand on the page."""
        self._linked, self._definitions = linked, definitions

    def anchor(self, cite: str) -> str:
        """Where a citation stands on the page; empty where it stands nowhere."""
        return self._linked(cite)

    def told(self, condition: Condition, *, expand: str = "") -> Told:
        """A condition in words; definitions are links, save the one called `expand`, which is explained here."""
        return self._told(self.plain.phrase(condition), expand)

    def in_words(self, plain: Plain, condition: Condition, text: str) -> Told:
        """A condition written as `text`, said by `plain`, which may have other names for what it is about."""
        return self._told(plain.phrase(condition, text=text), "")

    def _told(self, phrase: Phrase, expand: str) -> Told:
        _ = self.translations.gettext
        anchor = self._linked(phrase.cite) if phrase.cite else ""
        if phrase.name in self._definitions and phrase.name != expand:
            words = _("“{name}” holds") if phrase.holds else _("“{name}” does not hold")
            text = words.format(name=phrase.name.replace("_", " "))
            return Told(text, phrase.cite, anchor, "", self._definitions[phrase.name], ())
        parts = tuple(self._told(part, expand) for part in phrase.parts)
        return Told(phrase.text, phrase.cite, anchor, self.plain.how(phrase) if parts else "", "", parts)

    def reads(self, key: str, otherwise: str = "") -> tuple[Read, ...]:
        """The sentence under a key in every language that has it, the page's first; `otherwise` where none has."""
        words = self.pack.words
        languages = sorted(words, key=lambda name: name != self.language)
        found = tuple(Read(name, direction(name), words[name][key]) for name in languages if key in words[name])
        return found or ((Read(self.language, direction(self.language), otherwise),) if otherwise else ())

    def day(self, day: int) -> str:
        """A day in words."""
        return self.wording.day(day)

    def time(self, first: int, end: int) -> str:
        """From when to when a text reads so."""
        _ = self.translations.gettext
        if end == NEVER:
            return _("from {first}").format(first=self.day(first))
        return _("from {first} to the day before {end}").format(first=self.day(first), end=self.day(end))

    def effect(self, effect: Effect) -> str:
        """What a class does to a person."""
        _ = self.translations.gettext
        return {
            Effect.NOT_LIABLE: _("not liable"),
            Effect.EXEMPT: _("exempt"),
            Effect.NOT_PROCESSED: _("not processed"),
            Effect.DEFERRED: _("deferred"),
            Effect.LIABLE: _("liable"),
        }[effect]

    def kind(self, kind: str) -> str:
        """What kind of declaration it is."""
        _ = self.translations.gettext
        return {
            "rule": _("Rule"),
            "definition": _("Definition"),
            "attribute": _("What is recorded"),
            "parameter": _("Number the law sets"),
            "calendar": _("How time is counted"),
            "holidays": _("Days that are no working days"),
            "scope": _("Who is in the register"),
            "selection": _("How people are drawn"),
            "procedure": _("Procedure"),
            "roster": _("List that is read"),
            "derive": _("Computed from a list"),
            "interpretation": _("Interpretation of a doubtful place"),
            "burden": _("Fact that the law itself lets weigh against a person"),
            "accepted": _("Finding that is accepted"),
            "proceeding": _("Proceeding"),
            "compare": _("What is said of it beside other laws"),
            "person": _("Person from whom cases start"),
        }.get(kind, kind)

    def member(self, name: str) -> str:
        """What a member of a declaration is called; as written where there is no better word."""
        _ = self.translations.gettext
        return {
            "values": _("values"),
            "proof": _("to be proved by"),
            "unknown": _("if it is not known"),
            "answers": _("who can be asked"),
            "neutral": _("value of those whom it does not concern"),
            "disagreement": _("if sources differ"),
            "basis": _("paragraph"),
            "unit": _("unit"),
            "doubt": _("the doubt"),
            "chosen": _("as it is read here"),
            "by": _("decided by"),
            "why": _("why"),
            "because": _("why"),
            "readings": _("possible readings"),
            "in force": _("in force"),
            "like": _("starting from the person"),
            "judgement": _("found by an office or a board, never inferred"),
        }.get(name, name)

    def written(self, attribute: Attribute) -> str:
        """What a fact is written as."""
        _ = self.translations.gettext
        return {
            ValueType.BOOL: _("yes or no"),
            ValueType.INT: _("a whole number"),
            ValueType.DATE: _("a date"),
            ValueType.ENUM: _("one of several values"),
        }[attribute.type]

    def figure(self, name: str) -> str:
        """What a figure of `muster pack check` counts."""
        _ = self.translations.gettext
        return {
            "articles": _("articles"),
            "attributes": _("facts that may be recorded"),
            "rules": _("rules"),
            "case lines": _("answers in worked cases"),
            "findings that forbid publication": _("findings that forbid publication"),
            "to look at": _("findings to look at"),
        }.get(name, name)

    def review(self, *, reviewed: bool, by: Sequence[str]) -> str:
        """Whether a lawyer has compared a declaration with its paragraphs."""
        _ = self.translations.gettext
        if reviewed:
            return _("Compared with its text by {names}.").format(names="; ".join(by))
        if by:
            return _("Compared by {names}, and changed since: needs review by a lawyer.").format(names="; ".join(by))
        return _("Not compared by a lawyer.")

    def yes_or_no(self, *, holds: bool) -> str:
        """A plain answer."""
        _ = self.translations.gettext
        return _("yes") if holds else _("no")

    def value(self, attribute: Attribute, text: str) -> str:
        """A value as a case writes it (`2001-05-04`, `A .. B`, `x | y`, `unknown`), in words."""
        _ = self.translations.gettext
        if text == "unknown":
            return _("not known")
        if " | " in text:
            return _("one of: {values}").format(
                values=", ".join(self.value(attribute, one) for one in text.split(" | "))
            )
        if " .. " in text:
            first, last = (self.value(attribute, one) for one in text.split(" .. "))
            return _("between {first} and {last}").format(first=first, last=last)
        number = value_of(attribute, text.strip(), attribute.name)
        return self.wording.value(attribute.name, Held(number, number, State.SINGLE)).replace("_", " ")

    def written_day(self, text: str) -> str:
        """A day as a pack writes it, in words; other texts as they are."""
        try:
            return self.day(parse_day(text))
        except (MusterRollError, ValueError, OverflowError):
            return text
