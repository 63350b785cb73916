"""What the cases of a pack show of its rules, demand by demand (law-engine 6.8, in the manner of MC/DC).

| of | demanded is a case in which |
|---|---|
| each line | it is true; it is false; it is unknown |
| each comparison inside a line of several | it is unknown |
| each comparison | it is true, and its rule turns on it alone; it is false, and its rule turns on it alone |
| each comparison of dates | its rule turns on it alone on the day before, on the day, and on the day after |
| each rule | its class is the answer by it; it would hold, and another class is the answer |

1. A rule turns on a comparison alone when everything that is joined to it leaves the outcome to it.
2. A line that no case shows unknown is a line of which nobody has asked what happens when the fact is missing.
3. What cannot be shown (`law.prove.showable` finds out) is not counted, and is listed with the reason.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.errors import MusterRollError
from musterroll.law import cases
from musterroll.law.evaluate import View, decide
from musterroll.law.model import (
    All,
    Begun,
    Condition,
    Line,
    Not,
    Ordered,
    Reached,
    Rule,
    Some,
    attributes_of,
    joined_parts,
)
from musterroll.law.pack import Pack
from musterroll.law.passage import Passage, passages
from musterroll.law.standing import Standing
from musterroll.law.truth import Truth
from musterroll.law.written import written


@dataclass(frozen=True, slots=True)
class OfCondition:
    """In each period (by number): a condition that must have this truth."""

    conditions: tuple[tuple[int, Condition], ...]
    truth: Truth


@dataclass(frozen=True, slots=True)
class OfDay:
    """In each period: the day is so many days (`late`) after the one on which a date is reached, and more holds."""

    dates: tuple[tuple[int, Reached, Condition], ...]
    late: int


@dataclass(frozen=True, slots=True)
class OfRule:
    """A rule gives the answer; or (`wins` False) it would hold by itself, and another class is the answer."""

    bit: int
    wins: bool


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a case is to show: of a `line`, `comparison`, `day` or `rule`; where, and in words."""

    kind: str
    question: str
    rule: str
    where: str
    cite: str
    what: str
    goal: OfCondition | OfDay | OfRule


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is demanded, and the first line of a case that shows it: file and line, or "" where none does.

    `impossible` gives for demands that nobody can show the reason.
    """

    shown: tuple[tuple[Demand, str], ...]
    impossible: Mapping[Demand, str] = dataclasses.field(default_factory=dict)

    @property
    def missing(self) -> tuple[Demand, ...]:
        """What could be shown, as far as is known, and is not."""
        return tuple(demand for demand, by in self.shown if not by and demand not in self.impossible)

    @property
    def showable(self) -> int:
        """How many demands count."""
        return len(self.shown) - len(self.impossible)

    @property
    def percent(self) -> float:
        """Shown of showable, in per cent; 100 only when nothing is missing."""
        return 100 * (1 - len(self.missing) / self.showable) if self.showable else 100.0


def covered(pack: Pack) -> Coverage:
    """Every demand, and by which line of a case it is shown. Lines under another reading show nothing here."""
    pack = pack.apart
    asked: dict[str, list[_Asked]] = {}
    for line in cases.lines(pack):
        if not line.readings and (one := _asked(pack, line)):
            asked.setdefault(line.question, []).append(one)
    return Coverage(tuple((demand, _shown_by(demand, asked.get(demand.question, ()))) for demand in demands(pack)))


@dataclass(frozen=True, slots=True)
class _Asked:
    line: cases.CaseLine
    period: int
    view: View
    standing: Standing
    rules: tuple[Rule | None, ...]


def _asked(pack: Pack, line: cases.CaseLine) -> _Asked | None:
    try:
        standing = decide(pack, line.question, line.held, line.on)
    except MusterRollError:
        return None
    period = pack.at(line.on)
    number = pack.law.periods.index(period)
    return _Asked(line, number, View(pack, line.held, line.on), standing, period.rules[line.question])


def _shown_by(demand: Demand, asked: Iterable[_Asked]) -> str:
    for one in asked:
        if shows(demand, one.period, one.view, one.standing, one.rules):
            return one.line.where
    return ""


def shows(demand: Demand, period: int, view: View, standing: Standing, rules: tuple[Rule | None, ...]) -> bool:
    """Whether one person on one day, in the period of this number, shows what is demanded."""
    goal = demand.goal
    match goal:
        case OfCondition(conditions, wanted):
            return any(view.truth(one) is wanted for number, one in conditions if number == period)
        case OfDay(dates, late):
            return any(
                _reached(view, leaf, late) and view.truth(more) is Truth.TRUE
                for number, leaf, more in dates
                if number == period
            )
        case _:
            rule = rules[goal.bit]
            if rule is None or standing.cls is None:
                return False
            if goal.wins:
                return standing.cls == rule.gives and bool(standing.true >> goal.bit & 1)
            return standing.cls != rule.gives and view.truth(rule.bare) is Truth.TRUE


def _reached(view: View, leaf: Reached, late: int) -> bool:
    """The date plus its period falls on the day that is `late` days before the day of evaluation."""
    return view.reached_between(leaf) == (view.on - late, view.on - late)


def demands(pack: Pack) -> Iterator[Demand]:
    """Everything demanded of the cases of a pack, in the order of its rules."""
    pack = pack.apart
    turning = {question: _turning(pack, question) for question in pack.questions}
    for passage in passages(pack):
        if passage.line is passage.node:
            yield from _of_line(pack, passage)
        elif passage.line and not joined_parts(passage.node):
            yield from _of_comparison(pack, passage, turning[passage.question])
    for question, asked in pack.questions.items():
        for bit, name in enumerate(asked.rules):
            rule = next((one for period in pack.law.periods if (one := period.rules[question][bit])), None)
            if rule:
                where, cite = rule.where or f"rule {name}", rule.article
                says = f"rule `{name}` gives the answer `{rule.gives}`"
                yield Demand("rule", question, name, where, cite, says, OfRule(bit, wins=True))
                says = f"rule `{name}` would hold, and another class than `{rule.gives}` is the answer"
                yield Demand("rule", question, name, where, cite, says, OfRule(bit, wins=False))


def _of_line(pack: Pack, passage: Passage) -> Iterator[Demand]:
    if isinstance(passage.node, Line) and isinstance(passage.node.part, Line):
        return
    for truth in reversed(Truth):
        says = f"`{written(passage.node, pack.attributes)}` is {truth.name.lower()}"
        yield _demand("line", passage, says, OfCondition(passage.held, truth))


def _of_comparison(pack: Pack, passage: Passage, turning: Mapping[int, list[Condition]]) -> Iterator[Demand]:
    text = written(passage.node, pack.attributes)
    line = passage.line.part if passage.line else passage.node
    whole = passage.node is line or (isinstance(line, Not) and line.part is passage.node)
    if not whole and attributes_of(passage.node):
        yield _demand("comparison", passage, f"`{text}` is unknown", OfCondition(passage.held, Truth.UNKNOWN))
    alone = [(number, node, Some(tuple(turning.get(id(node), ())))) for number, node in passage.held]
    for holds in (True, False):
        conditions = tuple((number, All((node if holds else Not(node), more))) for number, node, more in alone)
        says = f"`{text}` is {str(holds).lower()}, and the rule turns on it alone"
        yield _demand("comparison", passage, says, OfCondition(conditions, Truth.TRUE))
    for late, says in ((-1, "the day before"), (0, "the day of"), (1, "the day after")):
        goal = _on_the_day(alone, late)
        if goal:
            yield _demand("day", passage, f"{says} `{text}`", goal)


def _demand(kind: str, passage: Passage, what: str, goal: OfCondition | OfDay) -> Demand:
    return Demand(kind, passage.question, passage.rule.name, passage.where, passage.cite, what, goal)


def _on_the_day(alone: list[tuple[int, Condition, Some]], late: int) -> OfCondition | OfDay | None:
    """That a comparison of dates first holds, to the day: `late` days ago. None for other comparisons."""
    node = alone[0][1]
    ends: tuple[Condition, Condition]
    match node:
        case Reached(by=None):
            return OfDay(tuple((number, leaf, more) for number, leaf, more in alone if isinstance(leaf, Reached)), late)
        case Reached(by=by) if by is not None and FIRST_DAY < by < NEVER - 1:
            ends = dataclasses.replace(node, by=by - late), dataclasses.replace(node, by=by - late - 1)
        case Ordered(days=days):
            ends = dataclasses.replace(node, days=days + late), dataclasses.replace(node, days=days + late + 1)
        case Begun(day):
            ends = Begun(day + late), Begun(day + late + 1)
        case _:
            return None
    exactly = (ends[0], Not(ends[1]))
    return OfCondition(tuple((number, All((*exactly, more))) for number, _, more in alone), Truth.TRUE)


def _turning(pack: Pack, question: str) -> dict[int, list[Condition]]:
    """For each comparison, by identity: what must hold so that a rule that reads it turns on it alone."""
    found: dict[int, list[Condition]] = {}
    for period in pack.law.periods:
        for rule in (rule for rule in period.rules[question] if rule):
            for leaf, others in _paths(rule.when, ()):
                found.setdefault(id(leaf), []).append(All(others))
    return found


def _paths(condition: Condition, others: tuple[Condition, ...]) -> Iterator[tuple[Condition, tuple[Condition, ...]]]:
    parts = joined_parts(condition)
    if not parts:
        yield condition, others
    for index, part in enumerate(parts):
        beside = (*parts[:index], *parts[index + 1 :])
        more = tuple(Not(one) for one in beside) if isinstance(condition, Some) else beside
        yield from _paths(part, (*others, *more))
