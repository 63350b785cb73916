"""How a finding names rules and people: file and line, article and paragraphs; facts as a case writes them."""

from collections.abc import Iterable, Mapping

from musterroll.dates import NEVER, format_day
from musterroll.fact.attribute import Attribute, Held, Kind, ValueType
from musterroll.law.lint import Finding
from musterroll.law.model import Condition, Line, Rule, joined_parts
from musterroll.law.pack import Pack
from musterroll.law.prove.proposal import value
from musterroll.law.prove.smallest import plain


def place(rule: Rule) -> str:
    """`liability.md:31, rule liable, art. 4 (1) (2) (3)`."""
    return f"{rule.where}, rule {rule.name}, {cite(rule)}"


def cite(rule: Rule) -> str:
    """Article and paragraphs of a rule, each once."""
    found: dict[str, list[str]] = {}
    for line in written(rule.bare):
        marks = found.setdefault(line.article, [])
        if line.paragraph and line.paragraph not in marks:
            marks.append(line.paragraph)
    return "; ".join(" ".join([article, *marks]) for article, marks in found.items()) or rule.article


def written(condition: Condition) -> tuple[Line, ...]:
    """The lines of a rule itself, without those of the definitions that they use."""
    if isinstance(condition, Line):
        return (condition,)
    return tuple(line for part in joined_parts(condition) for line in written(part))


def named(rules: Iterable[Rule]) -> str:
    """Rules for a sentence: `liable` (art. 4 (1)) and `student` (art. 9 (1))."""
    said = [f"`{rule.name}` ({cite(rule)})" for rule in rules]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def facts(pack: Pack, held: Mapping[str, Held]) -> dict[str, str]:
    """All that is known of a person, as a case writes it."""
    return {name: value(attribute, held[name]) for name, attribute in pack.attributes.items() if name in held}


def who(pack: Pack, held: Mapping[str, Held], on: int) -> str:
    """A person and a day for a sentence: what says something about the person, and that the rest does not."""
    attributes = pack.attributes
    said = [f"{name} {text}" for name, text in facts(pack, held).items() if not plain(attributes[name], held[name])]
    rest = "all other facts neutral" if any(plain(attributes[name], fact) for name, fact in held.items()) else ""
    told = f"{', '.join([*said, rest] if rest else said) or 'somebody of whom nothing is known'}, on {format_day(on)}"
    unborn = next((name for name, fact in held.items() if _to_come(attributes[name], fact, on)), "")
    return told + _UNBORN.format(unborn) if unborn else told


# Whoever writes `age(born) < 18` for the young has left these out, and does not see it from a day of birth alone.
_UNBORN = ", before being born: `not (age({0}) >= N)` and `not (turning({0}) >= N)` hold then, `age({0}) < N` does not"


def _to_come(attribute: Attribute, fact: Held, on: int) -> bool:
    """Whether it is a birth after that day."""
    birth = attribute.kind is Kind.BIRTH and attribute.type is ValueType.DATE
    return birth and fact.lo is not None and on < fact.lo < NEVER


def finding(
    code: str,
    what: str,
    remedy: str,
    rules: tuple[Rule, ...],
    *,
    question: str,
    forbids: bool,
    about: str = "",
    where: str = "",
    pack: Pack | None = None,
    person: tuple[Mapping[str, Held], int] | None = None,
) -> Finding:
    """A finding about rules, and a fact where it names one, with the person who shows it."""
    return Finding(
        code,
        what,
        where or "; ".join(place(rule) for rule in rules),
        remedy,
        forbids,
        question,
        tuple(rule.name for rule in rules),
        facts(pack, person[0]) if pack and person else {},
        person[1] if person else None,
        about,
    )
