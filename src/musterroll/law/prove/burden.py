"""BURDEN: a protected fact that weighs against somebody (charter S2).

1. Two people known exactly are alike in everything but one fact of service, education, care duty, office or finding;
   the second has its neutral value. Nobody of the first kind may have a class that is worse than the second's.
2. Worse is, in this order: a heavier effect (a duty, a duty put off, none), may be called where the other may not,
   a later one among the classes that bind. Where the law itself leaves the second person's class open (a day that it
   does not settle), the lightest of the classes that he may have counts.
3. The law itself may lay a burden: a `burden` entry with its article says so publicly. One that is not needed is told.
"""

from collections.abc import Iterator, Mapping

import z3

from musterroll.fact.attribute import PROTECTED_KINDS, Held, State
from musterroll.law.declare import text_of, value_of
from musterroll.law.lint import Finding
from musterroll.law.model import Question, attributes_of
from musterroll.law.pack import Pack
from musterroll.law.prove.encode import any_of
from musterroll.law.prove.ground import Ground
from musterroll.law.prove.smallest import smallest
from musterroll.law.prove.telling import facts, place, who

LIGHTEST = (0, False, 0)


def weight(question: Question, index: int) -> tuple[int, bool, int]:
    """How heavily a class weighs: its effect, whether it may be called, and among duties its place."""
    one = question.classes[index]
    return one.effect.burden, one.callable, index if one.adverse else 0


def protected(pack: Pack) -> tuple[str, ...]:
    """The attributes that may not weigh against anybody."""
    return tuple(name for name, one in pack.attributes.items() if one.kind in PROTECTED_KINDS)


def findings(pack: Pack, grounds: tuple[Ground, ...]) -> Iterator[tuple[str, Finding | None]]:
    """Each protected attribute that weighs against somebody, once; with the finding where no entry allows it.

    Raises GaveUp.
    """
    told: set[str] = set()
    question = grounds[0].question
    if all(weight(question, index) == LIGHTEST for index in range(len(question.classes))):
        return
    for ground in grounds:
        scales = Scales(ground)
        for name in protected(pack):
            if name in ground.asked.facts.of and name not in told:
                goal = scales.weighs(name)
                if goal is not None:
                    told.add(name)
                    yield name, None if name in pack.burdens else _told(ground, name, goal)


class Scales:
    """For each weight that a class can have: whose class is as heavy, and whose may be lighter."""

    def __init__(self, ground: Ground) -> None:
        asked, context = ground.asked, ground.asked.context
        weights = {index: weight(ground.question, index) for index in ground.decided}
        levels = sorted(set(weights.values()) - {LIGHTEST})
        may_be = asked.may_be()
        self.ground = ground
        self.heavy = [
            ground.solver.named(
                any_of((asked.class_is(index) for index in weights if weights[index] >= level), context)
            )
            for level in levels
        ]
        light = [any_of((may_be[index] for index in weights if weights[index] < level), context) for level in levels]
        sort = z3.BoolSort(context)
        self.light = z3.Function("light", *(sort for _ in light), sort)(*light)

    def weighs(self, name: str) -> z3.BoolRef | None:
        """For whom the fact gives a worse class than its neutral value; None if for nobody."""
        solver = self.ground.solver
        light = z3.substitute(self.light, *self.ground.asked.facts.substitution(name, _neutral(self.ground, name)))
        pairs = zip(self.heavy, light.children(), strict=True)
        goal = any_of((z3.And(*pair) for pair in pairs), self.ground.asked.context)
        solver.push()
        try:
            solver.add(goal)
            return None if solver.find() is None else goal
        finally:
            solver.pop()


def _neutral(ground: Ground, name: str) -> Held:
    attribute = ground.pack.attributes[name]
    value = value_of(attribute, attribute.neutral, name)
    return Held(value, value, State.SINGLE)


def _told(ground: Ground, name: str, goal: z3.BoolRef) -> Finding:
    attribute, question, facts_of = ground.pack.attributes[name], ground.question, ground.asked.facts
    without = _neutral(ground, name)

    def worse(held: Mapping[str, Held], on: int) -> bool:
        one, other = ground.standing(held, on), ground.standing({**held, name: without}, on)
        if name not in held or one.cls is None:
            return False
        known = other.cls is not None or len(held) == len(facts_of.of)
        light = min(weight(question, question.index(may)) for may in other.possible)
        return known and weight(question, question.index(one.cls)) > light

    held, on = smallest(ground, goal, worse)
    one, other = ground.standing(held, on).cls, ground.standing({**held, name: without}, on)
    standing = ground.standing(held, on)
    rules = tuple(
        rule for bit, rule in ground.rules.items() if standing.true >> bit & 1 and rule.gives == one
    ) or tuple(rule for rule in ground.rules.values() if name in attributes_of(rule.when))
    return Finding(
        "burden",
        f"`{name}` is a {attribute.kind.value} fact; `{text_of(attribute, held[name].lo or 0)}` gives `{one}` where "
        f"`{attribute.neutral}` gives {' or '.join(f'`{may}`' for may in other.possible)}. For example: "
        f"{who(ground.pack, held, on)}.",
        f"{attribute.basis}; {'; '.join(place(rule) for rule in rules)}",
        "Correct the rule; or, where the law itself says so, publish a BURDEN entry with its article (charter S2).",
        True,
        question.name,
        tuple(rule.name for rule in rules),
        facts(ground.pack, held),
        on,
    )
