"""What a pack must not do, checked before it is published (charter S1, S2): what can be seen without a solver.

| finding | forbids | says |
|---|---|---|
| `liable-by-unknown` | yes | somebody of whom nothing is known is found bound to something |
| `unused-attribute` | yes | an attribute is held that no rule, scope, selection, order of call or proceeding reads |
| `words` | yes | a language lacks a sentence |
| `no-words` | yes | there is no sentence in any language |
| `days-for-years` | no | the paragraph says year and the condition counts days |

What does not load at all (nothing cited, no closed kind, unknown names, circles, overlaps) is refused by `law.pack`;
what holds of everybody on every day is proved by `law.prove`, which refuses what either finds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from musterroll.dates import format_day
from musterroll.errors import MusterRollError
from musterroll.law import calling
from musterroll.law.evaluate import decide
from musterroll.law.model import Begun, Condition, Line, attributes_of, joined_parts, lines_of
from musterroll.law.pack import Pack
from musterroll.law.wording import keys


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a pack. `forbids`: it may not be published so.

    A finding of the proofs (`law.prove`) also has the question, the rules (and the fact) that it is about, and where
    there is one a person: the facts known, as a case writes them, and the day.
    """

    code: str
    what: str
    where: str
    remedy: str
    forbids: bool
    question: str = ""
    rules: tuple[str, ...] = ()
    person: Mapping[str, str] = field(default_factory=dict, hash=False)
    on: int | None = None
    fact: str = ""


def check(pack: Pack) -> tuple[Finding, ...]:
    """Everything found, worst first."""
    found = [*_liable_by_unknown(pack), *_unused(pack), *_words(pack), *_days_for_years(pack)]
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


def _unused(pack: Pack) -> Iterator[Finding]:
    read: set[str] = set()
    for period in pack.law.periods:
        if period.scope:
            read |= attributes_of(period.scope)
        for rules in period.rules.values():
            read.update(name for rule in rules if rule for name in attributes_of(rule.when))
        for guard in period.guards.values():
            read |= attributes_of(guard)
    for one in pack.proceedings.values():
        notices = (move.notice for move in one.moves if move.notice)
        for span in (*one.limits.values(), *one.waits.values(), *notices):
            read.update(point.name for point in span.points)
    read.update(category.earliest for category in calling.categories(pack) if category.earliest)
    if pack.selection:
        read.update(attribute for _, attribute in pack.selection.strata)
        read.add(pack.selection.birth)
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
