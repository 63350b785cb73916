"""A witness written as a case that an author can put into the pack, beside the article it is about.

1. The facts are those of a `person` block and what differs from it; everything, where no such block is near.
2. What is expected is the present law's answer, with the citation it is about where that is a reason for the answer.
   A proposal is a question to a lawyer, not an answer: the name says which error it notices, and is to be replaced by
   one that says what the case shows.
3. Witnesses that differ in nothing but the day are lines of one case.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from musterroll.dates import format_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import UNKNOWN, Attribute, Held
from musterroll.law import cases
from musterroll.law.declare import text_of
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.prove.witness import Witness, same

_MOST_NEEDS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case ready to be read, changed and put in: where it belongs, its text, and what it shows, a line each."""

    where: str
    cite: str
    text: str
    shows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shows:
    """A witness, the place in the law it is about, what it shows there first, and all that it shows."""

    witness: Witness
    where: str
    cite: str
    what: str
    everything: tuple[str, ...]


def proposals(pack: Pack, shown: Iterable[Shows]) -> tuple[Proposal, ...]:
    """The witnesses as cases, in the order given; those about the same person are one case."""
    together: dict[tuple[str, str], list[Shows]] = {}
    for one in shown:
        together.setdefault((one.witness.question, given(pack, one.witness)), []).append(one)
    return tuple(_proposal(pack, question, facts, many) for (question, facts), many in together.items())


def _proposal(pack: Pack, question: str, facts: str, many: list[Shows]) -> Proposal:
    first = many[0]
    lines = {one.witness.on: _expected(pack, one) for one in sorted(many, key=lambda one: one.witness.on)}
    asks = f"question: {question}\n" if question != next(iter(pack.questions)) else ""
    answers = "\n".join(f"on {format_day(on)}: {answer}" for on, answer in lines.items())
    name = f"{first.cite}: {first.what}".removeprefix(": ").replace("`", "")
    text = f"```case {name}\n{asks}{facts}\n{answers}\n```\n"
    return Proposal(first.where, first.cite, text, tuple(what for one in many for what in one.everything))


def given(pack: Pack, witness: Witness) -> str:
    """The line `given` of a case about this person."""
    base = cases.people(pack).get(witness.like, {})
    parts = [f"like: {witness.like}"] if witness.like else []
    for name, attribute in pack.attributes.items():
        fact, before = witness.held.get(name, UNKNOWN), base.get(name, UNKNOWN)
        if not same(fact, before):
            parts.append(f"{name}: {value(attribute, fact)}")
    text = f"given: {{{', '.join(parts)}}}"
    return "\n".join(textwrap.wrap(text, 118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


def value(attribute: Attribute, fact: Held) -> str:
    """What is held, as a case writes it."""
    if fact.lo is None or fact.hi is None:
        return "unknown"
    if fact.exact is not None:
        return text_of(attribute, fact.exact)
    if fact.among is not None:
        return " | ".join(text_of(attribute, code) for code in range(len(attribute.values)) if fact.among >> code & 1)
    return f"{text_of(attribute, fact.lo)} .. {text_of(attribute, fact.hi)}"


def _expected(pack: Pack, shown: Shows) -> str:
    witness = shown.witness
    try:
        standing = decide(pack, witness.question, witness.held, witness.on)
    except MusterRollError:
        return "not covered"
    if standing.cls is None:
        more = ", and more" if len(standing.needs) > _MOST_NEEDS else ""
        return f"undetermined, needs {', '.join(standing.needs[:_MOST_NEEDS])}{more}"
    reasons = cases.cited(pack, standing, witness.on)
    return f"{standing.cls}, because {shown.cite}" if shown.cite in reasons else standing.cls
