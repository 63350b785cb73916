"""What the cases of a pack do not notice: for each error either a proof that it changes nothing, or the missing case.

1. A mutant that a case notices is killed. Of the others the solver looks for somebody for whom the law with the error
   answers otherwise (another class; undetermined for decided, or the reverse), and the evaluator confirms it.
2. Where there is nobody, known exactly, not at all or partly, on any day, the mutant is equivalent: it is not counted.
   Where the solver gives up, the mutant counts as not killed.
3. Each witness becomes a case that a person can read and sign: what the present law answers. Whether that is what the
   law ought to answer is for a lawyer to say.
4. Proposed is a small set of cases that notices all survivors, each chosen for noticing most of those left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import z3

from musterroll.fact.attribute import Held
from musterroll.law import mutants as mutating
from musterroll.law.answer import Beside, answer
from musterroll.law.evaluate import View
from musterroll.law.model import Period, attributes_of
from musterroll.law.mutant import Mutant
from musterroll.law.noticed import noticed, reads
from musterroll.law.pack import Pack
from musterroll.law.prove.encode import Asked
from musterroll.law.prove.proposal import Proposal, Shows, proposals
from musterroll.law.prove.witness import EFFORT, Nobody, Search, Witness


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no case notices, and somebody who tells it from the law; None where the solver gave up."""

    mutant: Mutant
    witness: Witness | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What became of every mutant of a pack. `proposed` are cases that together notice all survivors with a witness."""

    mutants: tuple[Mutant, ...]
    killed: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]
    survivors: tuple[Survivor, ...]
    proposed: tuple[Proposal, ...]

    @property
    def counted(self) -> int:
        """The mutants that are not equivalent."""
        return len(self.mutants) - len(self.equivalent)

    @property
    def complete(self) -> bool:
        """The cases notice every error that changes anything."""
        return not self.survivors


def survey(pack: Pack, effort: int = EFFORT) -> Survey:
    """Every mutant of a pack: killed by its cases, equivalent, or surviving with a witness."""
    every = mutating.of(pack)
    by_case = noticed(pack, every)
    difference = Difference(pack, effort)
    equivalent: list[Mutant] = []
    survivors: list[Survivor] = []
    for mutant in (one for one, line in zip(every, by_case, strict=True) if line is None):
        before = (one.witness for one in reversed(survivors) if one.witness)
        found = next((one for one in before if difference.told(mutant, one)), None) or difference.find(mutant)
        if found is Nobody.PROVED:
            equivalent.append(mutant)
        else:
            survivors.append(Survivor(mutant, found if isinstance(found, Witness) else None))
    killed = tuple(one for one, line in zip(every, by_case, strict=True) if line)
    proposed = proposals(pack, smallest(difference, survivors))
    return Survey(every, killed, tuple(equivalent), tuple(survivors), proposed)


class Difference:
    """Tells the law of a pack from the same law with an error in it."""

    def __init__(self, pack: Pack, effort: int = EFFORT) -> None:
        self.pack = pack.apart
        self.search = Search(pack, effort)
        self._views: dict[int, tuple[Witness, View]] = {}

    def find(self, mutant: Mutant) -> Witness | Nobody:
        """Somebody for whom the error changes the answer, or the proof that there is nobody."""
        changed = mutant.applied(self.pack)
        day = _covered_once(self.pack, changed)
        if day is not None:
            like, held = next(iter(self.search.people.items()))
            return Witness(mutant.question, like, held, day)
        told = Nobody.PROVED
        stretches = _stretches(self.pack.law.periods, changed.law.periods)
        for question in self.pack.questions:
            usual = self.search.usual_first(question, {one[0] for one in stretches})
            for number, instead, first, end in sorted(stretches, key=lambda one: usual.index(one[0])):
                if not reads(self.pack.law.periods[number], instead, question):
                    continue
                goal = partial(_otherwise, instead, first, end)
                holds = partial(self._differs, changed, question)
                found = self.search.find(question, number, goal, holds, involved=_involved(self.pack, mutant))
                if isinstance(found, Witness):
                    return found
                told = found if found is Nobody.NOT_PROVED else told
        return told

    def _differs(self, changed: Pack, question: str, held: Mapping[str, Held], on: int) -> bool:
        number, other = _number(self.pack, on), _number(changed, on)
        if number is None or other is None:
            return number != other
        view, asked = View(self.pack, held, on), self.pack.questions[question]
        after = answer(Beside(view), changed.law.periods[other], asked)
        return answer(view, self.pack.law.periods[number], asked) != after

    def told(self, mutant: Mutant, witness: Witness) -> bool:
        """Whether this person shows the error."""
        changed, number = mutant.applied(self.pack), _number(self.pack, witness.on)
        if not mutant.swaps or number is None:
            return self._differs(changed, witness.question, witness.held, witness.on)
        _, view = self._views.setdefault(id(witness), (witness, View(self.pack, witness.held, witness.on)))
        if all(view.truth(node) == view.truth(instead) for at, node, instead in mutant.swaps if at == number):
            return False
        asked = self.pack.questions[witness.question]
        found = answer(Beside(view), changed.law.periods[number], asked)
        return found != answer(view, self.pack.law.periods[number], asked)


def smallest(difference: Difference, survivors: Sequence[Survivor]) -> tuple[Shows, ...]:
    """Few of the witnesses that together show every error: each time the one that shows most of those left."""
    left = {index: one.mutant for index, one in enumerate(survivors) if one.witness}
    witnesses = {id(one.witness): one.witness for one in survivors if one.witness}
    shown = {
        key: {index for index, mutant in left.items() if difference.told(mutant, witness)}
        for key, witness in witnesses.items()
    }
    chosen = []
    while left:
        key = max(shown, key=lambda one: len(shown[one] & left.keys()))
        now = sorted(shown.pop(key) & left.keys())
        first = left[now[0]]
        chosen.append(Shows(witnesses[key], first.where, first.cite, first.what, tuple(left[at].what for at in now)))
        left = {index: mutant for index, mutant in left.items() if index not in now}
    return tuple(chosen)


def _number(pack: Pack, on: int) -> int | None:
    return next((number for number, one in enumerate(pack.law.periods) if one.first <= on < one.end), None)


def _covered_once(pack: Pack, changed: Pack) -> int | None:
    """A day that one of two packs covers and the other does not."""
    one, other = pack.law.periods, changed.law.periods
    if one[0].first != other[0].first:
        return min(one[0].first, other[0].first)
    if one[-1].end != other[-1].end:
        return min(one[-1].end, other[-1].end)
    return None


def _stretches(before: tuple[Period, ...], after: tuple[Period, ...]) -> list[tuple[int, Period, int, int]]:
    """The days on which the law may not be the same: number of the period, the other period, first day and end."""
    return [
        (number, other, max(one.first, other.first), min(one.end, other.end))
        for number, one in enumerate(before)
        for other in after
        if other is not one and max(one.first, other.first) < min(one.end, other.end)
    ]


def _otherwise(instead: Period, first: int, end: int, law: Asked) -> z3.BoolRef:
    """The other law answers otherwise, on a day of this stretch."""
    other = Asked(law.pack, law.question.name, instead, law.facts, law.day, law.encoder)
    apart = [law.class_is(index) != other.class_is(index) for index in range(len(law.question.classes))]
    return z3.And(law.day.symbol >= first, law.day.symbol < end, z3.Or(*apart))


def _involved(pack: Pack, mutant: Mutant) -> frozenset[str]:
    """The facts that the error is about: those of the changed pieces, and of the rule they stand in."""
    rules = (rule for period in pack.law.periods for rule in period.rules[mutant.question])
    read = (attributes_of(rule.bare) for rule in rules if rule and rule.name == mutant.rule)
    return frozenset().union(*read, *(attributes_of(node) for _, node, _ in mutant.swaps))
