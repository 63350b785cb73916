"""What a pack must not do, checked before it is published (charter S1, S2).

| finding | forbids | says |
|---|---|---|
| `liable-by-unknown` | yes | somebody of whom nothing is known is found bound to something |
| `burden` | yes | a protected fact's value gives a worse class than its neutral one, and no BURDEN entry says so |
| `not-proved` | yes | the check above could not look at everybody |
| `unused-attribute` | yes | an attribute is held that no rule, scope or selection reads |
| `words` | yes | a language lacks a sentence |
| `no-words` | yes | there is no sentence in any language |
| `dead-rule` | no | nobody on the days looked at is reached by a rule |
| `unused-burden` | no | a BURDEN entry without a burden |
| `days-for-years` | no | the paragraph says year and the condition counts days |

What does not load at all (nothing cited, no closed kind, unknown names, circles, overlaps) is refused by `law.pack`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from musterroll.dates import format_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import PROTECTED_KINDS
from musterroll.law.cells import cell_of
from musterroll.law.census import Census, TooMany, days_to_look_at
from musterroll.law.declare import text_of, value_of
from musterroll.law.evaluate import decide
from musterroll.law.model import Begun, Condition, Line, Question, attributes_of, joined_parts, lines_of
from musterroll.law.pack import Pack
from musterroll.law.wording import keys


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a pack. `forbids`: it may not be published so."""

    code: str
    what: str
    where: str
    remedy: str
    forbids: bool


_NO_BURDEN = (0, False, 0)


def check(pack: Pack) -> tuple[Finding, ...]:
    """Everything found, worst first."""
    found = [*_liable_by_unknown(pack), *_enumerated(pack), *_unused(pack), *_words(pack), *_days_for_years(pack)]
    return tuple(sorted(found, key=lambda one: not one.forbids))


def refuse(pack: Pack) -> None:
    """Raises MusterRollError `law.lint` with the first finding that forbids publication; does nothing otherwise."""
    for finding in check(pack):
        if finding.forbids:
            raise MusterRollError(f"law.{finding.code}", finding.what, where=finding.where, remedy=finding.remedy)


def _liable_by_unknown(pack: Pack) -> Iterator[Finding]:
    """With every fact unknown a standing can turn only on a period's first day or where the text names a day."""
    for period in pack.law.periods:
        for question in pack.questions.values():
            rules = [rule for rule in period.rules[question.name] if rule]
            named = {day for rule in rules for day in _days_named(rule.when) if period.first < day < period.end}
            for day in sorted({period.first, *named}):
                standing = decide(pack, question.name, {}, day)
                if standing.cls and question.classes[question.index(standing.cls)].adverse:
                    rule = next(rule for rule in rules if rule.gives == standing.cls)
                    yield Finding(
                        "liable-by-unknown",
                        f"Of whom nothing is known, {question.name} answers `{standing.cls}` on {format_day(day)}.",
                        f"rule {rule.name}, {rule.article}",
                        "Let the rule rest on facts that must be known (charter S1).",
                        forbids=True,
                    )


def _days_named(condition: Condition) -> set[int]:
    if isinstance(condition, Begun):
        return {condition.day}
    return {day for part in joined_parts(condition) for day in _days_named(part)}


def _enumerated(pack: Pack) -> Iterator[Finding]:
    """Burdens and dead rules, by looking at every kind of person on the fixed days."""
    burdened: dict[str, Finding] = {}
    for question in pack.questions.values():
        alive: set[str] = set()
        looked = True
        for day in days_to_look_at(pack):
            try:
                census = Census(pack, question.name, day)
            except TooMany as problem:
                looked = False
                yield Finding(
                    "not-proved",
                    f"Whether a protected fact weighs against anybody could not be checked: {problem}.",
                    f"question {question.name}",
                    "Split the question, or compare facts with `on`.",
                    forbids=True,
                )
                break
            alive.update(
                rule.name for rule, table in zip(census.rules, census.of_rule, strict=True) if rule and table.true
            )
            for name, finding in _burdens(pack, question, census):
                burdened.setdefault(name, finding)
        for name in question.rules:
            if looked and name not in alive:
                yield Finding(
                    "dead-rule",
                    f"Nobody is reached by rule `{name}` on any day looked at.",
                    f"rule {name}",
                    "Correct its conditions or take it out.",
                    forbids=False,
                )
    yield from (finding for name, finding in burdened.items() if name not in pack.burdens)
    for name in pack.burdens.keys() - burdened.keys():
        yield Finding(
            "unused-burden",
            f"The BURDEN entry for `{name}` names no burden that exists.",
            pack.burdens[name],
            "Take it out.",
            forbids=False,
        )


