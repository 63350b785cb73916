"""Who is drawn and how time runs, as a pack declares it (data-model 9). Plain values; the draw and the acts use them.

1. Every line carries its paragraph: `- (2): {cohort: service is liable}`.
2. A cohort is read from standings and from birth, legal sex, residence area, own declaration and own earlier order
   only; strata likewise (charter S3). Quotas are proportional, by largest remainder.
3. A line of a procedure may hold for some people only: `{letter: ask_birth_day, if: not known(born)}`. This is the one
   place where a condition may ask whether something is known.
4. What the law leaves open is written `law silent: CHOICE` in place of a paragraph and is shown wherever it decides.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.fact.attribute import Attribute, Kind, digits
from musterroll.law.article import Block
from musterroll.law.declare import Citations
from musterroll.law.model import Parameter, Question

DRAWN_BY = frozenset(
    {Kind.BIRTH, Kind.LEGAL_SEX, Kind.RESIDENCE_AREA, Kind.OWN_DECLARATION, Kind.OWN_ORDER},
)
"""The kinds that cohort, strata and order may read beside the standing (charter S3)."""

_SILENT = "law silent"
_IF = "if"
_COHORT = re.compile(r"(?P<question>\w+) is (?P<classes>[\w.-]+(?: or [\w.-]+)*)")


@dataclass(frozen=True, slots=True)
class Term:
    """One line: the paragraph it rests on (or `law silent`), what it settles, how, and for whom (all, where `only_if`
    is empty)."""

    cite: str
    name: str
    value: str
    only_if: str = ""

    @property
    def silent(self) -> bool:
        """Whether the law leaves this open and the pack chose."""
        return self.cite == _SILENT


@dataclass(frozen=True, slots=True)
class Selection:
    """How people are drawn. `total` is the name of the parameter with the number of people to call."""

    name: str
    question: str
    classes: tuple[str, ...]
    strata: str
    total: str
    least: int
    merge_under: int
    order: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """Time limits, stays and channels of one kind of matter, as lines by name."""

    name: str
    terms: tuple[Term, ...]

    def term(self, name: str) -> Term:
        """The line called `name`. Raises KeyError."""
        for term in self.terms:
            if term.name == name:
                return term
        raise KeyError(name)


def terms(block: Block, citations: Citations) -> tuple[Term, ...]:
    """The lines of a block `- (P): {name: value}`. Raises `law.uncited` for a line without its paragraph."""
    found: list[Term] = []
    for index, item in enumerate(block.content if isinstance(block.content, list) else []):
        pair = next(iter(item.items())) if isinstance(item, dict) and len(item) == 1 else ("", "")
        key, line = pair
        said = {name: value for name, value in line.items() if name != _IF} if isinstance(line, dict) else {}
        if not isinstance(line, dict) or len(said) != 1:
            raise block.wrong("law.uncited", "a line cites nothing.", "Write `- (P): {name: value}`.", index)
        ((name, value),) = said.items()
        only_if = line.get(_IF, "")
        twice = any(name == term.name and not (only_if and term.only_if) for term in found)
        if not isinstance(value, str) or not isinstance(only_if, str) or twice:
            raise block.wrong("law.block", f"`{name}` stands twice or holds no text.", "Keep one line.", index)
        cite = _SILENT if key == _SILENT else " ".join(citations.resolve(key, block, index)).strip()
        found.append(Term(cite, name, value, only_if))
    if not found:
        raise block.wrong("law.block", "it has no lines.", "Write `- (P): {name: value}`.")
    return tuple(found)


def selection(
    block: Block,
    citations: Citations,
    questions: Mapping[str, Question],
    attributes: Mapping[str, Attribute],
    parameters: Mapping[str, Parameter],
) -> Selection:
    """A selection, with everything it names checked. Raises `law.selection`."""
    made = terms(block, citations)
    values = {term.name: term.value for term in made}
    known = {"cohort", "strata", "total", "share", "rounding", "least", "merge under", "order"}
    if any(term.only_if for term in made):
        raise block.wrong("law.selection", "a selection holds for everybody (charter S3).", "Take out `if`.")
    if set(values) != known:
        wrong = ", ".join(sorted(set(values) ^ known))
        raise block.wrong("law.selection", f"missing or unknown: {wrong}.", f"Known: {', '.join(sorted(known))}.")
    found = _COHORT.fullmatch(values["cohort"])
    question = questions.get(found["question"]) if found else None
    classes = tuple(found["classes"].split(" or ")) if found else ()
    names = {one.name: one for one in question.classes} if question else {}
    if question is None or not all(name in names and names[name].callable for name in classes):
        raise block.wrong(
            "law.selection", "the cohort is not made of callable classes.", "Write `cohort: QUESTION is CLASS`."
        )
    strata = values["strata"].removeprefix("year of ")
    if strata not in attributes or attributes[strata].kind not in DRAWN_BY:
        raise block.wrong(
            "law.selection",
            f"strata may not be made by `{strata}` (charter S3).",
            "Strata read birth, legal sex, residence area, own declaration or own earlier order.",
        )
    total = values["total"].removeprefix("parameter ")
    if total not in parameters:
        raise block.wrong("law.selection", f"there is no parameter `{total}`.", "Write `total: parameter NAME`.")
    fixed = {"share": "stratum size", "rounding": "largest remainder", "order": "place"}
    for name, value in fixed.items():
        if values[name] != value:
            raise block.wrong("law.selection", f"`{name}` is always `{value}` (charter S3).", f"Write `{value}`.")
    for name in ("least", "merge under"):
        if not digits(values[name]):
            raise block.wrong("law.selection", f"`{name}` is not a whole number.", "Write digits.")
    return Selection(
        block.name,
        question.name,
        classes,
        values["strata"],
        total,
        int(values["least"]),
        int(values["merge under"]),
        values["order"],
        made,
    )


def procedure(block: Block, citations: Citations) -> Procedure:
    """The lines of one procedure."""
    return Procedure(block.name, terms(block, citations))
