"""What a law says, piece by piece, each once: whichever rules read it, in whichever periods (law-engine 6.8).

1. A piece is a line, a comparison, or what joins them. What a definition holds belongs to the first rule that reads
   it; the same words in two rules, written apart, are two pieces.
2. A piece that reads the same in several periods is one; where a number or its text changes it is another.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from musterroll.law.model import Condition, Line, Rule, joined_parts
from musterroll.law.pack import Pack


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece: the question and rule that first read it, the line it stands in, and itself.

    `line` is the piece itself for a line, None for what joins a rule's lines. `held` has the piece as each period (by
    number) holds it.
    """

    question: str
    rule: Rule
    line: Line | None
    node: Condition
    held: tuple[tuple[int, Condition], ...]

    @property
    def where(self) -> str:
        """File and line, or the rule's name where the pack was not read from pages."""
        return (self.line.where if self.line else "") or self.rule.where or f"rule {self.rule.name}"

    @property
    def cite(self) -> str:
        """Article and paragraph."""
        return self.line.cite if self.line else self.rule.article


def passages(pack: Pack) -> tuple[Passage, ...]:
    """Every piece of every rule of a pack that is `apart`, in the order of questions and rules, outer before inner."""
    found: dict[tuple[str, str, int, Condition], Passage] = {}
    for number, period in enumerate(pack.law.periods):
        seen: set[int] = set()
        for question in pack.questions:
            for rule in (rule for rule in period.rules[question] if rule):
                for at, (node, line) in enumerate(_pieces(rule.bare, None)):
                    if id(node) in seen:
                        continue
                    seen.add(id(node))
                    key = (question, rule.name, at, node)
                    before = found[key].held if key in found else ()
                    first = found.get(key, Passage(question, rule, line, node, ()))
                    found[key] = Passage(question, first.rule, first.line, first.node, (*before, (number, node)))
    return tuple(found.values())


def _pieces(condition: Condition, line: Line | None) -> Iterator[tuple[Condition, Line | None]]:
    line = condition if isinstance(condition, Line) else line
    yield condition, line
    for part in joined_parts(condition):
        yield from _pieces(part, line)
