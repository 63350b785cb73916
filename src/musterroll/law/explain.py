"""Why a person stands where he does, in words with their sources (law-engine 6.5).

1. *Why*: the true conditions of the rules that give the class, each with its article, the fact and what is held.
2. *Why not better*: for each rule of a less burdensome class, the smallest set of conditions that fail; of several
   equally small, one that no board has to judge.
3. *Needs*: the facts that would settle it, who can answer, and what could follow. First the one whose answers leave
   the fewest possible classes.
4. *By time alone*: the next day and the class on it, evaluated, not inferred.
5. Prose is made when asked for and never stored; nothing here is advice to change a protected fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.dates import NEVER
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import UNKNOWN, Held, State, codes_of
from musterroll.law.cells import cells
from musterroll.law.evaluate import View, decide
from musterroll.law.model import All, Begun, Leaf, Line, Not, Reached, Rule, Some, attributes_of
from musterroll.law.model import Condition as Written
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing
from musterroll.law.truth import Truth
from musterroll.law.wording import Wording


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the law, and what is held about it.

    `quote` is the paragraph's own text, `words` what is held as a sentence. `attribute` is "" and `held` unknown for a
    condition that looks at the day alone. `turns_on` is the next day on which time turns it,
    or None.
    """

    rule: str
    article: str
    paragraph: str
    quote: str
    words: str
    attribute: str
    label: str
    value: str
    held: Held
    turns_on: int | None


