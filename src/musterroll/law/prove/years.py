"""DATE-DEPENDENT: a rule that reaches people in some years and nobody in others.

1. Looked at is every calendar year in which the rule is in force, up to 2099; of the first and the last year the part
   in force.
2. Somebody whom the rule reaches in one year, moved by whole years with all the dates of his life, is tried in each
   other year first: the evaluator says whether it holds. Only the years left over are put to the solver.
3. Such a rule may be right (a law for those born before a day ends with them); it is told so that nobody overlooks it.
"""

from collections.abc import Iterator, Mapping

import z3

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import Held, State, ValueType
from musterroll.law.calendar import civil, day_number, month_length
from musterroll.law.evaluate import View
from musterroll.law.lint import Finding
from musterroll.law.model import attributes_of
from musterroll.law.prove.encode import any_of
from musterroll.law.prove.ground import Ground
from musterroll.law.prove.smallest import smallest
from musterroll.law.prove.telling import finding, named, who
from musterroll.law.truth import Truth


def findings(grounds: tuple[Ground, ...]) -> Iterator[Finding]:
    """Each rule that is dead in some of its years and not in all. Raises GaveUp."""
    for bit in range(len(grounds[0].question.rules)):
        within = [ground for ground in grounds if bit in ground.rules]
        reached: set[int] = set()
        every: set[int] = set()
        for ground in within:
            years = range(civil(ground.asked.day.first)[0], civil(ground.asked.day.last)[0] + 1)
            every.update(years)
            reached.update(_reached(ground, bit, years))
        if reached and reached != every:
            ground = next(one for one in within if _reached(one, bit, range(min(reached), min(reached) + 1)))
            yield _told(ground, bit, reached, every - reached)


def _reached(ground: Ground, bit: int, years: range) -> set[int]:
    """The years in which the rule is true of somebody."""
    day, solver = ground.asked.day, ground.solver
    left, found, read = set(years), set[int](), attributes_of(ground.rules[bit].when)
    while left:
        spans = (
            z3.And(day.symbol >= day_number(first, 1, 1), day.symbol < day_number(last + 1, 1, 1))
            for first, last in runs(left)
        )
        in_years = solver.named(any_of(spans, ground.asked.context))
        model = solver.find(ground.true[bit], in_years)
        if model is None:
            return found
        person, on = ground.asked.person(model)
        held = {name: fact for name, fact in person.items() if name in read}
        moved = {year for year in left if _holds(ground, bit, *_moved(ground, held, on, year - civil(on)[0]))}
        moved.add(civil(on)[0])
        found |= moved
        left -= moved
    return found


def _holds(ground: Ground, bit: int, held: Mapping[str, Held], on: int) -> bool:
    day = ground.asked.day
    return day.first <= on <= day.last and View(ground.pack, held, on).truth(ground.rules[bit].when) is Truth.TRUE


def _moved(ground: Ground, held: Mapping[str, Held], on: int, years: int) -> tuple[dict[str, Held], int]:
    """The same life some years later or earlier."""
    moved = dict(held)
    for name, fact in held.items():
        if ground.pack.attributes[name].type is ValueType.DATE and fact.exact not in (NEVER, FIRST_DAY, None):
            day = _later(fact.exact or 0, years)
            moved[name] = Held(day, day, State.SINGLE)
    return moved, _later(on, years)


def _later(day: int, years: int) -> int:
    year, month, number = civil(day)
    return day_number(year + years, month, min(number, month_length(year + years, month)))


def runs(years: set[int]) -> list[tuple[int, int]]:
    """Years that follow one another, as first and last."""
    found: list[tuple[int, int]] = []
    for year in sorted(years):
        if found and found[-1][1] == year - 1:
            found[-1] = (found[-1][0], year)
        else:
            found.append((year, year))
    return found


def _years(years: set[int]) -> str:
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in runs(years))


def _told(ground: Ground, bit: int, reached: set[int], dead: set[int]) -> Finding:
    rule = ground.rules[bit]
    person = smallest(ground, ground.true[bit], lambda held, on: bool(ground.standing(held, on).true >> bit & 1))
    return finding(
        "date-dependent",
        f"Rule {named([rule])} reaches somebody in {_years(reached)} and nobody in {_years(dead)}. "
        f"For example: {who(ground.pack, *person)}.",
        "Accept it with the reason why it ends (or begins), or correct the dates in it.",
        (rule,),
        question=ground.question.name,
        forbids=False,
        pack=ground.pack,
        person=person,
    )
