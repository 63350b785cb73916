"""KLEENE-GAP: somebody who is asked for a fact although the answer is the same whatever it is.

Kleene's logic knows what each comparison is, not that two comparisons look at the same fact: `x or not x` is unknown
where x is. Nobody is harmed by it (undetermined binds nobody), but people are asked needlessly.

1. Looked at is everybody of whom one fact is not known or known partly, and all others exactly, on every day; fact by
   fact. Where two or more facts are missing together nothing is proved here, and that is said with the proof.
2. Whatever the fact is: the law compares a fact with limits (a day counted back from the day of evaluation, a constant,
   another fact). Between two limits all values are alike, so the last value of each such cell stands for all of it.
3. What is found is the fact with the rules that cannot tell. Whoever meets just these rules with this fact is then
   excluded, and the solver is asked again until nobody is left: what a pack accepts hides no other rule or fact.
4. Whom the solver finds is asked of the evaluator, with the fact missing and with each value that matters.
"""

from collections.abc import Iterator, Mapping

import z3

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import Attribute, Held, State, ValueType
from musterroll.law.cells import cells
from musterroll.law.lint import Finding
from musterroll.law.model import (
    AtMost,
    Begun,
    Condition,
    Is,
    Known,
    Leaf,
    OneOf,
    Ordered,
    Reached,
    Rule,
    attributes_of,
    joined_parts,
)
from musterroll.law.prove.encode import Asked, any_of
from musterroll.law.prove.ground import Ground
from musterroll.law.prove.person import Codes, Ends, Facts, Knowledge
from musterroll.law.prove.smallest import smallest
from musterroll.law.prove.telling import finding, named, who

type Culprits = frozenset[str]


