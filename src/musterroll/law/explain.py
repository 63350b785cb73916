"""Why a person stands where he does, in words with their sources (law-engine 6.5). The reasons are `trace`'s.

1. *Why*: the true conditions of the rules that give the class, each with its article, the fact and what is held.
2. *Why not better*: for each rule of a less burdensome class, the smallest set of conditions that fail.
3. *Needs*: the facts that would settle it, who can answer, and what could follow; and what follows *at worst*: somebody
   undetermined between two protecting classes is told that he cannot be called whichever it is.
4. *By time alone*: the next day and the class on it, evaluated, not inferred.
5. *Read otherwise*: where another reading of a doubtful place of the law would give him another class.
6. Prose is made when asked for and never stored; nothing here is advice to change a protected fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.dates import NEVER
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import UNKNOWN, Held
from musterroll.law import readings
from musterroll.law.evaluate import View, decide
from musterroll.law.model import Begun, Leaf, Reached, attributes_of
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing
from musterroll.law.trace import Grounds, Needed, Trace, heaviest, traced
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
class ReadOtherwise:
    """What would follow under a reading of a doubtful place that was not chosen (`cls` None: undetermined)."""

    reading: str
    doubt: str
    chosen: str
    other: str
    cls: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A standing in words. `possible` are the classes that can really follow for somebody undetermined, by label."""

    headline: str
    reasons: tuple[str, ...]
    because: tuple[Condition, ...]
    why_not_better: tuple[NotGiven, ...]
    needs: tuple[Need, ...]
    next_change: int
    by_time: ByTime | None
    possible: tuple[str, ...] = ()
    at_worst: str = ""
    read_otherwise: tuple[ReadOtherwise, ...] = ()


def explain(pack: Pack, standing: Standing, held: Mapping[str, Held], on: int, language: str = "en") -> Explanation:
    """The standing of one person in words; `held` and `on` as it was decided with."""
    view = View(pack, held, on)
    return _Explainer(pack, traced(pack, standing, view), view, language).explanation()


class _Explainer:
    def __init__(self, pack: Pack, trace: Trace, view: View, language: str) -> None:
        self.pack = pack
        self.trace = trace
        self.standing = trace.standing
        self.view = view
        self.held = view.held
        self.on = view.on
        self.wording = Wording(pack, language)
        self.question = pack.questions[trace.standing.question]

    def explanation(self) -> Explanation:
        return Explanation(
            headline=self.wording.headline(self.question.name, self.standing.cls),
            reasons=tuple(self._rule(one) for one in self.trace.because),
            because=tuple(one for given in self.trace.because for one in self._conditions(given)),
            why_not_better=tuple(self._not_given(one) for one in self.trace.not_given),
            needs=tuple(self._need(one) for one in self.trace.needed),
            next_change=self.standing.next_change,
            by_time=self._by_time(),
            possible=() if self.standing.cls else self._labels(self.trace.possible),
            at_worst="" if self.standing.cls else self._at_worst(),
            read_otherwise=self._read_otherwise(),
        )

    def _rule(self, given: Grounds) -> str:
        return self.wording.sentence(f"rule.{given.rule.name}", given.rule.name)

    def _labels(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.wording.class_label(self.question.name, one) for one in names)

    def _not_given(self, given: Grounds) -> NotGiven:
        (label,) = self._labels((given.rule.gives,))
        return NotGiven(given.rule.gives, label, given.rule.name, self._rule(given), self._conditions(given))

    def _conditions(self, given: Grounds) -> tuple[Condition, ...]:
        """One entry for each paragraph and fact, however often the paragraph looks at it."""
        turns: dict[tuple[str, str, str], list[int]] = {}
        for ground in given.grounds:
            line = ground.line
            article, paragraph = (line.article, line.paragraph) if line else (given.rule.article, "")
            for name in sorted(attributes_of(ground.leaf)) or [""]:
                turns.setdefault((article, paragraph, name), []).extend(self._turns_on(ground.leaf))
        return tuple(
            Condition(
                rule=given.rule.name,
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

    def _need(self, needed: Needed) -> Need:
        name = needed.attribute
        attribute, fact = self.pack.attributes[name], self.held.get(name, UNKNOWN)
        return Need(
            name,
            self.wording.label(name),
            self.wording.about(name, fact),
            tuple(self.wording.answers(who) for who in attribute.answers),
            attribute.basis,
            self._labels(needed.possible),
        )

    def _at_worst(self) -> str:
        name = heaviest(self.question, self.trace.possible)
        worst = self.question.classes[self.question.index(name)]
        return self.wording.at_worst(self.question, worst, only=len(self.trace.possible) == 1)

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

    def _read_otherwise(self) -> tuple[ReadOtherwise, ...]:
        found = []
        for one in readings.compare(self.pack, self.question.name, self.held, self.on):
            place, cls = self.pack.readings[one.reading], one.standing.cls
            label = self.wording.class_label(self.question.name, cls) if cls else ""
            found.append(ReadOtherwise(one.reading, place.doubt, place.text, place.readings[one.other], cls, label))
        return tuple(found)
