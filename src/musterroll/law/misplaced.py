"""Errors in what stands around the conditions: exceptions, the order of classes, the days in force (see `mutants`)."""

import dataclasses
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from musterroll.dates import NEVER, format_day
from musterroll.law.model import All, Not, Period, Rule
from musterroll.law.mutant import Change, Mutant, Periods
from musterroll.law.pack import Pack

_DAYS = {-1: "too early", 1: "too late"}


def misplaced(pack: Pack) -> tuple[Mutant, ...]:
    """The mutants of exceptions, order and days in force."""
    return (*_exceptions(pack), *_orders(pack), *_in_force(pack), *_covered(pack))


def _exceptions(pack: Pack) -> Iterator[Mutant]:
    found: dict[tuple[str, str, str], Rule] = {}
    for period in pack.law.periods:
        for question, rules in period.rules.items():
            for rule in (rule for rule in rules if rule):
                for other in rule.exceptions:
                    found.setdefault((question, rule.name, other), rule)
    for (question, name, other), rule in found.items():
        what = f"rule `{name}` holds even where rule `{other}` does"
        yield _of_rule(rule, "exception", what, partial(_forgotten, question, name, other))


def _of_rule(rule: Rule, kind: str, what: str, change: Change) -> Mutant:
    return Mutant(kind, rule.question, rule.name, rule.where or f"rule {rule.name}", rule.article, what, change)


def _forgotten(question: str, name: str, other: str, periods: Periods) -> Periods:
    return tuple(
        _renewed(
            period,
            question,
            [
                dataclasses.replace(rule, exceptions=tuple(one for one in rule.exceptions if one != other))
                if rule and rule.name == name
                else rule
                for rule in period.rules[question]
            ],
        )
        for period in periods
    )


def _renewed(period: Period, question: str, rules: list[Rule | None]) -> Period:
    """The period with these rules, each `when` made again from its own conditions and its exceptions in force."""
    by_name = {rule.name: rule for rule in rules if rule}
    made: dict[str, Rule] = {}

    def again(name: str) -> Rule:
        if name not in made:
            rule = by_name[name]
            over = tuple(above for above in rule.exceptions if above in by_name)
            when = All((rule.bare, *(Not(again(above).when) for above in over))) if over else rule.bare
            made[name] = dataclasses.replace(rule, when=when, exceptions=over)
        return made[name]

    found = tuple(again(rule.name) if rule else None for rule in rules)
    return dataclasses.replace(period, rules={**period.rules, question: found})


def _orders(pack: Pack) -> Iterator[Mutant]:
    found: dict[tuple[str, int, int], None] = {}
    for period in pack.law.periods:
        for question, tried in period.tried.items():
            names = [one.name for one in pack.questions[question].classes]
            for first, second in pairwise(tried):
                if period.settled(question, names[first], names[second]):
                    found.setdefault((question, first, second))
    for question, first, second in found:
        asked = pack.questions[question]
        what = f"class `{asked.classes[second].name}` is tried before `{asked.classes[first].name}`"
        change = partial(_swapped, question, first, second)
        yield Mutant("order", question, "", f"question {question}", asked.order_basis, what, change)


def _swapped(question: str, first: int, second: int, periods: Periods) -> Periods:
    found = []
    for period in periods:
        tried = list(period.tried[question])
        at = tried.index(first)
        if tried[at + 1 : at + 2] == [second]:
            tried[at : at + 2] = [second, first]
        found.append(dataclasses.replace(period, tried={**period.tried, question: tuple(tried)}))
    return tuple(found)


def _in_force(pack: Pack) -> Iterator[Mutant]:
    """What changes between two periods, one thing at a time, a day too early and a day too late."""
    for number, (before, after) in enumerate(pairwise(pack.law.periods)):
        day = format_day(after.first)
        for question, asked in pack.questions.items():
            both = {rule.name for rule in before.rules[question] if rule}
            both &= {rule.name for rule in after.rules[question] if rule}
            for bit, (old, new) in enumerate(zip(before.rules[question], after.rules[question], strict=True)):
                rule = new or old
                if rule and _own(old, both) != _own(new, both):
                    for by, when in _DAYS.items():
                        what = f"what rule `{rule.name}` says from {day} on holds a day {when}"
                        yield _of_rule(rule, "in force", what, partial(_moved, number, by, question, bit))
            if before.tried[question] != after.tried[question]:
                for by, when in _DAYS.items():
                    what = f"the order of the classes from {day} on holds a day {when}"
                    change = partial(_moved, number, by, question, None)
                    yield Mutant("in force", question, "", f"question {question}", asked.order_basis, what, change)


def _own(rule: Rule | None, both: set[str]) -> object:
    """What a rule says by itself, apart from exceptions that come or go with another rule."""
    return rule and (rule.bare, tuple(one for one in rule.exceptions if one in both))


def _moved(number: int, by: int, question: str, bit: int | None, periods: Periods) -> Periods:
    """The periods with a day between two of them on which one thing is already, or still, as in the other."""
    before, after = periods[number : number + 2]
    if by < 0:
        day = dataclasses.replace(_as_in(before, after, question, bit), first=before.end - 1)
        rest = (dataclasses.replace(before, end=before.end - 1),) if before.end - 1 > before.first else ()
        return (*periods[:number], *rest, day, *periods[number + 1 :])
    day = dataclasses.replace(_as_in(after, before, question, bit), end=after.first + 1)
    rest = (dataclasses.replace(after, first=after.first + 1),) if after.first + 1 < after.end else ()
    return (*periods[: number + 1], day, *rest, *periods[number + 2 :])


def _as_in(one: Period, other: Period, question: str, bit: int | None) -> Period:
    """The first period with one rule, by its bit, as the other has it; None for the order of the classes."""
    if bit is None:
        return dataclasses.replace(one, tried={**one.tried, question: other.tried[question]})
    rules = list(one.rules[question])
    rules[bit] = taken = other.rules[question][bit]
    if taken:
        for at, (mine, theirs) in enumerate(zip(rules, other.rules[question], strict=True)):
            if mine and theirs and taken.name in theirs.exceptions and taken.name not in mine.exceptions:
                rules[at] = dataclasses.replace(mine, exceptions=(*mine.exceptions, taken.name))
    return _renewed(one, question, rules)


def _covered(pack: Pack) -> Iterator[Mutant]:
    """The pack's own first day, and its last where it has one."""
    question = next(iter(pack.questions))
    for by, when in _DAYS.items():
        what = f"the pack begins a day {when}"
        yield Mutant("in force", question, "", f"pack {pack.name}", "", what, partial(_begun, by))
        if pack.law.periods[-1].end != NEVER:
            what = f"the pack ends a day {when}"
            yield Mutant("in force", question, "", f"pack {pack.name}", "", what, partial(_ended, by))


def _begun(by: int, periods: Periods) -> Periods:
    return (dataclasses.replace(periods[0], first=periods[0].first + by), *periods[1:])


def _ended(by: int, periods: Periods) -> Periods:
    return (*periods[:-1], dataclasses.replace(periods[-1], end=periods[-1].end + by))
