"""What one law says under each heading of the comparison, derived from its pack: sentences with their paragraphs.

1. Nothing here is written for a law: what cannot be derived is a `compare` line of the pack (law/compare.py).
2. The rules are those of the last time that the pack holds; settings of the calendar say their own times.
3. What the law leaves open is marked as the pack's choice, wherever it stands.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from gettext import NullTranslations

from musterroll.engine.law_page.anchors import Anchors, anchored
from musterroll.engine.law_page.drawn import categories, drawn
from musterroll.engine.law_page.proceedings import Telling
from musterroll.engine.law_page.shown import Line
from musterroll.engine.law_page.speech import Speech, Told
from musterroll.law import reckoning
from musterroll.law.calling import PROCEDURE
from musterroll.law.compare import SILENT, Remark
from musterroll.law.declare import Citations
from musterroll.law.model import Class, Effect, Rule, lines_of
from musterroll.law.pack import Pack

_WEIGHT = (Effect.LIABLE, Effect.DEFERRED, Effect.EXEMPT, Effect.NOT_PROCESSED, Effect.NOT_LIABLE)
_EITHER = "either"
_TAKEN = frozenset({Effect.EXEMPT, Effect.DEFERRED})


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph as cited, and where its words stand on this page (nowhere, where the law is silent)."""

    cite: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a cell, or a condition in words, with its paragraphs; `open` where the law leaves it open.

    `language` is that of a sentence of the pack, where it is not the page's; `inner` is what stands below a heading.
    """

    text: str
    cites: tuple[Place, ...] = ()
    open: bool = False
    told: Told | None = None
    language: str = ""
    inner: tuple["Said", ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a paragraph that some cell cites; `link` leads to its place on the lawyer's page, where one is."""

    anchor: str
    cite: str
    text: str
    link: str


