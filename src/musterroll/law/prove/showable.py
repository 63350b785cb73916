"""What the cases of a pack do not show: for each demand either the missing case, or the proof that nobody can show it.

1. A demand of `law.coverage` that no case meets is put to the solver; whoever it finds is confirmed by the same code
   that judges the cases.
2. What nobody can show, known exactly, not at all or partly, on any day of the pack, is not counted, and is listed.
   Where the solver gives up, the demand counts as not shown.
3. Proposed is a small set of cases that together show all that is missing.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import z3

from musterroll.fact.attribute import Held
from musterroll.law.coverage import Coverage, Demand, OfCondition, OfDay, OfRule, covered, shows
from musterroll.law.evaluate import View, decide
from musterroll.law.model import Reached, attributes_of
from musterroll.law.pack import Pack
from musterroll.law.prove.encode import Asked
from musterroll.law.prove.person import EARLIEST, LATEST
from musterroll.law.prove.proposal import Proposal, Shows, proposals
from musterroll.law.prove.witness import EFFORT, Nobody, Search, Witness
from musterroll.law.truth import Truth


@dataclass(frozen=True, slots=True)
class Shown:
    """What the cases show, with what nobody can show; and cases that would show the rest."""

    coverage: Coverage
    proposed: tuple[Proposal, ...]

    @property
    def complete(self) -> bool:
        """Everything that can be shown is shown."""
        return not self.coverage.missing


def showable(pack: Pack, effort: int = EFFORT) -> Shown:
    """The coverage of a pack's cases, and what is missing as cases."""
    coverage = covered(pack)
    looking = _Looking(pack, effort)
    impossible: dict[Demand, str] = {}
    witnesses: list[tuple[Demand, Witness]] = []
    for demand in coverage.missing:
        if any(looking.shown_by(demand, witness) for _, witness in reversed(witnesses)):
            continue
        found = looking.on_another_day(demand, [one for _, one in witnesses]) or looking.find(demand)
        if isinstance(found, Witness):
            witnesses.append((demand, found))
        elif found is Nobody.PROVED:
            impossible[demand] = looking.why(demand)
    coverage = dataclasses.replace(coverage, impossible=impossible)
    return Shown(coverage, proposals(pack, _smallest(looking, witnesses, coverage.missing)))


class _Looking:
    def __init__(self, pack: Pack, effort: int) -> None:
        self.pack = pack.apart
        self.search = Search(pack, effort)
        self._seen: dict[int, tuple[Witness, View]] = {}
        self._known = self.search.known()

    def find(self, demand: Demand) -> Witness | Nobody:
        """Somebody who shows what is demanded, in any period."""
        answer = Nobody.PROVED
        for number in self.search.usual_first(demand.question, range(len(self.pack.law.periods))):
            period = self.pack.law.periods[number]
            if isinstance(demand.goal, OfRule) and period.rules[demand.question][demand.goal.bit] is None:
                continue
            if not isinstance(demand.goal, OfRule) and number not in _numbers(demand.goal):
                continue
            goal, holds = partial(_goal, demand, number), partial(self._holds, demand)
            found = self.search.find(demand.question, number, goal, holds, involved=_about(demand))
            if isinstance(found, Witness):
                return found
            answer = found if found is Nobody.NOT_PROVED else answer
        return answer

    def on_another_day(self, demand: Demand, witnesses: list[Witness]) -> Witness | None:
        """Somebody already found, or in the pack's cases, who shows a demand about a day on the right day."""
        if not isinstance(demand.goal, OfDay):
            return None
        for one in (*reversed(witnesses), *self._known):
            if one.question == demand.question:
                on = self._day(demand.goal, one)
                if on is not None and self._holds(demand, one.held, on):
                    return Witness(one.question, one.like, one.held, on)
        return None

    def _day(self, goal: OfDay, witness: Witness) -> int | None:
        """The day on which this person's date is reached, and so many days later; None where no period holds it."""
        view = self._view(witness)
        reached = view.reached_between(goal.dates[0][1])
        if reached is None or reached[0] != reached[1]:
            return None
        day = reached[0] + goal.late
        covered = self.pack.law.periods[0].first <= day < self.pack.law.periods[-1].end
        return day if covered and EARLIEST <= day <= LATEST else None

    def _view(self, witness: Witness) -> View:
        _, view = self._seen.setdefault(id(witness), (witness, View(self.pack, witness.held, witness.on)))
        return view

    def shown_by(self, demand: Demand, witness: Witness) -> bool:
        """Whether a witness found for something else shows this too."""
        if witness.question != demand.question:
            return False
        return self._shows(demand, self._view(witness))

    def _holds(self, demand: Demand, held: Mapping[str, Held], on: int) -> bool:
        return self._shows(demand, View(self.pack, held, on))

    def _shows(self, demand: Demand, view: View) -> bool:
        period = self.pack.at(view.on)
        number = self.pack.law.periods.index(period)
        standing = decide(self.pack, demand.question, view.held, view.on)
        return shows(demand, number, view, standing, period.rules[demand.question])

    def why(self, demand: Demand) -> str:
        """Why a demand is not counted."""
        match demand.goal:
            case OfCondition(conditions, Truth.UNKNOWN) if not any(attributes_of(one) for _, one in conditions):
                return "It looks at the day alone."
            case OfRule(wins=False):
                return "Nobody for whom it would hold is given another class, on any day."
            case OfRule():
                return "Nobody is given its class by it, on any day."
            case _:
                return "There is nobody of whom this is so, on any day."


