"""What a pack's cases show of its rules: each line true, false and unknown (law-engine 6.8).

A line that no case shows unknown is a line of which nobody has asked what happens when the fact is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.errors import MusterRollError
from musterroll.law import cases
from musterroll.law.evaluate import View
from musterroll.law.model import lines_of
from musterroll.law.pack import Pack
from musterroll.law.truth import Truth


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as written, the first rule that uses it, and the truths that some case shows of it."""

    rule: str
    cite: str
    text: str
    truths: frozenset[Truth]

    @property
    def missing(self) -> tuple[str, ...]:
        """The truths that no case shows, in words."""
        return tuple(one.name.lower() for one in reversed(Truth) if one not in self.truths)


def shown(pack: Pack) -> tuple[Shown, ...]:
    """Every line of every rule with what the cases show of it, in the order of the rules."""
    found: dict[tuple[str, str], set[Truth]] = {}
    first: dict[tuple[str, str], str] = {}
    for period in pack.law.periods:
        for rules in period.rules.values():
            for rule in (rule for rule in rules if rule):
                for line in lines_of(rule.bare):
                    found.setdefault((line.cite, line.text), set())
                    first.setdefault((line.cite, line.text), rule.name)
    for one in cases.lines(pack):
        try:
            rules = pack.at(one.on).rules[one.question]
        except MusterRollError:
            continue
        view = View(pack, one.held, one.on)
        for rule in (rule for rule in rules if rule):
            for line in lines_of(rule.bare):
                found[line.cite, line.text].add(view.truth(line))
    return tuple(Shown(first[key], *key, frozenset(truths)) for key, truths in found.items())


def summary(lines: tuple[Shown, ...]) -> Mapping[str, int]:
    """How many lines there are and how many are shown true, false and unknown by some case."""
    return {
        "lines": len(lines),
        **{one.name.lower(): sum(one in line.truths for line in lines) for one in reversed(Truth)},
    }
