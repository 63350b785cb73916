"""BURDEN: a protected fact that weighs against somebody (charter S2).

1. Two people known exactly are alike in everything but one fact of service, education, care duty, office or finding;
   the second has its neutral value. Nobody of the first kind may have a class that is worse than the second's.
2. Worse is, in this order: a heavier effect (a duty, a duty put off, none), may be called where the other may not,
   a later one among the classes that bind. Where the law itself leaves the second person's class open (a day that it
   does not settle), the lightest of the classes that he may have counts.
3. The law itself may lay a burden: a `burden` entry with its article says publicly which class it gives instead of
   which. Only these pairs are taken out, and the solver is asked again until nothing else weighs; an allowed pair that
   does not happen is told.
"""

from collections.abc import Container, Iterator, Mapping

import z3

from musterroll.fact.attribute import PROTECTED_KINDS, Held, State
from musterroll.law.burden import Allowed
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


def findings(pack: Pack, grounds: tuple[Ground, ...]) -> Iterator[tuple[str, Allowed | Finding]]:
    """Each worse class that a protected attribute gives, with the class of its neutral value, once: as allowed by an
    entry that is needed, or as a finding where no entry allows it.

    Raises GaveUp.
    """
    question = grounds[0].question
    if all(weight(question, index) == LIGHTEST for index in range(len(question.classes))):
        return
    told: set[tuple[str, Allowed]] = set()
    for ground in grounds:
        scales = Scales(ground)
        for name in protected(pack):
            if name not in ground.asked.facts.of:
                continue
            known = {pair for other, pair in told if other == name}
            entry = pack.burdens.get(name)
            light = scales.light(name)
            for pair in entry.allows if entry else ():
                if pair.question == question.name and pair not in known and scales.happens(light, pair):
                    told.add((name, pair))
                    yield name, pair
            known |= set(entry.allows if entry else ())
            while scales.weighs(light, known):
                pair, finding = _told(ground, name, scales.goal(light, known), known)
                known.add(pair)
                told.add((name, pair))
                yield name, finding


class Scales:
    """Whose class is which, and whose may be which with the neutral value of a fact."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        question, context = ground.question, ground.asked.context
        self.weights = {index: weight(question, index) for index in ground.decided}
        may_be = [one for _, one in sorted(ground.asked.may_be().items())]
        sort = z3.BoolSort(context)
        self._may_be = z3.Function("light", *(sort for _ in may_be), sort)(*may_be)

    def light(self, name: str) -> list[z3.BoolRef]:
        """For each class that it may be the answer about the same person with the neutral value of the fact."""
        ground = self.ground
        neutral = ground.asked.facts.substitution(name, _neutral(ground, name))
        return list(z3.substitute(self._may_be, *neutral).children())

    def happens(self, light: list[z3.BoolRef], pair: Allowed) -> bool:
        """Whether a worse class is given instead of another to anybody."""
        given, instead = (self.ground.question.index(name) for name in (pair.given, pair.instead))
        if self.weights[given] <= self.weights[instead]:
            return False
        return self._anybody(z3.And(self.ground.decided[given], light[instead]))

    def weighs(self, light: list[z3.BoolRef], known: Container[Allowed]) -> bool:
        """Whether the fact gives anybody a worse class than its neutral value, other than those known."""
        return self._anybody(self.goal(light, known))

    def goal(self, light: list[z3.BoolRef], known: Container[Allowed]) -> z3.BoolRef:
        """That a worse class is given, other than those known."""
        asked, context = self.ground.question, self.ground.asked.context
        worse: list[z3.BoolRef] = []
        for given, one in self.ground.decided.items():
            lighter = [
                may
                for instead, may in enumerate(light)
                if self.weights[instead] < self.weights[given]
                and Allowed(asked.name, asked.classes[given].name, asked.classes[instead].name) not in known
            ]
            if lighter:
                worse.append(z3.And(one, any_of(lighter, context)))
        return any_of(worse, context)

    def _anybody(self, goal: z3.BoolRef) -> bool:
        solver = self.ground.solver
        solver.push()
        try:
            solver.add(goal)
            return solver.find() is not None
        finally:
            solver.pop()


def _neutral(ground: Ground, name: str) -> Held:
    attribute = ground.pack.attributes[name]
    value = value_of(attribute, attribute.neutral, name)
    return Held(value, value, State.SINGLE)


def _told(ground: Ground, name: str, goal: z3.BoolRef, known: Container[Allowed]) -> tuple[Allowed, Finding]:
    attribute, question, facts_of = ground.pack.attributes[name], ground.question, ground.asked.facts
    without = _neutral(ground, name)

    def worse(held: Mapping[str, Held], on: int) -> Allowed | None:
        """The lightest class that the same person may have without the fact, if that is lighter and not known."""
        one, other = ground.standing(held, on), ground.standing({**held, name: without}, on)
        if name not in held or one.cls is None or (other.cls is None and len(held) < len(facts_of.of)):
            return None
        heavy = weight(question, question.index(one.cls))
        lighter = sorted((weight(question, question.index(may)), may) for may in other.possible)
        pairs = (Allowed(question.name, one.cls, may) for weighs, may in lighter if weighs < heavy)
        return next((pair for pair in pairs if pair not in known), None)

    held, on = smallest(ground, goal, lambda held, on: worse(held, on) is not None)
    pair = worse(held, on)
    assert pair is not None
    standing = ground.standing(held, on)
    rules = tuple(
        rule for bit, rule in ground.rules.items() if standing.true >> bit & 1 and rule.gives == pair.given
    ) or tuple(rule for rule in ground.rules.values() if name in attributes_of(rule.when))
    told = Finding(
        "burden",
        f"`{name}` is a {attribute.kind.value} fact; `{text_of(attribute, held[name].lo or 0)}` gives `{pair.given}` "
        f"where `{attribute.neutral}` gives `{pair.instead}`. For example: {who(ground.pack, held, on)}.",
        f"{attribute.basis}; {'; '.join(place(rule) for rule in rules)}",
        "Correct the rule; or, where the law itself says so, publish a BURDEN entry with its article (charter S2): "
        f"`allows: [{pair}]`.",
        True,
        question.name,
        tuple(rule.name for rule in rules),
        facts(ground.pack, held),
        on,
        name,
    )
    return pair, told
