"""What the lawyer's page shows, as values: one entry an article, in the order of the pages.

1. A declaration stands beside the article it was written under; a condition links the paragraph that it cites.
2. A definition is explained once, where it stands, and linked where it is used.
3. A finding stands in the margin of the article whose rule, paragraph or line it names, and in the list of all of them.
4. Cases and courses under no article come after all articles: who reads the law need not leaf through them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from gettext import NullTranslations

from musterroll.dates import NEVER
from musterroll.engine.law_page.anchors import Anchors, anchored
from musterroll.engine.law_page.courses import courses
from musterroll.engine.law_page.drawn import drawn
from musterroll.engine.law_page.proceedings import Telling
from musterroll.engine.law_page.situations import Situation, given, like, situations
from musterroll.engine.law_page.speech import Speech, direction
from musterroll.engine.law_page.values import Answer, Asked, Beside, Card, Page, Paragraph, Review, Section
from musterroll.law.article import Block, Value
from musterroll.law.coverage import Coverage
from musterroll.law.lint import Finding
from musterroll.law.lock import Lock, Pair, pairs
from musterroll.law.model import Article, Class, Question, Rule, lines_of
from musterroll.law.model import Condition as Written
from musterroll.law.pack import Pack
from musterroll.law.selection import Term

_OWN_PLACE = frozenset({"pack", "words", "omitted", "case", "question", "person", "proceeding", "course"})


def page(
    pack: Pack,
    findings: Sequence[Finding],
    figures: Sequence[tuple[str, int]],
    coverage: Coverage,
    lock: Lock | None,
    translations: NullTranslations,
    language: str,
) -> Page:
    """The page of a pack."""
    return _Shaper(pack, tuple(findings), coverage, lock, Speech(pack, translations, language)).page(tuple(figures))


class _Shaper:
    def __init__(
        self, pack: Pack, findings: tuple[Finding, ...], coverage: Coverage, lock: Lock | None, speech: Speech
    ) -> None:
        self.pack = pack
        self.findings = findings
        self.coverage = coverage
        self.speech = speech
        self.anchors = Anchors(pack)
        self.definitions = self._definitions()
        self.locked = {pair.key: pair for pair in lock.pairs} if lock else {}
        self.pairs: dict[str, list[Pair]] = {}
        for pair in pairs(pack):
            self.pairs.setdefault(pair.where, []).append(pair)
        self.courses = courses(speech)
        speech.link(self.anchors.of, {name: f"definition-{name}" for name in self.definitions})

    def page(self, figures: tuple[tuple[str, int], ...]) -> Page:
        cards = [self._card(block) for block in self.pack.pages.blocks if block.kind not in _OWN_PLACE]
        every = [pair for many in self.pairs.values() for pair in many]
        period = self.pack.law.periods
        return Page(
            language=self.speech.language,
            direction=direction(self.speech.language),
            tongue=self.pack.language,
            tongue_direction=direction(self.pack.language),
            title=self.pack.title,
            name=self.pack.name,
            version=self.pack.version,
            digest=self.pack.digest,
            first=self.speech.day(period[0].first),
            end=self.speech.day(period[-1].end) if period[-1].end < NEVER else "",
            after=self.pack.law.after,
            figures=tuple((self.speech.figure(name), number) for name, number in figures),
            shown=self.coverage.showable - len(self.coverage.missing),
            to_show=self.coverage.showable,
            reviewed=sum(self._reviewed(pair) for pair in every),
            pairs=len(every),
            questions=tuple(self._question(one) for one in self.pack.questions.values()),
            sections=tuple(self._sections()),
            persons=tuple(self._card(block) for block in self.pack.cases if block.kind == "person"),
            interpretations=tuple(card for card in cards if card.kind == "interpretation"),
            burdens=tuple(card for card in cards if card.kind == "burden"),
            accepted=tuple(card for card in cards if card.kind == "accepted"),
            omitted=tuple((one.name, one.why) for one in self.pack.omitted),
            findings=self.findings,
        )

    def _sections(self) -> Iterator[Section]:
        shown = situations(self.pack, self.speech)
        beside = {
            block.article
            for block in self.pack.pages.blocks
            if block.kind == "proceeding" or block.kind not in _OWN_PLACE
        }
        nowhere, worked = Article("", "", ()), self._worked(shown)
        if "" in beside:
            yield replace(self._section(nowhere, "before-the-articles", ()), courses=())
        for cite, article in self.pack.articles.items():
            if article.text or cite in beside or cite in worked:
                yield self._section(article, self.anchors.articles[cite], shown)
        if "" in worked:
            alone = self._section(nowhere, "under-no-article", shown)
            yield replace(alone, cards=(), proceedings=(), findings=(), missing=())

    def _worked(self, shown: Sequence[Situation]) -> set[str]:
        """The articles under which a case or a course stands."""
        return {one.article for one in shown} | {one.article for one in self.courses}

    def _section(self, article: Article, anchor: str, shown: Sequence[Situation]) -> Section:
        blocks = [block for block in self.pack.pages.blocks if block.article == article.cite]
        return Section(
            article.cite,
            article.title,
            anchor,
            tuple(Paragraph(*one) for one in self.anchors.paragraphs(article)),
            tuple(self._card(block) for block in blocks if block.kind not in _OWN_PLACE),
            tuple(self._proceeding(block) for block in blocks if block.kind == "proceeding"),
            tuple(one for one in shown if one.article == article.cite),
            tuple(one for one in self.courses if one.article == article.cite),
            *self._shown({block.name for block in blocks if block.kind == "rule"}),
            tuple(finding for finding in self.findings if self._concerns(finding, article, blocks)),
        )

    def _proceeding(self, block: Block) -> Beside:
        shown = Telling(self.pack.proceedings[block.name], self.speech).shown()
        return Beside(shown, self._review(block), block.where)

    def _shown(self, rules: set[str]) -> tuple[int, int, tuple[tuple[str, str, str], ...]]:
        """How much of what the cases are to show of these rules they show, and what they do not."""
        about = [one for one, _ in self.coverage.shown if one.rule in rules and one not in self.coverage.impossible]
        missing = [one for one in self.coverage.missing if one.rule in rules]
        told = tuple((one.cite, self.speech.anchor(one.cite), one.what) for one in missing)
        return len(about) - len(missing), len(about), told

    def _concerns(self, finding: Finding, article: Article, blocks: Sequence[Block]) -> bool:
        names = {block.name for block in blocks if block.kind in ("rule", "attribute", "burden", "proceeding")}
        lines = {place for block in blocks for place in (block.where, *block.lines.values())}
        cited = bool(article.cite) and re.search(rf"(^|[\s,]){re.escape(article.cite)}($|[\s,.(])", finding.where)
        named = re.match(r"(?:rule|proceeding) (?P<name>\S+?),?(?:\s|$)", finding.where)
        place = finding.where.partition(",")[0]
        return (
            bool(names & set(finding.rules)) or place in lines or bool(cited) or bool(named and named["name"] in names)
        )

    def _definitions(self) -> dict[str, dict[int, Written]]:
        """What each definition means in each period (by its first day), as far as a rule uses it by its name."""
        declared = {block.name for block in self.pack.pages.blocks if block.kind == "definition"}
        found: dict[str, dict[int, Written]] = {}
        for period in self.pack.law.periods:
            for rule in (rule for many in period.rules.values() for rule in many if rule):
                for line in lines_of(rule.bare):
                    if line.text in declared and lines_of(line.part):
                        found.setdefault(line.text, {}).setdefault(period.first, line.part)
        return found

    def _review(self, block: Block) -> Review | None:
        mine = self.pairs.get(block.where, ())
        if not mine:
            return None
        held = [self.locked.get(pair.key) for pair in mine]
        by = sorted({f"{one.review.by}, {self.speech.day(one.review.on)}" for one in held if one and one.review})
        good = all(self._reviewed(pair) for pair in mine)
        return Review(self.speech.review(reviewed=good, by=by), good)

    def _reviewed(self, pair: Pair) -> bool:
        held = self.locked.get(pair.key)
        return bool(held and held.review and (held.text, held.rule) == (pair.text, pair.rule))

    def _question(self, asked: Question) -> Asked:
        period = self.pack.law.periods[-1]
        tried = period.tried.get(asked.name, tuple(range(len(asked.classes))))
        labels = {one.name: self.speech.wording.class_label(asked.name, one.name) for one in asked.classes}
        return Asked(
            asked.name,
            f"question-{asked.name}",
            asked.order_basis,
            self.speech.reads(f"undetermined.{asked.name}", asked.undetermined),
            tuple(self._answer(asked, asked.classes[index]) for index in tried),
            tuple((cite, tuple(labels[name] for name in names)) for cite, names in asked.order),
        )

    def _answer(self, asked: Question, one: Class) -> Answer:
        return Answer(
            one.name,
            self.speech.wording.class_label(asked.name, one.name),
            self.speech.effect(one.effect),
            one.callable,
            one.basis,
            one.name == asked.otherwise,
            self.speech.reads(f"class.{asked.name}.{one.name}", self.speech.wording.headline(asked.name, one.name)),
        )

    def _card(self, block: Block) -> Card:
        told = self._in_time(block)
        rule = next((rule for _, _, rule in told if rule), None)
        asked = self.pack.questions[rule.question] if rule else None
        reads = self.speech.reads(f"rule.{block.name}") if rule else ()
        return Card(
            block.kind,
            block.name,
            f"{block.kind}-{anchored(block.name)}",
            block.where,
            self._called(block),
            self._title(block),
            self._answer(asked, asked.classes[asked.index(rule.gives)]) if rule and asked else None,
            tuple((time, self.speech.told(condition, expand=block.name)) for time, condition, _ in told),
            tuple(self._precedes(name) for name in (rule.exceptions if rule else ())),
            tuple(self._facts(block, told=bool(told))),
            reads,
            self._review(block),
        )

    def _called(self, block: Block) -> str:
        if block.kind != "attribute":
            return self.speech.kind(block.kind)
        held = self.pack.attributes[block.name]
        return ", ".join((self.speech.kind(block.kind), held.kind.value, self.speech.written(held), held.basis))

    def _title(self, block: Block) -> str:
        if block.kind == "attribute":
            return self.speech.wording.label(block.name)
        return block.name.replace("_", " ") if block.kind in ("definition", "interpretation", "parameter") else ""

    def _precedes(self, name: str) -> tuple[str, str, str]:
        return name, f"rule-{anchored(name)}", self.speech.wording.sentence(f"rule.{name}", name)

    def _facts(self, block: Block, *, told: bool) -> Iterator[tuple[str, str]]:
        """The members of a declaration that its conditions do not say."""
        if block.kind == "person":
            if like(block):
                yield self.speech.member("like"), like(block)
            yield from given(self.pack, block, self.speech)
            return
        if block.kind == "selection":
            _ = self.speech.translations.gettext
            yield from ((_("the law is silent") if one.silent else one.cite, said) for one, said in self._drawn())
            return
        content = block.content if isinstance(block.content, dict) else {"": block.content}
        hidden = {"when", "means", "registers", "gives", "exception to", "yields to"} if told else set()
        for name, inner in content.items():
            if name == "judgement":
                labels = (f"“{self.speech.wording.label(one)}”" for one in block.names("judgement"))
                yield self.speech.member(name), ", ".join(labels)
            elif name not in hidden | self._elsewhere(block) and not (name == "question" and block.kind == "rule"):
                said = [(path, self.speech.written_day(text)) for path, text in _flat(inner, "")]
                words = [f"{self.speech.written_day(path)}: {text}" if path else text for path, text in said]
                yield self.speech.member(name), "; ".join(words)

    def _drawn(self) -> Iterator[tuple[Term, str]]:
        if self.pack.selection is not None:
            yield from drawn(self.pack.selection, self.speech)

    def _elsewhere(self, block: Block) -> set[str]:
        """Members that stand in the heading of a card."""
        return {"number", "label"} | ({"kind", "type", "basis"} if block.kind == "attribute" else set())

    def _in_time(self, block: Block) -> tuple[tuple[str, Written, Rule | None], ...]:
        """The conditions of a rule, definition or scope, each with the time in which it reads so (empty for always)."""
        found: list[tuple[int, int, Written, Rule | None]] = []
        for period in self.pack.law.periods:
            condition: Written | None = None
            rule = None
            if block.kind == "scope":
                condition = period.scope
            elif block.kind == "definition":
                condition = self.definitions.get(block.name, {}).get(period.first)
            else:
                rules = (one for many in period.rules.values() for one in many if one and one.where == block.place())
                rule = next(rules, None)
                condition = rule.bare if rule else None
            if condition is None:
                continue
            if found and found[-1][2] == condition:
                found[-1] = (found[-1][0], period.end, condition, rule)
            else:
                found.append((period.first, period.end, condition, rule))
        return tuple(
            (self.speech.time(first, end) if len(found) > 1 else "", condition, rule)
            for first, end, condition, rule in found
        )


def _flat(content: Value, path: str) -> Iterator[tuple[str, str]]:
    """Members of a declaration that has no words of its own, as name and text."""
    match content:
        case str():
            yield path, content
        case list():
            for item in content:
                yield from _flat(item, path)
        case _:
            for name, inner in content.items():
                yield from _flat(inner, f"{path}, {name}" if path else name)