def _numbers(goal: OfCondition | OfDay) -> frozenset[int]:
    if isinstance(goal, OfDay):
        return frozenset(number for number, _, _ in goal.dates)
    return frozenset(number for number, _ in goal.conditions)


def _about(demand: Demand) -> frozenset[str]:
    """The facts that the demand itself speaks of; the rest of the person may stay as it is."""
    match demand.goal:
        case OfCondition(conditions):
            return frozenset().union(*(attributes_of(one) for _, one in conditions))
        case OfDay(dates):
            return frozenset().union(*(attributes_of(leaf) | attributes_of(more) for _, leaf, more in dates))
        case _:
            return frozenset()


def _goal(demand: Demand, number: int, law: Asked) -> z3.BoolRef:
    asked = demand.goal
    match asked:
        case OfCondition(conditions, wanted):
            pairs = [law.encoder.truth(one) for at, one in conditions if at == number]
            if wanted is Truth.UNKNOWN:
                return z3.Or(*(pair.unknown for pair in pairs))
            return z3.Or(*(pair.true if wanted is Truth.TRUE else z3.Not(pair.maybe) for pair in pairs))
        case OfDay(dates, late):
            return z3.Or(
                *(
                    z3.And(_reached(law, leaf, late), law.encoder.truth(more).true)
                    for at, leaf, more in dates
                    if at == number
                )
            )
        case _:
            rule = law.rules[asked.bit]
            assert rule is not None
            mine = law.question.index(rule.gives)
            if asked.wins:
                return z3.And(law.rule(asked.bit).true, law.class_is(mine))
            others = [law.class_is(index) for index in range(len(law.question.classes)) if index != mine]
            return z3.And(law.encoder.truth(rule.bare).true, z3.Or(*others))


def _reached(law: Asked, leaf: Reached, late: int) -> z3.BoolRef:
    """The comparison held `late` days ago and not on the day before that: the same formula on other days."""
    pair, day = law.encoder.truth(leaf), law.day.symbol
    then = z3.substitute(pair.true, (day, day - late))
    before = z3.substitute(pair.maybe, (day, day - late - 1))
    return z3.And(then, z3.Not(before))


def _smallest(
    looking: _Looking, witnesses: list[tuple[Demand, Witness]], missing: tuple[Demand, ...]
) -> tuple[Shows, ...]:
    """Few of the witnesses that show all that is missing: each time the one that shows most of what is left."""
    left = set(missing)
    shown = [{demand for demand in missing if looking.shown_by(demand, witness)} for _, witness in witnesses]
    chosen = []
    while any(left & one for one in shown):
        best = max(range(len(shown)), key=lambda index: len(shown[index] & left))
        now = [demand for demand in missing if demand in shown[best] & left]
        chosen.append(Shows(witnesses[best][1], now[0].where, now[0].cite, now[0].what, tuple(one.what for one in now)))
        left -= shown[best]
    return tuple(chosen)