class Missing:
    """People known exactly but for one fact, under the law of one stretch. `ground` speaks of people known exactly."""

    def __init__(self, ground: Ground) -> None:
        asked, context = ground.asked, ground.asked.context
        self.ground = ground
        self.exact = asked.facts
        partly = Facts(ground.pack.attributes, asked.facts.of, Knowledge.PARTLY, context, "partly ")
        self.partly = partly
        self.leaves = _leaves(ground)
        open_one = Asked(ground.pack, ground.question.name, ground.period, partly, asked.day)
        self.open_one = open_one
        self.open = open_one.undetermined
        self.classes = _bundle([asked.class_is(index) for index in range(len(ground.question.classes))], context)

    def needless(self, name: str, told: set[Culprits]) -> Iterator[Finding]:
        """Each set of rules because of which somebody is asked for a fact needlessly, other than those told."""
        others = [pair for other in self.exact.of if other != name for pair in self._exactly(other)]
        undetermined = z3.substitute(self.open, *others)
        one = self.partly.of[name]
        for known, domain, values in self._ways(name):
            given = [(may, self._with(name, value).children()) for may, value in values]
            same = any_of(
                (
                    z3.And(*(z3.Implies(may, classes[index]) for may, classes in given))
                    for index in range(len(self.ground.question.classes))
                ),
                self.exact.context,
            )
            goal = z3.And(undetermined, one.known if known else z3.Not(one.known), *domain, same)
            while True:
                new = z3.And(goal, *(z3.Not(self._because_of(rules, others)) for rules in sorted(told, key=sorted)))
                model = self._find(new)
                if model is None:
                    break
                fact = self.partly.person(model).get(name)
                symbols = [] if fact is None else self.partly.substitution(name, fact)
                kept = [symbol == value for symbol, value in symbols]
                found = self._told(name, z3.And(new, *kept), fact, told)
                told.add(frozenset(found.rules))
                yield found

    def _find(self, goal: z3.BoolRef) -> z3.ModelRef | None:
        solver = self.ground.solver
        solver.push()
        try:
            solver.add(goal)
            return solver.find()
        finally:
            solver.pop()

    def _because_of(self, culprits: Culprits, others: list[tuple[z3.ExprRef, z3.ExprRef]]) -> z3.BoolRef:
        """That these rules are unknown and matter."""
        asked, ground = self.open_one, self.ground
        unknown: list[z3.BoolRef] = []
        none_true = z3.BoolVal(True, self.exact.context)
        for index in asked.period.tried[asked.question.name]:
            bits = asked.bits_of(index)
            none_true = z3.And(none_true, *(z3.Not(asked.rule(bit).true) for bit in bits))
            mine = [asked.rule(bit).maybe for bit in bits if ground.rules[bit].name in culprits]
            unknown += [none_true, *mine] if mine else []
        return z3.substitute(z3.And(*unknown), *others)

    def culprits(self, name: str, held: Mapping[str, Held], on: int) -> tuple[Rule, ...]:
        """The rules that read a fact, are unknown, and matter: no class up to theirs is established."""
        ground = self.ground
        standing = ground.standing(held, on)
        found: list[int] = []
        for index in ground.period.tried[ground.question.name]:
            bits = ground.asked.bits_of(index)
            if any(standing.true >> bit & 1 for bit in bits):
                break
            found += [bit for bit in bits if standing.unknown >> bit & 1]
        return tuple(ground.rules[bit] for bit in sorted(found) if name in attributes_of(ground.rules[bit].when))

    def _exactly(self, name: str) -> list[tuple[z3.ExprRef, z3.ExprRef]]:
        """What to put for the symbols of a partly known fact that is known exactly here."""
        one, exact = self.partly.of[name], self.exact.of[name]
        made: list[tuple[z3.ExprRef, z3.ExprRef]] = [(one.known, z3.BoolVal(True, self.exact.context))]
        if isinstance(one, Ends):
            assert isinstance(exact, Ends)
            return [*made, (one.lo, exact.lo), (one.hi, exact.lo)]
        assert isinstance(exact, Codes)
        if one.value is None:
            return made + list(zip(one.may, exact.may, strict=True))
        return [*made, (one.value, exact.value)]

    def _with(self, name: str, value: z3.ExprRef) -> z3.ExprRef:
        """The classes of the same person with another value of one fact."""
        one = self.exact.of[name]
        return z3.substitute(self.classes, (one.lo if isinstance(one, Ends) else one.value, value))

    def _ways(self, name: str) -> Iterator[tuple[bool, list[z3.BoolRef], list[tuple[z3.BoolRef, z3.ExprRef]]]]:
        """How the fact may be missing: whether anything is known, what holds then, and the values it may have."""
        context, one = self.exact.context, self.partly.of[name]
        always = z3.BoolVal(True, context)
        if isinstance(one, Ends):
            limits = [_within(self.exact.attributes[name], limit, context) for limit in self._limits(name)]
            most = _within(self.exact.attributes[name], z3.IntVal(NEVER, context), context)
            yield False, [], [(always, limit) for limit in [*limits, most]]
            inside = [(z3.And(one.lo <= limit, limit <= one.hi), limit) for limit in limits]
            yield True, [*self.partly.domain_of[name]], [*inside, (always, one.hi)]
        elif z3.is_bool(one.value):
            yield False, [], [(always, z3.BoolVal(value, context)) for value in (False, True)]
        else:
            codes = [z3.IntVal(code, context) for code in range(len(one.may))]
            yield False, [], [(always, code) for code in codes]
            if one.value is None:
                yield True, [*self.partly.domain_of[name]], list(zip(one.may, codes, strict=True))

    def _limits(self, name: str) -> list[z3.ArithRef]:
        """The largest values of which each comparison of this fact is still alike."""
        ground, context = self.ground, self.exact.context
        found: dict[int, z3.ArithRef] = {}
        for leaf in self.leaves.get(name, ()):
            if isinstance(leaf, AtMost):
                terms = [z3.IntVal(leaf.limit, context)]
            elif isinstance(leaf, Reached):
                both = ground.asked.encoder.limits(leaf.shift, leaf.by)
                terms = [z3.IntVal(one, context) if isinstance(one, int) else one for one in both]
            else:
                assert isinstance(leaf, Ordered)
                terms = [self._against(name, leaf.first, leaf.days, leaf.second)]
            found.update({one.get_id(): one for one in terms})
        return list(found.values())

    def _against(self, name: str, first: str, days: int, second: str) -> z3.ArithRef:
        other = self.exact.of[second if name == first else first]
        assert isinstance(other, Ends)
        if name == first:
            moved = z3.If(other.lo == FIRST_DAY, z3.IntVal(FIRST_DAY, self.exact.context), other.lo - days)
            return z3.If(other.lo == NEVER, z3.IntVal(NEVER, self.exact.context), moved)
        never = z3.IntVal(NEVER - 1, self.exact.context)
        return z3.If(other.lo == NEVER, never, other.lo + (days - 1))

    def _told(self, name: str, goal: z3.BoolRef, partly: Held | None, told: set[Culprits]) -> Finding:
        ground = self.ground

        def needless(held: Mapping[str, Held], on: int) -> bool:
            if len(held) < len(self.exact.of):
                return False
            known = self._without(held, name, partly)
            if self._settled(name, known, on) is None:
                return False
            culprits = {rule.name for rule in self.culprits(name, known, on)}
            return not any(rules <= culprits for rules in told)

        held, on = smallest(ground, goal, needless)
        known = self._without(held, name, partly)
        rules = self.culprits(name, known, on)
        return finding(
            "kleene-gap",
            f"`{name}` is asked for although this person is `{self._settled(name, known, on)}` whatever it is, because "
            f"{named(rules)} cannot tell: {who(ground.pack, known, on)}.",
            "Write the condition so that it does not turn on the fact, or accept that it is asked for.",
            rules,
            question=ground.question.name,
            forbids=False,
            about=name,
            pack=ground.pack,
            person=(known, on),
        )

    def _without(self, held: Mapping[str, Held], name: str, partly: Held | None) -> dict[str, Held]:
        rest = {other: fact for other, fact in held.items() if other != name}
        return rest if partly is None else {**rest, name: partly}

    def _settled(self, name: str, held: Mapping[str, Held], on: int) -> str | None:
        """The class that every value of the missing fact gives; None if they differ, or if it is decided already."""
        ground, fact = self.ground, held.get(name)
        if ground.standing(held, on).cls is not None:
            return None
        conditions = [rule.when for rule in ground.rules.values()]
        ends = cells(conditions, ground.pack.attributes, on, ground.period.calendar, held)[name]
        if fact is not None and fact.among is not None:
            values = [code for code in ends if fact.among >> code & 1]
        elif fact is not None and fact.lo is not None and fact.hi is not None:
            values = [end for end in ends if fact.lo <= end <= fact.hi] + [fact.hi]
        else:
            values = list(ends)
        classes = {ground.standing({**held, name: Held(one, one, State.SINGLE)}, on).cls for one in values}
        return classes.pop() if len(classes) == 1 else None