def _burdens(pack: Pack, question: Question, census: Census) -> Iterator[tuple[str, Finding]]:
    decided = census.decided()
    levels = sorted({_burden(question, one.name) for one in question.classes} - {_NO_BURDEN})
    for name, values in census.values.items():
        attribute = pack.attributes[name]
        if attribute.kind not in PROTECTED_KINDS:
            continue
        stride, first = census.stride[name], census.where(name, {0})
        neutral = cell_of(values, value_of(attribute, attribute.neutral, name))
        for level in levels:
            worse = 0
            for one in question.classes:
                worse |= decided[one.name] if _burden(question, one.name) >= level else 0
            for cell in range(len(values)):
                found = (worse >> (cell * stride)) & ~(worse >> (neutral * stride)) & first
                if found:
                    combination = (found & -found).bit_length() - 1 + cell * stride
                    yield name, _burden_finding(pack, question, census, name, combination)


def _burden(question: Question, name: str) -> tuple[int, bool, int]:
    """How heavy a class is: its effect, whether it may be called, and among duties the later class."""
    index = question.index(name)
    one = question.classes[index]
    return one.effect.burden, one.callable, index if one.adverse else 0


def _burden_finding(pack: Pack, question: Question, census: Census, name: str, combination: int) -> Finding:
    attribute = pack.attributes[name]
    person = census.person(combination)
    neutral = value_of(attribute, attribute.neutral, name)
    held = person[name].lo or 0
    worse = decide(pack, question.name, person, census.on).cls
    others = {key: text_of(pack.attributes[key], fact.lo or 0) for key, fact in person.items() if key != name}
    return Finding(
        "burden",
        f"`{name}` is a {attribute.kind.value} fact; `{text_of(attribute, held)}` gives `{worse}` on "
        f"{format_day(census.on)} where `{text_of(attribute, neutral)}` gives something lighter. For example: "
        f"{', '.join(f'{key} {text}' for key, text in others.items())}.",
        attribute.basis,
        "Correct the rule; or, where the law itself says so, publish a BURDEN entry with its article (charter S2).",
        forbids=True,
    )


def _unused(pack: Pack) -> Iterator[Finding]:
    read: set[str] = set()
    for period in pack.law.periods:
        if period.scope:
            read |= attributes_of(period.scope)
        for rules in period.rules.values():
            read.update(name for rule in rules if rule for name in attributes_of(rule.when))
    if pack.selection:
        read.add(pack.selection.strata.removeprefix("year of "))
    for name, attribute in pack.attributes.items():
        if name not in read:
            yield Finding(
                "unused-attribute",
                f"`{name}` would be held although no rule reads it.",
                attribute.basis,
                "Take the attribute out (charter S2: no attribute without an article that needs it).",
                forbids=True,
            )


def _words(pack: Pack) -> Iterator[Finding]:
    if not pack.words:
        yield Finding("no-words", "There are no words for the person.", pack.name, "Write ```words en.", forbids=True)
    for language, sentences in pack.words.items():
        missing = [key for key in keys(pack) if not sentences.get(key)]
        if missing:
            yield Finding(
                "words",
                f"In `{language}` {len(missing)} sentences are missing: {', '.join(missing[:5])} ...",
                f"words {language}",
                "Write them.",
                forbids=True,
            )


def _days_for_years(pack: Pack) -> Iterator[Finding]:
    found: dict[str, Line] = {}
    for period in pack.law.periods:
        for rules in period.rules.values():
            for line in (line for rule in rules if rule for line in lines_of(rule.when)):
                quote = " ".join(pack.articles[line.article].text if line.article in pack.articles else ())
                if "days(" in line.text and "year" in quote and "day" not in quote:
                    found.setdefault(line.cite, line)
    for line in found.values():
        yield Finding(
            "days-for-years",
            f"`{line.text}` counts days where the text speaks of years.",
            line.cite,
            "Write years(n), or say in the text beside it why days are meant.",
            forbids=False,
        )
