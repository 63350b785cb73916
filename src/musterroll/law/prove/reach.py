"""Whom rules reach: GAP, DEAD, SHADOWED, REDUNDANT.

1. A rule makes a difference if somebody's class is decided by it alone: it is true, its class is the answer, and no
   other rule of that class is true. One such person on one day is enough.
2. A rule that never makes a difference is DEAD if it is never true, SHADOWED if, whenever it is true, an earlier class
   is the answer or still open, and REDUNDANT otherwise: another rule of its class is then always true too. People known
   partly count: a rule that decides for them what others leave open is not redundant.
3. A GAP is somebody whom no rule of a question reaches: the answer is then the class that is left over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import z3

from musterroll.fact.attribute import Held
from musterroll.law.lint import Finding
from musterroll.law.model import All, Condition, Line, Rule
from musterroll.law.prove.ground import Ground
from musterroll.law.prove.smallest import smallest
from musterroll.law.prove.telling import finding, named, who


@dataclass(frozen=True, slots=True)
class Grounds:
    """One stretch of one question: people known exactly or not at all, and people known partly."""

    plain: Ground
    partly: Ground


def rules(grounds: tuple[Grounds, ...]) -> Iterator[Finding]:
    """Rules of one question that make no difference to anybody. Raises GaveUp."""
    names = grounds[0].plain.question.rules
    idle = [bit for bit in range(len(names)) if not any(_differs(one.plain, bit) for one in grounds)]
    idle = [bit for bit in idle if not any(_differs(one.partly, bit) for one in grounds)]
    for bit in idle:
        in_force = [one for one in grounds if bit in one.plain.rules]
        if in_force:
            yield _idle(in_force, bit)


def gaps(grounds: tuple[Ground, ...]) -> Iterator[Finding]:
    """Somebody whom no rule of one question reaches. Raises GaveUp."""
    for ground in grounds:
        found = _gap(ground)
        if found:
            yield found
            return


def _differs(ground: Ground, bit: int) -> bool:
    if bit not in ground.rules:
        return False
    return ground.solver.find(*_alone(ground, bit)) is not None


def _alone(ground: Ground, bit: int) -> list[z3.BoolRef]:
    others = [z3.Not(ground.true[other]) for other in ground.others(bit)]
    return [ground.true[bit], ground.decided[ground.class_of(bit)], *others]


def _idle(grounds: list[Grounds], bit: int) -> Finding:
    true = [one for one in grounds if one.plain.solver.find(one.plain.true[bit]) is not None]
    if not true:
        return _dead(grounds[0].plain, bit)
    wins = [one for one in true if one.plain.solver.find(*_wins(one.plain, bit)) is not None]
    return _redundant(wins[0], bit) if wins else _shadowed(true[0].plain, bit)


def _wins(ground: Ground, bit: int) -> list[z3.BoolRef]:
    return [ground.true[bit], ground.decided[ground.class_of(bit)]]


def _dead(ground: Ground, bit: int) -> Finding:
    rule = ground.rules[bit]
    parts = _parts(rule.when)
    excluding = ground.solver.excluding([ground.solver.named(ground.asked.encoder.truth(one).true) for one in parts])
    others = tuple(
        other for name in rule.exceptions for other in ground.rules.values() if other.name == name and excluding
    )
    lines = [_said(parts[place], rule) for place in excluding]
    why = f"{' and '.join(lines)} exclude one another" if len(lines) > 1 else f"{lines[0]} holds of nobody"
    return finding(
        "dead",
        f"Rule {named([rule])} reaches nobody on any day: {why}.",
        "Correct its conditions or take it out.",
        (rule, *(other for other in others if any(f"`{other.name}`" in line for line in lines))),
        question=ground.question.name,
        forbids=False,
    )


def _parts(condition: Condition) -> list[Condition]:
    match condition:
        case All(parts):
            return [one for part in parts for one in _parts(part)]
        case _:
            return [condition]


def _said(part: Condition, rule: Rule) -> str:
    if isinstance(part, Line):
        return f"{part.cite} `{part.text}`"
    return f"what goes before it ({', '.join(f'`{name}`' for name in rule.exceptions) or 'a group of conditions'})"


def _shadowed(ground: Ground, bit: int) -> Finding:
    rule, earlier = ground.rules[bit], ground.earlier(bit)
    excluding = ground.solver.excluding([ground.true[bit], *(z3.Not(ground.maybe[other]) for other in earlier)])
    over = tuple(ground.rules[earlier[place - 1]] for place in excluding if place)
    person = smallest(ground, ground.true[bit], lambda held, on: bool(ground.standing(held, on).true >> bit & 1))
    return finding(
        "shadowed",
        f"Whenever rule {named([rule])} holds, {named(over)} of an earlier class may hold too, so nobody is ever "
        f"`{rule.gives}` by it. For example: {who(ground.pack, *person)}.",
        "Let it take precedence (`exception to`), correct the order, or take it out.",
        (rule, *over),
        question=ground.question.name,
        forbids=False,
        pack=ground.pack,
        person=person,
    )


def _redundant(grounds: Grounds, bit: int) -> Finding:
    ground, partly = grounds.plain, grounds.partly
    rule, others = ground.rules[bit], ground.others(bit)
    excluding = partly.solver.excluding([*_wins(partly, bit), *(z3.Not(partly.true[other]) for other in others)])
    covering = tuple(ground.rules[others[place - 2]] for place in excluding if place > 1)

    def shows(held: Mapping[str, Held], on: int) -> bool:
        standing = ground.standing(held, on)
        return bool(standing.true >> bit & 1) and standing.cls == rule.gives

    person = smallest(ground, z3.And(*_wins(ground, bit)), shows)
    return finding(
        "redundant",
        f"Rule {named([rule])} changes nobody's class: whoever is `{rule.gives}` by it is so by {named(covering)} too. "
        f"For example: {who(ground.pack, *person)}.",
        "Take it out, or accept it with the reason why the law says it twice.",
        (rule, *covering),
        question=ground.question.name,
        forbids=False,
        pack=ground.pack,
        person=person,
    )


def _gap(ground: Ground) -> Finding | None:
    nobody = [z3.Not(one) for one in ground.maybe.values()]
    if ground.solver.find(*nobody) is None:
        return None
    person = smallest(
        ground,
        z3.And(*nobody) if nobody else z3.BoolVal(True, ground.asked.context),
        lambda held, on: (one := ground.standing(held, on)).true == one.unknown == 0,
    )
    asked = ground.question
    return finding(
        "gap",
        f"No rule of `{asked.name}` reaches this person, who is `{asked.otherwise}` because nothing else is left: "
        f"{who(ground.pack, *person)}.",
        "Write the rule that the law has for such people, or accept the gap with the paragraph about everybody else.",
        (),
        where=f"question {asked.name}, {asked.order_basis}",
        question=asked.name,
        forbids=False,
        pack=ground.pack,
        person=person,
    )