@dataclass(frozen=True, slots=True)
class NotGiven:
    """A rule of a less burdensome class that does not hold, and the conditions that fail."""

    cls: str
    label: str
    rule: str
    words: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that is not established: its label, who can answer, its article, and the classes that could follow."""

    attribute: str
    label: str
    words: str
    answers: tuple[str, ...]
    article: str
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByTime:
    """What time alone does next: the day and the class on it (None: undetermined; `covered`: this pack knows it)."""

    day: int
    cls: str | None
    label: str
    covered: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """A standing in words."""

    headline: str
    reasons: tuple[str, ...]
    because: tuple[Condition, ...]
    why_not_better: tuple[NotGiven, ...]
    needs: tuple[Need, ...]
    next_change: int
    by_time: ByTime | None


def explain(pack: Pack, standing: Standing, held: Mapping[str, Held], on: int, language: str = "en") -> Explanation:
    """The standing of one person in words; `held` and `on` as it was decided with."""
    return _Explainer(pack, standing, held, on, language).explanation()


class _Explainer:
    def __init__(self, pack: Pack, standing: Standing, held: Mapping[str, Held], on: int, language: str) -> None:
        self.pack = pack
        self.standing = standing
        self.held = held
        self.on = on
        self.view = View(pack, held, on)
        self.wording = Wording(pack, language)
        self.question = pack.questions[standing.question]
        self.rules = [rule for rule in pack.at(on).rules[standing.question] if rule]
        self.judged = {name for rule in self.rules for name in rule.judgement}

    def explanation(self) -> Explanation:
        given = [rule for rule in self.rules if self._gives(rule)]
        headline = self.wording.headline(self.question.name, self.standing.cls)
        return Explanation(
            headline=headline,
            reasons=tuple(self.wording.sentence(f"rule.{rule.name}", rule.name) for rule in given),
            because=tuple(one for rule in given for one in self._conditions(rule, self._support(rule.bare, None))),
            why_not_better=self._not_given(),
            needs=self._needs(),
            next_change=self.standing.next_change,
            by_time=self._by_time(),
        )

    def _gives(self, rule: Rule) -> bool:
        return rule.gives == self.standing.cls and self.view.truth(rule.when) is Truth.TRUE

    def _not_given(self) -> tuple[NotGiven, ...]:
        if self.standing.cls is None:
            return ()
        burden = {one.name: one.effect.burden for one in self.question.classes}
        return tuple(
            NotGiven(
                rule.gives,
                self.wording.class_label(self.question.name, rule.gives),
                rule.name,
                self.wording.sentence(f"rule.{rule.name}", rule.name),
                self._conditions(rule, self._failing(rule.when, None)),
            )
            for rule in self.rules
            if burden[rule.gives] < burden[self.standing.cls]
        )

    def _conditions(self, rule: Rule, found: list[tuple[Line | None, Leaf]]) -> tuple[Condition, ...]:
        """One entry for each paragraph and fact, however often the paragraph looks at it."""
        turns: dict[tuple[str, str, str], list[int]] = {}
        for line, leaf in found:
            article, paragraph = (line.article, line.paragraph) if line else (rule.article, "")
            for name in sorted(attributes_of(leaf)) or [""]:
                turns.setdefault((article, paragraph, name), []).extend(self._turns_on(leaf))
        return tuple(
            Condition(
                rule=rule.name,
                article=article,
                paragraph=paragraph,
                quote=self.pack.quoted(article, paragraph),
                words=self.wording.about(name, self.held.get(name, UNKNOWN)) if name else "",
                attribute=name,
                label=self.wording.label(name) if name else "",
                value=self.wording.value(name, self.held.get(name, UNKNOWN)) if name else "",
                held=self.held.get(name, UNKNOWN),
                turns_on=min(days, default=None),
            )
            for (article, paragraph, name), days in turns.items()
        )

    def _turns_on(self, leaf: Leaf) -> list[int]:
        """The coming days on which time turns the comparison."""
        match leaf:
            case Reached(by=None):
                return [day for day in self.view.reached_between(leaf) or () if self.on < day < NEVER]
            case Begun(day) if day > self.on:
                return [day]
            case _:
                return []

    def _support(self, node: Written, line: Line | None) -> list[tuple[Line | None, Leaf]]:
        """The leaves that make a true condition true."""
        match node:
            case Line(part=part):
                return self._support(part, node)
            case Not(part):
                return self._failing(part, line)
            case All(parts):
                return [leaf for part in parts for leaf in self._support(part, line)]
            case Some(parts):
                true = [part for part in parts if self.view.truth(part) is Truth.TRUE]
                return [leaf for part in true for leaf in self._support(part, line)]
            case _:
                return [(line, node)]

    def _failing(self, node: Written, line: Line | None) -> list[tuple[Line | None, Leaf]]:
        """The smallest set of leaves that makes a condition not true."""
        match node:
            case Line(part=part):
                return self._failing(part, node)
            case Not(part):
                return self._support(part, line)
            case All(parts):
                failing = [part for part in parts if self.view.truth(part) is not Truth.TRUE]
                return min((self._failing(part, line) for part in failing), key=self._weight, default=[])
            case Some(parts):
                return [leaf for part in parts for leaf in self._failing(part, line)]
            case _:
                return [(line, node)]

    def _weight(self, found: list[tuple[Line | None, Leaf]]) -> tuple[int, bool]:
        return len(found), any(attributes_of(leaf) & self.judged for _, leaf in found)

    def _needs(self) -> tuple[Need, ...]:
        conditions = [rule.when for rule in self.rules]
        values = cells(conditions, self.pack.attributes, self.on, self.pack.at(self.on).calendar, self.held)
        found = [self._need(name, values[name]) for name in self.standing.needs]
        return tuple(need for _, need in sorted(found, key=lambda one: one[0]))

    def _need(self, name: str, values: tuple[int, ...]) -> tuple[float, Need]:
        attribute, fact = self.pack.attributes[name], self.held.get(name, UNKNOWN)
        if fact.among is not None:
            values = codes_of(fact.among)
        elif fact.lo is not None and fact.hi is not None:
            values = (fact.lo, *(value for value in values if fact.lo < value < fact.hi), fact.hi)
        possible: dict[str, None] = {}
        left = 0
        for value in values:
            answered = {**self.held, name: Held(value, value, State.SINGLE)}
            follows = decide(self.pack, self.standing.question, answered, self.on).possible
            left += len(follows)
            possible.update(dict.fromkeys(follows))
        order = [one.name for one in self.question.classes if one.name in possible]
        return left / len(values), Need(
            name,
            self.wording.label(name),
            self.wording.about(name, fact),
            tuple(self.wording.answers(who) for who in attribute.answers),
            attribute.basis,
            tuple(self.wording.class_label(self.question.name, one) for one in order),
        )

    def _by_time(self) -> ByTime | None:
        day = self.standing.next_change
        try:
            self.pack.at(day)
        except MusterRollError:
            return ByTime(day, None, "", covered=False) if self._ends(day) else None
        after = decide(self.pack, self.standing.question, self.held, day)
        label = self.wording.class_label(self.question.name, after.cls) if after.cls else ""
        return ByTime(day, after.cls, label, covered=True)

    def _ends(self, day: int) -> bool:
        return day == self.pack.law.periods[-1].end != NEVER
