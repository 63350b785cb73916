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
    for ground in grounds:
        for name in protected(pack):
            if name in ground.asked.facts.of and name not in told:
                goal = _weighs(ground, name)
                if goal is not None:
                    told.add(name)
                    yield name, None if name in pack.burdens else _told(ground, name, goal)


def _neutral(ground: Ground, name: str) -> Held:
    attribute = ground.pack.attributes[name]
    value = value_of(attribute, attribute.neutral, name)
    return Held(value, value, State.SINGLE)


def _weighs(ground: Ground, name: str) -> z3.BoolRef | None:
    """For whom the fact gives a worse class than its neutral value; None if for nobody."""
    question = ground.question
    put = ground.asked.facts.substitution(name, _neutral(ground, name))
    levels = sorted({weight(question, index) for index in ground.decided} - {LIGHTEST})
    worse = []
    for level in levels:
        classes = [(index, weight(question, index) >= level) for index in ground.decided]
        heavy = any_of((ground.asked.class_is(index) for index, heavier in classes if heavier), ground.asked.context)
        light = any_of((ground.asked.may_be(index) for index, heavier in classes if not heavier), ground.asked.context)
        worse.append(z3.And(heavy, z3.substitute(light, *put)))
    goal = any_of(worse, ground.asked.context)
    ground.solver.push()
    try:
        ground.solver.add(goal)
        return None if ground.solver.find() is None else goal
    finally:
        ground.solver.pop()


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
