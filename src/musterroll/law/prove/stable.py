"""ADVERSE-BY-UNKNOWN: nobody is bound to anything through a fact that is not known (charter S1); and more than that:
no class that is decided can be overturned by learning more.

Two people are looked at together: one known partly, and the same person known better (each fact known at least as
exactly). What is proved, step by step, so that no step is too large for the solver:

1. for each rule, that true stays true and false stays false when more is known, for every fact, on every day;
2. for every class, given only that, that a decided class stays decided and the same.

Where a step fails, somebody is looked for whose class changes by learning more, and told.
"""

from collections.abc import Iterator, Mapping

import z3

from musterroll.fact.attribute import Held
from musterroll.law.evaluate import decide
from musterroll.law.lint import Finding
from musterroll.law.pack import Pack
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import Asked, Pair, any_of, attributes_read
from musterroll.law.prove.ground import Stretch
from musterroll.law.prove.person import Codes, Ends, Fact, Facts, Knowledge
from musterroll.law.prove.smallest import confirmed
from musterroll.law.prove.solver import Solver
from musterroll.law.prove.telling import facts, place, who


class Learning:
    """A person known partly, and the same person known better, under the law of one stretch."""

    def __init__(self, pack: Pack, question: str, stretch: Stretch, effort: int) -> None:
        context = z3.Context()
        names = attributes_read(pack, question, stretch.period)
        day = Day(stretch.first, stretch.end - 1, context)
        self.pack = pack
        self.before, self.after = (
            Asked(pack, question, stretch.period, Facts(pack.attributes, names, Knowledge.PARTLY, context, prefix), day)
            for prefix in ("", "later ")
        )
        self.solver = Solver(context, effort)
        self.solver.add(*self.before.domain, *self.after.facts.domain)
        for name in names:
            self.solver.add(_better(self.before.facts.of[name], self.after.facts.of[name]))

    def findings(self) -> Iterator[Finding]:
        """A class that learning more would change. Raises GaveUp."""
        bits = [bit for bit, rule in enumerate(self.before.rules) if rule]
        if all(self._kept(bit) for bit in bits) and self._classes_follow(bits):
            return
        for index in range(len(self.before.question.classes)):
            goal = z3.And(self.before.class_is(index), z3.Not(self.after.class_is(index)))
            model = self.solver.find(self.solver.named(goal))
            if model is not None:
                yield self._told(index, *self.before.person(model), self.after.facts.person(model))

    def _kept(self, bit: int) -> bool:
        """What is true of a rule stays true, what is false stays false."""
        one, other = self.before.rule(bit), self.after.rule(bit)
        changed = z3.Or(z3.And(one.true, z3.Not(other.true)), z3.And(other.maybe, z3.Not(one.maybe)))
        return self.solver.find(self.solver.named(changed)) is None

    def _classes_follow(self, bits: list[int]) -> bool:
        """From what holds of rules follows what holds of classes: no fact and no day is needed for that."""
        context = z3.Context()
        solver = Solver(context, self.solver.effort)
        known = [self._free(bits, prefix, context) for prefix in ("", "later ")]
        for bit in bits:
            before, after = known[0][bit], known[1][bit]
            solver.add(z3.Implies(before.true, before.maybe), z3.Implies(after.true, after.maybe))
            solver.add(z3.Implies(before.true, after.true), z3.Implies(after.maybe, before.maybe))
        decided = [self.before.deciding(pairs, context) for pairs in known]
        changed = (z3.And(formula, z3.Not(decided[1][index])) for index, formula in decided[0].items())
        return solver.find(solver.named(any_of(changed, context))) is None

    def _free(self, bits: list[int], prefix: str, context: z3.Context) -> dict[int, Pair]:
        return {
            bit: Pair(z3.Bool(f"{prefix}true {bit}", context), z3.Bool(f"{prefix}maybe {bit}", context)) for bit in bits
        }

    def _told(self, index: int, held: Mapping[str, Held], on: int, later: Mapping[str, Held]) -> Finding:
        asked = self.before
        one = asked.question.classes[index]
        standing, learnt = (decide(self.pack, asked.question.name, known, on) for known in (held, later))
        confirmed(standing.cls == one.name != learnt.cls, asked.question.name)
        rules = tuple(rule for bit, rule in enumerate(asked.rules) if rule and standing.true >> bit & 1)
        return Finding(
            "adverse-by-unknown",
            f"Somebody found `{one.name}` would be {learnt.cls or 'undetermined'} if more were known: "
            f"{who(self.pack, held, on)}; known better: {who(self.pack, later, on)}.",
            "; ".join(place(rule) for rule in rules if rule.gives == one.name),
            "Let the rule rest on facts, never on whether they are known (charter S1).",
            True,
            asked.question.name,
            tuple(rule.name for rule in rules if rule.gives == one.name),
            facts(self.pack, held),
            on,
        )


def _better(before: Fact, after: Fact) -> z3.BoolRef:
    """What is known of a fact stays known, at least as exactly."""
    if isinstance(before, Ends):
        assert isinstance(after, Ends)
        inside = z3.And(before.lo <= after.lo, after.hi <= before.hi)
        return z3.Implies(before.known, z3.And(after.known, inside))
    assert isinstance(after, Codes)
    fewer = z3.And(*map(z3.Implies, after.may, before.may))
    return z3.Implies(before.known, z3.And(after.known, fewer))
