"""The law with one small error in it, as an author could make it: what good cases notice (law-engine 6.8).

| kind | the error |
|---|---|
| `boundary` | a day, or a number, sooner or later: `<=` for `<`; a fixed day one off |
| `period` | a month, a year, a working day more or fewer in a period |
| `dropped` | one of several conditions left out |
| `joined` | one of them for all of them, all for one |
| `value` | a value of an enumeration left out, or the one beside it let in |
| `negation` | not for yes |
| `order` | two neighbouring classes, whose order the law settles, tried the other way round |
| `exception` | an exception forgotten |
| `in force` | a change of the law a day too early or too late; the pack's own first and last day |

1. Mutants are made of the typed law, not of its text: each can be evaluated and proved about like the law itself.
2. A definition's error shows in every rule that reads it; an error in a line shows in every period that holds the line.
3. A period of days is moved as a boundary, once: a day more is a day later. An age attained in the calendar year has
   no day to move.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from functools import partial

from musterroll.dates import NEVER
from musterroll.fact.attribute import Attribute
from musterroll.law.calendar import YEAR, Shift
from musterroll.law.misplaced import misplaced
from musterroll.law.model import (
    All,
    AtMost,
    Begun,
    Condition,
    Line,
    Not,
    OneOf,
    Ordered,
    Period,
    Reached,
    Rule,
    Some,
    joined_parts,
)
from musterroll.law.mutant import Mutant, Periods
from musterroll.law.pack import Pack
from musterroll.law.passage import Passage, passages
from musterroll.law.written import written


def of(pack: Pack) -> tuple[Mutant, ...]:
    """Every mutant of this pack: those inside conditions in the order of the rules, then those around them."""
    pack = pack.apart
    inside = (mutant for passage in passages(pack) for mutant in _of_passage(pack, passage))
    return (*inside, *misplaced(pack))


def _of_passage(pack: Pack, passage: Passage) -> Iterator[Mutant]:
    before = written(passage.node, pack.attributes)
    line = passage.line.text if passage.line else f"rule {passage.rule.name}"
    there = "" if before == line else f"in `{line}`: "
    for kind, changed, words in errors_in(passage.node, pack.attributes):
        swaps = tuple((number, node, changed) for number, node in passage.held)
        yield Mutant(
            kind,
            passage.question,
            passage.rule.name,
            passage.where,
            passage.cite,
            there + (words or f"`{before}` becomes `{written(changed, pack.attributes)}`"),
            partial(_rewritten, swaps),
            swaps,
        )


def errors_in(node: Condition, attributes: Mapping[str, Attribute]) -> Iterator[tuple[str, Condition, str]]:
    """Each way to get one piece wrong: its kind, the piece with the error, and words for it where they say more."""
    match node:
        case Line():
            return
        case Not(part):
            if joined_parts(part) and not isinstance(part, Line):
                yield "negation", part, ""
            return
        case All(parts) | Some(parts):
            if len(parts) > 1:
                if isinstance(node, All):
                    yield "joined", Some(parts), "one of the conditions is enough"
                else:
                    yield "joined", All(parts), "all of the conditions are asked for"
                for index, part in enumerate(parts):
                    left = (*parts[:index], *parts[index + 1 :])
                    changed = left[0] if len(left) == 1 else dataclasses.replace(node, parts=left)
                    yield "dropped", changed, f"`{written(part, attributes)}` is left out"
            return
        case OneOf(name, codes):
            yield from (("value", OneOf(name, one), "") for one in _codes(codes, len(attributes[name].values)))
        case AtMost(name, limit):
            yield from (("boundary", AtMost(name, limit + by), "") for by in (-1, 1))
        case Ordered(first, days, second):
            yield from (("boundary", Ordered(first, days + by, second), "") for by in (-1, 1))
        case Begun(day):
            yield from (("boundary", Begun(day + by), "") for by in (-1, 1))
        case Reached(name, shift, by):
            yield from (("period", Reached(name, one, by), "") for one in _shifts(shift))
            if by is None or by < NEVER - 1:
                yield from (("boundary", Reached(name, one, by), "") for one in _days(shift))
    yield "negation", Not(node), ""


def _codes(codes: tuple[int, ...], values: int) -> Iterator[tuple[int, ...]]:
    """Without each value; with each that stands beside one of them in the declaration; another instead of the only."""
    if len(codes) > 1:
        yield from (tuple(one for one in codes if one != left) for left in codes)
    beside = {one + by for one in codes for by in (-1, 1)} - {*codes}
    for added in sorted(code for code in beside if 0 <= code < values):
        if len(codes) + 1 < values:
            yield tuple(sorted((*codes, added)))
        if len(codes) == 1:
            yield (added,)


def _shifts(shift: Shift) -> Iterator[Shift]:
    """The period with one unit more or fewer of what it counts, except days."""
    for by in (-1, 1):
        if shift.years:
            yield dataclasses.replace(shift, years=shift.years + by)
        if shift.months:
            yield dataclasses.replace(shift, months=shift.months + by)
        if shift.working:
            yield dataclasses.replace(shift, working=shift.working + by)


def _days(shift: Shift) -> Iterator[Shift]:
    """The period with a day more or fewer at its end; none where it ends with a calendar year."""
    for by in (-1, 1) if shift.roll != YEAR else ():
        if shift.roll:
            yield dataclasses.replace(shift, then=shift.then + by)
        else:
            yield dataclasses.replace(shift, days=shift.days + by)


def _rewritten(swaps: tuple[tuple[int, Condition, Condition], ...], periods: Periods) -> Periods:
    found = list(periods)
    for number, node, instead in swaps:
        found[number] = _exchanged(periods[number], node, instead)
    return tuple(found)


def _exchanged(period: Period, node: Condition, instead: Condition) -> Period:
    """The period with one piece exchanged wherever it is read; rules that do not read it stay the very same."""
    made: dict[int, Condition] = {id(node): instead}

    def renewed(condition: Condition) -> Condition:
        if id(condition) not in made:
            parts = joined_parts(condition)
            others = tuple(renewed(part) for part in parts)
            if all(one is other for one, other in zip(parts, others, strict=True)):
                made[id(condition)] = condition
            elif isinstance(condition, All | Some):
                made[id(condition)] = dataclasses.replace(condition, parts=others)
            else:
                assert isinstance(condition, Not | Line)
                made[id(condition)] = dataclasses.replace(condition, part=others[0])
        return made[id(condition)]

    def rule(one: Rule | None) -> Rule | None:
        if one is None or renewed(one.when) is one.when:
            return one
        return dataclasses.replace(one, when=renewed(one.when), bare=renewed(one.bare))

    rules = {question: tuple(map(rule, of_question)) for question, of_question in period.rules.items()}
    return dataclasses.replace(period, rules=rules)