def findings(missing: tuple[Missing, ...]) -> Iterator[Finding]:
    """Each fact that somebody is asked for needlessly, with each set of rules that cannot tell, once. Raises GaveUp."""
    told: dict[str, set[Culprits]] = {}
    for one in missing:
        for name in one.exact.of:
            yield from one.needless(name, told.setdefault(name, set()))


def _bundle(formulas: list[z3.BoolRef], context: z3.Context) -> z3.ExprRef:
    sort = z3.BoolSort(context)
    return z3.Function("classes", *(sort for _ in formulas), sort)(*formulas)


def _leaves(ground: Ground) -> dict[str, list[Leaf]]:
    """The comparisons of each fact, each once."""
    found: dict[str, dict[Leaf, None]] = {}
    seen: set[int] = set()
    for rule in ground.rules.values():
        for leaf in _inside(rule.when, seen):
            for name in attributes_of(leaf):
                found.setdefault(name, {})[leaf] = None
    return {name: list(leaves) for name, leaves in found.items()}


def _inside(condition: Condition, seen: set[int]) -> Iterator[Leaf]:
    if id(condition) in seen:
        return
    seen.add(id(condition))
    match condition:
        case Is() | OneOf() | AtMost() | Reached() | Ordered() | Begun() | Known():
            yield condition
        case _:
            for part in joined_parts(condition):
                yield from _inside(part, seen)


def _within(attribute: Attribute, limit: z3.ArithRef, context: z3.Context) -> z3.ArithRef:
    """The largest value of the attribute that is at most the limit; of whole numbers, the smallest if there is none."""
    least, most = attribute.span
    if attribute.type is not ValueType.INT:
        return limit
    return z3.If(limit < least, z3.IntVal(least, context), z3.If(limit > most, z3.IntVal(most, context), limit))