class Column:
    """One law on the comparison page. `cited` collects the paragraphs that were named, for the end of the page."""

    def __init__(self, pack: Pack, translations: NullTranslations, language: str) -> None:
        self.pack = pack
        self.speech = Speech(pack, translations, language)
        self.anchors = Anchors(pack, f"{anchored(pack.name)}-")
        self.cited: dict[str, str] = {}
        self.period = pack.law.periods[-1]
        self.citations = Citations(pack.articles, pack.readings)
        self.speech.link(self._linked, {})

    def said(self, text: str, *cites: str, told: Told | None = None) -> Said:
        """A sentence with its paragraphs, each named once."""
        named = [cite for cite in dict.fromkeys(cites) if cite and cite != SILENT]
        return Said(text, tuple(Place(cite, self._linked(cite)) for cite in named), SILENT in cites, told)

    def quotes(self, pages: str) -> tuple[Quote, ...]:
        """The words of every paragraph that was named, in the order of the pack; interpretations last."""
        own = Anchors(self.pack)
        order = {anchor: at for at, anchor in enumerate(self._every())}
        found = sorted(self.cited.items(), key=lambda one: order.get(one[0], len(order)))
        lead = f"{pages}{self.pack.name}.html#" if pages else ""
        return tuple(
            Quote(anchor, cite, self.anchors.words(cite), f"{lead}{own.of(cite)}" if lead else "")
            for anchor, cite in found
        )

    def remarks(self, *topics: str) -> Iterator[Said]:
        """What the pack itself says under some topics."""
        for one in self.pack.remarks:
            if one.topic in topics:
                yield self._remark(one)

    def who(self) -> Iterator[Said]:
        """Whom the law registers, and which answers bind."""
        _ = self.speech.translations.gettext
        yield from self.remarks("who")
        if self.period.scope is not None:
            yield self.said(_("In the register are those of whom"), told=self.speech.told(self.period.scope))
        binding = {
            name: [self._bound(name, one) for one in asked.classes if one.adverse]
            for name, asked in self.pack.questions.items()
        }
        yield from self._by_question(binding)

    def _bound(self, question: str, one: Class) -> Said:
        _ = self.speech.translations.gettext
        words = _("{label}: binds, and may be called up") if one.callable else _("{label}: binds")
        return self.said(words.format(label=self._label(question, one)), one.basis)

    def _by_question(self, found: Mapping[str, list[Said]]) -> Iterator[Said]:
        """What is said of each question, below its name where the law asks several."""
        _ = self.speech.translations.gettext
        for question, said in found.items():
            if len(self.pack.questions) == 1:
                yield from said
            elif said:
                heading = _("Of the question “{question}”:").format(question=question.replace("_", " "))
                yield Said(heading, inner=tuple(said))

    def age(self) -> Iterator[Said]:
        """How the law counts years, months and working days."""
        yield from self.remarks("age")
        _ = self.speech.translations.gettext
        first, end = self.pack.law.periods[0].first, self.pack.law.periods[-1].end
        for one in self._settings():
            words = self._setting(one.name, one.choice)
            if (one.first, one.end) != (first, end):
                words = _("{words} ({time})").format(words=words, time=self.speech.time(one.first, one.end))
            yield self.said(words, one.cite)
        for days in self.period.calendar.workdays:
            words = _("Working days “{name}” are known from {first} to the day before {end}; outside, nothing is known")
            yield self.said(
                words.format(
                    name=days.name.replace("_", " "), first=self.speech.day(days.first), end=self.speech.day(days.end)
                ),
                *self._of_block("holidays", days.name),
            )

    def standings(self) -> Iterator[Said]:
        """The classes of each question by their effect."""
        _ = self.speech.translations.gettext
        found: dict[str, list[Said]] = {}
        for question in self.pack.questions.values():
            for effect in _WEIGHT:
                mine = [one for one in question.classes if one.effect is effect]
                if mine:
                    labels = (self._label(question.name, one) for one in mine)
                    words = _("{effect}: {classes}")
                    text = words.format(effect=self.speech.effect(effect), classes="; ".join(labels))
                    found.setdefault(question.name, []).append(self.said(text, *(one.basis for one in mine)))
        yield from self._by_question(found)

    def by_the_facts(self) -> Iterator[Said]:
        """What defers or exempts by facts that the register holds, without anybody's finding."""
        yield from self.remarks("without_application")
        said: dict[str, list[Said]] = {}
        for question, one, mine in self._taken(found=False):
            said.setdefault(question, []).append(self.said(self._label(question, one), *_paragraphs(mine)))
        yield from self._by_question(said)

    def by_a_finding(self) -> Iterator[Said]:
        """What defers or exempts where an office or a board has found something."""
        _ = self.speech.translations.gettext
        yield from self.remarks("on_application")
        said: dict[str, list[Said]] = {}
        for question, one, mine in self._taken(found=True):
            facts = dict.fromkeys(f"“{self.speech.wording.label(name)}”" for rule in mine for name in rule.judgement)
            words = _("{label}: found are {facts}").format(label=self._label(question, one), facts=", ".join(facts))
            said.setdefault(question, []).append(self.said(words, *_paragraphs(mine)))
        yield from self._by_question(said)

    def selected(self) -> Iterator[Said]:
        """Who is taken, and in which order."""
        yield from self.remarks("selection")
        if self.pack.selection is not None:
            for term, words in drawn(self.pack.selection, self.speech):
                yield self.said(words, term.cite)
        if PROCEDURE in self.pack.procedures:
            for cite, words in categories(self.speech):
                yield self.said(words, cite)

    def decides(self) -> Iterator[Said]:
        """Which offices and boards act, and how boards decide."""
        yield from self.remarks("decides")
        for title, one in self._proceedings():
            yield from self._below(title, one.roles())

    def times(self) -> Iterator[Said]:
        """Notice, time limits and waits, and lines of procedure that stand by themselves."""
        yield from self.remarks("notice")
        for title, one in self._proceedings():
            yield from self._below(title, (*one.times(), *one.worsenings()))
        yield from self._procedures()

    def stays(self) -> Iterator[Said]:
        """What is held up, and by what."""
        _ = self.speech.translations.gettext
        yield from self.remarks("stay")
        for title, one in self._proceedings():
            for line in one.held():
                words = _("{proceeding}: {what}")
                yield self._line(words.format(proceeding=title, what=" ".join(line.sentences)), line)

    def appeals(self) -> Iterator[Said]:
        """What the person may do when it is again for the person to act, so that somebody must decide anew."""
        yield from self.remarks("appeal")
        for title, one in self._proceedings():
            yield from self._below(title, one.appeals())

    def _below(self, title: str, lines: Iterable[Line]) -> Iterator[Said]:
        """Lines of one proceeding, below its title."""
        _ = self.speech.translations.gettext
        found = []
        for line in lines:
            words = _("{name}: {what}") if line.sentences else "{name}"
            found.append(self._line(words.format(name=line.name, what=" ".join(line.sentences)), line))
        if found:
            yield Said(_("{proceeding}:").format(proceeding=title), inner=tuple(found))

    def _proceedings(self) -> Iterator[tuple[str, Telling]]:
        for one in self.pack.proceedings.values():
            yield one.title, Telling(one, self.speech)

    def _line(self, text: str, line: Line) -> Said:
        return self.said(text, SILENT if line.silent else line.cite)

    def _procedures(self) -> Iterator[Said]:
        _ = self.speech.translations.gettext
        for procedure in self.pack.procedures.values():
            for term in procedure.terms if procedure.name != PROCEDURE else ():
                words = _("{matter}, {name}: {value}")
                matter, name = procedure.name.replace("_", " "), term.name.replace("_", " ")
                yield self.said(words.format(matter=matter, name=name, value=term.value), term.cite)

    def silent(self) -> Iterator[Said]:
        """What the law leaves open and the pack settles, or leaves unknown."""
        _ = self.speech.translations.gettext
        for one in self._settings():
            if one.choice == _EITHER:
                yield self.said(self._setting(one.name, one.choice), one.cite)
        matters = [(name.replace("_", " "), one.terms) for name, one in self.pack.procedures.items()]
        if self.pack.selection is not None:
            matters.append((self.speech.kind("selection"), self.pack.selection.terms))
        for matter, terms in matters:
            for term in terms:
                if term.silent:
                    wording = _("{matter}, {name}: {value}")
                    text = wording.format(matter=matter, name=term.name.replace("_", " "), value=term.value)
                    yield self.said(text, term.cite)
        for title, one_proceeding in self._proceedings():
            for line in one_proceeding.open():
                wording = _("{matter}, {name}: {value}")
                text = wording.format(matter=title, name=line.name, value=" ".join(line.sentences))
                yield self.said(text, SILENT)
        for remark in self.pack.remarks:
            if remark.cite == SILENT:
                yield self._remark(remark)

    def doubts(self) -> Iterator[Said]:
        """Doubtful places: the doubt, how it is read, and by whom."""
        _ = self.speech.translations.gettext
        for name, one in self.pack.readings.items():
            words = _("{doubt}: read as “{reading}”, by {who}")
            if one.readings:
                words = _("{doubt}: read as “{reading}”, by {who}; what another reading would give is computed too")
            cite = f"interpretation {name}"
            yield self.said(words.format(doubt=one.doubt, reading=one.text, who=one.by), cite)

    def burdens(self) -> Iterator[Said]:
        """Protected facts that the law itself lets weigh against a person."""
        _ = self.speech.translations.gettext
        for name, one in self.pack.burdens.items():
            words = _("“{fact}”: {why}")
            yield self.said(words.format(fact=self.speech.wording.label(name), why=one.why), one.basis)

    def omitted(self) -> Iterator[Said]:
        """What the pack leaves out."""
        _ = self.speech.translations.gettext
        for one in self.pack.omitted:
            yield self.said(_("{name}: {why}").format(name=one.name.replace("_", " "), why=one.why))
        if self.pack.law.after:
            yield self.said(self.pack.law.after)

    def _remark(self, one: Remark) -> Said:
        """A sentence of the pack: in the page's language, else in English, else in the first that it has."""
        words = self.pack.words
        held = [name for name in (self.speech.language, "en", *words) if one.key in words.get(name, {})]
        if not held:
            return self.said(one.word.replace("_", " "), one.cite)
        said = self.said(words[held[0]][one.key], one.cite)
        return said if held[0] == self.speech.language else replace(said, language=held[0])

    def _label(self, question: str, one: Class) -> str:
        return self.speech.wording.class_label(question, one.name)

    def _settings(self) -> Iterator[reckoning.Setting]:
        first, end = self.pack.law.periods[0].first, self.pack.law.periods[-1].end
        for block in self.pack.pages.blocks:
            if block.kind == "calendar":
                yield from reckoning.settings(block, self.citations, first, end)

    def _setting(self, name: str, choice: str) -> str:
        _ = self.speech.translations.gettext
        match name, choice:
            case "leap_day", "28 February":
                return _("Whoever was born on 29 February has the anniversary on 28 February in other years")
            case "leap_day", "1 March":
                return _("Whoever was born on 29 February has the anniversary on 1 March in other years")
            case "leap_day", _either:
                return _("On which day 29 February is kept in other years is not said; what turns on it stays unknown")
            case "month_end", "last day":
                return _("A period of months ends on the last day of a month that has no such day")
            case "month_end", "next day":
                return _("A period of months that would end on a day which a month lacks ends on the first of the next")
            case "month_end", _either:
                return _("When a period ends in a month that lacks the day is not said; what turns on it stays unknown")
            case _age, "on anniversary":
                return _("An age is reached on the birthday")
            case _:
                return _("An age is reached on the day before the birthday")

    def _taken(self, *, found: bool) -> Iterator[tuple[str, Class, list[Rule]]]:
        """Classes that defer or exempt, with the rules that give them; `found`: those that rest on a finding."""
        for question in self.pack.questions.values():
            rules = [rule for rule in self.period.rules[question.name] if rule and bool(rule.judgement) == found]
            for one in question.classes:
                mine = [rule for rule in rules if rule.gives == one.name]
                if one.effect in _TAKEN and mine:
                    yield question.name, one, mine

    def _of_block(self, kind: str, name: str) -> Iterator[str]:
        """The paragraphs that a declaration of closed days rests on."""
        for block in self.pack.pages.blocks:
            if (block.kind, block.name) == (kind, name) and isinstance(block.content, dict):
                closed = block.content["closed"]
                for line in closed if isinstance(closed, list) else [closed]:
                    for key in line if isinstance(line, dict) else ():
                        yield " ".join(self.citations.resolve(key, block)).strip()

    def _linked(self, cite: str) -> str:
        anchor = self.anchors.of(cite)
        if anchor:
            self.cited.setdefault(anchor, cite)
        return anchor

    def _every(self) -> Iterator[str]:
        for article in self.pack.articles.values():
            yield self.anchors.articles[article.cite]
            for anchor, _ in self.anchors.paragraphs(article):
                yield anchor


def _paragraphs(rules: Iterable[Rule]) -> Iterator[str]:
    """The paragraphs that the lines of some rules cite."""
    for rule in rules:
        for line in lines_of(rule.bare):
            yield line.cite
