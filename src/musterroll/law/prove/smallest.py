"""The smallest person for whom something holds, so that a finding can be read at a glance (law-engine 6.9).

1. Smallest: the fewest facts that are not plain; then the earliest day; then as little known as possible; then values
   near the day. Plain is a fact that is not known, or has its neutral value, or `never`, `none`, `no` or nought.
2. That no person with fewer such facts exists is the solver's answer, for up to twelve of them.
3. Every person is confirmed by the evaluator; if it does not agree, proofs are worth nothing: a programming error.
"""

from collections.abc import Iterator, Mapping

import z3

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import Attribute, Held, Kind, State, ValueType
from musterroll.law.cells import cells
from musterroll.law.declare import value_of
from musterroll.law.prove.ground import Ground, Holds
from musterroll.law.prove.person import EARLIEST, LATEST, Facts, number

FEW = 12
"""Up to so many facts, a smaller number is looked for."""


def plain_values(attribute: Attribute) -> tuple[int, ...]:
    """The values that say nothing about a person, the neutral one first; none of a day of birth."""
    if attribute.neutral:
        return (value_of(attribute, attribute.neutral, attribute.name),)
    if attribute.kind is Kind.BIRTH:
        return ()
    return (NEVER, FIRST_DAY) if attribute.type is ValueType.DATE else (0,)


def plain(attribute: Attribute, held: Held) -> bool:
    """Whether a fact says nothing about the person."""
    return held.lo is None or (held.exact is not None and held.exact in plain_values(attribute))


def smallest(ground: Ground, goal: z3.BoolRef, holds: Holds) -> tuple[dict[str, Held], int]:
    """The smallest person and day for whom `goal` holds; there must be one. Raises GaveUp."""
    solver, facts = ground.solver, ground.asked.facts
    solver.push()
    try:
        solver.add(goal)
        is_plain = {name: solver.named(_plain(facts, name)) for name in facts.attributes}
        model = solver.find()
        if model is None:
            raise RuntimeError("there is nobody to be shown")
        kept, model = _plainest(ground, is_plain, model)
        model = _earliest(ground, kept, model)
        held, on = ground.asked.person(model)
    finally:
        solver.pop()
    confirmed(holds(held, on), ground.question.name)
    return _readable(ground, held, on, holds), on


def confirmed(so: bool, question: str) -> None:
    """Stops all proofs where the evaluator does not say what the solver said."""
    if not so:
        raise RuntimeError(f"the evaluator does not confirm what the solver found for {question}")


def _plain(facts: Facts, name: str) -> z3.BoolRef:
    known = facts.of[name].known
    unknown = [] if z3.is_true(known) else [z3.Not(known)]
    values = [facts.is_exactly(name, value) for value in plain_values(facts.attributes[name])]
    return z3.Or(*unknown, *values) if unknown or values else z3.BoolVal(False, facts.context)


def _plainest(
    ground: Ground, is_plain: Mapping[str, z3.BoolRef], model: z3.ModelRef
) -> tuple[list[z3.BoolRef], z3.ModelRef]:
    """Which facts can be plain together, as many as possible."""
    kept: list[z3.BoolRef] = []
    for one in is_plain.values():
        better = model if z3.is_true(model.eval(one)) else ground.solver.find(*kept, one)
        if better is not None:
            kept, model = [*kept, one], better
    every = list(is_plain.values())
    while 0 < len(every) - len(kept) <= FEW:
        fewer = ground.solver.find(ground.solver.named(z3.AtLeast(*every, len(kept) + 1)))
        if fewer is None:
            break
        kept, model = [one for one in every if z3.is_true(fewer.eval(one))], fewer
    return kept, model


def _earliest(ground: Ground, kept: list[z3.BoolRef], model: z3.ModelRef) -> z3.ModelRef:
    """The same on the earliest day, the first day of all being tried first."""
    day, solver = ground.asked.day, ground.solver
    low, high, middle = day.first, number(model, day.symbol), day.first
    while low < high:
        found = solver.find(*kept, solver.named(day.symbol <= middle))
        if found is None:
            low = middle + 1
        else:
            model, high = found, number(found, day.symbol)
        middle = (low + high) // 2
    return model


def _readable(ground: Ground, held: dict[str, Held], on: int, holds: Holds) -> dict[str, Held]:
    """As little known as possible, dates near the day, as long as the evaluator still says so."""
    attributes = ground.pack.attributes
    near: dict[str, tuple[int, ...]] = {}
    for name in list(held):
        fewer = {other: fact for other, fact in held.items() if other != name}
        if holds(fewer, on):
            held = fewer
            continue
        if plain(attributes[name], held[name]):
            continue
        if attributes[name].type in (ValueType.DATE, ValueType.INT) and not near:
            near = cells([rule.when for rule in ground.rules.values()], attributes, on, ground.period.calendar, held)
        for value in _near(attributes[name], near.get(name, ()), on):
            other = {**held, name: Held(value, value, State.SINGLE)}
            if holds(other, on):
                held = other
                break
    return held


def _near(attribute: Attribute, ends: tuple[int, ...], on: int) -> Iterator[int]:
    """Values to show, the most natural first: of dates the latest before the day, then the next after it."""
    if attribute.type is ValueType.DATE:
        days = [end for end in ends if EARLIEST <= end <= LATEST]
        yield from sorted((day for day in days if day <= on), reverse=True)
        yield on
        yield from sorted(day for day in days if day > on)
        yield on + 366
    else:
        yield from ends or range(attribute.span[1] + 1)
