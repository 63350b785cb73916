"""UNORDERED OVERLAP: two rules that hold of one person, give different classes, and no paragraph says which is tried
first.

1. Only pairs of classes that the order in force does not settle are looked at: in real law nearly every rule can meet
   nearly every other, and order is declared once, for classes (law-engine 5).
2. An overlap counts where it decides: the class of one of the two rules is the answer. Where both give way to a third
   rule, that one is looked at instead.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations

import z3

from musterroll.fact.attribute import Held
from musterroll.law.lint import Finding
from musterroll.law.prove.ground import Ground
from musterroll.law.prove.smallest import smallest
from musterroll.law.prove.telling import finding, named, who


def pairs(ground: Ground) -> Iterator[tuple[int, int]]:
    """Pairs of rules whose classes no chain in force puts in order, the one that is tried first before the other."""
    classes, tried = ground.question.classes, ground.period.tried[ground.question.name]
    for first, second in combinations(tried, 2):
        if not ground.period.settled(ground.question.name, classes[first].name, classes[second].name):
            for one in ground.asked.bits_of(first):
                for other in ground.asked.bits_of(second):
                    yield one, other


def findings(grounds: tuple[Ground, ...]) -> Iterator[Finding]:
    """Each pair of rules that meet without order, once. Raises GaveUp."""
    told: set[tuple[int, int]] = set()
    for ground in grounds:
        for one, other in pairs(ground):
            answer = ground.decided[ground.class_of(one)]
            if (one, other) in told or ground.solver.find(ground.true[one], ground.true[other], answer) is None:
                continue
            told.add((one, other))
            yield _told(ground, one, other, z3.And(ground.true[one], ground.true[other], answer))


def _told(ground: Ground, one: int, other: int, goal: z3.BoolRef) -> Finding:
    rule, second, both = ground.rules[one], ground.rules[other], 1 << one | 1 << other

    def meet(held: Mapping[str, Held], on: int) -> bool:
        standing = ground.standing(held, on)
        return standing.true & both == both and standing.cls == rule.gives

    person = smallest(ground, goal, meet)
    return finding(
        "unordered-overlap",
        f"Rules {named([rule])} and {named([second])} both hold of this person and give `{rule.gives}` and "
        f"`{second.gives}`, and no cited order says which is tried first: {who(ground.pack, *person)}.",
        "Add the paragraph that puts the two classes in order to `order:`, or let one rule yield to the other.",
        (rule, second),
        question=ground.question.name,
        forbids=True,
        pack=ground.pack,
        person=person,
    )
