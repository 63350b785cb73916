"""The same law with the conditions of each line its own, so that one can be exchanged without the others.

A reader shares what reads the same: two lines of the same words hold one condition. Whoever changes a law in one place,
or asks what one line shows, needs them apart. What a definition holds stays one, whoever names it.
"""

import dataclasses

from musterroll.law.model import All, Condition, Line, Not, Period, Rule, Some, joined_parts


def periods_apart(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """The periods, each line with conditions of its own; they answer as before."""
    return tuple(_apart(period) for period in periods)


def _apart(period: Period) -> Period:
    made: dict[int, Condition] = {}

    def once(condition: Condition) -> Condition:
        """What rules and definitions hold: one piece stays one piece."""
        if id(condition) not in made:
            part_of = own if isinstance(condition, Line) and not _holds_lines(condition.part) else once
            made[id(condition)] = _with_parts(condition, tuple(map(part_of, joined_parts(condition))))
        return made[id(condition)]

    def own(condition: Condition) -> Condition:
        """What stands inside one line: a new piece for each line."""
        parts = tuple(once(part) if _holds_lines(part) else own(part) for part in joined_parts(condition))
        return _with_parts(condition, parts)

    def rule(one: Rule | None) -> Rule | None:
        return one and dataclasses.replace(one, when=once(one.when), bare=once(one.bare))

    rules = {question: tuple(map(rule, all_rules)) for question, all_rules in period.rules.items()}
    return dataclasses.replace(period, rules=rules)


def _holds_lines(condition: Condition) -> bool:
    return isinstance(condition, Line) or any(isinstance(part, Line) for part in joined_parts(condition))


def _with_parts(condition: Condition, parts: tuple[Condition, ...]) -> Condition:
    match condition:
        case Not() | Line():
            return dataclasses.replace(condition, part=parts[0])
        case All() | Some():
            return dataclasses.replace(condition, parts=parts)
        case _:
            return dataclasses.replace(condition)
