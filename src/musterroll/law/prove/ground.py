"""What a finding stands on: one question during a time in which its law does not change, put to the solver once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import z3

from musterroll.fact.attribute import Held
from musterroll.law.evaluate import decide
from musterroll.law.model import Period, Question, Rule
from musterroll.law.pack import Pack
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import Asked, attributes_read
from musterroll.law.prove.person import EARLIEST, LATEST, Facts, Knowledge
from musterroll.law.prove.solver import Solver
from musterroll.law.standing import Standing


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the rules, order and calendar of a question stay the same; `period` is one of its periods."""

    first: int
    end: int
    period: Period

    @property
    def outside(self) -> bool:
        """It lies outside the years that proofs speak of."""
        return self.end <= EARLIEST or self.first > LATEST


def stretches(pack: Pack, question: str) -> tuple[Stretch, ...]:
    """The pack's periods, those that follow one another with the same law of this question taken together."""
    found: list[Stretch] = []
    for period in pack.law.periods:
        if found and found[-1].end == period.first and _same(found[-1].period, period, question):
            found[-1] = Stretch(found[-1].first, period.end, found[-1].period)
        else:
            found.append(Stretch(period.first, period.end, period))
    return tuple(found)


def _same(one: Period, other: Period, question: str) -> bool:
    return (
        one.rules[question] == other.rules[question]
        and one.tried[question] == other.tried[question]
        and one.order[question] == other.order[question]
        and one.calendar == other.calendar
    )


class Ground:
    """A question, a stretch and how much is known of people; each rule and class by a name of the solver's."""

    def __init__(self, pack: Pack, question: str, stretch: Stretch, knowledge: Knowledge, effort: int) -> None:
        context = z3.Context()
        self.pack = pack
        self.stretch = stretch
        self.question: Question = pack.questions[question]
        self.period = stretch.period
        facts = Facts(pack.attributes, attributes_read(pack, question, stretch.period), knowledge, context)
        day = Day(stretch.first, stretch.end - 1, context)
        self.asked = Asked(pack, question, stretch.period, facts, day)
        self.solver = Solver(context, effort)
        self.solver.add(*self.asked.domain)
        self.rules: Mapping[int, Rule] = {bit: rule for bit, rule in enumerate(self.asked.rules) if rule}
        self.true = {bit: self.solver.named(self.asked.rule(bit).true) for bit in self.rules}
        self.maybe = {bit: self.solver.named(self.asked.rule(bit).maybe) for bit in self.rules}
        self.decided = {
            index: self.solver.named(self.asked.class_is(index)) for index in range(len(self.question.classes))
        }

    def class_of(self, bit: int) -> int:
        """The number of the class that a rule gives."""
        return self.question.index(self.rules[bit].gives)

    def others(self, bit: int) -> tuple[int, ...]:
        """The other rules in force that give the same class."""
        return tuple(one for one in self.asked.bits_of(self.class_of(bit)) if one != bit)

    def earlier(self, bit: int) -> tuple[int, ...]:
        """The rules in force of classes that are tried before the rule's own."""
        tried = self.period.tried[self.question.name]
        before = tried[: tried.index(self.class_of(bit))]
        return tuple(one for index in before for one in self.asked.bits_of(index))

    def standing(self, held: Mapping[str, Held], on: int) -> Standing:
        """What the evaluator says of a person."""
        return decide(self.pack, self.question.name, held, on)


type Holds = Callable[[Mapping[str, Held], int], bool]
